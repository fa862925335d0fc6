import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// An override that fits an order. Those that do are a list that ends with an id of 0: first those for the order's id,
/// then from the oldest on. Once the order has taken its parts of those that it uses, only these are left.
struct Waiver {
  var id: UInt32 = 0
  /// Its place.
  var index: UInt32 = 0
  /// 0: all of those that can be waived.
  var control: Int32 = 0
  /// 0: of all scopes, for the order's id.
  var kind: Int32 = 0
  var scopeId: UInt64 = 0
  var isUsed = false
  /// Of the first limit that it waives.
  var used: Int32 = 0

  /// How many are looked at.
  static var most: Int { 16 }

  func waives(_ control: Int32, _ place: Place) -> Bool {
    (self.control == control || self.control == 0) && (kind == 0 || kind == place.kind && scopeId == place.id)
  }

  func isBefore(_ other: Waiver) -> Bool {
    other.id == 0 || (kind == 0) != (other.kind == 0) ? other.id == 0 || kind == 0 : id < other.id
  }
}

typealias Waivers = UnsafeMutablePointer<Waiver>

extension Findings {
  /// Whether an override waives hard levels of limits of a control at a scope; the first that does is used.
  func waives(_ control: Int32, _ place: Place) -> Bool {
    guard var waiver = waivers, State.isWaivable(control) else { return false }
    while waiver.pointee.id != 0 {
      if waiver.pointee.waives(control, place) {
        if !waiver.pointee.isUsed { waiver.pointee.used = control }
        waiver.pointee.isUsed = true
        return true
      }
      waiver += 1
    }
    return false
  }

  /// A hard level that is exceeded refuses, unless an override waives it. A level whose action asks for more is noted,
  /// and a minimum shown as it is.
  @inline(never)
  mutating func findClosely(
    _ observed: Int64, _ levels: (warn: Int64, soft: Int64, hard: Int64), _ bound: UnsafeMutableRawPointer,
    _ control: Int32, _ status: rck_status, _ place: Place
  ) {
    if observed <= levels.hard || !waives(control, place) {
      escalations?.pointee.note(observed, levels, bound, control, place)
      find(observed, levels, bound, control, status, place)
      return turnBack(observed, bound)
    }
    flags |= RCK_VERDICT_OVERRIDDEN
    if failed != 0 || severity >= RCK_SEVERITY_HARD { return }
    note(control, RCK_OK, RCK_SEVERITY_HARD, place)
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    limitId = UInt32(truncatingIfNeeded: identity)
    limit = levels.hard
    self.observed = observed
    action = UInt8(RCK_ACTION_ALERT)
  }

  /// Of a minimum both are compiled negative: shown are they as they are.
  private mutating func turnBack(_ compared: Int64, _ bound: UnsafeMutableRawPointer) {
    let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // likewise
    if shape & Bound.minimum == 0 || limitId != UInt32(truncatingIfNeeded: identity) || observed != compared {
      return
    }
    (limit, observed) = (0 &- limit, 0 &- observed)
  }

  /// If anything is refused all the same, nothing was waived.
  mutating func dropWaived() {
    if refused { flags &= ~RCK_VERDICT_OVERRIDDEN }
  }
}

extension Exam {
  var isWaiving: Bool { notes.pointee.waivers != nil }

  /// Nothing was found yet.
  @inline(__always)
  var noFindings: Findings {
    var findings = Findings()
    findings.waivers = notes.pointee.waivers
    return findings
  }

  /// Lists the overrides that fit the order. False: none does.
  @inline(never)
  func collectWaivers() -> Bool {
    guard let list = notes.pointee.waivers else { return false }
    let (ask, state) = (ask, desk.state)
    list.initialize(repeating: Waiver(), count: Waiver.most &+ 1)
    let latest = max(ask.time_ns, state.latest)
    Overrides(state).eachUsable(ask.quantity, at: latest) { index, id, terms in
      guard let waiver = waiver(index, id, terms) else { return }
      // Sorted in; the last falls out when there are too many.
      var place = Waiver.most
      while place > 0, waiver.isBefore(list[place &- 1]) {
        list[place] = list[place &- 1]
        place &-= 1
      }
      if place < Waiver.most { list[place] = waiver }
      list[Waiver.most] = Waiver()
    }
    return list.pointee.id != 0
  }

