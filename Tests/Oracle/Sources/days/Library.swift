import CRiskCheck
import Script

/// The shipped library, driven by steps through its C ABI. Tokens are its own.
final class Library {
  private(set) var engine: OpaquePointer?
  private var ports: [OpaquePointer?]
  private var fault = rck_fault()
  private let config: rck_config
  /// The numbers that the oracle gives limits, by the ids that the library gives them.
  private(set) var limitNumbers: [UInt32: UInt32] = [:]
  private var numbers: [LimitName: UInt32] = [:]
  private var legs: [UInt32: [rck_order]] = [:]
  private(set) var journal: Journal?

  /// Nil when it cannot be made; the fault is printed. With `path` it writes a journal.
  init?(
    _ config: rck_config, journal path: String? = nil, tellingMarket: Bool = true, pumps: Int = 0
  ) {
    self.config = config
    ports = Array(repeating: nil, count: Int(config.ports_max) + 1)
    var made = config
    if path != nil {
      made.flags |= UInt32(RCK_TELL_COMMANDS | (tellingMarket ? RCK_TELL_MARKET : 0))
      made.ring_lines = 1 << 14
    }
    let status = rck_engine_create(&made, nil, 0, &engine, &fault)
    guard status == RCK_OK else {
      print("rck_engine_create: \(String(cString: rck_status_name(status))) \(fault.value)")
      return nil
    }
    guard let path else { return }
    journal = Journal(engine, in: path, pumps: pumps)
    if journal == nil { return nil }
  }

  deinit {
    journal = nil
    for port in ports where port != nil { rck_port_close(port) }
    rck_engine_close(engine)
  }

  private func port(_ index: UInt32) -> OpaquePointer? {
    let index = Int(index)
    guard index < ports.count else { return nil }
    if ports[index] == nil {
      rck_port_open(engine, UInt32(index), UInt32(RCK_PORT_WRITER), &ports[index], &fault)
    }
    return ports[index]
  }

  /// `token` is what the step's name of one stands for.
  func run(_ step: Step, token: UInt64) -> Outcome {
    // What is not written of it shows.
    var verdict = Library.scribble
    let port = port(step.port)
    switch step.command {
    case .check(var order): return judged(rck_check(port, &order, &verdict), verdict)
    case .checkDry(var order): return judged(rck_check_dry(port, &order, &verdict), verdict)
    case .dropCopy(var order): return judged(rck_drop_copy(port, &order, &verdict), verdict)
    case .leg(let order):
      legs[step.port, default: []].append(order)
      return .status(RCK_OK)
    case .legs: return check(legs.removeValue(forKey: step.port) ?? [], port)
    case .headroom(var order):
      var quantity: Int64 = 0
      let status = rck_headroom(port, &order, &quantity, &verdict)
      guard case .verdict(let written) = judged(status, verdict) else { return Library.miswritten }
      return .headroom(written, quantity: status < 0 ? 0 : quantity)
    case .amend(_, var order): return judged(rck_amend(port, token, &order, &verdict), verdict)
    case .amendResult(_, let given):
      return judged(rck_amend_result(port, token, given.order_id, given.accepted, &verdict), verdict)
    case .cancel(_, let given):
      return judged(rck_cancel(port, token, given.order_id, given.time_ns, &verdict), verdict)
    case .release(_, let given):
      return judged(
        rck_release(port, token, given.order_id, given.reason, given.time_ns, &verdict), verdict)
    case .confirm(_, let given):
      return judged(rck_order_confirm(port, token, given.order_id, &verdict), verdict)
    case .fill(_, var report):
      report.token = token
      return judged(rck_fill(port, &report, &verdict), verdict)
    case .dayStart(let given):
      var released: UInt32 = 0
      let status = rck_day_start(port, given.date, &released, &fault)
      return .day(status, released: status == RCK_OK ? released : 0)
    case .quote(var quote): return .status(rck_market_quote(port, &quote))
    case .trade(var trade): return .status(rck_market_trade(port, &trade))
    case .book(var book): return .status(rck_market_book(port, &book))
    case .volume(let given): return .status(rck_market_volume(port, given.instrument, given.volume))
    case .mark(let given): return .status(rck_mark(port, given.instrument, given.price, given.time_ns))
    case .metric(let given):
      return .status(rck_metric_set(port, given.metric, given.value, given.time_ns))
    case .positionSet(var position): return .status(rck_position_set(port, &position, &fault))
    case .cashSet(var cash): return .status(rck_cash_set(port, &cash, &fault))
    case .beat(let given): return .status(rck_beat(port, given.time_ns))
    case .portClose:
      ports[Int(step.port)] = nil
      return .status(rck_port_close(port))
    case .watchSet(var watch):
      watch.port = step.port
      return .status(rck_port_watch_set(engine, &watch, &fault))
    case .watchGet(var watch):
      watch.port = step.port
      return .watch(rck_port_watch_get(engine, &watch), watch)
    default: return administer(step.command, token)
    }
  }

