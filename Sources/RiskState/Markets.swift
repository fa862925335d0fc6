import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What the market last said of an instrument.
public struct Market: Equatable {
  public var bid: Int64 = 0
  public var ask: Int64 = 0
  public var bidSize: Int64 = 0
  public var askSize: Int64 = 0
  public var quoteTime: Int64 = 0
  public var last: Int64 = 0
  public var lastQuantity: Int64 = 0
  public var lastTime: Int64 = 0

  public init() {}

  /// That of the last trade; nil when there is none, or 0, of which nothing is a part.
  @inline(__always)
  public var lastPrice: Int64? { lastTime != 0 && last != 0 ? last : nil }

  /// The price that a reference of this kind means for this side; nil when it is missing.
  @inline(__always)
  public func reference(_ kind: Int32, buy: Bool) -> Int64? {
    switch kind {
    case RCK_REFERENCE_LAST: return lastTime != 0 ? last : nil
    // Prices are within 2^53: the sum fits, and halving rounds toward zero.
    case RCK_REFERENCE_MID: return bidSize > 0 && askSize > 0 ? (bid &+ ask) / 2 : nil
    case RCK_REFERENCE_OWN_SIDE:
      return buy ? (bidSize > 0 ? bid : nil) : (askSize > 0 ? ask : nil)
    default: return nil
    }
  }
}

/// What there is to trade with: the second line of a market's record.
public struct Supply: Equatable {
  /// Of the trades of `day`.
  public var volume: Int64 = 0
  public var day: Int64 = 0
  /// Of a day as the host has set it; 0: it has not.
  public var average: Int64 = 0
  /// Sums of the levels of the latest book.
  public var bidDepth: Int64 = 0
  public var askDepth: Int64 = 0
  public var bookTime: Int64 = 0
  /// How many prices are kept beside the record: {lowest 32, highest 32}
  var kept: UInt64 = 0
  var unused: Int64 = 0

  public init() {}

  /// The volume that orders are held against on a day; 0: none is known.
  @inline(__always)
  public func daily(_ today: UInt32) -> Int64 {
    average > 0 ? average : day == Int64(today) ? volume : 0
  }

  /// Adds a trade of a day. One that another port still takes for yesterday's is of the day that has begun.
  public mutating func add(_ quantity: Int64, on today: UInt32) {
    if day < Int64(today) { (volume, day) = (0, Int64(today)) }
    volume = quantity >= Amount.max &- volume ? Amount.max : volume &+ quantity
  }
}

/// Market rows, one for each instrument. Several ports may feed one instrument. Whatever a quote, a trade or a book
/// changes is published by one swap, so nothing of it is lost, and a kill leaves the row as it was before or after.
///
/// A record is a line for what the market said last and one for its supply; beside it, in a section of its own and
/// under the same number, lie the prices that trades have ended, which belong to it as if they were in it: the lowest
/// in the first half of the entries, the highest, negated, in the other. They are copied as far as there are any.
public struct Markets<D: Discipline> {
  public let rows: Rows<D>
  private let state: State

  @inline(__always)
  public init(_ state: State) {
    let instruments = Int(truncatingIfNeeded: state.config.pointee.instruments_max)
    self.state = state
    rows = state.rows(Sections.markets, instruments, spares: state.writers, Sections.marketBytes)
  }

  /// Asks for the record of an instrument: what the market said last.
  @inline(__always)
  public func expect(_ instrument: UInt32) {
    let row = Int(instrument) &- 1
    if row >= 0 && row < rows.rows, let record = rows.record(rows.observe(row)) { platform_expect(record) }
  }

  /// The market of an instrument that is defined. Nil: the memory is damaged.
  @inline(__always)
  public func read(_ instrument: UInt32, _ market: inout Market) -> UInt64? {
    let row = Int(instrument) &- 1
    while true {
      let word = rows.observe(row)
      if word == 0 {
        market = Market()
        return 0
      }
      guard let record = rows.record(word) else { return nil }
      record.loadWords(&market)
      if rows.holds(row, word) { return word }
      // Overtaken: each time somebody's change is done.
    }
  }

