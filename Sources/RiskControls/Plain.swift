import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// An order alone, or a leg of a batch that is all or none: that counts already where it does, bears its batch's name,
/// and leaves the second look at the latches to the batch.
protocol CheckKind {
  static var isLeg: Bool { get }
  /// Further controls are asked on the way, where the others leave an order for them to the long way.
  static var asksFurther: Bool { get }
}

struct AloneKind: CheckKind {
  @inline(__always) static var isLeg: Bool { false }
  @inline(__always) static var asksFurther: Bool { false }
}

/// Compiled apart, so that who arms none of them pays for none of it.
struct FurtherKind: CheckKind {
  @inline(__always) static var isLeg: Bool { false }
  @inline(__always) static var asksFurther: Bool { true }
}

struct LegKind: CheckKind {
  @inline(__always) static var isLeg: Bool { true }
  @inline(__always) static var asksFurther: Bool { false }
}

/// The usual check: a limit order of parties that are known and permitted, in an instrument that the account has
/// traded, of whose amounts none exceeds the lowest level of anything. It is looked at by the shortest way, in
/// registers, and what its rows become is written into the spares at once. Whatever is not usual is left to Exam,
/// which begins anew: nothing has happened then but that messages may count.
struct Plain<D: Discipline, K: CheckKind> {
  let desk: Desk<D>
  let notes: UnsafeMutablePointer<Notes>
  /// Of the limits.
  let generation: UInt64
  /// All bits set for a sell, none for a buy.
  let turn: Int64

