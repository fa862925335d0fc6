import Foundation
import Synchronization
import XCTest

@testable import RiskMemory

/// What the tests of RiskMemory share: zeroed memory with guarded ends, threads, and a generator that
/// repeats.

/// Zeroed memory between two guard bands. The structures under test may not touch the bands.
final class Memory {
  let base: UnsafeMutableRawPointer
  let bytes: Int
  private let whole: UnsafeMutableRawPointer
  private static let band = 4096
  private static let mark: UInt8 = 0xA5

  init(bytes: Int) {
    self.bytes = bytes
    whole = .allocate(byteCount: bytes + 2 * Memory.band, alignment: 4096)
    base = whole + Memory.band
    memset(whole, Int32(Memory.mark), bytes + 2 * Memory.band)
    memset(base, 0, bytes)
  }

  deinit { whole.deallocate() }

  var isIntactAround: Bool {
    let ends = [whole, base + bytes]
    return ends.allSatisfy { end in
      // All bytes are the mark: the first is, and each equals the one before it.
      end.load(as: UInt8.self) == Memory.mark && memcmp(end, end + 1, Memory.band - 1) == 0
    }
  }

  /// The memory as plain words. ThreadSanitizer sees these accesses; it does not see `load` and
  /// `storeBytes`, which a debug build calls in the standard library.
  var words: UnsafeMutablePointer<UInt64> { base.assumingMemoryBound(to: UInt64.self) }

  var contents: [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: bytes)) }

  func restore(_ contents: [UInt8]) {
    contents.withUnsafeBytes { base.copyMemory(from: $0.baseAddress!, byteCount: min(bytes, $0.count)) }
  }

  func fill(using random: inout Seeded) {
    for offset in 0..<bytes {
      base.storeBytes(of: UInt8(truncatingIfNeeded: random.next()), toByteOffset: offset, as: UInt8.self)
    }
  }
}

/// A test case whose memory lives until its end: views hold bare pointers, so nothing else keeps it.
class MemoryTestCase: XCTestCase {
  private var kept: [Memory] = []

  func zeroed(bytes: Int) -> Memory {
    let memory = Memory(bytes: bytes)
    kept.append(memory)
    return memory
  }

  override func tearDown() {
    kept = []
    super.tearDown()
  }
}

/// SplitMix64: a failing run is repeated by its seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// What the threads of one run share; each writes the result of its own number only.
private struct Crew<Outcome>: @unchecked Sendable {
  let body: (Int) -> Outcome
  let results: UnsafeMutablePointer<Outcome?>
}

/// Runs `body` on `count` threads that start together, and returns what each returned.
func onThreads<Outcome>(_ count: Int, _ body: @escaping (Int) -> Outcome) -> [Outcome] {
  let crew = Crew<Outcome>(body: body, results: .allocate(capacity: count))
  crew.results.initialize(repeating: nil, count: count)
  defer {
    crew.results.deinitialize(count: count)
    crew.results.deallocate()
  }
  let start = DispatchSemaphore(value: 0)
  let group = DispatchGroup()
  for index in 0..<count {
    group.enter()
    let thread = Thread {
      start.wait()
      crew.results[index] = crew.body(index)
      group.leave()
    }
    thread.start()
  }
  for _ in 0..<count { start.signal() }
  group.wait()
  return (0..<count).map { crew.results[$0]! }
}

/// A discipline whose next replacements let something else happen just before they do: interleavings that
/// two threads would need luck for. One thread at a time may use it.
enum Staged: Discipline {
  nonisolated(unsafe) private static var interruptions: [() -> Void] = []

  /// Before the first replacement from now the first of these runs, before the second the second; what an
  /// interruption itself replaces is not interrupted.
  static func interrupt(_ interruptions: [() -> Void]) { self.interruptions = interruptions }

  static var isSpent: Bool { interruptions.isEmpty }

  private static func pause() {
    guard !interruptions.isEmpty else { return }
    let rest = Array(interruptions.dropFirst())
    let first = interruptions[0]
    interruptions = []
    first()
    interruptions = rest
  }

  static func add(_ cell: CellPointer, _ amount: Int64) -> Int64 { ManyWriters.add(cell, amount) }

  static func replace(_ word: WordPointer, _ expected: UInt64, by desired: UInt64) -> Bool {
    pause()
    return ManyWriters.replace(word, expected, by: desired)
  }

  static func replace(_ cell: CellPointer, _ expected: Int64, by desired: Int64) -> Bool {
    pause()
    return ManyWriters.replace(cell, expected, by: desired)
  }

  static func replace(_ pair: PairPointer, _ expected: WordPair, by desired: WordPair) -> Bool {
    pause()
    return ManyWriters.replace(pair, expected, by: desired)
  }

  static func lower(_ cell: CellPointer, by amount: Int64) { ManyWriters.lower(cell, by: amount) }
}
