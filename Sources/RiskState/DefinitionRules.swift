import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What each kind of definition must satisfy, and what it may refer to. Every function returns the first
/// thing wrong, or nil.
extension State {
  func fault(of currency: rck_currency) -> Refusal? {
    let record: Label = "rck_currency"
    return unknownBits(currency.flags, 0, record, "flags")
      ?? outside(Int64(currency.rate_decimals), 0, 18, record, "rate_decimals")
      ?? outside(currency.rate, 1, Int64.max, record, "rate")
  }

  func fault(of group: rck_group) -> Refusal? {
    let record: Label = "rck_group"
    if let refusal = unknownBits(group.flags, 0, record, "flags")
      ?? outside(Int64(group.kind), 1, Int64(RCK_GROUP_OF_INSTRUMENTS), record, "kind")
    {
      return refusal
    }
    let isOfInstruments = group.kind == UInt32(RCK_GROUP_OF_INSTRUMENTS)
    if group.reserved != 0 {
      return Refusal(RCK_E_RESERVED, record, "reserved", value: Int64(group.reserved))
    }
    if let refusal = outside(
      Int64(group.quantity_decimals), 0, isOfInstruments ? 9 : 0, record, "quantity_decimals")
    {
      return refusal
    }
    guard let old = old(RCK_KIND_GROUP, group.id, rck_group.self) else { return nil }
    if old.kind != group.kind {
      return Refusal(
        RCK_E_GROUP_KIND, record, "kind", value: Int64(group.kind), minimum: Int64(old.kind),
        maximum: Int64(old.kind))
    }
    // Positions are counted in these units.
    if old.quantity_decimals != group.quantity_decimals,
      let scope = scope(RCK_SCOPE_INSTRUMENT_GROUP, group.id),
      scope.total(BookSum.long) | scope.total(BookSum.short) != 0
    {
      return Refusal(RCK_E_IN_USE, record, "quantity_decimals")
    }
    return nil
  }

  func fault(of account: rck_account) -> Refusal? {
    let record: Label = "rck_account"
    let flags =
      RCK_ENABLED | RCK_POWER_CREDIT | RCK_POWER_REALISED | RCK_POWER_FEES | RCK_POWER_MARKED
      | RCK_HALT_ON_LATE | RCK_HALT_ON_OVER_FILL | RCK_HALT_ON_UNKNOWN
    if account.reserved != 0 {
      return Refusal(RCK_E_RESERVED, record, "reserved", value: Int64(account.reserved))
    }
    let classes = Int64(RCK_MARGIN_CLASSES)
    if let refusal = unknownBits(account.flags, flags, record, "flags")
      ?? outside(Int64(account.margin_class), 0, classes &- 1, record, "margin_class")
    {
      return refusal
    }
    return unknownBits(account.permissions, RCK_PERMIT_ALL, record, "permissions")
      ?? fault(ofGroups: account.groups, RCK_GROUP_OF_ACCOUNTS, record)
      ?? changeOfGroups(RCK_KIND_ACCOUNT, account.id, account.groups, record)
  }

  func fault(of strategy: rck_strategy) -> Refusal? {
    let record: Label = "rck_strategy"
    return unknownBits(strategy.flags, RCK_ENABLED, record, "flags")
      ?? unknownBits(strategy.permissions, RCK_PERMIT_ALL, record, "permissions")
      ?? fault(ofGroups: strategy.groups, RCK_GROUP_OF_STRATEGIES, record)
      ?? changeOfGroups(RCK_KIND_STRATEGY, strategy.id, strategy.groups, record)
  }

  func fault(of instrument: rck_instrument) -> Refusal? {
    let record: Label = "rck_instrument"
    if instrument.reserved != 0 {
      return Refusal(RCK_E_RESERVED, record, "reserved", value: Int64(instrument.reserved))
    }
    if let refusal = unknownBits(
      instrument.flags, RCK_ENABLED | RCK_PRICE_NEGATIVE | RCK_SHORT_LOCATE, record, "flags")
      ?? outside(Int64(instrument.price_decimals), 0, 18, record, "price_decimals")
      ?? outside(Int64(instrument.quantity_decimals), 0, 18, record, "quantity_decimals")
      ?? outside(Int64(instrument.multiplier_decimals), 0, 9, record, "multiplier_decimals")
      ?? outside(instrument.multiplier, 1, Int64.max, record, "multiplier")
    {
      return refusal
    }
    if let refusal = outside(instrument.lot, 1, Amount.inputMax, record, "lot")
      ?? outside(instrument.tick, 1, Amount.inputMax, record, "tick") ?? fault(ofPrices: instrument)
      ?? fault(ofMargins: instrument)
    {
      return refusal
    }
    return fault(ofGroups: instrument.groups, RCK_GROUP_OF_INSTRUMENTS, record)
      ?? fault(ofCurrency: instrument) ?? changeInUse(instrument)
      ?? changeOfGroups(RCK_KIND_INSTRUMENT, instrument.id, instrument.groups, record)
  }

