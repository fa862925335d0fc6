import Synchronization
import XCTest

@testable import RiskMemory

/// A total, the stamp that its callers look at, and its memory as it lies there: what tests of it share.
final class TotalBed {
  static let portsMost = 4
  private let memory = Memory(bytes: (portsMost + 2) * Total<ManyWriters>.stride)

  func port<D: Discipline>(_ port: Int, _: D.Type) -> Total<D> {
    Total<D>(at: memory.base, port: port, ports: TotalBed.portsMost)
  }
  func port(_ number: Int) -> Total<ManyWriters> { port(number, ManyWriters.self) }

  var stamp: WordPointer { memory.base.word((TotalBed.portsMost + 1) * Total<ManyWriters>.stride) }
  /// The generation in force.
  var now: UInt64 { stamp.pointee.bits.load(ordering: .acquiring) }

  var drawn: Int64 { memory.base.cell(0).pointee.value.load(ordering: .acquiring) }
  /// The rest of each port's lease; nil: it is closed.
  var rests: [Int64?] {
    (1...TotalBed.portsMost).map {
      let rest = memory.base.word($0 * Total<ManyWriters>.stride).pointee.bits.load(ordering: .acquiring)
      return rest == 0 ? nil : Int64(rest) - 1
    }
  }
  var hasLeases: Bool { rests.contains { $0 != nil } }
  var taken: Int64 { drawn - rests.reduce(0) { $0 + ($1 ?? 0) } }
  /// {epoch, state}: open 0, closing 1, closed 2, held 3.
  var gate: UInt64 { memory.base.word(8).pointee.bits.load(ordering: .acquiring) }
  var isOpen: Bool { gate & 3 == 0 }
  var isIntactAround: Bool { memory.isIntactAround }

  func take(_ amount: Int64, upTo level: Int64, port number: Int = 1) -> Total<ManyWriters>.Taken {
    port(number).take(amount, upTo: level, stamp, now)
  }
  func lower(by amount: Int64, port number: Int = 1) { port(number).lower(by: amount, stamp, now) }

  /// What publishing another level does.
  func publish(_ meanwhile: () -> Void = {}) {
    port(0).hold()
    meanwhile()
    stamp.pointee.bits.store(now + 1, ordering: .releasing)
    port(0).letGo()
  }

  /// Both ports have a lease: of 64 each, since there is room.
  static func leased(upTo level: Int64 = 1 << 20) -> TotalBed {
    let bed = TotalBed()
    for port in [1, 2, 1, 2] { XCTAssertEqual(bed.take(1, upTo: level, port: port), .granted) }
    XCTAssertEqual(bed.rests, [64, 64, nil, nil])
    return bed
  }
}

final class TotalTests: XCTestCase {
  private let wide: Int64 = 1 << 20

  // MARK: Without leases

  func testAnAmountIsGrantedUpToTheLevelAndARefusalSaysWhatTheTotalIs() {
    func check<D: Discipline>(_ type: D.Type) {
      let bed = TotalBed()
      let total = bed.port(1, type)
      func take(_ amount: Int64, upTo level: Int64) -> Total<D>.Taken {
        total.take(amount, upTo: level, bed.stamp, bed.now)
      }
      XCTAssertEqual(take(40, upTo: 100), .granted)
      XCTAssertEqual(take(60, upTo: 100), .granted, "a sum equal to the level")
      XCTAssertEqual(take(1, upTo: 100), .exceeds(100))
      XCTAssertEqual(take(0, upTo: 100), .granted)
      XCTAssertEqual(take(0, upTo: 99), .exceeds(100), "a level below what is taken")
      XCTAssertEqual(take(.max, upTo: .max), .exceeds(100), "an overflow is over every level")
      total.lower(by: 1, bed.stamp, bed.now)
      XCTAssertEqual(take(2, upTo: 100), .exceeds(99))
      XCTAssertEqual(take(1, upTo: 100), .granted)
      XCTAssertEqual([total.look(), total.most, bed.drawn], [100, 100, 100])
      total.lower(by: 100, bed.stamp, bed.now)
      XCTAssertEqual([total.look(), bed.drawn], [0, 0])
      XCTAssertTrue(bed.isIntactAround)
    }
    check(ManyWriters.self)
    check(OneWriter.self)
  }

