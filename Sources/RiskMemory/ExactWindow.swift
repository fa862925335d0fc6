import Synchronization

/// A rate limit without error: at most n messages in any window of w nanoseconds, over any number of
/// threads. It logs the times of the last C messages; n may change from call to call, up to C, and w too,
/// without losing history. It may not wait, and nothing that it took is ever given back: attempts count.
///
/// `head` is the number of messages ever taken, `latest` the latest time that the window was shown. Message
/// j has entry j mod C: its time, and j + 1, which says that the time is there. A message at s counts at T
/// while T - s < w.
///
/// A taker of messages k to k + a - 1
///   1. loads head = k, then takes the later of latest and its own time as the time T of all a;
///   2. reads entry m = k + a - 1 - n, the message n before the last new one, and needs T_m <= T - w;
///   3. reads the entries of the last lap in the slots that it is to fill, and needs them written;
///   4. raises latest to T, then moves head from k to k + a by one compare-and-swap, or starts again at 1;
///   5. writes its entries: the time, then the number.
///
/// Times never fall as numbers rise: the taker of k - 1 had raised latest before it moved head, and 1 loads
/// head first; so T_k >= T_(k-1). Hence one entry decides: whatever lies before m is at least as old as m,
/// and every new message has its n-th predecessor at m or before it.
///
/// What 2 and 3 read still holds when 4 succeeds. Entry m is overwritten by message m + C only, and m + C >=
/// k + a - 1 >= k because n <= C: to take that, head must have passed k, and then 4 fails, since head never
/// comes back. The same goes for a slot of 3, which waits for one of the messages k to k + a - 1.
///
/// Because of 3 a slot has one writer at a time. Without it, a taker that sleeps before its 5 for a whole
/// lap (others pass it when n is lowered, or in batches) would put its old time under a new number.
///
/// An entry that is not written yet counts as recent: its taker is between 4 and 5, and the answer is
/// `contended`. A refusal looks at head once more: if it moved, what was read may belong to the next lap.
///
/// Killed between 4 and 5, a taker leaves unwritten entries; `recover` gives each the time of the next
/// written one, or `latest`. By the order of times that is never too early.
public struct ExactWindow<D: Discipline> {
  public enum Taken: Equatable {
    /// All were taken, at this time, which may be later than the caller's.
    case taken(time: Int64)
    /// They would have been too many.
    case refused
    /// Refused, because of another call in flight.
    case contended
  }

  /// Tries before an attempt is refused as contended. One fails only when another call took messages in
  /// between, at some 130 ns each, so that this is 30 microseconds of losing every time.
  static var triesMax: Int { 256 }
  static var entriesOffset: Int { 64 }  // head and latest move together and share a line with nothing else

  let memory: UnsafeMutableRawPointer
  /// C, a power of two.
  public let capacity: Int64

  /// `capacity` is a power of two, at most 2^32, the same for as long as the memory is used.
  @inline(__always)
  public init(at memory: UnsafeMutableRawPointer, capacity: Int) {
    self.memory = memory
    self.capacity = Int64(truncatingIfNeeded: capacity)
  }

  /// Bytes of a window, aligned to 64. All zero is a window that has seen nothing.
  @inline(__always)
  public static func bytes(capacity: Int) -> Int {
    (entriesOffset &+ capacity &* 16 &+ 63) & ~63
  }

  var head: CellPointer { @inline(__always) get { memory.cell(0) } }
  var latest: CellPointer { @inline(__always) get { memory.cell(8) } }

  @inline(__always)
  func time(of message: Int64) -> CellPointer { memory.cell(offset(of: message)) }

  @inline(__always)
  func number(of message: Int64) -> CellPointer { memory.cell(offset(of: message) &+ 8) }

  @inline(__always)
  func offset(of message: Int64) -> Int {
    Self.entriesOffset &+ Int(truncatingIfNeeded: message & (capacity &- 1)) &* 16
  }

