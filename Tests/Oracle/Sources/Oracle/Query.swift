import CRiskCheck

/// What the looking calls show.
extension Oracle {
  public func fill(_ info: inout rck_position_info) -> Int32 {
    let ofAccount = info.account != 0
    if ofAccount == (info.strategy != 0) { return RCK_E_RANGE }
    let scope =
      ofAccount
      ? Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, info.account, info.instrument)
      : Scope(RCK_SCOPE_STRATEGY_INSTRUMENT, info.strategy, info.instrument)
    guard let row = rows[scope] else { return RCK_E_UNKNOWN }
    info.net = shown(row.net)
    info.open_buys = shown(row.openBuys)
    info.open_sells = shown(row.openSells)
    info.booked = shown(row.booked)
    info.buys = shown(row.buys)
    info.sells = shown(row.sells)
    info.margin = shown(row.margin)
    info.realised = shown(row.realised)
    info.marked = shown(row.marked)
    info.fees = shown(row.fees)
    return RCK_OK
  }

  public func fill(_ info: inout rck_book_info) -> Int32 {
    if info.reserved != 0 { return RCK_E_RESERVED }
    if info.scope_kind != RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP && info.instrument != 0 { return RCK_E_RANGE }
    let scope = Scope(Int32(bitPattern: info.scope_kind), info.id)
    guard scope.kind == RCK_SCOPE_ACCOUNT || scope.kind == RCK_SCOPE_STRATEGY else {
      return fillTotals(&info)
    }
    guard isDefined(scope) else { return RCK_E_UNKNOWN }
    let book = books[scope] ?? Book()
    info.open_positions = UInt32(clamping: book.openPositions)
    info.gross = shown(book.gross)
    info.net_long = shown(book.netLong)
    info.net_short = shown(book.netShort)
    info.margin = shown(book.margin)
    info.orders = shown(book.orders)
    info.orders_value = shown(book.ordersValue)
    info.realised = shown(book.realised)
    info.marked = shown(book.marked)
    info.fees = shown(book.fees)
    info.cash = book.cash ?? 0
    info.credit = book.credit
    info.mark_time_ns = book.markTime
    info.day_realised = shown(book.dayRealised)
    info.day_total = shown(book.dayTotal)
    info.day_peak = shown(book.peak)
    if let conduct = conduct[scope] {
      info.day_messages = conduct.messages
      info.day_trades = conduct.trades
      info.rejects = conduct.rejects
    }
    info.repeated = repeated.disabled[scope] ?? 0
    return RCK_OK
  }

  public func info(_ order: Order) -> rck_order_info {
    var info = rck_order_info()
    info.token = order.token
    info.order_id = order.id
    info.correlation_id = order.correlation
    info.price = order.terms?.price ?? 0
    info.stop_price = order.terms?.stopPrice ?? 0
    info.quantity = order.terms?.quantity ?? 0
    info.leaves = shown(order.leaves)
    info.cumulative = shown(order.known)
    info.reserved_value = shown(order.contribution.value)
    info.account = order.account
    info.strategy = order.strategy
    info.instrument = order.instrument
    info.venue = order.venue
    info.side = order.side
    info.type = order.type
    info.time_in_force = order.force
    info.state = UInt8(
      order.finished
        ? RCK_ORDER_FINISHED : order.amending ? RCK_ORDER_LIVE | RCK_ORDER_AMENDING : RCK_ORDER_LIVE)
    return info
  }

  /// The largest quantity with which an order would pass, and the verdict on one lot more.
  public func headroom(_ order: rck_order, port: UInt32) -> (quantity: Int64, verdict: rck_verdict) {
    if let misuse = misuse(order) { return (0, misuse) }
    let time: Int64
    switch judge(order.time_ns, port: port) {
    case .refused(let status): return (0, .refusal(status))
    case .at(let judged): time = judged
    }
    if order.deadline_ns != 0 && time > order.deadline_ns { return (0, .refusal(RCK_REJECT_DEADLINE)) }
    if let known = ids[order.order_id] { return (0, verdict(order, like: known)) }
    let lot = instruments[order.instrument]?.lot ?? 1
    func asked(lots: Int64) -> rck_verdict {
      var larger = order
      let (quantity, overflow) = lots.multipliedReportingOverflow(by: lot)
      larger.quantity = overflow ? Int64.max : quantity
      var request = Request(larger, at: time)
      request.isProbe = true
      return verdict(assess(request, withCustoms: false), order.flags)
    }
    // Passing is downward closed: what passes with a quantity passes with less.
    var (passes, fails): (Int64, Int64) = (0, Bound.input / lot + 1)
    while fails - passes > 1 {
      let middle = passes + (fails - passes) / 2
      if asked(lots: middle).status == RCK_OK { passes = middle } else { fails = middle }
    }
    return (passes * lot, asked(lots: fails))
  }

  public func liveOrders(_ scope: Scope) -> [Order] { liveOrders.filter { isWithin(scope, $0) } }

  /// How many orders live in a scope, or what is wrong with it.
  public func countLive(_ scope: Scope) -> (status: Int32, count: UInt32) {
    let most: UInt64
    switch Int32(bitPattern: scope.kind) {
    case RCK_SCOPE_GLOBAL: most = 0
    case RCK_SCOPE_ACCOUNT: most = config.accounts_max
    case RCK_SCOPE_STRATEGY: most = config.strategies_max
    case RCK_SCOPE_INSTRUMENT: most = config.instruments_max
    case RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP:
      most = config.groups_max
    default: return (RCK_E_RANGE, 0)
    }
    let inside = most == 0 ? scope.id == 0 : scope.id >= 1 && UInt64(scope.id) <= most
    if !inside { return (RCK_E_RANGE, 0) }
    return isDefined(scope) ? (RCK_OK, UInt32(liveOrders(scope).count)) : (RCK_E_UNKNOWN, 0)
  }

  private func isWithin(_ scope: Scope, _ order: Order) -> Bool {
    switch Int32(scope.kind) {
    case RCK_SCOPE_GLOBAL: return true
    case RCK_SCOPE_ACCOUNT: return order.account == scope.id
    case RCK_SCOPE_ACCOUNT_GROUP: return contains(accounts[order.account]?.groups, scope.id)
    case RCK_SCOPE_STRATEGY: return order.strategy == scope.id
    case RCK_SCOPE_STRATEGY_GROUP: return contains(strategies[order.strategy]?.groups, scope.id)
    case RCK_SCOPE_INSTRUMENT: return order.instrument == scope.id
    case RCK_SCOPE_INSTRUMENT_GROUP: return contains(instruments[order.instrument]?.groups, scope.id)
    default: return false
    }
  }

  private func contains(_ groups: (UInt32, UInt32, UInt32, UInt32)?, _ id: UInt32) -> Bool {
    guard let groups else { return false }
    return groups.0 == id || groups.1 == id || groups.2 == id || groups.3 == id
  }
}

extension Oracle {
  /// The order that an execution belongs to, while both are remembered.
  public func orderOf(execution: UInt64) -> Order? {
    executions[execution].flatMap { orders[$0.order.token] }
  }
}
