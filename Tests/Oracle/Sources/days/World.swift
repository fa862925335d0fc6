import CRiskCheck
import Oracle
import Script

/// What a run of days begins with: a configuration, and definitions that differ in everything that matters.
struct World {
  let config: rck_config
  let ports: Int
  static let accounts: UInt32 = 5
  static let strategies: UInt32 = 4
  static let instruments: UInt32 = 8
  /// Days after the first, as dates.
  static let firstDay: UInt32 = 20_240_102

  init(_ random: inout Random, discipline: Int32) {
    var config = Table.small
    config.discipline = UInt32(discipline)
    // Capacities are small as often as not, so that everything is forgotten and refused that can be.
    config.orders_max = random.of([256, 256, 256, 24])
    config.retired_ids_max = random.of([64, 64, 8, 3])
    config.executions_max = random.of([64, 64, 8, 2])
    config.positions_max = random.of([80, 80, 80, 80, 80, 30])
    config.rate_exact_max = random.of([16, 4])
    config.clock_back_ns_max = random.of([0, 1_000])
    config.mark_age_ns_max = random.of([20_000, 2_000_000])
    config.ports_max = 3
    config.limits_max = 512
    config.windows_max = 64
    config.ring_lines = 64
    self.config = config
    ports = discipline == RCK_ONE_WRITER ? 1 : 3
  }

  func definitions(_ random: inout Random) -> [Command] {
    var made: [Command] = []
    for (id, rate, decimals) in [(1, 1, 0), (2, 1_085, 3), (3, 64_123, 7)] {
      made.append(.currency(World.currency(UInt32(id), Int64(rate), UInt32(decimals))))
    }
    for id in UInt32(1)...4 {
      var group = sized(rck_group(), \.struct_size)
      group.id = id
      group.kind = UInt32(id == 4 ? RCK_GROUP_OF_INSTRUMENTS : RCK_GROUP_OF_ACCOUNTS)
      made.append(.group(group))
    }
    for id in 1...World.accounts { made.append(.account(World.account(id, &random))) }
    for id in 1...World.strategies { made.append(.strategy(World.strategy(id, &random))) }
    for id in 1...World.instruments { made.append(.instrument(World.instrument(id, &random))) }
    for id in 1...World.accounts where id != 5 {
      made.append(.cashSet(World.cash(id, random.in(1_000_000...50_000_000))))
    }
    var day = Arguments()
    day.date = World.firstDay
    made.append(.dayStart(day))
    return made
  }

  static func currency(_ id: UInt32, _ rate: Int64, _ decimals: UInt32) -> rck_currency {
    var currency = sized(rck_currency(), \.struct_size)
    (currency.id, currency.rate, currency.rate_decimals) = (id, rate, decimals)
    return currency
  }

  static func account(_ id: UInt32, _ random: inout Random) -> rck_account {
    var account = sized(rck_account(), \.struct_size)
    account.id = id
    account.flags = random.one(in: 40) ? 0 : UInt32(RCK_ENABLED)
    for flag in [RCK_POWER_CREDIT, RCK_POWER_REALISED, RCK_POWER_FEES, RCK_POWER_MARKED] {
      if random.one(in: 2) { account.flags |= UInt32(flag) }
    }
    for flag in [RCK_HALT_ON_LATE, RCK_HALT_ON_OVER_FILL, RCK_HALT_ON_UNKNOWN] where id == 3 {
      if random.one(in: 2) { account.flags |= UInt32(flag) }
    }
    account.permissions = permissions(&random)
    account.groups = random.of([(0, 0, 0, 0), (1, 0, 0, 0), (0, 2, 0, 1), (3, 2, 1, 0)])
    account.margin_class = UInt32(random.below(3))
    return account
  }

  static func strategy(_ id: UInt32, _ random: inout Random) -> rck_strategy {
    var strategy = sized(rck_strategy(), \.struct_size)
    strategy.id = id
    strategy.flags = random.one(in: 40) ? 0 : UInt32(RCK_ENABLED)
    strategy.permissions = permissions(&random)
    return strategy
  }

  private static func permissions(_ random: inout Random) -> UInt32 {
    var permissions = UInt32(RCK_PERMIT_ALL)
    if random.one(in: 8) { permissions &= ~UInt32(RCK_PERMIT_SHORT) }
    if random.one(in: 20) { permissions &= ~(1 << UInt32(random.below(12))) }
    return permissions
  }

  static func cash(_ account: UInt32, _ amount: Int64) -> rck_cash {
    var cash = sized(rck_cash(), \.struct_size)
    (cash.account, cash.cash, cash.credit, cash.actor) = (account, amount, amount / 2, 1)
    return cash
  }

  /// Units stay with the id, so that an instrument in use can be defined again; the rest is drawn.
  static func instrument(_ id: UInt32, _ random: inout Random) -> rck_instrument {
    var made = sized(rck_instrument(), \.struct_size)
    made.id = id
    made.currency = [1, 1, 2, 3, 1, 2, 1, 1][Int(id) - 1]
    made.price_decimals = [2, 4, 2, 0, 2, 8, 0, 2][Int(id) - 1]
    made.quantity_decimals = [0, 0, 0, 0, 1, 8, 0, 0][Int(id) - 1]
    made.multiplier = [1, 1, 25, 1_000, 1, 1, 1, 1][Int(id) - 1]
    made.multiplier_decimals = [0, 0, 1, 0, 0, 0, 0, 0][Int(id) - 1]
    made.lot = [1, 10, 1, 1, 5, 100_000, 1, 1][Int(id) - 1]
    made.tick = [1, 5, 25, 1, 1, 1_000, 1, 1][Int(id) - 1]
    let negative = id == 5
    made.flags = random.one(in: 30) ? 0 : UInt32(RCK_ENABLED)
    if negative { made.flags |= UInt32(RCK_PRICE_NEGATIVE) }
    if id == 4 { made.groups = (4, 0, 0, 0) }
    let middle = World.middle(id)
    let ticks = made.tick
    if random.one(in: 3) && !negative {
      made.price_min = (middle * 8 / 10) / ticks * ticks
      made.price_max = middle * 12 / 10
    }
    made.previous_close = random.one(in: 4) ? 0 : middle + ticks * random.in(-5...5)
    made.reference_price = random.one(in: 4) ? 0 : middle + ticks * random.in(-5...5)
    made.reference = UInt32(random.of([0, 1, 1, 1, 2, 2, 3, 3, 4, 5]))
    made.slippage_bps = random.of([0, 10, 33, 100, 10_000])
    // Positions in 7 may be so large that their hundredfold has no number.
    let margins: [UInt32] = [10_000, 5_000, 3_333, 1, 0, id == 7 ? 9_999 : 1_000_000]
    made.margin_bps = (
      random.of([10_000, 5_000]), random.of(Array(margins.prefix(4))), random.of(margins), 0
    )
    return made
  }

  /// Where prices of an instrument are about.
  static func middle(_ id: UInt32) -> Int64 {
    [10_000, 1_250_000, 445_000, 950, 0, 4_500_000_000, 3, 2_500][Int(id) - 1]
  }
}
