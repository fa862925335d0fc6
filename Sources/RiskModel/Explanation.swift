import CContract
import CRiskCheck

/// A verdict in one line of plain ASCII, from the verdict alone: it knows no names that a host has given, and
/// asks nothing. Whatever a verdict holds becomes some text.
public struct Explanation {
  private let text: UnsafeMutableRawPointer
  private let capacity: Int
  private var length = 0

  /// Writes into `capacity` >= 1 bytes, the last of them zero.
  public static func write(
    _ verdict: rck_verdict, to text: UnsafeMutablePointer<CChar>, capacity: UInt32
  ) {
    var explanation = Explanation(text, Int(capacity))
    explanation.explain(verdict)
    text[explanation.length] = 0
  }

  private init(_ text: UnsafeMutableRawPointer, _ capacity: Int) {
    self.text = text
    self.capacity = capacity
  }

  private mutating func explain(_ verdict: rck_verdict) {
    if verdict.status < 0 {
      put("not decided: ")
      putStatus(verdict.status)
    } else if verdict.status > RCK_REPEAT {
      put("refused: ")
      putStatus(verdict.status)
      if verdict.control != 0 { putCause(verdict) }
    } else if Int32(verdict.flags) & RCK_VERDICT_WOULD_REFUSE != 0 {
      put("recorded, and a check would have refused it")
      if verdict.control != 0 { putCause(verdict) }
    } else {
      put(verdict.status == RCK_REPEAT ? "known already: nothing changed" : "passed")
      if verdict.severity != 0 {
        put(" with ")
        putSeverity(verdict.severity)
      }
      if verdict.control != 0 { putCause(verdict) }
    }
    putOthers(verdict)
    putFlags(verdict.flags)
  }

  /// " by price collar at account 1 (limit 7): 120 against 100, 12000 bps; action block"
  private mutating func putCause(_ verdict: rck_verdict) {
    put(" by ")
    putControl(UInt32(verdict.control))
    putScope(verdict)
    if verdict.limit_id != 0 {
      put(" (limit ")
      put(UInt64(verdict.limit_id))
      put("): ")
      put(verdict.observed)
      put(" against ")
      put(verdict.limit)
      put(", ")
      put(Int64(verdict.utilisation_bps))
      put(" bps")
    } else if verdict.observed != 0 && verdict.control != UInt16(RCK_CONTROL_STATE) {
      put(": ")
      put(verdict.observed)
    }
    if verdict.action != 0 {
      put("; action ")
      putAction(verdict.action)
    }
  }

  private mutating func putScope(_ verdict: rck_verdict) {
    let kind = Int32(verdict.scope_kind)
    let (first, second) = (verdict.scope_id &>> 32, verdict.scope_id & 0xffff_ffff)
    switch kind {
    case RCK_SCOPE_NONE: return
    case RCK_SCOPE_GLOBAL: put(" at global")
    case RCK_SCOPE_ACCOUNT: putScope(" at account ", verdict.scope_id)
    case RCK_SCOPE_ACCOUNT_GROUP: putScope(" at account group ", verdict.scope_id)
    case RCK_SCOPE_STRATEGY: putScope(" at strategy ", verdict.scope_id)
    case RCK_SCOPE_STRATEGY_GROUP: putScope(" at strategy group ", verdict.scope_id)
    case RCK_SCOPE_INSTRUMENT: putScope(" at instrument ", verdict.scope_id)
    case RCK_SCOPE_INSTRUMENT_GROUP: putScope(" at instrument group ", verdict.scope_id)
    case RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_STRATEGY_INSTRUMENT:
      putScope(kind == RCK_SCOPE_ACCOUNT_INSTRUMENT ? " at account " : " at strategy ", first)
      putScope(" on instrument ", second)
    case RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP:
      putScope(" at account ", first)
      putScope(" in instrument group ", second)
    case RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT:
      putScope(" at account group ", first)
      putScope(" on instrument ", second)
    default:
      putScope(" at scope ", UInt64(verdict.scope_kind))
      putScope(" ", verdict.scope_id)
    }
  }