  func testAnotherStampGrantsNothingBeyondALease() {
    let bed = TotalBed()
    XCTAssertEqual(bed.port(1).take(1, upTo: 100, bed.stamp, bed.now + 1), .contended)
    XCTAssertEqual(bed.drawn, 0)
    let leased = TotalBed.leased()
    let before = leased.now
    leased.publish()
    XCTAssertEqual(leased.port(1).take(1, upTo: wide, leased.stamp, before), .contended)
    XCTAssertEqual(leased.take(1, upTo: wide), .granted)
  }

  // MARK: When leases are handed out

  func testLeasesBeginWithTheSecondPort() {
    let bed = TotalBed()
    for held in 1...5 as ClosedRange<Int64> {
      XCTAssertEqual(bed.take(1, upTo: wide), .granted)
      XCTAssertEqual(bed.drawn, held, "one port needs none")
    }
    XCTAssertEqual(bed.take(1, upTo: wide, port: 2), .granted)
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual(bed.take(1, upTo: wide), .granted)
    XCTAssertEqual(bed.rests, [64, nil, nil, nil])
    XCTAssertEqual([bed.drawn, bed.port(0).look()], [71, 7])
    for _ in 0..<64 { XCTAssertEqual(bed.take(1, upTo: wide), .granted) }
    XCTAssertEqual([bed.drawn, bed.port(0).look()], [71, 71], "spent from the lease alone")
    XCTAssertEqual(bed.take(0, upTo: wide), .granted)
    XCTAssertEqual(bed.drawn, 71, "nothing is drawn for nothing")
  }

  func testTheAdministratorSaysNeverOrAlwaysAndHasNoLeaseHimself() {
    let bed = TotalBed()
    bed.port(0).setLeasing(Total<ManyWriters>.never)
    for held in 1...9 as ClosedRange<Int64> {
      XCTAssertEqual(bed.take(1, upTo: wide, port: Int(held % 3) + 1), .granted)
      XCTAssertEqual(bed.drawn, held)
    }
    bed.lower(by: 1, port: 2)
    XCTAssertEqual(bed.drawn, 8)
    bed.port(0).setLeasing(Total<ManyWriters>.always)
    XCTAssertEqual(bed.take(1, upTo: wide, port: 0), .granted)
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual(bed.take(1, upTo: wide), .granted)
    XCTAssertEqual(bed.rests, [64, nil, nil, nil])
    XCTAssertEqual(bed.port(0).leasing, Total<ManyWriters>.always)
  }

  func testABlockIsAThirtySecondOfTheRoomAtMostAndNoneBelowTheAmount() {
    for (level, amount, block) in [(64, 1, 1), (2_000, 1, 62), (2_200, 1, 64), (63, 2, nil), (640, 10, 19)]
      as [(Int64, Int64, Int64?)]
    {
      let bed = TotalBed()
      bed.port(0).setLeasing(Total<ManyWriters>.always)
      XCTAssertEqual(bed.take(amount, upTo: level), .granted)
      XCTAssertEqual(bed.rests[0], block, "\(amount) up to \(level)")
      XCTAssertEqual(bed.taken, amount)
    }
    let bed = TotalBed()
    bed.port(0).setLeasing(Total<ManyWriters>.always)
    XCTAssertEqual(bed.take(1 << 57, upTo: .max), .granted)
    XCTAssertEqual(bed.taken, 1 << 57)
    XCTAssertEqual(bed.rests[0], nil, "a block is no larger than 2^56")
  }

  // MARK: Giving back

  func testWhatIsGivenBackGoesIntoTheLeaseUntilItHoldsFourBlocks() {
    let bed = TotalBed.leased()
    let drawn = bed.drawn
    bed.lower(by: 1)
    XCTAssertEqual([bed.drawn, bed.rests[0]], [drawn, 65])
    bed.port(2).raise(by: 200) { self.wide }  // taken by another, to be given back here
    XCTAssertEqual(bed.taken, 203)
    bed.lower(by: 190)
    XCTAssertEqual(bed.rests[0], 255, "with what was there as many as four blocks, less one")
    bed.lower(by: 1)
    XCTAssertEqual(bed.rests[0], 128, "half of what it may hold stays")
    XCTAssertEqual([bed.taken, bed.port(0).look()], [12, 12])
  }

  func testAPortThatGivesBackOpensALeaseForItOnlyUnderTheLevelInForce() {
    let bed = TotalBed.leased()
    bed.lower(by: 1, port: 3)
    XCTAssertEqual([bed.rests[2], bed.taken], [1, 3])
    let before = bed.now
    bed.publish()
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual(bed.take(1, upTo: wide), .granted)  // the gate opens
    XCTAssertTrue(bed.isOpen)
    bed.port(3).lower(by: 1, bed.stamp, before)
    XCTAssertEqual([bed.rests[2], bed.taken], [nil, 3])
    bed.lower(by: 1, port: 0)
    XCTAssertEqual(bed.taken, 2)
  }

