import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Where a leg is in its batch.
struct LegTurn {
  var orders: UnsafePointer<rck_order>
  var at: Int
  /// So many legs count in the rates, from the first on.
  var counted: Int
  /// In which scopes the leg is to count: bits as in Rates.
  var scopes: UInt32
}

extension Rates {
  /// Whether a window has room for a leg as if the legs before it, which do not count yet, did. False: the window is
  /// damaged.
  @inline(never)
  static func lookAhead<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ bit: UInt32
  ) -> Bool {
    let (window, before): (ExactWindow<D>, Int64) = (
      exam.desk.state.rateWindow(of: bound), exam.legsBefore(bit)
    )
    let (now, length, hard) = (exam.ask.time_ns, bound.loadInteger(24), bound.loadInteger(16))
    let least = min(bound.loadInteger(0), min(bound.loadInteger(8), hard))
    exam.notes.pointee.turn.scopes |= bit
    switch window.look(now: now, level: least &- before, window: length) {
    case .room: return true
    case .full: exam.notes.pointee.exceeded |= bit
    case .broken: return false
    }
    // Without a hard level nothing is refused, also when the window holds no more.
    if hard == Int64.max { return true }
    switch window.look(now: now, level: hard &- before, window: length) {
    case .room: break
    case .full: exam.notes.pointee.isRateRefused = true
    case .broken: return false
    }
    return true
  }

  /// Whether a window certainly has room for `more` legs and one. True also without a hard level.
  @inline(__always)
  static func hasRoom<D: Discipline>(
    _ desk: Desk<D>, _ bound: UnsafeMutableRawPointer, now: Int64, more: Int
  ) -> Bool {
    let hard = bound.loadInteger(16)
    if hard == Int64.max { return true }
    let window: ExactWindow<D> = desk.state.rateWindow(of: bound)
    return window.seemsBelow(hard &- Int64(truncatingIfNeeded: more), now: now, window: bound.loadInteger(24))
  }
}

extension Exam {
  /// How many legs before this one are to count in the window of a scope that this one is in, and do not yet.
  @inline(never)
  func legsBefore(_ bit: UInt32) -> Int64 {
    let turn = notes.pointee.turn
    var (at, count) = (turn.counted, Int64(0))
    while at < turn.at {
      if shares(turn.orders + at, bit) { count &+= 1 }
      at &+= 1
    }
    return count
  }

  private func shares(_ order: UnsafePointer<rck_order>, _ bit: UInt32) -> Bool {
    switch bit {
    case 1: return order.pointee.account == ask.account
    case 2: return order.pointee.strategy == ask.strategy
    case 4: return order.pointee.instrument == ask.instrument
    default:
      let window = notes.pointee.wide + (bit.trailingZeroBitCount &- 4)
      var other = Order()
      other.asked.account = order.pointee.account
      other.asked.strategy = order.pointee.strategy
      other.asked.instrument = order.pointee.instrument
      return desk.state.covers(window.pointee.kind, window.pointee.id, other)
    }
  }
}
