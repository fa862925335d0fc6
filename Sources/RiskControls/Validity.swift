import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P01, order validity: known and enabled parties, permissions, form of quantity and prices. Always armed. The
/// first rule that is broken gives the code; rules on the ids, flags, side, type and numbers make the later
/// controls impossible, the others do not.
enum Validity {
  /// Whether a limit order, the usual kind, breaks no rule. False: `fault` says, also of the other kinds.
  @inline(__always)
  static func isPlain<D: Discipline>(_ exam: Exam<D>) -> Bool {
    let ask = exam.ask
    if ask.flags & ~UInt32(RCK_ORDER_FIRST_REFUSAL) != 0 || exam.account == nil || exam.instrument == nil
      || ask.side &- 1 > 1 || ask.type != UInt8(RCK_TYPE_LIMIT) || ask.force &- 1 > 3 || ask.stop != 0
      || ask.quantity &- 1 >= Amount.inputMax || ask.quantity <= 0
    {
      return false
    }
    let enabled = exam.notes.pointee.accountTerms.flags & exam.terms.flags & UInt32(RCK_ENABLED) != 0
    if !enabled || !permits(exam.notes.pointee.accountTerms, ask) { return false }
    if ask.strategy != 0 {
      if exam.strategy == nil || !isEnabled(exam.notes.pointee.strategyTerms)
        || !permits(exam.notes.pointee.strategyTerms, ask)
      {
        return false
      }
    }
    return ask.price >= exam.terms.priceLeast && ask.price <= exam.terms.priceMost
      && exam.terms.lots.divides(ask.quantity) && exam.terms.ticks.divides(ask.price)
      && (ask.price != 0 || exam.terms.pricesMayBeNegative)
  }

  /// The first broken rule of all, if one is broken that makes the later controls impossible.
  @inline(never)
  static func fault<D: Discipline>(_ exam: Exam<D>) -> rck_status? {
    let form = formFault(exam)
    return form == RCK_OK ? nil : earlier(exam, form)
  }

  /// The first broken rule of those without which nothing can be kept of an order that is in the market.
  static func factFault<D: Discipline>(_ exam: Exam<D>) -> rck_status {
    let (ask, terms) = (exam.ask, exam.terms)
    let kind = kindFault(exam)
    if kind != RCK_OK { return kind }
    if ask.force &- 1 > 3 { return RCK_REJECT_TIME_IN_FORCE }
    if ask.quantity <= 0 { return RCK_REJECT_QUANTITY_NOT_POSITIVE }
    if ask.quantity > Amount.inputMax { return RCK_REJECT_QUANTITY_BOUNDS }
    let mayBeZero = terms.pricesMayBeNegative
    if isLimited(ask) && ask.price == 0 && !mayBeZero { return RCK_REJECT_PRICE_MISSING }
    if ask.type >= UInt8(RCK_TYPE_STOP) && ask.stop == 0 && !mayBeZero {
      return RCK_REJECT_STOP_PRICE_MISSING
    }
    if !isInput(ask.price) { return RCK_REJECT_PRICE_BOUNDS }
    return isInput(ask.stop) ? RCK_OK : RCK_REJECT_STOP_PRICE_BOUNDS
  }

  private static func isLimited(_ ask: Ask) -> Bool {
    ask.type == UInt8(RCK_TYPE_LIMIT) || ask.type == UInt8(RCK_TYPE_STOP_LIMIT)
  }

  private static func isInput(_ price: Int64) -> Bool {
    price <= Amount.inputMax && price >= 0 &- Amount.inputMax
  }

  /// Whether side, type and time in force are permitted. RCK_PERMIT_: sides from bit 0, types from bit 4, times
  /// in force from bit 8, each in its own order.
  @inline(__always)
  private static func permits(_ party: Party, _ ask: Ask) -> Bool {
    let needed =
      UInt32(1) &<< UInt32(ask.side &- 1) | 16 &<< UInt32(ask.type &- 1) | 256 &<< UInt32(ask.force &- 1)
    return party.permissions & needed == needed
  }

