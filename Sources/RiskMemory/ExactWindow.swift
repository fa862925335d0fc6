import CPlatform
import Synchronization

/// The place of a window's next message: what it takes to go there.
public struct WindowPlace {
  let slot: WordPointer
  let hint: WordPointer
  let index: UInt64
  /// What the slot holds.
  let lapped: Int64
  /// Of the message: never earlier than the one before it.
  public let time: Int64
}

/// A rate limit without error: at most n messages in any window of w nanoseconds, over any number of threads,
/// for one locked instruction a message. n and w may change from call to call without losing history. It may
/// not wait, and nothing that it took is ever given back: attempts count.
///
/// A ring of C words holds the times of the last C messages and nothing else: message k has slot k mod C, which
/// holds its time plus one; 0 was never taken, so zero memory is a window that has seen nothing. A message at s
/// counts at T while T - s < w. C is twice the largest n there is, and w is at least 1.
///
/// A taker finds the place of the next message: the slot whose value is below that of the slot before it. It
/// takes the later of its own time and the time of the message before as T, reads the time n messages back,
/// needs it to be at most T - w, and moves the slot from the value that it saw to T + 1 by one compare-and-swap.
///
/// Why there is one such place. Times never fall as numbers rise, for each taker took at least the time before
/// its own. And a slot's next value is above its last one: when k - 1 was taken, the message n before it was at
/// most T - w, and k - C is no later than that one, so slot k still holds less than slot k - 1. From slot k on
/// to the slot of k - 1 values do not fall. (Before the first lap is full, slots not yet taken hold 0; the first
/// message of all finds 0 everywhere and takes slot 0.)
///
/// Why what was read still holds when the swap succeeds. A slot never holds one value twice, so success means
/// that it has held this one since it was read, and message k was not taken before. The slot of k - 1 changes
/// with message k - 1 + C, and that of k - n with k - n + C, which is above k since n < C: neither can have
/// been taken. A refusal looks at the slot once more: if it moved, the look began too early.
///
/// There is no state between taken and written, so a kill leaves nothing to repair. `hint` says where the next
/// place may be; it is a plain store, and when it is behind, or a late store of it, the place is searched from
/// there.
public struct ExactWindow<D: Discipline> {
  public enum Looked {
    /// There is room below the level.
    case room(WindowPlace)
    /// As many as the level allows are in the window.
    case full(WindowPlace)
    /// The memory is damaged.
    case broken
  }

  static var slotsOffset: Int { 64 }  // the hint has a line of its own: every taker writes it

  let memory: UnsafeMutableRawPointer
  /// The largest n.
  private let most: UInt64

  /// A view of memory for limits up to `most`, a power of two up to 2^20, the same for as long as the memory is
  /// used.
  @inline(__always)
  public init(at memory: UnsafeMutableRawPointer, most: Int) {
    self.memory = memory
    self.most = UInt64(truncatingIfNeeded: most)
  }

  /// C less one.
  @inline(__always)
  private var mask: UInt64 { most &* 2 &- 1 }

  /// Bytes of a window, aligned to 64.
  public static func bytes(most: Int) -> Int { (slotsOffset &+ most &* 16 &+ 63) & ~63 }

  @inline(__always)
  private var hint: WordPointer { memory.word(0) }

  @inline(__always)
  private func slot(_ index: UInt64) -> WordPointer {
    memory.word(Self.slotsOffset &+ Int(truncatingIfNeeded: index & mask) &* 8)
  }

  @inline(__always)
  private func value(_ index: UInt64) -> Int64 {
    // Acquire: what is read later was there no earlier. See the order of the reads above.
    Int64(bitPattern: slot(index).pointee.bits.load(ordering: .acquiring))
  }

  /// Where a message at `now`, at least 0, would go, and whether the level leaves room for it. Changes nothing.
  @inline(__always)
  public func look(now: Int64, level: Int64, window: Int64) -> Looked {
    while true {
      guard let place = next(now) else { return .broken }
      if isBelow(level, place, window) { return .room(place) }
      if holds(place) { return .full(place) }
    }
  }

