import CRiskCheck

/// What is to be judged: a new order, or new terms of a live one.
struct Request {
  var ids: Identity
  var id: UInt64
  var type: UInt8
  var force: UInt8
  var flags: UInt32
  var price: Int64
  var stopPrice: Int64
  var quantity: Int64
  var time: Int64
  var decision: Int64
  /// The live order whose terms these would replace.
  var amended: Order?
  /// Only how much more may be sent is asked.
  var isProbe = false

  init(_ order: rck_order, at time: Int64, amending amended: Order? = nil) {
    ids =
      amended?.identity
      ?? Identity(
        account: order.account, strategy: order.strategy, instrument: order.instrument, side: order.side)
    id = order.order_id
    type = amended?.type ?? order.type
    force = amended?.force ?? order.time_in_force
    flags = order.flags
    price = order.price
    stopPrice = order.stop_price
    quantity = order.quantity
    self.time = time
    decision = order.decision_price
    self.amended = amended
  }

  var buy: Bool { ids.side == UInt8(RCK_SIDE_BUY) }
  var isMarket: Bool { type == UInt8(RCK_TYPE_MARKET) }
  var hasPrice: Bool { type == UInt8(RCK_TYPE_LIMIT) || type == UInt8(RCK_TYPE_STOP_LIMIT) }
  var hasStopPrice: Bool { type == UInt8(RCK_TYPE_STOP) || type == UInt8(RCK_TYPE_STOP_LIMIT) }
  var measure: Int32 { amended == nil ? RCK_MEASURE_NEW : RCK_MEASURE_MODIFY }

  /// What would be open of it: all of a new order, of an amended one what is not executed yet.
  var leaves: Wide { max(Wide(quantity) - (amended?.executed ?? 0), 0) }
}
