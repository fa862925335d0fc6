import CRiskCheck

/// Orders of one account that are alike.
struct Pattern: Hashable {
  var strategy: UInt32
  var instrument: UInt32
  var side: UInt8
  var quantity: Int64

  init(_ ids: Identity, quantity: Int64) {
    (strategy, instrument, side) = (ids.strategy, ids.instrument, ids.side)
    self.quantity = quantity
  }
}

/// An order's first fill.
struct Filled {
  var pattern: Pattern
  var time: Int64
  /// How often account and strategy had been armed again.
  var rearmed: [Int]
}

/// P16: orders that are filled again and again.
struct RepeatedExecutions {
  /// Accounts and strategies that were ever limited.
  var kept: Set<Scope> = []
  /// The last of each account.
  var filled: [UInt32: [Filled]] = [:]
  var rearmed: [Scope: Int] = [:]
  /// Who is disabled, by how many.
  var disabled: [Scope: Int64] = [:]
}

extension Oracle {
  private func parties(_ account: UInt32, _ strategy: UInt32) -> [Scope] {
    [Scope(RCK_SCOPE_ACCOUNT, account), Scope(RCK_SCOPE_STRATEGY, strategy)].filter { $0.id != 0 }
  }

  private func count(_ ids: Identity, quantity: Int64, at time: Int64, _ window: Int64) -> Int64 {
    let (pattern, rearmed) = (Pattern(ids, quantity: quantity), timesRearmed(ids))
    let edge: Int64 = plant == .patternAtEdge ? 1 : 0
    let like = (repeated.filled[ids.account] ?? []).filter {
      $0.pattern == pattern && $0.rearmed == rearmed && time - $0.time < window + edge
    }
    return Int64(like.count)
  }

  private func timesRearmed(_ ids: Identity) -> [Int] {
    plant == .rearmedRemembers ? [] : parties(ids.account, ids.strategy).map { repeated.rearmed[$0] ?? 0 }
  }

  func repeatedExecution(_ limit: Limit, _ asked: Case) -> Seen {
    if repeated.disabled[limit.key.scope] != nil { return .missing(RCK_REJECT_EXECUTION_DISABLED) }
    let request = asked.request
    if request.isProbe { return .nothing }
    let orders = count(request.ids, quantity: request.quantity, at: request.time, limit.record.window_ns)
    return .amount(Wide(orders) + 1, RCK_REJECT_REPEATED_EXECUTION)
  }

  /// An order was filled; `known` of it before.
  func noteFill(_ order: Order, known: Wide, at time: Int64) {
    let (ids, quantity) = (order.identity, order.terms?.quantity ?? 0)
    let parties = parties(ids.account, ids.strategy).filter(repeated.kept.contains)
    if parties.isEmpty || known != 0 && plant != .everyFillCounts { return }
    let filled = Filled(pattern: Pattern(ids, quantity: quantity), time: time, rearmed: timesRearmed(ids))
    let before = repeated.filled[ids.account, default: []]
    repeated.filled[ids.account] = Array((before + [filled]).suffix(Int(config.order_history_max)))
    for scope in parties where repeated.disabled[scope] == nil {
      for limit in limits.of(scope)[Int(RCK_CONTROL_REPEATED_EXECUTION)]
      where limit.record.levels & UInt32(RCK_LEVEL_HARD) != 0 {
        let orders = count(ids, quantity: quantity, at: time, limit.record.window_ns)
        if orders >= limit.record.hard { repeated.disabled[scope] = orders }
      }
    }
  }

  /// False: it is not disabled.
  func enable(_ scope: Scope) -> Bool {
    if repeated.disabled.removeValue(forKey: scope) == nil { return false }
    repeated.rearmed[scope, default: 0] += 1
    return true
  }

  /// The next order whose like leaves a window at its time.
  public func repetition(after time: Int64) -> rck_order? {
    var found: rck_order?
    for (account, filled) in repeated.filled.sorted(by: { $0.key < $1.key }) {
      for old in filled {
        var order = rck_order()
        (order.account, order.strategy) = (account, old.pattern.strategy)
        (order.instrument, order.side) = (old.pattern.instrument, old.pattern.side)
        order.quantity = old.pattern.quantity
        let parties = parties(account, old.pattern.strategy)
        for limit in parties.flatMap({ limits.of($0)[Int(RCK_CONTROL_REPEATED_EXECUTION)] }) {
          order.time_ns = old.time + limit.record.window_ns
          if order.time_ns > time && order.time_ns < found?.time_ns ?? .max { found = order }
        }
      }
    }
    return found
  }

  /// Who is disabled, the same for the same history.
  public var disabled: [Scope] {
    repeated.disabled.keys.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }
  }
}
