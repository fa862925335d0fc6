import CRiskCheck

/// What judging a request gave: the findings, and what passing it would do.
struct Assessment {
  var judgement = Judgement()
  /// The windows that an attempt counts in; empty when a rate refused it.
  var windows: [Scope] = []
  var terms: Terms?
  /// What the rows and books become: with the new terms alone.
  var change: Change?
  /// What the further controls look at; nil: it has no value.
  var asked: Case?
  /// The overrides that it passes by.
  var overrides: [UInt32] = []
}

extension Oracle {
  /// Judges a request by every control. Changes nothing.
  func assess(_ request: Request, withCustoms: Bool = true) -> Assessment {
    var found = assessPlainly(request)
    if withCustoms { askCustoms(request, &found) }
    return found
  }

  private func assessPlainly(_ request: Request) -> Assessment {
    var found = Assessment()
    judgeRates(request, &found)
    let validity = validity(request)
    if let status = validity.first { found.judgement.add(invalid(status, request.ids)) }
    if validity.stops {
      judgeState(request, &found)
      return found
    }
    judgeTerms(request, &found, validity)
    judgeState(request, &found)
    return found
  }

  func invalid(_ status: Int32, _ ids: Identity) -> Finding {
    let scope: Scope
    switch status {
    case RCK_REJECT_ACCOUNT_UNKNOWN, RCK_REJECT_ACCOUNT_DISABLED, RCK_REJECT_ACCOUNT_PERMISSION:
      scope = Scope(RCK_SCOPE_ACCOUNT, ids.account)
    case RCK_REJECT_STRATEGY_UNKNOWN, RCK_REJECT_STRATEGY_DISABLED, RCK_REJECT_STRATEGY_PERMISSION:
      scope = Scope(RCK_SCOPE_STRATEGY, ids.strategy)
    case RCK_REJECT_FLAGS, RCK_REJECT_SIDE, RCK_REJECT_TYPE, RCK_REJECT_TIME_IN_FORCE:
      scope = Scope(RCK_SCOPE_NONE, 0)
    default: scope = Scope(RCK_SCOPE_INSTRUMENT, ids.instrument)
    }
    return Finding(status: status, control: RCK_CONTROL_VALIDITY, scope: scope)
  }

  private func judgeState(_ request: Request, _ found: inout Assessment) {
    let (state, scope) = state(of: request.ids)
    if state == 0 || state == RCK_STATE_REDUCE_ONLY && found.judgement.reducing { return }
    let byState = [RCK_REJECT_REDUCE_ONLY, RCK_REJECT_CANCEL_ONLY, RCK_REJECT_HALTED][Int(state) - 1]
    let status = isDisconnected(scope) ? RCK_REJECT_DISCONNECTED : byState
    found.judgement.add(
      Finding(status: status, control: RCK_CONTROL_STATE, scope: scope, observed: Wide(state)))
  }

  /// Everything that needs the order's terms to be well formed.
  private func judgeTerms(_ request: Request, _ found: inout Assessment, _ validity: Validity) {
    let instrument = instruments[request.ids.instrument]!
    let quantities = changeWith(request, value: 0)
    let reduces = request.buy ? quantities.account.long <= 0 : quantities.account.short <= 0
    found.judgement.reducing = reduces
    if validity.first == nil, !request.buy, !reduces, let status = shortForbidden(request.ids) {
      found.judgement.add(invalid(status, request.ids))
    }
    judgeQuantity(request, &found)
    guard case .at(let price) = valuePrice(request, instrument) else {
      if case .refused(let status, let control) = valuePrice(request, instrument) {
        found.judgement.add(
          Finding(status: status, control: control, scope: Scope(RCK_SCOPE_INSTRUMENT, instrument.id)))
      }
      return
    }
    judgeCollar(request, instrument, price, &found)
    let conversion = conversions[instrument.id]!
    guard let whole = conversion.value(Wide(request.quantity), at: price) else {
      found.judgement.add(
        Finding(
          status: RCK_REJECT_NOTIONAL_OVERFLOW, control: RCK_CONTROL_ORDER_NOTIONAL,
          scope: Scope(RCK_SCOPE_INSTRUMENT, instrument.id)))
      return
    }
    found.terms = Terms(
      price: request.price, stopPrice: request.stopPrice, quantity: request.quantity, valuePrice: price,
      conversion: conversion)
    judgeNotional(request, whole, &found)
    let change = changeWith(request, value: conversion.value(request.leaves, at: price)!)
    found.change = change
    judgeSums(request, change, &found)
    let asked = Case(
      request: request, instrument: instrument, price: price, value: whole,
      opened: opened(request, conversion, price), reducing: reduces, short: change.account.short)
    found.asked = asked
    judgeFurther(asked, &found)
    judgeSectors(request, change, &found)
  }

  /// Rows and books with the request's terms in the place of what it replaces.
  func changeWith(_ request: Request, value: Wide) -> Change {
    let new = Contribution(quantity: request.leaves, value: value)
    if let order = request.amended { return replacement(order, by: new) }
    return change(request.ids, tracked: tracking(request.ids), orders: 1, value: value) { row in
      row.replace(Contribution(), by: new, buy: request.buy)
      return true
    }!
  }

  /// Position, exposure, buying power, working orders; and no amount beyond its bound.
  private func judgeSums(_ request: Request, _ change: Change, _ found: inout Assessment) {
    judgePosition(request, change, &found)
    judgeExposure(request, change, &found)
    // Sums that no number can hold are told by the exposure.
    let account = Scope(RCK_SCOPE_ACCOUNT, request.ids.account)
    if !found.judgement.reducing && change.overflow(RCK_CONTROL_EXPOSURE, account) == nil {
      judgeBuyingPower(request, change, &found)
    }
    judgeWorking(request, change, &found)
  }
}
