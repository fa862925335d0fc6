import CRiskCheck
import RiskModel

extension State {
  /// Halts an account whose definition says so of this kind of report.
  public func halt(_ account: UInt32, _ anomalies: Int32, time_ns: Int64) {
    var party = Party()
    if anomalies & (RCK_VERDICT_LATE | RCK_VERDICT_OVER_FILL | RCK_VERDICT_UNKNOWN) == 0 { return }
    guard readAccount(account, &party) else { return }
    let late = anomalies & RCK_VERDICT_LATE != 0 && party.flags & UInt32(RCK_HALT_ON_LATE) != 0
    let over = anomalies & RCK_VERDICT_OVER_FILL != 0 && party.flags & UInt32(RCK_HALT_ON_OVER_FILL) != 0
    let unknown = anomalies & RCK_VERDICT_UNKNOWN != 0 && party.flags & UInt32(RCK_HALT_ON_UNKNOWN) != 0
    if late || over || unknown {
      haltAccount(account, time_ns: time_ns)
    }
  }
}
