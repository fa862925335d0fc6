import CRiskCheck

/// The controls that limits arm. Each looks at its limits in the order engine, groups, account, strategy, instrument,
/// account x instrument, strategy x instrument, and within a scope in the order of measure, side, type.
extension Oracle {
  func scopes(_ ids: Identity) -> [Scope] {
    var scopes = wideScopes(ids)
    if accounts[ids.account] != nil { scopes.append(Scope(RCK_SCOPE_ACCOUNT, ids.account)) }
    if strategies[ids.strategy] != nil { scopes.append(Scope(RCK_SCOPE_STRATEGY, ids.strategy)) }
    if instruments[ids.instrument] != nil { scopes.append(Scope(RCK_SCOPE_INSTRUMENT, ids.instrument)) }
    return scopes
  }

  /// Limits of a control that an order of this side and type is subject to.
  func limits(_ control: Int32, _ scopes: [Scope], _ request: Request) -> [Limit] {
    var found: [Limit] = []
    for scope in scopes {
      for limit in limits.of(scope)[Int(control)] {
        let (side, type) = (limit.record.side, limit.record.order_type)
        if side != 0 && side != UInt32(request.ids.side) || type != 0 && type != UInt32(request.type) {
          continue
        }
        found.append(limit)
      }
    }
    return found
  }

  func judgeQuantity(_ request: Request, _ found: inout Assessment) {
    for limit in limits(RCK_CONTROL_ORDER_QUANTITY, scopes(request.ids), request) {
      add(.above(limit, RCK_REJECT_ORDER_QUANTITY, observed: Wide(request.quantity)), &found)
    }
  }

  func judgeNotional(_ request: Request, _ value: Wide, _ found: inout Assessment) {
    for limit in limits(RCK_CONTROL_ORDER_NOTIONAL, scopes(request.ids), request) {
      add(.above(limit, RCK_REJECT_ORDER_NOTIONAL, observed: value), &found)
    }
  }

  func judgeCollar(
    _ request: Request, _ instrument: rck_instrument, _ price: Int64, _ found: inout Assessment
  ) {
    for limit in limits(RCK_CONTROL_COLLAR, scopes(request.ids), request) {
      let kind = limit.record.reference
      guard let reference = reference(kind, instrument, buy: request.buy), reference != 0 else {
        found.judgement.add(.missing(limit, RCK_REJECT_COLLAR_LAST_MISSING + Int32(kind) - 1))
        continue
      }
      let aggressive = request.buy ? price > reference : price < reference
      if limit.record.flags & UInt32(RCK_AGGRESSIVE_ONLY) != 0 && !aggressive { continue }
      let status = price > reference ? RCK_REJECT_COLLAR_ABOVE : RCK_REJECT_COLLAR_BELOW
      let distance = abs(Wide(price) - Wide(reference))
      // In basis points of the reference, or in ticks: distance x scale against level x unit.
      let bps = limit.record.measure == RCK_MEASURE_BPS
      let scale: Wide = bps ? 10_000 : 1
      let unit = bps ? Wide(reference.magnitude) : Wide(instrument.tick)
      add(
        .at(limit, status, observed: divideUp(distance * scale, by: unit)) { level in
          distance * scale > Wide(level) * unit - (plant == .collarAtEdge ? 1 : 0)
        }, &found)
    }
  }

  func judgePosition(_ request: Request, _ change: Change, _ found: inout Assessment) {
    if !found.judgement.reducing { judgeTotals(RCK_CONTROL_POSITION, request, change, &found) }
    var rows = [(change.accountScope, change.account)]
    if let strategy = change.strategy { rows.append((change.strategyScope, strategy)) }
    for (scope, row) in rows {
      add(change.overflow(RCK_CONTROL_POSITION, scope), &found)
      if found.judgement.reducing { continue }
      for limit in limits(RCK_CONTROL_POSITION, [scope], request) {
        let status = request.buy ? RCK_REJECT_POSITION_LONG : RCK_REJECT_POSITION_SHORT
        add(.above(limit, status, observed: request.buy ? row.long : row.short), &found)
      }
    }
  }

