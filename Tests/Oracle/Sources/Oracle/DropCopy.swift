import CRiskCheck

/// Orders that somebody else has entered: judged as a check would, and entered regardless.
extension Oracle {
  public func dropCopy(_ order: rck_order, port: UInt32) -> rck_verdict {
    if let misuse = misuse(order) { return misuse }
    let time: Int64
    switch judge(order.time_ns, port: port) {
    case .refused(let status): return .refusal(status)
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    if let known = ids[order.order_id] { return verdict(order, like: known) }
    let request = Request(order, at: time)
    if let status = missing(request) { return refused(invalid(status, request.ids)) }
    let instrument = instruments[request.ids.instrument]!
    let scope = Scope(RCK_SCOPE_INSTRUMENT, instrument.id)
    let price: Int64
    switch valuePrice(request, instrument) {
    case .refused(let status, let control):
      return refused(Finding(status: status, control: control, scope: scope))
    case .at(let found): price = found
    }
    let conversion = conversions[instrument.id]!
    guard let value = conversion.value(Wide(request.quantity), at: price) else {
      return refused(
        Finding(status: RCK_REJECT_NOTIONAL_OVERFLOW, control: RCK_CONTROL_ORDER_NOTIONAL, scope: scope))
    }
    var entered = Assessment()
    entered.terms = Terms(
      price: request.price, stopPrice: request.stopPrice, quantity: request.quantity, valuePrice: price,
      conversion: conversion)
    entered.change = changeWith(request, value: value)
    if let overflow = entered.change!.overflows.first { return .refusal(overflow) }
    if let full = full(entered.change!) { return .refusal(full) }
    let found = assess(request)
    var told = found.judgement.verdict(flags: order.flags)
    if order.deadline_ns != 0 && time > order.deadline_ns { told = .refusal(RCK_REJECT_DEADLINE) }
    take(plant == .copyCountsLess ? found.windows : attempts(request), RCK_MEASURE_NEW, at: time)
    if told.status != RCK_OK {
      told.status = RCK_OK
      told.flags |= UInt16(RCK_VERDICT_WOULD_REFUSE)
    }
    _ = count(
      Case(
        request: request, instrument: instrument, price: price, value: value,
        opened: opened(request, conversion, price), reducing: found.judgement.reducing,
        short: entered.change!.account.short))
    escalate(found, order.flags, at: time)
    told.token = open(order, request, entered)
    return told
  }

  /// What is not there without which nothing can be kept of an order.
  private func missing(_ request: Request) -> Int32? {
    let ids = request.ids
    if request.flags & ~UInt32(RCK_ORDER_FIRST_REFUSAL) != 0 { return RCK_REJECT_FLAGS }
    if accounts[ids.account] == nil { return RCK_REJECT_ACCOUNT_UNKNOWN }
    guard let instrument = instruments[ids.instrument] else { return RCK_REJECT_INSTRUMENT_UNKNOWN }
    if ids.strategy != 0 && strategies[ids.strategy] == nil { return RCK_REJECT_STRATEGY_UNKNOWN }
    if !(1...2).contains(ids.side) { return RCK_REJECT_SIDE }
    if !(1...4).contains(request.type) { return RCK_REJECT_TYPE }
    if !(1...4).contains(request.force) { return RCK_REJECT_TIME_IN_FORCE }
    if request.quantity <= 0 { return RCK_REJECT_QUANTITY_NOT_POSITIVE }
    if request.quantity > Bound.input { return RCK_REJECT_QUANTITY_BOUNDS }
    if plant == .copyNeedsTick && request.price % instrument.tick != 0 { return RCK_REJECT_PRICE_TICK }
    let negative = instrument.flags & UInt32(RCK_PRICE_NEGATIVE) != 0
    if request.hasPrice && request.price == 0 && !negative { return RCK_REJECT_PRICE_MISSING }
    if request.hasStopPrice && request.stopPrice == 0 && !negative { return RCK_REJECT_STOP_PRICE_MISSING }
    if !Bound.holdsInput(request.price) { return RCK_REJECT_PRICE_BOUNDS }
    return Bound.holdsInput(request.stopPrice) ? nil : RCK_REJECT_STOP_PRICE_BOUNDS
  }

  private func refused(_ finding: Finding) -> rck_verdict {
    var judgement = Judgement()
    judgement.add(finding)
    return judgement.verdict(flags: 0)
  }
}
