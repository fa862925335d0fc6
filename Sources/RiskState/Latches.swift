import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Latches: the state of trading of a scope, and why. One line for each scope:
///
///   0    {episode 62, state 2}
///   8    when the episode began
///   16   by whom: {control 32, actor 32}
///   24   the episode that this describes
///   32   reason
///
/// An episode begins when the state leaves ACTIVE and ends when it comes back; in between the state only rises.
/// Whoever begins an episode describes it, and nobody ends one that is not described yet: so a description has one
/// writer at a time.
///
/// Setting takes no turn, waits for nobody, and may come from a signal handler. `latched` in the engine's hot line
/// is raised before a state leaves ACTIVE and lowered after it came back, so it is 0 only while all are ACTIVE.
/// Then `latchings` is raised and every thread of the process passes a barrier: a check that was published before
/// that can be listed, one that is published after it sees that `latchings` moved, and looks.
extension State {
  /// What is told with a latch. The reason is in normal form.
  public struct Cause {
    public var actor: UInt32 = 0
    /// 0, RCK_CONTROL_, or RCK_REJECT_DISCONNECTED.
    public var control: UInt32 = 0
    public var time_ns: Int64 = 0
    public var reason = Name.empty

    public init() {}

    var isPossible: Bool {
      control <= UInt32(RCK_CONTROL_STATE) || control == UInt32(RCK_REJECT_DISCONNECTED)
    }
  }

  // MARK: Setting, any thread

  /// Raises a scope to at least a state. RCK_REPEAT: it has that or a higher one.
  @discardableResult
  public func latch(_ scope: Scope, _ state: Int32, _ cause: Cause) -> rck_status {
    if state == RCK_STATE_ACTIVE { return RCK_REPEAT }
    // Relaxed: the swap releases it.
    _ = ManyWriters.add(latchedCell, 1)
    let raised = scope.latch.raise(UInt64(UInt32(bitPattern: state)))
    if case .begun(let episode) = raised {
      announceLatch()
      scope.latch.describe(episode, cause)
    } else {
      _ = ManyWriters.add(latchedCell, -1)
      announceLatch()
    }
    // Of a state that another thread has just set too: nobody who is told of it may find an open market after.
    _ = platform_barrier()
    return raised == .kept ? RCK_REPEAT : RCK_OK
  }

  /// Halts an account for an anomaly in a report.
  public func haltAccount(_ account: UInt32, time_ns: Int64) {
    guard let scope = scope(RCK_SCOPE_ACCOUNT, account) else { return }
    var cause = Cause()
    cause.actor = UInt32.max
    cause.control = UInt32(RCK_CONTROL_STATE)
    cause.time_ns = time_ns
    latch(scope, RCK_STATE_HALTED, cause)
  }

  var latchedCell: CellPointer { UnsafeMutableRawPointer(region.hot(Region.Hot.latched)).cell(0) }

  private func announceLatch() {
    let cell = UnsafeMutableRawPointer(region.hot(Region.Hot.latchings)).cell(0)
    // Sequentially consistent: after the state, before the barrier, in the order that all threads see.
    cell.pointee.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
  }

  // MARK: Clearing, under the administrator's turn

  /// Sets a scope back to ACTIVE. RCK_REPEAT: it is. RCK_E_BUSY: it is being set at this instant.
  public func unlatch(_ scope: Scope) -> rck_status {
    switch scope.latch.clear() {
    case .kept: return RCK_REPEAT
    case .undescribed: return RCK_E_BUSY
    default: break
    }
    _ = ManyWriters.add(latchedCell, -1)
    announceLatch()
    return RCK_OK
  }

  // MARK: Reading, any thread

  /// The state of a scope, and the cause of its episode: empty when ACTIVE, or when who set it has not come to
  /// tell.
  public func latch(of scope: Scope) -> (state: Int32, cause: Cause) { scope.latch.read() }

  /// Visits the scopes that are latched.
  public func eachLatch(_ visit: (Scope, Int32, Cause) -> Void) {
    var kind = RCK_SCOPE_GLOBAL
    while kind <= RCK_SCOPE_INSTRUMENT_GROUP {
      var id: UInt32 = kind == RCK_SCOPE_GLOBAL ? 0 : 1
      // Kinds of groups share one section: each is visited once, as a group of its own kind.
      while let scope = scope(kind, id) {
        let (state, cause) = latch(of: scope)
        if state != RCK_STATE_ACTIVE && isOfKind(scope) { visit(scope, state, cause) }
        if kind == RCK_SCOPE_GLOBAL { break }
        id &+= 1
      }
      kind &+= 1
    }
  }

