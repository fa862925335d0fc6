import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// A hash of what a region means, wherever things lie in it. Each thing that there is gives a number of its own, made
/// of all that it says; the hash is the sum of these numbers, so their order is of no account.
struct Digest {
  private(set) var sums: (UInt64, UInt64) = (0, 0)
  private var thing: (UInt64, UInt64) = (0, 0)
  /// All words of the thing that were added, as one: 0 if it says nothing.
  private var said: UInt64 = 0

  private static let seeds: (UInt64, UInt64) = (0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03)

  mutating func begin(_ kind: UInt64, _ id: UInt64) {
    thing = Digest.seeds
    add(kind)
    add(id)
    said = 0
  }

  mutating func add(_ word: UInt64) {
    said |= word
    thing.0 = mix(thing.0 ^ word) &+ Digest.seeds.1
    thing.1 = mix(thing.1 &+ word) ^ Digest.seeds.0
  }

  mutating func add(_ amount: Int64) { add(UInt64(bitPattern: amount)) }

  /// Whole words of a struct in memory.
  mutating func add(_ start: UnsafeRawPointer, bytes: Int) {
    var at = 0
    while at &+ 8 <= bytes {
      add(start.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at &+= 8
    }
  }

  /// With `unlessZero` a thing that is zero but for its name is as one that is not there.
  mutating func end(unlessZero: Bool = false) {
    if unlessZero && said == 0 { return }
    sums.0 &+= mix(thing.0)
    sums.1 &+= mix(thing.1)
  }

  // What there is.
  static let definition: UInt64 = 1
  static let limit: UInt64 = 2
  static let latch: UInt64 = 3
  static let row: UInt64 = 4
  static let book: UInt64 = 5
  static let order: UInt64 = 6
  static let otherId: UInt64 = 7
  static let execution: UInt64 = 8
  static let market: UInt64 = 9
  static let metric: UInt64 = 10
  static let window: UInt64 = 11
  static let accumulation: UInt64 = 12
  static let override: UInt64 = 13
  static let day: UInt64 = 14
}

extension State {
  /// Alone, or at rest.
  public var digest: (UInt64, UInt64) {
    var digest = Digest()
    addDefinitions(&digest)
    addLimits(&digest)
    addLatches(&digest)
    addRows(&digest)
    addBooks(&digest)
    addOrders(&digest)
    addExecutions(&digest)
    addMarkets(&digest)
    addMetrics(&digest)
    addOverrides(&digest)
    // Of many writers a window may hold a message at the time of the one before it, and the peak of a day is of the
    // order in which a book took what several rows have moved.
    if isOneWriter {
      addMemory(Digest.window, Sections.windows, Region.Hot.windows, &digest)
      addMemory(Digest.accumulation, Sections.accumulations, Region.Hot.accumulations, &digest)
    }
    digest.begin(Digest.day, UInt64(day))
    digest.end()
    return digest.sums
  }

  private var isOneWriter: Bool { config.pointee.discipline == UInt32(RCK_ONE_WRITER) }

  private func addDefinitions(_ digest: inout Digest) {
    var record = RecordBuffer()
    var kind = 1
    while kind <= Sections.kinds {
      // What is compiled for checks lies behind an instrument's definition.
      let isInstrument = kind == Int(RCK_KIND_INSTRUMENT)
      let bytes = isInstrument ? MemoryLayout<rck_instrument>.size : Sections.recordBytes(kind)
      var id: UInt32 = 1
      while Int(id) <= capacity(kind) {
        if record.read(self, kind, id) == RCK_OK {
          digest.begin(Digest.definition, UInt64(kind) &<< 32 | UInt64(id))
          record.withBytes { digest.add($0, bytes: bytes) }
          digest.end()
        }
        id &+= 1
      }
      kind &+= 1
    }
  }

  private func addLimits(_ digest: inout Digest) {
    var (limit, cursor) = (rck_limit(), UInt32(0))
    while armed(into: &limit, 1, &cursor).count != 0 {
      digest.begin(Digest.limit, UInt64(limit.limit_id))
      withUnsafeBytes(of: limit) { digest.add($0.baseAddress.unsafelyUnwrapped, bytes: $0.count) }
      digest.end()
    }
  }

  private func addLatches(_ digest: inout Digest) {
    eachLatch { scope, state, cause in
      digest.begin(Digest.latch, UInt64(UInt32(scope.kind)) &<< 32 | UInt64(scope.id))
      digest.add(UInt64(UInt32(state)) &<< 32 | UInt64(cause.actor))
      digest.add(UInt64(cause.control))
      digest.add(cause.time_ns)
      digest.end()
    }
  }

  private func addRows(_ digest: inout Digest) {
    let positions = Positions<ManyWriters>(self)
    var (row, holding) = (0, Holding())
    while row < positions.rows.rows {
      if positions.slots.token(at: row) != 0, let word = positions.read(row, &holding), word != 0 {
        let (owner, instrument, strategy) = positions.owner(row)
        digest.begin(
          Digest.row, UInt64(owner) &<< 32 | UInt64(instrument) | (strategy ? 1 &<< 63 : 0 as UInt64))
        withUnsafeBytes(of: holding) { digest.add($0.baseAddress.unsafelyUnwrapped, bytes: Holding.tallyAt) }
        digest.add(holding.orders)
        digest.end(unlessZero: true)  // what was taken back leaves a row
      }
      row &+= 1
    }
  }

