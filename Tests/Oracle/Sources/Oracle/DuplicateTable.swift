import CRiskCheck

/// What makes two orders equal.
struct Likeness: Hashable {
  var account: UInt32
  var instrument: UInt32
  var side: UInt8
  var price: Int64
  var stopPrice: Int64
  var quantity: Int64

  init(_ request: Request) {
    (account, instrument, side) = (request.ids.account, request.ids.instrument, request.ids.side)
    (price, stopPrice, quantity) = (request.price, request.stopPrice, request.quantity)
  }
}

/// When orders passed last. Places are taken in a circle: of the next eight the first that is free, or older than the
/// longest window in force.
struct DuplicateTable {
  private var places: [(of: Likeness, time: Int64)?]
  private var next = 0

  init(capacity: Int) { places = Array(repeating: nil, count: capacity) }

  func last(_ likeness: Likeness) -> Int64? { places.first { $0?.of == likeness }??.time }

  private func isFree(_ place: Int, at time: Int64, longest: Int64) -> Bool {
    places[place].map { time - $0.time >= longest } ?? true
  }

  func hasPlace(at time: Int64, longest: Int64) -> Bool {
    (next..<next + 8).contains { isFree($0 % places.count, at: time, longest: longest) }
  }

  /// Nil: there is no place. Otherwise what was there of the same likeness.
  mutating func put(_ likeness: Likeness, at time: Int64, longest: Int64) -> (place: Int, before: Int64?)? {
    if let place = places.firstIndex(where: { $0?.of == likeness }), let before = places[place]?.time {
      places[place]!.time = max(time, before)
      return (place, before)
    }
    for _ in 0..<8 {
      let place = next % places.count
      next += 1
      if isFree(place, at: time, longest: longest) {
        places[place] = (likeness, time)
        return (place, nil)
      }
    }
    return nil
  }

  mutating func undo(_ put: (place: Int, before: Int64?)) {
    if let before = put.before { places[put.place]!.time = before } else { places[put.place] = nil }
  }
}

/// P14: an order like one that passed lately.
extension Oracle {
  private var longestDuplicateWindow: Int64 {
    limits.inForce.values.filter { $0.record.control == RCK_CONTROL_DUPLICATE }.map(\.record.window_ns).max()
      ?? 0
  }

  func duplicate(_ limit: Limit, _ asked: Case) -> Seen {
    if asked.request.amended != nil || asked.request.isProbe { return .nothing }
    let time = asked.request.time
    guard let last = duplicates.last(Likeness(asked.request)) else {
      return duplicates.hasPlace(at: time, longest: longestDuplicateWindow)
        ? .nothing : .missing(RCK_REJECT_DUPLICATES_FULL)
    }
    let edge: Int64 = plant == .duplicateAtEdge ? 1 : 0
    return .amount(time - last < limit.record.window_ns + edge ? 1 : 0, RCK_REJECT_DUPLICATE)
  }

  /// An order has passed, or is a fact.
  func remember(_ asked: Case) -> (place: Int, before: Int64?)? {
    let request = asked.request
    if request.amended != nil || limits(RCK_CONTROL_DUPLICATE, scopes(request.ids), request).isEmpty {
      return nil
    }
    return duplicates.put(Likeness(request), at: request.time, longest: longestDuplicateWindow)
  }
}

/// What an order counts in beside rows, books and rates.
struct Counted {
  var accumulators: [Accumulator] = []
  var duplicate: (place: Int, before: Int64?)?
}

extension Oracle {
  func count(_ asked: Case?) -> Counted {
    guard let asked else { return Counted() }
    return Counted(accumulators: accumulate(asked), duplicate: remember(asked))
  }

  func uncount(_ counted: Counted, _ asked: Case?) {
    guard let asked else { return }
    unaccumulate(counted.accumulators, asked)
    if let duplicate = counted.duplicate { duplicates.undo(duplicate) }
  }
}
