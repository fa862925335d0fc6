import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// How a segment is laid out: a header page, then blocks, each a line of its own and whole records of one port.
public enum Form {
  public static let headerBytes = 4096
  public static let lineBytes = 64
  public static let blockLinesMax = Int(RCK_JOURNAL_BLOCK_LINES)
  /// The longest block with its header line.
  public static let blockBytesMax = (blockLinesMax + 1) * lineBytes
  public static let portsMax = 256
  /// Numbers have ten digits.
  static let segmentsMax: UInt64 = 9_999_999_999

  /// "RCKJRNL1".
  static let magic: UInt64 = 0x314c_4e52_4a4b_4352
  static let version: UInt32 = 1
  /// "RCKB".
  static let blockMagic: UInt32 = 0x424b_4352
}

/// The header page of a segment.
struct SegmentHeader {
  let base: UnsafeMutableRawPointer

  init(at base: UnsafeMutableRawPointer) { self.base = base }

  private static let magicAt = 0
  private static let versionAt = 8
  private static let flagsAt = 12
  private static let regionAt = 16
  private static let numberAt = 24
  private static let blockAt = 32
  private static let madeAt = 40
  private static let chainAt = 48
  private static let checksumAt = 52
  private static let configurationAt = 64
  private static let sequencesAt = 1024

  private func long(_ at: Int) -> UnsafeMutablePointer<UInt64> {
    (base + at).assumingMemoryBound(to: UInt64.self)
  }
  private func short(_ at: Int) -> UnsafeMutablePointer<UInt32> {
    (base + at).assumingMemoryBound(to: UInt32.self)
  }

  var region: UInt64 { long(SegmentHeader.regionAt).pointee }
  var number: UInt64 { long(SegmentHeader.numberAt).pointee }
  var made_ns: Int64 { Int64(bitPattern: long(SegmentHeader.madeAt).pointee) }
  /// The number of its first block, and the checksum of the block before that.
  var block: UInt64 { long(SegmentHeader.blockAt).pointee }
  var chain: UInt32 { short(SegmentHeader.chainAt).pointee }
  /// RCK_JOURNAL_.
  var flags: UInt32 { short(SegmentHeader.flagsAt).pointee }
  var config: UnsafeMutablePointer<rck_config> {
    (base + SegmentHeader.configurationAt).assumingMemoryBound(to: rck_config.self)
  }
  /// Of each port the sequence of its last record before this segment.
  var sequences: UnsafeMutablePointer<UInt64> { long(SegmentHeader.sequencesAt) }

  func make(_ state: State, number: UInt64, block: UInt64, chain: UInt32, time_ns: Int64, kept: UInt32) {
    platform_clear(base, UInt64(SegmentHeader.sequencesAt))
    long(SegmentHeader.magicAt).pointee = Form.magic
    short(SegmentHeader.versionAt).pointee = Form.version
    short(SegmentHeader.flagsAt).pointee = SegmentHeader.flags(of: state, kept)
    long(SegmentHeader.regionAt).pointee = state.region.name
    long(SegmentHeader.numberAt).pointee = number
    long(SegmentHeader.blockAt).pointee = block
    long(SegmentHeader.madeAt).pointee = UInt64(bitPattern: time_ns)
    short(SegmentHeader.chainAt).pointee = chain
    platform_copy(config, state.config, UInt64(MemoryLayout<rck_config>.size))
    short(SegmentHeader.checksumAt).pointee = checksum
  }

  /// `kept` are those of a snapshot, which says itself whether it holds commands; of a journal 0.
  private static func flags(of state: State, _ kept: UInt32) -> UInt32 {
    let told = kept == 0 ? state.region.openFlags : 0
    let one = state.config.pointee.discipline == UInt32(RCK_ONE_WRITER)
    return kept | (told & UInt32(RCK_TELL_COMMANDS) != 0 ? UInt32(RCK_JOURNAL_COMMANDS) : 0)
      | (told & UInt32(RCK_TELL_MARKET) != 0 ? UInt32(RCK_JOURNAL_MARKET) : 0)
      | (one ? UInt32(RCK_JOURNAL_ONE_WRITER) : 0)
  }

