import CRiskCheck

/// What the further controls look at: a request that has a value.
struct Case {
  var request: Request
  var instrument: rck_instrument
  /// At which it is valued, and what the whole of it comes to.
  var price: Int64
  var value: Wide
  /// What it opens beside what it holds already, not below 0.
  var opened: (quantity: Wide, value: Wide)
  var reducing: Bool
  /// How far its account would be short at worst.
  var short: Wide
}

/// What such a control sees of a request at one of its limits.
enum Seen {
  case nothing
  /// Held against the levels; and the refusal above the hard one.
  case amount(Wide, Int32)
  /// Likewise of a minimum: below the hard one.
  case least(Wide, Int32)
  case missing(Int32)
  /// The refusal, which levels are exceeded, and what is shown beside one.
  case levels(Int32, exceeds: (Int64) -> Bool, observed: (Int64) -> Wide)
}

/// The controls that rows and rates do not come with: each says what it sees at one limit.
extension Oracle {
  func judgeFurther(_ asked: Case, _ found: inout Assessment) {
    for control in RCK_CONTROL_PERIOD_COLLAR...RCK_CONTROL_GROUP_EXPOSURE {
      let pairs = control == RCK_CONTROL_LISTS ? pairs(asked.request.ids) : []
      for limit in limits(control, scopes(asked.request.ids) + pairs, asked.request) {
        switch see(limit, asked) {
        case .nothing: break
        case .missing(let status): found.judgement.add(.missing(limit, status))
        case .levels(let status, let exceeds, let observed):
          if var finding = Finding.at(limit, status, observed: 0, exceeds: exceeds) {
            finding.observed = observed(finding.level)
            found.judgement.add(finding)
          }
        case .amount(let amount, let status):
          if let finding = Finding.above(limit, status, observed: amount) { found.judgement.add(finding) }
        case .least(let amount, let status):
          let finding = Finding.at(limit, status, observed: amount) { amount < Wide($0) }
          if let finding { found.judgement.add(finding) }
        }
      }
      if control == RCK_CONTROL_LISTS, let missing = locateMissing(asked) { found.judgement.add(missing) }
    }
  }

  /// P23: the oracle has no functions, so that each limit misses its own, when nothing else refuses.
  func askCustoms(_ request: Request, _ found: inout Assessment) {
    for limit in limits(RCK_CONTROL_CUSTOM, scopes(request.ids), request) {
      if found.judgement.refusal != nil && plant != .customsAlwaysAsked { return }
      found.judgement.add(.missing(limit, RCK_REJECT_CUSTOM_MISSING))
    }
  }

  private func see(_ limit: Limit, _ asked: Case) -> Seen {
    switch Int32(limit.record.control) {
    case RCK_CONTROL_PERIOD_COLLAR: periodCollar(limit, asked)
    case RCK_CONTROL_LIQUIDITY: liquidity(limit, asked)
    case RCK_CONTROL_ACCUMULATED: accumulated(limit, asked)
    case RCK_CONTROL_DUPLICATE: duplicate(limit, asked)
    case RCK_CONTROL_REPEATED_EXECUTION: repeatedExecution(limit, asked)
    case RCK_CONTROL_LISTS: list(limit.record, asked)
    case RCK_CONTROL_LOSS: loss(limit, asked)
    case RCK_CONTROL_CONDUCT: conduct(limit)
    case RCK_CONTROL_QUOTE: limit.record.measure == RCK_MEASURE_AGE ? quoteAge(asked) : slippage(asked)
    case RCK_CONTROL_METRIC: metric(limit, asked)
    default: .nothing
    }
  }
}
