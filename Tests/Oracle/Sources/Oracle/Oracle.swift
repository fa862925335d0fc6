import CRiskCheck

/// The state behind every command, in dictionaries. One command at a time; nothing is remembered that the
/// rules do not ask for. Written from the rules, never from the library.
public final class Oracle {
  public let config: rck_config
  /// What is wrong on purpose.
  let plant: Plant?
  // Definitions.
  var currencies: [UInt32: rck_currency] = [:]
  var groups: [UInt32: rck_group] = [:]
  var accounts: [UInt32: rck_account] = [:]
  var strategies: [UInt32: rck_strategy] = [:]
  var instruments: [UInt32: rck_instrument] = [:]
  var conversions: [UInt32: Conversion] = [:]
  var calendars: [UInt32: rck_calendar] = [:]
  // Limits and latches.
  var limits = Limits()
  var windows: [Scope: [UInt32: RateWindow]] = [:]
  var windowsGiven = 0
  var accumulations: [Accumulator: Accumulation] = [:]
  var accumulatorsGiven: Set<Accumulator> = []
  var duplicates: DuplicateTable
  var latches: [Scope: rck_latch] = [:]
  /// Limits in breach: when an order last exceeded a level that asks for more than refusing, and the highest.
  var breaches: [LimitKey: (last: Int64, severity: Int32)] = [:]
  /// By place; and how many ids were given.
  var overrides: [Override?] = Array(repeating: nil, count: Int(RCK_OVERRIDES_MAX))
  var overridesGiven: UInt32 = 0
  /// How ports are watched; of those that are open, when they were opened.
  var watches: [UInt32: rck_port_watch] = [:]
  var openings: [UInt32: Int64] = [:]
  // Positions and sums: keys are of account or strategy with instrument, and of account or strategy.
  var rows: [Scope: Row] = [:]
  /// Pairs that have a place for a row: those that have one, and those whose position was ever limited.
  var rowPlaces: Set<Scope> = []
  var books: [Scope: Book] = [:]
  /// Accounts and strategies whose conduct was ever limited.
  var conduct: [Scope: Conduct] = [:]
  var repeated = RepeatedExecutions()
  /// Strategies whose exposure, or working orders too, were ever limited, and pairs whose position was.
  var exposureTracked: Set<UInt32> = []
  var bookTracked: Set<UInt32> = []
  var positionTracked: Set<Scope> = []
  /// Totals that were given out, and those that count.
  var totalsGiven: Set<Total> = []
  var totalsCounted: Set<Total> = []
  // Orders.
  var orders: [UInt64: Order] = [:]
  var ids: [UInt64: Order] = [:]
  var live: Set<UInt64> = []
  var retired: Retired
  /// Who calls.
  public var port: UInt32 = 0
  var executions: [UInt64: Execution] = [:]
  var executionIds: Remembered
  var tokensGiven: UInt64 = 0
  // Market and time.
  var markets: [UInt32: Market] = [:]
  /// The longest window of any period collar that was published; nil: there was none.
  var longestPeriod: Int64?
  var metrics: [UInt32: Fed] = [:]
  var portTimes: [UInt32: Int64] = [:]
  var day: UInt32 = 0
  /// In which order the orders of a day are to end, by token: which is nobody's promise. Empty: as they came.
  public var endingOrder: [UInt64] = []
  /// What was seen of a step when few places are free. Those that another port has at hand are nobody else's, so
  /// that a port may find none, and which are at hand is nobody's promise. Nil: only the count decides.
  public var seen: (forgotten: Int, isFull: Bool)?
  /// Likewise of legs: at which one it found none.
  public var seenFullAt: Int?

  public init(_ config: rck_config, plant: Plant? = nil) {
    self.config = config
    self.plant = plant
    duplicates = DuplicateTable(capacity: Int(config.duplicates_max))
    retired = Retired(capacity: Int(config.retired_ids_max))
    executionIds = Remembered(capacity: Int(config.executions_max))
  }

  // MARK: - Time

  enum Time {
    case at(Int64)
    case refused(Int32)
  }

  /// The time that a record on a port carries. Nothing moves yet.
  func judge(_ given: Int64, port: UInt32) -> Time {
    if given == 0 { return .refused(RCK_REJECT_TIME_MISSING) }
    if given < 0 || given > Int64(RCK_TIME_NS_MAX) { return .refused(RCK_REJECT_TIME_RANGE) }
    let latest = portTimes[port] ?? 0
    if given >= latest { return .at(given) }
    return latest - given <= config.clock_back_ns_max ? .at(latest) : .refused(RCK_REJECT_TIME_BACK)
  }

  func move(port: UInt32, to time: Int64) { portTimes[port] = time }

  /// The latest time of any port.
  public var latest: Int64 { portTimes.values.max() ?? 0 }

  public func time(ofPort port: UInt32) -> Int64 { portTimes[port] ?? 0 }

  // MARK: - Orders by name

  /// The order of a token or, with token 0, of an id.
  public func order(token: UInt64, id: UInt64) -> Order? { token != 0 ? orders[token] : ids[id] }

  func remember(_ order: Order) {
    orders[order.token] = order
    ids[order.id] = order
  }

  func nextToken() -> UInt64 {
    tokensGiven += 1
    return tokensGiven
  }

  /// An order ends; of those that ports of this stripe ended, the one that did longest ago is forgotten for it.
  func finish(_ order: Order) {
    order.finished = true
    order.pending = nil
    live.remove(order.token)
    if let token = retired.add(order.token, port) { forget(token) }
  }

  func forget(_ token: UInt64) {
    for id in orders.removeValue(forKey: token)?.ids ?? [] { ids[id] = nil }
  }

  // MARK: - Looking

  /// Finished orders.
  public var remembered: [UInt64] { retired.all }
  public var liveOrders: [Order] { live.compactMap { orders[$0] } }
  public var rowScopes: [Scope] { Array(rows.keys) }
  public func row(_ scope: Scope) -> Row? { rows[scope] }
  public func book(_ scope: Scope) -> Book { books[scope] ?? Book() }
  public var limitsInForce: [LimitKey: Limit] { limits.inForce }
  public func limitNumber(_ key: LimitKey) -> UInt32? { limits.numbers[key] }
  /// Scopes that are latched, the same for the same history.
  public var latched: [Scope] { latches.keys.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) } }
  public func account(_ id: UInt32) -> rck_account? { accounts[id] }
  public func strategy(_ id: UInt32) -> rck_strategy? { strategies[id] }
  public func instrument(_ id: UInt32) -> rck_instrument? { instruments[id] }
}

/// What is known of an instrument's market.
struct Market {
  var trade: rck_trade?
  var quote: rck_quote?
  /// Sums of the levels of the latest book.
  var book: (time: Int64, bids: Wide, asks: Wide)?
  /// Of trades, and the date on which they were; and what the host has set.
  var volume: (date: UInt32, quantity: Wide)?
  var average: Int64 = 0
  var prices = PriceHistory()
}
