import CRiskCheck

/// Definitions: what each kind demands, and how it is replaced. Names play no part here.
extension Oracle {
  public func set(_ currency: rck_currency) -> Int32 {
    guard fits(currency.id, config.currencies_max) else { return RCK_E_RANGE }
    if currency.flags != 0 { return RCK_E_FLAGS }
    guard currency.rate_decimals <= 18, currency.rate > 0 else { return RCK_E_RANGE }
    currencies[currency.id] = currency
    for instrument in instruments.values where instrument.currency == currency.id { convert(instrument) }
    return RCK_OK
  }

  public func set(_ group: rck_group) -> Int32 {
    guard fits(group.id, config.groups_max) else { return RCK_E_RANGE }
    if group.flags != 0 { return RCK_E_FLAGS }
    guard (1...3).contains(group.kind) else { return RCK_E_RANGE }
    if group.reserved != 0 { return RCK_E_RESERVED }
    let most: UInt32 = group.kind == RCK_GROUP_OF_INSTRUMENTS ? 9 : 0
    guard group.quantity_decimals <= most else { return RCK_E_RANGE }
    if let old = groups[group.id] {
      if old.kind != group.kind { return RCK_E_GROUP_KIND }
      if old.quantity_decimals != group.quantity_decimals && hasPositions(group.id) { return RCK_E_IN_USE }
    }
    groups[group.id] = group
    return RCK_OK
  }

  public func set(_ account: rck_account) -> Int32 {
    guard fits(account.id, config.accounts_max) else { return RCK_E_RANGE }
    if account.reserved != 0 { return RCK_E_RESERVED }
    let flags =
      RCK_ENABLED | RCK_POWER_CREDIT | RCK_POWER_REALISED | RCK_POWER_FEES | RCK_POWER_MARKED
      | RCK_HALT_ON_LATE | RCK_HALT_ON_OVER_FILL | RCK_HALT_ON_UNKNOWN
    if account.flags & ~UInt32(flags) != 0 || account.permissions & ~UInt32(RCK_PERMIT_ALL) != 0 {
      return RCK_E_FLAGS
    }
    if let status = fault(account.groups, RCK_GROUP_OF_ACCOUNTS) { return status }
    guard account.margin_class < RCK_MARGIN_CLASSES else { return RCK_E_RANGE }
    if regroups(accounts[account.id]?.groups, account.groups) { return RCK_E_IN_USE }
    accounts[account.id] = account
    return RCK_OK
  }

  public func set(_ strategy: rck_strategy) -> Int32 {
    guard fits(strategy.id, config.strategies_max) else { return RCK_E_RANGE }
    if strategy.flags & ~UInt32(RCK_ENABLED) != 0 || strategy.permissions & ~UInt32(RCK_PERMIT_ALL) != 0 {
      return RCK_E_FLAGS
    }
    if let status = fault(strategy.groups, RCK_GROUP_OF_STRATEGIES) { return status }
    if regroups(strategies[strategy.id]?.groups, strategy.groups) { return RCK_E_IN_USE }
    strategies[strategy.id] = strategy
    track(strategy.id)
    return RCK_OK
  }

  public func set(_ instrument: rck_instrument) -> Int32 {
    guard fits(instrument.id, config.instruments_max) else { return RCK_E_RANGE }
    if instrument.reserved != 0 { return RCK_E_RESERVED }
    if instrument.flags & ~UInt32(RCK_ENABLED | RCK_PRICE_NEGATIVE | RCK_SHORT_LOCATE) != 0 {
      return RCK_E_FLAGS
    }
    let margins = [
      instrument.margin_bps.0, instrument.margin_bps.1, instrument.margin_bps.2, instrument.margin_bps.3,
    ]
    let least = instrument.flags & UInt32(RCK_PRICE_NEGATIVE) != 0 ? -Bound.input : 0
    let prices = [
      instrument.price_min, instrument.price_max, instrument.previous_close, instrument.reference_price,
    ]
    guard instrument.price_decimals <= 18, instrument.quantity_decimals <= 18,
      instrument.multiplier_decimals <= 9, instrument.multiplier > 0,
      (1...Bound.input).contains(instrument.lot),
      (1...Bound.input).contains(instrument.tick), instrument.price_min <= instrument.price_max,
      prices.allSatisfy({ (least...Bound.input).contains($0) }), instrument.reference <= RCK_REFERENCE_SET,
      instrument.slippage_bps <= 10_000,
      margins.allSatisfy({ $0 <= 1_000_000 })
    else { return RCK_E_RANGE }
    if let status = fault(instrument.groups, RCK_GROUP_OF_INSTRUMENTS) { return status }
    guard currencies[instrument.currency] != nil else { return RCK_E_UNKNOWN }
    if inUse(instrument) || regroups(instruments[instrument.id]?.groups, instrument.groups) {
      return RCK_E_IN_USE
    }
    instruments[instrument.id] = instrument
    convert(instrument)
    return RCK_OK
  }

  private func convert(_ instrument: rck_instrument) {
    conversions[instrument.id] = Conversion(
      instrument, currencies[instrument.currency]!, moneyDecimals: config.money_decimals)
  }

  /// Whether the definition would change the units that positions are kept in.
  private func inUse(_ new: rck_instrument) -> Bool {
    guard let old = instruments[new.id] else { return false }
    if !rowPlaces.contains(where: { $0.instrument == new.id }) && !countsQuantities(of: new.id) {
      return false
    }
    return old.price_decimals != new.price_decimals || old.quantity_decimals != new.quantity_decimals
      || old.multiplier_decimals != new.multiplier_decimals || old.multiplier != new.multiplier
      || old.currency != new.currency
  }

  func fits(_ id: UInt32, _ capacity: UInt64) -> Bool { id >= 1 && UInt64(id) <= capacity }

  private func fault(_ named: (UInt32, UInt32, UInt32, UInt32), _ kind: Int32) -> Int32? {
    let list = [named.0, named.1, named.2, named.3]
    for (index, id) in list.enumerated() where id != 0 {
      guard let group = groups[id] else { return RCK_E_UNKNOWN }
      if group.kind != UInt32(kind) { return RCK_E_GROUP_KIND }
      if list[..<index].contains(id) { return RCK_E_GROUP_TWICE }
    }
    return nil
  }
}
