import Synchronization

/// How often each latency occurred, in nanoseconds: one writer, any number of readers, no division and no
/// floating point. Values below 256 have a bucket each; above, every octave has 128, so what a percentile
/// says is at most 1/128 above a value that was recorded, and never below it. Least and greatest are exact.
///
/// Value v < 2^36 has bucket s x 128 + (v >> s) with s = max(0, floor(log2 v) - 7): v >> s then lies in
/// 128...255, so octaves follow each other without a gap. What is 2^36 (69 s) or longer goes to one more
/// bucket, counted as any other, whose upper end is the greatest value; what is negative counts as 0.
///
/// A reader sees each cell at some instant. Totals are added up from the buckets, so that they always agree
/// with them. The least value is kept as its distance from the greatest Int64: zero memory holds none.
public struct Histogram {
  static var octaveBits: Int64 { 7 }
  static var overflow: Int { 3840 }  // 36 - 7 + 1 octaves of 128
  static var bucketsOffset: Int { 64 }  // after the line of the extremes

  /// Bytes of a histogram, aligned to 64. All zero is an empty one.
  public static var bytes: Int { @inline(__always) get { 30_848 } }  // 64 + 3,841 x 8, rounded up to lines
  /// The first value that has no bucket of its own.
  public static var end: Int64 { @inline(__always) get { 1 << 36 } }

  let memory: UnsafeMutableRawPointer

  @inline(__always)
  public init(at memory: UnsafeMutableRawPointer) { self.memory = memory }

  var greatest: CellPointer { @inline(__always) get { memory.cell(0) } }
  var least: CellPointer { @inline(__always) get { memory.cell(8) } }

  @inline(__always)
  func bucket(_ index: Int) -> CellPointer { memory.cell(Self.bucketsOffset &+ index &* 8) }

  @inline(__always)
  static func index(of value: Int64) -> Int {
    guard value < end else { return overflow }
    let octave = 63 &- Int64(truncatingIfNeeded: (value | 255).leadingZeroBitCount)  // 7 or more
    let shift = octave &- octaveBits
    return Int(truncatingIfNeeded: shift &<< octaveBits &+ (value &>> shift))
  }

  /// The largest value of a bucket below the overflow.
  static func top(of index: Int) -> Int64 {
    let bucket = Int64(truncatingIfNeeded: index)
    let shift = bucket < 256 ? 0 : (bucket &>> octaveBits) &- 1
    return ((bucket &- shift &<< octaveBits &+ 1) &<< shift) &- 1
  }

  /// Counts one value. One thread at a time.
  @inline(__always)
  public func record(_ value: Int64) {
    let value = value > 0 ? value : 0
    raise(greatest, to: value)
    raise(least, to: Int64.max &- value)
    _ = OneWriter.add(bucket(Self.index(of: value)), 1)
  }

  @inline(__always)
  func raise(_ cell: CellPointer, to value: Int64) {
    // Relaxed: own last store, and no reader concludes anything from it.
    if cell.pointee.value.load(ordering: .relaxed) < value {
      cell.pointee.value.store(value, ordering: .relaxed)
    }
  }

  /// Counts everything that another histogram holds. One thread at a time.
  public func merge(_ other: Histogram) {
    var index = 0
    while index <= Self.overflow {
      let count = other.count(in: index)
      if count != 0 { _ = OneWriter.add(bucket(index), count) }
      index &+= 1
    }
    raise(greatest, to: other.greatest.pointee.value.load(ordering: .relaxed))
    raise(least, to: other.least.pointee.value.load(ordering: .relaxed))
  }
}

extension Histogram {
  @inline(__always)
  func count(in index: Int) -> Int64 { bucket(index).pointee.value.load(ordering: .relaxed) }

  /// Buckets below the overflow, for who adds up several histograms: how many values one holds, and the largest that it
  /// may hold.
  public static var buckets: Int { overflow }
  public func count(inBucket index: Int) -> Int64 { count(in: index) }
  public static func greatest(inBucket index: Int) -> Int64 { top(of: index) }

  /// How many values were recorded.
  public var count: Int64 {
    var (sum, index) = (Int64(0), 0)
    while index <= Self.overflow {
      sum &+= count(in: index)
      index &+= 1
    }
    return sum
  }

  /// How many of them were 2^36 or more.
  public var overflowed: Int64 { count(in: Self.overflow) }

  /// The greatest value recorded; 0 when there is none.
  public var max: Int64 { greatest.pointee.value.load(ordering: .relaxed) }

  /// The least value recorded; 0 when there is none.
  public var min: Int64 {
    let distance = least.pointee.value.load(ordering: .relaxed)
    return distance == 0 ? max : Int64.max &- distance  // none, or nothing but the greatest Int64
  }

  /// A value that at least `millionths` of the recorded ones do not exceed: 500,000 asks for the median,
  /// 999,900 for the 99.99th percentile. 0 asks for the least. 0 when nothing was recorded.
  public func percentile(millionths: Int64) -> Int64 {
    let share = millionths < 0 ? 0 : millionths > 1_000_000 ? 1_000_000 : millionths
    if share == 0 { return min }
    let count = count
    // Rounded up, and split so that nothing exceeds 64 bits.
    let rank = count / 1_000_000 &* share &+ (count % 1_000_000 &* share &+ 999_999) / 1_000_000
    var (sum, index) = (Int64(0), 0)
    while index < Self.overflow {
      sum &+= self.count(in: index)
      if sum >= rank {
        let top = Self.top(of: index)
        return top < max ? top : max
      }
      index &+= 1
    }
    return max
  }
}
