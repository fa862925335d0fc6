import CRiskCheck

/// P10: an order against what the market trades and shows.
extension Oracle {
  func liquidity(_ limit: Limit, _ asked: Case) -> Seen {
    let market = markets[asked.instrument.id] ?? Market()
    let (buy, quantity) = (asked.request.buy, Wide(asked.request.quantity))
    switch Int32(limit.record.measure) {
    case RCK_MEASURE_VOLUME_SHARE:
      let today = market.volume?.date == day || plant == .volumeOfYesterday ? market.volume?.quantity ?? 0 : 0
      let volume = market.average != 0 ? Wide(market.average) : today
      if volume == 0 { return .missing(RCK_REJECT_VOLUME_MISSING) }
      return .amount(divideUp(quantity * 10_000, by: volume), RCK_REJECT_VOLUME_SHARE)
    case RCK_MEASURE_DEPTH_SHARE:
      guard let book = market.book, buy ? book.asks > 0 : book.bids > 0 else {
        return .missing(RCK_REJECT_DEPTH_MISSING)
      }
      return .amount(divideUp(quantity * 10_000, by: buy ? book.asks : book.bids), RCK_REJECT_DEPTH_SHARE)
    case RCK_MEASURE_SPREAD:
      guard let quote = market.quote, quote.bid_size > 0, quote.ask_size > 0 else {
        return .missing(RCK_REJECT_SPREAD_MISSING)
      }
      let (spread, sum) = (Wide(quote.ask) - Wide(quote.bid), abs(Wide(quote.ask) + Wide(quote.bid)))
      if spread <= 0 { return .amount(0, RCK_REJECT_SPREAD) }
      if sum == 0 { return .missing(RCK_REJECT_SPREAD_MISSING) }
      return .amount(divideUp(spread * 20_000, by: sum), RCK_REJECT_SPREAD)
    default:
      guard let quote = market.quote else { return .missing(RCK_REJECT_DEPTH_MISSING) }
      let size = Wide(buy ? quote.ask_size : quote.bid_size)
      return .least(plant == .minimumAtEdge ? size - 1 : size, RCK_REJECT_DISPLAYED_SIZE)
    }
  }

  // MARK: - What the market says of it

  public func book(_ book: rck_book, port: UInt32) -> Int32 {
    let reserved = book.reserved
    if reserved.0 | reserved.1 | reserved.2 | reserved.3 | reserved.4 != 0 { return RCK_E_RESERVED }
    if book.flags != 0 { return RCK_E_FLAGS }
    guard book.bids <= RCK_BOOK_LEVELS, book.asks <= RCK_BOOK_LEVELS else { return RCK_E_RANGE }
    let bids = levels(book.bid_prices, book.bid_sizes, book.bids)
    let asks = levels(book.ask_prices, book.ask_sizes, book.asks)
    for (side, sign) in [(bids, Wide(-1)), (asks, Wide(1))] {
      for (nearer, further) in zip(side, side.dropFirst()) {
        guard Wide(further.price) * sign > Wide(nearer.price) * sign else { return RCK_E_RANGE }
      }
    }
    let all = bids + asks
    guard all.allSatisfy({ $0.size > 0 && Bound.holdsInput($0.size) }) else { return RCK_E_RANGE }
    guard let instrument = instruments[book.instrument] else { return RCK_E_UNKNOWN }
    guard all.allSatisfy({ isPrice($0.price, instrument) }) else { return RCK_E_RANGE }
    let time: Int64
    switch judge(book.time_ns, port: port) {
    case .refused(let status): return status
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    var market = markets[book.instrument] ?? Market()
    if let old = market.book, time < old.time { return RCK_REPEAT }
    market.book = (time, bids.reduce(0) { $0 + Wide($1.size) }, asks.reduce(0) { $0 + Wide($1.size) })
    if time >= market.quote?.time_ns ?? 0 {
      // Its best levels are a quote.
      var quote = rck_quote()
      quote.instrument = book.instrument
      quote.time_ns = time
      (quote.bid, quote.bid_size) = bids.first.map { ($0.price, $0.size) } ?? (0, 0)
      (quote.ask, quote.ask_size) = asks.first.map { ($0.price, $0.size) } ?? (0, 0)
      market.quote = quote
    }
    markets[book.instrument] = market
    return RCK_OK
  }

  public func volume(_ id: UInt32, _ volume: Int64) -> Int32 {
    guard volume >= 0, Bound.holdsInput(volume) else { return RCK_E_RANGE }
    guard instruments[id] != nil else { return RCK_E_UNKNOWN }
    markets[id, default: Market()].average = volume
    return RCK_OK
  }

  private func levels<Ten>(_ prices: Ten, _ sizes: Ten, _ count: UInt32) -> [(price: Int64, size: Int64)] {
    withUnsafeBytes(of: prices) { prices in
      withUnsafeBytes(of: sizes) { sizes in
        (0..<Int(count)).map {
          (
            prices.load(fromByteOffset: $0 * 8, as: Int64.self),
            sizes.load(fromByteOffset: $0 * 8, as: Int64.self)
          )
        }
      }
    }
  }
}
