import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What the orders of a batch will need of memory, asked for before their turn, in groups: what leads to other lines
/// is asked for a group or two earlier than those are. Orders are read here only to guess, so nothing depends on what
/// they say, and what a guess leads to is asked for, never touched.
public struct Ahead<D: Discipline> {
  /// So many orders, a power of two, are asked for together, so that a core overlaps what it has to load for that:
  /// scenario `batch` of the benchmarks.
  public static var group: Int { 4 }
  private static var lead: Int { 3 &* group }
  /// With fewer rows of positions all lines that lead to them stay in the core's caches, and asking for them costs more
  /// than it gains (likewise measured).
  private static var rowsFew: Int { 1024 }

  let desk: Desk<D>
  let isWide: Bool
  /// Where the bounds in force lie in a scope; and how far behind them the lowest levels.
  let boundsAt: Int
  private static var lowestAfter: Int { Scope.lowestAt &- Scope.boundsAt }

  @inline(__always)
  public init(_ desk: Desk<D>) {
    self.desk = desk
    isWide = desk.positions.slots.takenCount > Self.rowsFew
    // Relaxed: another generation may be in force by then.
    let half = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .relaxed) & 1
    boundsAt = Scope.boundsAt &+ Int(truncatingIfNeeded: half) &* 64
  }

  /// For the first orders of a batch.
  @inline(__always)
  public func begin(_ orders: UnsafePointer<rck_order>, _ count: Int) {
    var at = 0 &- Self.lead
    while at < 0 {
      look(orders, at, count)
      at &+= Self.group
    }
  }

  /// For the groups that come after the one that begins at `at`.
  @inline(__always)
  public func look(_ orders: UnsafePointer<rck_order>, _ at: Int, _ count: Int) {
    if isWide { lookWide(orders, at, count) } else { lookNarrow(orders, at, count) }
  }

  /// Only what is new with every order: where its id goes. The place itself is asked for when the one before is filled,
  /// and so are the next lines of windows.
  @inline(never)
  private func lookNarrow(_ orders: UnsafePointer<rck_order>, _ at: Int, _ count: Int) {
    let ids = desk.orders.memory.table
    var next = at &+ Self.lead
    var end = min(next &+ Self.group, count)
    while next < end {
      ids.expect(orders[next].order_id)
      next &+= 1
    }
    next = at &+ Self.group
    if next < 0 { return }
    end = min(next &+ Self.group, count)
    while next < end {
      ids.expectFirst(orders[next].order_id)
      next &+= 1
    }
  }

  @inline(never)
  private func lookWide(_ orders: UnsafePointer<rck_order>, _ at: Int, _ count: Int) {
    var next = at &+ Self.lead
    var end = min(next &+ Self.group, count)
    while next < end {
      expectPlaces(orders + next)
      next &+= 1
    }
    next = at &+ 2 &* Self.group
    if next < 0 { return }
    end = min(next &+ Self.group, count)
    while next < end {
      expectHeads(orders + next)
      next &+= 1
    }
    next = at &+ Self.group
    if next < 0 { return }
    end = min(next &+ Self.group, count)
    while next < end {
      expectRecords(orders + next)
      next &+= 1
    }
  }

  /// What the ids in the order lead to.
  @inline(__always)
  private func expectPlaces(_ order: UnsafePointer<rck_order>) {
    desk.orders.memory.table.expect(order.pointee.order_id)
    desk.positions.expectBucket(order.pointee.account, order.pointee.instrument)
    if let account = desk.state.scopeMemory(RCK_SCOPE_ACCOUNT, order.pointee.account) {
      platform_expect(account)
      platform_expect(account + boundsAt)
      platform_expect(account + (boundsAt &+ Self.lowestAfter))
    }
    if let instrument = desk.state.scopeMemory(RCK_SCOPE_INSTRUMENT, order.pointee.instrument) {
      platform_expect(instrument + boundsAt)
      platform_expect(instrument + (boundsAt &+ Self.lowestAfter))
    }
  }

  /// What those lines lead to.
  @inline(__always)
  private func expectHeads(_ order: UnsafePointer<rck_order>) {
    desk.orders.memory.table.expectFirst(order.pointee.order_id)
    desk.positions.expectHead(order.pointee.account, order.pointee.instrument)
    if let account = desk.state.scopeMemory(RCK_SCOPE_ACCOUNT, order.pointee.account) {
      desk.books.rows.expect(account.word(Scope.bookAt).pointee.bits.load(ordering: .relaxed))
      let window: ExactWindow<D> = desk.state.rateWindow(of: bound(account, BoundSlot.rateNew))
      window.expect()
    }
    if let instrument = desk.state.scopeMemory(RCK_SCOPE_INSTRUMENT, order.pointee.instrument) {
      platform_expect(bound(instrument, BoundSlot.collar))
    }
    desk.state.expectInstrument(order.pointee.instrument)
  }

  @inline(__always)
  private func expectRecords(_ order: UnsafePointer<rck_order>) {
    desk.positions.expectRecord(order.pointee.account, order.pointee.instrument)
    desk.markets.expect(order.pointee.instrument)
    expectWindows(order)
  }

  @inline(__always)
  private func expectWindows(_ order: UnsafePointer<rck_order>) {
    expectWindow(desk.state.scopeMemory(RCK_SCOPE_ACCOUNT, order.pointee.account))
    expectWindow(desk.state.scopeMemory(RCK_SCOPE_STRATEGY, order.pointee.strategy))
  }

  /// A scope without a rate leads to some bound, and to some window.
  @inline(__always)
  private func expectWindow(_ scope: UnsafeMutableRawPointer?) {
    guard let scope else { return }
    let bound = bound(scope, BoundSlot.rateNew)
    let window: ExactWindow<D> = desk.state.rateWindow(of: bound)
    window.expect(back: bound.word(56).pointee.bits.load(ordering: .relaxed))
  }

  @inline(__always)
  private func bound(_ scope: UnsafeMutableRawPointer, _ slot: Int) -> UnsafeMutableRawPointer {
    desk.state.firstBound(scope.half(boundsAt &+ slot &* 4).pointee.bits.load(ordering: .relaxed))
  }
}
