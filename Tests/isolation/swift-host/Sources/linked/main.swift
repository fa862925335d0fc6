// An ordinary Swift host of the shipped library: its own runtime and the library's code in one process.
// Keeps books with classes and dictionaries, and prints "sound" when both sides agree.
import CRiskCheck
import Foundation

final class Account {
  var record = rck_account()
  init(id: UInt32, name: String) {
    record.struct_size = UInt32(MemoryLayout<rck_account>.size)
    record.id = id
    withUnsafeMutableBytes(of: &record.name) { $0.copyBytes(from: name.utf8.prefix(31)) }
    record.permissions = UInt32(RCK_PERMIT_ALL)
  }
}

func require(_ holds: Bool, _ what: @autoclosure () -> String) {
  guard holds else {
    print("broken: \(what())")
    exit(1)
  }
}

var config = rck_config()
require(rck_config_init(&config, UInt32(MemoryLayout<rck_config>.size)) == RCK_OK, "config")
config.ring_lines = 256
var engine: OpaquePointer?
var port: OpaquePointer?
var fault = rck_fault()
require(rck_engine_create(&config, nil, 0, &engine, &fault) == RCK_OK, "create \(fault)")
require(rck_port_open(engine, 1, UInt32(RCK_PORT_WRITER), &port, &fault) == RCK_OK, "port \(fault)")

var accounts: [String: Account] = [:]
for id in UInt32(1)...64 {
  let account = Account(id: id, name: "account \(id * 7)")
  accounts["account \(id * 7)"] = account
  require(rck_account_set(engine, &account.record, &fault) == RCK_OK, "set \(fault)")
}
for (name, account) in accounts {
  var id: UInt32 = 0
  var bytes = Array(name.utf8CString) + Array(repeating: 0, count: 32)
  require(rck_find(engine, UInt32(RCK_KIND_ACCOUNT), &id, &bytes) == RCK_OK, "find \(name)")
  require(id == account.record.id, "\(name) is \(id)")
}

var taken: [UInt64] = []
var lines = [rck_event](repeating: rck_event(), count: 64)
for number in UInt64(0)..<10_000 {
  var event = rck_event()
  event.kind = UInt16(RCK_EVENT_HOST)
  event.subject = number
  require(rck_event_write(port, &event, 1) == RCK_OK, "write \(number)")
  if number % 50 == 49 {
    var count: UInt32 = 0
    require(rck_events_read(port, 1, &lines, 64, &count) == RCK_OK, "read")
    taken += lines.prefix(Int(count)).filter { $0.kind >= RCK_EVENT_HOST }.map(\.subject)
  }
}
require(taken == Array(0..<10_000), "\(taken.count) events")
require(rck_port_close(port) == RCK_OK && rck_engine_close(engine) == RCK_OK, "close")
let status = String(cString: rck_status_name(rck_engine_close(engine)))
require(status == "RCK_E_HANDLE", status)
print("sound")
