import Synchronization

/// A sum of one day: amounts whose sum stays within a limit until the day ends, over any number of threads. Days are
/// numbers that only rise. One pair {day, sum}, replaced whole: the amount that is the first of a later day begins
/// anew, and one that comes late from a day before counts in the later one. All zero is a sum that has seen nothing.
public struct DayCount<D: Discipline> {
  /// Tries of one swap before the call gives up; one fails only when another call moved the pair.
  static var triesMax: Int { 256 }

  let memory: UnsafeMutableRawPointer

  /// 16 bytes at an address divisible by 16.
  @inline(__always)
  public init(at memory: UnsafeMutableRawPointer) { self.memory = memory }

  /// What counts on a day. A guess while others take: a taker proves it by its swap.
  @inline(__always)
  public func sum(day: Int64) -> Int64 {
    let held = memory.halves(0)
    return Int64(truncatingIfNeeded: held.first) < day ? 0 : Int64(truncatingIfNeeded: held.second)
  }

  /// Takes `amount` >= 0 if the day then holds at most `limit`. `epoch` is the day that it counts in.
  @inline(__always)
  public func take(_ amount: Int64, day: Int64, limit: Int64) -> BucketWindow<D>.Taken {
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      let held = memory.halves(0)
      let last = Int64(truncatingIfNeeded: held.first)
      let (sum, overflow) = (last < day ? 0 : Int64(truncatingIfNeeded: held.second))
        .addingReportingOverflow(amount)
      if amount < 0 || overflow || sum > limit { return .refused }
      let next = WordPair(
        first: UInt(truncatingIfNeeded: last < day ? day : last), second: UInt(truncatingIfNeeded: sum))
      if D.replace(memory.pair(0), held, by: next) { return .taken(epoch: last < day ? day : last) }
    }
    return .contended
  }

  /// Gives back what was taken on a day, if that is not over.
  public func undo(_ amount: Int64, day: Int64) {
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      let held = memory.halves(0)
      let sum = Int64(truncatingIfNeeded: held.second)
      guard Int64(truncatingIfNeeded: held.first) == day, sum >= amount else { return }
      let next = WordPair(first: held.first, second: UInt(truncatingIfNeeded: sum &- amount))
      if D.replace(memory.pair(0), held, by: next) { return }
    }
    // Out of tries, the amount stays until the day ends: counted too long, never too short.
  }
}
