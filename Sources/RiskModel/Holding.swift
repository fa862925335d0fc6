/// What a position row holds, and how orders and facts move it. Pure arithmetic on one state; quantities in the
/// instrument's units, money in money units. No amount exceeds `Amount.max` in a state that `fits`.
public struct Holding: Equatable {
  /// Filled, signed.
  public var net: Int64 = 0
  public var openBuys: Int64 = 0
  public var openSells: Int64 = 0
  /// Value of the position, signed.
  public var booked: Int64 = 0
  /// Reserved by open orders.
  public var buys: Int64 = 0
  public var sells: Int64 = 0
  public var margin: Int64 = 0
  public var realised: Int64 = 0
  public var marked: Int64 = 0
  public var fees: Int64 = 0
  /// {in which totals of its instrument's groups it is counted 32, live orders 32}. The former as in Coverage, of the
  /// four groups alone; of an account's row.
  public var tally: UInt64 = 0
  /// Where it lies.
  @inline(__always) public static var tallyAt: Int { MemoryLayout<Holding>.size &- 8 }

  public init() {}

  @inline(__always) public var orders: Int64 { Int64(tally & 0xffff_ffff) }
  @inline(__always) public var isGrouped: Bool { tally &>> 32 != 0 }
  /// In which totals it is counted, as the sums of a Coverage.
  @inline(__always) public var sums: UInt64 {
    get { (tally &>> 32) &<< 8 }
    set { tally = tally & 0xffff_ffff | (newValue &>> 8) &<< 32 }
  }

  /// What a total of the group in a place, 1 to 4, counts of it.
  public func sum(_ sum: Int, _ place: Int, _ units: Units) -> Int64 {
    switch sum {
    case BookSum.gross, BookSum.sector: return exposure
    case BookSum.netLong: return moneyLong
    case BookSum.netShort: return moneyShort
    case BookSum.orders: return orders
    case BookSum.ordersValue: return buys &+ sells
    case BookSum.long: return units.amount(long, place)
    default: return units.amount(short, place)
    }
  }

  /// Worst-case position on each side, in quantity and in money.
  @inline(__always) public var long: Int64 { net &+ openBuys }
  @inline(__always) public var short: Int64 { openSells &- net }
  @inline(__always) public var moneyLong: Int64 { booked &+ buys }
  @inline(__always) public var moneyShort: Int64 { sells &- booked }
  @inline(__always) public var exposure: Int64 { max(moneyLong, 0) &+ max(moneyShort, 0) }

  // The same by side, 0 buy or 1 sell, without a branch: sides follow each other as they like, and a branch on them
  // is foreseen every second time.

  /// Open quantity of a side, and what is reserved for it.
  @inline(__always) public func open(_ side: Int) -> Int64 { pick(openBuys, openSells, side) }
  @inline(__always) public func reserved(_ side: Int) -> Int64 { pick(buys, sells, side) }
  /// Worst-case position on a side, in quantity and in money.
  @inline(__always) public func worst(_ side: Int) -> Int64 { open(side) &+ signed(net, side) }
  @inline(__always) public func money(_ side: Int) -> Int64 { reserved(side) &+ signed(booked, side) }

  @inline(__always)
  public var quantitiesFit: Bool {
    Amount.fits(net) && Amount.fits(openBuys) && Amount.fits(openSells) && Amount.fits(long)
      && Amount.fits(short)
  }

  @inline(__always)
  public var moneyFits: Bool {
    Amount.fits(booked) && Amount.fits(buys) && Amount.fits(sells) && exposure <= Amount.max
  }

  public var resultsFit: Bool { Amount.fits(realised) && Amount.fits(marked) && Amount.fits(fees) }

  /// Cuts every amount off at its bound.
  public mutating func bound() {
    func cut(_ amount: inout Int64) { amount = max(0 &- Amount.max / 2, min(amount, Amount.max / 2)) }
    if quantitiesFit && moneyFits && resultsFit { return }
    cut(&net)
    cut(&openBuys)
    cut(&openSells)
    cut(&booked)
    cut(&buys)
    cut(&sells)
    cut(&realised)
    cut(&marked)
    cut(&fees)
  }

  /// Opens (or with negative amounts closes) a part of an order.
  @inline(__always)
  public mutating func open(buy: Bool, _ quantity: Int64, _ value: Int64) {
    if buy {
      openBuys &+= quantity
      buys &+= value
    } else {
      openSells &+= quantity
      sells &+= value
    }
  }

  @inline(__always)
  public mutating func setMargin(bps: Int64) -> Bool {
    guard let margin = Amount.share(exposure, bps: bps) else { return false }
    self.margin = margin
    return true
  }