  private func addBooks(_ digest: inout Digest) {
    let books = Books<ManyWriters>(self)
    var (row, book) = (0, Book())
    while row < books.rows.rows {
      if let word = books.read(row, &book), word != 0 {
        digest.begin(Digest.book, UInt64(truncatingIfNeeded: row))
        withUnsafeBytes(of: book) { digest.add($0.baseAddress.unsafelyUnwrapped, bytes: Book.coverageAt) }
        if let day = books.results(row)?.look(&book) {
          digest.add(day.realised)
          digest.add(day.total)
          if isOneWriter { digest.add(day.peak) }
        }
        if let conduct = books.conduct(row) {
          digest.add(conduct.day.messages)
          digest.add(conduct.day.trades)
          digest.add(conduct.rejects)
          digest.add(conduct.disabled)
        }
        digest.end(unlessZero: true)
      }
      row &+= 1
    }
  }

  private func addOrders(_ digest: inout Digest) {
    let orders = Orders<ManyWriters>(self)
    var (place, order) = (0, Order())
    while place < orders.memory.count {
      let token = orders.memory.slots.token(at: place)
      if token != 0, orders.read(place, &order) != nil, order.token == token, !order.isForgotten {
        if order.isAlias {
          digest.begin(Digest.otherId, order.id)
        } else {
          digest.begin(Digest.order, order.id)
          add(order, &digest)
        }
        digest.end()
      }
      place &+= 1
    }
  }

  private func add(_ order: Order, _ digest: inout Digest) {
    digest.add(order.correlation)
    digest.add(UInt64(order.account) &<< 32 | UInt64(order.strategy))
    digest.add(UInt64(order.instrument) &<< 32 | UInt64(order.venue))
    digest.add(order.shape & Order.kindsMask | order.state &<< 32)
    add(order.terms, &digest)
    digest.add(order.executed)
    digest.add(order.known)
    digest.add(order.held.quantity)
    digest.add(order.held.value)
    if !order.isAmending { return }
    add(order.pending, &digest)
    digest.add(order.pendingId)
  }

  private func add(_ terms: Terms, _ digest: inout Digest) {
    digest.add(terms.price)
    digest.add(terms.stop)
    digest.add(terms.worth)
    digest.add(terms.quantity)
  }

  private func addExecutions(_ digest: inout Digest) {
    let executions = Executions<ManyWriters>(self)
    var place = 0
    while place < executions.memory.count {
      if executions.memory.slots.token(at: place) != 0 {
        let id = executions.memory.table.key(of: place)
        if let found = executions.find(id) {
          digest.begin(Digest.execution, id)
          digest.add(found.state)
          digest.add(found.quantity)
          digest.add(found.value)
          digest.add(found.price)
          digest.end()
        }
      }
      place &+= 1
    }
  }

  private func addMarkets(_ digest: inout Digest) {
    let markets = Markets<ManyWriters>(self)
    var (id, market): (UInt32, Market) = (1, Market())
    while UInt64(id) <= config.pointee.instruments_max {
      if let word = markets.read(id, &market), word != 0 {
        digest.begin(Digest.market, UInt64(id))
        withUnsafeBytes(of: market) { digest.add($0.baseAddress.unsafelyUnwrapped, bytes: $0.count) }
        let supply = markets.supply(id)
        digest.add(supply.volume)
        digest.add(supply.day)
        digest.add(supply.average)
        digest.add(supply.bidDepth)
        digest.add(supply.askDepth)
        digest.add(supply.bookTime)
        digest.end()
      }
      id &+= 1
    }
  }

  private func addMetrics(_ digest: inout Digest) {
    var metric: UInt32 = 1
    while metric <= UInt32(RCK_METRICS_MAX) {
      let (time, key) = Metrics(self).read(metric)
      if time != 0 {
        digest.begin(Digest.metric, UInt64(metric))
        digest.add(time)
        digest.add(key)
        digest.end()
      }
      metric &+= 1
    }
  }

  private func addOverrides(_ digest: inout Digest) {
    let overrides = Overrides(self)
    var index = 0
    while index < Int(RCK_OVERRIDES_MAX) {
      if let (tally, terms) = overrides.place(index).read(), tally.id != 0 {
        digest.begin(Digest.override, UInt64(tally.id))
        digest.add(UInt64(tally.count))
        digest.add(tally.quantity)
        digest.add(terms.expiry_ns)
        digest.add(terms.order)
        digest.end()
      }
      index &+= 1
    }
  }

  /// The words of those items of a section that are given out.
  private func addMemory(_ kind: UInt64, _ section: Int, _ given: Int, _ digest: inout Digest) {
    let entry = region.section(section)
    let count = min(region.hot(given).pointee.bits.load(ordering: .relaxed), entry.count)
    let start = region.start(of: section)
    var index: UInt64 = 0
    while index < count {
      digest.begin(kind, index)
      digest.add(
        start + Int(truncatingIfNeeded: index &* entry.each), bytes: Int(truncatingIfNeeded: entry.each))
      digest.end()
      index &+= 1
    }
  }
}