  private var checksum: UInt32 {
    let before = platform_crc32c(0, base, UInt64(SegmentHeader.checksumAt))
    let rest = SegmentHeader.checksumAt &+ 4
    return platform_crc32c(before, base + rest, UInt64(Form.headerBytes &- rest))
  }

  enum Judgement { case sound, otherVersion, damaged }

  var judgement: Judgement {
    if long(SegmentHeader.magicAt).pointee != Form.magic { return .damaged }
    if short(SegmentHeader.versionAt).pointee != Form.version { return .otherVersion }
    if short(SegmentHeader.checksumAt).pointee != checksum || number == 0 || block == 0 { return .damaged }
    let isWhole = config.pointee.struct_size == UInt32(MemoryLayout<rck_config>.size)
    return isWhole && Configuration.fault(of: config.pointee) == nil ? .sound : .damaged
  }
}

/// The header line of a block.
struct BlockHeader {
  let base: UnsafeMutableRawPointer

  init(at base: UnsafeMutableRawPointer) { self.base = base }

  private static let checkedFrom = 8

  enum Kind {
    static let records: UInt16 = 1
    static let end: UInt16 = 2
  }

  private func long(_ at: Int) -> UnsafeMutablePointer<UInt64> {
    (base + at).assumingMemoryBound(to: UInt64.self)
  }
  private func short(_ at: Int) -> UnsafeMutablePointer<UInt32> {
    (base + at).assumingMemoryBound(to: UInt32.self)
  }
  private func half(_ at: Int) -> UnsafeMutablePointer<UInt16> {
    (base + at).assumingMemoryBound(to: UInt16.self)
  }

  var isOne: Bool { short(0).pointee == Form.blockMagic && lines <= UInt32(Form.blockLinesMax) }
  var checksum: UInt32 { short(4).pointee }
  var number: UInt64 { long(8).pointee }
  var lines: UInt32 { short(16).pointee }
  var records: UInt32 { short(20).pointee }
  var port: UInt16 { half(24).pointee }
  var kind: UInt16 { half(26).pointee }
  var chain: UInt32 { short(28).pointee }
  var firstSequence: UInt64 { long(32).pointee }
  var lastSequence: UInt64 { long(40).pointee }
  var firstTime: Int64 { Int64(bitPattern: long(48).pointee) }
  var lastTime: Int64 { Int64(bitPattern: long(56).pointee) }

  func make(_ block: Block, kind: UInt16, number: UInt64, chain: UInt32) {
    short(0).pointee = Form.blockMagic
    long(8).pointee = number
    short(16).pointee = UInt32(truncatingIfNeeded: block.lines)
    short(20).pointee = block.records
    half(24).pointee = block.port
    half(26).pointee = kind
    short(28).pointee = chain
    long(32).pointee = block.firstSequence
    long(40).pointee = block.lastSequence
    long(48).pointee = UInt64(bitPattern: block.firstTime)
    long(56).pointee = UInt64(bitPattern: block.lastTime)
  }

  /// The checksum of what its header says; that of its lines goes on from it.
  var headerChecksum: UInt32 {
    platform_crc32c(0, base + BlockHeader.checkedFrom, UInt64(Form.lineBytes &- BlockHeader.checkedFrom))
  }

  func seal(_ checksum: UInt32) { short(4).pointee = checksum }
}

/// What a block comes to.
struct Block {
  var port: UInt16 = 0
  var records: UInt32 = 0
  var lines: UInt64 = 0
  var firstSequence: UInt64 = 0
  var lastSequence: UInt64 = 0
  var firstTime: Int64 = 0
  var lastTime: Int64 = 0

  mutating func add(_ event: UnsafePointer<rck_event>) {
    if records == 0 {
      firstSequence = event.pointee.sequence
      firstTime = event.pointee.time_ns
    }
    records &+= 1
    lines &+= UInt64(event.pointee.lines)
    lastSequence = event.pointee.sequence
    lastTime = event.pointee.time_ns
  }
}