  private mutating func putScope(_ label: Label, _ id: UInt64) {
    put(label)
    put(id)
  }

  /// The other controls that refused.
  private mutating func putOthers(_ verdict: rck_verdict) {
    var number: UInt32 = 1
    var any = false
    while number <= 32 {
      if (verdict.failed &>> (number &- 1)) & 1 != 0 && number != UInt32(verdict.control) {
        put(any ? ", " : "; also refused by ")
        putControl(number)
        any = true
      }
      number &+= 1
    }
  }

  private mutating func putFlags(_ flags: UInt16) {
    let flags = Int32(flags)
    if flags & RCK_VERDICT_CONTENDED != 0 { put("; contended: another call held it at that instant") }
    if flags & RCK_VERDICT_REDUCING != 0 { put("; strictly reducing") }
    if flags & RCK_VERDICT_LATE != 0 { put("; late: after the order's end") }
    if flags & RCK_VERDICT_OVER_FILL != 0 { put("; over-fill: beyond the order's quantity") }
    if flags & RCK_VERDICT_UNKNOWN != 0 { put("; of an unknown order") }
    if flags & RCK_VERDICT_GAP != 0 { put("; gap: the cumulative moved by another amount") }
    if flags & RCK_VERDICT_OVERRIDDEN != 0 { put("; overridden: it would have been refused for this") }
  }

  // MARK: Words

  private mutating func putControl(_ number: UInt32) {
    if let control = Catalogue.control(number) {
      put(control.name)
    } else {
      put("control ")
      put(UInt64(number))
    }
  }

  private mutating func putSeverity(_ severity: UInt8) {
    switch Int32(severity) {
    case RCK_SEVERITY_INFO: put("information")
    case RCK_SEVERITY_WARNING: put("warning")
    case RCK_SEVERITY_SOFT: put("soft breach")
    case RCK_SEVERITY_HARD: put("hard breach")
    case RCK_SEVERITY_CRITICAL: put("critical breach")
    default: putScope("severity ", UInt64(severity))
    }
  }

  private mutating func putAction(_ action: UInt8) {
    switch Int32(action) {
    case RCK_ACTION_LOG: put("log")
    case RCK_ACTION_ALERT: put("alert")
    case RCK_ACTION_THROTTLE: put("throttle")
    case RCK_ACTION_BLOCK: put("block")
    case RCK_ACTION_REDUCE_ONLY: put("reduce only")
    case RCK_ACTION_CANCEL_OPEN: put("cancel open orders")
    case RCK_ACTION_LIQUIDATE: put("liquidate")
    case RCK_ACTION_HALT: put("halt")
    default: put(UInt64(action))
    }
  }

  /// The constant's name; of an unknown number the number too.
  private mutating func putStatus(_ status: rck_status) {
    guard let name = contract_status_name(status).map({ UnsafeRawPointer($0) }) else { return }
    var at = 0
    while name.load(fromByteOffset: at, as: UInt8.self) != 0 {
      put(name.load(fromByteOffset: at, as: UInt8.self))
      at &+= 1
    }
    if name.load(as: UInt8.self) != 0x52 {  // all names begin with an R
      put(" status ")
      put(Int64(status))
    }
  }

  // MARK: Characters

  private mutating func put(_ label: Label) {
    var at = 0
    while at < label.count {
      put(label.start[at])
      at &+= 1
    }
  }

  private mutating func put(_ byte: UInt8) {
    if length >= capacity &- 1 { return }
    text.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
    length &+= 1
  }

  private mutating func put(_ number: Int64) {
    if number < 0 { put(0x2d as UInt8) }  // a minus
    put(number.magnitude)
  }

  private mutating func put(_ number: UInt64) {
    if number >= 10 { put(number / 10) }
    put(0x30 &+ UInt8(truncatingIfNeeded: number % 10))
  }
}
