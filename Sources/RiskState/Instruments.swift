import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What a check needs of an instrument, in two lines at the end of its definition's record: compiled when the
/// instrument or its currency is defined.
public struct Instrument: Equatable {
  public var conversion = Conversion(factor: 0, exponent: 0)
  private var lotInverse: UInt64 = 1
  private var lotMost = UInt64.max
  private var tickInverse: UInt64 = 1
  private var tickMost = UInt64.max
  /// Of order prices, inclusive: by the definition, its sign, and what a price can be at all.
  public var priceLeast: Int64 = 0
  public var priceMost: Int64 = 0
  public var close: Int64 = 0
  public var set: Int64 = 0
  /// {reference 32, flags 32}
  var kinds: UInt64 = 0
  /// {shift of the tick 8, of the lot 8, slippage 32}
  var shifts: UInt64 = 0
  private var margins01: UInt64 = 0
  private var margins23: UInt64 = 0
  public var lot: Int64 = 1
  public var tick: Int64 = 1

  public init() {}

  init(_ definition: rck_instrument, rate: Int64, rateDecimals: UInt32, moneyDecimals: UInt32) {
    let scale =
      Int64(definition.price_decimals) &+ Int64(definition.quantity_decimals)
      &+ Int64(definition.multiplier_decimals) &+ Int64(rateDecimals)
    conversion = Conversion(
      multiplier: definition.multiplier, rate: rate, scale: scale, decimals: Int64(moneyDecimals))
    lot = definition.lot
    tick = definition.tick
    let (lots, ticks) = (Multiple(of: lot), Multiple(of: tick))
    (lotInverse, lotMost) = (lots.inverse, lots.most)
    (tickInverse, tickMost) = (ticks.inverse, ticks.most)
    let bounded = definition.price_min | definition.price_max != 0
    priceLeast = definition.flags & UInt32(RCK_PRICE_NEGATIVE) != 0 ? 0 &- Amount.inputMax : 1
    priceMost = Amount.inputMax
    if bounded {
      priceLeast = max(priceLeast, definition.price_min)
      priceMost = min(priceMost, definition.price_max)
    }
    close = definition.previous_close
    set = definition.reference_price
    kinds = UInt64(definition.flags) | UInt64(definition.reference) &<< 32
    shifts = UInt64(definition.slippage_bps) | lots.shift &<< 32 | ticks.shift &<< 40
    let (a, b, c, d) = definition.margin_bps
    margins01 = UInt64(a) | UInt64(b) &<< 32
    margins23 = UInt64(c) | UInt64(d) &<< 32
  }

  @inline(__always) public var flags: UInt32 { UInt32(truncatingIfNeeded: kinds) }
  /// Of a definition that is not read: it demands nothing.
  @inline(__always) public mutating func clearFlags() { kinds = 0 }
  @inline(__always) public var reference: Int32 { Int32(truncatingIfNeeded: kinds &>> 32) }
  @inline(__always) public var slippage_bps: Int64 { Int64(truncatingIfNeeded: shifts & 0xffff_ffff) }
  @inline(__always) public var pricesMayBeNegative: Bool { flags & UInt32(RCK_PRICE_NEGATIVE) != 0 }

  @inline(__always) public var lots: Multiple {
    Multiple(inverse: lotInverse, most: lotMost, shift: (shifts &>> 32) & 0xff)
  }
  @inline(__always) public var ticks: Multiple {
    Multiple(inverse: tickInverse, most: tickMost, shift: shifts &>> 40)
  }

  @inline(__always)
  public func margin_bps(_ marginClass: UInt64) -> Int64 {
    let pair = marginClass & 2 == 0 ? margins01 : margins23
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

  static let at = 192
  /// Of the groups in the definition before it.
  static let groupsAt = 88
}

/// The groups that a party or an instrument is in; 0 is none.
public struct Groups {
  public var ids: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)