  /// Its supply. Of a damaged market nothing is known.
  public func supply(_ instrument: UInt32) -> Supply {
    let row = Int(instrument) &- 1
    var supply = Supply()
    while true {
      let word = rows.observe(row)
      guard word != 0, let record = rows.record(word) else { return Supply() }
      (record + supplyAt).loadWords(&supply)
      if rows.holds(row, word) { return supply }
    }
  }

  /// The lowest and the highest price of those that were in force after `since`. Nil: there is none.
  public func prices(_ instrument: UInt32, after since: Int64) -> (lowest: Int64, highest: Int64)? {
    let row = Int(instrument) &- 1
    var (market, supply) = (Market(), Supply())
    while true {
      let word = rows.observe(row)
      guard word != 0, let record = rows.record(word) else { return nil }
      record.loadWords(&market)
      (record + supplyAt).loadWords(&supply)
      let (low, high) = ended(rows.index(word))
      let lowest = low.lowest(supply.lows, after: since, now: market.last)
      let highest = 0 &- high.lowest(supply.highs, after: since, now: 0 &- market.last)
      if rows.holds(row, word) { return market.lastTime == 0 ? nil : (lowest, highest) }
    }
  }

  /// Changes what is known of an instrument that is defined, as `change` says from what it was, and may be asked again
  /// of later states. False: it says that nothing is to change. Nil: the memory is damaged.
  @inline(__always)
  public func change(
    _ instrument: UInt32, spare: Int, trade: Bool = false, _ change: (inout Market, inout Supply) -> Bool
  ) -> Bool? {
    let row = Int(instrument) &- 1
    let period = trade ? state.longestPeriod : 0
    var (market, supply) = (Market(), Supply())
    while true {
      let word = rows.observe(row)
      if word != 0 {
        guard let record = rows.record(word) else { return nil }
        record.loadWords(&market)
        (record + supplyAt).loadWords(&supply)
        if !rows.holds(row, word) { continue }
      }
      guard let draft = rows.draft(spare) else { return nil }
      let old = market
      if !change(&market, &supply) { return false }
      if period != 0 || supply.kept != 0 {
        keep(old, market, &supply, from: word == 0 ? row : rows.index(word), to: draft.index, period)
      }
      draft.record.storeWords(market)
      (draft.record + supplyAt).storeWords(supply)
      // Otherwise others have moved it on: each time one of them is done.
      if rows.swap(row, word, by: draft, spare: spare) != 0 { return true }
      (market, supply) = (Market(), Supply())
    }
  }

  /// Takes the prices of one record over into another, and that which a trade has ended; `period` is 0 without one.
  @inline(never)
  private func keep(
    _ old: Market, _ new: Market, _ supply: inout Supply, from: Int, to: Int, _ period: Int64
  ) {
    let (before, after) = (ended(from), ended(to))
    var lows = after.low.copy(supply.lows, from: before.low)
    var highs = after.high.copy(supply.highs, from: before.high)
    if period != 0 && old.lastTime != 0 {
      let (time, last) = (new.lastTime, new.last)
      lows = after.low.change(lows, at: time, from: old.last, to: last, longest: period)
      highs = after.high.change(highs, at: time, from: 0 &- old.last, to: 0 &- last, longest: period)
    }
    supply.kept = UInt64(truncatingIfNeeded: lows) | UInt64(truncatingIfNeeded: highs) &<< 32
  }

  /// The prices beside a record.
  @inline(__always)
  private func ended(_ index: Int) -> (low: Minima, high: Minima) {
    let entries = Int(truncatingIfNeeded: state.config.pointee.price_history_max)
    let each = entries &* Minima.entryBytes
    let base = state.region.start(of: Sections.prices) + index &* each
    let most = entries &>> 1
    return (Minima(at: base, most: most), Minima(at: base + most &* Minima.entryBytes, most: most))
  }

  /// Of the supply in a record.
  @inline(__always) private var supplyAt: Int { MemoryLayout<Market>.size }
}

extension Supply {
  @inline(__always) fileprivate var lows: Int { Int(truncatingIfNeeded: kept & 0xffff_ffff) }
  @inline(__always) fileprivate var highs: Int { Int(truncatingIfNeeded: kept &>> 32) }
}
