import CPlatform
import RiskMemory
import Synchronization

/// What a region holds, apart from whose it is: what a snapshot keeps, and another region of the same configuration can
/// take over. Everything in it is offsets and numbers, so it means the same there.
extension State {
  public static let lineBytes = 64
  /// The sections, and behind them what changes in the header.
  public static let parts = Sections.count &+ 1

  /// A part as whole lines; nil if none is kept: rings hold what was told, not what is so.
  public func part(_ index: Int) -> (start: UnsafeMutableRawPointer, lines: Int)? {
    if index == Sections.count { return (region.changing, Region.changingBytes / State.lineBytes) }
    if index < 0 || index > Sections.count || index == Sections.portRings { return nil }
    // Sections begin at whole pairs of lines, so the last line of each is its own.
    let section = region.section(index)
    let bytes = Int(truncatingIfNeeded: section.count &* section.each)
    return (region.start(of: index), (bytes &+ State.lineBytes &- 1) / State.lineBytes)
  }

  /// Takes over what another region of the same configuration holds. Lines that are alike stay untouched. Nobody works
  /// in this one.
  public func take(from other: State) {
    var index = 0
    while index < State.parts {
      if let to = part(index), let from = other.part(index) {
        var at = 0
        while at < to.lines &* State.lineBytes {
          if !State.isAlike(to.start + at, from.start + at) {
            platform_copy_line(to.start + at, from.start + at)
          }
          at &+= State.lineBytes
        }
      }
      index &+= 1
    }
  }

  /// The same with a file that others may open: a kill in the midst leaves one that was never finished.
  public func takeWhole(from other: State, opened: UInt64) {
    region.unfinish()
    take(from: other)
    region.setTimesOpened(opened)
    region.finish()
  }

  private static func isAlike(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer) -> Bool {
    var (at, different): (Int, UInt64) = (0, 0)
    while at < lineBytes {
      different |= platform_load64(left + at) ^ platform_load64(right + at)
      at &+= 8
    }
    return different == 0
  }

  /// Whether a line says nothing.
  public static func isEmpty(_ line: UnsafeRawPointer) -> Bool {
    var (at, found): (Int, UInt64) = (0, 0)
    while at < lineBytes {
      found |= platform_load64(line + at)
      at &+= 8
    }
    return found == 0
  }

  /// An empty region of the same configuration and name, in zero memory of its size.
  public func makeBlank(at memory: UnsafeMutableRawPointer) -> State {
    let identity = Region.headerBytes &- Region.changingBytes
    platform_copy(memory, region.base, UInt64(truncatingIfNeeded: identity))
    return State(Region(at: memory))
  }

  /// After its lines were left behind: every ring is empty, and counts on.
  public func emptyRings() {
    var index = 0
    while let port = port(index) {
      port.ring.leaveLines()
      index &+= 1
    }
  }

  // MARK: Going on from a snapshot

  /// What the restored region tells first. The engine's records before it are the snapshot's.
  public func tellRestored(_ kind: Int32, from name: UInt64, _ opened: UInt64) {
    // Alone.
    region.restoredFrom.pointee.bits.store(name, ordering: .relaxed)
    region.restoredAt.pointee.bits.store(journal.lastSequence, ordering: .relaxed)
    tell(kind, name, Int64(truncatingIfNeeded: opened))
    region.restored.pointee.bits.store(journal.lastSequence, ordering: .relaxed)
  }

  /// Whether nothing has happened since the region was restored.
  public var isRestored: Bool {
    let first = region.restored.pointee.bits.load(ordering: .relaxed)
    return first != 0 && journal.lastSequence == first
  }

  /// The region that a restored one goes on from.
  public var restoredFrom: UInt64 { region.restoredFrom.pointee.bits.load(ordering: .relaxed) }

  /// The number of the last record of a port that a restored region has taken over.
  public func restoredSequence(_ index: Int) -> UInt64 {
    index == 0
      ? region.restoredAt.pointee.bits.load(ordering: .relaxed) : port(index)?.lastSequence ?? 0
  }
}
