import CRiskCheck

/// The 32 bytes of a name, as numbers: copied, compared and hashed without text. Bytes behind the first zero
/// are zero.
public struct Name: Equatable {
  public static let bytes = 32

  public var words: (UInt64, UInt64, UInt64, UInt64)

  public static func == (left: Name, right: Name) -> Bool {
    left.words == right.words
  }

  public static var empty: Name { Name() }

  private init() { words = (0, 0, 0, 0) }

  public var isEmpty: Bool { words.0 == 0 }

  /// Reads up to 32 bytes from `source`, stopping at the first zero. Nil unless it ends in time and is UTF-8
  /// without control characters.
  public init?(from source: UnsafeRawPointer) {
    words = (0, 0, 0, 0)
    let sound = withUnsafeMutableBytes(of: &words) { buffer -> Bool in
      guard let copy = buffer.baseAddress else { return false }
      var length = 0
      while length < Name.bytes {
        let byte = source.load(fromByteOffset: length, as: UInt8.self)
        if byte == 0 { return isText(copy, length) }
        copy.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
        length &+= 1
      }
      return false
    }
    if !sound { return nil }
  }

  public func store(to target: UnsafeMutableRawPointer) {
    withUnsafeBytes(of: words) { buffer in
      guard let start = buffer.baseAddress else { return }
      target.copyMemory(from: start, byteCount: Name.bytes)
    }
  }

  /// 64 well-mixed bits of kind and name.
  public func key(_ kind: Int) -> UInt64 {
    var hash = mixed(UInt64(truncatingIfNeeded: kind), 0x9e37_79b9_7f4a_7c15)
    hash = mixed(hash, words.0)
    hash = mixed(hash, words.1)
    hash = mixed(hash, words.2)
    hash = mixed(hash, words.3)
    return hash
  }
}

@inline(__always)
func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
  let product = (hash ^ word) &* 0xbf58_476d_1ce4_e5b9
  return product ^ product >> 29
}

/// UTF-8 without control characters, overlong forms, surrogates, or code points above U+10FFFF.
func isText(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
  var at = 0
  while at < length {
    let lead = bytes.load(fromByteOffset: at, as: UInt8.self)
    let (extra, least): (Int, UInt32) =
      lead < 0x80
      ? (0, 0x20)
      : lead & 0xe0 == 0xc0
        ? (1, 0xa0)
        : lead & 0xf0 == 0xe0
          ? (2, 0x800)
          : lead & 0xf8 == 0xf0 ? (3, 0x1_0000) : (-1, 0)
    if extra < 0 || at &+ extra >= length { return false }
    var point = UInt32(lead) & (extra == 0 ? 0x7f : 0x3f >> UInt32(truncatingIfNeeded: extra))
    var follow = 1
    while follow <= extra {
      let byte = bytes.load(fromByteOffset: at &+ follow, as: UInt8.self)
      if byte & 0xc0 != 0x80 { return false }
      point = point << 6 | UInt32(byte & 0x3f)
      follow &+= 1
    }
    let surrogate = point >= 0xd800 && point <= 0xdfff
    if point < least || point == 0x7f || point > 0x10_ffff || surrogate { return false }
    at &+= extra &+ 1
  }
  return true
}