  /// Books an execution of `trade`; false when its money does not fit.
  public mutating func book(_ trade: Trade) -> Bool {
    let quantity = trade.quantity.magnitudeOfAmount
    let held = net.magnitudeOfAmount
    if net == 0 || (net > 0) == (trade.quantity > 0) {
      net &+= trade.quantity
      booked &+= trade.value
      return true
    }
    // Against the position: a part of it is realised, and what is beyond opens the other side.
    let closing = min(quantity, held)
    var opening: Int64 = 0
    if closing != quantity {
      guard let value = trade.opening(closing: closing) else { return false }
      opening = value
    }
    let cost = closing == held ? booked : Amount.part(booked, closing, of: held)
    realised &+= opening &- trade.value &- cost
    booked &+= opening &- cost
    net &+= trade.quantity
    return true
  }

  /// Books the position at a price; false when that does not fit.
  public mutating func mark(at price: Int64, _ conversion: Conversion) -> Bool {
    guard let value = conversion.signedValue(net.magnitudeOfAmount, at: price) else { return false }
    let worth = net < 0 ? 0 &- value : value
    marked &+= worth &- booked
    booked = worth
    return true
  }
}

// The amounts of a side, 0 buy or 1 sell, where they lie: that of the sells follows that of the buys.

extension UnsafePointer<Holding> {
  @inline(__always)
  public func open(at side: Int) -> UnsafePointer<Int64> { word(1 &+ side) }
  @inline(__always)
  public func reserved(at side: Int) -> UnsafePointer<Int64> { word(4 &+ side) }

  @inline(__always)
  private func word(_ index: Int) -> UnsafePointer<Int64> {
    UnsafeRawPointer(self).assumingMemoryBound(to: Int64.self) + index
  }
}

extension UnsafeMutablePointer<Holding> {
  @inline(__always)
  public func open(at side: Int) -> UnsafeMutablePointer<Int64> {
    UnsafeMutablePointer<Int64>(mutating: UnsafePointer(self).open(at: side))
  }
  @inline(__always)
  public func reserved(at side: Int) -> UnsafeMutablePointer<Int64> {
    UnsafeMutablePointer<Int64>(mutating: UnsafePointer(self).reserved(at: side))
  }
}

extension UnsafePointer<Book> {
  @inline(__always)
  public func net(at side: Int) -> UnsafePointer<Int64> {
    UnsafeRawPointer(self).assumingMemoryBound(to: Int64.self) + (1 &+ side)
  }
}

extension UnsafeMutablePointer<Book> {
  @inline(__always)
  public func net(at side: Int) -> UnsafeMutablePointer<Int64> {
    UnsafeMutablePointer<Int64>(mutating: UnsafePointer(self).net(at: side))
  }
}

/// `buy` for side 0, `sell` for side 1.
@inline(__always)
private func pick(_ buy: Int64, _ sell: Int64, _ side: Int) -> Int64 {
  buy ^ ((buy ^ sell) & (0 &- Int64(side)))
}

/// An amount as the side sees it: turned round for a sell.
@inline(__always)
private func signed(_ amount: Int64, _ side: Int) -> Int64 {
  let turn = 0 &- Int64(side)
  return (amount ^ turn) &- turn
}

/// An execution: quantity is positive for a buy; value is what it adds to the booked value.
public struct Trade: Equatable {
  public var quantity: Int64
  public var value: Int64
  public var price: Int64
  public var conversion: Conversion
  /// It takes an execution back.
  public private(set) var reverses = false

  /// Nil: the value does not fit.
  public init?(buy: Bool, _ quantity: Int64, at price: Int64, _ conversion: Conversion) {
    guard let value = conversion.signedValue(quantity, at: price) else { return nil }
    self.init(
      quantity: buy ? quantity : 0 &- quantity, value: buy ? value : 0 &- value, price: price, conversion)
  }

  public init(quantity: Int64, value: Int64, price: Int64, _ conversion: Conversion) {
    self.quantity = quantity
    self.value = value
    self.price = price
    self.conversion = conversion
  }

  /// What undoes it.
  public var undone: Trade {
    var undone = Trade(quantity: 0 &- quantity, value: 0 &- value, price: price, conversion)
    undone.reverses = true
    return undone
  }

  /// The value of what is left to open a position when `closing` has closed one: at the trade's price. Of a
  /// reversal its share of the value that is taken back, which was booked at the conversion of its time. Nil: it
  /// does not fit.
  func opening(closing: Int64) -> Int64? {
    let whole = quantity.magnitudeOfAmount
    if reverses { return value &- Amount.part(value, closing, of: whole) }
    return conversion.signedValue(whole &- closing, at: price).map { quantity > 0 ? $0 : 0 &- $0 }
  }
}

extension Int64 {
  /// Of an amount, which is never Int64.min.
  @inline(__always)
  public var magnitudeOfAmount: Int64 { self < 0 ? 0 &- self : self }
}

