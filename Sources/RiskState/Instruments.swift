import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What a check needs of an instrument, in two lines at the end of its definition's record: compiled when the
/// instrument or its currency is defined.
public struct Instrument: Equatable {
  public var conversion = Conversion(factor: 0, exponent: 0)
  public var lot: Int64 = 1
  public var tick: Int64 = 1
  public var priceMin: Int64 = 0
  public var priceMax: Int64 = 0
  public var close: Int64 = 0
  public var set: Int64 = 0
  /// {reference 32, flags 32}
  var kinds: UInt64 = 0
  /// {0, slippage 32}
  var slippage: UInt64 = 0
  var margins: (UInt64, UInt64) = (0, 0)

  public init() {}

  public static func == (a: Instrument, b: Instrument) -> Bool {
    a.conversion == b.conversion && a.lot == b.lot && a.tick == b.tick && a.priceMin == b.priceMin
      && a.priceMax == b.priceMax && a.close == b.close && a.set == b.set && a.kinds == b.kinds
      && a.slippage == b.slippage && a.margins == b.margins
  }

  init(_ definition: rck_instrument, rate: Int64, rateDecimals: UInt32, moneyDecimals: UInt32) {
    let scale =
      Int64(definition.price_decimals) &+ Int64(definition.quantity_decimals)
      &+ Int64(definition.multiplier_decimals) &+ Int64(rateDecimals)
    conversion = Conversion(
      multiplier: definition.multiplier, rate: rate, scale: scale, decimals: Int64(moneyDecimals))
    lot = definition.lot
    tick = definition.tick
    priceMin = definition.price_min
    priceMax = definition.price_max
    close = definition.previous_close
    set = definition.reference_price
    kinds = UInt64(definition.flags) | UInt64(definition.reference) &<< 32
    slippage = UInt64(definition.slippage_bps)
    let (a, b, c, d) = definition.margin_bps
    margins = (UInt64(a) | UInt64(b) &<< 32, UInt64(c) | UInt64(d) &<< 32)
  }

  @inline(__always) public var flags: UInt32 { UInt32(truncatingIfNeeded: kinds) }
  @inline(__always) public var reference: Int32 { Int32(truncatingIfNeeded: kinds &>> 32) }
  @inline(__always) public var slippage_bps: Int64 { Int64(truncatingIfNeeded: slippage) }
  @inline(__always) public var pricesMayBeNegative: Bool { flags & UInt32(RCK_PRICE_NEGATIVE) != 0 }

  @inline(__always)
  public func margin_bps(_ marginClass: UInt64) -> Int64 {
    let pair = marginClass & 2 == 0 ? margins.0 : margins.1
    return Int64(truncatingIfNeeded: (pair &>> ((marginClass & 1) &* 32)) & 0xffff_ffff)
  }

  /// The price that a reference means; nil when it is missing.
  @inline(__always)
  public func reference(_ kind: Int32, _ market: Market, buy: Bool) -> Int64? {
    switch kind {
    case RCK_REFERENCE_CLOSE: return close != 0 ? close : nil
    case RCK_REFERENCE_SET: return set != 0 ? set : nil
    default: return market.reference(kind, buy: buy)
    }
  }

  static let at = 160
}

/// What a check needs of an account or a strategy.
public struct Party: Equatable {
  public var flags: UInt32 = 0
  public var permissions: UInt32 = 0
  /// Two groups in each.
  public var groups: (UInt64, UInt64) = (0, 0)
  public var marginClass: UInt64 = 0

  public static func == (a: Party, b: Party) -> Bool {
    a.flags == b.flags && a.permissions == b.permissions && a.groups == b.groups
      && a.marginClass == b.marginClass
  }

  public init() {}

  static let flagsAt = 40
  static let groupsAt = 48
  static let marginAt = 64

  public var power: PowerFlags {
    PowerFlags(
      credit: flags & UInt32(RCK_POWER_CREDIT) != 0, realised: flags & UInt32(RCK_POWER_REALISED) != 0,
      fees: flags & UInt32(RCK_POWER_FEES) != 0, marked: flags & UInt32(RCK_POWER_MARKED) != 0)
  }
}