  private func isOfKind(_ scope: Scope) -> Bool {
    let kind: Int32
    switch scope.kind {
    case RCK_SCOPE_ACCOUNT_GROUP: kind = RCK_GROUP_OF_ACCOUNTS
    case RCK_SCOPE_STRATEGY_GROUP: kind = RCK_GROUP_OF_STRATEGIES
    case RCK_SCOPE_INSTRUMENT_GROUP: kind = RCK_GROUP_OF_INSTRUMENTS
    default: return true
    }
    var record = RecordBuffer()
    return record.read(self, Int(RCK_KIND_GROUP), scope.id) == RCK_OK
      && record.load(as: rck_group.self).kind == UInt32(bitPattern: kind)
  }

  // MARK: What a latch may say

  /// The scope that a latch names.
  public func scope(of latch: rck_latch) -> (scope: Scope?, refusal: Refusal?) {
    let kind = Int32(bitPattern: latch.scope_kind)
    switch kind {
    case RCK_SCOPE_GLOBAL:
      if latch.id != 0 {
        return (nil, Refusal(RCK_E_RANGE, rck_latch.label, "id", value: Int64(latch.id)))
      }
      return (scope(kind, 0), nil)
    case RCK_SCOPE_ACCOUNT: return defined(RCK_KIND_ACCOUNT, latch)
    case RCK_SCOPE_STRATEGY: return defined(RCK_KIND_STRATEGY, latch)
    case RCK_SCOPE_INSTRUMENT: return defined(RCK_KIND_INSTRUMENT, latch)
    case RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP:
      return isGroup(latch.id, of: latch.scope_kind) ? defined(RCK_KIND_GROUP, latch) : (nil, unknown(latch))
    default:
      return (
        nil,
        Refusal(
          RCK_E_RANGE, rck_latch.label, "scope_kind", value: Int64(latch.scope_kind),
          minimum: Int64(RCK_SCOPE_GLOBAL), maximum: Int64(RCK_SCOPE_INSTRUMENT_GROUP))
      )
    }
  }

  private func defined(_ kind: Int32, _ latch: rck_latch) -> (scope: Scope?, refusal: Refusal?) {
    guard isDefined(kind, latch.id), let scope = scope(Int32(bitPattern: latch.scope_kind), latch.id) else {
      return (nil, unknown(latch))
    }
    return (scope, nil)
  }

  private func unknown(_ latch: rck_latch) -> Refusal {
    Refusal(RCK_E_UNKNOWN, rck_latch.label, "id", value: Int64(latch.id))
  }

  /// Of a latch that is to be set; `time_ns` 0 becomes now.
  public func cause(of latch: rck_latch) -> (cause: Cause, refusal: Refusal?) {
    var cause = Cause()
    guard let reason = latch.name else { return (cause, Refusal(RCK_E_NAME, rck_latch.label, "reason")) }
    cause.actor = latch.actor
    cause.control = latch.control
    let refusal =
      outOfRange(Int64(latch.state), 0, Int64(RCK_STATE_HALTED), "state")
      ?? outOfRange(Int64(latch.actor), 1, Int64(UInt32.max), "actor")
      ?? (cause.isPossible ? nil : outOfRange(Int64(latch.control), 0, Int64(RCK_CONTROL_STATE), "control"))
      ?? outOfRange(latch.time_ns, 0, Int64(RCK_TIME_NS_MAX), "time_ns")
    cause.time_ns = latch.time_ns != 0 ? latch.time_ns : now() ?? 0
    cause.reason = reason
    return (cause, refusal)
  }

  /// Of a latch that is to be cleared.
  public func fault(ofClearing latch: rck_latch) -> Refusal? {
    guard let reason = latch.name else { return Refusal(RCK_E_NAME, rck_latch.label, "reason") }
    return outOfRange(Int64(latch.actor), 1, Int64(UInt32.max), "actor")
      ?? (reason.isEmpty ? Refusal(RCK_E_RANGE, rck_latch.label, "reason") : nil)
  }

  func outOfRange(_ value: Int64, _ least: Int64, _ most: Int64, _ field: Label) -> Refusal? {
    if value >= least && value <= most { return nil }
    return Refusal(RCK_E_RANGE, rck_latch.label, field, value: value, minimum: least, maximum: most)
  }
}

extension rck_latch {
  public static var label: Label { "rck_latch" }

  var name: Name? {
    withUnsafeBytes(of: reason) { $0.baseAddress.flatMap { Name(from: $0) } }
  }
}
