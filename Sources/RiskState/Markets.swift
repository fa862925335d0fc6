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

/// Market rows, one for each instrument. Several ports may feed one instrument.
public struct Markets<D: Discipline> {
  public let rows: Rows<D>

  @inline(__always)
  public init(_ state: State) {
    let instruments = Int(truncatingIfNeeded: state.config.pointee.instruments_max)
    rows = state.rows(Sections.markets, instruments, spares: state.writers, Sections.marketBytes)
  }

  /// Asks for the record of an instrument.
  @inline(__always)
  public func expect(_ instrument: UInt32) {
    let row = Int(instrument) &- 1
    if row >= 0 && row < rows.rows { rows.expect(rows.observe(row)) }
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

  @inline(__always)
  public func swap(_ instrument: UInt32, _ word: UInt64, to market: Market, spare: Int) -> Bool {
    guard let draft = rows.draft(spare) else { return false }
    draft.record.storeWords(market)
    return rows.swap(Int(instrument) &- 1, word, by: draft, spare: spare) != 0
  }
}
