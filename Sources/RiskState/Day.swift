import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

extension State {
  /// The date that has begun, 0 before the first.
  public var day: UInt32 {
    UInt32(truncatingIfNeeded: region.hot(Region.Hot.day).pointee.bits.load(ordering: .relaxed))
  }

  public func setDay(_ date: UInt32) {
    // Release: after the orders of the day before were released.
    region.hot(Region.Hot.day).pointee.bits.store(UInt64(date), ordering: .releasing)
  }

  /// Whether the caller may begin a day: one port at a time. It says when that has been tried.
  public func takeDay() -> Bool {
    // Acquire: after what the one before has begun.
    beginning.pointee.value.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged
  }

  public func endDay() { beginning.pointee.value.store(0, ordering: .releasing) }

  private var beginning: CellPointer { region.count(Count.beginning) }

  /// Whether an order belongs to a scope.
  public func covers(_ kind: Int32, _ id: UInt32, _ order: Order) -> Bool {
    covers(kind, id, account: order.account, strategy: order.strategy, instrument: order.instrument)
  }

  public func covers(
    _ kind: Int32, _ id: UInt32, account: UInt32, strategy: UInt32, instrument: UInt32
  ) -> Bool {
    switch kind {
    case RCK_SCOPE_GLOBAL: return true
    case RCK_SCOPE_ACCOUNT: return account == id
    case RCK_SCOPE_STRATEGY: return strategy == id
    case RCK_SCOPE_INSTRUMENT: return instrument == id
    case RCK_SCOPE_ACCOUNT_GROUP: return groups(RCK_KIND_ACCOUNT, account).holds(id)
    case RCK_SCOPE_STRATEGY_GROUP: return groups(RCK_KIND_STRATEGY, strategy).holds(id)
    default: return groups(RCK_KIND_INSTRUMENT, instrument).holds(id)
    }
  }

  /// Loads a word of every page of the region, and so brings it into memory.
  public func touch() {
    platform_touch(region.base, region.bytes)
  }
}

extension Orders {
  /// The order in a place, if one lives there.
  public func live(_ place: Int, _ order: inout Order) -> Bool {
    let token = memory.slots.token(at: place)
    guard token != 0, read(place, &order) != nil, order.token == token else { return false }
    return !order.isAlias && !order.isFinished
  }
}

extension Desk {
  /// Releases the orders that live for one day; says how many.
  public func endDay() -> (count: UInt32, status: rck_status) {
    var (place, count) = (0, UInt32(0))
    while place < orders.memory.count {
      var order = Order()
      if orders.live(place, &order), order.force != UInt8(RCK_FORCE_GOOD_TILL_CANCEL) {
        let committed = release(order.token)
        if committed.status < 0 { return (count, committed.status) }
        if committed.status == RCK_OK { count &+= 1 }
      }
      place &+= 1
    }
    return (count, RCK_OK)
  }
}

extension State.Count {
  /// 1 while a port begins a day.
  static var beginning: Int { 5 }
}
