import CRiskCheck

/// An amount that accumulates: its scope and measure.
struct Accumulator: Hashable {
  var scope: Scope
  var measure: UInt32
}

/// What orders opened, by day, or by epochs of a sixty-fourth of the window: those of the last 65 epochs count.
struct Accumulation {
  var day: UInt32 = 0
  var ofDay: Wide = 0
  private var entered: Wide = 0
  private var taken: [(epoch: Wide, amount: Wide)] = []

  /// Time becomes epochs by a factor of 2^-64, rounded down: a little later than by division, over a day by 0.1
  /// microseconds. Part of the rule, since it says when an amount is out of the window.
  private static func epoch(_ time: Int64, window: Int64) -> Wide {
    let factor = (UInt128(1) << 70) / UInt128(window)
    return Wide((UInt128(time) * factor) >> 64)
  }

  func sum(at time: Int64, window: Int64) -> Wide {
    let oldest = max(Self.epoch(time, window: window), entered) - 65
    return taken.filter { $0.epoch > oldest }.reduce(0) { $0 + $1.amount }
  }

  mutating func take(_ amount: Wide, at time: Int64, window: Int64) {
    entered = max(Self.epoch(time, window: window), entered)
    taken.removeAll { $0.epoch <= entered - 65 }
    taken.append((entered, amount))
  }

  /// Gives back what was taken last.
  mutating func undo() { taken.removeLast() }
}

/// P12: what orders opened in a day, a minute, an hour.
extension Oracle {
  /// Nil: of a day.
  private func window(_ measure: UInt32) -> Int64? {
    switch Int32(measure) {
    case RCK_MEASURE_QUANTITY_MINUTE, RCK_MEASURE_NOTIONAL_MINUTE: 60_000_000_000
    case RCK_MEASURE_QUANTITY_HOUR, RCK_MEASURE_NOTIONAL_HOUR: 3_600_000_000_000
    default: nil
    }
  }

  private func amount(_ measure: UInt32, _ asked: Case) -> Wide {
    let quantities = [RCK_MEASURE_QUANTITY_DAY, RCK_MEASURE_QUANTITY_MINUTE, RCK_MEASURE_QUANTITY_HOUR]
    return quantities.contains(Int32(measure)) ? asked.opened.quantity : asked.opened.value
  }

  private func counted(_ accumulator: Accumulator, at time: Int64) -> Wide {
    let found = accumulations[accumulator] ?? Accumulation()
    if let window = window(accumulator.measure) { return found.sum(at: time, window: window) }
    return found.day == day ? found.ofDay : 0
  }

  func accumulated(_ limit: Limit, _ asked: Case) -> Seen {
    let measure = limit.record.measure
    let amount = amount(measure, asked)
    if amount == 0 || asked.reducing { return .nothing }
    let sum = counted(Accumulator(scope: limit.key.scope, measure: measure), at: asked.request.time) + amount
    if sum > Bound.amount { return .missing(RCK_REJECT_ACCUMULATED_OVERFLOW) }
    return switch Int32(measure) {
    case RCK_MEASURE_QUANTITY_DAY: .amount(sum, RCK_REJECT_QUANTITY_DAY)
    case RCK_MEASURE_NOTIONAL_DAY: .amount(sum, RCK_REJECT_NOTIONAL_DAY)
    case RCK_MEASURE_QUANTITY_MINUTE, RCK_MEASURE_QUANTITY_HOUR: .amount(sum, RCK_REJECT_QUANTITY_ROLLING)
    default: .amount(sum, RCK_REJECT_NOTIONAL_ROLLING)
    }
  }

  /// An order has passed, or is a fact: what it opens counts wherever a limit is, up to what can be kept.
  func accumulate(_ asked: Case) -> [Accumulator] {
    var taken: [Accumulator] = []
    if asked.reducing && plant == .reducingIsFree { return [] }
    for limit in accumulating(asked) {
      let accumulator = Accumulator(scope: limit.key.scope, measure: limit.record.measure)
      let time = asked.request.time
      let room = Bound.amount - counted(accumulator, at: time)
      let amount = min(amount(accumulator.measure, asked), room)
      if amount <= 0 { continue }
      taken.append(accumulator)
      if let window = window(accumulator.measure) {
        accumulations[accumulator, default: Accumulation()].take(amount, at: time, window: window)
      } else {
        let before = counted(accumulator, at: time)
        accumulations[accumulator, default: Accumulation()].ofDay = before + amount
        accumulations[accumulator]!.day = day
      }
    }
    return taken
  }

  func accumulating(_ asked: Case) -> [Limit] {
    limits(RCK_CONTROL_ACCUMULATED, scopes(asked.request.ids), asked.request).filter {
      amount($0.record.measure, asked) > 0
    }
  }

  /// A leg is withdrawn.
  func unaccumulate(_ taken: [Accumulator], _ asked: Case) {
    for accumulator in taken {
      if window(accumulator.measure) != nil {
        accumulations[accumulator]!.undo()
      } else {
        accumulations[accumulator]!.ofDay -= amount(accumulator.measure, asked)
      }
    }
  }

  func opened(_ request: Request, _ conversion: Conversion, _ price: Int64) -> (quantity: Wide, value: Wide) {
    let old = request.amended.map { $0.contribution($0.terms) } ?? Contribution()
    let value = conversion.value(request.leaves, at: price)!
    return (max(request.leaves - old.quantity, 0), max(value - old.value, 0))
  }
}
