import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What is set of a function of the host's: 14 words, written while nobody calls by them.
public struct CustomTerms {
  public var function: UInt64 = 0
  public var context: UInt64 = 0
  public var budget_ns: Int64 = 0
  public var coolDown_ns: Int64 = 0
  public var flags: UInt32 = 0
  public var overrunsMax: UInt32 = 0
  public var actor: UInt32 = 0
  var unused: UInt32 = 0
  public var name = Name.empty
  public var reason = Name.empty

  public init() {}
}

/// One version of a function: its terms, and what has come of calling by them, 20 words of 24.
///
///   0    terms
///   112  calls, refusals, overruns, the longest call, overruns in a row
///   152  breaker: 0 closed, or the monotonic time until which no call is made; -1 while one call tries it
struct CustomVersion {
  let memory: UnsafeMutableRawPointer

  static var statisticsAt: Int { 112 }
  static var bytes: Int { 160 }
  static var probing: Int64 { -1 }

  var terms: CustomTerms {
    var terms = CustomTerms()
    memory.loadWords(&terms)
    return terms
  }

  var calls: CellPointer { memory.cell(112) }
  var refusals: CellPointer { memory.cell(120) }
  var overruns: CellPointer { memory.cell(128) }
  var longest: CellPointer { memory.cell(136) }
  var overrunsInRow: CellPointer { memory.cell(144) }
  var breaker: CellPointer { memory.cell(152) }

  func begin(_ terms: CustomTerms) {
    memory.storeWords(terms)
    var at = CustomVersion.statisticsAt
    while at < CustomVersion.bytes {
      memory.cell(at).pointee.value.store(0, ordering: .relaxed)  // before the word that names the version
      at &+= 8
    }
  }
}

/// The place of one function, in the process beside the handles: two versions, and a word that says which is in force.
/// All zero: there is none.
///
///   0    {generation 32, 0, closing 1, version 1, live 1, calls in flight 16}
///   64   the versions
///
/// A call counts itself by a swap of the word, so it calls by the version that the word named, and by no other. A
/// replacement swaps versions at an instant without calls; a removal first closes the place to calls that come, and
/// waits for those that are there. `custom.pml` is the model.
public struct CustomSlot {
  private let memory: UnsafeMutableRawPointer

  private static var callsMask: UInt64 { 0xffff }
  private static var live: UInt64 { 1 << 16 }
  private static var second: UInt64 { 1 << 17 }
  private static var closing: UInt64 { 1 << 18 }
  /// Of waiting for calls to end.
  private static var triesMax: Int { 4096 }

  init(_ memory: UnsafeMutableRawPointer) { self.memory = memory }

  private var word: WordPointer { memory.word(0) }

  private func version(_ bits: UInt64) -> CustomVersion {
    CustomVersion(memory: memory + (bits & CustomSlot.second == 0 ? 64 : 256))
  }

  // MARK: Calls

  /// Counts a call in; the version that it calls by. Nil: there is nothing to call. Who is counted in leaves.
  func enter() -> CustomVersion? {
    while true {
      let bits = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      let isFull = bits & CustomSlot.callsMask == CustomSlot.callsMask
      if bits & CustomSlot.live == 0 || bits & CustomSlot.closing != 0 || isFull { return nil }
      if ManyWriters.replace(word, bits, by: bits &+ 1) { return version(bits) }
    }
  }

  func leave() {
    word.pointee.bits.wrappingSubtract(1, ordering: .releasing)  // after the last use of function and context
  }

  // MARK: Under the administrator's turn

  /// False: there was no instant without a call, and nothing has changed.
  public func set(_ new: CustomTerms) -> Bool {
    var bits = word.pointee.bits.load(ordering: .acquiring)
    let next = ~bits & CustomSlot.second | CustomSlot.live
    // Nobody is in the version that is not in force; who looks at it knows by the generation.
    version(next).begin(new)
    var tries = CustomSlot.triesMax
    while tries > 0 {
      if bits & CustomSlot.callsMask == 0 {
        if ManyWriters.replace(word, bits, by: (bits &>> 32 &+ 1) &<< 32 | next) { return true }
      } else {
        platform_yield()
      }
      tries &-= 1
      bits = word.pointee.bits.load(ordering: .acquiring)
    }
    return false
  }

