import CRiskCheck

/// How orders end, and how their end is asked for.
extension Oracle {
  public func release(token: UInt64, id: UInt64, reason: UInt32, time given: Int64, port: UInt32)
    -> rck_verdict
  {
    if !(1...4).contains(reason) || token == 0 && id == 0 { return .refusal(RCK_E_RANGE) }
    switch judge(given, port: port) {
    case .refused(let status): return .refusal(status)
    case .at(let time): move(port: port, to: time)
    }
    guard let order = order(token: token, id: id) else { return .refusal(RCK_REJECT_ORDER_UNKNOWN) }
    var verdict = rck_verdict.refusal(order.finished ? RCK_REPEAT : RCK_OK)
    verdict.token = order.token
    if !order.finished { noteRelease(order, reason) }
    end(order)
    return verdict
  }

  private func end(_ order: Order) {
    if order.finished { return }
    make(replacement(order, by: Contribution(), ordersLess: 1, freeing: true))
    finish(order)
  }

  public func cancel(token: UInt64, id: UInt64, time given: Int64, port: UInt32) -> rck_verdict {
    if token == 0 && id == 0 { return .refusal(RCK_E_RANGE) }
    let time: Int64
    switch judge(given, port: port) {
    case .refused(let status): return .refusal(status)
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    guard let order = order(token: token, id: id) else { return .refusal(RCK_REJECT_ORDER_UNKNOWN) }
    var verdict = rck_verdict.refusal(RCK_REPEAT)
    if !order.finished {
      let found = judgeCancel(order, at: time)
      if plant != .cancelIsFree { take(found.windows, RCK_MEASURE_CANCEL, at: time) }
      countMessage(order.identity)
      verdict = found.judgement.verdict(flags: 0)
    }
    verdict.token = order.token
    return verdict
  }

  /// No order here was ever recovered, so none needs a word.
  public func confirm(token: UInt64, id: UInt64) -> rck_verdict {
    if token == 0 && id == 0 { return .refusal(RCK_E_RANGE) }
    guard let order = order(token: token, id: id) else { return .refusal(RCK_REJECT_ORDER_UNKNOWN) }
    var verdict = rck_verdict.refusal(order.finished ? RCK_REJECT_ORDER_FINISHED : RCK_REPEAT)
    verdict.token = order.token
    return verdict
  }

  private func isDate(_ date: UInt32) -> Bool {
    let (year, month, dayOfMonth) = (date / 10_000, date / 100 % 100, date % 100)
    let isLeap = year.isMultiple(of: 400) || (year.isMultiple(of: 4) && !year.isMultiple(of: 100))
    let days: [UInt32] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...days[Int(month) - 1]).contains(dayOfMonth)
  }

  /// A day begins: what is not good till cancelled ends. Status, and how many ended.
  public func startDay(_ date: UInt32) -> (status: Int32, released: UInt32) {
    guard (20_000_101...21_001_231).contains(date), isDate(date), date >= day else { return (RCK_E_RANGE, 0) }
    if date == day { return (RCK_REPEAT, 0) }
    day = date
    let ending = liveOrders.filter {
      $0.force != UInt8(RCK_FORCE_GOOD_TILL_CANCEL) || plant == .dayTakesAll
    }
    let turns = Dictionary(uniqueKeysWithValues: endingOrder.enumerated().map { ($1, $0) })
    endingOrder = []
    for order in ending.sorted(by: { (turns[$0.token] ?? 0, $0.token) < (turns[$1.token] ?? 0, $1.token) }) {
      end(order)
    }
    beginResults()
    return (RCK_OK, UInt32(ending.count))
  }
}
