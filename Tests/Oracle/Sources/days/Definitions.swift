import CRiskCheck
import Oracle
import Script

/// Definitions that change during the day, now and then into what they must not be.
extension Generator {
  mutating func define(_ oracle: Oracle) -> Command {
    if random.one(in: 5) { return calendar() }
    switch random.below(29) {
    case ..<10:
      var made = World.instrument(instrument(), &random)
      if random.one(in: 4) { spoil(&made) }
      return .instrument(made)
    case ..<18:
      var made = World.account(random.in(1...Int64(World.accounts)).asId, &random)
      switch random.below(20) {
      case 0: made.id = random.of([0, 9, UInt32.max])
      case 1: made.flags = 2
      case 2: made.permissions = 1 << 12
      case 3: made.groups = random.of([(4, 0, 0, 0), (1, 1, 0, 0), (11, 0, 0, 0)])
      case 4: made.margin_class = 4
      case 5: made.reserved = 1
      default: break
      }
      return .account(made)
    case ..<23:
      var made = World.strategy(random.in(1...Int64(World.strategies)).asId, &random)
      switch random.below(20) {
      case 0: made.id = random.of([0, 7, UInt32.max])
      case 1: made.flags = 2
      case 2: made.permissions = 1 << 12
      case 3: made.groups = random.of([(1, 0, 0, 0), (5, 0, 5, 0), (11, 0, 0, 0)])
      default: break
      }
      return .strategy(made)
    default:
      var made = World.currency(UInt32(random.in(2...3)), random.in(1...200_000), UInt32(random.in(0...6)))
      switch random.below(20) {
      case 0: made.id = random.of([0, 5, UInt32.max])
      case 1: made.flags = 1
      // Not yet rates that leave what an amend holds without a margin: the core calls that contended.
      case 2: made.rate = random.of(World.odd)
      case 3: made.rate_decimals = random.of([18, 19])
      default: break
      }
      return .currency(made)
    }
  }

  private mutating func calendar() -> Command {
    var made = World.calendar(UInt32(random.in(1...Int64(World.calendars))), at: clock, &random)
    let last = Int(made.entries) - 1
    switch random.below(30) {
    case 0: made.id = random.of([0, 65, UInt32.max])
    case 1: made.flags = 1
    case 2: made.entries = random.of([0, 65, UInt32.max])
    case 3: made.set(random.below(last + 1), random.of(World.odd), 0)
    case 4: made.set(random.below(64), clock, random.of([1 << 12, 8]))
    case 5: made.end_ns = random.of(World.odd + [clock, made.allStarts[last]])
    case 6 where last < 63: made.set(last + 1, 0, 1)
    case 7 where last < 63: made.set(63, clock, 0)
    default: break
    }
    return .calendar(made)
  }

  /// Units may change only while nothing is kept in them.
  private mutating func spoil(_ made: inout rck_instrument) {
    switch random.below(16) {
    case 0: made.price_decimals = random.of([0, 18, 19])
    case 1: made.quantity_decimals = random.of([1, 19])
    case 2: made.multiplier = random.of(World.odd)
    case 3: made.multiplier_decimals = random.of([3, 10])
    case 4: made.currency = random.of([0, 1, 2, 4])
    case 5: made.lot = random.of([0, -1, 1, 1 << 53])
    case 6: made.tick = random.of([0, -1, 1, 1 << 53])
    case 7: made.price_min = random.of(World.odd)
    case 8: made.price_max = random.of(World.odd)
    case 9: made.previous_close = random.of(World.odd)
    case 10: made.reference_price = random.of(World.odd)
    case 11: made.reference = 6
    case 12: made.slippage_bps = 10_001
    case 13: made.margin_bps.2 = 1_000_001
    case 14: made.groups = random.of([(1, 0, 0, 0), (4, 4, 0, 0), (11, 0, 0, 0)])
    default: (made.flags, made.reserved) = random.of([(8, 0), (1, 1)])
    }
  }
}
