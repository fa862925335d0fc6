import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// What an order takes beside rows, books and rates, because a further control counts it: behind the rows and before
/// it is published, so that a kill counts too much, never too little. What another call took since pass one is found
/// then, and the order begins anew.
extension Exam {
  @inline(__always)
  var takesFurther: Bool {
    let counting: UInt32 =
      1 &<< UInt32(RCK_CONTROL_ACCUMULATED &- 1) | 1 &<< UInt32(RCK_CONTROL_DUPLICATE &- 1)
    return notes.pointee.armed & counting != 0
  }

  private var takes: Takes<D> { Takes(desk.state, writer: desk.writer) }
  var isLeg: Bool { ask.asked.shape & Order.leg != 0 }

  /// Takes all of it or nothing. Regardless: nothing refuses.
  @inline(never)
  func takeFurther(regardless: Bool = false) -> Reserved {
    let takes = takes
    // Those of legs stay until their batch is decided.
    if !isLeg { takes.clear() }
    let kept = takes.count
    notes.pointee.aside.pointee.kept = kept
    var (result, apart) = (Reserved.done, nil as Int64?)
    eachFurther { bound, control, shape, _ in
      guard case .done = result else { return }
      if control == RCK_CONTROL_DUPLICATE {
        // Of the levels only a hard one keeps an order out.
        let isHard = bound.loadInteger(16) != Int64.max && !regardless
        apart = max(apart ?? 0, isHard ? bound.loadInteger(24) : 0)
      } else if control == RCK_CONTROL_ACCUMULATED {
        if takes.isFull {
          result = .status(RCK_REJECT_WINDOWS_FULL)
        } else if !AccumulatedLimit.take(self, bound, shape, regardless: regardless || isReducing, takes) {
          result = .again
        }
      }
    }
    if case .done = result, let apart, ask.message == RCK_MEASURE_NEW {
      result = takes.isFull ? .status(RCK_REJECT_WINDOWS_FULL) : Duplicate.take(self, apart: apart, takes)
      // Without a place it is not remembered.
      if regardless, case .again = result { result = .done }
    }
    if case .done = result { return .done }
    untakeFurther()
    notes.pointee.counted |= Rates.hasPassed
    return result
  }

  /// Gives back what `takeFurther` took.
  @inline(never)
  func untakeFurther() { takes.undo(downTo: notes.pointee.aside.pointee.kept) }
}
