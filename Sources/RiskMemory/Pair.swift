import Synchronization

/// Two words in the region that change as one: 16 bytes at an address divisible by 16 (the processor faults
/// otherwise). A load of both at once would be a locked write on x86-64, so the halves are read singly: a
/// reader may see halves of two states, and only a replacement that succeeds proves that it saw one.
public struct Pair: ~Copyable {
  public let both: Atomic<WordPair>
}

public typealias PairPointer = UnsafeMutablePointer<Pair>

/// What a discipline must know to keep a sum in step with pairs.
public protocol PairDiscipline {
  /// Replaces both words if both are as expected. Acquires on both outcomes, releases on success.
  static func replace(_ pair: PairPointer, _ expected: WordPair, by desired: WordPair) -> Bool
  /// Subtracts `amount` and releases: who then acquires the cell also sees why there is room. Wraps.
  static func lower(_ cell: CellPointer, by amount: Int64)
}

extension ManyWriters: PairDiscipline {
  @inline(__always)
  public static func replace(_ pair: PairPointer, _ expected: WordPair, by desired: WordPair) -> Bool {
    pair.pointee.both.compareExchange(
      expected: expected, desired: desired, successOrdering: .acquiringAndReleasing,
      failureOrdering: .acquiring
    ).exchanged
  }

  @inline(__always)
  public static func lower(_ cell: CellPointer, by amount: Int64) {
    cell.pointee.value.wrappingAdd(0 &- amount, ordering: .releasing)
  }
}

extension OneWriter: PairDiscipline {
  /// The second word is stored first: a process that is killed in between leaves the old first word, by which
  /// the pair is known to be of the old state.
  @inline(__always)
  public static func replace(_ pair: PairPointer, _ expected: WordPair, by desired: WordPair) -> Bool {
    let memory = UnsafeMutableRawPointer(pair)
    let (first, second) = (memory.word(0), memory.word(8))
    // Relaxed: own last stores.
    guard first.pointee.bits.load(ordering: .relaxed) == UInt64(truncatingIfNeeded: expected.first),
      second.pointee.bits.load(ordering: .relaxed) == UInt64(truncatingIfNeeded: expected.second)
    else { return false }
    // Release: readers conclude from what was stored before; and the order of the two, see above.
    second.pointee.bits.store(UInt64(truncatingIfNeeded: desired.second), ordering: .releasing)
    first.pointee.bits.store(UInt64(truncatingIfNeeded: desired.first), ordering: .releasing)
    return true
  }

  @inline(__always)
  public static func lower(_ cell: CellPointer, by amount: Int64) {
    cell.pointee.value.store(cell.pointee.value.load(ordering: .relaxed) &- amount, ordering: .releasing)
  }
}

extension UnsafeMutableRawPointer {
  /// The pair at a byte offset. The memory is the region's, aligned to 16.
  @inline(__always)
  public func pair(_ offset: Int) -> PairPointer { (self + offset).assumingMemoryBound(to: Pair.self) }

  /// Both halves of the pair at a byte offset, not read at one instant.
  @inline(__always)
  public func halves(_ offset: Int) -> WordPair {
    // Acquire: the first before the second, and both before what is decided on them.
    WordPair(
      first: UInt(truncatingIfNeeded: word(offset).pointee.bits.load(ordering: .acquiring)),
      second: UInt(truncatingIfNeeded: word(offset &+ 8).pointee.bits.load(ordering: .acquiring)))
  }
}
