import XCTest

@testable import RiskMemory

/// What the histogram promises. Its oracle is the sorted array of the values; HdrHistogram's own answers for
/// the same values are in hdr_golden.txt, which hdr_golden.py writes.
final class HistogramTests: MemoryTestCase {
  private func fresh() -> (Memory, Histogram) {
    let memory = zeroed(bytes: Histogram.bytes)
    return (memory, Histogram(at: memory.base))
  }

  func testZeroMemoryIsAnEmptyHistogram() {
    let (_, histogram) = fresh()
    XCTAssertEqual([histogram.count, histogram.overflowed, histogram.min, histogram.max], [0, 0, 0, 0])
    for share in [Int64(0), 1, 500_000, 1_000_000] {
      XCTAssertEqual(histogram.percentile(millionths: share), 0)
    }
  }

  func testBucketsFollowEachOtherWithoutGapOrOverlap() {
    XCTAssertEqual(Histogram.index(of: 0), 0)
    for index in 0..<Histogram.overflow {
      XCTAssertEqual(Histogram.index(of: Histogram.top(of: index)), index)
      XCTAssertEqual(Histogram.index(of: Histogram.top(of: index) + 1), index + 1)
    }
    XCTAssertEqual(Histogram.top(of: Histogram.overflow - 1), Histogram.end - 1)
  }

  func testABucketIsNarrowerThanOne128thOfItsLeastValue() {
    var least: Int64 = 0
    for index in 0..<Histogram.overflow {
      let top = Histogram.top(of: index)
      XCTAssertTrue((top - least) * 128 < max(least, 1), "bucket \(index)")
      least = top + 1
    }
  }

  func testMemoryIsWhatBytesSays() {
    let (memory, histogram) = fresh()
    for value in [Int64(0), Histogram.end - 1, Histogram.end, .max] { histogram.record(value) }
    XCTAssertTrue(memory.isIntactAround)
    XCTAssertGreaterThanOrEqual(Histogram.bytes, Histogram.bucketsOffset + (Histogram.overflow + 1) * 8)
    XCTAssertEqual(Histogram.bytes % 64, 0)
    XCTAssertLessThan(Histogram.bytes, Histogram.bucketsOffset + (Histogram.overflow + 1) * 8 + 64)
  }

  func testValuesBeyondTheRangeAreCountedAndTheGreatestIsExact() {
    let (_, histogram) = fresh()
    for value in [5, Histogram.end - 1, Histogram.end, Histogram.end * 3 + 1] { histogram.record(value) }
    XCTAssertEqual(histogram.count, 4)
    XCTAssertEqual(histogram.overflowed, 2)
    XCTAssertEqual(histogram.max, Histogram.end * 3 + 1)
    XCTAssertEqual(histogram.percentile(millionths: 500_000), Histogram.end - 1)
    XCTAssertEqual(histogram.percentile(millionths: 750_000), Histogram.end * 3 + 1)
  }

  func testANegativeValueCountsAsZeroAndTheGreatestInt64IsItself() {
    let (_, histogram) = fresh()
    histogram.record(.max)
    XCTAssertEqual([histogram.min, histogram.max], [.max, .max])
    histogram.record(.min)
    XCTAssertEqual([histogram.min, histogram.max, histogram.count], [0, .max, 2])
  }

  func testASharesRankIsRoundedUp() {
    let (_, histogram) = fresh()
    for value in 1...3 { histogram.record(Int64(value)) }
    XCTAssertEqual(histogram.percentile(millionths: -1), 1)
    XCTAssertEqual(histogram.percentile(millionths: 333_333), 1)
    XCTAssertEqual(histogram.percentile(millionths: 333_334), 2)
    XCTAssertEqual(histogram.percentile(millionths: 666_667), 3)
    XCTAssertEqual(histogram.percentile(millionths: 2_000_000), 3)
  }

  func testCountsBeyondWhatAProductWouldHoldStillRank() {
    let (_, histogram) = fresh()
    histogram.bucket(10).pointee.value.store(1 << 61, ordering: .relaxed)
    histogram.bucket(20).pointee.value.store(1 << 61, ordering: .relaxed)
    histogram.record(30)
    XCTAssertEqual(histogram.percentile(millionths: 499_999), 10)
    XCTAssertEqual(histogram.percentile(millionths: 500_001), 20)
  }

