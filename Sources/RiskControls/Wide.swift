import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// The scopes of many that an order is in: the engine, and the groups of its parties and its instrument. They are
/// looked up by who asks, which is seldom: what limits of many come to for their members is kept with those (Spread).
extension Exam {
  /// How many there may be.
  static var wideMost: Int { 13 }

  /// Calls `visit` with each of them, the engine first, by its place among all there may be.
  @inline(never)
  func eachWide(_ visit: (_ place: Int, _ scope: Scope) -> Void) {
    if let global = desk.state.scope(RCK_SCOPE_GLOBAL, 0) { visit(0, global) }
    if notes.pointee.account != nil {
      eachGroup(RCK_SCOPE_ACCOUNT_GROUP, RCK_KIND_ACCOUNT, ask.account, 0, visit)
    }
    if notes.pointee.strategy != nil {
      eachGroup(RCK_SCOPE_STRATEGY_GROUP, RCK_KIND_STRATEGY, ask.strategy, 4, visit)
    }
    if notes.pointee.instrument != nil {
      eachGroup(RCK_SCOPE_INSTRUMENT_GROUP, RCK_KIND_INSTRUMENT, ask.instrument, 8, visit)
    }
  }

  @inline(never)
  private func eachGroup(
    _ kind: Int32, _ of: Int32, _ id: UInt32, _ before: Int, _ visit: (_ place: Int, _ scope: Scope) -> Void
  ) {
    _ = desk.state.groups(of, id).each { place, id in
      if let scope = desk.state.scope(kind, id) { visit(before &+ place, scope) }
      return true
    }
  }
}

extension Place {
  init(_ scope: Scope) {
    if scope.kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP {
      self.init(scope.kind, scope.id, scope.sectorGroup)
    } else {
      self.init(scope.kind, scope.id)
    }
  }
}
