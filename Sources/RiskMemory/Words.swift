import CPlatform
import Synchronization

/// Records as runs of 64-bit words. What is read may be overwritten meanwhile, so it is believed only after a
/// second look at what led to it; see Rows for the orderings.
///
/// The shipped build copies in wide moves between two barriers for the compiler: x86-64 neither reorders loads
/// with loads nor stores with stores, and wide stores can be forwarded to wide loads (measured: a check takes a
/// fifth less). Debug builds copy word by word, atomically, which ThreadSanitizer understands.
extension UnsafeMutableRawPointer {
  /// Copies a value that consists of 64-bit words.
  @inline(__always)
  public func loadWords<Value>(_ value: inout Value) {
    #if hasFeature(Embedded)
      platform_compiler_barrier()
      withUnsafeMutableBytes(of: &value) { move(from: self, to: $0.baseAddress.unsafelyUnwrapped, $0.count) }
      platform_compiler_barrier()
    #else
      withUnsafeMutableBytes(of: &value) {
        guard let target = $0.baseAddress else { return }
        var offset = 0
        while offset < MemoryLayout<Value>.size {
          let bits = word(offset).pointee.bits.load(ordering: .acquiring)  // before the second look
          target.storeBytes(of: bits, toByteOffset: offset, as: UInt64.self)
          offset &+= 8
        }
      }
    #endif
  }

  /// Stores a value that consists of 64-bit words into a record that is not published yet.
  @inline(__always)
  public func storeWords<Value>(_ value: Value) {
    #if hasFeature(Embedded)
      platform_compiler_barrier()
      withUnsafeBytes(of: value) { move(from: $0.baseAddress.unsafelyUnwrapped, to: self, $0.count) }
      platform_compiler_barrier()
    #else
      withUnsafeBytes(of: value) {
        guard let source = $0.baseAddress else { return }
        var offset = 0
        while offset < MemoryLayout<Value>.size {
          let bits = source.load(fromByteOffset: offset, as: UInt64.self)
          // Release: carries the swap that freed the record.
          word(offset).pointee.bits.store(bits, ordering: .releasing)
          offset &+= 8
        }
      }
    #endif
  }

  /// Fills a record that is not published yet in place: `blank` is what it holds where `fill` stores nothing, and
  /// the shipped build leaves that to `fill`, which must store every word.
  @inline(__always)
  public func compose<Value>(_ blank: Value, _ fill: (UnsafeMutablePointer<Value>) -> Void) {
    #if hasFeature(Embedded)
      platform_compiler_barrier()
      fill(assumingMemoryBound(to: Value.self))
      platform_compiler_barrier()
    #else
      var value = blank
      withUnsafeMutablePointer(to: &value, fill)
      storeWords(value)
    #endif
  }

  /// Looks at a record in place. What `body` makes of it counts only if the record is still named by what led to it,
  /// afterwards. `blank` is for the debug build, which copies the record.
  @inline(__always)
  public func look<Value, Result>(_ blank: Value, _ body: (UnsafePointer<Value>) -> Result) -> Result {
    #if hasFeature(Embedded)
      platform_compiler_barrier()
      let result = body(UnsafePointer(assumingMemoryBound(to: Value.self)))
      platform_compiler_barrier()
      return result
    #else
      var value = blank
      loadWords(&value)
      return withUnsafePointer(to: &value, body)
    #endif
  }

  /// Likewise, while `body` fills a record that is not published yet with what this one is to become: every word.
  @inline(__always)
  public func look<Value, Result>(
    _ blank: Value, filling draft: UnsafeMutableRawPointer,
    _ body: (UnsafePointer<Value>, UnsafeMutablePointer<Value>) -> Result
  ) -> Result {
    look(blank) { old in
      var result: Result?
      draft.compose(blank) { result = body(old, $0) }
      return result.unsafelyUnwrapped
    }
  }

  @inline(__always)
  public func loadInteger(_ offset: Int) -> Int64 {
    Int64(bitPattern: word(offset).pointee.bits.load(ordering: .acquiring))  // before the second look
  }

  /// Half a word.
  @inline(__always)
  public func half(_ offset: Int) -> UnsafeMutablePointer<HalfWord> {
    (self + offset).assumingMemoryBound(to: HalfWord.self)
  }
}

/// Copies of up to 128 bytes become moves of 16.
@inline(__always)
private func move(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ bytes: Int) {
  target.copyMemory(from: source, byteCount: bytes < 128 ? bytes : 128)
  if bytes > 128 { (target + 128).copyMemory(from: source + 128, byteCount: bytes &- 128) }
}

/// 32 bits in the region.
public struct HalfWord: ~Copyable {
  public let bits: Atomic<UInt32>
}
