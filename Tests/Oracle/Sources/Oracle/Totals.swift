import CRiskCheck

/// What all books of the engine or of a group come to together. It is added up whenever it is asked for.
struct Total: Hashable {
  var scope: Scope
  var sum: Sum
}

enum Sum {
  case gross, netLong, netShort, orders, ordersValue

  func of(_ book: Book) -> Wide {
    switch self {
    case .gross: book.gross
    case .netLong: book.netLong
    case .netShort: book.netShort
    case .orders: book.orders
    case .ordersValue: book.ordersValue
    }
  }
}

extension Scope {
  /// The engine, or a group.
  var isOfMany: Bool {
    [RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP]
      .contains(Int32(bitPattern: kind))
  }
}

extension LimitKey {
  /// What a limit of many is held against.
  var totals: [Total] {
    let sums: [Sum] =
      switch Int32(measure) {
      case RCK_MEASURE_GROSS: [.gross]
      case RCK_MEASURE_COUNT: [.orders]
      case RCK_MEASURE_NOTIONAL: [.ordersValue]
      default: side == 0 ? [.netLong, .netShort] : side == UInt32(RCK_SIDE_BUY) ? [.netLong] : [.netShort]
      }
    return sums.map { Total(scope: scope, sum: $0) }
  }
}

extension Oracle {
  /// Gives out totals, for good. False: there are not enough, and none is given out.
  func keep(_ totals: [Total]) -> Bool {
    let wanted = totalsGiven.union(totals)
    if wanted.count > Int(config.leases_max) { return false }
    totalsGiven = wanted
    return true
  }

  /// From a publication on, totals that were given out before it count everything.
  func countTotals() {
    totalsCounted = totalsGiven
    for id in strategies.keys { track(id) }
  }

  /// A strategy of a group whose totals are kept has its own sums kept.
  func track(_ id: UInt32) {
    for total in totalsCounted where isMember(Scope(RCK_SCOPE_STRATEGY, id), total.scope) {
      bookTracked.insert(id)
      if total.sum != .orders && total.sum != .ordersValue { exposureTracked.insert(id) }
    }
  }

  /// Whether a party's book is one of a scope's.
  private func isMember(_ party: Scope, _ scope: Scope) -> Bool {
    let ofAccount = party.kind == RCK_SCOPE_ACCOUNT
    switch Int32(scope.kind) {
    case RCK_SCOPE_GLOBAL: return ofAccount
    case RCK_SCOPE_ACCOUNT_GROUP: return ofAccount && list(accounts[party.id]?.groups).contains(scope.id)
    case RCK_SCOPE_STRATEGY_GROUP: return !ofAccount && list(strategies[party.id]?.groups).contains(scope.id)
    default: return false
    }
  }

  func list(_ groups: (UInt32, UInt32, UInt32, UInt32)?) -> [UInt32] {
    guard let groups else { return [] }
    return [groups.0, groups.1, groups.2, groups.3].filter { $0 != 0 }
  }

  /// A total as it is now.
  func amount(_ total: Total) -> Wide {
    books.filter { isMember($0.key, total.scope) }.reduce(0) { $0 + total.sum.of($1.value) }
  }

  /// The sums of a party, the engine or a group, whether they are kept or not.
  public func bookOfScope(_ scope: Scope) -> Book {
    if !scope.isOfMany { return book(scope) }
    var book = Book()
    book.gross = amount(Total(scope: scope, sum: .gross))
    book.netLong = amount(Total(scope: scope, sum: .netLong))
    book.netShort = amount(Total(scope: scope, sum: .netShort))
    book.orders = amount(Total(scope: scope, sum: .orders))
    book.ordersValue = amount(Total(scope: scope, sum: .ordersValue))
    return book
  }

  /// The engine and the groups that an order is in, widest first.
  func wideScopes(_ ids: Identity) -> [Scope] {
    [Scope(RCK_SCOPE_GLOBAL, 0)]
      + list(accounts[ids.account]?.groups).map { Scope(RCK_SCOPE_ACCOUNT_GROUP, $0) }
      + list(strategies[ids.strategy]?.groups).map { Scope(RCK_SCOPE_STRATEGY_GROUP, $0) }
      + list(instruments[ids.instrument]?.groups).map { Scope(RCK_SCOPE_INSTRUMENT_GROUP, $0) }
  }

  /// What a limit of many is held against if a party's book becomes another; nil if the party's is none of its books.
  func observed(_ total: Total, _ party: Scope, becoming book: Book) -> Wide? {
    guard isMember(party, total.scope), totalsCounted.contains(total) else { return nil }
    return amount(total) + total.sum.of(book) - total.sum.of(books[party] ?? Book())
  }

  /// Whether a group has limits in force, or totals: its members stay then.
  func isLimited(_ group: UInt32) -> Bool {
    func isOf(_ scope: Scope) -> Bool {
      scope.isOfMany && scope.kind != UInt32(RCK_SCOPE_GLOBAL) && scope.id == group
    }
    return limits.inForce.keys.contains { isOf($0.scope) } || totalsCounted.contains { isOf($0.scope) }
  }

  /// Whether a definition would take something out of such a group, or into one.
  func regroups(
    _ old: (UInt32, UInt32, UInt32, UInt32)?, _ new: (UInt32, UInt32, UInt32, UInt32)
  ) -> Bool {
    guard let old else { return false }
    return Set(list(old)).symmetricDifference(list(new)).contains { isLimited($0) }
  }

  public var countsTotals: Bool { !totalsCounted.isEmpty }

  public func fillTotals(_ info: inout rck_book_info) -> Int32 {
    let scope = Scope(Int32(bitPattern: info.scope_kind), info.id)
    switch Int32(bitPattern: info.scope_kind) {
    case RCK_SCOPE_GLOBAL: if info.id != 0 { return RCK_E_RANGE }
    case RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP: if !isDefined(scope) { return RCK_E_UNKNOWN }
    default: return RCK_E_RANGE
    }
    func sum(_ sum: Sum) -> Int64 {
      let total = Total(scope: scope, sum: sum)
      return totalsCounted.contains(total) ? shown(amount(total)) : 0
    }
    info.gross = sum(.gross)
    info.net_long = sum(.netLong)
    info.net_short = sum(.netShort)
    info.orders = sum(.orders)
    info.orders_value = sum(.ordersValue)
    return RCK_OK
  }
}
