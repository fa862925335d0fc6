import CRiskCheck

/// What all books of the engine or of a group come to together, or all rows of accounts in a group's instruments. It is
/// added up whenever it is asked for.
struct Total: Hashable {
  var scope: Scope
  var sum: Sum
}

enum Sum {
  case gross, netLong, netShort, orders, ordersValue
  /// Worst-case positions in the common unit of a group of instruments.
  case long, short

  /// Of a row with this many live orders, in a group.
  func of(_ row: Row, orders: Wide, _ unit: (Wide) -> Wide) -> Wide {
    switch self {
    case .gross: row.exposure
    case .netLong: row.moneyLong
    case .netShort: row.moneyShort
    case .orders: orders
    case .ordersValue: row.buys + row.sells
    case .long: unit(row.long)
    case .short: unit(row.short)
    }
  }

  func of(_ book: Book) -> Wide {
    switch self {
    case .long, .short: 0
    case .gross: book.gross
    case .netLong: book.netLong
    case .netShort: book.netShort
    case .orders: book.orders
    case .ordersValue: book.ordersValue
    }
  }
}

extension Total {
  /// The group of instruments of whose rows it is; nil: it is of books.
  var group: UInt32? {
    switch Int32(bitPattern: scope.kind) {
    case RCK_SCOPE_INSTRUMENT_GROUP: scope.id
    case RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP: scope.instrument
    default: nil
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
  /// What a limit of many, or of an account in a group, is held against.
  var totals: [Total] {
    if control == UInt32(RCK_CONTROL_GROUP_EXPOSURE) { return [Total(scope: scope, sum: .gross)] }
    let (long, short): (Sum, Sum) =
      control == UInt32(RCK_CONTROL_POSITION) ? (.long, .short) : (.netLong, .netShort)
    let sums: [Sum] =
      switch Int32(measure) {
      case RCK_MEASURE_GROSS: [.gross]
      case RCK_MEASURE_COUNT: [.orders]
      case RCK_MEASURE_NOTIONAL: [.ordersValue]
      default: side == 0 ? [long, short] : side == UInt32(RCK_SIDE_BUY) ? [long] : [short]
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
    if totalsCounted != totalsGiven {
      // What is counted has a row from then on.
      for place in rowPlaces where rows[place] == nil && isCounted(place) { rows[place] = Row() }
    }
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
    if total.group != nil {
      return rows.filter { isCounted($0.key, total) }
        .reduce(0) {
          $0 + part(total, $1.key, $1.value, orders: total.sum == .orders ? liveOrders(in: $1.key) : 0)
        }
    }
    return books.filter { isMember($0.key, total.scope) }.reduce(0) { $0 + total.sum.of($1.value) }
  }

  /// Whether a row is an account's in one of the group's instruments, and the very account's that a total is about.
  private func isCounted(_ row: Scope, _ total: Total) -> Bool {
    let isOfAccount = total.scope.kind != RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP || total.scope.id == row.id
    guard let group = total.group, row.kind == RCK_SCOPE_ACCOUNT_INSTRUMENT, isOfAccount else { return false }
    return list(instruments[row.instrument]?.groups).contains(group)
  }

  private func isCounted(_ row: Scope) -> Bool { totalsGiven.contains { isCounted(row, $0) } }

  private func liveOrders(in row: Scope) -> Wide {
    Wide(liveOrders.filter { $0.account == row.id && $0.instrument == row.instrument }.count)
  }

  /// What a total of a group of instruments counts of a row.
  private func part(_ total: Total, _ scope: Scope, _ row: Row, orders: Wide) -> Wide {
    total.sum.of(row, orders: orders) {
      commonUnit($0, instruments[scope.instrument]!, groups[total.scope.id]!)
    }
  }

  /// Quantity x multiplier in the group's decimals, rounded up whatever its sign; beyond the bound it is cut off.
  private func commonUnit(_ quantity: Wide, _ instrument: rck_instrument, _ group: rck_group) -> Wide {
    let product = quantity * Wide(instrument.multiplier)
    let tens =
      Int(instrument.quantity_decimals + instrument.multiplier_decimals) - Int(group.quantity_decimals)
    let power = (0..<abs(tens)).reduce(Wide(1)) { power, _ in power * 10 }
    let most = Bound.amount + 1
    if tens >= 0 {
      let up = plant == .unitsRoundDown ? divideDown(product, by: power) : divideUp(product, by: power)
      return min(max(up, -most), most)
    }
    let (amount, overflow) = product.multipliedReportingOverflow(by: power)
    return overflow ? (product < 0 ? -most : most) : min(max(amount, -most), most)
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

  /// Worst-case positions of a group of instruments.
  public func positions(ofGroup id: UInt32) -> (long: Wide, short: Wide) {
    let scope = Scope(RCK_SCOPE_INSTRUMENT_GROUP, id)
    return (amount(Total(scope: scope, sum: .long)), amount(Total(scope: scope, sum: .short)))
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

  /// Likewise of a group of instruments if an account's row becomes another, with `orders` more of them live.
  func observed(_ total: Total, _ change: Change, orders: Wide) -> Wide? {
    let scope = change.accountScope
    guard isCounted(scope, total), totalsCounted.contains(total) else { return nil }
    let live = liveOrders(in: scope)
    return amount(total) + part(total, scope, change.account, orders: live + orders)
      - part(total, scope, rows[scope] ?? Row(), orders: live)
  }

  /// Whether a group counts quantities of an instrument, whose units stay then.
  func countsQuantities(of instrument: UInt32) -> Bool {
    totalsCounted.contains {
      guard let group = $0.group else { return false }
      return list(instruments[instrument]?.groups).contains(group)
    }
  }

  /// Whether a group of instruments was ever given totals of positions.
  func hasPositions(_ group: UInt32) -> Bool {
    let scope = Scope(RCK_SCOPE_INSTRUMENT_GROUP, group)
    return totalsGiven.contains(Total(scope: scope, sum: .long))
      || totalsGiven.contains(Total(scope: scope, sum: .short))
  }

  /// Whether a group has limits in force, or totals: its members stay then.
  func isLimited(_ group: UInt32) -> Bool {
    func isOf(_ scope: Scope) -> Bool {
      scope.isOfMany && scope.kind != UInt32(RCK_SCOPE_GLOBAL) && scope.id == group
    }
    func lists(_ scope: Scope) -> Bool {
      scope.kind == UInt32(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT) && scope.id == group
    }
    return limits.inForce.keys.contains { isOf($0.scope) || lists($0.scope) }
      || totalsCounted.contains { isOf($0.scope) || $0.group == group }
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
    case RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP:
      if !isDefined(scope) { return RCK_E_UNKNOWN }
    case RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP: return fillSector(&info)
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
    info.quantity_long = sum(.long)
    info.quantity_short = sum(.short)
    return RCK_OK
  }
}
