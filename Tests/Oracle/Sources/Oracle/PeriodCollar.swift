import CRiskCheck

/// P05: how far a price is from the lowest and the highest that were in force in a period.
extension Oracle {
  func periodCollar(_ limit: Limit, _ asked: Case) -> Seen {
    let market = markets[asked.instrument.id] ?? Market()
    guard let now = market.trade?.price else { return .missing(RCK_REJECT_PERIOD_PRICE_MISSING) }
    let since = asked.request.time - limit.record.window_ns
    var lowest = market.prices.lowest(after: since, now)
    let highest = market.prices.highest(after: since, now)
    if plant == .periodBegins { lowest = market.prices.lowestTraded(after: since) ?? now }
    if lowest == 0 || highest == 0 { return .missing(RCK_REJECT_PERIOD_PRICE_MISSING) }
    let price = Wide(asked.price)
    let above = divideUp(max(price - Wide(lowest), 0) * 10_000, by: abs(Wide(lowest)))
    let below = divideUp(max(Wide(highest) - price, 0) * 10_000, by: abs(Wide(highest)))
    return above >= below
      ? .amount(above, RCK_REJECT_PERIOD_COLLAR_ABOVE) : .amount(below, RCK_REJECT_PERIOD_COLLAR_BELOW)
  }
}

/// The prices of an instrument's trades: all of them, and the candidates that there is room for. Where the two differ,
/// the candidates count, and they must err to one side alone.
struct PriceHistory {
  private var trades: [(time: Int64, price: Int64)] = []
  private var lows = Candidates()
  private var highs = Candidates()

  /// How many candidates there may be, and no period is longer than what.
  struct Room {
    var most: Int
    var longest: Int64
  }

  /// A trade has ended the price of the one before it.
  mutating func end(_ old: (price: Int64, time: Int64)?, at time: Int64, by price: Int64, _ room: Room) {
    if let old {
      if trades.isEmpty { trades.append((old.time, old.price)) }
      lows.end(old.price, at: time, by: price, room)
      highs.end(-old.price, at: time, by: -price, room)
    }
    trades.append((time, price))
  }

  func lowest(after since: Int64, _ now: Int64) -> Int64 {
    let (found, isExact) = lows.lowest(after: since, now)
    let exact = inForce(after: since).min() ?? now
    precondition(isExact ? found == exact : found <= exact)
    return found
  }

  func highest(after since: Int64, _ now: Int64) -> Int64 {
    let (found, isExact) = highs.lowest(after: since, -now)
    let exact = inForce(after: since).max() ?? now
    precondition(isExact ? -found == exact : -found >= exact)
    return -found
  }

  /// Of the trades in the period alone.
  func lowestTraded(after since: Int64) -> Int64? {
    trades.reversed().prefix { $0.time > since }.map(\.price).min()
  }

  /// Prices of trades after a time, and of the last before these.
  private func inForce(after since: Int64) -> [Int64] {
    let inside = trades.reversed().prefix { $0.time > since }
    let before = trades.dropLast(inside.count).last
    return inside.map(\.price) + (before.map { [$0.price] } ?? [])
  }
}

/// Prices that may be the lowest of some period up to now, each with the time at which it ended, the oldest first.
private struct Candidates {
  struct Candidate {
    var price: Int64
    var end: Int64
    /// It stands for itself and for a younger one.
    var isMerged = false
  }

  var all: [Candidate] = []

  mutating func end(_ price: Int64, at time: Int64, by next: Int64, _ room: PriceHistory.Room) {
    all.append(Candidate(price: price, end: time))
    // One that a later price matches or goes below is none any more.
    all = all.filter { $0.price < next }
    // Nor is one that ended together with a lower one.
    if all.count >= 2, all[all.count - 2].end >= all[all.count - 1].end { all.removeLast() }
    if all.count <= room.most { return }
    var best = 0
    if all.count > 2 && all[1].end > time - room.longest {
      best = 1
      for pair in 1..<all.count - 1 {
        // span / age of this pair against the best one's.
        if span(pair) * age(best, time) < span(best) * age(pair, time) { best = pair }
      }
    }
    all[best] = Candidate(price: all[best].price, end: all[best + 1].end, isMerged: true)
    all.remove(at: best + 1)
  }

  /// From the end of the candidate before a pair to the end of its younger.
  private func span(_ pair: Int) -> Wide { Wide(all[pair + 1].end) - Wide(all[pair - 1].end) }

  private func age(_ pair: Int, _ time: Int64) -> Wide { Wide(time) - Wide(all[pair + 1].end) + 1 }

  func lowest(after since: Int64, _ now: Int64) -> (price: Int64, isExact: Bool) {
    guard let first = all.first(where: { $0.end > since }) else { return (now, true) }
    return (first.price, !first.isMerged)
  }
}