extension State {
  /// The instrument as it is defined now. False: not defined.
  @inline(__always)
  public func read(_ id: UInt32, _ instrument: inout Instrument) -> Bool {
    read(Int(RCK_KIND_INSTRUMENT), id) { ($0 + Instrument.at).loadWords(&instrument) }
  }

  @inline(__always)
  public func readAccount(_ id: UInt32, _ party: inout Party) -> Bool {
    read(Int(RCK_KIND_ACCOUNT), id) {
      party.load($0)
      party.marginClass = $0.word(Party.marginAt).pointee.bits.load(ordering: .acquiring) & 3
    }
  }

  @inline(__always)
  public func readStrategy(_ id: UInt32, _ party: inout Party) -> Bool {
    read(Int(RCK_KIND_STRATEGY), id) { party.load($0) }
  }

  @inline(__always)
  private func read(_ kind: Int, _ id: UInt32, _ load: (UnsafeMutableRawPointer) -> Void) -> Bool {
    let rows = rows(kind)
    let row = Int(id) &- 1
    guard row >= 0, row < rows.rows else { return false }
    var tries = 0
    while tries < readTriesMax {
      let word = rows.observe(row)
      guard word != 0, let record = rows.record(word) else { return false }
      load(record)
      if rows.holds(row, word) { return true }
      tries &+= 1
    }
    return false
  }

  /// By which the exposure of an account in an instrument becomes margin; 0 when it is not known.
  public func margin_bps(_ account: UInt32, _ instrument: Instrument) -> Int64 {
    var party = Party()
    return readAccount(account, &party) ? instrument.margin_bps(party.marginClass) : 0
  }

  /// Compiles what checks need of an instrument anew: its currency's rate has changed. Under the
  /// administrator's turn. False: the memory is damaged.
  func compileInstruments(in currency: UInt32?) -> Bool {
    var id: UInt32 = 1
    while Int(id) <= capacity(Int(RCK_KIND_INSTRUMENT)) {
      var buffer = RecordBuffer()
      if buffer.read(self, Int(RCK_KIND_INSTRUMENT), id) == RCK_OK {
        let definition = buffer.load(as: rck_instrument.self)
        if currency == nil || definition.currency == currency {
          var compiled = Instrument()
          guard read(id, &compiled) else { return false }
          let wanted = instrument(definition)
          if compiled != wanted {
            buffer.withBytes { $0.storeBytes(of: wanted, toByteOffset: Instrument.at, as: Instrument.self) }
            let published = buffer.withBytes {
              rows(Int(RCK_KIND_INSTRUMENT)).publish(Int(id) &- 1, from: $0, spare: 0)
            }
            guard published == .published else { return false }
          }
        }
      }
      id &+= 1
    }
    return true
  }

  /// What is compiled of a definition, by the rate of its currency.
  func instrument(_ definition: rck_instrument) -> Instrument {
    var buffer = RecordBuffer()
    guard buffer.read(self, Int(RCK_KIND_CURRENCY), definition.currency) == RCK_OK else {
      return Instrument()
    }
    let currency = buffer.load(as: rck_currency.self)
    return Instrument(
      definition, rate: currency.rate, rateDecimals: currency.rate_decimals,
      moneyDecimals: config.pointee.money_decimals)
  }
}

extension Party {
  @inline(__always)
  mutating func load(_ record: UnsafeMutableRawPointer) {
    let word = record.word(Party.flagsAt).pointee.bits.load(ordering: .acquiring)  // before the second look
    flags = UInt32(truncatingIfNeeded: word)
    permissions = UInt32(truncatingIfNeeded: word &>> 32)
    groups.0 = record.word(Party.groupsAt).pointee.bits.load(ordering: .acquiring)
    groups.1 = record.word(Party.groupsAt &+ 8).pointee.bits.load(ordering: .acquiring)
  }
}
