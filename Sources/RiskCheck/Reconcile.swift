import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState

// Reconciliation: our positions against those of somebody else.

@implementation @_cdecl("rck_reconcile")
public func rck_reconcile(
  _ port: OpaquePointer!, _ positions: UnsafePointer<rck_position>!, _ count: UInt32, _ flags: UInt32,
  _ differing: UnsafeMutablePointer<UInt32>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let given = Given(positions: positions, count: Int(count), flags: flags)
  return told(
    onDesk(
      port, { reconcile($0, $1, given, differing, fault) }, { reconcile($0, $1, given, differing, fault) }),
    fault, "rck_reconcile")
}

/// What somebody else says.
private struct Given {
  let positions: UnsafePointer<rck_position>?
  let count: Int
  let flags: UInt32

  var corrects: Bool { flags & UInt32(RCK_RECONCILE_CORRECT) != 0 }
  var isComplete: Bool { flags & UInt32(RCK_RECONCILE_COMPLETE) != 0 }

  /// The first entry wrong in itself; nil: all may count.
  func fault(_ state: State) -> Refusal? {
    let name: Label = "rck_reconcile"
    if flags & ~UInt32(RCK_RECONCILE_CORRECT | RCK_RECONCILE_COMPLETE) != 0 {
      return Refusal(RCK_E_FLAGS, name, "flags", value: Int64(flags))
    }
    if count < 1 || count > Int(RCK_RECONCILE_MAX) {
      return Refusal(
        RCK_E_RANGE, name, "count", value: Int64(count), minimum: 1, maximum: Int64(RCK_RECONCILE_MAX))
    }
    var at = 0
    while at < count {
      let entry = positions.map { $0 + at }
      if let refusal = structRefusal(entry, "rck_position") { return refusal }
      if let entry, let refusal = positionFault(entry.pointee, state, "rck_position") { return refusal }
      if entry?.pointee.account == 0 { return Refusal(RCK_E_RANGE, "rck_position", "account", minimum: 1) }
      at &+= 1
    }
    return nil
  }

  /// The first entry of an account, and of an account in an instrument; nil: there is none.
  func first(_ account: UInt32, _ instrument: UInt32? = nil) -> rck_position? {
    guard let positions else { return nil }
    var at = 0
    while at < count {
      let entry = positions[at]
      if entry.account == account && (instrument == nil || entry.instrument == instrument) { return entry }
      at &+= 1
    }
    return nil
  }
}

private func reconcile<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ given: Given, _ differing: UnsafeMutablePointer<UInt32>?,
  _ fault: UnsafeMutablePointer<rck_fault>?
) -> rck_status {
  let wrong = pointerFault(differing)
  guard wrong == RCK_OK, let differing else { return refuse(fault, wrong, "rck_reconcile", "differing") }
  if let refusal = given.fault(call.state) { return refusal.report(to: usable(fault)) }
  guard let positions = given.positions else { return RCK_E_NULL }
  var (found, at): (UInt32, Int) = (0, 0)
  var status = RCK_OK
  while at < given.count && status == RCK_OK {
    status = compare(call, desk, positions[at], given.corrects, &found)
    at &+= 1
  }
  if given.isComplete && status == RCK_OK { status = compareRest(call, desk, given, &found) }
  differing.pointee = found
  return status
}

/// One row with what it is at theirs.
private func compare<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ theirs: rck_position, _ corrects: Bool, _ found: inout UInt32
) -> rck_status {
  var ours = Holding()
  if case .row(let row) = desk.positions.find(theirs.account, theirs.instrument, strategy: false),
    desk.positions.read(row, &ours) == nil
  {
    return desk.fail(State.Site.positions)
  }
  if ours.net == theirs.quantity { return RCK_OK }
  found &+= 1
  call.tell(
    RCK_EVENT_DIFFERENCE, UInt64(theirs.account) << 32 | UInt64(theirs.instrument), ours.net, theirs.quantity,
    time_ns: 0, severity: RCK_SEVERITY_WARNING)
  return corrects ? setPosition(call, desk, theirs) : RCK_OK
}

/// Positions that the list does not name, of accounts that it does.
private func compareRest<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ given: Given, _ found: inout UInt32
) -> rck_status {
  var (row, ours, status) = (0, Holding(), RCK_OK)
  while row < desk.positions.rows.rows && status == RCK_OK {
    if desk.positions.isUsed(row), let word = desk.positions.read(row, &ours), word != 0 {
      let (owner, instrument, strategy) = desk.positions.owner(row)
      if !strategy && ours.net != 0, given.first(owner, instrument) == nil, var entry = given.first(owner) {
        entry.instrument = instrument
        entry.quantity = 0
        status = compare(call, desk, entry, given.corrects, &found)
      }
    }
    row &+= 1
  }
  return status
}
