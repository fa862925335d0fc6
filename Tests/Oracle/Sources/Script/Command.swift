import CRiskCheck

/// A token as a script names it: the one that was given for an order id at its n-th grant, or a number that
/// names nothing.
public struct TokenName: Equatable, Sendable {
  public var id: UInt64
  public var grant: Int
  public var number: UInt64

  public static let none = TokenName(id: 0, grant: 0, number: 0)

  public init(id: UInt64, grant: Int = 1) {
    self.init(id: id, grant: grant, number: 0)
  }

  public init(number: UInt64) {
    self.init(id: 0, grant: 0, number: number)
  }

  private init(id: UInt64, grant: Int, number: UInt64) {
    self.id = id
    self.grant = grant
    self.number = number
  }
}

/// One call, with all its arguments.
public enum Command {
  case currency(rck_currency)
  case group(rck_group)
  case account(rck_account)
  case strategy(rck_strategy)
  case instrument(rck_instrument)
  /// Kept apart: it is larger than all others.
  indirect case calendar(rck_calendar)
  case limitSet(rck_limit, flags: UInt32)
  case limitRemove(rck_limit, flags: UInt32)
  case publish
  case latchSet(rck_latch)
  case latchClear(rck_latch)
  case latchGet(rck_latch)
  case rearm(rck_rearming)
  /// Watches name the port that the step is on.
  case watchSet(rck_port_watch)
  case watchGet(rck_port_watch)
  case watch(Arguments)
  case beat(Arguments)
  case portClose
  case overrideSet(rck_override)
  case overrideGet(rck_override)
  case overrideRemove(rck_override)
  case check(rck_order)
  case checkDry(rck_order)
  case dropCopy(rck_order)
  case headroom(rck_order)
  /// A leg of the port's next batch that is all or none; and that batch.
  case leg(rck_order)
  case legs
  case amend(TokenName, rck_order)
  case amendResult(TokenName, Arguments)
  case cancel(TokenName, Arguments)
  case release(TokenName, Arguments)
  case confirm(TokenName, Arguments)
  case fill(TokenName, rck_report)
  case positionSet(rck_position)
  case cashSet(rck_cash)
  case dayStart(Arguments)
  case quote(rck_quote)
  case trade(rck_trade)
  case book(rck_book)
  case volume(Arguments)
  case mark(Arguments)
  case metric(Arguments)
  case positionGet(rck_position_info)
  case bookGet(rck_book_info)
  case orderGet(TokenName, Arguments)
  case openOrders(Arguments)
  case limitsArmed
}

/// Arguments of calls that take no record.
public struct Arguments {
  public var order_id: UInt64 = 0
  public var accepted: UInt32 = 0
  public var reason: UInt32 = 0
  public var time_ns: Int64 = 0
  public var date: UInt32 = 0
  public var instrument: UInt32 = 0
  public var price: Int64 = 0
  public var scope_kind: UInt32 = 0
  public var id: UInt32 = 0
  public var volume: Int64 = 0
  public var metric: UInt32 = 0
  public var value: Double = 0

  public init() {}
}

/// A command on a port.
public struct Step {
  public var port: UInt32
  public var command: Command
  /// The library is given it in one batch with the step before it.
  public var joins = false

  public init(port: UInt32 = 1, _ command: Command) {
    self.port = port
    self.command = command
  }
}

/// What a call gave. Records that are only filled after a status of 0 are otherwise as they were given.
public enum Outcome {
  case status(Int32)
  case verdict(rck_verdict)
  case legs(Int32, [rck_verdict])
  case headroom(rck_verdict, quantity: Int64)
  case day(Int32, released: UInt32)
  case count(Int32, UInt32)
  case latch(Int32, rck_latch)
  case watch(Int32, rck_port_watch)
  case ports(Int32, [UInt32])
  case overrideId(Int32, UInt32)
  case override(Int32, rck_override)
  case position(Int32, rck_position_info)
  case book(Int32, rck_book_info)
  case order(Int32, rck_order_info)
}

/// Which tokens were given for which ids, in the caller's own numbers.
public struct Grants {
  private var tokens: [UInt64: [UInt64]] = [:]
  private var names: [UInt64: TokenName] = [:]
  /// What a name that was never granted stands for: no token is like it.
  static let nothing: UInt64 = 0xffff_ffff_ffff_fff0

  public init() {}

  public func token(_ name: TokenName) -> UInt64 {
    if name.id == 0 { return name.number }
    guard let granted = tokens[name.id], name.grant <= granted.count else { return Grants.nothing }
    return granted[name.grant - 1]
  }

  public func name(_ token: UInt64) -> TokenName? { names[token] }

  public mutating func grant(_ token: UInt64, id: UInt64) {
    tokens[id, default: []].append(token)
    names[token] = TokenName(id: id, grant: tokens[id]!.count)
  }
}

extension Command {
  /// The token that the command names; nil when it takes none.
  public var token: TokenName? {
    switch self {
    case .amend(let name, _), .fill(let name, _): name
    case .amendResult(let name, _), .cancel(let name, _), .release(let name, _), .confirm(let name, _),
      .orderGet(let name, _):
      name
    default: nil
    }
  }
}