  /// Calls `visit` with each, by its place from 1 on, until it returns false.
  @inline(__always)
  public func each(_ visit: (_ place: Int, _ id: UInt32) -> Bool) -> Bool {
    (ids.0 == 0 || visit(1, ids.0)) && (ids.1 == 0 || visit(2, ids.1)) && (ids.2 == 0 || visit(3, ids.2))
      && (ids.3 == 0 || visit(4, ids.3))
  }

  func holds(_ id: UInt32) -> Bool { ids.0 == id || ids.1 == id || ids.2 == id || ids.3 == id }
}

/// What a check needs of an account or a strategy: one word of its definition, kept with its scope as well, where a
/// check finds it without a row. One, so that it is of one definition.
public struct Party: Equatable {
  /// {permissions 32, known 1, margin class of an account 2, flags 29}; 0 when there is none.
  public internal(set) var word: UInt64 = 0

  public init() {}

  /// The flags and permissions that an order of these kinds, which are in range, needs: RCK_PERMIT_ has sides from bit
  /// 0, types from bit 4, times in force from bit 8, each in its own order.
  @inline(__always)
  public static func needed(side: UInt8, type: UInt8, force: UInt8) -> UInt64 {
    1 &<< (UInt64(side) &+ 31) | 1 &<< (UInt64(type) &+ 35) | 1 &<< (UInt64(force) &+ 39)
      | UInt64(RCK_ENABLED)
  }

  /// All bits set if flags and permissions that two parties have in common, the latter in the upper half, lack
  /// RCK_PERMIT_SHORT.
  @inline(__always)
  public static func shortMask(_ word: UInt64) -> Int64 { 0 &- Int64(truncatingIfNeeded: ~word &>> 34 & 1) }

  /// As it is kept with the scope.
  @inline(__always)
  public init(_ scope: UnsafeMutableRawPointer) {
    // Acquire: a party that can be seen has its rows.
    word = scope.word(Scope.partyAt).pointee.bits.load(ordering: .acquiring)
  }

  /// As it is in a record that nobody changes.
  init(record: UnsafeRawPointer, isAccount: Bool) {
    word = record.load(fromByteOffset: Party.flagsAt, as: UInt64.self) | Party.known
    if isAccount {
      word |= (record.load(fromByteOffset: Party.marginAt, as: UInt64.self) & 3) &<< Party.classShift
    }
  }

  // Beside the flags of a definition, none of which is that high.
  private static let known: UInt64 = 1 << 31
  private static let classShift: UInt64 = 29
  static let flagsAt = 40
  static let groupsAt = 48
  static let marginAt = 64

  @inline(__always) public var isKnown: Bool { word != 0 }
  @inline(__always) public var marginClass: UInt64 { (word &>> Party.classShift) & 3 }
  /// Those of the definition are the lower 29.
  @inline(__always) public var flags: UInt32 { UInt32(truncatingIfNeeded: word) }
  @inline(__always) public var permissions: UInt32 { UInt32(truncatingIfNeeded: word &>> 32) }

  /// Whether its buying power is its cash alone.
  @inline(__always)
  public var powerIsCash: Bool {
    flags & UInt32(RCK_POWER_CREDIT | RCK_POWER_REALISED | RCK_POWER_FEES | RCK_POWER_MARKED) == 0
  }

  public var power: PowerFlags {
    PowerFlags(
      credit: flags & UInt32(RCK_POWER_CREDIT) != 0, realised: flags & UInt32(RCK_POWER_REALISED) != 0,
      fees: flags & UInt32(RCK_POWER_FEES) != 0, marked: flags & UInt32(RCK_POWER_MARKED) != 0)
  }

  /// With the scope, after the row is published. Under the administrator's turn.
  func store(_ scope: UnsafeMutableRawPointer) {
    scope.word(Scope.partyAt).pointee.bits.store(word, ordering: .releasing)
  }
}

extension State {
  /// The instrument as it is defined now. False: not defined.
  @inline(__always)
  public func read(_ id: UInt32, _ instrument: inout Instrument) -> Bool {
    read(Int(RCK_KIND_INSTRUMENT), id) { ($0 + Instrument.at).loadWords(&instrument) }
  }

