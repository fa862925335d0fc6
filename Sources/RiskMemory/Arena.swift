/// The region's allocator: it hands out offsets while a region is planned and does not exist afterwards, so
/// nothing can allocate later. It is pure arithmetic: the same plan measures a region before it is made and
/// lays it out when it is.
public struct Arena {
  /// Sections start on lines of their own; 128, since neighbouring lines are fetched in pairs.
  public static let alignment: UInt64 = 128

  public private(set) var used: UInt64
  public private(set) var overflowed = false

  public init(after header: UInt64) { used = header }

  /// Room for `count` items of `each` bytes.
  public mutating func take(count: UInt64, each: UInt64) -> Section {
    let (bytes, tooMany) = count.multipliedReportingOverflow(by: each)
    let (end, tooLarge) = used.addingReportingOverflow(bytes)
    let (padded, wrapped) = end.addingReportingOverflow(Arena.alignment &- 1)
    if tooMany || tooLarge || wrapped {
      overflowed = true
      return Section(offset: 0, count: 0, each: 0)
    }
    let section = Section(offset: used, count: count, each: each)
    used = padded & ~(Arena.alignment &- 1)
    return section
  }
}

/// A run of equal items in the region.
public struct Section: Equatable {
  public var offset: UInt64
  public var count: UInt64
  public var each: UInt64

  public init(offset: UInt64, count: UInt64, each: UInt64) {
    self.offset = offset
    self.count = count
    self.each = each
  }
}