  /// Likewise in the usual case, by the shortest way. `back` is the level, at least 1 and at most the largest n. Nil:
  /// `look` says what there is.
  @inline(__always)
  public func glance(now: Int64, back: UInt64, window: Int64) -> WindowPlace? {
    let index = hint.pointee.bits.load(ordering: .relaxed)  // the slots decide
    let previous = value(index &- 1)
    let lapped = value(index)
    if lapped >= previous { return nil }
    // The lines that messages after this one will need, whose times lie side by side. At the end of the window what is
    // asked for lies behind it, and nobody touches it.
    platform_expect(slot(index) + 8)
    platform_expect(slot(index &- back) + 8)
    let time = now >= previous ? now : previous &- 1
    // As in `counts`: what was never taken holds 0.
    if value(index &- back) > max(time &- window &+ 1, 0) { return nil }
    return WindowPlace(slot: slot(index), hint: hint, index: index, lapped: lapped, time: time)
  }

  /// Whether a level, at most the largest n, certainly leaves room for a message at `now`, by the shortest way: nothing
  /// that it looks at has to belong together, since whoever takes a place looks for it himself.
  @inline(__always)
  public func seemsBelow(_ level: Int64, now: Int64, window: Int64) -> Bool {
    if level <= 0 { return false }
    let index = hint.pointee.bits.load(ordering: .relaxed)
    let previous = value(index &- 1)
    if value(index) >= previous { return false }
    let time = now >= previous ? now : previous &- 1
    return value(index &- UInt64(bitPattern: level)) <= max(time &- window &+ 1, 0)
  }

  /// Takes up to `count` places in a row for messages at `now`, as many as follow each other without anybody's in
  /// between, if the level `back`, at most the largest n, leaves room for all of them; 0 otherwise, or in an unusual
  /// case. Times do not fall, so with room for the last there is room for those before it: each swap proves what was
  /// read, as that of one message does.
  @inline(__always)
  public func take(_ count: Int, now: Int64, back: UInt64, window: Int64) -> Int {
    var index = hint.pointee.bits.load(ordering: .relaxed)  // the slots decide
    let more = UInt64(truncatingIfNeeded: count &- 1)
    var previous = value(index &- 1)
    let time = now >= previous ? now : previous &- 1
    if back <= more || value(index &+ more &- back) > max(time &- window &+ 1, 0) { return 0 }
    var taken = 0
    while taken < count {
      let lapped = value(index)
      if lapped >= previous { break }
      if !D.replace(slot(index), UInt64(bitPattern: lapped), by: UInt64(bitPattern: time &+ 1)) { break }
      (index, previous, taken) = (index &+ 1, time &+ 1, taken &+ 1)
    }
    if taken != 0 { hint.pointee.bits.store(index, ordering: .relaxed) }  // a hint
    return taken
  }

  /// Asks for the line that says where the next message goes, and then for those that a `glance` looks at besides.
  @inline(__always)
  public func expect() { platform_expect(memory) }

  @inline(__always)
  public func expect(back: UInt64) {
    let index = hint.pointee.bits.load(ordering: .relaxed)  // the slots decide
    platform_expect(slot(index))
    platform_expect(slot(index &- back))
  }

  /// Whether fewer than `level` messages count at a place's time. A level above the largest n is taken as that.
  @inline(__always)
  public func isBelow(_ level: Int64, _ place: WindowPlace, _ window: Int64) -> Bool {
    if level <= 0 { return false }
    let back = UInt64(bitPattern: level) < most ? UInt64(bitPattern: level) : most
    return !counts(value(place.index &- back), place, window)
  }

  /// Takes the place of a message that was found to have room. False: another message went there first.
  @inline(__always)
  public static func take(_ place: WindowPlace) -> Bool {
    guard
      D.replace(place.slot, UInt64(bitPattern: place.lapped), by: UInt64(bitPattern: place.time &+ 1))
    else { return false }
    place.hint.pointee.bits.store(place.index &+ 1, ordering: .relaxed)  // a hint
    return true
  }

