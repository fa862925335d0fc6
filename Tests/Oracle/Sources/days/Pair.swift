import Foundation
import CRiskCheck
import Oracle
import Script

/// The oracle and the library side by side: each step is done by both, and what they say is compared.
final class Pair {
  let run: OracleRun
  let library: Library
  /// The library's token for each of the oracle's, and back.
  private var theirs: [UInt64] = [0]
  private var ours: [UInt64: UInt64] = [:]
  var oracle: Oracle { run.oracle }

  init?(_ config: rck_config) {
    guard let library = Library(config) else { return nil }
    self.library = library
    run = OracleRun(config)
  }

  /// Does a step on both sides; gives what differs, and the oracle's outcome.
  func step(_ step: Step) -> (expected: Outcome, fault: String?) {
    let name = step.command.token
    let ourToken = name.map { run.grants.token($0) } ?? 0
    let touched = touched(step, ourToken)
    let expected = run.run(step)
    let got = library.run(step, token: theirToken(ourToken))
    if let fault = compare(expected, got) { return (expected, fault) }
    if let touched { return (expected, rowFault(touched)) }
    return (expected, nil)
  }

  /// The library's token for one of the oracle's; what the oracle never gave is nobody's.
  private func theirToken(_ token: UInt64) -> UInt64 {
    token < UInt64(theirs.count) ? theirs[Int(token)] : token
  }

  // MARK: - Outcomes

  private func compare(_ expected: Outcome, _ got: Outcome) -> String? {
    switch (expected, got) {
    case (.verdict(let one), .verdict(var other)):
      return isSame(one, &other) ? nil : text(.verdict(other))
    case (.headroom(let one, let quantity), .headroom(var other, let otherQuantity)):
      if isSame(one, &other) && quantity == otherQuantity { return nil }
      return text(.headroom(other, quantity: otherQuantity))
    case (.latch(let one, let latch), .latch(let other, let otherLatch)) where one == RCK_OK:
      return one == other && sameLatch(latch, otherLatch) ? nil : text(got)
    case (.status(let one), .status(let other)): return one == other ? nil : text(got)
    case (.order(let one, let info), .order(let other, var otherInfo)):
      otherInfo.token = ours[otherInfo.token] ?? UInt64.max
      if one != RCK_OK { otherInfo.token = info.token }
      let fine = one == other && bytesEqual(info, otherInfo)
      return fine ? nil : text(.order(other, otherInfo))
    default:
      let shown = text(got)
      return text(expected) == shown ? nil : shown
    }
  }

  private func sameLatch(_ one: rck_latch, _ other: rck_latch) -> Bool {
    one.state == other.state && one.actor == other.actor && one.control == other.control
      && one.time_ns == other.time_ns && bytesEqual(one.reason, other.reason)
  }

  private func text(_ outcome: Outcome) -> String { outcome.text(run.grants).joined(separator: " ") }

  /// Tokens and limits have other numbers on the other side; all else must be equal, byte for byte.
  private func isSame(_ expected: rck_verdict, _ got: inout rck_verdict) -> Bool {
    if got.limit_id != 0 { got.limit_id = library.limitNumbers[got.limit_id] ?? UInt32.max }
    if got.token != 0 {
      if let known = ours[got.token] {
        got.token = known
      } else if expected.token == UInt64(theirs.count) {
        // Both gave a new one.
        ours[got.token] = expected.token
        theirs.append(got.token)
        got.token = expected.token
      } else {
        got.token = UInt64.max
      }
    }
    return bytesEqual(expected, got)
  }

  // MARK: - Rows

  private func touched(_ step: Step, _ token: UInt64) -> Identity? {
    switch step.command {
    case .check(let order), .checkDry(let order):
      return Identity(order.account, order.strategy, order.instrument)
    case .amend(_, let order): return identity(token, order.order_id)
    case .amendResult(_, let given), .cancel(_, let given), .release(_, let given):
      return identity(token, given.order_id)
    case .fill(_, let report):
      return identity(token, report.order_id)
        ?? Identity(report.account, report.strategy, report.instrument)
    case .positionSet(let position): return Identity(position.account, position.strategy, position.instrument)
    case .cashSet(let cash): return Identity(cash.account, 0, 0)
    default: return nil
    }
  }

  struct Identity {
    let account: UInt32
    let strategy: UInt32
    let instrument: UInt32

    init(_ account: UInt32, _ strategy: UInt32, _ instrument: UInt32) {
      self.account = account
      self.strategy = strategy
      self.instrument = instrument
    }
  }

  private func identity(_ token: UInt64, _ id: UInt64) -> Identity? {
    oracle.order(token: token, id: id).map { Identity($0.account, $0.strategy, $0.instrument) }
  }

  /// The rows and books of an account and a strategy in an instrument.
  private func rowFault(_ ids: Identity) -> String? {
    if ids.account != 0 {
      if let fault = rowFault(account: ids.account, strategy: 0, ids.instrument) { return fault }
      if let fault = bookFault(RCK_SCOPE_ACCOUNT, ids.account) { return fault }
    }
    if ids.strategy != 0 {
      if let fault = rowFault(account: 0, strategy: ids.strategy, ids.instrument) { return fault }
      if let fault = bookFault(RCK_SCOPE_STRATEGY, ids.strategy) { return fault }
    }
    return nil
  }

  func rowFault(account: UInt32, strategy: UInt32, _ instrument: UInt32) -> String? {
    var asked = sized(rck_position_info(), \.struct_size)
    (asked.account, asked.strategy, asked.instrument) = (account, strategy, instrument)
    var (one, other) = (asked, asked)
    let status = oracle.fill(&one)
    let otherStatus = rck_position_get(library.engine, &other)
    if status == otherStatus && bytesEqual(one, other) { return nil }
    return differs(.positionGet(asked), .position(status, one), .position(otherStatus, other))
  }

