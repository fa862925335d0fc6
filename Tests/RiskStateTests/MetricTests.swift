import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// Metrics as integers: compiled limits say of every double near a level what the definition says, exactly.
final class MetricTests: XCTestCase {
  private struct Exact {
    /// Of a double and a level: |value| x 10^decimals and |level|, both times 2^s.
    var value: UInt128
    var level: UInt128
    var isNegative: Bool
    var isLevelNegative: Bool

    /// Of doubles from 2^-60 to 2^63, and 0.
    init(_ double: Double, _ level: Int64, _ decimals: UInt32) {
      let parts = double.significandBitPattern | (double.exponentBitPattern == 0 ? 0 : 1 << 52)
      let exponent = double == 0 ? 0 : Int(double.exponentBitPattern) - 1075
      value = UInt128(parts) << UInt128(max(exponent, 0))
      for _ in 0..<decimals { value *= 10 }
      self.level = UInt128(level.magnitude) << UInt128(max(-exponent, 0))
      isNegative = double < 0
      isLevelNegative = level < 0
    }

    /// |value - level| <= 1e-9 x max(|value|, |level|)
    var isEqual: Bool {
      let apart = isNegative == isLevelNegative ? max(value, level) - min(value, level) : value + level
      let (high, low) = apart.multipliedFullWidth(by: 1_000_000_000)
      return high == 0 && low <= max(value, level)
    }

    var isGreater: Bool {
      if isNegative != isLevelNegative { return isLevelNegative && !isEqual }
      return (isNegative ? value < level : value > level) && !isEqual
    }

    func breaks(_ measure: Int32) -> Bool {
      switch measure {
      case RCK_MEASURE_GREATER: isGreater
      case RCK_MEASURE_AT_LEAST: isGreater || isEqual
      case RCK_MEASURE_LESS: !isGreater && !isEqual
      case RCK_MEASURE_AT_MOST: !isGreater
      case RCK_MEASURE_EQUAL: isEqual
      default: !isEqual
      }
    }
  }

  private func double(_ key: Int64) -> Double {
    let magnitude = Double(bitPattern: key.magnitude)
    return key < 0 ? -magnitude : magnitude
  }

  private func check(_ level: Int64, _ decimals: UInt32, _ memory: SmallMemory) {
    let (least, most) = Metric.equals(level, decimals)
    XCTAssertLessThan(most - least, 1 << 32)
    var keys: Set<Int64> = [0]
    for end in [least, most] { for step in -2...2 as ClosedRange<Int64> { keys.insert(end + step) } }
    if level != 0 {
      var middle = Double(level)
      for _ in 0..<decimals { middle /= 10 }
      for other in [middle, middle.nextUp, middle.nextDown, -middle, middle * 2] {
        keys.insert(Metric.key(other)!)
      }
    }
    for measure in RCK_MEASURE_GREATER...RCK_MEASURE_UNEQUAL {
      for armed in 0..<3 {
        var limit = rck_limit()
        limit.measure = UInt32(measure)
        limit.reference = decimals
        limit.levels = 1 << UInt32(armed)
        (limit.warn, limit.soft, limit.hard) = (level, level, level)
        var bound = Bound()
        bound.compile(metric: limit)
        memory.base.storeWords(bound)
        for key in keys {
          // Beside 0, where the smallest are, it is the sign alone that counts.
          let value = level == 0 ? (key < 0 ? -1 : key == 0 ? 0 : 1) : double(key)
          let exact = Exact(value, level, decimals)
          let said = Metrics.breaks(key, memory.base, armed, measure)
          XCTAssertEqual(said, exact.breaks(measure), "\(level) \(decimals) \(double(key)) \(measure)")
          for other in 0..<3 where other != armed {
            XCTAssertFalse(Metrics.breaks(key, memory.base, other, measure), "not armed")
          }
        }
      }
    }
  }

  func testCompiledLevelsSayOfNeighbouringDoublesWhatTheDefinitionSays() {
    let memory = SmallMemory()
    var draw = Draws(seed: 7)
    for decimals in 0...18 as ClosedRange<UInt32> {
      var levels: [Int64] = [0, 1, 2, 7, 999_999_999, 1_000_000_000, 1_000_000_001, 1 << 53, 1 << 60]
      for _ in 0..<2 { levels.append(Int64(1 + draw.below(1 << 30)) << Int64(draw.below(31))) }
      for level in levels {
        check(level, decimals, memory)
        check(-level, decimals, memory)
      }
    }
  }

  func testKeysAreOrderedAsDoublesAreAndOnlyNumbersHaveOne() {
    let numbers: [Double] = [
      -Double.greatestFiniteMagnitude, -1.5, -1, -Double.leastNormalMagnitude, -Double.leastNonzeroMagnitude,
      0,
      Double.leastNonzeroMagnitude, 1e-300, 1,
      1.5, Double.greatestFiniteMagnitude,
    ]
    let keys = numbers.map { Metric.key($0)! }
    XCTAssertEqual(keys, keys.sorted())
    XCTAssertEqual(Set(keys).count, numbers.count)
    XCTAssertEqual(Metric.key(-0.0), 0)
    for other in [Double.nan, -Double.nan, Double.signalingNaN, Double.infinity, -Double.infinity] {
      XCTAssertNil(Metric.key(other))
    }
  }

  func testAnyBitsCanBeShown() {
    for key in [Int64.min, Int64.max, Int64.min + 1, Metric.keyMax, -Metric.keyMax, 1, -1] {
      for level in [Int64.min, Int64.max, 0] {
        for decimals in [0, 18, UInt32.max] as [UInt32] {
          let shown = Metric.shown(key, decimals, beside: level)
          XCTAssertTrue(key.magnitude != 1 || shown.magnitude <= 1 || shown == level, "\(key) \(level)")
        }
      }
    }
    XCTAssertEqual(Metric.shown(Metric.key(-1.25)!, 1, beside: -20), -12)
    XCTAssertEqual(Metric.shown(Metric.key(-1.25)!, 1, beside: 0), -13)
    XCTAssertEqual(Metric.shown(Metric.key(1e18)!, 3, beside: 0), Int64.max)
  }

  /// Threads feed one metric, each key with a time of its own; a reader never sees one with another's.
  func testAReaderSeesValueAndTimeOfOneFeeding() {
    let region = deskRegion()
    nonisolated(unsafe) let (metrics, state) = (Metrics(region.state), region.state)
    let threads = (0..<3).map { number in
      Thread {
        for round in 1...20_000 as ClosedRange<Int64> {
          let time = round * 4 + Int64(number)
          _ = metrics.feed(7, time * 3, time: time)
        }
        _ = unusedCell(state).pointee.value.wrappingAdd(1, ordering: .releasing)
      }
    }
    threads.forEach { $0.start() }
    var last: Int64 = 0
    while unusedCell(state).pointee.value.load(ordering: .acquiring) < 3 {
      let (time, key) = metrics.read(7)
      if key != time * 3 || time < last { return XCTFail("\(time) \(key) \(last)") }
      last = time
    }
    XCTAssertEqual(metrics.read(7).time, 80_002)
    XCTAssertEqual(metrics.read(6).time + metrics.read(8).time, 0)
    XCTAssertFalse(metrics.feed(7, 1, time: 80_001))
    XCTAssertTrue(metrics.feed(7, 1, time: 80_002))
    XCTAssertTrue(metrics.isSound())
    XCTAssertTrue(metrics.feed(8, Metric.keyMax + 1, time: 1))
    XCTAssertFalse(metrics.isSound())
  }
}

/// One line.
private final class SmallMemory {
  let base = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
  deinit { base.deallocate() }
}
