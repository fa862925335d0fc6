// An ordinary Swift host: its own runtime beside the code of the library, which has none or one of its own. It leans on
// what a runtime does (classes, closures, existentials, dictionaries, casts, tasks, actors) between its checks, and
// prints "sound" when every verdict was the right one.
import CRiskCheck
import Glibc

struct Broken: Error { let what: String }

func need(_ holds: Bool, _ what: @autoclosure () -> String) throws {
  if !holds { throw Broken(what: what()) }
}

func sized<Record>(_ record: Record, _ fill: (inout Record) -> Void) -> Record {
  var made = record
  fill(&made)
  return made
}

/// An engine of its own with one limit; ends with it.
final class Desk {
  private(set) var engine: OpaquePointer?
  private(set) var port: OpaquePointer?
  let positionMax: Int64
  var onRefusal: (rck_verdict) -> Void = { _ in }

  init(positionMax: Int64) throws {
    self.positionMax = positionMax
    var config = rck_config()
    try need(rck_config_init(&config, UInt32(MemoryLayout<rck_config>.size)) == RCK_OK, "config")
    config.flags = 0
    config.clock_source = UInt32(RCK_CLOCK_HOST)
    config.orders_max = 1024
    try need(rck_engine_create(&config, nil, 0, &engine, nil) == RCK_OK, "create")
    try define()
    try need(rck_port_open(engine, 1, UInt32(RCK_PORT_WRITER), &port, nil) == RCK_OK, "port")
  }

  private func define() throws {
    var dollar = sized(rck_currency()) {
      $0.struct_size = UInt32(MemoryLayout<rck_currency>.size)
      $0.id = 1
      $0.rate = 1
    }
    var account = sized(rck_account()) {
      $0.struct_size = UInt32(MemoryLayout<rck_account>.size)
      $0.id = 1
      $0.flags = UInt32(RCK_ENABLED)
      $0.permissions = UInt32(RCK_PERMIT_ALL)
    }
    var share = sized(rck_instrument()) {
      $0.struct_size = UInt32(MemoryLayout<rck_instrument>.size)
      $0.id = 1
      $0.flags = UInt32(RCK_ENABLED)
      $0.currency = 1
      $0.multiplier = 1
      $0.lot = 1
      $0.tick = 1
    }
    var limit = sized(rck_limit()) {
      $0.struct_size = UInt32(MemoryLayout<rck_limit>.size)
      $0.control = UInt32(RCK_CONTROL_POSITION)
      $0.scope_kind = UInt32(RCK_SCOPE_ACCOUNT_INSTRUMENT)
      $0.id = 1
      $0.instrument = 1
      $0.levels = UInt32(RCK_LEVEL_HARD)
      $0.hard = positionMax
      $0.actor = 1
      withUnsafeMutableBytes(of: &$0.reason) { $0.copyBytes(from: "agreed".utf8) }
    }
    try need(rck_currency_set(engine, &dollar, nil) == RCK_OK, "currency")
    try need(rck_account_set(engine, &account, nil) == RCK_OK, "account")
    try need(rck_instrument_set(engine, &share, nil) == RCK_OK, "instrument")
    try need(rck_limit_set(engine, &limit, 0, nil) == RCK_OK, "limit")
    try need(rck_limits_publish(engine, nil, nil) == RCK_OK, "publish")
  }

  func check(_ id: UInt64, _ quantity: Int64) -> rck_status {
    var order = rck_order()
    order.order_id = id
    order.price = 50
    order.quantity = quantity
    order.time_ns = 1
    order.account = 1
    order.instrument = 1
    order.side = UInt8(RCK_SIDE_BUY)
    order.type = UInt8(RCK_TYPE_LIMIT)
    order.time_in_force = UInt8(RCK_FORCE_DAY)
    var verdict = rck_verdict()
    let status = rck_check(port, &order, &verdict)
    if status > 0 { onRefusal(verdict) }
    return status
  }

  func release(_ id: UInt64) -> rck_status {
    var verdict = rck_verdict()
    return rck_release(port, 0, id, UInt32(RCK_RELEASE_CANCELLED), 1, &verdict)
  }

  deinit {
    if rck_port_close(port) != RCK_OK || rck_engine_close(engine) != RCK_OK { abort() }
  }
}

protocol Strategy { func orders() -> [Int64] }
struct Steady: Strategy {
  let size: Int64
  func orders() -> [Int64] { Array(repeating: size, count: 8) }
}
final class Growing: Strategy {
  var size: Int64
  init(size: Int64) { self.size = size }
  func orders() -> [Int64] {
    (1...8).map { _ in
      size += 1
      return size
    }
  }
}

actor Ledger {
  private var observed: [String: [Int64]] = [:]
  func note(_ name: String, _ value: Int64) { observed[name, default: []].append(value) }
  func all() -> [String: [Int64]] { observed }
}

/// Sends what a strategy wants, and keeps books beside the library's: both must agree on every order.
func trade(_ strategy: any Strategy, _ positionMax: Int64, _ ledger: Ledger) async throws {
  let desk = try Desk(positionMax: positionMax)
  var refused: [Int64] = []
  desk.onRefusal = { refused.append($0.observed) }
  var held: Int64 = 0
  var expected: [Int64] = []
  for (number, quantity) in strategy.orders().enumerated() {
    let fits = held + quantity <= positionMax
    let status = desk.check(UInt64(number + 1), quantity)
    try need(status == (fits ? RCK_OK : RCK_REJECT_POSITION_LONG), "order \(number): \(status)")
    if fits { held += quantity } else { expected.append(held + quantity) }
    await Task.yield()
  }
  try need(refused == expected, "\(refused) for \(expected)")
  try need(desk.release(1) == RCK_OK, "release")
  let name = String(describing: type(of: strategy as Any)) + (strategy is Growing ? "!" : "")
  await ledger.note(name, held)
}

func run() async throws {
  let ledger = Ledger()
  try await withThrowingTaskGroup(of: Void.self) { group in
    for number in Int64(1)...64 {
      group.addTask {
        let strategy: any Strategy = number % 2 == 0 ? Steady(size: number) : Growing(size: number)
        try await trade(strategy, 5 * number, ledger)
      }
    }
    try await group.waitForAll()
  }
  let all = await ledger.all()
  try need(all.keys.sorted() == ["Growing!", "Steady"], "\(all.keys)")
  let held = all.mapValues { $0.reduce(0, +) }
  try need(held["Steady"] == (1...32).reduce(0) { $0 + 10 * $1 }, "\(held)")
  try need(all.values.allSatisfy { $0.count == 32 }, "\(all.mapValues(\.count))")
  try need(String(cString: rck_status_name(RCK_E_HANDLE)) == "RCK_E_HANDLE", "name")
  try need(rck_engine_close(nil) == RCK_E_HANDLE, "close")
}

do {
  try await run()
  print("sound")
} catch {
  print("broken: \(error)")
  exit(1)
}
