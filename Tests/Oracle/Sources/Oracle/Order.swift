import CRiskCheck

/// What an order asks for, and what that is worth.
struct Terms {
  var price: Int64
  var stopPrice: Int64
  var quantity: Int64
  /// The price that it is valued at, and the conversion of that moment.
  var valuePrice: Int64
  var conversion: Conversion
}

/// An order that passed, or that a report made known, until it is forgotten.
public final class Order {
  /// The oracle's own, from 1 in the order in which they were given.
  public let token: UInt64
  /// All ids it is known by; the last accepted one is `id`.
  public internal(set) var ids: [UInt64]
  public internal(set) var id: UInt64
  let correlation: UInt64
  public let account: UInt32
  public let strategy: UInt32
  public let instrument: UInt32
  let venue: UInt32
  public let side: UInt8
  let type: UInt8
  public let force: UInt8
  /// Whether the strategy's row and book count it.
  let inRow: Bool
  let inBook: Bool
  /// A report for an unknown order made it: no terms are equal to its.
  let fromReport: Bool
  var terms: Terms?
  var pending: Terms?
  var pendingId: UInt64 = 0
  /// How much of the quantity was consumed, and the cumulative quantity known from reports.
  public internal(set) var executed: Wide = 0
  public internal(set) var known: Wide = 0
  public internal(set) var finished = false

  init(
    token: UInt64, id: UInt64, correlation: UInt64, ids: Identity, type: UInt8, force: UInt8, venue: UInt32,
    inRow: Bool, inBook: Bool, terms: Terms?
  ) {
    self.token = token
    self.ids = [id]
    self.id = id
    self.correlation = correlation
    account = ids.account
    strategy = ids.strategy
    instrument = ids.instrument
    side = ids.side
    self.type = type
    self.force = force
    self.venue = venue
    self.inRow = inRow
    self.inBook = inBook
    self.terms = terms
    fromReport = terms == nil
  }

  var buy: Bool { side == UInt8(RCK_SIDE_BUY) }
  public var amending: Bool { pending != nil }

  func leaves(_ terms: Terms?) -> Wide { terms.map { max(Wide($0.quantity) - executed, 0) } ?? 0 }

  /// The larger of what the old and the new terms leave.
  public var leaves: Wide { finished ? 0 : max(leaves(terms), leaves(pending)) }

  func contribution(_ terms: Terms?) -> Contribution {
    guard let terms, !finished else { return Contribution() }
    let leaves = leaves(terms)
    // What was valued whole is valued in part.
    return Contribution(quantity: leaves, value: terms.conversion.value(leaves, at: terms.valuePrice)!)
  }

  /// What the rows hold of it.
  var contribution: Contribution { contribution(terms).larger(contribution(pending)) }
}

/// Who trades what, in which direction.
struct Identity {
  var account: UInt32
  var strategy: UInt32
  var instrument: UInt32
  var side: UInt8
}

/// A fill that can be undone.
final class Execution {
  let order: Order
  let quantity: Wide
  /// That was booked, signed as the price is.
  let value: Wide
  var busted = false

  init(order: Order, quantity: Wide, value: Wide) {
    self.order = order
    self.quantity = quantity
    self.value = value
  }
}

/// Finished orders, for each stripe of ports the last `capacity`.
struct Retired {
  private var stripes: [Remembered]

  init(capacity: Int) { stripes = Array(repeating: Remembered(capacity: capacity), count: 8) }

  var all: [UInt64] { stripes.flatMap(\.all) }
  var isEmpty: Bool { stripes.allSatisfy(\.isEmpty) }

  mutating func add(_ token: UInt64, _ port: UInt32) -> UInt64? { stripes[Int(port % 8)].add(token) }

  /// The oldest of the stripe that has most, the port's own first and then those behind it.
  mutating func removeOldest(_ port: UInt32) -> UInt64? {
    let turns = (0..<8).map { Int(port + $0) % 8 }
    let most = turns.map { stripes[$0].all.count }.max()
    return turns.first { stripes[$0].all.count == most }.flatMap { stripes[$0].removeOldest() }
  }
}

/// The last `capacity` keys, oldest first.
struct Remembered {
  let capacity: Int
  private var keys: [UInt64] = []
  private var first = 0

  init(capacity: Int) { self.capacity = capacity }

  var all: ArraySlice<UInt64> { keys[first...] }
  var isEmpty: Bool { first == keys.count }

  mutating func removeOldest() -> UInt64? {
    if isEmpty { return nil }
    first += 1
    return keys[first - 1]
  }

  /// Remembers a key; gives the one that is forgotten for it.
  mutating func add(_ key: UInt64) -> UInt64? {
    keys.append(key)
    guard keys.count - first > capacity else { return nil }
    first += 1
    let forgotten = keys[first - 1]
    if first > 4096 {
      keys.removeFirst(first)
      first = 0
    }
    return forgotten
  }
}
