import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P19, lists, of orders and amends, reducing ones too.
///
/// By RESTRICTED, levels 0: 1 of whatever is entered in an instrument or a group of instruments, by an account, a
/// strategy or the accounts of a group in an instrument, on the limit's side if it names one.
///
/// By SESSION, levels 0: 1 of what the limit's calendar does not permit at the order's time, by side, type, time in
/// force, and as SHORT a sell that leaves the account short at worst; otherwise nothing. It refuses, whatever its
/// levels, if the calendar is not defined or says nothing of that time.
///
/// By LOCATE, of an account in an instrument: how far the account is short at worst with a sell in it, S as with
/// positions; of buys, and of sells that do not leave it short, nothing. S is of the account's row, which the order
/// enters by a swap from the very record that was judged: two orders never both take the last that is located. In an
/// instrument that demands a locate a sell that leaves S above 0 is refused without one in force.
///
/// Lists of a pair lie with the position's bounds, of which a check compares one lowest level: that of a restriction is
/// below every position. So it makes no difference how many accounts a list has. A strategy's row may never hold
/// anything: the word that leads to its scope's further bounds is marked too. Lists of a group of accounts lie in the
/// instrument's stretch and name the group, at most RCK_GROUP_LISTS_MAX of them, behind the instrument's own.
enum Lists {
  @inline(__always)
  static func see<D: Discipline>(_ exam: Exam<D>, _ shape: UInt64) -> Sight? {
    switch Int32(truncatingIfNeeded: (shape &>> 24) & 0xff) {
    case RCK_MEASURE_RESTRICTED: return Sight(observed: 1, status: RCK_REJECT_RESTRICTED)
    case RCK_MEASURE_SESSION: return session(exam, UInt32(truncatingIfNeeded: (shape &>> 16) & 0xff))
    default:
      if !leavesShort(exam) { return nil }
      return Sight(observed: exam.notes.pointee.what.quantity, status: RCK_REJECT_LOCATE_SHORT)
    }
  }

  @inline(never)
  private static func session<D: Discipline>(_ exam: Exam<D>, _ calendar: UInt32) -> Sight? {
    guard let permitted = exam.desk.state.permitted(by: calendar, at: exam.ask.time_ns) else {
      return Sight(status: RCK_REJECT_SESSION_MISSING, isMissing: true)
    }
    let ask = exam.ask
    // RCK_PERMIT_: sides from bit 0, types from bit 4, times in force from bit 8. A time in force that there is not is
    // refused for that.
    var needed = UInt32(1) &<< UInt32(ask.side &- 1) | 16 &<< UInt32(ask.type &- 1)
    if ask.force &- 1 <= 3 { needed |= 256 &<< UInt32(ask.force &- 1) }
    if leavesShort(exam) { needed |= UInt32(RCK_PERMIT_SHORT) }
    return permitted & needed == needed ? nil : Sight(observed: 1, status: RCK_REJECT_SESSION_CLOSED)
  }

  /// Whether a sell leaves the account short at worst.
  @inline(__always)
  static func leavesShort<D: Discipline>(_ exam: Exam<D>) -> Bool {
    !exam.ask.isBuy && exam.notes.pointee.what.quantity > 0
  }

  /// Whether the order needs a locate, and there is none in force.
  static func lacksLocate<D: Discipline>(_ exam: Exam<D>) -> Bool {
    if !exam.needsLocate { return false }
    var isThere = false
    exam.bounds(exam.listsOfAccount) {
      if isOne($0) && Int32(truncatingIfNeeded: (shape($0) &>> 24) & 0xff) == RCK_MEASURE_LOCATE {
        isThere = true
      }
    }
    return !isThere
  }

  /// Whether a bound is one of these.
  @inline(__always)
  static func isOne(_ bound: UnsafeMutableRawPointer) -> Bool {
    Int32(truncatingIfNeeded: (shape(bound) &>> 32) & 0xff) == RCK_CONTROL_LISTS
  }

  @inline(__always)
  private static func shape(_ bound: UnsafeMutableRawPointer) -> UInt64 {
    bound.word(40).pointee.bits.load(ordering: .acquiring)  // as all of a bound
  }

  // MARK: Of groups of accounts in an instrument

  @inline(__always)
  static func isOfGroup(_ bound: UnsafeMutableRawPointer) -> Bool { bound.loadInteger(56) != 0 }

  /// Where such a bound applies; nil: the account is not in its group.
  @inline(never)
  static func placeOfGroup<D: Discipline>(_ exam: Exam<D>, _ bound: UnsafeMutableRawPointer) -> Place? {
    let group = UInt32(truncatingIfNeeded: bound.loadInteger(56))
    var isMember = false
    _ = exam.desk.state.groups(RCK_KIND_ACCOUNT, exam.ask.account).each { _, id in
      isMember = isMember || id == group
      return true
    }
    return isMember ? Place(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT, group, exam.ask.instrument) : nil
  }
}

extension Exam {
  /// Whether a list of the account in the instrument may have something to say, or a locate is needed. Where neither
  /// lowest level nor flag says so, nothing else is looked at.
  @inline(__always)
  func hasLists(_ doubts: Doubts) -> Bool {
    doubts.contains(.position) && listsOfAccount & BoundSlot.listed != 0 || needsLocate
  }

  /// In an instrument that demands it.
  @inline(__always)
  var needsLocate: Bool {
    notes.pointee.terms.flags & UInt32(RCK_SHORT_LOCATE) != 0 && Lists.leavesShort(self)
  }

  /// Where the bounds of the account in the instrument are, those on its position among them.
  @inline(__always)
  var listsOfAccount: UInt32 { row.map { desk.positions.bounds($0, half) } ?? 0 }

  /// Likewise of the strategy, if it has lists in any instrument.
  var listsOfStrategy: UInt32 {
    guard furtherBounds(notes.pointee.strategy) & BoundSlot.listed != 0,
      case .row(let row) = desk.positions.find(ask.strategy, ask.instrument, strategy: true)
    else { return 0 }
    return desk.positions.bounds(row, half)
  }
}

extension Plain {
  /// Whether lists are among the bounds of the row.
  @inline(never)
  func isListed(_ row: Int) -> Bool { desk.positions.bounds(row, half) & BoundSlot.listed != 0 }
}
