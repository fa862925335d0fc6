import CPlatform
import CRiskCheck
import RiskMemory
import RiskState
import Synchronization

/// An entry of the handle table, one line. The table is the only memory outside the regions; it is zero when
/// the library is loaded and zero again in a forked child.
///
/// A handle is {0, generation 52, kind 1, index 10}: it names an entry and is compared with the word that is
/// live there, so that a stale, foreign or invented handle costs one load to recognise and is never followed.
struct Entry: ~Copyable {
  /// The handle, or 0: free, or 1: being opened or closed.
  let live: Atomic<UInt64>
  /// Engine calls in flight, from any thread: added and subtracted, never stored, so that a late caller of a
  /// closed engine leaves the count of the entry's next one right.
  let calls: Atomic<Int64>
  let region: Atomic<UInt>
  /// A port's index, and the entry of its engine.
  let port: Atomic<UInt32>
  let engine: Atomic<UInt32>
  /// An engine's: bytes mapped, descriptor, ports open in this process, the administrator's turn, what it may do.
  let bytes: Atomic<UInt64>
  let descriptor: Atomic<Int32>
  let ports: Atomic<Int32>
  let turn: Atomic<UInt32>
  let rights: Atomic<UInt32>
  /// 1 while the port's thread is in a call: stored by that thread.
  let inCall: Atomic<UInt64>
}

/// What the holder of a handle may do with its region.
struct Rights {
  static let write: UInt32 = 1
  static let consume: UInt32 = 2
  /// A port of an engine that may write.
  static let owner: UInt32 = 8
  /// The region's memory is the library's to unmap.
  static let mapped: UInt32 = 4
  // What is told of calls, as the engine's flags say.
  static let commands: UInt32 = 16
  static let market: UInt32 = 32
  static let strict: UInt32 = 64
  // What is kept of decisions.
  static let violations: UInt32 = 128
  static let statistics: UInt32 = 256
  static let sampled: UInt32 = 512
  static let timed: UInt32 = 1024
  static let told: UInt32 = commands | market | strict | violations | statistics | sampled | timed
  /// Decisions have something behind them.
  static let followed: UInt32 = commands | violations | statistics

  /// The flags of a configuration lie side by side, in this order.
  static func told(_ flags: UInt32) -> UInt32 {
    ((flags &>> firstFlag) &<< 4) & told
  }
  private static let firstFlag = UInt32(RCK_TELL_COMMANDS.trailingZeroBitCount)
}

typealias EntryPointer = UnsafeMutablePointer<Entry>

enum Handles {
  static let indexMask: UInt64 = UInt64(PLATFORM_ENTRIES) - 1
  static let portBit: UInt64 = UInt64(PLATFORM_ENTRIES)
  static let generationShift: UInt64 = 11
  static let taken: UInt64 = 1
  /// Set in the live word while somebody tries to close: calls that come now are told to try again.
  static let closing: UInt64 = 1 << 63

  @inline(__always)
  static func entry(_ index: UInt64) -> EntryPointer {
    // The mask keeps any number inside the table. The table's address is never NULL.
    let table = platform_handle_table().unsafelyUnwrapped.assumingMemoryBound(to: Entry.self)
    return table + Int(truncatingIfNeeded: index & indexMask)
  }

  @inline(__always)
  static func bits(_ handle: OpaquePointer?) -> UInt64 { UInt64(UInt(bitPattern: handle)) }

  /// What the word that is live in its entry says of a handle: RCK_OK, RCK_E_BUSY or RCK_E_HANDLE.
  @inline(__always)
  static func judge(_ bits: UInt64, live: UInt64, port: Bool) -> rck_status {
    // Free and taken entries hold words that no handle equals: a handle's generation is not 0. Nor may an
    // invented handle equal the word of an entry that is closing.
    if bits <= indexMask || bits >= closing || (bits & portBit != 0) != port { return RCK_E_HANDLE }
    return live == bits ? RCK_OK : live == bits | closing ? RCK_E_BUSY : RCK_E_HANDLE
  }

  /// Takes a free entry; nobody finds it before `open`. The search goes on where the last one ended, so that
  /// an entry is used again as late as possible.
  static func take() -> EntryPointer? {
    let start = platform_generation_word().unsafelyUnwrapped.word(0).pointee.bits.load(ordering: .relaxed)
    var index: UInt64 = 0
    while index <= indexMask {
      let entry = entry(start &+ index)
      if entry.pointee.live.load(ordering: .relaxed) == 0
        && entry.pointee.live.compareExchange(expected: 0, desired: taken, ordering: .acquiring).exchanged
      {
        return entry
      }
      index &+= 1
    }
    return nil
  }

  static func giveBack(_ entry: EntryPointer) {
    entry.pointee.live.store(0, ordering: .releasing)  // after the last use of its fields
  }