  /// RCK_E_UNKNOWN: there is none. RCK_E_BUSY: calls did not end, and it is as it was.
  public func remove() -> rck_status {
    var bits = word.pointee.bits.load(ordering: .acquiring)
    if bits & CustomSlot.live == 0 { return RCK_E_UNKNOWN }
    while !ManyWriters.replace(word, bits, by: bits | CustomSlot.closing) {
      bits = word.pointee.bits.load(ordering: .acquiring)
    }
    var tries = CustomSlot.triesMax
    while tries > 0 {
      bits = word.pointee.bits.load(ordering: .acquiring)  // what the last call used is used no more
      // Nobody is counted in while it is closing.
      if bits & CustomSlot.callsMask == 0 {
        word.pointee.bits.store((bits &>> 32 &+ 1) &<< 32 | bits & CustomSlot.second, ordering: .releasing)
        return RCK_OK
      }
      platform_yield()
      tries &-= 1
    }
    while !ManyWriters.replace(word, bits, by: bits & ~CustomSlot.closing) {
      bits = word.pointee.bits.load(ordering: .acquiring)
    }
    return RCK_E_BUSY
  }

  // MARK: Looking, any thread

  /// RCK_E_BUSY: it is being set again and again.
  public func get(_ found: inout rck_custom) -> rck_status {
    var tries = 0
    while tries < 64 {
      let before = word.pointee.bits.load(ordering: .acquiring)
      if before & CustomSlot.live == 0 { return RCK_E_UNKNOWN }
      let version = version(before)
      let terms = version.terms
      var copy = found
      copy.calls = UInt64(bitPattern: value(version.calls))
      copy.refusals = UInt64(bitPattern: value(version.refusals))
      copy.overruns = UInt64(bitPattern: value(version.overruns))
      copy.longest_ns = value(version.longest)
      copy.breaker = UInt32(value(version.breaker) == 0 ? RCK_BREAKER_CLOSED : RCK_BREAKER_OPEN)
      // The loads before it acquired.
      if word.pointee.bits.load(ordering: .relaxed) &>> 32 == before &>> 32 {
        copy.take(terms)
        found = copy
        return RCK_OK
      }
      tries &+= 1
    }
    return RCK_E_BUSY
  }

  private func value(_ cell: CellPointer) -> Int64 { cell.pointee.value.load(ordering: .acquiring) }
}

extension rck_custom {
  fileprivate mutating func take(_ terms: CustomTerms) {
    flags = terms.flags
    overruns_max = terms.overrunsMax
    budget_ns = terms.budget_ns
    cool_down_ns = terms.coolDown_ns
    actor = terms.actor
    withUnsafeMutableBytes(of: &name) { if let start = $0.baseAddress { terms.name.store(to: start) } }
    withUnsafeMutableBytes(of: &reason) { if let start = $0.baseAddress { terms.reason.store(to: start) } }
  }
}

/// The functions of one engine, found by the address of its region in this process.
public struct Customs {
  private let slots: UnsafeMutableRawPointer
  private let key: WordPointer

  private static var sets: Int { Int(PLATFORM_CUSTOM_SETS) }
  private static var slotBytes: Int { Int(PLATFORM_CUSTOM_BYTES) }
  private static var setBytes: Int { Int(RCK_CUSTOMS_MAX) &* slotBytes }

  private init(_ index: Int) {
    let table = platform_custom_table().unsafelyUnwrapped
    key = table.word(index &* 8)
    slots = table + (Customs.sets &* 8 &+ index &* Customs.setBytes)
  }

  /// Where the search for a region begins.
  private static func first(_ region: UInt64) -> Int {
    Int(truncatingIfNeeded: region &>> 12 ^ region &>> 21)
  }

  /// Nil: the engine has none.
  @inline(never)
  public static func find(_ region: UnsafeMutableRawPointer) -> Customs? {
    let address = UInt64(UInt(bitPattern: region))
    var at = 0
    while at < sets {
      let found = Customs((first(address) &+ at) & (sets &- 1))
      // Acquire: what closing left of the one before is gone.
      if found.key.pointee.bits.load(ordering: .acquiring) == address { return found }
      at &+= 1
    }
    return nil
  }

  /// Under the engine's turn. Nil: there is no room for one more engine's.
  public static func make(_ region: UnsafeMutableRawPointer) -> Customs? {
    if let found = find(region) { return found }
    let address = UInt64(UInt(bitPattern: region))
    var at = 0
    while at < sets {
      let found = Customs((first(address) &+ at) & (sets &- 1))
      if ManyWriters.replace(found.key, 0, by: address) { return found }
      at &+= 1
    }
    return nil
  }

  /// Before the region is unmapped: nobody is in a call.
  public static func forget(_ region: UnsafeMutableRawPointer) {
    guard let found = find(region) else { return }
    var at = 0
    while at < setBytes {
      found.slots.word(at).pointee.bits.store(0, ordering: .relaxed)  // before the key
      at &+= 8
    }
    found.key.pointee.bits.store(0, ordering: .releasing)
  }

  /// Of an id that is one.
  public func slot(_ id: UInt32) -> CustomSlot {
    let index = Int(truncatingIfNeeded: (id &- 1) & (UInt32(RCK_CUSTOMS_MAX) &- 1))
    return CustomSlot(slots + index &* Customs.slotBytes)
  }
}