  /// A batch that is all or none.
  private func check(_ legs: [rck_order], _ port: OpaquePointer?) -> Outcome {
    // Room for one also where there is none, whose address counts.
    var (records, passed) = (legs + [rck_order()], UInt32.max)
    var verdicts = Array(repeating: Library.scribble, count: legs.count + 1)
    let count = UInt32(legs.count)
    let status = rck_check_batch(port, &records, &verdicts, count, UInt32(RCK_BATCH_ALL_OR_NONE), &passed)
    let isWritten = !bytesEqual(verdicts.removeLast(), Library.scribble)
    if status != RCK_OK {
      let isClean = passed == UInt32.max && verdicts.allSatisfy { bytesEqual($0, Library.scribble) }
      return isClean && !isWritten ? .legs(status, []) : Library.miswritten
    }
    let good = verdicts.filter { $0.status == RCK_OK }.count
    return Int(passed) == good && !isWritten ? .legs(status, verdicts) : Library.miswritten
  }

  private func watch(at time_ns: Int64) -> Outcome {
    var silent = [UInt32](repeating: 0, count: ports.count)
    var count: UInt32 = 0
    let status = rck_watch(engine, time_ns, &silent, UInt32(silent.count), &count)
    return .ports(status, Array(silent.prefix(Int(count))))
  }

  /// Checks, amends or reports on one port, as one batch; `tokens` as above.
  func run(batch steps: ArraySlice<Step>, tokens: [UInt64]) -> [Outcome] {
    var (orders, reports) = ([rck_order](), [rck_report]())
    for (step, token) in zip(steps, tokens) {
      switch step.command {
      case .check(let order), .amend(_, let order): orders.append(order)
      case .fill(_, var report):
        report.token = token
        reports.append(report)
      default: break
      }
    }
    var verdicts = Array(repeating: Library.scribble, count: steps.count)
    var passed = UInt32.max
    let status = run(steps[steps.startIndex], tokens, orders, reports, &verdicts, &passed)
    let good = verdicts.filter { $0.status == RCK_OK }.count
    if status != RCK_OK || Int(passed) != good { return verdicts.map { _ in Library.miswritten } }
    return verdicts.map { .verdict($0) }
  }

  private func run(
    _ first: Step, _ tokens: [UInt64], _ orders: [rck_order], _ reports: [rck_report],
    _ verdicts: inout [rck_verdict], _ passed: inout UInt32
  ) -> Int32 {
    let (port, count) = (port(first.port), UInt32(verdicts.count))
    switch first.command {
    case .check: return rck_check_batch(port, orders, &verdicts, count, 0, &passed)
    case .amend: return rck_amend_batch(port, tokens, orders, &verdicts, count, 0, &passed)
    default: return rck_fill_batch(port, reports, &verdicts, count, 0, &passed)
    }
  }

  /// A verdict whose status is not the call's, or that was written where none may be. No other outcome shows so.
  private static var miswritten: Outcome { .status(Int32.min) }

  private static let scribble: rck_verdict = {
    var verdict = rck_verdict()
    withUnsafeMutableBytes(of: &verdict) { for index in $0.indices { $0[index] = 0xaa } }
    return verdict
  }()

  /// A verdict that was not written, because the status is negative, is one of the status alone.
  private func judged(_ status: Int32, _ verdict: rck_verdict) -> Outcome {
    if status >= 0 {
      if verdict.status != status { return Library.miswritten }
      return .verdict(verdict)
    }
    if !bytesEqual(verdict, Library.scribble) { return Library.miswritten }
    var misuse = rck_verdict()
    misuse.status = status
    return .verdict(misuse)
  }

