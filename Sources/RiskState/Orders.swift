import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Order rows: live orders, those that are remembered, and other ids of either. All that leads to a record is one line,
/// so that the orders of two ports, whose places come to lie side by side, share none:
///
///   0    link and key of the table of ids
///   16   the row's word
///   32   the place's node in the pool
public struct Orders<D: Discipline> {
  public let memory: Memory<D>
  public let rows: Rows<D>
  private let state: State

  static var wordAt: Int { 16 }
  static var nodeAt: Int { 32 }

  @inline(__always)
  public init(_ state: State) {
    self.state = state
    memory = Memory(
      state, slots: Sections.orderSlots, stride: Sections.orderHeadBytes, node: Self.nodeAt,
      rings: (Sections.retired, Sections.stripes), remembered: state.config.pointee.retired_ids_max,
      hands: Sections.orderHands)
    let (records, total) = state.region.place(of: Sections.orderRecords)
    rows = Rows(
      words: memory.heads + Self.wordAt, stride: Sections.orderHeadBytes,
      spares: state.region.start(of: Sections.orderSpares), records: records, rows: memory.count,
      spares: state.writers, recordBytes: Sections.orderBytes, total: total)
  }

  @inline(__always)
  public static func place(_ token: UInt64) -> Int { Slots<D>.index(token) }

  /// The order in a place, and its word; a token of 0 if there never was one. Nil: the memory is damaged.
  @inline(__always)
  public func read(_ place: Int, _ order: inout Order) -> UInt64? {
    while true {
      let word = rows.observe(place)
      if word == 0 {
        order.token = 0
        return 0
      }
      guard let record = rows.record(word) else { return nil }
      record.loadWords(&order)
      // Before the second look: see Legs.
      if order.shape & Order.leg != 0 { state.judgeLeg(&order) }
      if rows.holds(place, word) { return word }
      // Overtaken: each time somebody's change is done.
    }
  }

  /// Likewise, how its record begins.
  @inline(__always)
  public func glance(_ place: Int) -> OrderLine? {
    while true {
      var line = OrderLine()
      let word = rows.observe(place)
      if word == 0 { return line }
      guard let record = rows.record(word) else { return nil }
      record.loadWords(&line)
      if line.shape & Order.leg != 0 { return glance(leg: place) }
      if rows.holds(place, word) { return line }
    }
  }

  @inline(never)
  private func glance(leg place: Int) -> OrderLine? {
    var order = Order()
    return read(place, &order) == nil ? nil : OrderLine(order)
  }

  public enum Found {
    case place(Int)
    case unknown
    case broken
  }

  /// How the record of the order begins that a token, or with token 0 an id, names: see `find`. Without a token:
  /// unknown. Nil: damaged.
  @inline(__always)
  public func resolve(_ token: UInt64, _ id: UInt64) -> OrderLine? {
    if token == 0 { return resolve(id) }
    let place = Self.place(token)
    guard place < memory.count else { return OrderLine() }
    guard let line = glance(place) else { return nil }
    return line.token == token && line.isOrder && memory.slots.isLive(token) ? line : OrderLine()
  }

  @inline(never)
  private func resolve(_ id: UInt64) -> OrderLine? {
    var order = Order()
    switch findById(id, &order) {
    case .place: return OrderLine(order)
    case .unknown: return OrderLine()
    case .broken: return nil
    }
  }

  /// The place of the order that a token names, or with token 0 an id: not of another id's entry, but of the
  /// order itself. The order was there when it was looked for.
  @inline(__always)
  public func find(_ token: UInt64, _ id: UInt64, _ order: inout Order) -> Found {
    if token == 0 { return findById(id, &order) }
    let place = Self.place(token)
    guard place < memory.count else { return .unknown }
    guard read(place, &order) != nil else { return .broken }
    let known = order.token == token && !order.isAlias && !order.isForgotten
    return known && memory.slots.isLive(token) ? .place(place) : .unknown
  }

  @inline(never)
  public func findById(_ id: UInt64, _ order: inout Order) -> Found {
    switch memory.table.find(id) {
    case .absent: return .unknown
    case .broken: return .broken
    case .found(var place):
      let entry = memory.slots.token(at: place)
      guard read(place, &order) != nil else { return .broken }
      // Not published yet, or forgotten since.
      if entry == 0 || order.token != entry { return .unknown }
      // Or the place was given out anew since it was found. Reports and other ids publish their record before their
      // key, checks after it, and an amended order's id is not its key.
      let isNamedFirst = order.shape & (Order.reported | Order.alias) != 0
      let own = isNamedFirst ? order.id : memory.table.key(of: place)
      if own != id || !memory.slots.isLive(entry) { return .unknown }
      if order.isAlias {
        let target = order.correlation
        place = Self.place(target)
        guard place < memory.count, read(place, &order) != nil else { return .broken }
        if order.token != target || !memory.slots.isLive(target) { return .unknown }
      }
      return order.isForgotten ? .unknown : .place(place)
    }
  }

  /// Publishes a record in a place that is the caller's alone.
  @inline(__always)
  public func settle(_ place: Int, _ order: Order, spare: Int) -> Bool {
    guard let draft = rows.draft(spare) else { return false }
    draft.record.storeWords(order)
    rows.settle(place, by: draft, spare: spare)
    return true
  }

  /// Likewise, filled in place: `fill` stores every field but those of an amend. Then it asks for the lines that the
  /// port's next order will be written to.
  @inline(__always)
  public func settle(_ place: Int, spare: Int, _ fill: (UnsafeMutablePointer<Order>) -> Void) -> Bool {
    guard let draft = rows.draft(spare) else { return false }
    draft.record.compose(Order(), fill)
    let next = rows.settle(place, by: draft, spare: spare)
    platform_expect_write(next)
    platform_expect_write(next + 64)
    // Whatever the number is: what is asked for need not be there.
    platform_expect_write(memory.head(memory.slots.likely(inHand: spare)))
    return true
  }

  public func swap(_ place: Int, _ word: UInt64, to order: Order, spare: Int) -> Bool {
    guard let draft = rows.draft(spare) else { return false }
    draft.record.storeWords(order)
    return rows.swap(place, word, by: draft, spare: spare) != 0
  }

  /// Asks for what is needed to forget an order, and for what leads to that of a later one, which are long out of the
  /// core's caches. What is asked for need not be there.
  @inline(__always)
  func expect(_ next: UInt64, _ later: UInt64) {
    platform_expect(memory.head(Self.place(later)))
    let place = Self.place(next)
    guard place < memory.count else { return }
    rows.expectFirst(memory.head(place).word(Self.wordAt).pointee.bits.load(ordering: .relaxed))  // a guess
    memory.table.expect(memory.table.key(of: place))
  }

  /// Gives back the place and ids of an order that nobody may change any more.
  public func forget(_ token: UInt64, hand: Int) -> Bool {
    var place = Self.place(token)
    var steps = 0
    var expected = token
    while steps <= memory.count {
      guard place < memory.count, let order = glance(place) else { return false }
      guard order.token == expected else { return true }  // forgotten already
      if case .broken = memory.table.remove(memory.table.key(of: place)) { return false }
      _ = memory.slots.giveBack(expected, hand: hand)
      if order.aliases == 0 { return true }
      place = Int(truncatingIfNeeded: order.aliases) &- 1
      expected = memory.slots.token(at: place)
      steps &+= 1
    }
    return false
  }
}
