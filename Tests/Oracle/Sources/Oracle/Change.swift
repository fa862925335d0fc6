import CRiskCheck

/// What an event does to the rows and books it touches: computed whole, then judged, then made or dropped.
struct Change {
  var accountScope: Scope
  var account: Row
  var accountBook: Book
  var strategyScope: Scope
  /// Nil: the strategy's row does not count it. Likewise its book.
  var strategy: Row?
  var strategyBook: Book?
  /// Whether the order is among those that the strategy's book counts.
  var inStrategyBook = false

  /// Where amounts go beyond their bound, of quantities and of money.
  var overflows: [(status: Int32, control: Int32, scope: Scope)] {
    if account.holds && accountBook.holds && strategy?.holds != false && strategyBook?.holds != false {
      return []
    }
    var found: [(status: Int32, control: Int32, scope: Scope)] = []
    let quantity = (RCK_REJECT_POSITION_OVERFLOW, RCK_CONTROL_POSITION)
    let money = (RCK_REJECT_EXPOSURE_OVERFLOW, RCK_CONTROL_EXPOSURE)
    if !account.quantitiesHold { found.append((quantity.0, quantity.1, accountScope)) }
    if strategy?.quantitiesHold == false { found.append((quantity.0, quantity.1, strategyScope)) }
    if !account.moneyHolds || !accountBook.holds {
      found.append((money.0, money.1, Scope(RCK_SCOPE_ACCOUNT, accountScope.id)))
    }
    if strategy?.moneyHolds == false || strategyBook?.holds == false {
      found.append((money.0, money.1, Scope(RCK_SCOPE_STRATEGY, strategyScope.id)))
    }
    return found
  }

  /// What an amend holds was judged with the new terms alone. A margin beyond its bound comes of a definition, and
  /// the old one stays.
  mutating func keepMargins(_ oldAccount: Row?, _ oldStrategy: Row?) {
    if let old = oldAccount, !Bound.holds(account.margin) {
      accountBook.margin += old.margin - account.margin
      account.margin = old.margin
    }
    if let old = oldStrategy, let new = strategy, !Bound.holds(new.margin) {
      strategyBook!.margin += old.margin - new.margin
      strategy!.margin = old.margin
    }
  }

  var rowScopes: [Scope] { strategy == nil ? [accountScope] : [accountScope, strategyScope] }

  func overflow(_ control: Int32, _ scope: Scope) -> Finding? {
    overflows.first { $0.control == control && $0.scope == scope }.map {
      Finding(status: $0.status, control: $0.control, scope: $0.scope)
    }
  }
}

extension Oracle {
  /// Whether the strategy's row in the instrument, and its book, count what happens from now on.
  func tracking(_ ids: Identity) -> (row: Bool, book: Bool) {
    if ids.strategy == 0 { return (false, false) }
    let pair = Scope(RCK_SCOPE_STRATEGY_INSTRUMENT, ids.strategy, ids.instrument)
    let row = exposureTracked.contains(ids.strategy) || positionTracked.contains(pair)
    return (row, bookTracked.contains(ids.strategy))
  }

  /// The rows and books of an event as they are, with `orders` more live orders worth `value` more, and with
  /// `edit` made to each row. Nil when `edit` fails.
  func change(
    _ ids: Identity, tracked: (row: Bool, book: Bool), orders: Wide = 0, value: Wide = 0,
    freeing: Bool = false, _ edit: (inout Row) -> Bool
  ) -> Change? {
    let instrument = instruments[ids.instrument]!
    let accountScope = Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, ids.account, ids.instrument)
    let strategyScope = Scope(RCK_SCOPE_STRATEGY_INSTRUMENT, ids.strategy, ids.instrument)
    let old = rows[accountScope] ?? Row()
    var change = Change(
      accountScope: accountScope, account: old,
      accountBook: books[Scope(RCK_SCOPE_ACCOUNT, ids.account)] ?? Book(), strategyScope: strategyScope)
    guard edit(&change.account) else { return nil }
    let bps = marginBps(instrument, class: accounts[ids.account]!.margin_class)
    if freeing { change.account.freeMargin(bps: bps, since: old) } else { change.account.setMargin(bps: bps) }
    change.accountBook.move(from: old, to: change.account)
    change.accountBook.orders += orders
    if value > 0 || plant != .releaseLeaves { change.accountBook.ordersValue += value }
    // A strategy's sums are those of its rows; its orders count when its book does.
    if tracked.book || tracked.row {
      change.strategyBook = books[Scope(RCK_SCOPE_STRATEGY, ids.strategy)] ?? Book()
    }
    change.inStrategyBook = tracked.book
    if tracked.book {
      change.strategyBook!.orders += orders
      change.strategyBook!.ordersValue += value
    }
    if tracked.row {
      let old = rows[strategyScope] ?? Row()
      var row = old
      guard edit(&row) else { return nil }
      let bps = instrument.margin_bps.0
      if freeing { row.freeMargin(bps: bps, since: old) } else { row.setMargin(bps: bps) }
      change.strategy = row
      change.strategyBook!.move(from: old, to: row)
    }
    return change
  }

  /// Whether there are places for the rows of an event.
  func hasPlaces(for scopes: [Scope]) -> Bool {
    let new = scopes.filter { !rowPlaces.contains($0) }
    return rowPlaces.count + new.count <= Int(config.positions_max)
  }

  func take(placesFor scopes: [Scope]) -> Bool {
    if !hasPlaces(for: scopes) { return false }
    rowPlaces.formUnion(scopes)
    return true
  }

  func make(_ change: Change) {
    for scope in change.rowScopes where rows[scope] == nil { rowPlaces.insert(scope) }
    rows[change.accountScope] = change.account
    books[Scope(RCK_SCOPE_ACCOUNT, change.accountScope.id)] = change.accountBook
    if let strategy = change.strategy { rows[change.strategyScope] = strategy }
    if let book = change.strategyBook { books[Scope(RCK_SCOPE_STRATEGY, change.strategyScope.id)] = book }
  }

  /// An order's part of its rows becomes another.
  func replacement(
    _ order: Order, by new: Contribution, ordersLess: Wide = 0, freeing: Bool = false
  ) -> Change {
    let old = order.contribution
    return change(
      order.identity, tracked: (order.inRow, order.inBook), orders: -ordersLess, value: new.value - old.value,
      freeing: freeing
    ) { row in
      row.replace(old, by: new, buy: order.buy)
      return true
    }!
  }

  func marginBps(_ instrument: rck_instrument, class marginClass: UInt32) -> UInt32 {
    switch marginClass {
    case 0: instrument.margin_bps.0
    case 1: instrument.margin_bps.1
    case 2: instrument.margin_bps.2
    default: instrument.margin_bps.3
    }
  }
}

extension Order {
  var identity: Identity {
    Identity(account: account, strategy: strategy, instrument: instrument, side: side)
  }
}