  private func administer(_ command: Command, _ token: UInt64) -> Outcome {
    switch command {
    case .currency(var record): return .status(rck_currency_set(engine, &record, &fault))
    case .group(var record): return .status(rck_group_set(engine, &record, &fault))
    case .account(var record): return .status(rck_account_set(engine, &record, &fault))
    case .strategy(var record): return .status(rck_strategy_set(engine, &record, &fault))
    case .instrument(var record): return .status(rck_instrument_set(engine, &record, &fault))
    case .calendar(var record): return .status(rck_calendar_set(engine, &record, &fault))
    case .limitSet(var limit, let flags):
      let status = rck_limit_set(engine, &limit, flags, &fault)
      if status == RCK_OK { number(limit) }
      return .status(status)
    case .limitRemove(var limit, let flags): return .status(rck_limit_remove(engine, &limit, flags, &fault))
    case .publish:
      var generation: UInt64 = 0
      return .status(rck_limits_publish(engine, &generation, &fault))
    case .latchSet(var latch): return .status(rck_latch_set(engine, &latch, &fault))
    case .latchClear(var latch): return .status(rck_latch_clear(engine, &latch, &fault))
    case .rearm(var given): return .status(rck_rearm(engine, &given, &fault))
    case .watch(let given): return watch(at: given.time_ns)
    case .overrideSet(var given):
      var id: UInt32 = 0
      let status = rck_override_set(engine, &given, &id, &fault)
      return .overrideId(status, id)
    case .overrideRemove(var given): return .status(rck_override_remove(engine, &given, &fault))
    default: return look(command, token)
    }
  }

  private func look(_ command: Command, _ token: UInt64) -> Outcome {
    switch command {
    case .latchGet(var latch): return .latch(rck_latch_get(engine, &latch), latch)
    case .overrideGet(var found): return .override(rck_override_get(engine, &found), found)
    case .positionGet(var info): return .position(rck_position_get(engine, &info), info)
    case .bookGet(var info): return .book(rck_book_get(engine, &info), info)
    case .orderGet(_, let given):
      var info = rck_order_info()
      let status = rck_order_get(engine, token, given.order_id, &info)
      return .order(status, status == RCK_OK ? info : rck_order_info())
    case .openOrders(let given):
      let (status, orders) = openOrders(given.scope_kind, given.id)
      return .count(status, UInt32(orders.count))
    default: return .count(RCK_OK, UInt32(limitsArmed().count))
    }
  }

  func openOrders(_ kind: UInt32, _ id: UInt32) -> (status: Int32, orders: [rck_order_info]) {
    var found: [rck_order_info] = []
    var chunk = [rck_order_info](repeating: rck_order_info(), count: 64)
    var (cursor, count): (UInt32, UInt32) = (0, 0)
    repeat {
      let status = rck_open_orders(engine, kind, id, &chunk, 64, &cursor, &count)
      if status != RCK_OK { return (status, found) }
      found += chunk.prefix(Int(count))
    } while count != 0
    return (RCK_OK, found)
  }

  func limitsArmed() -> [rck_limit] {
    var found: [rck_limit] = []
    var chunk = [rck_limit](repeating: rck_limit(), count: 16)
    var (cursor, count): (UInt32, UInt32) = (0, 0)
    repeat {
      let status = rck_limits_armed(engine, &chunk, 16, &cursor, &count)
      if status != RCK_OK { break }
      found += chunk.prefix(Int(count))
    } while count != 0
    return found
  }

  func isForgotten(_ token: UInt64) -> Bool {
    var info = rck_order_info()
    return rck_order_get(engine, token, 0, &info) == RCK_REJECT_ORDER_UNKNOWN
  }

  func time(ofPort index: UInt32) -> Int64 {
    var stats = sized(rck_stats(), \.struct_size)
    return rck_stats_read(engine, index, &stats) == RCK_OK ? stats.time_ns : -1
  }

  /// Learns the id of a limit that was set.
  private func number(_ limit: rck_limit) {
    let name = LimitName(limit)
    let number = numbers[name] ?? UInt32(numbers.count + 1)
    numbers[name] = number
    var found = limit
    if rck_limit_get(engine, &found) == RCK_OK { limitNumbers[found.limit_id] = number }
  }
}

/// What makes a limit the same limit.
struct LimitName: Hashable {
  let words: [UInt32]

  init(_ limit: rck_limit) {
    words = [
      limit.control, limit.measure, limit.scope_kind, limit.id, limit.instrument, limit.side,
      limit.order_type,
    ]
  }
}
