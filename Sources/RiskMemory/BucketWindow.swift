import Synchronization

/// A rolling sum: amounts whose sum stays within a limit over any window of w nanoseconds, over any number
/// of threads. It never counts less than was granted in the window; what it grants it may count for one
/// bucket, w / 64, longer than w, so it may refuse that much too early.
///
/// Time is cut into epochs of one bucket. `entered` is the latest epoch that the window was shown; a late
/// caller counts in it. Epoch e has slot e mod 65: {e, sum}. 65 slots, because 64 whole buckets and the
/// begun one cover a window. `total` is at least the sum of all slots, and is what a limit is compared with.
///
/// A taker
///   1. raises entered to the epoch of its own time, and if it was the one to do so, sweeps;
///   2. reserves on total, which holds the limit at that instant, whatever comes after;
///   3. loads entered = e and adds to slot e by a compare-and-swap of both words.
/// A sweep gives the slots the epochs since the last sweep, as far as they lie in the window: {x - 65 or
/// older, sum} becomes {x, 0}, and who made that swap, alone, lowers total by the sum. A taker that finds its
/// slot of an old epoch does both in one swap. So
///   - each sum leaves total once, because one swap displaces it; an amount added meanwhile makes the swap
///     fail, and is seen by the next try;
///   - a taker that sleeps between load and swap of 3 cannot add to an epoch that was swept: the sweep wrote
///     the slot even where it held nothing. It may add to one that is no longer the latest, which is not
///     too early: entered was at least the epoch of its own time since 1;
///   - an amount with epoch e leaves total only after entered was e + 65 or more. A taker that reserves on
///     the room so made acquires it from `lower`, so that in 3 it sees that entered, and its own amount gets
///     an epoch of e + 65 at least. Hence the amounts of any 65 epochs in a row are in total together when
///     the last of them is reserved: within the limit.
///
/// A refusal first finishes the sweeps that are begun (`settled` is the last whole one) and looks again, so
/// that a sweeper that sleeps does not hold up the others. What another call reserves and gives back, or has
/// displaced and not yet subtracted, may count for that instant.
///
/// A kill leaves total too high by what was under way, never too low; `recover` adds the slots up afresh.
public struct BucketWindow<D: Discipline> {
  public enum Taken: Equatable {
    /// Counted in this epoch: `undo` asks for it.
    case taken(epoch: Int64)
    case refused
    /// Refused, because of another call in flight.
    case contended
  }

  /// Tries of one swap before the call gives up; one fails only when another call moved the same word.
  static var triesMax: Int { 256 }
  static var slots: Int64 { 65 }
  static var slotsOffset: Int { 64 }

  /// Bytes of a window, aligned to 64. All zero is a window that has seen nothing.
  public static var bytes: Int { @inline(__always) get { 1152 } }  // 64 + 65 x 16, rounded up to lines

  let memory: UnsafeMutableRawPointer
  let width: BucketWidth

  /// The width is the same for as long as the memory is used: other epochs would mean other times.
  @inline(__always)
  public init(at memory: UnsafeMutableRawPointer, width: BucketWidth) {
    self.memory = memory
    self.width = width
  }

  // One line: every call moves total and reads the other two.
  var total: CellPointer { @inline(__always) get { memory.cell(0) } }
  var entered: CellPointer { @inline(__always) get { memory.cell(8) } }
  var settled: CellPointer { @inline(__always) get { memory.cell(16) } }

  /// Where the slot of an epoch is. The remainder by a constant is a multiplication.
  @inline(__always)
  func offset(of epoch: Int64) -> Int {
    let slot = UInt64(bitPattern: epoch) % UInt64(bitPattern: Self.slots)
    return Self.slotsOffset &+ Int(truncatingIfNeeded: slot) &* 16
  }

  /// Takes `amount` >= 0 if the window then holds at most `limit`. Refused, it leaves the sum as it was.
  @inline(__always)
  public func take(_ amount: Int64, now: Int64, limit: Int64) -> Taken {
    guard amount >= 0 else { return .refused }
    guard enter(width.epoch(of: now)) else { return .contended }
    if !D.reserve(total, amount, limit: limit) {
      // Acquire: what sweeps have subtracted.
      let epoch = entered.pointee.value.load(ordering: .acquiring)
      let whole = settled.pointee.value.load(ordering: .acquiring)
      guard whole < epoch else { return .refused }
      sweep(after: whole, through: epoch)
      guard D.reserve(total, amount, limit: limit) else { return .contended }
    }
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      // Acquire, and after the reservation: the epoch that was entered when room was made.
      let epoch = entered.pointee.value.load(ordering: .acquiring)
      let slot = offset(of: epoch)
      let held = memory.halves(slot)
      let (tag, sum) = (Self.tag(held), Self.sum(held))
      if tag > epoch { continue }  // entered has moved on
      let kept = tag == epoch ? sum : 0
      if D.replace(memory.pair(slot), held, by: Self.pair(epoch, kept &+ amount)) {
        if kept != sum { D.lower(total, by: sum) }
        return .taken(epoch: epoch)
      }
    }
    D.lower(total, by: amount)
    return .contended
  }

  /// Gives back what was taken in `epoch`. What has left the window meanwhile has left total too.
  @inline(__always)
  public func undo(_ amount: Int64, epoch: Int64) {
    guard amount > 0 else { return }
    let slot = offset(of: epoch)
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      let held = memory.halves(slot)
      let sum = Self.sum(held)
      // Tags only rise, so one look at another tag is enough.
      guard Self.tag(held) == epoch else { return }
      if sum >= amount, D.replace(memory.pair(slot), held, by: Self.pair(epoch, sum &- amount)) {
        D.lower(total, by: amount)
        return
      }
    }
    // Out of tries, the amount stays until its epoch leaves the window: counted too long, never too short.
  }
}

