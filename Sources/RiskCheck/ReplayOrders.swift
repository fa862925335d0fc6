import CPlatform
import CRiskCheck
import RiskControls
import RiskJournal
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Commands about orders, facts, and the market, done once more.
extension Replay {
  func isKnown(_ id: UInt64) -> Bool {
    var order = Order()
    if case .place = Orders<ManyWriters>(call.state).find(0, id, &order) { return true }
    return false
  }

  private func isAmending(_ id: UInt64) -> Bool {
    var order = Order()
    guard case .place = Orders<ManyWriters>(call.state).find(0, id, &order) else { return false }
    return order.isAmending
  }

  /// Calls that were refused before anything was looked at.
  func isNothing(_ status: rck_status) -> Bool { hasNoTime(status) || status == RCK_REJECT_RING_FULL }

  func check(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, isCopy: Bool
  ) -> rck_status {
    info.pointee.checks &+= 1
    let (order, was) = (body(event, 1, as: rck_order.self), body(event, 3, as: rck_verdict.self))
    if isNothing(was.pointee.status) { return RCK_OK }
    var now = rck_verdict()
    if !isExact && !isCopy && was.pointee.status > RCK_REPEAT {
      // What was refused is not entered, whatever would be decided now.
      let dry = rck_check_dry(handle, order, &now)
      if dry == RCK_OK {
        note(event, was, &now)
        info.pointee.passed_now &+= 1
        return rck_beat(handle, event.pointee.time_ns)
      }
    }
    let status = isCopy ? rck_drop_copy(handle, order, &now) : rck_check(handle, order, &now)
    if status < 0 || agree(was, &now) { return status }
    note(event, was, &now)
    return settle(handle, order, was, &now)
  }

  /// What becomes of an order about which the decision is another one.
  func settle(
    _ handle: OpaquePointer, _ order: UnsafePointer<rck_order>, _ was: UnsafePointer<rck_verdict>,
    _ now: UnsafePointer<rck_verdict>
  ) -> rck_status {
    let (passed, passes) = (was.pointee.status == RCK_OK, now.pointee.status == RCK_OK)
    if passed == passes { return RCK_OK }
    if passes {
      info.pointee.passed_now &+= 1
      return forget(now.pointee.token)
    }
    countRefused(now)
    if isWhatIf { return RCK_OK }
    var copied = rck_verdict()
    let status = rck_drop_copy(handle, order, &copied)
    if status == RCK_OK { info.pointee.forced &+= 1 }
    return status
  }