  /// Makes the entry live under a handle that was never used in this process.
  static func open(_ entry: EntryPointer, port: Bool) -> OpaquePointer? {
    let index = UInt64(truncatingIfNeeded: entry - self.entry(0))
    let handle = nextGeneration() << generationShift | (port ? portBit : 0) | index
    entry.pointee.live.store(handle, ordering: .sequentiallyConsistent)  // after its fields
    return OpaquePointer(bitPattern: UInt(handle))
  }

  /// Generations begin at a random number in each loaded copy and each forked child, so that handles of one
  /// mean nothing to another.
  private static func nextGeneration() -> UInt64 {
    let word = platform_generation_word().unsafelyUnwrapped.word(0)
    var old = word.pointee.bits.load(ordering: .relaxed)
    while true {
      let next = old == 0 ? platform_random() >> 24 | 1 << 8 : old &+ 1
      if ManyWriters.replace(word, old, by: next) { return next & (UInt64.max >> (generationShift + 1)) }
      old = word.pointee.bits.load(ordering: .relaxed)
    }
  }
}

/// An engine for the length of one call: while it exists, the engine cannot be closed.
struct EngineCall {
  let entry: EntryPointer

  enum Entered {
    case call(EngineCall)
    case refused(rck_status)
  }

  /// Every entered call must leave.
  @inline(__always)
  static func enter(_ handle: OpaquePointer?) -> Entered {
    let bits = Handles.bits(handle)
    let entry = Handles.entry(bits)
    // Acquire: what opening wrote into the entry is there.
    let first = Handles.judge(bits, live: entry.pointee.live.load(ordering: .acquiring), port: false)
    if first != RCK_OK { return .refused(first) }
    // The count and the second look are sequentially consistent, as are the closer's store and its look at
    // the count: one of the two sees the other.
    entry.pointee.calls.wrappingAdd(1, ordering: .sequentiallyConsistent)
    let live = entry.pointee.live.load(ordering: .sequentiallyConsistent)
    if live == bits { return .call(EngineCall(entry: entry)) }
    entry.pointee.calls.wrappingSubtract(1, ordering: .releasing)
    return .refused(Handles.judge(bits, live: live, port: false))
  }

  @inline(__always)
  func leave() {
    entry.pointee.calls.wrappingSubtract(1, ordering: .releasing)  // after the last use of the region
  }

  @inline(__always)
  var state: State { entry.state }

  var rights: UInt32 { entry.pointee.rights.load(ordering: .relaxed) }

  /// Tries for the administrator's turn, a bounded number of times. The turn is a word of this process, so
  /// that a process that dies in its turn leaves none behind.
  func takeTurn() -> Bool {
    var tries = 0
    while tries < 4096 {
      // Acquire: what the one before wrote.
      if entry.pointee.turn.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged {
        return true
      }
      // Who closes the engine has the turn and waits for this call to leave.
      if entry.pointee.live.load(ordering: .relaxed) >= Handles.closing { return false }
      platform_yield()
      tries &+= 1
    }
    return false
  }

  func endTurn() { entry.pointee.turn.store(0, ordering: .releasing) }  // for the one after
}

extension UnsafeMutablePointer where Pointee == Entry {
  /// The region of a live entry. Never NULL while one is live.
  @inline(__always)
  var state: State {
    let address = pointee.region.load(ordering: .relaxed)  // written before the handle went live
    return State(Region(at: UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped))
  }
}

/// A port for the length of one call. Plain stores only: the call is the thread's own, and whoever closes the
/// port makes all threads pass a barrier before looking.
///
/// One window is left to misuse: a thread that stops between its two looks, while another closes its port and
/// the entry comes round to a new one (a thousand openings later), clears that one's mark when it goes on.
struct PortCall {
  let entry: EntryPointer
  let state: State

  enum Entered {
    case call(PortCall)
    case refused(rck_status)
  }

  @inline(__always)
  static func enter(_ handle: OpaquePointer?) -> Entered {
    let bits = Handles.bits(handle)
    let entry = Handles.entry(bits)
    // Acquire: what opening wrote into the entry is there.
    let first = Handles.judge(bits, live: entry.pointee.live.load(ordering: .acquiring), port: true)
    if first != RCK_OK { return .refused(first) }
    // Relaxed, and the compiler kept from reordering: the closer's barrier orders the processors.
    if entry.pointee.inCall.load(ordering: .relaxed) != 0 { return .refused(RCK_E_BUSY) }
    entry.pointee.inCall.store(1, ordering: .relaxed)
    platform_compiler_barrier()
    let live = entry.pointee.live.load(ordering: .relaxed)
    if live == bits { return .call(PortCall(entry: entry, state: entry.state)) }
    entry.pointee.inCall.store(0, ordering: .releasing)
    return .refused(Handles.judge(bits, live: live, port: true))
  }

  @inline(__always)
  func leave() {
    entry.pointee.inCall.store(0, ordering: .releasing)  // after the last use of the region
  }
}