  // MARK: At the level

  func testLeasesAreCalledInAtTheLevelAndOpenAgainWithRoomForManyAmounts() {
    let level: Int64 = 4_096
    let bed = TotalBed.leased(upTo: level)
    XCTAssertEqual(bed.take(level, upTo: level, port: 3), .exceeds(4))
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual(bed.drawn, 4)
    XCTAssertEqual(bed.take(level - 4, upTo: level, port: 3), .granted, "there is room once leases are in")
    XCTAssertEqual(bed.take(1, upTo: level), .exceeds(level))
    XCTAssertEqual(bed.take(0, upTo: level), .granted)
    XCTAssertFalse(bed.isOpen, "nothing opens it for nothing")
    bed.lower(by: 128)
    XCTAssertFalse(bed.isOpen)
    XCTAssertEqual(bed.take(1, upTo: level), .granted)
    XCTAssertFalse(bed.isOpen, "room for 127 more is too little")
    bed.lower(by: 2)
    XCTAssertEqual(bed.take(1, upTo: level), .granted)
    XCTAssertTrue(bed.isOpen)
    XCTAssertEqual(bed.taken, level - 128)
  }

  func testAboveALevelAnAmountIsTakenUpToAHigherOneFromAnExactTotal() {
    let level: Int64 = 4_096
    let bed = TotalBed.leased(upTo: level)
    let least = bed.port(3).takeAbove(4_093, upTo: 5_000)
    XCTAssertEqual(least.taken, .granted)
    XCTAssertEqual(least.total, 4_097)
    XCTAssertFalse(bed.hasLeases)
    let most = bed.port(1).takeAbove(904, upTo: 5_000)
    XCTAssertEqual(most.taken, .exceeds(4_097))
    XCTAssertEqual(bed.port(1).takeAbove(903, upTo: 5_000).total, 5_000)
    XCTAssertEqual(bed.port(1).takeAbove(.max, upTo: .max).taken, .exceeds(5_000))
    XCTAssertEqual(bed.take(0, upTo: level), .exceeds(5_000))
    bed.lower(by: 904)
    XCTAssertEqual(bed.take(1, upTo: level), .exceeds(level))
  }

  func testAFactBeyondTheLevelShutsLeasesAndWhatEndsFillsNone() {
    let level: Int64 = 4_096
    let bed = TotalBed.leased(upTo: level)
    bed.port(1).raise(by: 10) { level }
    XCTAssertEqual([bed.rests[0], bed.taken], [54, 14], "out of the lease while it suffices")
    bed.port(1).raise(by: 5_000) { level }
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual([bed.drawn, bed.port(0).look()], [5_014, 5_014])
    bed.lower(by: 100)
    XCTAssertEqual(bed.take(1, upTo: level), .exceeds(4_914))
  }

  func testAHeldGateGrantsWithoutLeasesUntilItIsLetGo() {
    let bed = TotalBed.leased()
    bed.port(0).hold()
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual([bed.drawn, bed.taken], [4, 4])
    for port in [1, 2] { XCTAssertEqual(bed.take(1, upTo: wide, port: port), .granted) }
    bed.lower(by: 1)
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual(bed.take(1, upTo: 5), .exceeds(5))
    XCTAssertEqual(bed.port(1).takeAbove(1, upTo: 6).total, 6)
    XCTAssertEqual(bed.gate & 3, 3, "nobody else lets it go")
    bed.port(0).letGo()
    bed.port(0).letGo()
    XCTAssertEqual(bed.take(1, upTo: wide), .granted)
    XCTAssertEqual(bed.rests, [64, nil, nil, nil])
    XCTAssertEqual(bed.taken, 7)
  }

  func testClearBeginsAnewAtNothingAndWithNobody() {
    let bed = TotalBed.leased()
    bed.port(0).clear()
    XCTAssertEqual([bed.drawn, bed.port(0).look()], [0, 0])
    XCTAssertEqual(bed.gate, 0)
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual(bed.take(1, upTo: wide, port: 2), .granted)
    XCTAssertEqual(bed.take(1, upTo: wide, port: 2), .granted)
    XCTAssertFalse(bed.hasLeases, "one port needs none")
    XCTAssertTrue(bed.isIntactAround)
  }

