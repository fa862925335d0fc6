import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// What a control sees of an order at one of its bounds: what is held against the levels, and the refusal if that
/// exceeds the hard one; or that its input is missing, which refuses.
struct Sight {
  var observed: Int64 = 0
  var status: rck_status
  var isMissing = false
}

/// The controls that rows and rates do not come with: each is one function of what is there to be read and one bound,
/// in a file of its own. All bounds of a scope lie in one stretch, in the order of their controls, so an order in whose
/// scopes none is armed pays a few loads, and any other one pass over what is armed. They are asked about orders that
/// have a value.
enum Further {
  /// Nil: the bound says nothing of this order.
  @inline(__always)
  static func see<D: Discipline>(
    _ exam: Exam<D>, _ control: Int32, _ bound: UnsafeMutableRawPointer, _ shape: UInt64
  ) -> Sight? {
    switch control {
    case RCK_CONTROL_PERIOD_COLLAR: return PeriodCollar.see(exam, bound)
    case RCK_CONTROL_LIQUIDITY: return Liquidity.see(exam, shape)
    case RCK_CONTROL_ACCUMULATED: return AccumulatedLimit.see(exam, bound, shape)
    case RCK_CONTROL_DUPLICATE: return Duplicate.see(exam, bound)
    case RCK_CONTROL_REPEATED_EXECUTION: return RepeatedExecution.see(exam, bound)
    case RCK_CONTROL_LISTS: return Lists.see(exam, shape)
    case RCK_CONTROL_LOSS: return Loss.see(exam, bound, shape)
    case RCK_CONTROL_CONDUCT: return OrderConduct.see(exam, bound, shape)
    case RCK_CONTROL_QUOTE: return Quote.see(exam, shape)
    case RCK_CONTROL_METRIC: return MetricLimit.see(exam, bound, shape)
    // Has something to say until it is asked, which is last of all: see Custom.
    case RCK_CONTROL_CUSTOM:
      let isAsked = exam.notes.pointee.counted & Rates.hasNoCustoms == 0
      return isAsked ? Sight(observed: Int64.max, status: RCK_REJECT_CUSTOM) : nil
    default: return nil
    }
  }
}

extension Exam {
  /// Not 0 if a further control is armed at the order's parties or instrument, or conduct is kept of a party.
  @inline(__always)
  var furtherWords: UInt64 {
    func word(_ scope: UnsafeMutableRawPointer?) -> UInt64 {
      scope.map { Scope($0, 0, 0).further(half) } ?? 0
    }
    return word(notes.pointee.account) | word(notes.pointee.strategy) | word(notes.pointee.instrument)
  }

  /// Whether there is anything beyond rows and rates to be asked, or to be counted.
  @inline(__always)
  var isArmed: Bool { notes.pointee.armed != 0 }

  /// Whether a further control is armed at any scope of the order.
  @inline(__always)
  var hasFurther: Bool {
    let found =
      furtherBounds(notes.pointee.account) | furtherBounds(notes.pointee.strategy)
      | furtherBounds(notes.pointee.instrument)
    return found != 0 || desk.state.hasWideFurther(half)
  }

  @inline(__always)
  func furtherBounds(_ scope: UnsafeMutableRawPointer?) -> UInt32 {
    scope.map { Scope($0, 0, 0).bounds(half, BoundSlot.further) } ?? 0
  }

  /// Asks all that are armed, and notes which have something to say.
  @inline(never)
  var furtherDoubts: Doubts {
    let aside = notes.pointee.aside
    aside.pointee.hasMarket = false
    aside.pointee.doubted = 0
    eachFurther { bound, control, shape, _ in
      notes.pointee.armed |= 1 &<< UInt32(truncatingIfNeeded: control &- 1)
      guard let sight = Further.see(self, control, bound, shape) else { return }
      let lowest = min(bound.loadInteger(0), min(bound.loadInteger(8), bound.loadInteger(16)))
      if sight.isMissing || sight.observed > lowest {
        aside.pointee.doubted |= 1 &<< UInt32(truncatingIfNeeded: control &- 1)
      }
    }
    if Lists.lacksLocate(self) {
      aside.pointee.doubted |= 1 &<< UInt32(truncatingIfNeeded: RCK_CONTROL_LISTS &- 1)
    }
    return aside.pointee.doubted == 0 ? [] : .further
  }

  /// Asks those of these numbers again that had something to say.
  @inline(never)
  func judgeFurther(_ doubts: Doubts, _ first: Int32, _ last: Int32) {
    if !doubts.contains(.further) || !notes.pointee.isValued { return }
    var control = first
    while control <= last, !stops {
      if control != RCK_CONTROL_CUSTOM && isDoubted(control) { judgeFurther(control) }
      control &+= 1
    }
  }

  /// Whether a further control had something to say.
  func isDoubted(_ control: Int32) -> Bool {
    notes.pointee.aside.pointee.doubted &>> UInt32(truncatingIfNeeded: control &- 1) & 1 != 0
  }

  private func judgeFurther(_ number: Int32) {
    notes.pointee.aside.pointee.hasMarket = false
    eachFurther { bound, control, shape, place in
      if control != number { return }
      if control == RCK_CONTROL_METRIC { return MetricLimit.judge(self, bound, shape, place) }
      guard let sight = Further.see(self, control, bound, shape) else { return }
      if sight.isMissing {
        findings.miss(control, sight.status, bound, place)
      } else {
        findings.weigh(sight.observed, bound, control, sight.status, place)
      }
    }
    if number == RCK_CONTROL_LISTS && Lists.lacksLocate(self) {
      findings.refuse(number, RCK_REJECT_LOCATE_MISSING, pairPlace)
    }
  }

  /// Calls `visit` with every further bound on the order, of the widest scope first.
  func eachFurther(
    _ visit: (_ bound: UnsafeMutableRawPointer, _ control: Int32, _ shape: UInt64, _ place: Place) -> Void
  ) {
    func each(_ scope: UnsafeMutableRawPointer?, _ place: Place) { each(furtherBounds(scope), place) }
    func each(_ found: UInt32, _ place: Place) {
      bounds(found) { bound in
        let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // as all of a bound
        let control = Int32(truncatingIfNeeded: (shape &>> 32) & 0xff)
        if control == RCK_CONTROL_LISTS, Lists.isOfGroup(bound) {
          if let place = Lists.placeOfGroup(self, bound) { visit(bound, control, shape, place) }
        } else if control != RCK_CONTROL_POSITION {
          visit(bound, control, shape, place)
        }
      }
    }
    if desk.state.hasWideFurther(half) { eachWide { _, scope in each(scope.memory, Place(scope)) } }
    each(notes.pointee.account, accountPlace)
    each(notes.pointee.strategy, strategyPlace)
    each(notes.pointee.instrument, instrumentPlace)
    each(listsOfAccount, pairPlace)
    each(listsOfStrategy, Place(RCK_SCOPE_STRATEGY_INSTRUMENT, ask.strategy, ask.instrument))
  }

  /// The market, read once for all further controls.
  @inline(__always)
  func marketOnce() -> UnsafePointer<Market> {
    let aside = notes.pointee.aside
    if !aside.pointee.hasMarket {
      aside.pointee.hasMarket = true
      // Of a damaged market nothing is known.
      if !readMarket() { aside.pointee.market = Market() }
    }
    return UnsafePointer(withUnsafeMutablePointer(to: &aside.pointee.market) { $0 })
  }
}