  private func countRefused(_ now: UnsafePointer<rck_verdict>) {
    info.pointee.refused_now &+= 1
    withUnsafeMutableBytes(of: &info.pointee.controls) { controls in
      let counts = controls.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self)
      counts[Int(now.pointee.control) & 31] &+= 1
    }
  }

  /// An order that was never there.
  func forget(_ token: UInt64) -> rck_status {
    let committed =
      call.state.config.pointee.discipline == UInt32(RCK_ONE_WRITER)
      ? Desk<OneWriter>(call.state, writer: port).release(token, forgetting: true).status
      : Desk<ManyWriters>(call.state, writer: port).release(token, forgetting: true).status
    return committed < 0 ? committed : RCK_OK
  }

  /// A token that names no order, for calls whose order was not known.
  static let nobody = UInt64.max

  func amend(_ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>) -> rck_status {
    info.pointee.checks &+= 1
    let (order, was) = (body(event, 1, as: rck_order.self), body(event, 3, as: rck_verdict.self))
    if isNothing(was.pointee.status) { return RCK_OK }
    let named = UInt64(bitPattern: event.pointee.values.0)
    var (found, token) = (Order(), Replay.nobody)
    if named != 0, case .place = Orders<ManyWriters>(call.state).find(0, named, &found) {
      token = found.token
    }
    if isWhatIf && named != 0 && token == Replay.nobody { return skip() }
    var now = rck_verdict()
    if !isExact && was.pointee.status > RCK_REPEAT && wouldAmend(token, order) {
      // What was refused is not entered, as of a check. What was taken back for a latch has kept its new id.
      withUnsafeMutablePointer(to: &now) { _ = Decided(RCK_OK).answer($0) }
      note(event, was, &now)
      info.pointee.passed_now &+= 1
      if !Replay.isTakenBack(was) { return rck_beat(handle, event.pointee.time_ns) }
      let entered = rck_amend(handle, token, order, &now)
      return entered == RCK_OK ? rck_amend_result(handle, token, 0, 0, &now) : entered
    }
    let status = rck_amend(handle, token, order, &now)
    if status < 0 || agree(was, &now) { return status }
    note(event, was, &now)
    if was.pointee.status == RCK_OK && status != RCK_OK { countRefused(&now) }
    if was.pointee.status != RCK_OK && status == RCK_OK {
      info.pointee.passed_now &+= 1
      return rck_amend_result(handle, token, 0, 0, &now)
    }
    return status
  }

  /// Whether an amend passes now.
  private func wouldAmend(_ token: UInt64, _ order: UnsafePointer<rck_order>) -> Bool {
    let ask = Ask(order)
    if order.pointee.deadline_ns != 0 && ask.time_ns > order.pointee.deadline_ns { return false }
    let decided =
      call.state.config.pointee.discipline == UInt32(RCK_ONE_WRITER)
      ? Desk<OneWriter>(call.state, writer: port).amendDry(token, ask)
      : Desk<ManyWriters>(call.state, writer: port).amendDry(token, ask)
    return decided.status == RCK_OK
  }

  func skip() -> rck_status {
    info.pointee.skipped &+= 1
    return RCK_OK
  }

  func fill(_ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>) -> rck_status {
    let (report, was) = (body(event, 1, as: rck_report.self), body(event, 3, as: rck_verdict.self))
    if isNothing(was.pointee.status) { return RCK_OK }
    if !isExact && hasLeftOut(report, was.pointee.status) { return rck_beat(handle, event.pointee.time_ns) }
    let wasKnown = Int32(was.pointee.flags) & RCK_VERDICT_UNKNOWN == 0
    if isWhatIf && wasKnown && !isKnown(event.pointee.subject) { return skip() }
    var given = report.pointee
    given.token = event.pointee.subject == 0 ? Replay.nobody : 0
    given.order_id = event.pointee.subject
    var now = rck_verdict()
    let status = rck_fill(handle, &given, &now)
    if status >= 0 && !agree(was, &now) { note(event, was, &now) }
    return status
  }

  /// Whether a report changed nothing for what another call was about to do: it met a report of its own execution, its
  /// order was not entered yet, or it was to undo what was not booked yet.
  private func hasLeftOut(_ report: UnsafePointer<rck_report>, _ was: rck_status) -> Bool {
    if was == RCK_REJECT_CONTENDED || was == RCK_REJECT_ORDER_UNKNOWN && isKnown(report.pointee.order_id) {
      return true
    }
    let undone = report.pointee.undone_execution_id
    return was == RCK_REJECT_EXECUTION_UNKNOWN && Executions<ManyWriters>(call.state).find(undone) != nil
  }

  func change(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, _ kind: Int32, _ streams: Streams
  ) -> rck_status {
    let was = body(event, 1, as: rck_verdict.self)
    if isNothing(was.pointee.status) { return RCK_OK }
    let id = event.pointee.subject
    let wasKnown = was.pointee.status != RCK_REJECT_ORDER_UNKNOWN
    if wasKnown && isTakenBack(id, in: streams) { return rck_beat(handle, event.pointee.time_ns) }
    if isWhatIf && wasKnown && !isKnown(id) { return skip() }
    // The answer to an amend that was refused now.
    if !isExact && kind == RCK_EVENT_AMEND_RESULT && was.pointee.status == RCK_OK && !isAmending(id) {
      return skip()
    }
    let token = wasKnown ? 0 : Replay.nobody
    let (value, time) = (UInt32(truncatingIfNeeded: event.pointee.values.0), event.pointee.time_ns)
    var now = rck_verdict()
    let status: rck_status
    switch kind {
    case RCK_EVENT_AMEND_RESULT: status = rck_amend_result(handle, token, id, value, &now)
    case RCK_EVENT_CANCEL: status = rck_cancel(handle, token, id, time, &now)
    case RCK_EVENT_RELEASE: status = rck_release(handle, token, id, value, time, &now)
    default: status = rck_order_confirm(handle, token, id, &now)
    }
    if status >= 0 && !agree(was, &now) { note(event, was, &now) }
    return status
  }

  /// A batch whose legs follow in the same ring.
  func checkLegs(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, _ streams: inout Streams
  ) -> rck_status {
    let (first, count) = (event.pointee, Int(event.pointee.values.0))
    if count < 1 || count > Int(RCK_LEGS_MAX) { return RCK_E_DAMAGED }
    var at = 0
    while at < count {
      // The rest was lost.
      guard let leg = streams.nextOfSame(RCK_EVENT_LEG, first.ticket) else { break }
      info.pointee.records &+= 1
      if leg.pointee.lines != 4 { return RCK_E_DAMAGED }
      orders[at] = body(leg, 1, as: rck_order.self).pointee
      recorded[at] = body(leg, 3, as: rck_verdict.self).pointee
      at &+= 1
    }
    if at != count || isNothing(recorded[0].status) { return RCK_OK }
    info.pointee.checks &+= UInt64(count)
    var passed: UInt32 = 0
    let status = rck_check_batch(
      handle, orders, verdicts, UInt32(truncatingIfNeeded: count), UInt32(RCK_BATCH_ALL_OR_NONE), &passed)
    if status < 0 { return status }
    return compareLegs(handle, first, count, wasPassed: first.values.1 != 0, passes: passed != 0)
  }

  func compareLegs(
    _ handle: OpaquePointer, _ first: rck_event, _ count: Int, wasPassed: Bool, passes: Bool
  ) -> rck_status {
    var (at, status) = (0, RCK_OK)
    while at < count && status >= 0 {
      if !agree(recorded + at, verdicts + at) {
        var event = first
        event.subject = orders[at].order_id
        note(&event, recorded + at, verdicts + at)
        if wasPassed != passes { status = settle(handle, orders + at, recorded + at, verdicts + at) }
      }
      at &+= 1
    }
    return status
  }

  // MARK: Facts, the market

  func tell(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, _ kind: Int32
  ) -> rck_status {
    let (was, time) = (rck_status(truncatingIfNeeded: event.pointee.values.0), event.pointee.time_ns)
    let id = UInt32(truncatingIfNeeded: event.pointee.subject)
    let status: rck_status
    switch kind {
    case RCK_EVENT_POSITION: status = rck_position_set(handle, body(event, 1, as: rck_position.self), nil)
    case RCK_EVENT_CASH: return rck_cash_set(handle, body(event, 1, as: rck_cash.self), nil)
    case RCK_EVENT_DAY_START:
      var released: UInt32 = 0
      return rck_day_start(handle, id, &released, nil)
    case RCK_EVENT_BEAT: return rck_beat(handle, time)
    case RCK_EVENT_QUOTE: status = rck_market_quote(handle, body(event, 1, as: rck_quote.self))
    case RCK_EVENT_TRADE: status = rck_market_trade(handle, body(event, 1, as: rck_trade.self))
    case RCK_EVENT_BOOK: status = rck_market_book(handle, body(event, 1, as: rck_book.self))
    case RCK_EVENT_VOLUME: status = rck_market_volume(handle, id, event.pointee.values.1)
    case RCK_EVENT_MARK: status = rck_mark(handle, id, event.pointee.values.1, time)
    case RCK_EVENT_METRIC:
      let value = Double(bitPattern: UInt64(bitPattern: event.pointee.values.1))
      status = rck_metric_set(handle, id, value, time)
    default: return RCK_OK
    }
    if status >= 0 { note(event, was, status) }
    return status
  }
}