  /// Looks at an instrument in place. Nil: not defined, or being defined anew, or `body` says so.
  @inline(__always)
  public func look<What>(_ id: UInt32, _ body: (UnsafePointer<Instrument>) -> What?) -> What? {
    let rows = rows(Int(RCK_KIND_INSTRUMENT))
    let row = Int(id) &- 1
    return row >= 0 && row < rows.rows ? rows.look(row, at: Instrument.at, Instrument(), body) : nil
  }

  /// Asks for the lines of an instrument that a check reads.
  @inline(__always)
  func expectInstrument(_ id: UInt32) {
    let rows = rows(Int(RCK_KIND_INSTRUMENT))
    let row = Int(id) &- 1
    guard row >= 0, row < rows.rows, let record = rows.record(rows.observe(row)) else { return }
    platform_expect(record + Instrument.at)
    platform_expect(record + (Instrument.at &+ 64))
  }

  /// The account or strategy as it is defined now. False: not defined.
  public func readAccount(_ id: UInt32, _ party: inout Party) -> Bool {
    read(RCK_SCOPE_ACCOUNT, id, &party)
  }

  public func readStrategy(_ id: UInt32, _ party: inout Party) -> Bool {
    read(RCK_SCOPE_STRATEGY, id, &party)
  }

  private func read(_ kind: Int32, _ id: UInt32, _ party: inout Party) -> Bool {
    guard let memory = scopeMemory(kind, id) else { return false }
    party = Party(memory)
    return party.isKnown
  }

  /// Keeps what checks need of a definition with its scope.
  func keepParty(_ kind: Int, _ id: UInt32, _ record: UnsafeRawPointer) {
    let isAccount = kind == Int(RCK_KIND_ACCOUNT)
    guard isAccount || kind == Int(RCK_KIND_STRATEGY),
      let memory = scopeMemory(isAccount ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_STRATEGY, id)
    else { return }
    Party(record: record, isAccount: isAccount).store(memory)
  }

  /// The groups of an account, a strategy or an instrument; none if it is not defined.
  public func groups(_ kind: Int32, _ id: UInt32) -> Groups {
    var groups = Groups()
    let at = kind == RCK_KIND_INSTRUMENT ? Instrument.groupsAt : Party.groupsAt
    _ = read(Int(kind), id) { ($0 + at).loadWords(&groups) }
    return groups
  }

  /// A party, and the groups that it is in, of one definition: of its row, which is ahead of its scope while it is
  /// defined anew. A party that is not known if it is not defined.
  public func membership(_ kind: Int32, _ id: UInt32) -> (party: Party, groups: Groups) {
    var (party, groups) = (Party(), Groups())
    let isRead = read(Int(kind), id) {
      party = Party(record: $0, isAccount: kind == RCK_KIND_ACCOUNT)
      ($0 + Party.groupsAt).loadWords(&groups)
    }
    return isRead ? (party, groups) : (Party(), Groups())
  }

  /// Likewise an instrument.
  public func membership(_ id: UInt32) -> (instrument: Instrument, groups: Groups) {
    var (instrument, groups) = (Instrument(), Groups())
    let isRead = read(Int(RCK_KIND_INSTRUMENT), id) {
      ($0 + Instrument.at).loadWords(&instrument)
      ($0 + Instrument.groupsAt).loadWords(&groups)
    }
    return isRead ? (instrument, groups) : (Instrument(), Groups())
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

  /// Likewise of an instrument by its number. Nil: it is not known.
  func margin_bps(_ account: UInt32, in instrument: UInt32) -> Int64? {
    var (party, bps) = (Party(), Int64(0))
    let isKnown = readAccount(account, &party)
    let isRead = read(Int(RCK_KIND_INSTRUMENT), instrument) {
      bps = ($0 + Instrument.at).look(Instrument()) { $0.pointee.margin_bps(party.marginClass) }
    }
    return isRead ? (isKnown ? bps : 0) : nil
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
