import CRiskCheck
import RiskMemory
import Synchronization

/// Which limits are in breach: for each limit a word {time 62, level 2} of the last order that exceeded a level of it
/// whose action is to be carried out, and the highest such level of the breach. A breach goes on as long as such orders
/// come less than RCK_BREACH_NS apart; so an action is carried out once a breach and level, not once an order.
extension State {
  /// Whether an action is to be carried out by somebody: more than to log it, or to refuse the order.
  public static func isCarriedOut(_ action: UInt8) -> Bool {
    action >= UInt8(RCK_ACTION_ALERT) && action != UInt8(RCK_ACTION_BLOCK)
  }

  /// Whether an order that exceeds a level, 1 warn to 3 hard, of a limit begins a breach or raises its level. Whoever
  /// is told so, alone, has to act on it.
  public func breaches(_ limitId: UInt32, level: UInt8, at time_ns: Int64) -> Bool {
    let (start, count) = region.place(of: Sections.breaches)
    guard limitId != 0, Int(limitId) <= count else { return false }
    let word = start.word((Int(limitId) &- 1) &* 8)
    while true {
      let old = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      let last = Int64(bitPattern: old &>> 2)
      let isOver = old == 0 || time_ns &- last >= Int64(RCK_BREACH_NS)
      let before = isOver ? 0 : old & 3
      let after = UInt64(bitPattern: max(last, time_ns)) &<< 2 | max(before, UInt64(level))
      if ManyWriters.replace(word, old, by: after) { return UInt64(level) > before }
    }
  }

  /// The place goes to another limit.
  func endBreach(_ index: Int) {
    // Relaxed: under the turn.
    region.start(of: Sections.breaches).word(index &* 8).pointee.bits.store(0, ordering: .relaxed)
  }
}
