import CRiskCheck

/// New orders, and new terms of live ones.
extension Oracle {
  public func check(_ order: rck_order, port: UInt32, dry: Bool = false) -> rck_verdict {
    if let misuse = misuse(order) { return misuse }
    let time: Int64
    switch judge(order.time_ns, port: port) {
    case .refused(let status): return .refusal(status)
    case .at(let judged): time = judged
    }
    if !dry || plant == .dryMovesTime { move(port: port, to: time) }
    if order.deadline_ns != 0 && time > order.deadline_ns { return .refusal(RCK_REJECT_DEADLINE) }
    if let known = ids[order.order_id] { return verdict(order, like: known) }
    let request = Request(order, at: time)
    var found = assess(request)
    waive(request, &found)
    if !dry { take(found.windows, RCK_MEASURE_NEW, at: time) }
    var verdict = verdict(found, order.flags)
    if !dry { escalate(found, order.flags, at: time) }
    if dry || verdict.status != RCK_OK { return verdict }
    _ = count(found.asked)
    verdict.token = open(order, request, found)
    use(found.overrides, order.quantity)
    return verdict
  }

  /// The answer to an id that is known.
  func verdict(_ order: rck_order, like known: Order) -> rck_verdict {
    guard isSame(order, known) else { return .refusal(RCK_REJECT_ORDER_ID_TAKEN) }
    var verdict = rck_verdict.refusal(RCK_REPEAT)
    verdict.token = known.token
    return verdict
  }

  /// What the controls say, and then whether there are places.
  func verdict(_ found: Assessment, _ flags: UInt32) -> rck_verdict {
    if found.judgement.refusal == nil, let full = full(found.change!) { return .refusal(full) }
    return found.judgement.verdict(flags: flags)
  }

  func misuse(_ order: rck_order) -> rck_verdict? {
    let reserved = order.reserved
    let bits = reserved.0 | reserved.1 | reserved.2 | reserved.3 | reserved.4 | UInt64(order.reserved0)
    if bits != 0 { return .refusal(RCK_E_RESERVED) }
    return order.order_id == 0 ? .refusal(RCK_E_RANGE) : nil
  }

  /// Live orders, remembered ones, and the other ids of either share these places. When all are taken, the stripe that
  /// remembers most forgets its oldest order for a new one.
  private var places: Int {
    Int(config.orders_max + config.retired_ids_max + 16 * (config.ports_max + 1))
      + (plant == .onePlaceMore ? 1 : 0)
  }
  public var placesFree: Int { places - ids.count }

  func makePlace() {
    if let seen {
      for _ in 0..<seen.forgotten { retired.removeOldest(port).map(forget) }
    }
    while ids.count >= places, let oldest = retired.removeOldest(port) { forget(oldest) }
  }

  /// What there is no room for.
  func full(_ change: Change) -> Int32? {
    if !hasPlaces(for: change.rowScopes) { return RCK_REJECT_POSITIONS_FULL }
    return isFull ? RCK_REJECT_ORDERS_FULL : nil
  }

  private var isFull: Bool { retired.isEmpty && (seen?.isFull ?? false || ids.count >= places) }

  func open(_ order: rck_order, _ request: Request, _ found: Assessment) -> UInt64 {
    let tracked = tracking(request.ids)
    let opened = Order(
      token: nextToken(), id: order.order_id, correlation: order.correlation_id, ids: request.ids,
      type: order.type, force: order.time_in_force, venue: order.venue, inRow: tracked.row,
      inBook: tracked.book, terms: found.terms)
    makePlace()
    remember(opened)
    live.insert(opened.token)
    make(found.change!)
    countMessage(request.ids)
    return opened.token
  }

  private func isSame(_ order: rck_order, _ known: Order) -> Bool {
    guard let terms = known.terms else { return false }
    return order.account == known.account && order.strategy == known.strategy
      && order.instrument == known.instrument && order.side == known.side && order.type == known.type
      && order.time_in_force == known.force && order.venue == known.venue && order.price == terms.price
      && order.stop_price == terms.stopPrice && order.quantity == terms.quantity
  }

  // MARK: - Amend

  public func amend(_ order: rck_order, token: UInt64, port: UInt32) -> rck_verdict {
    if let misuse = misuse(order) { return misuse }
    let time: Int64
    switch judge(order.time_ns, port: port) {
    case .refused(let status): return .refusal(status)
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    if order.deadline_ns != 0 && time > order.deadline_ns {
      return .refusal(RCK_REJECT_DEADLINE)
    }
    guard let known = self.order(token: token, id: order.order_id) else {
      return .refusal(RCK_REJECT_ORDER_UNKNOWN)
    }
    if known.finished { return .refusal(RCK_REJECT_ORDER_FINISHED) }
    if known.amending { return .refusal(RCK_REJECT_AMEND_PENDING) }
    if let other = ids[order.order_id], other !== known { return .refusal(RCK_REJECT_ORDER_ID_TAKEN) }
    let request = Request(order, at: time, amending: known)
    var found = assess(request)
    waive(request, &found)
    take(found.windows, RCK_MEASURE_MODIFY, at: time)
    escalate(found, order.flags, at: time)
    var verdict = found.judgement.verdict(flags: order.flags)
    if verdict.status != RCK_OK { return verdict }
    if ids[order.order_id] == nil {
      if isFull { return .refusal(RCK_REJECT_ORDERS_FULL) }
      makePlace()
    }
    verdict.token = known.token
    countMessage(known.identity)
    use(found.overrides, order.quantity)
    _ = count(found.asked)
    hold(known, found.terms!, id: order.order_id)
    return verdict
  }

  /// Old and new terms are held, counter by counter the larger.
  private func hold(_ order: Order, _ terms: Terms, id: UInt64) {
    let (old, new) = (order.contribution(order.terms), order.contribution(terms))
    var held = replacement(order, by: plant == .amendHoldsNew ? new : old.larger(new))
    held.keepMargins(rows[held.accountScope], rows[held.strategyScope])
    make(held)
    order.pending = terms
    order.pendingId = id
    if ids[id] == nil {
      ids[id] = order
      order.ids.append(id)
    }
  }

  public func amendResult(token: UInt64, id: UInt64, accepted: UInt32) -> rck_verdict {
    if accepted > 1 || token == 0 && id == 0 { return .refusal(RCK_E_RANGE) }
    guard let order = order(token: token, id: id) else { return .refusal(RCK_REJECT_ORDER_UNKNOWN) }
    var verdict = rck_verdict.refusal(order.amending ? RCK_OK : RCK_REPEAT)
    verdict.token = order.token
    guard let pending = order.pending else { return verdict }
    let kept = accepted == 1 || plant == .rejectionAccepts ? pending : order.terms!
    let done = order.leaves(kept) == 0
    make(replacement(order, by: order.contribution(kept), ordersLess: done ? 1 : 0, freeing: true))
    order.terms = kept
    order.pending = nil
    if accepted == 1 {
      order.id = order.pendingId
      clearRejects(order.identity)
    }
    if done { finish(order) }
    return verdict
  }
}
