import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

// Reference data: the kinds that are set and read alike.

@implementation @_cdecl("rck_currency_set")
public func rck_currency_set(
  _ engine: OpaquePointer!, _ currency: UnsafePointer<rck_currency>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status { set(engine, currency, fault) }

@implementation @_cdecl("rck_group_set")
public func rck_group_set(
  _ engine: OpaquePointer!, _ group: UnsafePointer<rck_group>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status { set(engine, group, fault) }

@implementation @_cdecl("rck_account_set")
public func rck_account_set(
  _ engine: OpaquePointer!, _ account: UnsafePointer<rck_account>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status { set(engine, account, fault) }

@implementation @_cdecl("rck_strategy_set")
public func rck_strategy_set(
  _ engine: OpaquePointer!, _ strategy: UnsafePointer<rck_strategy>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status { set(engine, strategy, fault) }

@implementation @_cdecl("rck_instrument_set")
public func rck_instrument_set(
  _ engine: OpaquePointer!, _ instrument: UnsafePointer<rck_instrument>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status { set(engine, instrument, fault) }

@implementation @_cdecl("rck_currency_get")
public func rck_currency_get(
  _ engine: OpaquePointer!, _ id: UInt32, _ currency: UnsafeMutablePointer<rck_currency>!
) -> rck_status { get(engine, id, currency) }

@implementation @_cdecl("rck_group_get")
public func rck_group_get(_ engine: OpaquePointer!, _ id: UInt32, _ group: UnsafeMutablePointer<rck_group>!)
  -> rck_status
{ get(engine, id, group) }

@implementation @_cdecl("rck_account_get")
public func rck_account_get(
  _ engine: OpaquePointer!, _ id: UInt32, _ account: UnsafeMutablePointer<rck_account>!
) -> rck_status { get(engine, id, account) }

@implementation @_cdecl("rck_strategy_get")
public func rck_strategy_get(
  _ engine: OpaquePointer!, _ id: UInt32, _ strategy: UnsafeMutablePointer<rck_strategy>!
) -> rck_status { get(engine, id, strategy) }

@implementation @_cdecl("rck_instrument_get")
public func rck_instrument_get(
  _ engine: OpaquePointer!, _ id: UInt32, _ instrument: UnsafeMutablePointer<rck_instrument>!
) -> rck_status { get(engine, id, instrument) }

@implementation @_cdecl("rck_calendar_set")
public func rck_calendar_set(
  _ engine: OpaquePointer!, _ calendar: UnsafePointer<rck_calendar>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status { set(engine, calendar, fault) }

@implementation @_cdecl("rck_calendar_get")
public func rck_calendar_get(
  _ engine: OpaquePointer!, _ id: UInt32, _ calendar: UnsafeMutablePointer<rck_calendar>!
) -> rck_status { get(engine, id, calendar) }

@implementation @_cdecl("rck_find")
public func rck_find(
  _ engine: OpaquePointer!, _ kind: UInt32, _ id: UnsafeMutablePointer<UInt32>!,
  _ name: UnsafeMutablePointer<CChar>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = pointerFault(id)
    guard wrong == RCK_OK, let id else { return wrong }
    guard let name else { return RCK_E_NULL }
    if kind < UInt32(RCK_KIND_CURRENCY) || kind > UInt32(RCK_KIND_CALENDAR) { return RCK_E_RANGE }
    if id.pointee != 0 {
      let (known, status) = call.state.name(Int(kind), id.pointee)
      if status == RCK_OK { known.store(to: name) }
      return status
    }
    guard let wanted = Name(from: name) else { return RCK_E_NAME }
    let (known, status) = call.state.find(Int(kind), wanted)
    if let known { id.pointee = known }
    return status
  }
}

private func set<Kind: Definition>(
  _ engine: OpaquePointer?, _ definition: UnsafePointer<Kind>?, _ fault: UnsafeMutablePointer<rck_fault>?
) -> rck_status {
  change(
    engine, definition, Kind.definitionName, fault, as: RCK_EVENT_CURRENCY_SET &- 1 &+ Kind.definitionKind
  ) {
    call, given in
    var copy = given
    copy.struct_size = UInt32(MemoryLayout<Kind>.size)
    let isShared = copy.recounts(in: call.state)
    if isShared && !call.shareRows() { return Refusal(RCK_E_BUSY, Kind.definitionName, "engine") }
    defer { if isShared { call.endSharing() } }
    return call.state.set(copy)
  }
}

private func get<Kind: Definition>(
  _ engine: OpaquePointer?, _ id: UInt32, _ definition: UnsafeMutablePointer<Kind>?
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(definition)
    guard wrong == RCK_OK, let definition else { return wrong }
    return call.state.get(id, into: definition)
  }
}