  func bookFault(_ kind: Int32, _ id: UInt32) -> String? {
    var asked = sized(rck_book_info(), \.struct_size)
    (asked.scope_kind, asked.id) = (UInt32(kind), id)
    var (one, other) = (asked, asked)
    let status = oracle.fill(&one)
    let otherStatus = rck_book_get(library.engine, &other)
    if status == otherStatus && bytesEqual(one, other) { return nil }
    return differs(.bookGet(asked), .book(status, one), .book(otherStatus, other))
  }

  private func differs(_ command: Command, _ one: Outcome, _ other: Outcome) -> String {
    "\n     then \(Step(command).text) -> \(text(one))\n     library \(text(other))"
  }

  // MARK: - Everything

  /// Compares all that can be looked at.
  func everythingFault() -> String? {
    let config = oracle.config
    for instrument in 1...UInt32(config.instruments_max) {
      for account in 1...UInt32(config.accounts_max) {
        if let fault = rowFault(account: account, strategy: 0, instrument) { return fault }
      }
      for strategy in 1...UInt32(config.strategies_max) {
        if let fault = rowFault(account: 0, strategy: strategy, instrument) { return fault }
      }
    }
    for account in 1...UInt32(config.accounts_max) {
      if let fault = bookFault(RCK_SCOPE_ACCOUNT, account) { return fault }
    }
    for strategy in 1...UInt32(config.strategies_max) {
      if let fault = bookFault(RCK_SCOPE_STRATEGY, strategy) { return fault }
    }
    for port in 1...UInt32(config.ports_max) where library.time(ofPort: port) != oracle.time(ofPort: port) {
      return "port \(port) is at \(library.time(ofPort: port)), oracle \(oracle.time(ofPort: port))"
    }
    return ordersFault() ?? limitsFault() ?? latchesFault()
  }

  private func ordersFault() -> String? {
    let config = oracle.config
    var scopes = [Scope(RCK_SCOPE_GLOBAL, 0)]
    scopes += (1...UInt32(config.accounts_max)).map { Scope(RCK_SCOPE_ACCOUNT, $0) }
    scopes += (1...UInt32(config.strategies_max)).map { Scope(RCK_SCOPE_STRATEGY, $0) }
    scopes += (1...UInt32(config.instruments_max)).map { Scope(RCK_SCOPE_INSTRUMENT, $0) }
    for scope in scopes where oracle.isDefined(scope) {
      let expected = Dictionary(uniqueKeysWithValues: oracle.liveOrders(scope).map { ($0.token, $0) })
      let listed = library.openOrders(scope.kind, scope.id)
      for var info in listed {
        info.token = ours[info.token] ?? UInt64.max
        guard let order = expected[info.token] else {
          return "open_orders of \(scope) lists \(text(.order(0, info)))"
        }
        let wanted = oracle.info(order)
        if !bytesEqual(wanted, info) {
          return "open_orders of \(scope): \(text(.order(0, info))), oracle \(text(.order(0, wanted)))"
        }
      }
      if listed.count != expected.count {
        return "open_orders of \(scope) lists \(listed.count) orders, oracle \(expected.count)"
      }
    }
    return nil
  }

  private func limitsFault() -> String? {
    let expected = oracle.limitsInForce
    let armed = library.limitsArmed()
    if armed.count != expected.count { return "\(armed.count) limits armed, oracle \(expected.count)" }
    for var limit in armed {
      guard let wanted = expected[LimitKey(limit)]?.record else {
        return "armed: \(Step(.limitSet(limit, flags: 0)).text)"
      }
      if library.limitNumbers[limit.limit_id] != oracle.limitNumber(LimitKey(limit)) {
        return "the id of \(Step(.limitSet(limit, flags: 0)).text)"
      }
      (limit.limit_id, limit.generation, limit.struct_size) = (0, 0, wanted.struct_size)
      if !bytesEqual(limit, wanted) {
        return "armed: \(Step(.limitSet(limit, flags: 0)).text), oracle "
          + Step(.limitSet(wanted, flags: 0)).text
      }
    }
    return nil
  }

  private func latchesFault() -> String? {
    let config = oracle.config
    var scopes = [Scope(RCK_SCOPE_GLOBAL, 0)]
    scopes += (1...UInt32(config.accounts_max)).map { Scope(RCK_SCOPE_ACCOUNT, $0) }
    scopes += (1...UInt32(config.groups_max)).map { Scope(RCK_SCOPE_ACCOUNT_GROUP, $0) }
    scopes += (1...UInt32(config.strategies_max)).map { Scope(RCK_SCOPE_STRATEGY, $0) }
    scopes += (1...UInt32(config.instruments_max)).map { Scope(RCK_SCOPE_INSTRUMENT, $0) }
    for scope in scopes where oracle.isDefined(scope) {
      var asked = sized(rck_latch(), \.struct_size)
      (asked.scope_kind, asked.id) = (scope.kind, scope.id)
      let step = Step(.latchGet(asked))
      if let fault = compare(run.run(step), library.run(step, token: 0)) {
        return "\n     then \(step.text) -> \(text(run.run(step)))\n     library \(fault)"
      }
    }
    return nil
  }
}

func bytesEqual<Record>(_ one: Record, _ other: Record) -> Bool {
  withUnsafeBytes(of: one) { one in
    withUnsafeBytes(of: other) { memcmp(one.baseAddress!, $0.baseAddress!, one.count) == 0 }
  }
}
