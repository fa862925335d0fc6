import CPlatform
import CRiskCheck
import RiskControls
import RiskJournal
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// What the administrator did, done once more.
extension Replay {
  /// The limits of a what-if, in force before the first command of a port.
  mutating func setLimits() -> rck_status {
    guard isWhatIf, let limits else {
      hasBegun = true
      return RCK_OK
    }
    wrongLimit = 0
    while wrongLimit < Int(info.pointee.limits) {
      let status = rck_limit_set(engine, limits + wrongLimit, UInt32(RCK_LOOSEN), nil)
      if status < 0 { return status }
      wrongLimit &+= 1
    }
    let status = rck_limits_publish(engine, nil, nil)
    hasBegun = status >= 0
    return status
  }

  /// Whether a limit has the key of one that was given, which stays.
  private func isGiven(_ limit: UnsafePointer<rck_limit>) -> Bool {
    guard isWhatIf, let limits else { return false }
    var at = 0
    while at < Int(info.pointee.limits) {
      let given = limits[at]
      if given.control == limit.pointee.control && given.measure == limit.pointee.measure
        && given.scope_kind == limit.pointee.scope_kind && given.id == limit.pointee.id
        && given.instrument == limit.pointee.instrument && given.side == limit.pointee.side
        && given.order_type == limit.pointee.order_type
      {
        return true
      }
      at &+= 1
    }
    return false
  }

  mutating func administrate(_ event: UnsafeMutablePointer<rck_event>, _ kind: Int32) -> rck_status {
    let was = rck_status(truncatingIfNeeded: event.pointee.values.1)
    let flags = UInt32(truncatingIfNeeded: event.pointee.values.0)
    let body = UnsafeMutableRawPointer(event) + Form.lineBytes
    func given<Record>(_: Record.Type) -> UnsafePointer<Record> {
      UnsafePointer(body.assumingMemoryBound(to: Record.self))
    }
    let status: rck_status
    switch kind {
    case RCK_EVENT_CURRENCY_SET: status = rck_currency_set(engine, given(rck_currency.self), nil)
    case RCK_EVENT_GROUP_SET: status = rck_group_set(engine, given(rck_group.self), nil)
    case RCK_EVENT_ACCOUNT_SET: status = rck_account_set(engine, given(rck_account.self), nil)
    case RCK_EVENT_STRATEGY_SET: status = rck_strategy_set(engine, given(rck_strategy.self), nil)
    case RCK_EVENT_INSTRUMENT_SET: status = rck_instrument_set(engine, given(rck_instrument.self), nil)
    case RCK_EVENT_CALENDAR_SET: status = rck_calendar_set(engine, given(rck_calendar.self), nil)
    case RCK_EVENT_LIMIT_SET, RCK_EVENT_LIMIT_REMOVE:
      let limit = given(rck_limit.self)
      if isGiven(limit) { return RCK_OK }
      status =
        kind == RCK_EVENT_LIMIT_SET
        ? rck_limit_set(engine, limit, flags, nil) : rck_limit_remove(engine, limit, flags, nil)
    case RCK_EVENT_PUBLISH:
      // With the journal's first ones, if what they name is there by now.
      if !hasBegun && isWhatIf && setLimits() >= 0 { return RCK_OK }
      return rck_limits_publish(engine, nil, nil)
    case RCK_EVENT_OVERRIDE:
      var id: UInt32 = 0
      status = rck_override_set(engine, given(rck_override.self), &id, nil)
    case RCK_EVENT_OVERRIDE_END: status = rck_override_remove(engine, given(rck_override.self), nil)
    // One that was told by another than who set it may be told twice.
    case RCK_EVENT_LATCH_SET:
      let set = rck_latch_set(engine, given(rck_latch.self), nil)
      return set < 0 ? set : RCK_OK
    case RCK_EVENT_LATCH_CLEAR: status = rck_latch_clear(engine, given(rck_latch.self), nil)
    case RCK_EVENT_PORT_WATCH: status = rck_port_watch_set(engine, given(rck_port_watch.self), nil)
    case RCK_EVENT_REARM: status = rck_rearm(engine, given(rck_rearming.self), nil)
    default: return RCK_OK
    }
    info.pointee.commands &+= 1
    // Under other limits a definition may be refused.
    if status >= 0 || isWhatIf { note(event, was, status) }
    return isWhatIf ? RCK_OK : status
  }
}