  /// Counts a message whatever the level, up to the largest n in the window: beyond, nothing has to be known.
  public func force(now: Int64, window: Int64) {
    while case .room(let place) = look(now: now, level: Int64.max, window: window) {
      if Self.take(place) { return }
    }
  }

  /// How many messages count at `now`, or at the time of the latest message. Changes nothing. Of some instant during
  /// the call; only if others take a message during each of many tries, those that left meanwhile count too.
  public func count(now: Int64, window: Int64) -> Int64 {
    var (tries, found) = (0, Int64(bitPattern: most))
    while tries < Self.countTriesMax {
      tries &+= 1
      guard let place = next(now) else { return Int64(bitPattern: most) }
      found = count(before: place, window)
      // Nobody has taken the place, so no slot that was read has changed since.
      if holds(place) { break }
    }
    return found
  }

  /// Each needs a message by somebody else within some twenty loads.
  private static var countTriesMax: Int { 64 }

  private func count(before place: WindowPlace, _ window: Int64) -> Int64 {
    // Going back times do not rise, so the first that does not count is found by halving.
    var (low, high) = (UInt64(0), most)
    while low < high {
      let middle = low &+ (high &- low) / 2
      if counts(value(place.index &- 1 &- middle), place, window) {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    return Int64(bitPattern: low)
  }

  /// Whether the slots are those of a window. Nobody may take meanwhile.
  public func isSound(latest: Int64) -> Bool {
    var (falls, index) = (0, UInt64(0))
    while index <= mask {
      let held = value(index)
      if held < 0 || held > latest &+ 1 { return false }
      if held < value(index &- 1) { falls &+= 1 }
      index &+= 1
    }
    // None at all: never used.
    return falls == 1 || falls == 0 && value(0) == 0 && value(mask) == 0
  }

  /// The next message's place; nil when there is none, which no history leads to.
  @inline(__always)
  private func next(_ now: Int64) -> WindowPlace? {
    var index = hint.pointee.bits.load(ordering: .relaxed)  // the slots decide
    var previous = value(index &- 1)
    var lapped = value(index)
    if lapped >= previous && !isFirst(index, lapped | previous) {
      guard let found = search(from: index) else { return nil }
      (index, previous, lapped) = found
    }
    return WindowPlace(
      slot: slot(index), hint: hint, index: index, lapped: lapped,
      time: now >= previous ? now : previous &- 1)
  }

  @inline(__always)
  private func isFirst(_ index: UInt64, _ held: Int64) -> Bool { held == 0 && index & mask == 0 }

  /// The hint was behind. Others may move the place on as fast as it is looked for; but values only rise, so two
  /// times around with the same sum are one instant without a place, and only that is damage.
  @inline(never)
  private func search(from hint: UInt64) -> (index: UInt64, previous: Int64, lapped: Int64)? {
    var (index, last, isFirstTime) = (hint, Int64(0), true)
    while true {
      var (steps, sum) = (UInt64(0), Int64(0))
      while steps <= mask {
        index &+= 1
        steps &+= 1
        let previous = value(index &- 1)
        let lapped = value(index)
        if lapped < previous || isFirst(index, lapped | previous) { return (index, previous, lapped) }
        sum &+= lapped
      }
      if !isFirstTime && sum == last { return nil }
      (last, isFirstTime) = (sum, false)
    }
  }

  /// Whether what a slot holds is a message that counts at a place's time. Values are times plus one.
  @inline(__always)
  private func counts(_ held: Int64, _ place: WindowPlace, _ window: Int64) -> Bool {
    held > place.time &- window &+ 1 && held != 0
  }

  @inline(__always)
  private func holds(_ place: WindowPlace) -> Bool {
    place.slot.pointee.bits.load(ordering: .relaxed) == UInt64(bitPattern: place.lapped)
  }
}