  /// Takes `count` messages, all or none, if that leaves at most `limit` of them in any window. A limit above
  /// the capacity is taken as the capacity.
  @inline(__always)
  public func take(_ count: Int64, now: Int64, limit: Int64, window: Int64) -> Taken {
    let most = limit < capacity ? limit : capacity
    guard count > 0, count <= most else { return .refused }
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      // Acquire: what the takers before head raised latest to, and the entries that they read.
      let first = head.pointee.value.load(ordering: .acquiring)
      let time = later(now)
      let found = verdict(on: first &+ count &- 1 &- most, at: time, window: window)
      guard found == .old, lapWritten(first, count) else {
        if head.pointee.value.load(ordering: .relaxed) != first { continue }
        return found == .recent ? .refused : .contended
      }
      _ = D.raise(latest, to: time)
      // Release: what was read of the entries was read before; see the second paragraph of the argument.
      if D.replace(head, first, by: first &+ count) {
        write(first, count, at: time)
        return .taken(time: time)
      }
    }
    return .contended
  }

  /// What `take` would answer at this instant. Writes nothing.
  @inline(__always)
  public func look(_ count: Int64, now: Int64, limit: Int64, window: Int64) -> Taken {
    let most = limit < capacity ? limit : capacity
    guard count > 0, count <= most else { return .refused }
    let first = head.pointee.value.load(ordering: .acquiring)  // as in take
    let time = later(now)
    switch verdict(on: first &+ count &- 1 &- most, at: time, window: window) {
    case .old: return .taken(time: time)
    case .recent: return .refused
    case .unwritten: return .contended
    }
  }

  @inline(__always)
  func later(_ now: Int64) -> Int64 {
    let shown = latest.pointee.value.load(ordering: .relaxed)  // after head, whose load acquired
    return now > shown ? now : shown
  }

  enum Age { case old, recent, unwritten }

  @inline(__always)
  func verdict(on message: Int64, at time: Int64, window: Int64) -> Age {
    if message < 0 { return .old }
    // Acquire: the time was stored before its number.
    guard number(of: message).pointee.value.load(ordering: .acquiring) == message &+ 1 else {
      return .unwritten
    }
    // Acquire: if this is a time of the next lap, the second look at head sees that head has moved.
    let taken = self.time(of: message).pointee.value.load(ordering: .acquiring)
    return taken <= time &- window ? .old : .recent
  }

  /// Whether the slots for `count` messages from `first` hold what the last lap left there.
  @inline(__always)
  func lapWritten(_ first: Int64, _ count: Int64) -> Bool {
    var message = first
    while message < first &+ count {
      let before = message &+ 1 &- capacity
      // Acquire: the last writer of this slot has finished before we begin.
      let number = number(of: message).pointee.value.load(ordering: .acquiring)
      guard number == (before > 0 ? before : 0) else { return false }
      message &+= 1
    }
    return true
  }

  @inline(__always)
  func write(_ first: Int64, _ count: Int64, at time: Int64) {
    var message = first
    while message < first &+ count {
      // Release: who sees this time sees that head has moved.
      self.time(of: message).pointee.value.store(time, ordering: .releasing)
      // Release: who sees the number sees the time.
      number(of: message).pointee.value.store(message &+ 1, ordering: .releasing)
      message &+= 1
    }
  }
}

extension ExactWindow {
  /// How many messages count at `now`, or at the latest time that the window was shown. Changes nothing.
  /// Exact while nobody takes; otherwise of some instant during the call, or recent entries counted too
  /// many.
  public func count(now: Int64, window: Int64) -> Int64 {
    let end = head.pointee.value.load(ordering: .acquiring)  // latest is then no older than its takers' times
    let shown = latest.pointee.value.load(ordering: .relaxed)
    let time = now > shown ? now : shown
    // Times never fall, so the first recent message is found by halving.
    var (low, high) = (end > capacity ? end &- capacity : 0, end)
    while low < high {
      let middle = low &+ ((high &- low) >> 1)
      if verdict(on: middle, at: time, window: window) == .old {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    return end &- low
  }

  /// Repairs what a killed taker left. Nobody else may use the window meanwhile.
  public func recover() {
    let end = head.pointee.value.load(ordering: .relaxed)
    var ceiling = latest.pointee.value.load(ordering: .relaxed)
    var message = end
    let oldest = end > capacity ? end &- capacity : 0
    while message > oldest {
      message &-= 1
      if number(of: message).pointee.value.load(ordering: .relaxed) == message &+ 1 {
        ceiling = time(of: message).pointee.value.load(ordering: .relaxed)
      } else {
        write(message, 1, at: ceiling)
      }
    }
  }
}
