import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// What the market says: quotes, trades, books, and the volume of a day.

@implementation @_cdecl("rck_market_quote")
public func rck_market_quote(_ port: OpaquePointer!, _ quote: UnsafePointer<rck_quote>!) -> rck_status {
  onDesk(
    port, { call, desk in told(call, RCK_EVENT_QUOTE, quote, quoteTimeAt) { take(call, desk, quote, &$0) } },
    { call, desk in told(call, RCK_EVENT_QUOTE, quote, quoteTimeAt) { take(call, desk, quote, &$0) } })
}

@implementation @_cdecl("rck_market_trade")
public func rck_market_trade(_ port: OpaquePointer!, _ trade: UnsafePointer<rck_trade>!) -> rck_status {
  onDesk(
    port, { call, desk in told(call, RCK_EVENT_TRADE, trade, tradeTimeAt) { take(call, desk, trade, &$0) } },
    { call, desk in told(call, RCK_EVENT_TRADE, trade, tradeTimeAt) { take(call, desk, trade, &$0) } })
}

@implementation @_cdecl("rck_market_book")
public func rck_market_book(_ port: OpaquePointer!, _ book: UnsafePointer<rck_book>!) -> rck_status {
  onDesk(
    port, { call, desk in told(call, RCK_EVENT_BOOK, book, bookTimeAt) { take(call, desk, book, &$0) } },
    { call, desk in told(call, RCK_EVENT_BOOK, book, bookTimeAt) { take(call, desk, book, &$0) } })
}

@implementation @_cdecl("rck_market_volume")
public func rck_market_volume(_ port: OpaquePointer!, _ instrument: UInt32, _ volume: Int64) -> rck_status {
  onDesk(port, { setVolume($0, $1, instrument, volume) }, { setVolume($0, $1, instrument, volume) })
}

/// Takes a record of the market, and tells it where that is asked for.
@inline(__always)
private func told<Record>(
  _ call: PortCall, _ kind: Int32, _ record: UnsafePointer<Record>?, _ timeAt: Int,
  _ take: (inout Began) -> rck_status
) -> rck_status {
  var began = call.beganMarket()
  if !began.isTold {
    var nothing = Began(isTold: false)
    return take(&nothing)
  }
  let status = take(&began)
  if began.isTold && (status == RCK_OK || status == RCK_REPEAT), let record {
    call.tell(began, Told(kind, 0, Int64(status)), Body(record), timeAt: timeAt)
  }
  return status
}

@inline(__always)
private func take<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ quote: UnsafePointer<rck_quote>?, _ began: inout Began
) -> rck_status {
  let wrong = pointerFault(quote)
  guard wrong == RCK_OK, let quote else { return wrong }
  let copy = quote.pointee  // read once
  if copy.reserved.0 | copy.reserved.1 != 0 { return RCK_E_RESERVED }
  if copy.flags != 0 { return RCK_E_FLAGS }
  if copy.bid_size < 0 || copy.ask_size < 0 { return RCK_E_RANGE }
  if copy.bid_size > Amount.inputMax || copy.ask_size > Amount.inputMax { return RCK_E_RANGE }
  let empty = copy.bid_size == 0 && copy.ask_size == 0
  let fault = priceFault(
    call, copy.instrument, empty ? 1 : copy.bid_size == 0 ? copy.ask : copy.bid,
    empty ? 1 : copy.ask_size == 0 ? copy.bid : copy.ask)
  if fault != RCK_OK { return fault }
  let (time, late) = call.advance(copy.time_ns)
  if late != RCK_OK { return late }
  return move(desk, copy.instrument, &began) { market, _ in
    if time < market.quoteTime { return false }
    market.bid = copy.bid
    market.ask = copy.ask
    market.bidSize = copy.bid_size
    market.askSize = copy.ask_size
    market.quoteTime = time
    return true
  }
}

@inline(__always)
private func take<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ trade: UnsafePointer<rck_trade>?, _ began: inout Began
) -> rck_status {
  let wrong = pointerFault(trade)
  guard wrong == RCK_OK, let trade else { return wrong }
  let copy = trade.pointee  // read once
  let (a, b, c, d) = copy.reserved
  if a | b | c | d != 0 { return RCK_E_RESERVED }
  if copy.flags != 0 { return RCK_E_FLAGS }
  if copy.quantity <= 0 || copy.quantity > Amount.inputMax { return RCK_E_RANGE }
  let fault = priceFault(call, copy.instrument, copy.price, copy.price)
  if fault != RCK_OK { return fault }
  let (time, late) = call.advance(copy.time_ns)
  if late != RCK_OK { return late }
  let today = call.state.day
  return move(desk, copy.instrument, trade: true, &began) { market, supply in
    if time < market.lastTime { return false }
    market.last = copy.price
    market.lastQuantity = copy.quantity
    market.lastTime = time
    supply.add(copy.quantity, on: today)
    return true
  }
}

