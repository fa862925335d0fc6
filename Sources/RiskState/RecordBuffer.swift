import CRiskCheck
import RiskModel

/// Room on the stack for the largest definition, whose fields all kinds share at the front.
struct RecordBuffer {
  typealias Line = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
  /// Without the last line.
  typealias Lines = (Line, Line, Line, Line, Line, Line)
  var lines: (Lines, Lines, Line) = (Self.zeros, Self.zeros, Self.zero)

  private static var zero: Line { (0, 0, 0, 0, 0, 0, 0, 0) }
  private static var zeros: Lines { (zero, zero, zero, zero, zero, zero) }

  /// Holds a definition with its name in normal form, every byte behind the struct zero.
  init<Definition>(_ definition: Definition, _ name: Name) {
    withUnsafeBytes(of: definition) { source in
      withBytes { target in
        guard let from = source.baseAddress else { return }
        target.copyMemory(from: from, byteCount: min(source.count, MemoryLayout<(Lines, Lines, Line)>.size))
        name.store(to: target + State.nameAt)
      }
    }
  }

  init() {}

  mutating func withBytes<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
    withUnsafeMutablePointer(to: &lines) { body(UnsafeMutableRawPointer($0)) }
  }

  mutating func read(_ state: State, _ kind: Int, _ id: UInt32) -> rck_status {
    withBytes { state.definition(kind, id, into: $0) }
  }

  /// The name of a record that was read from the region; empty if what is there is no name.
  var name: Name {
    mutating get { withBytes { Name(from: $0 + State.nameAt) } ?? Name.empty }
  }

  mutating func load<Definition>(as type: Definition.Type) -> Definition {
    withBytes { $0.assumingMemoryBound(to: type).pointee }
  }
}
