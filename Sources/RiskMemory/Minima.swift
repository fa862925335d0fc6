import Synchronization

/// The lowest that a value has been over a period up to now, for periods of every length, in a fixed number of entries.
/// The value changes at times that do not go back, and holds until it changes again. It may not be asked what the value
/// was at an instant.
///
/// An entry {until, value} says that the value held until then. What holds now is the caller's. An entry is kept until
/// the value is as low again: so times and values grow from the oldest entry to the youngest, and the lowest of a
/// period is the value of the oldest entry that reaches into it, or else what holds now.
///
/// When there is no place for one more, two neighbours become one: the value of the older, until that of the younger
/// ended. So nothing is overlooked, and what was merged counts too long: but in every period only the oldest entry
/// that reaches into it can be one whose value ended before, and no longer before than the entry in front of it did.
/// Which two: the two oldest if both ended so long ago that no period is to be that long; or else, of those that have
/// one in front of them, the two whose span from its end to that of the younger is the smallest in proportion to the
/// age of that; of equal ones the oldest. So entries thin out with age, and long periods are answered with much the
/// same relative error as short ones; and none that reaches into a period is merged while all of them but one can be
/// kept.
///
/// The memory is part of a row's record: filled by one writer before it is published, read while it may be overwritten.
/// Whatever it holds, no answer leads outside, and none takes more steps than there are entries. Zero memory is valid.
public struct Minima {
  private let base: UnsafeMutableRawPointer
  /// Entries.
  public let most: Int

  public static var entryBytes: Int { 16 }

  /// A view of `most` entries, at least one.
  @inline(__always)
  public init(at base: UnsafeMutableRawPointer, most: Int) {
    self.base = base
    self.most = most
  }

  /// The lowest value of those that held after `since`, given what holds now.
  public func lowest(_ count: Int, after since: Int64, now: Int64) -> Int64 {
    var (first, end) = (0, within(count))
    let last = end
    while first < end {
      let middle = (first &+ end) &>> 1
      if until(middle) > since { end = middle } else { first = middle &+ 1 }
    }
    return first < last ? value(first) : now
  }

  /// The value has changed at `time`. How many entries there are from now on. No period is longer than `longest`.
  public func change(
    _ count: Int, at time: Int64, from old: Int64, to new: Int64, longest: Int64
  ) -> Int {
    var count = within(count)
    if new <= old {
      while count > 0 && value(count &- 1) >= new { count &-= 1 }
      return count
    }
    // It held no longer than the entry before it, which is lower.
    if count > 0 && until(count &- 1) >= time { return count }
    if count == most {
      let isPast = most > 1 && until(1) <= time &- longest
      let pair = isPast ? 0 : closest(time)
      // The younger of the pair may be the one that comes now.
      if pair == most &- 1 {
        setUntil(pair, time)
        return count
      }
      setUntil(pair, until(pair &+ 1))
      var at = pair &+ 2
      while at < most {
        set(at &- 1, until(at), value(at))
        at &+= 1
      }
      count &-= 1
    }
    set(count, time, old)
    return count &+ 1
  }

  /// Takes over what there is elsewhere.
  public func copy(_ count: Int, from other: Minima) -> Int {
    let count = other.within(count)
    var at = 0
    while at < count {
      set(at, other.until(at), other.value(at))
      at &+= 1
    }
    return count
  }

  /// The older of the two that are to become one when another entry comes that ends at `time`.
  private func closest(_ time: Int64) -> Int {
    // In front of the oldest is nothing that bounds its span; it waits until it is past.
    let first = most > 1 ? 1 : 0
    var (best, bestSpan, bestAge) = (first, UInt64.max, UInt64(1))
    var pair = first
    while pair < most {
      let end = pair &+ 1 < most ? until(pair &+ 1) : time
      let span = UInt64(bitPattern: end &- until(max(pair &- 1, 0)))
      let age = UInt64(bitPattern: time &- end &+ 1)
      let (one, other) = (span.multipliedFullWidth(by: bestAge), bestSpan.multipliedFullWidth(by: age))
      if one.high < other.high || one.high == other.high && one.low < other.low {
        (best, bestSpan, bestAge) = (pair, span, age)
      }
      pair &+= 1
    }
    return best
  }

  // MARK: Entries

  @inline(__always)
  private func within(_ count: Int) -> Int {
    UInt(bitPattern: count) <= UInt(bitPattern: most) ? count : most
  }

  // Acquire: before the second look at what leads to the record, see Rows.
  @inline(__always)
  private func until(_ at: Int) -> Int64 { base.loadInteger(at &* Minima.entryBytes) }

  @inline(__always)
  private func value(_ at: Int) -> Int64 { base.loadInteger(at &* Minima.entryBytes &+ 8) }

  // Release: carries the swap that freed the record.
  @inline(__always)
  private func setUntil(_ at: Int, _ time: Int64) {
    base.word(at &* Minima.entryBytes).pointee.bits.store(UInt64(bitPattern: time), ordering: .releasing)
  }

  @inline(__always)
  private func set(_ at: Int, _ time: Int64, _ value: Int64) {
    setUntil(at, time)
    base.word(at &* Minima.entryBytes &+ 8).pointee.bits.store(
      UInt64(bitPattern: value), ordering: .releasing)
  }
}
