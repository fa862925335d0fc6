import CRiskCheck
import RiskModel

/// What every cold call checks of its pointers before it looks behind them.

/// Null or misaligned, as a status; 0 when the pointer can be used.
func pointerFault<Pointee>(_ pointer: UnsafePointer<Pointee>?) -> rck_status {
  guard let pointer else { return RCK_E_NULL }
  let misaligned = UInt(bitPattern: pointer) & UInt(MemoryLayout<Pointee>.alignment &- 1) != 0
  return misaligned ? RCK_E_ALIGNMENT : RCK_OK
}

func pointerFault<Pointee>(_ pointer: UnsafeMutablePointer<Pointee>?) -> rck_status {
  pointerFault(pointer.map { UnsafePointer($0) })
}

/// A struct that begins with struct_size, set by the caller: usable when it is the size this library knows.
func structFault<Pointee>(_ pointer: UnsafePointer<Pointee>?) -> rck_status {
  let fault = pointerFault(pointer)
  guard fault == RCK_OK, let pointer else { return fault }
  let size = UnsafeRawPointer(pointer).load(as: UInt32.self)
  return size == UInt32(MemoryLayout<Pointee>.size) ? RCK_OK : RCK_E_STRUCT_SIZE
}

func structFault<Pointee>(_ pointer: UnsafeMutablePointer<Pointee>?) -> rck_status {
  structFault(pointer.map { UnsafePointer($0) })
}

/// What is wrong with a cold struct, for the fault; nil when it can be used.
func structRefusal<Pointee>(_ pointer: UnsafePointer<Pointee>?, _ record: Label) -> Refusal? {
  switch structFault(pointer) {
  case RCK_OK: return nil
  case RCK_E_STRUCT_SIZE:
    let size = Int64(MemoryLayout<Pointee>.size)
    let given = pointer.map { Int64(UnsafeRawPointer($0).load(as: UInt32.self)) } ?? 0
    return Refusal(RCK_E_STRUCT_SIZE, record, "struct_size", value: given, minimum: size, maximum: size)
  case let status: return Refusal(status, record)
  }
}

/// A refusal of an argument, written to the caller's fault unless that is misaligned itself.
func refuse(
  _ fault: UnsafeMutablePointer<rck_fault>?, _ status: rck_status, _ call: Label, _ field: Label
) -> rck_status {
  Refusal(status, call, field).report(to: usable(fault))
}

/// The caller's fault if it can be written.
func usable(_ fault: UnsafeMutablePointer<rck_fault>?) -> UnsafeMutablePointer<rck_fault>? {
  pointerFault(fault) == RCK_OK ? fault : nil
}