  // MARK: Interleavings

  private let level: Int64 = 4_096

  /// Ports 1 and 2 have leases; what happens before the replacements of port 1's next call, in their order.
  private func staged(_ interruptions: [(TotalBed) -> Void]) -> (TotalBed, Total<Staged>) {
    let bed = TotalBed.leased(upTo: level)
    Staged.interrupt(interruptions.map { step in { step(bed) } })
    return (bed, bed.port(1, Staged.self))
  }

  private func exceed(_ bed: TotalBed, port: Int = 2, file: StaticString = #filePath, line: UInt = #line) {
    guard case .exceeds = bed.take(.max, upTo: level, port: port) else {
      return XCTFail("granted", file: file, line: line)
    }
  }

  func testAnAmountIsHeldAgainstWhatIsDrawnWhenItIsAdded() {
    let bed = TotalBed()
    Staged.interrupt([{ XCTAssertEqual(bed.take(100, upTo: 100, port: 1), .granted) }])
    XCTAssertEqual(bed.port(1, Staged.self).take(1, upTo: 100, bed.stamp, bed.now), .exceeds(100))
    XCTAssertTrue(Staged.isSpent)
  }

  func testWhatIsSpentWhileLeasesAreCalledInIsDrawn() {
    let (bed, total) = staged([{ self.exceed($0) }])
    XCTAssertEqual(total.take(1, upTo: level, bed.stamp, bed.now), .granted)
    XCTAssertTrue(Staged.isSpent)
    XCTAssertEqual([bed.taken, bed.port(0).look()], [5, 5])
  }

  func testALeaseThatOpensWhileTheGateClosesIsGivenBack() {
    let (bed, total) = staged([{ _ in }, { self.exceed($0) }])
    bed.port(1).raise(by: 64) { self.level }  // its lease is spent
    XCTAssertEqual(total.take(1, upTo: level, bed.stamp, bed.now), .granted)
    XCTAssertTrue(Staged.isSpent)
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual([bed.drawn, bed.taken], [69, 69])
  }

  func testALeaseThatOpensForWhatIsGivenBackWhileTheGateClosesIsGivenBack() {
    let (bed, _) = staged([{ self.exceed($0) }])
    bed.port(3, Staged.self).lower(by: 1, bed.stamp, bed.now)
    XCTAssertTrue(Staged.isSpent)
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual([bed.drawn, bed.taken], [3, 3])
  }

  /// The fourth replacement says that all leases of an epoch are in.
  func testWhoIsSlowToCloseDoesNotCloseALaterEpoch() {
    let (bed, total) = staged([
      { _ in }, { _ in }, { _ in },
      {
        self.exceed($0)
        for _ in 1...2 { XCTAssertEqual($0.take(1, upTo: self.level, port: 2), .granted) }
        XCTAssertTrue($0.isOpen && $0.hasLeases)
      },
    ])
    XCTAssertEqual(total.take(.max, upTo: level, bed.stamp, bed.now), .exceeds(6))
    XCTAssertTrue(Staged.isSpent)
    XCTAssertFalse(bed.isOpen || bed.hasLeases)
    XCTAssertEqual(bed.drawn, 6)
  }

  func testNobodyOpensTheGateWhoHasReadLess() {
    let beyond: [(TotalBed) -> Void] = [
      { $0.port(2).raise(by: 5_000) { self.level } },
      { XCTAssertEqual($0.port(2).takeAbove(5_000, upTo: 6_000).total, 5_004) },
    ]
    for step in beyond {
      let (bed, total) = staged([
        step,
        {
          $0.lower(by: 10, port: 3)
          XCTAssertNotEqual($0.take(10, upTo: self.level, port: 3), .granted, "above the level")
        },
      ])
      exceed(bed)
      XCTAssertEqual(total.take(1, upTo: level, bed.stamp, bed.now), .exceeds(5_004))
      XCTAssertFalse(bed.isOpen || bed.hasLeases)
      Staged.interrupt([])
    }
  }

  func testNobodyOpensTheGateOfALaterLevel() {
    let (bed, total) = staged([{ $0.publish() }])
    exceed(bed)
    XCTAssertEqual(total.take(1, upTo: level, bed.stamp, bed.now), .contended)
    XCTAssertTrue(Staged.isSpent)
    XCTAssertFalse(bed.isOpen)
  }
}
