import CRiskCheck
import Oracle
import Script

/// What a run of days begins with: a configuration, and definitions that differ in everything that matters.
struct World {
  let config: rck_config
  let ports: Int
  /// Orders live long, until there is no place for more.
  let hoards: Bool
  static let accounts: UInt32 = 5
  static let strategies: UInt32 = 4
  static let instruments: UInt32 = 9
  static let groups = 11
  /// Of the last no run begins with a definition.
  static let calendars: UInt32 = 4
  /// Who takes instrument 9, and from which side, until no number can hold it.
  static let heaping: (account: UInt32, side: UInt8) = (1, UInt8(RCK_SIDE_BUY))
  /// Days after the first, as dates.
  static let firstDay: UInt32 = 20_240_102

  /// Numbers at the edges of what is allowed, and beyond.
  static let odd: [Int64] = [
    Int64.min, Int64.max, 0, -1, 1, 1 << 53, 1 << 53 + 1, -(1 << 53), 1 << 60, 1 << 60 + 1, 1 << 40,
  ]

  init(_ random: inout Random, discipline: Int32) {
    var config = Table.small
    config.discipline = UInt32(discipline)
    // Capacities are small as often as not, so that everything is forgotten and refused that can be.
    ports = discipline == RCK_ONE_WRITER || random.one(in: 4) ? 1 : 3
    config.orders_max = random.of([256, 256, 24, 1])
    hoards = config.orders_max < 256 && random.one(in: 2)
    config.retired_ids_max = random.of([64, 64, 8, 3])
    config.executions_max = random.of([64, 64, 8, 2])
    config.positions_max = random.of([80, 80, 80, 80, 80, 30])
    config.rate_exact_max = random.of([16, 4])
    config.clock_back_ns_max = random.of([0, 1_000])
    config.mark_age_ns_max = random.of([20_000, 2_000_000])
    config.ports_max = UInt64(random.of([ports, 3]))
    config.limits_max = random.of([512, 512, 512, 12])
    config.windows_max = random.of([64, 64, 64, 3])
    config.leases_max = random.of([64, 64, 64, 3])
    config.order_history_max = random.of([4, 64, 64, 9])
    config.price_history_max = random.of([2, 4, 9, 32, 256])
    config.money_decimals = random.of([2, 2, 0, 4])
    config.ring_lines = 64
    self.config = config
  }

  func definitions(_ random: inout Random) -> [Command] {
    var made: [Command] = []
    for (id, rate, decimals) in [(1, 1, 0), (2, 1_085, 3), (3, 64_123, 7)] {
      made.append(.currency(World.currency(UInt32(id), Int64(rate), UInt32(decimals))))
    }
    var kinds = [
      RCK_GROUP_OF_ACCOUNTS, RCK_GROUP_OF_ACCOUNTS, RCK_GROUP_OF_ACCOUNTS, RCK_GROUP_OF_INSTRUMENTS,
      RCK_GROUP_OF_STRATEGIES,
    ]
    // Nobody is in these: an instrument can have more lists than it takes.
    while kinds.count < World.groups { kinds.append(RCK_GROUP_OF_ACCOUNTS) }
    for (index, kind) in kinds.enumerated() {
      var group = sized(rck_group(), \.struct_size)
      group.id = UInt32(index) + 1
      group.kind = UInt32(kind)
      if kind == RCK_GROUP_OF_INSTRUMENTS { group.quantity_decimals = random.of([0, 1, 2, 9]) }
      made.append(.group(group))
    }
    for id in 1...World.accounts { made.append(.account(World.account(id, &random))) }
    for id in 1...World.strategies { made.append(.strategy(World.strategy(id, &random))) }
    for id in 1...World.instruments { made.append(.instrument(World.instrument(id, &random))) }
    for id in 1...World.calendars where id != 4 {
      made.append(.calendar(World.calendar(id, at: 1_000_000, &random)))
    }
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
    account.margin_class = random.of([0, 0, 1, 1, 2, 2, 3])
    return account
  }

  static func strategy(_ id: UInt32, _ random: inout Random) -> rck_strategy {
    var strategy = sized(rck_strategy(), \.struct_size)
    strategy.id = id
    strategy.flags = random.one(in: 40) ? 0 : UInt32(RCK_ENABLED)
    strategy.permissions = permissions(&random)
    if id == 2 || id == 3 && random.one(in: 2) { strategy.groups = (0, 0, 5, 0) }
    return strategy
  }