  func judgeExposure(_ request: Request, _ change: Change, _ found: inout Assessment) {
    var books = [(Scope(RCK_SCOPE_ACCOUNT, request.ids.account), change.accountBook)]
    if let book = change.strategyBook {
      books.append((Scope(RCK_SCOPE_STRATEGY, request.ids.strategy), book))
    }
    if !found.judgement.reducing { judgeTotals(RCK_CONTROL_EXPOSURE, request, change, &found) }
    for (scope, book) in books {
      add(change.overflow(RCK_CONTROL_EXPOSURE, scope), &found)
      // An order of before a strategy's first limit is not in its row.
      let counted = scope.kind == RCK_SCOPE_ACCOUNT || change.strategy != nil
      if found.judgement.reducing && plant != .reducingIsHeld || !counted { continue }
      for limit in limits(RCK_CONTROL_EXPOSURE, [scope], request) {
        if limit.record.measure == RCK_MEASURE_GROSS {
          add(.above(limit, RCK_REJECT_EXPOSURE_GROSS, observed: book.gross), &found)
        } else {
          let status = request.buy ? RCK_REJECT_EXPOSURE_NET_LONG : RCK_REJECT_EXPOSURE_NET_SHORT
          add(.above(limit, status, observed: request.buy ? book.netLong : book.netShort), &found)
        }
      }
    }
  }

  /// The engine's and the groups' limits on sums of books, and of rows.
  private func judgeTotals(
    _ control: Int32, _ request: Request, _ change: Change, _ found: inout Assessment
  ) {
    for limit in limits(control, wideScopes(request.ids), request) {
      let ofInstrument = limit.key.scope.kind == RCK_SCOPE_INSTRUMENT_GROUP
      let ofStrategy = limit.key.scope.kind == RCK_SCOPE_STRATEGY_GROUP
      let party =
        ofStrategy
        ? Scope(RCK_SCOPE_STRATEGY, request.ids.strategy) : Scope(RCK_SCOPE_ACCOUNT, request.ids.account)
      // An order of before a strategy's sums were kept is in none.
      let isCounted =
        !ofStrategy || (control == RCK_CONTROL_EXPOSURE ? change.strategy != nil : change.inStrategyBook)
      guard isCounted, let book = ofStrategy ? change.strategyBook : change.accountBook else { continue }
      let (sum, status): (Sum, Int32) =
        switch Int32(limit.record.measure) {
        case RCK_MEASURE_GROSS: (.gross, RCK_REJECT_EXPOSURE_GROSS)
        case RCK_MEASURE_COUNT: (.orders, RCK_REJECT_WORKING_COUNT)
        case RCK_MEASURE_NOTIONAL: (.ordersValue, RCK_REJECT_WORKING_NOTIONAL)
        default:
          control == RCK_CONTROL_POSITION
            ? (request.buy ? (.long, RCK_REJECT_POSITION_LONG) : (.short, RCK_REJECT_POSITION_SHORT))
            : request.buy
              ? (.netLong, RCK_REJECT_EXPOSURE_NET_LONG) : (.netShort, RCK_REJECT_EXPOSURE_NET_SHORT)
        }
      if sum == .orders && request.amended != nil { continue }
      let total = Total(scope: limit.key.scope, sum: sum)
      let seen =
        ofInstrument
        ? observed(total, change, orders: request.amended == nil ? 1 : 0)
        : observed(total, party, becoming: book)
      guard let observed = seen else { continue }
      add(.above(limit, status, observed: observed), &found)
    }
  }

  func judgeBuyingPower(_ request: Request, _ change: Change, _ found: inout Assessment) {
    let scope = Scope(RCK_SCOPE_ACCOUNT, request.ids.account)
    for limit in limits(RCK_CONTROL_BUYING_POWER, [scope], request) {
      let power: Wide
      switch buyingPower(request) {
      case .failure(let missing):
        found.judgement.add(.missing(limit, missing.status))
        continue
      case .success(let amount): power = amount
      }
      let margin = change.accountBook.margin
      let finding = Finding.at(limit, RCK_REJECT_BUYING_POWER, observed: margin) { level in
        power <= 0 ? margin > 0 : margin * 10_000 > power * Wide(level)
      }
      guard var finding else { continue }
      finding.level = shown(divideDown(power * Wide(finding.level), by: 10_000))
      found.judgement.add(finding)
    }
  }

  private struct Missing: Error {
    let status: Int32
  }

