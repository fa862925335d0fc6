import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Batches: many calls in one. Each record meets in its turn what the call of its own would do, and its verdict is
// written after it has been read, before the next one is.

@implementation @_cdecl("rck_check_batch")
public func rck_check_batch(
  _ port: OpaquePointer!, _ orders: UnsafePointer<rck_order>!, _ verdicts: UnsafeMutablePointer<rck_verdict>!,
  _ count: UInt32, _ flags: UInt32, _ passed: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  let batch = Batch(records: orders, verdicts: verdicts, count: count, flags: flags, passed: passed)
  if flags == UInt32(RCK_BATCH_ALL_OR_NONE) {
    return onDesk(port, { checkLegs($0, $1, batch) }, { checkLegs($0, $1, batch) })
  }
  return onDesk(port, { checkAll($0, $1, batch) }, { checkAll($0, $1, batch) })
}

@implementation @_cdecl("rck_amend_batch")
public func rck_amend_batch(
  _ port: OpaquePointer!, _ tokens: UnsafePointer<UInt64>!, _ orders: UnsafePointer<rck_order>!,
  _ verdicts: UnsafeMutablePointer<rck_verdict>!, _ count: UInt32, _ flags: UInt32,
  _ passed: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  let batch = Batch(records: orders, verdicts: verdicts, count: count, flags: flags, passed: passed)
  return onDesk(port, { amendAll($0, $1, tokens, batch) }, { amendAll($0, $1, tokens, batch) })
}

@implementation @_cdecl("rck_fill_batch")
public func rck_fill_batch(
  _ port: OpaquePointer!, _ reports: UnsafePointer<rck_report>!,
  _ verdicts: UnsafeMutablePointer<rck_verdict>!, _ count: UInt32, _ flags: UInt32,
  _ passed: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  let batch = Batch(records: reports, verdicts: verdicts, count: count, flags: flags, passed: passed)
  return onDesk(port, { fillAll($0, $1, batch) }, { fillAll($0, $1, batch) })
}

@inline(__always)
private func checkAll<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ batch: Batch<rck_order>
) -> rck_status {
  guard var turns = Turns(batch) else { return batch.fault }
  let isFollowed = call.isFollowed
  let ahead = Ahead(desk)
  ahead.begin(turns.records, turns.count)
  while turns.isLeft {
    if turns.at & (Ahead<D>.group &- 1) == 0 { ahead.look(turns.records, turns.at, turns.count) }
    turns.end(
      isFollowed
        ? checkFollowed(call, desk, turns.record, turns.verdict)
        : call.failure ?? check(call, desk, turns.record, turns.verdict))
  }
  return turns.close()
}

@inline(never)
private func checkFollowed<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ order: UnsafePointer<rck_order>,
  _ verdict: UnsafeMutablePointer<rck_verdict>
) -> rck_status {
  let begun = call.beginCheck(order, verdict)
  if begun != RCK_OK { return begun }
  // The verdict may lie where the order does.
  return withUnsafePointer(to: order.pointee) { copy in
    let status = check(call, desk, copy, verdict)
    call.endChecked(copy, verdict, status)
    return status
  }
}

@inline(__always)
private func amendAll<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ tokens: UnsafePointer<UInt64>?, _ batch: Batch<rck_order>
) -> rck_status {
  if tokens != nil && pointerFault(tokens) != RCK_OK { return RCK_E_ALIGNMENT }
  guard var turns = Turns(batch) else { return batch.fault }
  while turns.isLeft {
    let token = tokens?[turns.at] ?? 0
    turns.end(call.failure ?? amend(call, desk, token, turns.record, turns.verdict))
  }
  return turns.close()
}

@inline(__always)
private func fillAll<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ batch: Batch<rck_report>
) -> rck_status {
  guard var turns = Turns(batch) else { return batch.fault }
  while turns.isLeft { turns.end(call.failure ?? fill(call, desk, turns.record, turns.verdict)) }
  return turns.close()
}

extension PortCall {
  /// A call of its own would be refused now: the engine has failed meanwhile.
  @inline(__always)
  fileprivate var failure: rck_status? { state.region.hasFailed ? RCK_E_FAILED : nil }
}

/// What is given to all three.
struct Batch<Record> {
  let records: UnsafePointer<Record>?
  let verdicts: UnsafeMutablePointer<rck_verdict>?
  let count: UInt32
  let flags: UInt32
  let passed: UnsafeMutablePointer<UInt32>?

  /// Misuse of the call.
  var fault: rck_status {
    let wrong = pointersFault
    if wrong != RCK_OK { return wrong }
    if flags != 0 { return RCK_E_FLAGS }
    return count &- 1 < UInt32(RCK_BATCH_MAX) ? RCK_OK : RCK_E_RANGE
  }

  var pointersFault: rck_status {
    let wrong = pointerFault(records)
    if wrong != RCK_OK { return wrong }
    let wrongVerdicts = pointerFault(verdicts)
    if wrongVerdicts != RCK_OK { return wrongVerdicts }
    return pointerFault(passed)
  }
}

/// The records of a batch in their turns.
private struct Turns<Record> {
  let records: UnsafePointer<Record>
  let verdicts: UnsafeMutablePointer<rck_verdict>
  let count: Int
  let passed: UnsafeMutablePointer<UInt32>
  var at = 0
  var good: UInt32 = 0

  /// Nil: the batch has a fault.
  @inline(__always)
  init?(_ batch: Batch<Record>) {
    guard batch.fault == RCK_OK, let records = batch.records, let verdicts = batch.verdicts,
      let passed = batch.passed
    else { return nil }
    self.records = records
    self.verdicts = verdicts
    self.passed = passed
    count = Int(batch.count)
  }

  @inline(__always) var isLeft: Bool { at < count }
  @inline(__always) var record: UnsafePointer<Record> { records + at }
  @inline(__always) var verdict: UnsafeMutablePointer<rck_verdict> { verdicts + at }

  /// Of a negative status a call writes no verdict.
  @inline(__always)
  mutating func end(_ status: rck_status) {
    if status < 0 { refuse(status) }
    if status == RCK_OK { good &+= 1 }
    at &+= 1
  }

  @inline(never)
  private func refuse(_ status: rck_status) {
    verdict.pointee = rck_verdict()
    verdict.pointee.status = status
  }

  @inline(__always)
  func close() -> rck_status {
    passed.pointee = good
    return RCK_OK
  }
}
