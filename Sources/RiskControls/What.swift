import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// What the limits are compared with, for one row and its book.
struct What {
  /// Worst-case position on the order's side, and what is open there: in quantity, in money.
  var quantity: Int64 = 0
  var open: Int64 = 0
  var reserved: Int64 = 0
  var rowMargin: Int64 = 0
  var gross: Int64 = 0
  var net: Int64 = 0
  var margin: Int64 = 0
  var orders: Int64 = 0
  var ordersValue: Int64 = 0
  /// No amount exceeds its bound.
  var moneyFits = true

  @inline(__always) var fits: Bool { moneyFits && Amount.fits(quantity) && Amount.fits(open) }

  /// Of a scope whose rows are not kept.
  mutating func keepBook(_ book: Book, net: Int64, moneyFits: Bool) {
    quantity = 0
    open = 0
    reserved = 0
    rowMargin = 0
    gross = book.gross
    self.net = net
    margin = book.margin
    self.moneyFits = moneyFits
  }
}

extension Exam {
  func setStrategyWhat() {
    let tracked = notes.pointee.tracked
    comesTo(
      &tracked.pointee.old, isKept: tracking & Scope.trackRows != 0, &tracked.pointee.book,
      bps: terms.margin_bps(0), &tracked.pointee.what)
  }

  /// What a row and its book come to with the order in them, as the limits see it: what it held before is
  /// absent. Without `isKept` there is no row, only the book.
  @inline(__always)
  func comesTo(
    _ row: UnsafePointer<Holding>, isKept: Bool, _ book: UnsafePointer<Book>, bps: Int64,
    _ what: UnsafeMutablePointer<What>
  ) {
    let (side, value) = (ask.sideIndex, openedValue)
    let ordersValue = book.pointee.ordersValue &+ value
    what.pointee.orders = book.pointee.orders &+ (ask.message == RCK_MEASURE_NEW ? 1 : 0)
    what.pointee.ordersValue = ordersValue
    let net = book.pointee.net(side)
    if !isKept {
      what.pointee.keepBook(book.pointee, net: net, moneyFits: ordersValue <= Amount.max)
      return
    }
    let (own, other) = (row.pointee.money(side), row.pointee.money(1 &- side))
    let before = max(own, 0) &+ max(other, 0)
    let exposure = max(own &+ value, 0) &+ max(other, 0)
    let margin = Amount.share(exposure, bps: bps)
    let rowMargin = margin ?? 0
    let gross = book.pointee.gross &+ exposure &- before
    let total = book.pointee.margin &+ rowMargin &- row.pointee.margin
    let reserved = row.pointee.reserved(side) &+ value
    what.pointee.quantity = row.pointee.worst(side) &+ openedQuantity
    what.pointee.open = row.pointee.open(side) &+ openedQuantity
    what.pointee.reserved = reserved
    what.pointee.rowMargin = rowMargin
    what.pointee.gross = gross
    what.pointee.net = net &+ value
    what.pointee.margin = total
    // None of these is negative, so that the largest bound holds for all of them at once.
    what.pointee.moneyFits =
      max(ordersValue, max(gross, max(total, max(exposure, reserved)))) <= Amount.max && margin != nil
      && Amount.fits(net &+ value)
  }
}
