import Synchronization

/// A signed counter in the region. Everything that is added, compared with a limit, or summed is a cell.
public struct Cell: ~Copyable {
  public let value: Atomic<Int64>
}

/// An unsigned word in the region: an index, a sequence, a tagged link.
public struct Word: ~Copyable {
  public let bits: Atomic<UInt64>
}

public typealias CellPointer = UnsafeMutablePointer<Cell>
public typealias WordPointer = UnsafeMutablePointer<Word>

/// How shared cells are written. One source, two machine codes: `ManyWriters` compiles to locked
/// instructions, `OneWriter` to plain loads and stores. A structure that is generic over its discipline may
/// be read by any thread under either.
public protocol Discipline: PairDiscipline {
  /// Nobody else writes, so what a call has begun, it has also ended before the next one begins.
  static var isAlone: Bool { get }
  /// Adds and returns what was there before. Wraps; bounds are the caller's business.
  static func add(_ cell: CellPointer, _ amount: Int64) -> Int64
  /// Replaces `expected` by `desired`. Acquires on both outcomes, releases on success.
  static func replace(_ word: WordPointer, _ expected: UInt64, by desired: UInt64) -> Bool
  static func replace(_ cell: CellPointer, _ expected: Int64, by desired: Int64) -> Bool
}

/// Any number of threads write.
public enum ManyWriters: Discipline {
  @inline(__always)
  public static func add(_ cell: CellPointer, _ amount: Int64) -> Int64 {
    // Relaxed: a sum publishes nothing but itself.
    cell.pointee.value.wrappingAdd(amount, ordering: .relaxed).oldValue
  }

  @inline(__always)
  public static func replace(_ word: WordPointer, _ expected: UInt64, by desired: UInt64) -> Bool {
    // Acquire: what the displaced word names is read next. Release: what `desired` names was written before.
    word.pointee.bits.compareExchange(
      expected: expected, desired: desired, successOrdering: .acquiringAndReleasing,
      failureOrdering: .acquiring
    ).exchanged
  }

  @inline(__always)
  public static func replace(_ cell: CellPointer, _ expected: Int64, by desired: Int64) -> Bool {
    cell.pointee.value.compareExchange(
      expected: expected, desired: desired, successOrdering: .acquiringAndReleasing,
      failureOrdering: .acquiring
    ).exchanged
  }
}

/// One thread writes. Not an atomic read-modify-write: a second writer would lose updates.
public enum OneWriter: Discipline {
  @inline(__always) public static var isAlone: Bool { true }

  @inline(__always)
  public static func add(_ cell: CellPointer, _ amount: Int64) -> Int64 {
    let old = cell.pointee.value.load(ordering: .relaxed)  // own last store
    cell.pointee.value.store(old &+ amount, ordering: .relaxed)
    return old
  }

  @inline(__always)
  public static func replace(_ word: WordPointer, _ expected: UInt64, by desired: UInt64) -> Bool {
    guard word.pointee.bits.load(ordering: .relaxed) == expected else { return false }
    word.pointee.bits.store(desired, ordering: .releasing)  // readers follow what `desired` names
    return true
  }

  @inline(__always)
  public static func replace(_ cell: CellPointer, _ expected: Int64, by desired: Int64) -> Bool {
    guard cell.pointee.value.load(ordering: .relaxed) == expected else { return false }
    cell.pointee.value.store(desired, ordering: .releasing)
    return true
  }
}

extension Discipline {
  @inline(__always) public static var isAlone: Bool { false }

  /// Adds `amount` >= 0 unless the sum would exceed `limit`. False leaves the cell as it was.
  /// The test and the addition are one step: no interleaving takes the cell above the limit.
  @inline(__always)
  public static func reserve(_ cell: CellPointer, _ amount: Int64, limit: Int64) -> Bool {
    var old = cell.pointee.value.load(ordering: .relaxed)  // the replacement below proves it
    while true {
      let (sum, overflow) = old.addingReportingOverflow(amount)
      if overflow || sum > limit { return false }
      if replace(cell, old, by: sum) { return true }
      old = cell.pointee.value.load(ordering: .relaxed)
    }
  }

  /// Raises the cell to at least `floor` and returns what it then holds or held above it.
  @inline(__always)
  public static func raise(_ cell: CellPointer, to floor: Int64) -> Int64 {
    var old = cell.pointee.value.load(ordering: .acquiring)
    while old < floor {
      if replace(cell, old, by: floor) { return floor }
      old = cell.pointee.value.load(ordering: .acquiring)
    }
    return old
  }
}

extension UnsafeMutableRawPointer {
  /// The cell at a byte offset. The memory is the region's, aligned to 8.
  @inline(__always)
  public func cell(_ offset: Int) -> CellPointer { (self + offset).assumingMemoryBound(to: Cell.self) }

  @inline(__always)
  public func word(_ offset: Int) -> WordPointer { (self + offset).assumingMemoryBound(to: Word.self) }
}