@inline(never)
private func take<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ book: UnsafePointer<rck_book>?, _ began: inout Began
) -> rck_status {
  let wrong = pointerFault(book)
  guard wrong == RCK_OK, let book else { return wrong }
  var copy = book.pointee  // read once
  let (a, b, c, d, e) = copy.reserved
  if a | b | c | d | e != 0 { return RCK_E_RESERVED }
  if copy.flags != 0 { return RCK_E_FLAGS }
  if copy.bids > UInt32(RCK_BOOK_LEVELS) || copy.asks > UInt32(RCK_BOOK_LEVELS) { return RCK_E_RANGE }
  let bids = withUnsafePointer(to: &copy.bid_prices) { prices in
    withUnsafePointer(to: &copy.bid_sizes) { BookSide(prices, $0, copy.bids, isFalling: true) }
  }
  let asks = withUnsafePointer(to: &copy.ask_prices) { prices in
    withUnsafePointer(to: &copy.ask_sizes) { BookSide(prices, $0, copy.asks, isFalling: false) }
  }
  guard let bids, let asks else { return RCK_E_RANGE }
  let fault = priceFault(call, copy.instrument, bids, asks)
  if fault != RCK_OK { return fault }
  let (time, late) = call.advance(copy.time_ns)
  if late != RCK_OK { return late }
  return move(desk, copy.instrument, &began) { market, supply in
    if time < supply.bookTime { return false }
    supply.bidDepth = bids.depth
    supply.askDepth = asks.depth
    supply.bookTime = time
    if time < market.quoteTime { return true }
    market.bid = bids.best
    market.ask = asks.best
    market.bidSize = bids.size
    market.askSize = asks.size
    market.quoteTime = time
    return true
  }
}

/// One side of a book.
private struct BookSide {
  var best: Int64 = 0
  var last: Int64 = 0
  /// At the best price.
  var size: Int64 = 0
  /// Of all levels.
  var depth: Int64 = 0

  /// Of ten prices and sizes the first `count`. Nil: a size is out of range, or a price does not lead away.
  init?<Ten>(_ prices: UnsafePointer<Ten>, _ sizes: UnsafePointer<Ten>, _ count: UInt32, isFalling: Bool) {
    let (prices, sizes) = (UnsafeRawPointer(prices), UnsafeRawPointer(sizes))
    var level = 0
    while level < Int(count) {
      let price = prices.load(fromByteOffset: level &* 8, as: Int64.self)
      let size = sizes.load(fromByteOffset: level &* 8, as: Int64.self)
      if size < 1 || size > Amount.inputMax { return nil }
      if level == 0 {
        (best, self.size) = (price, size)
      } else if isFalling ? price >= last : price <= last {
        return nil
      }
      last = price
      depth &+= size
      level &+= 1
    }
  }
}

private func setVolume<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ instrument: UInt32, _ volume: Int64
) -> rck_status {
  if volume < 0 || volume > Amount.inputMax { return RCK_E_RANGE }
  let fault = priceFault(call, instrument, 1, 1)
  if fault != RCK_OK { return fault }
  var began = call.beganMarket()
  let status = move(desk, instrument, &began) { _, supply in
    supply.average = volume
    return true
  }
  if began.isTold && status >= 0 {
    call.tell(began, Told(RCK_EVENT_VOLUME, UInt64(instrument), Int64(status), volume))
  }
  return status
}

/// Whether an instrument is defined and prices are in range for it.
@inline(__always)
func priceFault(_ call: PortCall, _ id: UInt32, _ one: Int64, _ other: Int64) -> rck_status {
  var instrument = Instrument()
  guard call.state.read(id, &instrument) else { return RCK_E_UNKNOWN }
  let least = instrument.pricesMayBeNegative ? 0 &- Amount.inputMax : 1
  let inside =
    one >= least && other >= least && one <= Amount.inputMax && other <= Amount.inputMax
  return inside ? RCK_OK : RCK_E_RANGE
}

/// Likewise of a book. Its levels are in order, so the first and the last of each side say it of all.
private func priceFault(_ call: PortCall, _ id: UInt32, _ bids: BookSide, _ asks: BookSide) -> rck_status {
  let fault =
    bids.size == 0 ? priceFault(call, id, 1, 1) : priceFault(call, id, bids.best, bids.last)
  if fault != RCK_OK { return fault }
  return asks.size == 0 ? RCK_OK : priceFault(call, id, asks.best, asks.last)
}

/// Changes what is known of a market; RCK_REPEAT when the change says that it is old. Each try draws its ticket between
/// the look at the market and the swap.
@inline(__always)
private func move<D: Discipline>(
  _ desk: Desk<D>, _ instrument: UInt32, trade: Bool = false, _ began: inout Began,
  _ change: (inout Market, inout Supply) -> Bool
) -> rck_status {
  let moved = desk.markets.change(instrument, spare: desk.writer, trade: trade) {
    if began.isTold { began.ticket = Tickets(desk.state).draw() }
    return change(&$0, &$1)
  }
  switch moved {
  case true?: return RCK_OK
  case false?: return RCK_REPEAT
  case nil: return desk.fail(State.Site.markets)
  }
}
