import CRiskCheck

/// A literal that ends up in a fault. Like Label, but taken apart where it is written, where the compiler
/// knows that it is text, so that nothing has to be checked later.
public struct Label: ExpressibleByStringLiteral {
  let start: UnsafePointer<UInt8>
  let count: Int

  @inline(__always)
  public init(stringLiteral text: StaticString) {
    start = text.utf8Start
    count = text.utf8CodeUnitCount
  }
}

/// Why a cold call did nothing: the status, the argument that was refused, and what would have been allowed.
/// It becomes the caller's `rck_fault`.
public struct Refusal {
  public var status: rck_status
  public var record: Label
  public var field: Label
  public var value: Int64
  public var minimum: Int64
  public var maximum: Int64
  public var systemError: Int32 = 0

  public init(
    _ status: rck_status, _ record: Label, _ field: Label = "", value: Int64 = 0,
    minimum: Int64 = 0, maximum: Int64 = 0
  ) {
    self.status = status
    self.record = record
    self.field = field
    self.value = value
    self.minimum = minimum
    self.maximum = maximum
  }

  /// An error of the operating system, given as -errno.
  public init(system error: Int32, _ status: rck_status, _ record: Label, _ field: Label = "") {
    self.init(status, record, field)
    systemError = 0 &- error
  }

  /// Writes the fault, if the caller wants one, and returns the status.
  public func report(to fault: UnsafeMutablePointer<rck_fault>?) -> rck_status {
    guard let fault else { return status }
    var filled = rck_fault()
    filled.status = status
    filled.system_error = systemError
    filled.value = value
    filled.minimum = minimum
    filled.maximum = maximum
    withUnsafeMutableBytes(of: &filled.record) { fill($0, with: record) }
    withUnsafeMutableBytes(of: &filled.field) { fill($0, with: field) }
    fault.pointee = filled
    return status
  }
}

/// Copies a literal into a zeroed buffer, cut to leave its last byte zero.
public func fill(_ buffer: UnsafeMutableRawBufferPointer, with text: Label) {
  fill(buffer, with: text.start, count: text.count)
}

public func fill(_ buffer: UnsafeMutableRawBufferPointer, with text: UnsafePointer<UInt8>, count: Int) {
  guard let start = buffer.baseAddress else { return }
  var at = 0
  while at < count && at < buffer.count &- 1 {
    start.storeBytes(of: text[at], toByteOffset: at, as: UInt8.self)
    at &+= 1
  }
}

/// A capacity or size as the fault shows it.
@inline(__always)
public func shown(_ value: UInt64) -> Int64 { Int64(clamping: value) }
