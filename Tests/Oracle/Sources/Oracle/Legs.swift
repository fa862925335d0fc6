import CRiskCheck

/// A batch that is all or none.
extension Oracle {
  /// The call's status, and what is said of each leg.
  public func check(legs: [rck_order], port: UInt32) -> (status: Int32, verdicts: [rck_verdict]) {
    if legs.isEmpty || legs.count > Int(RCK_LEGS_MAX) { return (RCK_E_RANGE, []) }
    func refused(_ at: Int, _ verdict: rck_verdict) -> (status: Int32, verdicts: [rck_verdict]) {
      var others = rck_verdict()
      others.status = RCK_REJECT_BATCH
      return (RCK_OK, legs.indices.map { $0 == at ? verdict : others })
    }
    var time: Int64 = 0
    for (at, order) in legs.enumerated() {
      if let misuse = misuse(order) { return refused(at, misuse) }
      switch judge(order.time_ns, port: port) {
      case .refused(let status): return refused(at, .refusal(status))
      case .at(let judged): time = judged
      }
      move(port: port, to: time)
      if order.deadline_ns != 0 && time > order.deadline_ns {
        return refused(at, .refusal(RCK_REJECT_DEADLINE))
      }
    }
    let answers = legs.map { order in ids[order.order_id].map { verdict(order, like: $0) } }
    if answers.allSatisfy({ $0?.status == RCK_REPEAT }) { return (RCK_OK, answers.compactMap { $0 }) }
    for (at, order) in legs.enumerated() {
      if answers[at] != nil || legs[..<at].contains(where: { $0.order_id == order.order_id }) {
        return refused(at, .refusal(RCK_REJECT_ORDER_ID_TAKEN))
      }
    }
    let (passed, refusal) = open(legs.map { ($0, Request($0, at: time)) }, at: time)
    return refusal.map { refused(passed.count, $0) } ?? (RCK_OK, passed)
  }

  /// The verdicts of those that pass, and that of the first that does not.
  private func open(_ legs: [(rck_order, Request)], at time: Int64) -> ([rck_verdict], rck_verdict?) {
    let before = windows
    let hasRoom = legs.allSatisfy { count($0.1, at: time) }
    windows = before
    let fullAt = seenFullAt
    var (passed, counts): ([rck_verdict], [(Counted, Case?)]) = ([], [])
    var refusal: rck_verdict?
    var asking: [Finding] = []
    defer { escalate(asking, at: time) }
    for (at, (order, request)) in legs.enumerated() {
      if let fullAt { seen?.isFull = at == fullAt }
      let found = assess(request)
      take(found.windows, RCK_MEASURE_NEW, at: time)
      var verdict = verdict(found, order.flags)
      asking += self.asking(found, order.flags)
      if verdict.status != RCK_OK {
        refusal = verdict
        break
      }
      counts.append((count(found.asked), found.asked))
      verdict.token = open(order, request, found)
      seen?.forgotten = 0  // all of them, with the first
      passed.append(verdict)
    }
    if refusal == nil { return (passed, nil) }
    for (counted, asked) in counts.reversed() { uncount(counted, asked) }
    for verdict in passed.reversed() where plant != .legStays || verdict.token != passed[0].token {
      drop(orders[verdict.token]!)
    }
    if hasRoom {
      for (_, request) in legs.dropFirst(passed.count + 1) { _ = count(request, at: time) }
    } else {
      windows = before
    }
    return (passed, refusal)
  }

  /// Counts an attempt. False: a rate refuses it.
  private func count(_ request: Request, at time: Int64) -> Bool {
    var found = Assessment()
    judgeRates(request, &found)
    take(found.windows, RCK_MEASURE_NEW, at: time)
    return found.judgement.refusal == nil
  }

  /// The order was never there; its rows were.
  private func drop(_ order: Order) {
    make(replacement(order, by: Contribution(), ordersLess: 1, freeing: true))
    countMessage(order.identity, -1)
    live.remove(order.token)
    forget(order.token)
    tokensGiven -= 1
  }
}
