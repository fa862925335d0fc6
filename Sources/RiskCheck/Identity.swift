import CContract
import CPlatform
import CRiskCheck
import RiskModel

// Identity: what the library is and how its records are laid out.

@implementation @_cdecl("rck_status_name")
public func rck_status_name(_ status: rck_status) -> UnsafePointer<CChar>! {
  contract_status_name(status)
}

@implementation @_cdecl("rck_version")
public func rck_version() -> UInt32 {
  UInt32(RCK_VERSION_MAJOR) << 16 | UInt32(RCK_VERSION_MINOR) << 8 | UInt32(RCK_VERSION_PATCH)
}

@implementation @_cdecl("rck_abi_version")
public func rck_abi_version() -> UInt32 { UInt32(RCK_ABI_VERSION) }

@implementation @_cdecl("rck_build_info")
public func rck_build_info(_ build: UnsafeMutablePointer<rck_build>!) -> rck_status {
  let fault = structFault(build)
  guard fault == RCK_OK, let build else { return fault }
  var info = rck_build()
  info.struct_size = build.pointee.struct_size
  info.abi_version = rck_abi_version()
  withUnsafeMutableBytes(of: &info.version) { fillVersion($0) }
  withUnsafeMutableBytes(of: &info.mode) { fill($0, with: buildMode) }
  withUnsafeMutableBytes(of: &info.compiler) { fill($0, withText: platform_compiler()) }
  withUnsafeMutableBytes(of: &info.commit) { fill($0, withText: platform_commit()) }
  build.pointee = info
  return RCK_OK
}

@implementation @_cdecl("rck_layout")
public func rck_layout(_ index: UInt32, _ field: UnsafeMutablePointer<rck_field>!) -> rck_status {
  let fault = structFault(field)
  guard fault == RCK_OK, let field else { return fault }
  guard index < contract_field_count(), let fields = contract_fields() else { return RCK_E_RANGE }
  let known = fields[Int(index)]
  var told = rck_field()
  told.struct_size = field.pointee.struct_size
  withUnsafeMutableBytes(of: &told.record) { fill($0, withText: known.record) }
  withUnsafeMutableBytes(of: &told.name) { fill($0, withText: known.name) }
  told.record_bytes = known.record_bytes
  told.offset = known.offset
  told.bytes = known.bytes
  told.count = known.count
  told.type = known.type
  field.pointee = told
  return RCK_OK
}

/// Major, minor and patch, each below 100.
private func fillVersion(_ buffer: UnsafeMutableRawBufferPointer) {
  let parts = (UInt8(RCK_VERSION_MAJOR), UInt8(RCK_VERSION_MINOR), UInt8(RCK_VERSION_PATCH))
  var length = 0
  func put(_ byte: UInt8) {
    buffer.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
    length &+= 1
  }
  func put(number: UInt8) {
    if number >= 10 { put(0x30 &+ number / 10) }
    put(0x30 &+ number % 10)
  }
  put(number: parts.0)
  put(0x2e)
  put(number: parts.1)
  put(0x2e)
  put(number: parts.2)
}

private func fill(_ buffer: UnsafeMutableRawBufferPointer, withText text: UnsafePointer<CChar>?) {
  guard let text else { return }
  var count = 0
  while text[count] != 0 { count &+= 1 }
  text.withMemoryRebound(to: UInt8.self, capacity: count) { fill(buffer, with: $0, count: count) }
}

private var buildMode: Label {
  #if hasFeature(Embedded)
    return "embedded"
  #elseif DEBUG
    return "full-debug"
  #else
    return "full"
  #endif
}
