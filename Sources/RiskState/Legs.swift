import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Legs: orders of a batch that is all or none. A leg is reserved and published like any order, but for a bit in its
/// shape; then its record is given the batch's name {port 8, number 56} in place of the known cumulative, which is 0
/// in an order without reports. Every port has one word that holds the number of the last batch that it committed.
/// Whoever reads a leg (`Orders.read`) looks at that word: up to this number it is an order like others, and its bit
/// and its name do not show; above, or without a name, it is not there at all. So one store commits all legs.
///
/// The next number is the one after the last committed, and a batch is committed or withdrawn before the port begins
/// another. A batch that was withdrawn leaves its number to the next. So a leg that is withdrawn is first replaced in
/// its place, by nothing, and a reader looks at the place once more after the port's word: if the leg is still there
/// then, its batch was not withdrawn before the word was read, and the number is its own batch's.
enum Leg {
  static let portShift: UInt64 = 56
  static let numberMask: UInt64 = 1 << 56 - 1
}

extension State {
  /// Makes of a leg what it is for others: an order, or none.
  @inline(never)
  func judgeLeg(_ order: inout Order) {
    let name = UInt64(bitPattern: order.known)
    let number = name & Leg.numberMask
    guard number != 0, let port = port(Int(truncatingIfNeeded: name &>> Leg.portShift)),
      number <= port.committed
    else {
      order.token = 0
      return
    }
    order.shape &= ~Order.leg
    order.known = 0
  }
}

extension Port {
  fileprivate var committed: UInt64 {
    // Acquire: before the second look at the leg's place; and all legs of the batch are there.
    ring.producerWord(Port.committed).pointee.bits.load(ordering: .acquiring)
  }
}

extension Desk {
  /// The name of the port's next batch; 0: the memory is damaged.
  public var nextBatch: UInt64 {
    guard let port = state.port(writer) else { return 0 }
    let number = port.held(Port.committed) &+ 1  // own last store
    return number > Leg.numberMask ? 0 : UInt64(truncatingIfNeeded: writer) &<< Leg.portShift | number
  }

  /// Says of which batch a leg is that was just published. Nobody else changes it yet. Its token: `told` if that is
  /// what it should be, for the host's memory says so. 0: the memory is damaged.
  @inline(__always)
  public func name(_ told: UInt64, _ id: UInt64, _ batch: UInt64) -> UInt64 {
    guard named(told, id, batch) else { return nameSlowly(id, batch) }
    return told
  }

  @inline(__always)
  private func named(_ token: UInt64, _ id: UInt64, _ batch: UInt64) -> Bool {
    let place = Orders<D>.place(token)
    guard place < orders.memory.count, let record = orders.rows.record(orders.rows.observe(place)),
      record.word(0).pointee.bits.load(ordering: .relaxed) == token,  // own last store, as the next
      record.word(Order.idAt).pointee.bits.load(ordering: .relaxed) == id
    else { return false }
    record.word(Order.knownAt).pointee.bits.store(batch, ordering: .relaxed)
    return true
  }

  @inline(never)
  private func nameSlowly(_ id: UInt64, _ batch: UInt64) -> UInt64 {
    guard case .found(let place) = orders.memory.table.find(id) else { return 0 }
    let token = orders.memory.slots.token(at: place)
    return token != 0 && named(token, id, batch) ? token : 0
  }

  /// All legs that bear a name are orders from now on.
  public func commit(batch: UInt64) {
    // Release: after the legs and their names.
    state.port(writer)?.putAfter(Port.committed, batch & Leg.numberMask)
  }

  /// Takes back a leg whose batch is not committed: what it holds in its rows, which was taken under a generation,
  /// its id and its place. False: the memory is damaged.
  public func withdraw(leg token: UInt64, since generation: UInt64) -> Bool {
    let place = Orders<D>.place(token)
    var (order, instrument) = (Order(), Instrument())
    guard place < orders.memory.count, let record = orders.rows.record(orders.rows.observe(place)) else {
      return false
    }
    record.loadWords(&order)  // by Orders.read it is not there
    guard order.token == token, state.read(order.instrument, &instrument) else { return false }
    if order.shape & (Order.trackedBook | Order.trackedRow) != 0,
      !free(leg: order, strategy: true, bps: instrument.margin_bps(0), since: generation)
    {
      return false
    }
    let bps = state.margin_bps(order.account, instrument)
    if !free(leg: order, strategy: false, bps: bps, since: generation) { return false }
    if case .broken = orders.memory.table.remove(order.id) { return false }
    guard orders.settle(place, Order(), spare: writer) else { return false }
    return orders.memory.slots.giveBack(token, hand: writer)
  }

  /// Gives back what a row, if the leg is in it, and then its book hold for the leg. Each swap of the row moves the
  /// book by its own difference: the row may have crossed zero since.
  @inline(never)
  private func free(leg order: Order, strategy: Bool, bps: Int64, since generation: UInt64) -> Bool {
    let owner = strategy ? order.strategy : order.account
    var (before, after, isFreed) = (Holding(), Holding(), strategy && !order.isTracked)
    while !isFreed {
      guard case .row(let row) = positions.find(owner, order.instrument, strategy: strategy),
        let word = positions.read(row, &before), positions.rows.draft(writer) != nil, complete(row, word)
      else { return false }
      after = before
      after.open(buy: order.isBuy, 0 &- order.terms.quantity, 0 &- order.value)
      after.tally &-= 1
      _ = after.setMargin(bps: bps)  // one that no longer fits stays
      isFreed = positions.swap(row, word, to: after, spare: writer) != 0
      if isFreed && after.isGrouped {
        Totals<D>(state, writer: writer).follow(
          from: before, to: after, owner, order.instrument, since: generation)
      }
    }
    let isCounted = !strategy || order.shape & Order.trackedBook != 0
    return books.move(books.row(owner, strategy: strategy), spare: writer, since: generation) {
      $0.reserve(from: before, to: after)
      if isCounted {
        $0.orders &-= 1
        $0.ordersValue &-= order.value
      }
    }
  }
}