  func testPercentilesAreNeverBelowTheSampleNorMoreThanOne128thAboveIt() {
    for (name, values) in samples(seed: 11, count: 20_000) {
      let (_, histogram) = fresh()
      for value in values { histogram.record(value) }
      let sorted = values.sorted()
      XCTAssertEqual(histogram.count, Int64(values.count))
      XCTAssertEqual([histogram.min, histogram.max], [sorted.first, sorted.last])
      XCTAssertEqual(histogram.percentile(millionths: 1_000_000), sorted.last)
      for share in stride(from: Int64(1), through: 1_000_000, by: 9973) {
        let rank = (Int64(values.count) * share + 999_999) / 1_000_000
        let (exact, ours) = (sorted[Int(rank) - 1], histogram.percentile(millionths: share))
        XCTAssertTrue(ours >= exact && (ours - exact) * 128 < max(exact, 1), "\(name) \(share)")
      }
    }
  }

  func testMergingSeveralIsTheSameAsRecordingAllInOne() {
    let (allMemory, all) = fresh()
    let (mergedMemory, merged) = fresh()
    for (_, values) in samples(seed: 5, count: 2000) {
      let (_, part) = fresh()
      for value in values {
        part.record(value)
        all.record(value)
      }
      merged.merge(part)
    }
    merged.merge(fresh().1)
    XCTAssertEqual(mergedMemory.contents, allMemory.contents)
  }

  func testReadersBesideTheWriterSeeOnlyWhatWasRecorded() {
    let memory = zeroed(bytes: Histogram.bytes)
    let sound = onThreads(4) { thread -> Bool in
      let histogram = Histogram(at: memory.base)
      if thread == 0 {
        for value in 0..<20_000 { histogram.record(1000 + Int64(value % 24)) }
        return true
      }
      var last: Int64 = 0
      for _ in 0..<20 {
        let count = histogram.count
        let median = histogram.percentile(millionths: 500_000)
        guard count >= last, count <= 20_000, median == 0 || (1000...1023).contains(median) else {
          return false
        }
        last = count
      }
      return true
    }
    XCTAssertEqual(sound, [true, true, true, true])
    XCTAssertEqual(Histogram(at: memory.base).count, 20_000)
  }

  func testPercentilesAgreeWithHdrHistogramWithinBothErrors() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "hdr_golden.txt")
    var (shares, rows): ([String], Int) = ([], 0)
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    where !line.hasPrefix("#") {
      let words = line.split(separator: " ").map(String.init)
      if words[0] == "distribution" {
        shares = Array(words.dropFirst(3))
        continue
      }
      let (seed, count) = (try XCTUnwrap(UInt64(words[1])), try XCTUnwrap(Int(words[2])))
      let values = try XCTUnwrap(samples(seed: seed, count: count).first { $0.name == words[0] }).values
      let (_, histogram) = fresh()
      for value in values { histogram.record(value) }
      for (share, word) in zip(shares, words.dropFirst(3)) {
        let theirs = try XCTUnwrap(Int64(word))
        let ours = Int64(share).map(histogram.percentile(millionths:)) ?? histogram.max
        // Ours lies up to 1/128 above the sample, theirs up to 1/1000.
        XCTAssertTrue(
          ours * 128 <= theirs * 129 + 128 && theirs * 1000 <= ours * 1001 + 1000,
          "\(words[0]) \(share): \(ours), HdrHistogram \(theirs)")
        rows += 1
      }
    }
    XCTAssertEqual(rows, 18)
  }

  /// The same values as hdr_golden.py makes, of SplitMix64 and integers only.
  private func samples(seed: UInt64, count: Int) -> [(name: String, values: [Int64])] {
    func values(_ draw: (inout Seeded) -> UInt64) -> [Int64] {
      var random = Seeded(seed)
      return (0..<count).map { _ in Int64(draw(&random)) }
    }
    return [
      ("uniform", values { 1 + $0.next() % 1_000_000 }),
      (
        "tail",
        values { random in
          let octave = min(random.next().leadingZeroBitCount, 26)
          return (500 + random.next() % 500) << UInt64(octave)
        }
      ),
      (
        "bimodal",
        values { random in
          let slow = random.next() % 100 >= 95
          return slow ? 50_000 + random.next() % 20_000 : 400 + random.next() % 100
        }
      ),
    ]
  }
}
