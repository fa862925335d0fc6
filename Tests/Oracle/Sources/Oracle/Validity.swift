import CRiskCheck

/// Control 1: whether an order makes sense at all.
struct Validity {
  /// The first rule that fails.
  var first: Int32?
  /// Whether something fails without which nothing else can be judged.
  var stops = false

  mutating func fail(_ status: Int32, stops: Bool = true) {
    if first == nil { first = status }
    if stops { self.stops = true }
  }
}

extension Oracle {
  func validity(_ request: Request) -> Validity {
    var found = Validity()
    if request.flags & ~UInt32(RCK_ORDER_FIRST_REFUSAL) != 0 { found.fail(RCK_REJECT_FLAGS) }
    identity(request, &found)
    quantity(request, &found)
    prices(request, &found)
    return found
  }

  private func identity(_ request: Request, _ found: inout Validity) {
    let ids = request.ids
    let account = accounts[ids.account]
    let strategy = strategies[ids.strategy]
    let instrument = instruments[ids.instrument]
    if account == nil { found.fail(RCK_REJECT_ACCOUNT_UNKNOWN) }
    if account?.flags.isEnabled == false { found.fail(RCK_REJECT_ACCOUNT_DISABLED, stops: false) }
    if instrument == nil { found.fail(RCK_REJECT_INSTRUMENT_UNKNOWN) }
    if instrument?.flags.isEnabled == false { found.fail(RCK_REJECT_INSTRUMENT_DISABLED, stops: false) }
    if ids.strategy != 0 && strategy == nil { found.fail(RCK_REJECT_STRATEGY_UNKNOWN) }
    if strategy?.flags.isEnabled == false { found.fail(RCK_REJECT_STRATEGY_DISABLED, stops: false) }
    if !(1...2).contains(ids.side) { found.fail(RCK_REJECT_SIDE) }
    if !(1...4).contains(request.type) { found.fail(RCK_REJECT_TYPE) }
    if !(1...4).contains(request.force) { found.fail(RCK_REJECT_TIME_IN_FORCE, stops: false) }
    let needed = permissions(request)
    if let account, account.permissions & needed != needed {
      found.fail(RCK_REJECT_ACCOUNT_PERMISSION, stops: false)
    }
    if let strategy, strategy.permissions & needed != needed {
      found.fail(RCK_REJECT_STRATEGY_PERMISSION, stops: false)
    }
  }

  /// The bits that side, type and time in force ask for.
  func permissions(_ request: Request) -> UInt32 {
    var needed: Int32 = 0
    switch Int32(request.ids.side) {
    case RCK_SIDE_BUY: needed |= RCK_PERMIT_BUY
    case RCK_SIDE_SELL: needed |= RCK_PERMIT_SELL
    default: break
    }
    switch Int32(request.type) {
    case RCK_TYPE_LIMIT: needed |= RCK_PERMIT_LIMIT
    case RCK_TYPE_MARKET: needed |= RCK_PERMIT_MARKET
    case RCK_TYPE_STOP: needed |= RCK_PERMIT_STOP
    case RCK_TYPE_STOP_LIMIT: needed |= RCK_PERMIT_STOP_LIMIT
    default: break
    }
    switch Int32(request.force) {
    case RCK_FORCE_DAY: needed |= RCK_PERMIT_DAY
    case RCK_FORCE_GOOD_TILL_CANCEL: needed |= RCK_PERMIT_GOOD_TILL_CANCEL
    case RCK_FORCE_IMMEDIATE: needed |= RCK_PERMIT_IMMEDIATE
    case RCK_FORCE_FILL_OR_KILL: needed |= RCK_PERMIT_FILL_OR_KILL
    default: break
    }
    return UInt32(needed)
  }

  private func quantity(_ request: Request, _ found: inout Validity) {
    if request.quantity <= 0 { found.fail(RCK_REJECT_QUANTITY_NOT_POSITIVE) }
    if let instrument = instruments[request.ids.instrument], request.quantity % instrument.lot != 0 {
      found.fail(RCK_REJECT_QUANTITY_LOT)
    }
    if request.quantity > Bound.input { found.fail(RCK_REJECT_QUANTITY_BOUNDS) }
  }

  private func prices(_ request: Request, _ found: inout Validity) {
    guard (1...4).contains(request.type), let instrument = instruments[request.ids.instrument] else { return }
    let negative = instrument.flags & UInt32(RCK_PRICE_NEGATIVE) != 0
    if request.hasPrice {
      if request.price == 0 && !negative { found.fail(RCK_REJECT_PRICE_MISSING) }
    } else if request.price != 0 {
      found.fail(RCK_REJECT_PRICE_BOUNDS)
    }
    if request.hasStopPrice {
      if request.stopPrice == 0 && !negative { found.fail(RCK_REJECT_STOP_PRICE_MISSING) }
    } else if request.stopPrice != 0 {
      found.fail(RCK_REJECT_STOP_PRICE_BOUNDS)
    }
    if request.hasPrice {
      if request.price % instrument.tick != 0 { found.fail(RCK_REJECT_PRICE_TICK) }
      if !within(request.price, instrument) { found.fail(RCK_REJECT_PRICE_BOUNDS) }
    }
    if request.hasStopPrice {
      if request.stopPrice % instrument.tick != 0 { found.fail(RCK_REJECT_STOP_PRICE_TICK) }
      if !within(request.stopPrice, instrument) { found.fail(RCK_REJECT_STOP_PRICE_BOUNDS) }
    }
  }

  private func within(_ price: Int64, _ instrument: rck_instrument) -> Bool {
    if !Bound.holdsInput(price) { return false }
    if price < 0 && instrument.flags & UInt32(RCK_PRICE_NEGATIVE) == 0 { return false }
    if instrument.price_min == 0 && instrument.price_max == 0 { return true }
    return price >= instrument.price_min && price <= instrument.price_max
  }

  /// Who does not permit a sale that leaves the account short.
  func shortForbidden(_ ids: Identity) -> Int32? {
    let short = UInt32(RCK_PERMIT_SHORT)
    if accounts[ids.account]!.permissions & short == 0 { return RCK_REJECT_ACCOUNT_PERMISSION }
    if let strategy = strategies[ids.strategy], strategy.permissions & short == 0 {
      return RCK_REJECT_STRATEGY_PERMISSION
    }
    return nil
  }
}

extension UInt32 {
  var isEnabled: Bool { self & UInt32(RCK_ENABLED) != 0 }
}