extension BucketWindow {
  /// Raises `entered` to at least `epoch`. False: out of tries.
  @inline(__always)
  func enter(_ epoch: Int64) -> Bool {
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      let last = entered.pointee.value.load(ordering: .acquiring)  // before the slots are read
      if last >= epoch { return true }
      if D.replace(entered, last, by: epoch) {
        // Acquire: the sweeps up to there are done. What a sleeping sweeper has begun is done again.
        sweep(after: settled.pointee.value.load(ordering: .acquiring), through: epoch)
        _ = D.raise(settled, to: epoch)
        return true
      }
    }
    return false
  }

  /// Out of line: once a bucket, and 65 swaps after a pause of a whole window.
  @inline(never)
  func sweep(after last: Int64, through epoch: Int64) {
    let oldest = epoch &- Self.slots
    var entering = last > oldest ? last : oldest
    while entering < epoch {
      entering &+= 1
      if entering >= 0 { clear(for: entering) }
    }
  }

  func clear(for epoch: Int64) {
    let slot = offset(of: epoch)
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      let held = memory.halves(slot)
      if Self.tag(held) >= epoch { return }  // tags only rise
      if D.replace(memory.pair(slot), held, by: Self.pair(epoch, 0)) {
        if Self.sum(held) != 0 { D.lower(total, by: Self.sum(held)) }
        return
      }
    }
  }

  @inline(__always)
  static func tag(_ pair: WordPair) -> Int64 { Int64(truncatingIfNeeded: pair.first) }

  @inline(__always)
  static func sum(_ pair: WordPair) -> Int64 { Int64(truncatingIfNeeded: pair.second) }

  @inline(__always)
  static func pair(_ epoch: Int64, _ sum: Int64) -> WordPair {
    WordPair(first: UInt(truncatingIfNeeded: epoch), second: UInt(truncatingIfNeeded: sum))
  }

  /// What counts at `now`, or at the latest epoch that the window was shown. Changes nothing. Exact while
  /// nobody takes; otherwise each slot is of some instant during the call.
  public func sum(now: Int64) -> Int64 {
    let shown = entered.pointee.value.load(ordering: .acquiring)  // before the slots
    let reached = width.epoch(of: now)
    let oldest = (reached > shown ? reached : shown) &- Self.slots
    var (sum, slot) = (Int64(0), Int64(0))
    while slot < Self.slots {
      let held = memory.halves(offset(of: slot))
      if Self.tag(held) > oldest { sum &+= Self.sum(held) }
      slot &+= 1
    }
    return sum
  }

  /// Repairs what killed calls left. Nobody else may use the window meanwhile.
  public func recover() {
    let epoch = entered.pointee.value.load(ordering: .relaxed)
    sweep(after: epoch &- Self.slots, through: epoch)
    settled.pointee.value.store(epoch, ordering: .relaxed)
    total.pointee.value.store(sum(now: 0), ordering: .relaxed)
  }
}

/// How times become epochs: a multiplication, since a division costs more than the rest of the call.
///
/// epoch(t) = t x r / 2^64 rounded down, with r = 2^70 / w rounded down. It needs no more exactness: epochs
/// rise with time, and two times 65 epochs apart differ by more than 64 x 2^64 / r >= w. A bucket is w / 64,
/// even where that is no whole number, times 1 + w / 2^70 at most: over a day, 0.1 microseconds too long. A
/// shift instead would need buckets of a power of two, up to twice as long. Below 64 ns a bucket is 1 ns.
public struct BucketWidth: Equatable, Sendable {
  /// r: all that need be kept, and never 0.
  public let reciprocal: UInt64

  @inline(__always)
  public init(reciprocal: UInt64) { self.reciprocal = reciprocal }

  /// Of a window in nanoseconds, 1 or more. Divides: not for the check path.
  public init(window: Int64) {
    guard window > 64 else {
      reciprocal = .max
      return
    }
    let divisor = UInt64(bitPattern: window)
    // 2^64 = quotient x divisor + rest, then six doublings make it 2^70.
    var quotient = UInt64.max / divisor
    var rest = UInt64.max % divisor &+ 1
    if rest == divisor { (quotient, rest) = (quotient &+ 1, 0) }
    for _ in 0..<6 {
      (quotient, rest) = (quotient &* 2, rest &* 2)
      if rest >= divisor { (quotient, rest) = (quotient &+ 1, rest &- divisor) }
    }
    reciprocal = quotient
  }

  /// The epoch of a time, 0 for times below 0.
  @inline(__always)
  public func epoch(of time: Int64) -> Int64 {
    time > 0
      ? Int64(truncatingIfNeeded: UInt64(bitPattern: time).multipliedFullWidth(by: reciprocal).high) : 0
  }
}
