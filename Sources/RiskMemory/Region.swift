import Synchronization

/// One contiguous block of memory that holds all state, as offsets, so that the same bytes work at any address:
/// private memory, a shared mapping, a file re-opened after a crash. The region knows its header; what the
/// sections hold is not its business.
public struct Region {
  public let base: UnsafeMutableRawPointer

  public init(at base: UnsafeMutableRawPointer) { self.base = base }

  /// "RCKREGN1", and the mark of a region whose making was interrupted, "RCKMAKE1".
  public static let magic: UInt64 = 0x314e_4745_524b_4352
  public static let unfinished: UInt64 = 0x3145_4b41_4d4b_4352
  public static let layoutVersion: UInt64 = 9

  public static let headerBytes = 4096
  public static let sectionsMax = 96
  public static let configurationBytesMax = 320

  // The identity: written once, covered by the checksum.
  static let magicAt = 0
  static let versionAt = 8
  static let bytesAt = 16
  static let checksumAt = 24
  static let identityAt = 32
  static let configurationAt = 64
  static let directoryAt = configurationAt + configurationBytesMax
  static let identityEnd = directoryAt + sectionsMax * 24

  // What changes, by who changes it: the owner at opening and closing, the administrator, whoever finds a
  // broken invariant (on a line of its own: every call reads it).
  static let lifeAt = 2688
  /// The owner's pid and start, two words, for who writes them before the region is mapped.
  public static let ownerAt = lifeAt + 8
  static let administrationAt = 2816
  static let failureAt = 2944
  // Beside the failure, what else every check reads and hardly anybody writes: see Hot.
  static let globalAt = 3072
  // Tickets, and changes by the administrator, each on a line of its own: see Tickets.
  static let ticketAt = 3584
  static let changesAt = 3712
  /// A name that no other region has, of the identity.
  static let nameAt = 32

  @inline(__always)
  func integer(_ offset: Int) -> UnsafeMutablePointer<UInt64> {
    (base + offset).assumingMemoryBound(to: UInt64.self)
  }

  // MARK: Identity

  public var bytes: UInt64 { integer(Region.bytesAt).pointee }

  public var configuration: UnsafeMutableRawPointer { base + Region.configurationAt }

  @inline(__always)
  public func section(_ index: Int) -> Section {
    let entry = integer(Region.directoryAt &+ index &* 24)
    return Section(offset: entry[0], count: entry[1], each: entry[2])
  }

  @inline(__always)
  public func start(of index: Int) -> UnsafeMutableRawPointer {
    base + Int(truncatingIfNeeded: integer(Region.directoryAt &+ index &* 24).pointee)
  }

  /// Fills the identity of a zeroed region, but for the magic: `finish` writes that last.
  public func lay(
    out bytes: UInt64, name: UInt64, configuration source: UnsafeRawPointer, configurationBytes: Int
  ) {
    integer(Region.nameAt).pointee = name
    integer(Region.versionAt).pointee = Region.layoutVersion
    integer(Region.bytesAt).pointee = bytes
    configuration.copyMemory(from: source, byteCount: configurationBytes)
  }

  public func setSection(_ index: Int, _ section: Section) {
    let entry = integer(Region.directoryAt &+ index &* 24)
    entry[0] = section.offset
    entry[1] = section.count
    entry[2] = section.each
  }

  public func finish() {
    integer(Region.checksumAt).pointee = checksum()
    // Release: whoever sees the magic sees the identity.
    base.word(Region.magicAt).pointee.bits.store(Region.magic, ordering: .releasing)
  }

  /// It is not one until `finish`.
  public func unfinish() {
    base.word(Region.magicAt).pointee.bits.store(Region.unfinished, ordering: .sequentiallyConsistent)
  }

