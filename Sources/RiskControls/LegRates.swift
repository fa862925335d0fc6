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
  /// Of its batch; and the leg's token when it has passed.
  var name: UInt64
  var token: UInt64
  /// Which legs were counted as messages that have passed, by a bit each.
  var sent: UInt64
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
    exam.notes.pointee.turn.pointee.scopes |= bit
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

  /// Whether a window certainly has room for so many legs below its lowest level.
  @inline(__always)
  static func hasRoom<D: Discipline>(
    _ desk: Desk<D>, _ bound: UnsafeMutableRawPointer, now: Int64, count: Int
  ) -> Bool {
    let back = Int64(bitPattern: bound.word(56).pointee.bits.load(ordering: .acquiring))  // as all of a bound
    let window: ExactWindow<D> = desk.state.rateWindow(of: bound)
    return window.seemsBelow(
      back &- Int64(truncatingIfNeeded: count) &+ 1, now: now, window: bound.loadInteger(24))
  }

  /// Counts so many legs in a window that had room for them. How many could be counted: others may be quicker.
  @inline(__always)
  static func take<D: Discipline>(
    _ desk: Desk<D>, _ bound: UnsafeMutableRawPointer, now: Int64, count: Int
  ) -> Int {
    let back = bound.word(56).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    let window: ExactWindow<D> = desk.state.rateWindow(of: bound)
    let taken = window.take(count, now: now, back: back, window: bound.loadInteger(24))
    return taken == count ? count : takeLater(desk, bound, now: now, count, taken)
  }

  @inline(never)
  private static func takeLater<D: Discipline>(
    _ desk: Desk<D>, _ bound: UnsafeMutableRawPointer, now: Int64, _ count: Int, _ taken: Int
  ) -> Int {
    let (window, hard): (ExactWindow<D>, Int64) = (desk.state.rateWindow(of: bound), bound.loadInteger(16))
    var taken = taken
    while taken < count,
      case .room(let place) = window.look(now: now, level: hard, window: bound.loadInteger(24))
    {
      if ExactWindow<D>.take(place) { taken &+= 1 }
    }
    // Without a hard level nothing is refused, also when the window holds no more.
    return hard == Int64.max ? count : taken
  }
}

extension Exam {
  /// How many legs before this one are to count in the window of a scope that this one is in, and do not yet.
  @inline(never)
  func legsBefore(_ bit: UInt32) -> Int64 {
    let turn = notes.pointee.turn.pointee
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
