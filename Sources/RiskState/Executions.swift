import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Executions that are remembered, so that a repeat is recognised and a bust can undo one exactly. One line each:
///
///   0    link and key: the execution id
///   16   {generation, 22 bits unused, state 2}
///   24   token of the order
///   32   quantity, positive for a buy
///   40   what it booked
///   48   price
///
/// A report puts its execution there before it applies it; whoever completes the step marks it applied.
public struct Executions<D: Discipline> {
  public let memory: Memory<D>

  public static var pending: UInt64 { 0 }
  public static var applied: UInt64 { 1 }
  public static var busted: UInt64 { 2 }

  @inline(__always)
  public init(_ state: State) {
    memory = Memory(
      state, slots: Sections.executionSlots, stride: Sections.executionBytes, rings: (Sections.executed, 1),
      remembered: state.config.pointee.executions_max)
  }

  public struct Execution {
    public var token: UInt64 = 0
    public var state: UInt64 = 0
    public var order: UInt64 = 0
    public var quantity: Int64 = 0
    public var value: Int64 = 0
    public var price: Int64 = 0
  }

  private static var generationMask: UInt64 { ~0xFF_FFFF }

  /// The execution of an id. Nil: not known. A token of `Slots.broken`: the memory is damaged.
  public func find(_ id: UInt64) -> Execution? {
    switch memory.table.find(id) {
    case .absent: return nil
    case .broken: return damaged
    case .found(let place):
      var found = Execution()
      found.token = memory.slots.token(at: place)
      let head = memory.head(place)
      let state = head.word(16).pointee.bits.load(ordering: .acquiring)  // before the look at the token
      found.state = state & 3
      found.order = UInt64(bitPattern: head.loadInteger(24))
      found.quantity = head.loadInteger(32)
      found.value = head.loadInteger(40)
      found.price = head.loadInteger(48)
      let same = memory.slots.isLive(found.token) && memory.table.key(of: place) == id
      return same && state & Self.generationMask == found.token & Self.generationMask ? found : nil
    }
  }

  private var damaged: Execution {
    var execution = Execution()
    execution.token = Slots<D>.broken
    return execution
  }

  public enum Entered {
    case entered(UInt64)
    /// Another call has entered this id.
    case present(UInt64)
    case full
    case broken
  }

  /// Enters an execution that is not applied yet.
  public func enter(_ id: UInt64, order: UInt64, stripe: Int) -> Entered {
    let token = memory.slots.acquire(stripe: stripe)
    if token == 0 { return .full }
    if token == Slots<D>.broken { return .broken }
    let place = Slots<D>.index(token)
    let head = memory.head(place)
    head.word(24).pointee.bits.store(order, ordering: .releasing)
    head.word(16).pointee.bits.store(token & Self.generationMask, ordering: .releasing)
    switch memory.table.insert(id, at: place) {
    case .inserted: return .entered(token)
    case .present(let other):
      _ = memory.slots.release(token, stripe: stripe)
      return .present(memory.slots.token(at: other))
    case .broken: return .broken
    }
  }

  /// What it is, stored by whoever has entered it before its step is published.
  public func describe(_ token: UInt64, _ trade: Trade) {
    let head = memory.head(Slots<D>.index(token))
    // Release: carries the freeing of the place; readers look at the token again.
    head.word(32).pointee.bits.store(UInt64(bitPattern: trade.quantity), ordering: .releasing)
    head.word(40).pointee.bits.store(UInt64(bitPattern: trade.value), ordering: .releasing)
    head.word(48).pointee.bits.store(UInt64(bitPattern: trade.price), ordering: .releasing)
  }

  /// The state of an execution, nil when it is no longer remembered.
  public func state(_ token: UInt64) -> UInt64? {
    guard Slots<D>.index(token) < memory.count else { return nil }
    let word = memory.head(Slots<D>.index(token)).word(16).pointee.bits.load(ordering: .acquiring)
    return word & Self.generationMask == token & Self.generationMask ? word & 3 : nil
  }

  /// Whether a place stands for an execution id. Asked of one that was applied, which is found by then: its place
  /// may have been another's when the token was read.
  public func holds(_ token: UInt64, _ id: UInt64) -> Bool {
    memory.table.key(of: Slots<D>.index(token)) == id
  }

  /// Moves an execution on: once for each state, whoever does it.
  public func mark(_ token: UInt64, from old: UInt64, to new: UInt64) {
    guard Slots<D>.index(token) < memory.count else { return }
    let generation = token & Self.generationMask
    _ = D.replace(memory.head(Slots<D>.index(token)).word(16), generation | old, by: generation | new)
  }

  /// Takes back an execution that was not applied.
  public func withdraw(_ id: UInt64, _ token: UInt64, stripe: Int) {
    if case .removed(let place) = memory.table.remove(id), place == Slots<D>.index(token) {
      _ = memory.slots.release(token, stripe: stripe)
    }
  }

  /// Remembers an execution that was applied, and forgets the oldest one instead.
  public func remember(_ token: UInt64, stripe: Int) {
    _ = memory.remember(token, stripe: stripe) { forget($0, stripe: stripe) }
  }

  func forget(_ token: UInt64, stripe: Int) -> Bool {
    guard memory.slots.isLive(token) else { return true }
    let place = Slots<D>.index(token)
    if case .removed(let removed) = memory.table.remove(memory.table.key(of: place)), removed == place {
      _ = memory.slots.release(token, stripe: stripe)
    }
    return true
  }
}