  /// FNV-1a over words. Each step is a bijection of the state, so any change of a single word shows.
  func checksum() -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    hash = (hash ^ integer(Region.versionAt).pointee) &* 0x100_0000_01b3
    hash = (hash ^ integer(Region.bytesAt).pointee) &* 0x100_0000_01b3
    var at = Region.identityAt
    while at < Region.identityEnd {
      hash = (hash ^ integer(at).pointee) &* 0x100_0000_01b3
      hash ^= hash >> 29
      at &+= 8
    }
    return hash
  }

  public enum Identity: Equatable {
    case sound(bytes: UInt64)
    case foreign, unfinished, otherVersion, truncated, corrupt
  }

  /// Judges the first `headerBytes` of a file of `fileBytes`. Reads nothing behind the header.
  public func identify(fileBytes: UInt64) -> Identity {
    switch base.word(Region.magicAt).pointee.bits.load(ordering: .acquiring) {  // pairs with finish()
    case Region.magic: break
    case Region.unfinished: return .unfinished
    default: return .foreign
    }
    if fileBytes < UInt64(Region.headerBytes) { return .truncated }
    if integer(Region.versionAt).pointee != Region.layoutVersion { return .otherVersion }
    if integer(Region.checksumAt).pointee != checksum() { return .corrupt }
    return bytes <= fileBytes ? .sound(bytes: bytes) : .truncated
  }

  // MARK: Life. Written by the owner alone, read by anyone.

  @inline(__always)
  func life(_ slot: Int) -> WordPointer { base.word(Region.lifeAt &+ slot &* 8) }

  public var isOpen: Bool { life(0).pointee.bits.load(ordering: .acquiring) == 1 }
  public var ownerPid: UInt32 { UInt32(truncatingIfNeeded: life(1).pointee.bits.load(ordering: .relaxed)) }
  public var ownerStart: UInt64 { life(2).pointee.bits.load(ordering: .relaxed) }
  public var timesOpened: UInt64 { life(3).pointee.bits.load(ordering: .relaxed) }
  public var wasRecovered: Bool { life(4).pointee.bits.load(ordering: .relaxed) != 0 }
  public var openFlags: UInt32 { UInt32(truncatingIfNeeded: life(5).pointee.bits.load(ordering: .relaxed)) }

  /// Records the owner. False when the last one had not closed.
  @discardableResult
  public func open(pid: UInt32, start: UInt64, flags: UInt32) -> Bool {
    let closed = !isOpen
    // Relaxed: the release of the state below publishes them all.
    life(1).pointee.bits.store(UInt64(pid), ordering: .relaxed)
    life(2).pointee.bits.store(start, ordering: .relaxed)
    life(3).pointee.bits.store(timesOpened &+ 1, ordering: .relaxed)
    life(4).pointee.bits.store(closed ? 0 : 1, ordering: .relaxed)
    life(5).pointee.bits.store(UInt64(flags), ordering: .relaxed)
    life(0).pointee.bits.store(1, ordering: .releasing)
    return closed
  }

  /// As often as the region that this one goes on from.
  public func setTimesOpened(_ times: UInt64) { life(3).pointee.bits.store(times, ordering: .relaxed) }

  public func close() {
    life(0).pointee.bits.store(2, ordering: .releasing)  // after everything the owner wrote
  }

  // MARK: Administration. Written under the administrator's turn, read by anyone.

  /// Counter `slot` of 16: definitions, ports open, things defined.
  @inline(__always)
  public func count(_ slot: Int) -> CellPointer { base.cell(Region.administrationAt &+ slot &* 8) }

  // MARK: What every check reads

  /// Words beside the failure.
  public enum Hot {
    public static let generation = 1  // of the limits in force
    public static let latched = 2  // scopes that are latched
    public static let latchings = 3  // how often a latch was set
    public static let windows = 4  // rate windows given out
    public static let day = 5  // the date that has begun
    public static let totals = 6  // given out to the engine and to groups
    public static let wide = 7  // which limits of those there are, for each half: see Spread
    // On the line behind, which the usual check does not read.
    public static let overrides = 8  // places of overrides to look at
    public static let accumulations = 9  // given out
    public static let duplicateWindows = 10  // the longest in each half
    public static let duplicateCursor = 12
  }

  @inline(__always)
  public func hot(_ slot: Int) -> WordPointer { base.word(Region.failureAt &+ slot &* 8) }

  /// What is kept for the whole engine as a scope: six lines.
  @inline(__always)
  public var global: UnsafeMutableRawPointer { base + Region.globalAt }

  /// Where a section begins and how many items it has.
  @inline(__always)
  public func place(of index: Int) -> (start: UnsafeMutableRawPointer, count: Int) {
    let entry = integer(Region.directoryAt &+ index &* 24)
    return (base + Int(truncatingIfNeeded: entry[0]), Int(truncatingIfNeeded: entry[1]))
  }

  @inline(__always)
  public var ticket: WordPointer { base.word(Region.ticketAt) }
  @inline(__always)
  public var changes: WordPointer { base.word(Region.changesAt) }

  /// How many violations went to the history, and how many found no place.
  public var history: WordPointer { base.word(Region.changesAt + 64) }
  public var violationsDropped: WordPointer { base.word(Region.changesAt + 72) }

  /// Latches that were set, and whose command is not told yet.
  public var untold: WordPointer { base.word(Region.changesAt + 80) }

  /// Of a restoration: the name of the region that it goes on from, the number of that one's own last record, and of
  /// the record that told of it here.
  public var restoredFrom: WordPointer { base.word(Region.changesAt + 88) }
  public var restoredAt: WordPointer { base.word(Region.changesAt + 96) }
  public var restored: WordPointer { base.word(Region.changesAt + 104) }

  /// What changes in the header, but for the owner's life.
  public var changing: UnsafeMutableRawPointer { base + Region.administrationAt }
  public static let changingBytes = headerBytes - administrationAt

  /// Not 0.
  public var name: UInt64 { integer(Region.nameAt).pointee }

  // MARK: Failure

  @inline(__always)
  public var hasFailed: Bool {
    // Acquire: what the failing thread had seen is seen by whoever asks why.
    base.word(Region.failureAt).pointee.bits.load(ordering: .acquiring) != 0
  }

  public var failedSite: UInt64 { base.word(Region.failureAt).pointee.bits.load(ordering: .acquiring) }

  /// Latches the region: it refuses everything from now on. The first site stays.
  public func fail(at site: UInt64) {
    _ = ManyWriters.replace(base.word(Region.failureAt), 0, by: site)
  }
}