  init(_ desk: Desk<D>, _ notes: UnsafeMutablePointer<Notes>) {
    self.desk = desk
    self.notes = notes
    turn = 0 &- Int64(notes.pointee.ask.sideIndex)
    // Acquire: the bounds of that generation were written before.
    generation = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .acquiring)
  }

  @inline(__always) var ask: Ask { unsafeAddress { withUnsafePointer(to: &notes.pointee.ask) { $0 } } }
  @inline(__always) var half: UInt64 { generation & 1 }

  /// For whom the order is.
  struct Parties {
    let account: UnsafeMutableRawPointer
    let strategy: UnsafeMutableRawPointer?
    let instrument: UnsafeMutableRawPointer
    /// The account's.
    let party: Party
    /// Flags and permissions that both have.
    let common: UInt64
  }

  /// Nil: not the usual order.
  @inline(__always)
  func parties() -> Parties? {
    let state = desk.state
    guard ask.type == UInt8(RCK_TYPE_LIMIT), ask.side &- 1 <= 1, ask.force &- 1 <= 3, ask.stop == 0,
      ask.flags & ~UInt32(RCK_ORDER_FIRST_REFUSAL) == 0,
      let account = state.scopeMemory(RCK_SCOPE_ACCOUNT, ask.account),
      let instrument = state.scopeMemory(RCK_SCOPE_INSTRUMENT, ask.instrument)
    else { return nil }
    let party = Party(account)
    var (common, strategy) = (party.word, nil as UnsafeMutableRawPointer?)
    if ask.strategy != 0 {
      guard let memory = state.scopeMemory(RCK_SCOPE_STRATEGY, ask.strategy),
        Scope(memory, 0, 0).tracking == 0
      else { return nil }
      common &= Party(memory).word
      strategy = memory
    }
    let needed = Party.needed(side: ask.side, type: ask.type, force: ask.force)
    if common & needed != needed { return nil }
    return Parties(
      account: account, strategy: strategy, instrument: instrument, party: party, common: common)
  }

  /// What the order comes to.
  struct Worth {
    let value: Int64
    let margin_bps: Int64
    let conversion: Conversion
  }

  @inline(__always)
  func worth(_ marginClass: UInt64) -> Worth? {
    let (quantity, price) = (ask.quantity, ask.price)
    if UInt64(bitPattern: quantity &- 1) >= UInt64(Amount.inputMax) { return nil }
    let found = desk.state.look(ask.instrument) { terms -> (Conversion, Int64)? in
      permits(terms) ? (terms.pointee.conversion, terms.pointee.margin_bps(marginClass)) : nil
    }
    guard let (conversion, margin_bps) = found, let value = conversion.plainValue(quantity, at: price) else {
      return nil
    }
    return Worth(value: value, margin_bps: margin_bps, conversion: conversion)
  }

  /// Whether an instrument is enabled, and the form of quantity and price is its own. False too of one that demands a
  /// locate: the long way knows.
  @inline(__always)
  func permits(_ terms: UnsafePointer<Instrument>) -> Bool {
    let (quantity, price) = (ask.quantity, ask.price)
    return price >= terms.pointee.priceLeast && price <= terms.pointee.priceMost
      && terms.pointee.flags & Plain.looked == UInt32(RCK_ENABLED)
      && (price != 0 || terms.pointee.pricesMayBeNegative) && terms.pointee.lots.divides(quantity)
      && terms.pointee.ticks.divides(price)
  }

  private static var looked: UInt32 { UInt32(RCK_ENABLED) | UInt32(RCK_SHORT_LOCATE) }

  /// Where the message goes in the window of a scope, if that has one. Nil: it may exceed a level.
  @inline(__always)
  func window(_ scope: UnsafeMutableRawPointer?) -> WindowPlace?? {
    guard !K.isLeg, let scope else { return .some(nil) }
    let found = Scope(scope, 0, 0).bounds(half, BoundSlot.rateNew)
    if found == 0 { return .some(nil) }
    let bound = desk.state.firstBound(found)
    guard let place = desk.state.glance(bound, now: ask.time_ns, D.self) else { return nil }
    return .some(place)
  }

  /// What the account's row comes to with the order in it.
  struct Row {
    /// Worst-case position on the order's side.
    let after: Int64
    /// By how much its exposure and its margin grow.
    let exposure: Int64
    let margin: Int64
    /// Amounts that have to fit, put together: none is negative, or this is. It is too if a share of the exposure
    /// cannot be told the short way.
    let amounts: Int64
  }

  @inline(__always)
  func stage(_ row: Int, _ worth: Worth) -> StagedRow<Row>? {
    let (turn, side, value) = (turn, ask.sideIndex, worth.value)
    return desk.positions.stage(row, spare: desk.writer) { old, new in
      new.pointee = old.pointee
      let opened = old.open(at: side).pointee &+ ask.quantity
      let reserved = old.reserved(at: side).pointee
      let booked = (old.pointee.booked ^ turn) &- turn
      let own = positive(reserved &+ booked &+ value)
      let exposure = own &+ positive(old.reserved(at: 1 &- side).pointee &- booked)
      let margin = Amount.plainShare(exposure, bps: worth.margin_bps)
      new.open(at: side).pointee = opened
      new.reserved(at: side).pointee = reserved &+ value
      new.pointee.margin = margin
      new.pointee.tally = old.pointee.tally &+ 1
      let after = opened &+ ((old.pointee.net ^ turn) &- turn)
      return Row(
        after: after, exposure: own &- positive(reserved &+ booked), margin: margin &- old.pointee.margin,
        amounts: opened | (reserved &+ value) | exposure | positive(after)
          | (Amount.shareMost &- 1 &- exposure))
    }
  }

  /// What comes of the account's book with the order in it: negative if some level may be exceeded.
  @inline(__always)
  func stage(_ row: Row, _ worth: Worth, _ parties: Parties) -> StagedRow<Int64>? {
    let (side, value) = (ask.sideIndex, worth.value)
    let lowest = Scope(parties.account, 0, 0).lowest(half)
    return desk.books.rows.stage(book, spare: desk.writer, Book()) { old, new in
      let margin = old.pointee.margin &+ row.margin
      var excess: Int64 = 0
      if lowest.short(BoundSlot.power) != 0
        && BuyingPower.mayExceed(
          margin, lowest[BoundSlot.power], old, parties.party, bps: worth.margin_bps, now: ask.time_ns,
          desk.state)
      {
        excess = -1
      }
      new.pointee = old.pointee
      let gross = old.pointee.gross &+ row.exposure
      let net = old.net(at: side).pointee &+ value
      let (orders, ordersValue) = (old.pointee.orders &+ 1, old.pointee.ordersValue &+ value)
      new.pointee.gross = gross
      new.net(at: side).pointee = net
      new.pointee.margin = margin
      new.pointee.orders = orders
      new.pointee.ordersValue = ordersValue
      let amounts = row.amounts | gross | margin | ordersValue | positive(net)
      if UInt64(bitPattern: amounts) &>> 60 != 0 { return nil }
      excess |= lowest.excess(gross, BoundSlot.gross) | lowest.excess(positive(net), BoundSlot.net)
      excess |= lowest.excess(orders, BoundSlot.workingCount)
      return excess | lowest.excess(ordersValue, BoundSlot.workingNotional)
    }
  }

  /// An amount if it is positive, otherwise 0: without a branch, which would be foreseen as often as not.
  @inline(__always)
  func positive(_ amount: Int64) -> Int64 { amount & ~(amount &>> 63) }

  @inline(__always) var book: Int { desk.books.row(ask.account, strategy: false) }

  @inline(__always)
  func furtherBounds(_ scope: UnsafeMutableRawPointer) -> UInt64 {
    Scope(scope, 0, 0).further(half)
  }

  /// What is about the order alone: size negative if some level of it may be exceeded. Nil: only the long way can tell.
  @inline(__always)
  func excess(_ parties: Parties, _ value: Int64) -> (size: Int64, collar: Bool)? {
    let own = Scope(parties.instrument, 0, 0).lowest(half)
    let account = Scope(parties.account, 0, 0).lowest(half)
    var excess =
      own.excess(ask.quantity, BoundSlot.quantity) | own.excess(value, BoundSlot.notional)
      | account.excess(ask.quantity, BoundSlot.quantity) | account.excess(value, BoundSlot.notional)
    var collars = account.short(BoundSlot.collar)
    var further = furtherBounds(parties.account) | furtherBounds(parties.instrument)
    if let strategy = parties.strategy {
      let lowest = Scope(strategy, 0, 0).lowest(half)
      excess |= lowest.excess(ask.quantity, BoundSlot.quantity) | lowest.excess(value, BoundSlot.notional)
      collars |= lowest.short(BoundSlot.collar)
      further |= furtherBounds(strategy)
    }
    if UInt64(bitPattern: collars) | (K.asksFurther ? 0 : further) != 0 { return nil }
    let collar =
      own.short(BoundSlot.collar) != 0
      && Collar.mayExceed(
        desk, ask.instrument, buy: ask.isBuy, worth: ask.price, parties.instrument, half,
        own[BoundSlot.collar])
    return (excess, collar)
  }
}