  private func waiver(_ index: Int, _ id: UInt32, _ terms: OverrideTerms) -> Waiver? {
    let kind = Int32(bitPattern: terms.scopeKind)
    if terms.order != 0 ? terms.order != ask.id : !isWithin(kind, terms.id, terms.instrument) { return nil }
    let place = terms.instrument == 0 ? Place(kind, terms.id) : Place(kind, terms.id, terms.instrument)
    return Waiver(
      id: id, index: UInt32(truncatingIfNeeded: index), control: Int32(bitPattern: terms.control), kind: kind,
      scopeId: place.id)
  }

  /// Whether the order is in a scope.
  private func isWithin(_ kind: Int32, _ id: UInt32, _ instrument: UInt32) -> Bool {
    switch kind {
    case RCK_SCOPE_ACCOUNT_INSTRUMENT: return ask.account == id && ask.instrument == instrument
    case RCK_SCOPE_STRATEGY_INSTRUMENT: return ask.strategy == id && ask.instrument == instrument
    default:
      return desk.state.covers(
        kind, id, account: ask.account, strategy: ask.strategy, instrument: ask.instrument)
    }
  }

  /// Takes the order's part of each override that it uses. False: one has been used up, has expired or was removed
  /// since, and nothing is taken.
  func takeWaivers() -> Bool {
    guard let list = notes.pointee.waivers else { return true }
    let overrides = Overrides(desk.state)
    var (from, to) = (0, 0)
    while list[from].id != 0 {
      let waiver = list[from]
      if waiver.isUsed {
        if !overrides.take(Int(waiver.index), waiver.id, ask.quantity) {
          list[to] = Waiver()
          endWaivers(isEntered: false)
          return false
        }
        list[to] = waiver
        to &+= 1
      }
      from &+= 1
    }
    list[to] = Waiver()
    return true
  }

  /// The order is entered, which is told; or it is not, and its parts are given back.
  func endWaivers(isEntered: Bool) {
    guard let list = notes.pointee.waivers else { return }
    let ask = ask
    var at = 0
    while list[at].id != 0 {
      let (waiver, overrides) = (list[at], Overrides(desk.state))
      overrides.end(Int(waiver.index), waiver.id, ask.quantity, isEntered: isEntered)
      if isEntered {
        desk.state.port(desk.writer)?.tell(
          kind: RCK_EVENT_OVERRIDDEN, subject: ask.id, Int64(waiver.id), ask.quantity, time_ns: ask.time_ns,
          severity: RCK_SEVERITY_HARD, control: waiver.used, correlation: ask.correlation)
      }
      at &+= 1
    }
  }
}

/// What is refused is asked about again, with the overrides that fit it. Nothing of an order that passes comes here.
extension Desk {
  /// Whether a control has refused, and there may be an override.
  @inline(__always)
  func mayWaive(_ status: rck_status) -> Bool {
    status >= RCK_REJECT_INSTRUMENT_UNKNOWN && state.hasOverrides && !isOfCustom(status)
  }

  /// A function of the host's is asked when nothing else refuses: there is nothing to waive.
  private func isOfCustom(_ status: rck_status) -> Bool {
    status >= RCK_REJECT_CUSTOM && status <= RCK_REJECT_CUSTOM_MISSING
  }

  /// Calls `body` with room for waivers in the notes; nil: no override fits the order.
  func waiving<Result>(_ notes: UnsafeMutablePointer<Notes>, _ body: () -> Result) -> Result? {
    withUnsafeTemporaryAllocation(of: Waiver.self, capacity: Waiver.most &+ 1) { room in
      notes.pointee.waivers = room.baseAddress
      return Exam(self, of: notes).collectWaivers() ? body() : nil
    }
  }