  @inline(__always)
  private static func isEnabled(_ party: Party) -> Bool { party.flags & UInt32(RCK_ENABLED) != 0 }

  /// Whether it names what is not defined, or a flag, side or type that there is not.
  @inline(__always)
  private static func kindFault<D: Discipline>(_ exam: Exam<D>) -> rck_status {
    let ask = exam.ask
    if ask.flags & ~UInt32(RCK_ORDER_FIRST_REFUSAL) != 0 { return RCK_REJECT_FLAGS }
    if exam.account == nil { return RCK_REJECT_ACCOUNT_UNKNOWN }
    if exam.instrument == nil { return RCK_REJECT_INSTRUMENT_UNKNOWN }
    if ask.strategy != 0 && exam.strategy == nil { return RCK_REJECT_STRATEGY_UNKNOWN }
    if ask.side &- 1 > 1 { return RCK_REJECT_SIDE }
    if ask.type &- 1 > 3 { return RCK_REJECT_TYPE }
    return RCK_OK
  }

  /// The first broken rule of those that stop.
  @inline(__always)
  private static func formFault<D: Discipline>(_ exam: Exam<D>) -> rck_status {
    let kind = kindFault(exam)
    if kind != RCK_OK { return kind }
    let quantity = quantityFault(exam.ask.quantity, exam.terms.lots)
    return quantity != RCK_OK ? quantity : pricesFault(exam.ask, exam.terms)
  }

  /// The first broken rule of those that do not.
  static func softFault<D: Discipline>(_ exam: Exam<D>) -> rck_status {
    let ask = exam.ask
    if !isEnabled(exam.notes.pointee.accountTerms) { return RCK_REJECT_ACCOUNT_DISABLED }
    if exam.terms.flags & UInt32(RCK_ENABLED) == 0 { return RCK_REJECT_INSTRUMENT_DISABLED }
    if ask.strategy != 0 && !isEnabled(exam.notes.pointee.strategyTerms) {
      return RCK_REJECT_STRATEGY_DISABLED
    }
    if ask.force &- 1 > 3 { return RCK_REJECT_TIME_IN_FORCE }
    if !permits(exam.notes.pointee.accountTerms, ask) { return RCK_REJECT_ACCOUNT_PERMISSION }
    let mayTrade = ask.strategy == 0 || permits(exam.notes.pointee.strategyTerms, ask)
    return mayTrade ? RCK_OK : RCK_REJECT_STRATEGY_PERMISSION
  }

  /// A rule that stops is broken: the code is that of the first broken rule of all.
  @inline(never)
  private static func earlier<D: Discipline>(_ exam: Exam<D>, _ form: rck_status) -> rck_status {
    let ask = exam.ask
    if form == RCK_REJECT_FLAGS || form == RCK_REJECT_ACCOUNT_UNKNOWN { return form }
    if !isEnabled(exam.notes.pointee.accountTerms) { return RCK_REJECT_ACCOUNT_DISABLED }
    if form == RCK_REJECT_INSTRUMENT_UNKNOWN { return form }
    if exam.terms.flags & UInt32(RCK_ENABLED) == 0 { return RCK_REJECT_INSTRUMENT_DISABLED }
    if form == RCK_REJECT_STRATEGY_UNKNOWN { return form }
    if ask.strategy != 0 && !isEnabled(exam.notes.pointee.strategyTerms) {
      return RCK_REJECT_STRATEGY_DISABLED
    }
    if form == RCK_REJECT_SIDE || form == RCK_REJECT_TYPE { return form }
    if ask.force &- 1 > 3 { return RCK_REJECT_TIME_IN_FORCE }
    if !permits(exam.notes.pointee.accountTerms, ask) { return RCK_REJECT_ACCOUNT_PERMISSION }
    return ask.strategy == 0 || permits(exam.notes.pointee.strategyTerms, ask)
      ? form : RCK_REJECT_STRATEGY_PERMISSION
  }

