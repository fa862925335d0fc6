import Foundation
import XCTest

@testable import RiskMemory

final class TableTests: MemoryTestCase {
  /// Memory for nodes of `stride` bytes, followed by the buckets.
  private func make<D: Discipline>(
    _: D.Type, capacity: Int, buckets: Int, stride: Int = 16
  ) -> (Memory, Table<D>) {
    let memory = zeroed(bytes: capacity * stride + buckets * 8)
    return (memory, view(memory, capacity, buckets, stride))
  }

  private func view<D: Discipline>(
    _ memory: Memory, _ capacity: Int, _ buckets: Int, _ stride: Int
  ) -> Table<D> {
    Table<D>(
      nodes: memory.base, stride: stride, capacity: capacity, buckets: memory.base + capacity * stride,
      bucketCount: buckets)
  }

  private func link(_ memory: Memory, _ offset: Int) -> UInt64 {
    memory.base.load(fromByteOffset: offset, as: UInt64.self)
  }

  private func set(_ memory: Memory, _ offset: Int, _ word: UInt64) {
    memory.base.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
  }

  // MARK: - One thread

  func testTheBucketCountIsThePowerOfTwoAtOrAboveTwiceTheCapacity() {
    for (capacity, buckets) in [(1, 2), (2, 4), (3, 8), (4, 8), (65536, 131072), (16_777_215, 33_554_432)] {
      XCTAssertEqual(Table<ManyWriters>.bucketCount(capacity: capacity), buckets)
    }
  }

