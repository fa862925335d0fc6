import CRiskCheck

/// P25: the gross exposure of an account in a group of instruments. Added up over its rows whenever it is asked for;
/// a limit on it is held against it from its publication on.
extension Oracle {
  /// What an account has in the groups of an instrument.
  private func sectors(_ ids: Identity) -> [Scope] {
    list(instruments[ids.instrument]?.groups).map {
      Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, ids.account, $0)
    }
  }

  /// Once all else is judged: its number is the last but that of the state of trading.
  func judgeSectors(_ request: Request, _ change: Change, _ found: inout Assessment) {
    if found.judgement.reducing && plant != .sectorHoldsReducing { return }
    for limit in limits(RCK_CONTROL_GROUP_EXPOSURE, sectors(request.ids), request) {
      let total = Total(scope: limit.key.scope, sum: .gross)
      guard let observed = observed(total, change, orders: 0) else { continue }
      let edge: Wide = plant == .sectorAtEdge ? 1 : 0
      if let finding = Finding.above(limit, RCK_REJECT_GROUP_EXPOSURE, observed: observed + edge) {
        found.judgement.add(finding)
      }
    }
  }

  public func exposure(of account: UInt32, inGroup group: UInt32) -> Wide {
    amount(Total(scope: Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, account, group), sum: .gross))
  }

  func fillSector(_ info: inout rck_book_info) -> Int32 {
    let scope = Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, info.id, info.instrument)
    guard isDefined(scope) else { return RCK_E_UNKNOWN }
    let total = Total(scope: scope, sum: .gross)
    info.gross = totalsCounted.contains(total) ? shown(amount(total)) : 0
    return RCK_OK
  }
}
