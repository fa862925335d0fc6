import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What orders have opened at one scope, by one measure: quantity or notional, over a day, an hour or a minute. A place
/// each, given for good to the first limit that asks for it, and named by its owner, so that what was counted outlives
/// the limit:
///
///   0    what counts in an hour or a minute, if it is of one: a BucketWindow
///   24   the owner: {scope kind 8, measure 8, id 48}
///   32   what counts in a day, if it is of one: a DayCount
///   64   the slots of the BucketWindow
public struct Accumulation<D: Discipline> {
  let memory: UnsafeMutableRawPointer

  public static var bytes: Int { @inline(__always) get { BucketWindow<D>.bytes } }
  static var ownerAt: Int { 24 }
  static var dayAt: Int { 32 }

  var measure: Int32 {
    // Relaxed: given before its limit was published.
    Int32(truncatingIfNeeded: (memory.word(Self.ownerAt).pointee.bits.load(ordering: .relaxed) &>> 48) & 0xff)
  }

  static func owner(of limit: rck_limit) -> UInt64 {
    UInt64(limit.scope_kind) &<< 56 | UInt64(limit.measure) &<< 48 | UInt64(limit.id)
  }

  private var day: DayCount<D> { DayCount(at: memory + Self.dayAt) }

  private func window(_ measure: Int32) -> BucketWindow<D> {
    let isHour = measure == RCK_MEASURE_QUANTITY_HOUR || measure == RCK_MEASURE_NOTIONAL_HOUR
    return BucketWindow(at: memory, width: isHour ? Accumulated.hour : Accumulated.minute)
  }

  private static func isOfDay(_ measure: Int32) -> Bool {
    measure == RCK_MEASURE_QUANTITY_DAY || measure == RCK_MEASURE_NOTIONAL_DAY
  }

  /// At least what counts now, by one load.
  @inline(__always)
  public func most(_ measure: Int32, day date: Int64) -> Int64 {
    Self.isOfDay(measure) ? day.sum(day: date) : memory.loadInteger(0)
  }

  /// What counts now.
  public func sum(_ measure: Int32, now: Int64, day date: Int64) -> Int64 {
    Self.isOfDay(measure) ? day.sum(day: date) : window(measure).sum(now: now)
  }

  /// Takes an amount if what counts stays within a limit.
  public func take(
    _ amount: Int64, _ measure: Int32, now: Int64, day date: Int64, limit: Int64
  ) -> BucketWindow<D>.Taken {
    Self.isOfDay(measure)
      ? day.take(amount, day: date, limit: limit) : window(measure).take(amount, now: now, limit: limit)
  }

  public func undo(_ amount: Int64, epoch: Int64) {
    let measure = measure
    if Self.isOfDay(measure) {
      day.undo(amount, day: epoch)
    } else {
      window(measure).undo(amount, epoch: epoch)
    }
  }

  /// Alone. False: damaged.
  func recover() -> Bool {
    let measure = measure
    if !Self.isOfDay(measure) { window(measure).recover() }
    let sum = Self.isOfDay(measure) ? day.sum(day: 0) : memory.loadInteger(0)
    return measure >= RCK_MEASURE_QUANTITY_DAY && measure <= RCK_MEASURE_NOTIONAL_HOUR && sum >= 0
      && sum <= Amount.max
  }
}

public enum Accumulated {
  // BucketWidth(window:) of an hour and of a minute, which divides.
  public static var hour: BucketWidth { BucketWidth(reciprocal: 327_942_116) }
  public static var minute: BucketWidth { BucketWidth(reciprocal: 19_676_527_011) }
}

extension State {
  @inline(__always)
  public func accumulation<D: Discipline>(_ index: Int) -> Accumulation<D> {
    Accumulation(memory: region.start(of: Sections.accumulations) + index &* Accumulation<D>.bytes)
  }

  /// Whether there is a place of that number.
  @inline(__always)
  public func hasAccumulation(_ index: Int) -> Bool {
    UInt(bitPattern: index) < UInt(region.section(Sections.accumulations).count)
  }

  /// The place of a limit's scope and measure, given now if there was none; nil: all are given. Under the turn.
  func giveAccumulation(_ limit: rck_limit) -> Int? {
    if let index = accumulation(of: limit) { return index }
    let counter = region.hot(Region.Hot.accumulations)
    let given = Int(truncatingIfNeeded: counter.pointee.bits.load(ordering: .relaxed))  // under the turn
    if given >= region.place(of: Sections.accumulations).count { return nil }
    let place: Accumulation<ManyWriters> = accumulation(given)
    let owner = place.memory.word(Accumulation<ManyWriters>.ownerAt)
    owner.pointee.bits.store(Accumulation<ManyWriters>.owner(of: limit), ordering: .releasing)
    // After its owner: one that a kill leaves uncounted is given anew.
    counter.pointee.bits.store(UInt64(truncatingIfNeeded: given &+ 1), ordering: .releasing)
    return given
  }

  func accumulation(of limit: rck_limit) -> Int? {
    let owner = Accumulation<ManyWriters>.owner(of: limit)
    let given = Int(
      truncatingIfNeeded: region.hot(Region.Hot.accumulations).pointee.bits.load(ordering: .acquiring))
    var index = 0
    while index < given {
      let place: Accumulation<ManyWriters> = accumulation(index)
      if place.memory.word(Accumulation<ManyWriters>.ownerAt).pointee.bits.load(ordering: .relaxed) == owner {
        return index
      }
      index &+= 1
    }
    return nil
  }

  func recoverAccumulations() -> Bool {
    let given = region.hot(Region.Hot.accumulations).pointee.bits.load(ordering: .relaxed)
    guard given <= region.section(Sections.accumulations).count else { return false }
    var index = 0
    while UInt64(truncatingIfNeeded: index) < given {
      let place: Accumulation<ManyWriters> = accumulation(index)
      if !place.recover() { return false }
      index &+= 1
    }
    return true
  }
}
