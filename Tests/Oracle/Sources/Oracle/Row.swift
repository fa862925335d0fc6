import CRiskCheck

/// A position and the open orders on it: of an account in an instrument, or of a strategy.
public struct Row: Equatable {
  public var net: Wide = 0
  public var openBuys: Wide = 0
  public var openSells: Wide = 0
  public var booked: Wide = 0
  public var buys: Wide = 0
  public var sells: Wide = 0
  public var margin: Wide = 0
  public var realised: Wide = 0
  public var marked: Wide = 0
  public var fees: Wide = 0

  public var long: Wide { net + openBuys }
  public var short: Wide { openSells - net }
  public var moneyLong: Wide { booked + buys }
  public var moneyShort: Wide { sells - booked }
  public var exposure: Wide { max(moneyLong, 0) + max(moneyShort, 0) }

  var holds: Bool { quantitiesHold && moneyHolds }

  var quantitiesHold: Bool {
    Bound.holds(net) && Bound.holds(openBuys) && Bound.holds(openSells) && Bound.holds(long)
      && Bound.holds(short)
  }

  var moneyHolds: Bool {
    Bound.holds(booked) && Bound.holds(buys) && Bound.holds(sells) && Bound.holds(moneyLong)
      && Bound.holds(moneyShort) && Bound.holds(exposure) && Bound.holds(margin) && Bound.holds(realised)
      && Bound.holds(marked) && Bound.holds(fees)
  }

  /// An order's part of the row becomes another.
  mutating func replace(_ old: Contribution, by new: Contribution, buy: Bool) {
    if buy {
      openBuys += new.quantity - old.quantity
      buys += new.value - old.value
    } else {
      openSells += new.quantity - old.quantity
      sells += new.value - old.value
    }
  }

  /// A trade of `quantity` worth `value` (signed as its price is), booked at average cost. Of a trade that
  /// crosses zero, `opening` is the value of the part that opens the other side.
  mutating func book(
    buy: Bool, quantity: Wide, value: Wide, plant: Plant? = nil, opening: (Wide) -> Wide?
  ) -> Bool {
    let direction: Wide = buy ? 1 : -1
    let open = net < 0 ? -net : net
    let increases = net == 0 || (net > 0) == buy
    if increases {
      net += direction * quantity
      booked += direction * value
    } else if quantity <= open {
      // Rounded toward zero; the remainder stays with the position until it closes.
      var leaving = quantity == open ? booked : booked * quantity / open
      if plant == .closesUp && leaving * open != booked * quantity { leaving += booked > 0 ? 1 : -1 }
      realised += -direction * value - leaving
      booked -= leaving
      net += direction * quantity
    } else {
      guard let part = opening(quantity - open) else { return false }
      realised += -direction * (value - part) - booked
      booked = direction * part
      net += direction * quantity
    }
    return true
  }

  /// Margin follows the exposure at the terms of the moment.
  mutating func setMargin(bps: UInt32) { margin = divideUp(exposure * Wide(bps), by: 10_000) }

  /// Likewise when an order frees what it held in `old`. A row that does not move keeps its margin; and since
  /// less is open than before, one beyond its bound comes of a definition, and the old one stays.
  mutating func freeMargin(bps: UInt32, since old: Row) {
    if self == old { return }
    setMargin(bps: bps)
    if !Bound.holds(margin) { margin = old.margin }
  }
}

/// What an order has in a row.
struct Contribution {
  var quantity: Wide = 0
  var value: Wide = 0

  /// Counter by counter the larger.
  func larger(_ other: Contribution) -> Contribution {
    Contribution(quantity: max(quantity, other.quantity), value: max(value, other.value))
  }
}

/// The sums of an account or a strategy.
public struct Book: Equatable {
  public var openPositions: Wide = 0
  public var gross: Wide = 0
  public var netLong: Wide = 0
  public var netShort: Wide = 0
  public var margin: Wide = 0
  public var orders: Wide = 0
  public var ordersValue: Wide = 0
  public var realised: Wide = 0
  public var marked: Wide = 0
  public var fees: Wide = 0
  /// Nil until it is set.
  public var cash: Int64?
  public var credit: Int64 = 0
  public var markTime: Int64 = 0
  /// Realised less fees, and marked, as the day began.
  public var earnedBefore: Wide = 0
  public var markedBefore: Wide = 0
  /// The day's highest total.
  public var peak: Wide = 0

  public var dayRealised: Wide { realised - fees - earnedBefore }
  public var dayTotal: Wide { dayRealised + marked - markedBefore }

  mutating func beginDay() {
    (earnedBefore, markedBefore, peak) = (realised - fees, marked, 0)
  }

  /// Moves by the difference of a row before and after.
  mutating func move(from old: Row, to new: Row) {
    openPositions += (new.net != 0 ? 1 : 0) - (old.net != 0 ? 1 : 0)
    gross += new.exposure - old.exposure
    netLong += new.moneyLong - old.moneyLong
    netShort += new.moneyShort - old.moneyShort
    margin += new.margin - old.margin
    realised += new.realised - old.realised
    marked += new.marked - old.marked
    fees += new.fees - old.fees
    peak = max(peak, dayTotal)
  }

  var holds: Bool {
    Bound.holds(gross) && Bound.holds(netLong) && Bound.holds(netShort) && Bound.holds(margin)
      && Bound.holds(ordersValue) && Bound.holds(realised) && Bound.holds(marked) && Bound.holds(fees)
  }
}