  private func buyingPower(_ request: Request) -> Result<Wide, Missing> {
    let account = accounts[request.ids.account]!
    let book = books[Scope(RCK_SCOPE_ACCOUNT, request.ids.account)] ?? Book()
    func counts(_ flag: Int32) -> Bool { account.flags & UInt32(flag) != 0 }
    guard let cash = book.cash else { return .failure(Missing(status: RCK_REJECT_CASH_MISSING)) }
    if marginBps(instruments[request.ids.instrument]!, class: account.margin_class) == 0 {
      return .failure(Missing(status: RCK_REJECT_MARGIN_MISSING))
    }
    if counts(RCK_POWER_MARKED) && book.openPositions > 0
      && (book.markTime == 0 || request.time - book.markTime > config.mark_age_ns_max)
    {
      return .failure(Missing(status: RCK_REJECT_BUYING_POWER_MARK_STALE))
    }
    var power = Wide(cash)
    if counts(RCK_POWER_CREDIT) { power += Wide(book.credit) }
    if counts(RCK_POWER_REALISED) { power += book.realised }
    if counts(RCK_POWER_FEES) { power -= book.fees }
    if counts(RCK_POWER_MARKED) { power += book.marked }
    return .success(power)
  }

  func judgeWorking(_ request: Request, _ change: Change, _ found: inout Assessment) {
    var books = [(Scope(RCK_SCOPE_ACCOUNT, request.ids.account), change.accountBook)]
    // An order of before a strategy's first limit is not among them.
    if let book = change.strategyBook, change.inStrategyBook {
      books.append((Scope(RCK_SCOPE_STRATEGY, request.ids.strategy), book))
    }
    judgeTotals(RCK_CONTROL_WORKING, request, change, &found)
    for (scope, book) in books {
      for limit in limits(RCK_CONTROL_WORKING, [scope], request) {
        if limit.record.measure == RCK_MEASURE_NOTIONAL {
          add(.above(limit, RCK_REJECT_WORKING_NOTIONAL, observed: book.ordersValue), &found)
        } else if request.amended == nil {
          add(
            .above(
              limit, RCK_REJECT_WORKING_COUNT, observed: book.orders + (plant == .countsOneMore ? 1 : 0)),
            &found)
        }
      }
    }
  }

  private func add(_ finding: Finding?, _ found: inout Assessment) {
    if let finding { found.judgement.add(finding) }
  }

  // MARK: - Rates

  /// Looks at the rate limits of an attempt; it counts in each window, this one included, or in none.
  func judgeRates(_ request: Request, _ found: inout Assessment) {
    var refused = false
    for limit in limits(RCK_CONTROL_RATE, scopes(request.ids), measure: request.measure) {
      let status = request.amended == nil ? RCK_REJECT_RATE_NEW : RCK_REJECT_RATE_MODIFY
      let window = windows[limit.key.scope]![UInt32(request.measure)]!
      let taken = window.count(at: request.time, window: limit.record.window_ns)
      let finding = Finding.above(limit, status, observed: Wide(taken + 1))
      refused = refused || finding?.status == status
      add(finding, &found)
      if taken < window.capacity { found.windows.append(limit.key.scope) }
    }
    if refused && plant != .refusedCounts { found.windows = [] }
  }

  /// The windows that an order counts in which no rate keeps out.
  func attempts(_ request: Request) -> [Scope] {
    limits(RCK_CONTROL_RATE, scopes(request.ids), measure: request.measure).filter { limit in
      let window = windows[limit.key.scope]![UInt32(request.measure)]!
      return window.count(at: request.time, window: limit.record.window_ns) < window.capacity
    }.map(\.key.scope)
  }

  func limits(_ control: Int32, _ scopes: [Scope], measure: Int32) -> [Limit] {
    var found: [Limit] = []
    for scope in scopes {
      for limit in limits.of(scope)[Int(control)] where limit.record.measure == UInt32(measure) {
        found.append(limit)
      }
    }
    return found
  }

  /// A request to cancel is counted where rates are limited, and never refused.
  func judgeCancel(_ order: Order, at time: Int64) -> Assessment {
    var found = Assessment()
    for limit in limits(RCK_CONTROL_RATE, scopes(order.identity), measure: RCK_MEASURE_CANCEL) {
      let window = windows[limit.key.scope]![UInt32(RCK_MEASURE_CANCEL)]!
      let taken = window.count(at: time, window: limit.record.window_ns)
      add(.above(limit, RCK_OK, observed: Wide(taken + 1)), &found)
      if taken < window.capacity { found.windows.append(limit.key.scope) }
    }
    return found
  }

  func take(_ scopes: [Scope], _ measure: Int32, at time: Int64) {
    for scope in scopes { windows[scope]![UInt32(measure)]!.take(at: time) }
  }
}
