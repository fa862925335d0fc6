import CRiskCheck
import Foundation
import Oracle
import Script

/// What differs.
struct Fault {
  let text: String
  /// The looking call that shows it, when it is not the step's own answer.
  var look: Step?
}

/// What a run is made in.
struct Setting {
  var config: rck_config
  /// What the oracle gets wrong on purpose.
  var plant: Plant?
  /// Where the library writes a journal; nil: nowhere.
  var journal: String?
  /// Without it a replay knows no prices, and has to be noticed.
  var tellsMarket = true
  /// Behind how many pumps a snapshot is written; 0: none is.
  var pumps = 0
}

/// The oracle and the library side by side: each step is done by both, and what they say is compared.
final class Pair {
  let run: OracleRun
  let library: Library
  let plant: Plant?
  /// The library's token for each of the oracle's, and back.
  private var theirs: [UInt64] = [0]
  private(set) var ours: [UInt64: UInt64] = [:]
  var oracle: Oracle { run.oracle }

  init?(_ setting: Setting) {
    guard
      let library = Library(
        setting.config, journal: setting.journal, tellingMarket: setting.tellsMarket, pumps: setting.pumps)
    else { return nil }
    self.library = library
    plant = setting.plant
    run = OracleRun(setting.config, plant: setting.plant)
  }

  /// Does a step on both sides; gives what differs, and the oracle's outcome.
  func step(_ step: Step) -> (expected: Outcome, fault: Fault?) {
    let name = step.command.token
    let ourToken = name.map { run.grants.token($0) } ?? 0
    let touched = touched(step, ourToken)
    // In which order the orders of a day end is the library's choice, and decides which are forgotten first.
    if case .dayStart = step.command { oracle.endingOrder = listedOrder() }
    let got = library.run(step, token: theirToken(ourToken))
    oracle.seen = placesSeen(step, got)
    oracle.seenFullAt = oracle.seen == nil ? nil : fullLeg(got)
    let expected = run.run(step)
    oracle.seen = nil
    return (expected, compare(expected, got).map { Fault(text: $0) } ?? touchedFault(touched))
  }

  private func listedOrder() -> [UInt64] {
    library.openOrders(UInt32(RCK_SCOPE_GLOBAL), 0).orders.map { ours[$0.token] ?? 0 }
  }

  /// Whether the oracle knows without a look at the library which of the next orders find places: none of the free
  /// ones that they need can be at hand of other ports.
  func knowsPlaces(_ orders: Int) -> Bool {
    let (others, atHand) = (Int(oracle.config.ports_max) - 1, 15)
    return oracle.config.discipline == UInt32(RCK_ONE_WRITER)
      || oracle.placesFree >= others * atHand + orders
  }

  /// What a step found of places, if the oracle does not know.
  private func placesSeen(_ step: Step, _ got: Outcome) -> (forgotten: Int, isFull: Bool)? {
    var orders = 1
    if case .legs = step.command { orders = max(run.legs[step.port]?.count ?? 0, 1) }
    if knowsPlaces(orders) { return nil }
    let forgotten = oracle.remembered.filter { library.isForgotten(theirToken($0)) }.count
    switch got {
    case .verdict(let verdict), .headroom(let verdict, _):
      return (forgotten, verdict.status == RCK_REJECT_ORDERS_FULL)
    default: return (forgotten, false)
    }
  }

  /// The leg for which no place was found.
  private func fullLeg(_ got: Outcome) -> Int? {
    guard case .legs(_, let verdicts) = got else { return nil }
    return verdicts.firstIndex { $0.status == RCK_REJECT_ORDERS_FULL } ?? verdicts.count
  }

  /// The library's token for one of the oracle's; what the oracle never gave is nobody's.
  func theirToken(_ token: UInt64) -> UInt64 {
    token < UInt64(theirs.count) ? theirs[Int(token)] : token
  }

  // MARK: - Outcomes

  func compare(_ expected: Outcome, _ got: Outcome) -> String? {
    switch (expected, got) {
    case (.verdict(let one), .verdict(var other)):
      return isSame(one, &other) ? nil : text(.verdict(other))
    case (.legs(let one, let verdicts), .legs(let other, var otherVerdicts)):
      var isSame = one == other && verdicts.count == otherVerdicts.count
      for at in verdicts.indices where isSame { isSame = self.isSame(verdicts[at], &otherVerdicts[at]) }
      return isSame ? nil : text(.legs(other, otherVerdicts))
    case (.headroom(let one, let quantity), .headroom(var other, let otherQuantity)):
      if isSame(one, &other) && quantity == otherQuantity { return nil }
      return text(.headroom(other, quantity: otherQuantity))
    case (.latch(let one, let latch), .latch(let other, let otherLatch)) where one == RCK_OK:
      return one == other && sameLatch(latch, otherLatch) ? nil : text(got)
    case (.status(let one), .status(let other)): return one == other ? nil : text(got)
    case (.order(let one, let info), .order(let other, var otherInfo)):
      otherInfo.token = ours[otherInfo.token] ?? UInt64.max
      if one != RCK_OK { otherInfo.token = info.token }
      let fine = one == other && bytesEqual(info, otherInfo)
      return fine ? nil : text(.order(other, otherInfo))
    default:
      let shown = text(got)
      return text(expected) == shown ? nil : shown
    }
  }

  private func sameLatch(_ one: rck_latch, _ other: rck_latch) -> Bool {
    one.state == other.state && one.actor == other.actor && one.control == other.control
      && one.time_ns == other.time_ns && bytesEqual(one.reason, other.reason)
  }

  func text(_ outcome: Outcome) -> String { outcome.text(run.grants).joined(separator: " ") }

  /// Tokens and limits have other numbers on the other side; all else must be equal, byte for byte.
  private func isSame(_ expected: rck_verdict, _ got: inout rck_verdict) -> Bool {
    if got.limit_id != 0 { got.limit_id = library.limitNumbers[got.limit_id] ?? UInt32.max }
    if got.token != 0 {
      if let known = ours[got.token] {
        got.token = known
      } else if expected.token == UInt64(theirs.count) {
        // Both gave a new one.
        ours[got.token] = expected.token
        theirs.append(got.token)
        got.token = expected.token
      } else {
        got.token = UInt64.max
      }
    }
    return bytesEqual(expected, got)
  }
}

func bytesEqual<Record>(_ one: Record, _ other: Record) -> Bool {
  withUnsafeBytes(of: one) { one in
    withUnsafeBytes(of: other) { memcmp(one.baseAddress!, $0.baseAddress!, one.count) == 0 }
  }
}
