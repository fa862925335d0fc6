import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// A region of a small configuration on the heap.
final class SmallRegion {
  let memory: UnsafeMutableRawPointer
  let bytes: Int
  var state: State { State(Region(at: memory)) }

  init(_ change: (inout rck_config) -> Void = { _ in }) {
    var config = Configuration.standard
    config.accounts_max = 4
    config.groups_max = 4
    config.strategies_max = 4
    config.instruments_max = 4
    config.currencies_max = 2
    config.orders_max = 16
    config.ports_max = 2
    config.ring_lines = 64
    config.flags = 0
    change(&config)
    bytes = Int(Sections.plan(config) { _, _ in }!)
    memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    State.make(in: memory, config, bytes: UInt64(bytes)).region.finish()
  }

  deinit { memory.deallocate() }
}

func named<Kind>(_ definition: Kind, _ name: String) -> Kind {
  var copy = definition
  withUnsafeMutableBytes(of: &copy) { bytes in
    for (index, byte) in name.utf8.enumerated() { bytes[State.nameAt + index] = byte }
  }
  return copy
}

func currency(_ id: UInt32 = 1) -> rck_currency {
  var currency = rck_currency()
  currency.struct_size = UInt32(MemoryLayout<rck_currency>.size)
  currency.id = id
  currency.rate = 1
  return currency
}

func instrument(_ id: UInt32 = 1) -> rck_instrument {
  var instrument = rck_instrument()
  instrument.struct_size = UInt32(MemoryLayout<rck_instrument>.size)
  instrument.id = id
  instrument.currency = 1
  instrument.multiplier = 1
  instrument.lot = 1
  instrument.tick = 1
  return instrument
}

final class DefinitionTests: XCTestCase {
  func testUnitsOfAnInstrumentStayWhilePositionsExist() throws {
    let region = SmallRegion()
    let state = region.state
    XCTAssertNil(state.set(currency()))
    XCTAssertNil(state.set(instrument()))
    let changes: [(String, (inout rck_instrument) -> Void)] = [
      ("price_decimals", { $0.price_decimals = 2 }), ("quantity_decimals", { $0.quantity_decimals = 2 }),
      ("multiplier", { $0.multiplier = 2 }), ("multiplier_decimals", { $0.multiplier_decimals = 2 }),
      ("currency", { $0.currency = 2 }),
    ]
    XCTAssertNil(state.set(currency(2)))
    for (field, change) in changes {
      var changed = instrument()
      change(&changed)
      _ = OneWriter.add(try XCTUnwrap(state.positionsCell(1)), 1)
      let refusal = state.set(changed)
      XCTAssertEqual(refusal?.status, RCK_E_IN_USE, field)
      var kept = rck_instrument()
      XCTAssertEqual(state.get(1, into: &kept), RCK_OK)
      XCTAssertEqual(kept.price_decimals, 0)
      XCTAssertEqual(kept.currency, 1)
      var free = instrument()
      free.lot = 5
      XCTAssertNil(state.set(free), "what is not a unit may change")
      _ = OneWriter.add(try XCTUnwrap(state.positionsCell(1)), -1)
      XCTAssertNil(state.set(changed), "without positions \(field) may change")
      XCTAssertNil(state.set(instrument()))
    }
  }

  func testNamesAreRebuiltFromRecordsWhateverAKillLeft() {
    let region = SmallRegion()
    let state = region.state
    XCTAssertNil(state.set(named(currency(1), "EUR")))
    XCTAssertNil(state.set(named(currency(2), "USD")))
    // A kill between the row and the name: the table still has the old name, or none.
    let renamed = named(currency(1), "GBP")
    withUnsafeBytes(of: renamed) {
      var copy = [UInt8]($0)
      copy += [UInt8](repeating: 0, count: 64 - min(64, copy.count))
      XCTAssertEqual(state.rows(1).publish(0, from: copy, spare: 0), .published)
    }
    XCTAssertEqual(find(state, "EUR").status, RCK_E_UNKNOWN)
    XCTAssertTrue(state.recover(consumer: true))
    XCTAssertEqual(find(state, "GBP").id, 1)
    XCTAssertEqual(find(state, "USD").id, 2)
    XCTAssertNil(find(state, "EUR").id)
    XCTAssertNil(state.set(named(currency(2), "EUR")), "the old name is free")
  }

  func testARecordThatNoCallCouldHaveSetIsFoundAtRecovery() {
    let region = SmallRegion()
    let state = region.state
    var wrong = currency()
    wrong.rate = 0
    withUnsafeBytes(of: wrong) {
      var copy = [UInt8]($0)
      copy += [UInt8](repeating: 0, count: 64 - min(64, copy.count))
      XCTAssertEqual(state.rows(1).publish(0, from: copy, spare: 0), .published)
    }
    XCTAssertFalse(state.recover(consumer: true))
  }

  func testABrokenNameTableLatchesTheRegion() {
    let region = SmallRegion()
    let state = region.state
    XCTAssertNil(state.set(named(currency(1), "EUR")))
    let buckets = region.state.region.section(Sections.nameBuckets)
    for index in 0..<Int(buckets.count) {
      let word = region.memory.word(Int(buckets.offset) + index * 8)
      word.pointee.bits.store(0x00ff_ffff, ordering: .relaxed)
    }
    XCTAssertEqual(state.set(named(currency(2), "USD"))?.status, RCK_E_FAILED)
    XCTAssertEqual(state.region.failedSite, State.Site.names)
  }

  func testSectionsFollowEachOtherWithoutOverlapAndEndAtTheRegionsSize() {
    let region = SmallRegion()
    var end = UInt64(Region.headerBytes)
    for index in 0..<Sections.count {
      let section = region.state.region.section(index)
      XCTAssertGreaterThanOrEqual(section.offset, end)
      XCTAssertEqual(section.offset % 128, 0)
      XCTAssertLessThan(section.offset - end, 128)
      end = section.offset + section.count * section.each
    }
    XCTAssertLessThan(UInt64(region.bytes) - end, 128)
    XCTAssertEqual(
      region.state.region.identify(fileBytes: UInt64(region.bytes)), .sound(bytes: UInt64(region.bytes)))
    XCTAssertTrue(State.describesItself(region.state.region))
  }

  func testEveryChangedWordOfTheIdentityShows() {
    let region = SmallRegion()
    let state = region.state.region
    // All of the identity but the magic, which has an answer of its own.
    for offset in stride(from: 8, to: 1536, by: 8) {
      for bit in [0, 7, 31, 63] {
        let word = region.memory.word(offset)
        let old = word.pointee.bits.load(ordering: .relaxed)
        word.pointee.bits.store(old ^ (1 << UInt64(bit)), ordering: .relaxed)
        if case .sound = state.identify(fileBytes: UInt64(region.bytes)) {
          XCTFail("bit \(bit) at \(offset) is not covered")
        }
        word.pointee.bits.store(old, ordering: .relaxed)
      }
    }
  }

  private func find(_ state: State, _ name: String) -> (id: UInt32?, status: rck_status) {
    var bytes = [UInt8](name.utf8)
    bytes.append(0)
    return state.find(1, Name(from: bytes)!)
  }
}