  /// An order that was refused with a status: as it stands if no override fits.
  @inline(never)
  func checkWaived(
    _ notes: UnsafeMutablePointer<Notes>, _ verdict: UnsafeMutablePointer<rck_verdict>, _ status: rck_status
  ) -> rck_status {
    waiving(notes) { checkWaived(notes, verdict) } ?? status
  }

  private func checkWaived(
    _ notes: UnsafeMutablePointer<Notes>, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    var tries = Desk.triesMax
    while tries > 0 {
      tries &-= 1
      let seat = orders.memory.table.seek(notes.pointee.ask.id)
      if seat.isBroken { return fail(State.Site.orders) }
      if seat.found != nil {
        if let known = again(notes.pointee.ask) { return known.answer(verdict) }
        continue
      }
      if let status = checkWaived(Exam(self, at: notes), seat, verdict) { return status }
    }
    return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED).answer(verdict)
  }

  /// One try; nil: others have moved what was looked at.
  private func checkWaived(
    _ exam: Exam<D>, _ seat: Table<D>.Seat, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status? {
    let latchings = TradingState.latchings(state)
    _ = exam.collectWaivers()
    let passed = exam.pass()
    if case .broken = passed { return fail(State.Site.positions) }
    if case .again = passed { return nil }
    if !exam.isCurrent { return nil }
    if !exam.countMessage() { return lost(exam).answer(verdict) }
    if case .plainly = passed { exam.beginFindings() }
    if exam.findings.refused { return refused(exam).answer(verdict) }
    if !exam.takeWaivers() { return nil }
    let (status, token) = enter(exam, latchings, seat)
    exam.endWaivers(isEntered: token != 0)
    if token == 0 { return answer(status, of: exam, verdict) }
    exam.store(verdict, token: token)
    return RCK_OK
  }

  private func refused(_ exam: Exam<D>) -> Decided {
    if exam.notes.pointee.counted & Rates.hasPassed != 0 { exam.flagOvertaken() }
    exam.findings.dropWaived()
    return Decided(exam.findings)
  }

  /// Why an order was not entered that had passed. What a control refuses then, another override may waive.
  private func answer(
    _ status: rck_status, of exam: Exam<D>, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status? {
    if status == Desk.again || status == Desk.known { return nil }
    if status == Desk.found && exam.findings.control != RCK_CONTROL_STATE {
      exam.notes.pointee.counted |= Rates.hasPassed
      return nil
    }
    exam.findings.dropWaived()
    return answer(exam, status, verdict)
  }

  // MARK: Without a trace

  /// What a look at an order that was refused comes to.
  @inline(never)
  func lookWaived(_ ask: Ask, _ decided: Decided) -> Decided {
    Exam<D>.begin { notes in
      notes.pointee.ask = ask
      notes.pointee.counted = Rates.isDry
      var waived = waiving(notes) { look(notes) } ?? decided
      waived.findings.dropWaived()
      return waived
    }
  }

  // MARK: Amends

  /// New terms that were refused.
  @inline(never)
  func amendWaived(
    _ token: UInt64, _ new: Ask, _ notes: UnsafeMutablePointer<Notes>, _ decided: Decided
  ) -> Decided {
    var waived = waiving(notes) { amend(token, new, notes) } ?? decided
    waived.findings.dropWaived()
    return waived
  }

  /// Like `commitAmend`, for terms that may use overrides.
  @inline(never)
  func commitWaived(_ exam: Exam<D>, _ order: Order, _ latchings: UInt64) -> Entered {
    if !exam.takeWaivers() { return .again }
    let entered = commitAmend(exam, order, latchings)
    var isEntered = false
    if case .decided(let decided) = entered { isEntered = decided.status == RCK_OK }
    exam.endWaivers(isEntered: isEntered)
    // What a control refuses now, another override may waive.
    if case .decided(let decided) = entered, decided.status >= RCK_REJECT_INSTRUMENT_UNKNOWN,
      decided.findings.control != RCK_CONTROL_STATE
    {
      exam.notes.pointee.counted |= Rates.hasPassed
      return .again
    }
    return entered
  }
}