/// The sums over the positions of an account or a strategy, and what only the account has.
public struct Book: Equatable {
  public var gross: Int64 = 0
  public var netLong: Int64 = 0
  public var netShort: Int64 = 0
  public var margin: Int64 = 0
  public var orders: Int64 = 0
  public var ordersValue: Int64 = 0
  public var realised: Int64 = 0
  public var marked: Int64 = 0
  public var fees: Int64 = 0
  public var openPositions: Int64 = 0
  public var cash: Int64 = 0
  public var credit: Int64 = 0
  public var cashKnown: Int64 = 0
  public var markTime: Int64 = 0
  /// In which totals it is counted.
  public var coverage = Coverage()
  /// Where it lies.
  public static var coverageAt: Int { MemoryLayout<Book>.size &- MemoryLayout<Coverage>.size }

  public init() {}

  /// Net exposure as a side sees it.
  @inline(__always) public func net(_ side: Int) -> Int64 { pick(netLong, netShort, side) }

  /// Moves the sums by the difference of two states of one row.
  @inline(__always)
  public mutating func move(from old: Holding, to new: Holding) {
    gross &+= new.exposure &- old.exposure
    netLong &+= new.moneyLong &- old.moneyLong
    netShort &+= new.moneyShort &- old.moneyShort
    margin &+= new.margin &- old.margin
    realised &+= new.realised &- old.realised
    marked &+= new.marked &- old.marked
    fees &+= new.fees &- old.fees
    openPositions &+= (new.net != 0 ? 1 : 0) &- (old.net != 0 ? 1 : 0)
  }

  /// Likewise for a reservation, which moves no results.
  @inline(__always)
  public mutating func reserve(from old: Holding, to new: Holding) {
    gross &+= new.exposure &- old.exposure
    netLong &+= new.moneyLong &- old.moneyLong
    netShort &+= new.moneyShort &- old.moneyShort
    margin &+= new.margin &- old.margin
  }

  @inline(__always)
  public var fits: Bool {
    gross <= Amount.max && Amount.fits(netLong) && Amount.fits(netShort) && margin <= Amount.max
      && ordersValue <= Amount.max
  }

  /// What margin may take, by the account's choice of what counts.
  public func power(_ flags: PowerFlags) -> Int64 {
    cash &+ (flags.credit ? credit : 0) &+ (flags.realised ? realised : 0) &- (flags.fees ? fees : 0)
      &+ (flags.marked ? marked : 0)
  }
}

/// In which totals a book, or a row, is counted: those of the engine and of up to four groups. Two words.
public struct Coverage: Equatable {
  /// The groups' numbers less one, 16 bits each.
  public var groups: UInt64 = 0
  /// Eight bits each for the engine and the four groups: which sums, by their places in a book.
  public var sums: UInt64 = 0

  public init() {}

  @inline(__always) public var isEmpty: Bool { sums == 0 }

  /// Adds what is kept of a scope: place 0 is the engine, 1 to 4 are groups.
  public mutating func add(_ place: Int, group id: UInt32, kept: UInt64) {
    let place = UInt64(truncatingIfNeeded: place)
    sums |= kept &<< (place &* 8)
    if place != 0 && kept != 0 { groups |= UInt64(id &- 1) &<< ((place &- 1) &* 16) }
  }

  /// The group in a place.
  @inline(__always)
  public func group(_ place: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: (groups &>> UInt64(truncatingIfNeeded: (place &- 1) &* 16)) & 0xffff) &+ 1
  }

  /// Calls `visit` with every total, by the place of its scope and its place in a book, until that returns false.
  @inline(__always)
  public func each(_ visit: (_ place: Int, _ sum: Int) -> Bool) -> Bool {
    var left = sums
    while left != 0 {
      let bit = left.trailingZeroBitCount
      if !visit(bit &>> 3, bit & 7) { return false }
      left &= left &- 1
    }
    return true
  }
}

/// The sums that totals are kept of, in the order of a book.
public enum BookSum {
  public static let gross = 0
  public static let netLong = 1
  public static let netShort = 2
  /// Not of a book either: the gross exposure of an account's rows in a group of instruments, its sector.
  public static let sector = 3
  public static let orders = 4
  public static let ordersValue = 5
  /// Not of a book, but of an account's rows in a group of instruments: the worst-case position on each side.
  public static let long = 6
  public static let short = 7

  /// Its bits in the sums of a coverage.
  public static var sectors: UInt64 { 0x08_0808_0808 }
}

extension Book {
  /// What is in a place of a book.
  @inline(__always)
  public func sum(_ place: Int) -> Int64 {
    withUnsafePointer(to: self) {
      UnsafeRawPointer($0).assumingMemoryBound(to: Int64.self)[place]
    }
  }
}

/// What counts as buying power besides cash.
public struct PowerFlags {
  public var credit, realised, fees, marked: Bool

  @inline(__always)
  public init(credit: Bool, realised: Bool, fees: Bool, marked: Bool) {
    self.credit = credit
    self.realised = realised
    self.fees = fees
    self.marked = marked
  }
}