  @inline(__always)
  private static func quantityFault(_ quantity: Int64, _ lots: Multiple) -> rck_status {
    if quantity <= 0 { return RCK_REJECT_QUANTITY_NOT_POSITIVE }
    if !lots.divides(quantity) { return RCK_REJECT_QUANTITY_LOT }
    return quantity <= Amount.inputMax ? RCK_OK : RCK_REJECT_QUANTITY_BOUNDS
  }

  @inline(__always)
  private static func pricesFault(_ ask: Ask, _ terms: Instrument) -> rck_status {
    let limited = ask.type == UInt8(RCK_TYPE_LIMIT) || ask.type == UInt8(RCK_TYPE_STOP_LIMIT)
    let stopped = ask.type >= UInt8(RCK_TYPE_STOP)
    if limited {
      if ask.price == 0 && !terms.pricesMayBeNegative { return RCK_REJECT_PRICE_MISSING }
    } else if ask.price != 0 {
      return RCK_REJECT_PRICE_BOUNDS
    }
    if stopped {
      if ask.stop == 0 && !terms.pricesMayBeNegative { return RCK_REJECT_STOP_PRICE_MISSING }
    } else if ask.stop != 0 {
      return RCK_REJECT_STOP_PRICE_BOUNDS
    }
    if limited {
      if !terms.ticks.divides(ask.price) { return RCK_REJECT_PRICE_TICK }
      if !isWithin(ask.price, terms) { return RCK_REJECT_PRICE_BOUNDS }
    }
    if stopped {
      if !terms.ticks.divides(ask.stop) { return RCK_REJECT_STOP_PRICE_TICK }
      if !isWithin(ask.stop, terms) { return RCK_REJECT_STOP_PRICE_BOUNDS }
    }
    return RCK_OK
  }

  @inline(__always)
  private static func isWithin(_ price: Int64, _ terms: Instrument) -> Bool {
    if price < 0 && !terms.pricesMayBeNegative { return false }
    if price > Amount.inputMax || price < 0 &- Amount.inputMax { return false }
    return price >= terms.priceLeast && price <= terms.priceMost
  }

  /// A sell that may open or extend a short position needs the permission to. The rows decide, so this is asked
  /// again of the rows that are reserved.
  @inline(__always)
  static func shortFault<D: Discipline>(_ exam: Exam<D>, _ short: Int64) -> rck_status {
    if exam.ask.isBuy || short <= 0 { return RCK_OK }
    if exam.notes.pointee.accountTerms.permissions & UInt32(RCK_PERMIT_SHORT) == 0 {
      return RCK_REJECT_ACCOUNT_PERMISSION
    }
    let strategy = exam.ask.strategy != 0
    return strategy && exam.notes.pointee.strategyTerms.permissions & UInt32(RCK_PERMIT_SHORT) == 0
      ? RCK_REJECT_STRATEGY_PERMISSION : RCK_OK
  }

  /// Whom a refusal is about.
  static func place<D: Discipline>(_ status: rck_status, _ exam: Exam<D>) -> Place {
    switch status {
    case RCK_REJECT_ACCOUNT_UNKNOWN, RCK_REJECT_ACCOUNT_DISABLED, RCK_REJECT_ACCOUNT_PERMISSION:
      return exam.accountPlace
    case RCK_REJECT_STRATEGY_UNKNOWN, RCK_REJECT_STRATEGY_DISABLED, RCK_REJECT_STRATEGY_PERMISSION:
      return exam.strategyPlace
    case RCK_REJECT_FLAGS, RCK_REJECT_SIDE, RCK_REJECT_TYPE, RCK_REJECT_TIME_IN_FORCE:
      return Place(RCK_SCOPE_NONE, 0)
    default: return exam.instrumentPlace
    }
  }
}