  private static func permissions(_ random: inout Random) -> UInt32 {
    var permissions = UInt32(RCK_PERMIT_ALL)
    if random.one(in: 8) { permissions &= ~UInt32(RCK_PERMIT_SHORT) }
    if random.one(in: 20) { permissions &= ~(1 << UInt32(random.below(12))) }
    return permissions
  }

  /// About a time, so that some of it has passed and it may end soon; most of it is open.
  static func calendar(_ id: UInt32, at now: Int64, _ random: inout Random) -> rck_calendar {
    var calendar = sized(rck_calendar(), \.struct_size)
    calendar.id = id
    let count = random.of([1, 2, 3, 16, 63, 64, 64])
    calendar.entries = UInt32(count)
    let step: Int64 = random.of([50, 2_000, 30_000])
    var next = max(now - random.in(-20...step), 0)
    for index in 0..<count {
      calendar.set(index, next, sessions(&random))
      next += random.in(1...step)
    }
    calendar.end_ns = next + (random.one(in: 6) ? random.in(0...50_000) : 4_000_000)
    return calendar
  }

  private static func sessions(_ random: inout Random) -> UInt32 {
    switch random.below(8) {
    case 0, 1: return 0
    case 2, 3, 4: return UInt32(RCK_PERMIT_ALL) & ~(1 << UInt32(random.below(12)))
    default: return UInt32(RCK_PERMIT_ALL)
    }
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
    let units = units[Int(id) - 1]
    (made.currency, made.price_decimals, made.quantity_decimals) = (
      units.currency, units.price, units.quantity
    )
    (made.multiplier, made.multiplier_decimals) = (units.multiplier, units.multiplierDecimals)
    (made.lot, made.tick) = (units.lot, units.tick)
    let negative = id == 5
    made.flags = random.one(in: 30) ? 0 : UInt32(RCK_ENABLED)
    if negative { made.flags |= UInt32(RCK_PRICE_NEGATIVE) }
    if [2, 8].contains(id) && random.one(in: 2) { made.flags |= UInt32(RCK_SHORT_LOCATE) }
    if id == 3 || id == 4 { made.groups = (4, 0, 0, 0) }
    if id == 6 { made.groups = (0, 0, 4, 0) }
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
    let margins: [UInt32] = [10_000, 5_000, 3_333, 1, 0, 1_000_000]
    made.margin_bps = (
      random.of([10_000, 5_000]), random.of(Array(margins.prefix(4))), random.of(margins), 0
    )
    return made
  }

  struct Units {
    var currency: UInt32 = 1
    var price: UInt32 = 2
    var quantity: UInt32 = 0
    var multiplier: Int64 = 1
    var multiplierDecimals: UInt32 = 0
    var lot: Int64 = 1
    var tick: Int64 = 1
    /// Where prices are about.
    var middle: Int64
  }

  /// A share, a future, an index, a large contract, a spread around zero, a coin; 7 and 9 in quantities that reach
  /// the bounds, of value and of quantities.
  private static let units = [
    Units(middle: 10_000), Units(price: 4, lot: 10, tick: 5, middle: 1_250_000),
    Units(currency: 2, multiplier: 25, multiplierDecimals: 1, tick: 25, middle: 445_000),
    Units(currency: 3, price: 0, multiplier: 1_000, middle: 950), Units(quantity: 1, lot: 5, middle: 0),
    Units(currency: 2, price: 8, quantity: 8, lot: 100_000, tick: 1_000, middle: 4_500_000_000),
    Units(price: 0, middle: 3), Units(middle: 2_500), Units(price: 9, quantity: 9, middle: 20),
  ]

  static func lot(_ id: UInt32) -> Int64 { units[Int(id) - 1].lot }
  static func tick(_ id: UInt32) -> Int64 { units[Int(id) - 1].tick }
  static func middle(_ id: UInt32) -> Int64 { units[Int(id) - 1].middle }
}

extension rck_calendar {
  mutating func set(_ index: Int, _ start: Int64, _ permitted: UInt32) {
    withUnsafeMutableBytes(of: &starts) { $0.bindMemory(to: Int64.self)[index] = start }
    withUnsafeMutableBytes(of: &permissions) { $0.bindMemory(to: UInt32.self)[index] = permitted }
  }
}