  func testTheTableAgreesWithADictionaryUnderRandomCalls() {
    func check<D: Discipline>(_ discipline: D.Type, _ seed: UInt64) {
      var random = Seeded(seed)
      let capacity = Int.random(in: 1...40, using: &random)
      let buckets = 1 << Int.random(in: 0...6, using: &random)
      let (memory, table) = make(
        discipline, capacity: capacity, buckets: buckets, stride: 16 + Int(seed % 3) * 8)
      let keys = [0, 1, UInt64.max, UInt64.max - 1] + (0..<60).map { _ in random.next() }
      var model: [UInt64: Int] = [:]
      var free = Array(0..<capacity)
      for _ in 0..<6000 {
        let key = keys.randomElement(using: &random)!
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          if let index = model[key] {
            guard let spare = free.last else { continue }
            XCTAssertEqual(table.insert(key, at: spare), .present(index))
          } else if let index = free.popLast() {
            XCTAssertEqual(table.insert(key, at: index), .inserted)
            model[key] = index
          }
        case 1:
          let expected = model.removeValue(forKey: key)
          XCTAssertEqual(table.remove(key), expected.map { .removed($0) } ?? .absent)
          if let expected { free.append(expected) }
        default:
          XCTAssertEqual(table.find(key), model[key].map { .found($0) } ?? .absent)
        }
      }
      XCTAssertEqual(table.recover(), model.count)
      for key in keys { XCTAssertEqual(table.find(key), model[key].map { .found($0) } ?? .absent) }
      table.clear()
      for key in keys { XCTAssertEqual(table.find(key), .absent) }
      XCTAssertEqual(table.recover(), 0)
      XCTAssertTrue(memory.isIntactAround)
    }
    for seed in 1...8 as ClosedRange<UInt64> {
      check(ManyWriters.self, seed)
      check(OneWriter.self, seed)
    }
  }

  func testIndicesOutsideAreRefused() {
    let (memory, table) = make(ManyWriters.self, capacity: 4, buckets: 8)
    for index in [-1, 4, Int.max, Int.min] { XCTAssertEqual(table.insert(9, at: index), .broken) }
    XCTAssertTrue(memory.contents.allSatisfy { $0 == 0 })
  }

  func testEveryChangeOfALinkRaisesItsTag() {
    let (memory, table) = make(ManyWriters.self, capacity: 1, buckets: 1)
    var seen: Set<UInt64> = []
    for _ in 0..<100 {
      XCTAssertEqual(table.insert(5, at: 0), .inserted)
      XCTAssertTrue(seen.insert(link(memory, 0) << 1).inserted, "the node's link came back")
      XCTAssertEqual(table.remove(5), .removed(0))
      XCTAssertTrue(seen.insert(link(memory, 0) << 1).inserted, "the node's link came back")
    }
    XCTAssertEqual(link(memory, 16) >> 24, 200)
  }

  func testATagThatWrapsReachesNeitherMarkNorIndex() {
    let (memory, table) = make(ManyWriters.self, capacity: 2, buckets: 1)
    let last = UInt64(0x7FFF_FFFF_FF00_0000)
    for offset in [0, 16, 32] { set(memory, offset, last) }
    XCTAssertEqual(table.insert(5, at: 0), .inserted)
    XCTAssertEqual(table.insert(4, at: 1), .inserted)
    XCTAssertEqual(table.find(5), .found(0))
    XCTAssertEqual(table.remove(5), .removed(0))
    XCTAssertEqual(table.find(4), .found(1))
    XCTAssertEqual(table.remove(4), .removed(1))
    XCTAssertEqual(table.recover(), 0)
  }

  /// Reading must not need write permission: another process may have mapped the region read-only.
  func testFindWorksOnReadOnlyMemory() throws {
    let bytes = 3 * 4096
    let mapped = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    let base = try XCTUnwrap(mapped)
    XCTAssertNotEqual(base, MAP_FAILED)
    defer { munmap(base, bytes) }
    let table = Table<ManyWriters>(
      nodes: base, stride: 64, capacity: 100, buckets: base + 2 * 4096, bucketCount: 4)
    for index in 0..<100 where index * 64 < 2 * 4096 {
      XCTAssertEqual(table.insert(UInt64(index * 3), at: index), .inserted)
    }
    (base + 5 * 64).storeBytes(of: (base + 5 * 64).load(as: UInt64.self) | 1 << 63, as: UInt64.self)
    XCTAssertEqual(mprotect(base, bytes, PROT_READ), 0)
    for index in 0..<100 {
      XCTAssertEqual(table.find(UInt64(index * 3)), index == 5 ? .absent : .found(index))
      XCTAssertEqual(table.find(UInt64(index * 3 + 1)), .absent)
    }
  }

  // MARK: - Interleavings

  func testAKeyInsertedByAnotherBeforeTheSwapWins() {
    let (_, table) = make(Staged.self, capacity: 3, buckets: 1)
    XCTAssertEqual(table.insert(1, at: 0), .inserted)
    Staged.interrupt([{ XCTAssertEqual(table.insert(5, at: 1), .inserted) }])
    XCTAssertEqual(table.insert(5, at: 2), .present(1))
    XCTAssertTrue(Staged.isSpent)
    XCTAssertEqual(table.recover(), 2)
  }

  func testAKeyRemovedByAnotherBeforeTheMarkIsAbsent() {
    let (_, table) = make(Staged.self, capacity: 3, buckets: 1)
    XCTAssertEqual(table.insert(5, at: 1), .inserted)
    Staged.interrupt([{ XCTAssertEqual(table.remove(5), .removed(1)) }])
    XCTAssertEqual(table.remove(5), .absent)
    XCTAssertTrue(Staged.isSpent)
  }

  /// The node is out and back under its old key: the mark must not hit its next life.
  func testAMarkMeantForOneLifeOfANodeMissesTheNext() {
    let (_, table) = make(Staged.self, capacity: 3, buckets: 1)
    XCTAssertEqual(table.insert(5, at: 1), .inserted)
    var lives = 0
    Staged.interrupt([
      {
        XCTAssertEqual(table.remove(5), .removed(1))
        XCTAssertEqual(table.insert(5, at: 1), .inserted)
        lives += 1
      }
    ])
    // The removal starts again and takes the second life, once.
    XCTAssertEqual(table.remove(5), .removed(1))
    XCTAssertEqual(lives, 1)
    XCTAssertEqual(table.find(5), .absent)
    XCTAssertEqual(table.recover(), 0)
  }

  /// A removed predecessor: the insertion behind it must not go down with it.
  func testAnInsertionBehindANodeThatIsRemovedBeforeTheSwapIsNotLost() {
    for reused in [false, true] {
      let (_, table) = make(Staged.self, capacity: 4, buckets: 1)
      for key in [1, 9] as [UInt64] { XCTAssertEqual(table.insert(key, at: Int(key / 9)), .inserted) }
      Staged.interrupt([
        {
          XCTAssertEqual(table.remove(1), .removed(0))
          if reused { XCTAssertEqual(table.insert(20, at: 0), .inserted) }
        }
      ])
      XCTAssertEqual(table.insert(5, at: 2), .inserted)
      XCTAssertTrue(Staged.isSpent)
      XCTAssertEqual(table.find(5), .found(2))
      XCTAssertEqual(table.find(9), .found(1))
      XCTAssertEqual(table.find(20), reused ? .found(0) : .absent)
      XCTAssertEqual(table.recover(), reused ? 3 : 2)
    }
  }

  /// The mark is set, the predecessor changes: `remove` may return only once the node is out, or its next
  /// use would take the rest of the list along.
  func testARemovedNodeIsOutOfTheListWhenRemoveReturns() {
    for change in 0..<3 {
      let (memory, table) = make(Staged.self, capacity: 5, buckets: 1)
      for key in 1...3 { XCTAssertEqual(table.insert(UInt64(key * 10), at: key - 1), .inserted) }
      Staged.interrupt([
        {},
        {
          switch change {
          case 0: XCTAssertEqual(table.insert(15, at: 3), .inserted)
          case 1: XCTAssertEqual(table.remove(10), .removed(0))
          default: XCTAssertEqual(table.remove(30), .removed(2))
          }
        },
      ])
      XCTAssertEqual(table.remove(20), .removed(1))
      XCTAssertTrue(Staged.isSpent)
      for offset in [0, 32, 48, 80] {
        XCTAssertNotEqual(link(memory, offset) & (1 << 63 | 0xFF_FFFF), 2, "still linked, change \(change)")
      }
      XCTAssertEqual(table.insert(40, at: 1), .inserted)
      XCTAssertEqual(table.find(30), change == 2 ? .absent : .found(2))
      XCTAssertEqual(table.recover(), change == 0 ? 4 : 2)
    }
  }

  // MARK: - Kills and damage

  /// A kill after the mark leaves the node linked: nobody may believe it, anybody may take it out.
  func testARemovalThatStoppedAfterItsMarkIsCompletedByTheNext() {
    for action in 0..<4 {
      let (memory, table) = make(ManyWriters.self, capacity: 4, buckets: 1)
      for key in 1...3 { XCTAssertEqual(table.insert(UInt64(key), at: key - 1), .inserted) }
      set(memory, 16, link(memory, 16) | 1 << 63)
      XCTAssertEqual(table.find(2), .absent)
      XCTAssertEqual(table.find(3), .found(2))
      switch action {
      case 0: XCTAssertEqual(table.insert(2, at: 3), .inserted)
      case 1: XCTAssertEqual(table.remove(2), .absent)
      case 2: XCTAssertEqual(table.remove(3), .removed(2))
      default: XCTAssertEqual(table.recover(), 2)
      }
      XCTAssertNotEqual(link(memory, 0) & 0xFF_FFFF, 2, "the marked node is still linked")
      XCTAssertEqual(table.find(1), .found(0))
      XCTAssertEqual(table.find(2), action == 0 ? .found(3) : .absent)
      XCTAssertEqual(table.find(3), action == 2 ? .absent : .found(2))
    }
  }

  func testListsThatAreOutOfOrderCircularOrLeaveTheTableAreReported() {
    for (name, damage) in [
      ("circle", [(32, 1)]), ("self", [(16, 2)]), ("outside", [(16, 5)]), ("far outside", [(16, 0xFF_FFFF)]),
      ("order", [(24, 30)]), ("repeated key", [(24, 10)]), ("bucket marked", [(64, 1 << 63 | 1)]),
    ] as [(String, [(Int, UInt64)])] {
      let (memory, table) = make(ManyWriters.self, capacity: 4, buckets: 1)
      for key in 1...3 { XCTAssertEqual(table.insert(UInt64(key * 10), at: key - 1), .inserted) }
      for (offset, word) in damage { set(memory, offset, word) }
      XCTAssertNil(table.recover(), name)
      XCTAssertEqual(table.find(40), .broken, name)
      XCTAssertEqual(table.remove(40), .broken, name)
      XCTAssertEqual(table.insert(40, at: 3), .broken, name)
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  func testANodeThatIsLinkedAlreadyIsNotLinkedBeforeItself() {
    let (_, table) = make(ManyWriters.self, capacity: 2, buckets: 1)
    XCTAssertEqual(table.insert(10, at: 0), .inserted)
    XCTAssertEqual(table.insert(5, at: 0), .broken)
  }

  func testDamagedMemoryNeitherTrapsNorHangsNorReachesOutside() {
    for seed in 1...400 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let (memory, table) = make(ManyWriters.self, capacity: 12, buckets: 4)
      if seed % 4 == 0 {
        memory.fill(using: &random)
      } else {
        // A sound table in which some links, marks and keys are wrong but in range.
        for index in 0..<12 { _ = table.insert(random.next() % 40, at: index) }
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          let offset = Int.random(in: 0..<memory.bytes / 8, using: &random) * 8
          set(memory, offset, random.next() & (1 << 63 | 0xF << 24) | random.next() % 13)
        }
      }
      for _ in 0..<200 {
        let key = random.next() % 3 == 0 ? UInt64.max : random.next() % 40
        switch random.next() % 4 {
        case 0: _ = table.insert(key, at: Int(random.next() % 12))
        case 1: _ = table.remove(key)
        default: if case .found(let index) = table.find(key) { XCTAssertLessThan(index, 12) }
        }
      }
      _ = table.recover()
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  // MARK: - Threads

  func testOfManyInsertionsAndRemovalsOfOneKeyExactlyOneWins() {
    let keys = 60_000
    let (memory, table) = make(ManyWriters.self, capacity: keys * 4, buckets: 8192)
    let inserted = onThreads(4) { thread in
      (0..<keys).map { table.insert(UInt64($0), at: thread * keys + $0) }
    }
    let winners = (0..<keys).map { key in (0..<4).filter { inserted[$0][key] == .inserted } }
    XCTAssertTrue(winners.allSatisfy { $0.count == 1 })
    for key in 0..<keys {
      for thread in 0..<4 where thread != winners[key][0] {
        XCTAssertEqual(inserted[thread][key], .present(winners[key][0] * keys + key))
      }
    }
    let removed = onThreads(4) { _ in (0..<keys).map { table.remove(UInt64($0)) } }
    for key in 0..<keys {
      XCTAssertEqual(
        (0..<4).map { removed[$0][key] }.filter { $0 != .absent }, [.removed(winners[key][0] * keys + key)])
    }
    XCTAssertEqual(table.recover(), 0)
    XCTAssertTrue(memory.isIntactAround)
  }

  /// Nodes are re-used at once and under other keys. The record beside a node is plain memory that its
  /// owner writes before the insertion and its remover reads: ThreadSanitizer sees a node with two owners.
  /// Keys that stay are always found, keys that never come are never found.
  func testChurnLosesNothingAndInventsNothing() {
    for (buckets, churned) in [(1, 12), (4, 24)] {
      let stay = 8
      let capacity = stay + churned
      let (memory, table) = make(ManyWriters.self, capacity: capacity, buckets: buckets)
      let pool = zeroed(bytes: Slots<ManyWriters>.bytes(capacity: capacity, stripes: 4))
      let slots = Slots<ManyWriters>(at: pool.base, capacity: capacity, stripes: 4)
      let payload = zeroed(bytes: capacity * 8)
      var staying: [Int] = []
      for key in 0..<stay {
        staying.append(Slots<ManyWriters>.index(slots.acquire(stripe: 0)))
        XCTAssertEqual(table.insert(UInt64(key * 5), at: staying[key]), .inserted)
      }
      let outcomes = onThreads(4) { [staying] thread -> String? in
        var random = Seeded(UInt64(thread + 10))
        for step in 0..<100_000 {
          let key = random.next() % 8 * 5
          if table.find(key) != .found(staying[Int(key / 5)]) {
            return "step \(step): \(table.find(key)) for \(key)"
          }
          if table.find(key + 1) != .absent { return "step \(step): key \(key + 1) was never inserted" }
          let churn = random.next() % 6 * 5 + 2 + random.next() % 3
          if step & 1 == 0 {
            let token = slots.acquire(stripe: thread)
            if token == 0 { continue }
            let index = Slots<ManyWriters>.index(token)
            payload.words[index] = token ^ churn
            switch table.insert(churn, at: index) {
            case .inserted: break
            case .present: if !slots.release(token, stripe: thread) { return "own token refused" }
            case .broken: return "step \(step): insertion found it broken"
            }
          } else {
            switch table.remove(churn) {
            case .absent: break
            case .broken: return "step \(step): removal found it broken"
            case .removed(let index):
              let token = payload.words[index] ^ churn
              if Slots<ManyWriters>.index(token) != index {
                return "step \(step): node \(index) of another key"
              }
              if !slots.release(token, stripe: thread) { return "step \(step): removed twice" }
            }
          }
        }
        return nil
      }
      XCTAssertEqual(outcomes.compactMap { $0 }, [])
      XCTAssertEqual(table.recover(), slots.takenCount)
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  func testReadersOfAOneWriterTableFindWhatStays() {
    let (_, table) = make(OneWriter.self, capacity: 20, buckets: 1)
    for key in 0..<8 { XCTAssertEqual(table.insert(UInt64(key * 3), at: key), .inserted) }
    let outcomes = onThreads(4) { thread -> String? in
      var random = Seeded(UInt64(thread))
      for step in 0..<100_000 {
        let key = random.next() % 8 * 3
        if thread > 0 {
          if table.find(key) != .found(Int(key / 3)) { return "step \(step): \(table.find(key))" }
          if table.find(key + 1) != .absent { return "step \(step): invented" }
        } else {
          let node = 8 + step % 12
          if table.insert(key + 2, at: node) == .inserted, table.remove(key + 2) != .removed(node) {
            return "lost"
          }
        }
      }
      return nil
    }
    XCTAssertEqual(outcomes.compactMap { $0 }, [])
    XCTAssertEqual(table.recover(), 8)
  }
}