  private func fault(ofPrices instrument: rck_instrument) -> Refusal? {
    let record: Label = "rck_instrument"
    let negative = instrument.flags & UInt32(RCK_PRICE_NEGATIVE) != 0
    let (most, least) = (Amount.inputMax, negative ? 0 &- Amount.inputMax : 0)
    return outside(instrument.price_min, least, most, record, "price_min")
      ?? outside(instrument.price_max, instrument.price_min, most, record, "price_max")
      ?? outside(instrument.previous_close, least, most, record, "previous_close")
      ?? outside(instrument.reference_price, least, most, record, "reference_price")
      ?? outside(Int64(instrument.reference), 0, Int64(RCK_REFERENCE_SET), record, "reference")
      ?? outside(Int64(instrument.slippage_bps), 0, 10_000, record, "slippage_bps")
  }

  private func fault(ofMargins instrument: rck_instrument) -> Refusal? {
    let (a, b, c, d) = instrument.margin_bps
    let most = max(max(a, b), max(c, d))
    return outside(Int64(most), 0, 1_000_000, "rck_instrument", "margin_bps")
  }

  private func fault(ofCurrency instrument: rck_instrument) -> Refusal? {
    if old(RCK_KIND_CURRENCY, instrument.currency, rck_currency.self) != nil { return nil }
    return Refusal(RCK_E_UNKNOWN, "rck_instrument", "currency", value: Int64(instrument.currency))
  }

  /// Positions are kept in the instrument's units, so those stay while there are any, or its groups count them.
  private func changeInUse(_ new: rck_instrument) -> Refusal? {
    guard positions(of: new.id) != 0 || hasUnits(new.id),
      let old = old(RCK_KIND_INSTRUMENT, new.id, rck_instrument.self)
    else {
      return nil
    }
    let field: Label? =
      old.price_decimals != new.price_decimals
      ? "price_decimals"
      : old.quantity_decimals != new.quantity_decimals
        ? "quantity_decimals"
        : old.multiplier_decimals != new.multiplier_decimals
          ? "multiplier_decimals"
          : old.multiplier != new.multiplier ? "multiplier" : old.currency != new.currency ? "currency" : nil
    return field.map { Refusal(RCK_E_IN_USE, "rck_instrument", $0) }
  }

  /// How many position rows name the instrument: the first cell of its state.
  func positionsCell(_ instrument: UInt32) -> CellPointer? {
    scopeMemory(RCK_SCOPE_INSTRUMENT, instrument)?.cell(Scope.positions)
  }

  func positions(of instrument: UInt32) -> Int64 {
    positionsCell(instrument)?.pointee.value.load(ordering: .relaxed) ?? 0
  }

  private func fault(
    ofGroups groups: (UInt32, UInt32, UInt32, UInt32), _ kind: Int32, _ record: Label
  ) -> Refusal? {
    let (a, b, c, d) = groups
    return fault(ofGroup: a, 0, kind, record) ?? fault(ofGroup: b, a, kind, record)
      ?? fault(ofGroup: c, a, kind, record) ?? fault(ofGroup: c, b, kind, record)
      ?? fault(ofGroup: d, a, kind, record) ?? fault(ofGroup: d, b, kind, record)
      ?? fault(ofGroup: d, c, kind, record)
  }

  private func fault(ofGroup id: UInt32, _ other: UInt32, _ kind: Int32, _ record: Label) -> Refusal? {
    if id == 0 { return nil }
    guard let group = old(RCK_KIND_GROUP, id, rck_group.self) else {
      return Refusal(RCK_E_UNKNOWN, record, "groups", value: Int64(id))
    }
    if group.kind != UInt32(bitPattern: kind) {
      return Refusal(RCK_E_GROUP_KIND, record, "groups", value: Int64(id))
    }
    return id == other ? Refusal(RCK_E_GROUP_TWICE, record, "groups", value: Int64(id)) : nil
  }

  /// What is limited or counted by its groups stays in those that have limits or totals, and comes into no other such.
  private func changeOfGroups(
    _ kind: Int32, _ id: UInt32, _ groups: (UInt32, UInt32, UInt32, UInt32), _ record: Label
  ) -> Refusal? {
    if !isDefined(kind, id) { return nil }
    let (old, new) = (self.groups(kind, id), Groups(ids: groups))
    func stays(_ place: Int, _ id: UInt32) -> Bool {
      guard let scope = scope(RCK_SCOPE_ACCOUNT_GROUP, id), !(old.holds(id) && new.holds(id)) else {
        return true
      }
      return scope.armed(0) | scope.armed(1) == 0 && scope.kept(totalsCounted) == 0
    }
    let isSame = old.each(stays) && new.each(stays)
    return isSame ? nil : Refusal(RCK_E_IN_USE, record, "groups")
  }

  /// The definition in force, nil if there is none.
  private func old<Definition>(
    _ kind: Int32, _ id: UInt32, _ type: Definition.Type
  ) -> Definition? {
    var buffer = RecordBuffer()
    return buffer.read(self, Int(kind), id) == RCK_OK ? buffer.load(as: type) : nil
  }

  func unknownBits(
    _ bits: UInt32, _ known: Int32, _ record: Label, _ field: Label
  ) -> Refusal? {
    if bits & ~UInt32(bitPattern: known) == 0 { return nil }
    return Refusal(RCK_E_FLAGS, record, field, value: Int64(bits), maximum: Int64(known))
  }

  func outside(
    _ value: Int64, _ least: Int64, _ most: Int64, _ record: Label, _ field: Label
  ) -> Refusal? {
    if value >= least && value <= most { return nil }
    return Refusal(RCK_E_RANGE, record, field, value: value, minimum: least, maximum: most)
  }
}
