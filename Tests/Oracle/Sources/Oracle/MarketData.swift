import CRiskCheck

/// Quotes, trades, marks; positions and cash that are set.
extension Oracle {
  public func quote(_ quote: rck_quote, port: UInt32) -> Int32 {
    if quote.reserved.0 | quote.reserved.1 != 0 { return RCK_E_RESERVED }
    if quote.flags != 0 { return RCK_E_FLAGS }
    guard (0...Bound.input).contains(quote.bid_size), (0...Bound.input).contains(quote.ask_size) else {
      return RCK_E_RANGE
    }
    guard let instrument = instruments[quote.instrument] else { return RCK_E_UNKNOWN }
    // The price of an empty side says nothing.
    guard quote.bid_size == 0 || isPrice(quote.bid, instrument),
      quote.ask_size == 0 || isPrice(quote.ask, instrument)
    else { return RCK_E_RANGE }
    let time: Int64
    switch judge(quote.time_ns, port: port) {
    case .refused(let status): return status
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    if let old = markets[quote.instrument]?.quote, time < old.time_ns { return RCK_REPEAT }
    var stored = quote
    stored.time_ns = time
    markets[quote.instrument, default: Market()].quote = stored
    return RCK_OK
  }

  public func trade(_ trade: rck_trade, port: UInt32) -> Int32 {
    let reserved = trade.reserved
    if reserved.0 | reserved.1 | reserved.2 | reserved.3 != 0 { return RCK_E_RESERVED }
    if trade.flags != 0 { return RCK_E_FLAGS }
    guard (1...Bound.input).contains(trade.quantity) else { return RCK_E_RANGE }
    guard let instrument = instruments[trade.instrument] else { return RCK_E_UNKNOWN }
    guard isPrice(trade.price, instrument) else { return RCK_E_RANGE }
    let time: Int64
    switch judge(trade.time_ns, port: port) {
    case .refused(let status): return status
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    var market = markets[trade.instrument] ?? Market()
    let old = market.trade
    if let old, time < old.time_ns { return RCK_REPEAT }
    market.trade = trade
    market.trade!.time_ns = time
    count(trade.quantity, &market)
    if let longestPeriod {
      let room = PriceHistory.Room(most: Int(config.price_history_max) / 2, longest: longestPeriod)
      market.prices.end(old.map { ($0.price, $0.time_ns) }, at: time, by: trade.price, room)
    }
    markets[trade.instrument] = market
    return RCK_OK
  }

  /// A trade's quantity in the volume of the day.
  private func count(_ quantity: Int64, _ market: inout Market) {
    let isToday = market.volume?.date == day
    let before = isToday || plant == .volumeOfYesterday ? market.volume?.quantity ?? 0 : 0
    market.volume = (day, min(before + Wide(quantity), Bound.amount))
  }

  /// A price of the market: positive, unless the instrument's may be zero or negative.
  func isPrice(_ price: Int64, _ instrument: rck_instrument) -> Bool {
    Bound.holdsInput(price) && (price > 0 || instrument.flags & UInt32(RCK_PRICE_NEGATIVE) != 0)
  }

  public func mark(_ id: UInt32, price: Int64, time given: Int64, port: UInt32) -> Int32 {
    guard let instrument = instruments[id] else { return RCK_E_UNKNOWN }
    guard isPrice(price, instrument) else { return RCK_E_RANGE }
    let time: Int64
    switch judge(given, port: port) {
    case .refused(let status): return status
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    var status = RCK_OK
    for (scope, row) in rows where scope.instrument == id && (row.net != 0 || plant == .markDatesFlat) {
      let owner = bookScope(scope)
      var book = books[owner] ?? Book()
      // Each row alone: one that cannot hold it stays as it was.
      guard let after = marked(row, at: price, scope), after.holds else {
        status = RCK_REJECT_EXPOSURE_OVERFLOW
        continue
      }
      book.move(from: row, to: after)
      book.markTime = max(book.markTime, time)
      guard book.holds else {
        status = RCK_REJECT_EXPOSURE_OVERFLOW
        continue
      }
      rows[scope] = after
      books[owner] = book
    }
    return status
  }

  /// A row booked at a price; nil when the position has no value within bounds.
  private func marked(_ row: Row, at price: Int64, _ scope: Scope) -> Row? {
    guard let value = conversions[scope.instrument]!.signedValue(abs(row.net), at: price) else { return nil }
    var after = row
    after.booked = row.net < 0 ? -value : value
    after.marked += after.booked - row.booked
    after.setMargin(bps: marginBps(of: scope))
    return after
  }

  private func marginBps(of row: Scope) -> UInt32 {
    let instrument = instruments[row.instrument]!
    let ofAccount = row.kind == RCK_SCOPE_ACCOUNT_INSTRUMENT
    return marginBps(instrument, class: ofAccount ? accounts[row.id]!.margin_class : 0)
  }

  private func bookScope(_ row: Scope) -> Scope {
    Scope(row.kind == RCK_SCOPE_ACCOUNT_INSTRUMENT ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_STRATEGY, row.id)
  }

  // MARK: - Set by hand

  public func set(_ position: rck_position) -> Int32 {
    if position.reserved != 0 { return RCK_E_RESERVED }
    let ofAccount = position.strategy == 0
    guard ofAccount != (position.account == 0) else { return RCK_E_RANGE }
    let scope =
      ofAccount
      ? Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, position.account, position.instrument)
      : Scope(RCK_SCOPE_STRATEGY_INSTRUMENT, position.strategy, position.instrument)
    guard isDefined(scope), let instrument = instruments[position.instrument] else { return RCK_E_UNKNOWN }
    // What was given away is booked at nothing.
    guard Bound.holdsInput(position.quantity), position.price == 0 || isPrice(position.price, instrument),
      position.actor != 0
    else { return RCK_E_RANGE }
    let quantity = Wide(position.quantity)
    let conversion = conversions[position.instrument]!
    guard let value = conversion.signedValue(abs(quantity), at: position.price) else {
      return RCK_REJECT_EXPOSURE_OVERFLOW
    }
    let old = rows[scope] ?? Row()
    var new = old
    new.net = quantity
    new.booked = quantity < 0 ? -value : value
    new.setMargin(bps: marginBps(of: scope))
    var book = books[bookScope(scope)] ?? Book()
    book.move(from: old, to: new)
    guard new.quantitiesHold else { return RCK_REJECT_POSITION_OVERFLOW }
    guard new.moneyHolds, book.holds else { return RCK_REJECT_EXPOSURE_OVERFLOW }
    if !take(placesFor: [scope]) { return RCK_REJECT_POSITIONS_FULL }
    rows[scope] = new
    books[bookScope(scope)] = book
    return RCK_OK
  }

  public func set(_ cash: rck_cash) -> Int32 {
    if cash.reserved != 0 { return RCK_E_RESERVED }
    guard accounts[cash.account] != nil else { return RCK_E_UNKNOWN }
    guard cash.actor != 0, Bound.holds(Wide(cash.cash)), cash.credit >= 0, Bound.holds(Wide(cash.credit))
    else { return RCK_E_RANGE }
    let scope = Scope(RCK_SCOPE_ACCOUNT, cash.account)
    books[scope, default: Book()].cash = cash.cash
    books[scope, default: Book()].credit = cash.credit
    return RCK_OK
  }
}
