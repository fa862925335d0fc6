import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Re-opening: what a kill left half-done is completed or dropped, and every sum is computed anew from positions
/// and live orders. Nobody else works; readers of other processes may look. Every part may itself be killed and
/// run again. Each returns false when the contents contradict themselves.
extension State {
  func recoverOrders(_ doubting: Bool) -> Bool {
    let desk = Desk<ManyWriters>(self, writer: 0)
    return recoverPools(desk, keeping: !doubting) && desk.completeAll() && desk.dropHalves()
      && desk.recoverRings(keeping: !doubting) && desk.reopenRows() && desk.reopenOrders(doubting)
      && desk.sumBooks(margins: doubting) && recoverWindows()
      && recoverAccumulations() && Duplicates<ManyWriters>(self).recover()
      && desk.books.recoverResults()
  }

  private func recoverPools(_ desk: Desk<ManyWriters>, keeping: Bool) -> Bool {
    let executions = desk.executions.memory
    return desk.positions.slots.recover(keeping: keeping) && desk.positions.table.recover() != nil
      && desk.positions.rows.recover() && desk.orders.memory.slots.recover(keeping: keeping)
      && desk.orders.memory.table.recover() != nil && desk.orders.rows.recover()
      && executions.slots.recover(keeping: keeping) && executions.table.recover() != nil
      && desk.books.rows.recover()
      && desk.markets.rows.recover()
  }

  private func recoverWindows() -> Bool {
    let given = region.hot(Region.Hot.windows).pointee.bits.load(ordering: .relaxed)
    guard given <= region.section(Sections.windows).count else { return false }
    let latest = latest
    var index = 0
    while UInt64(truncatingIfNeeded: index) < given {
      let window: ExactWindow<ManyWriters> = rateWindow(at: windowOffset(index))
      if !window.isSound(latest: latest) { return false }
      index &+= 1
    }
    return true
  }
}

extension Desk {
  /// Completes the step of every position. Account rows first: they are what strategies' rows take from.
  fileprivate func completeAll() -> Bool {
    eachRow { row, word, strategy in strategy || complete(row, word) }
      && eachRow { row, word, strategy in !strategy || complete(row, word) }
  }

  private func eachRow(_ visit: (_ row: Int, _ word: UInt64, _ strategy: Bool) -> Bool) -> Bool {
    var row = 0
    while row < positions.rows.rows {
      if positions.slots.token(at: row) != 0 {
        let word = positions.rows.observe(row)
        if word != 0 && positions.rows.record(word) == nil { return false }
        if !visit(row, word, positions.owner(row).strategy) { return false }
      }
      row &+= 1
    }
    return true
  }

  // MARK: What was never finished

  /// What is found by its key has its place: places are taken before, and given back after.
  fileprivate func dropHalves() -> Bool { dropRows() && dropOrders() && dropExecutions() }

  /// A place for a row that did not get into the table goes back; lists of rows are made anew.
  private func dropRows() -> Bool {
    var id: UInt32 = 1
    while let scope = state.scope(RCK_SCOPE_INSTRUMENT, id) {
      scope.memory.word(Scope.positions).pointee.bits.store(0, ordering: .relaxed)  // alone
      scope.memory.word(Scope.youngest).pointee.bits.store(0, ordering: .relaxed)
      id &+= 1
    }
    var row = 0
    while row < positions.rows.rows {
      let token = positions.slots.token(at: row)
      if token != 0 {
        let key = positions.table.key(of: row)
        if positions.table.find(key) == .found(row) {
          if !positions.enlist(row, UInt32(truncatingIfNeeded: key)) { return false }
        } else {
          _ = positions.slots.release(token, stripe: writer)
        }
      } else if positions.table.find(positions.table.key(of: row)) == .found(row) {
        return false
      }
      row &+= 1
    }
    return true
  }

  private func dropOrders() -> Bool {
    var place = 0
    while place < orders.memory.count {
      let token = orders.memory.slots.token(at: place)
      if token != 0 {
        let key = orders.memory.table.key(of: place)
        let isFound = orders.memory.table.find(key) == .found(place)
        var order = Order()
        guard orders.read(place, &order) != nil else { return false }
        // A leg of a batch that was not committed: no reader may take it for one of a later batch of that number.
        if order.token == 0 && !orders.settle(place, Order(), spare: writer) { return false }
        let isWhole = order.token == token && (order.isAlias ? isLinked(place, order) : true)
        let isReal = !order.isForgotten && (order.shape & Order.reported == 0 || order.clock != 0)
        if !isFound || !isWhole || !isReal {
          // A live order is always found: it was published after its id.
          if !isFound && isWhole && !order.isAlias && !order.isFinished { return false }
          if isFound, case .broken = orders.memory.table.remove(key) { return false }
          _ = orders.memory.slots.giveBack(token, hand: writer)
        }
      } else if orders.memory.table.find(orders.memory.table.key(of: place)) == .found(place) {
        return false
      }
      place &+= 1
    }
    return true
  }

  /// Whether an order has this entry among its other ids.
  private func isLinked(_ place: Int, _ entry: Order) -> Bool {
    var order = Order()
    let target = Orders<D>.place(entry.correlation)
    guard target < orders.memory.count, orders.read(target, &order) != nil,
      order.token == entry.correlation, orders.memory.slots.isLive(order.token)
    else { return false }
    var (next, steps) = (order.aliases, 0)
    while next != 0 && steps <= orders.memory.count {
      let at = Int(truncatingIfNeeded: next) &- 1
      if at == place { return true }
      guard at >= 0, at < orders.memory.count, orders.read(at, &order) != nil else { return false }
      next = order.aliases
      steps &+= 1
    }
    return false
  }

  private func dropExecutions() -> Bool {
    let executions = executions
    var place = 0
    while place < executions.memory.count {
      let token = executions.memory.slots.token(at: place)
      if token != 0 {
        let key = executions.memory.table.key(of: place)
        let isFound = executions.memory.table.find(key) == .found(place)
        let phase = executions.state(token)
        let isWhole = phase == Executions<D>.applied || phase == Executions<D>.busted
        if !isFound || !isWhole {
          if isFound, case .broken = executions.memory.table.remove(key) { return false }
          _ = executions.memory.slots.release(token, stripe: writer)
        }
      } else if executions.memory.table.find(executions.memory.table.key(of: place)) == .found(place) {
        return false
      }
      place &+= 1
    }
    return true
  }

  fileprivate func recoverRings(keeping: Bool) -> Bool {
    orders.memory.recoverRings(
      keeping: keeping,
      lost: { place in
        var order = Order()
        let token = orders.memory.slots.token(at: place)
        let isKept = token != 0 && orders.read(place, &order) != nil && order.token == token
        return isKept && order.isFinished && !order.isAlias ? token : 0
      },
      forget: { orders.forget($0, hand: writer) })
      && executions.memory.recoverRings(
        keeping: keeping,
        lost: { executions.memory.slots.token(at: $0) },
        forget: { executions.forget($0, stripe: writer) })
  }

  // MARK: Sums

  /// Rows keep what was filled; what is open is added from the orders.
  fileprivate func reopenRows() -> Bool {
    eachRow { row, word, _ in
      guard let record = positions.rows.record(word) else { return word == 0 }
      var holding = Holding()
      record.loadWords(&holding)
      holding.openBuys = 0
      holding.openSells = 0
      holding.buys = 0
      holding.sells = 0
      holding.tally = 0
      let fits = holding.quantitiesFit && holding.moneyFits && holding.resultsFit
      record.storeWords(holding)
      record.word(Positions<D>.stepAt).pointee.bits.store(0, ordering: .releasing)
      return fits
    }
  }

  /// Live orders are open in their rows, and unconfirmed from now on if what became of them meanwhile is in doubt.
  fileprivate func reopenOrders(_ doubting: Bool) -> Bool {
    var place = 0
    while place < orders.memory.count {
      var order = Order()
      let token = orders.memory.slots.token(at: place)
      if token != 0 && orders.read(place, &order) != nil && order.token == token && !order.isAlias {
        guard isPossible(order) else { return false }
      }
      if orders.live(place, &order) {
        if doubting { order.state |= Order.State.unconfirmed }
        // Clocks begin anew with the rows' records as they are: a step of before is complete.
        guard orders.settle(place, order, spare: writer), reopen(order, strategy: false),
          !order.isTracked || reopen(order, strategy: true)
        else { return false }
      }
      place &+= 1
    }
    return true
  }

  /// An order has a side; one that were ahead of its row would take no step of it.
  private func isPossible(_ order: Order) -> Bool {
    let isSided = order.isBuy || Int32(order.side) == RCK_SIDE_SELL
    guard isSided, order.type <= UInt8(RCK_TYPE_STOP_LIMIT), order.force <= UInt8(RCK_FORCE_FILL_OR_KILL)
    else {
      return false
    }
    guard case .row(let row) = positions.find(order.account, order.instrument, strategy: false) else {
      return false
    }
    let now = positions.rows.sequence(of: positions.rows.observe(row))
    return order.clock <= now && order.carried <= now && ownsAliases(order)
  }

  /// Whether its other ids are its own: they are given back with it.
  private func ownsAliases(_ order: Order) -> Bool {
    var (entry, next, steps) = (Order(), order.aliases, 0)
    while next != 0 {
      let place = Int(truncatingIfNeeded: next) &- 1
      guard steps < orders.memory.count, place >= 0, place < orders.memory.count,
        orders.read(place, &entry) != nil, entry.isAlias, entry.correlation == order.token
      else { return false }
      next = entry.aliases
      steps &+= 1
    }
    return true
  }

  private func reopen(_ order: Order, strategy: Bool) -> Bool {
    let owner = strategy ? order.strategy : order.account
    guard case .row(let row) = positions.find(owner, order.instrument, strategy: strategy),
      let record = positions.rows.record(positions.rows.observe(row))
    else { return false }
    var (holding, instrument) = (Holding(), Instrument())
    guard state.read(order.instrument, &instrument) else { return false }
    record.loadWords(&holding)
    let held = order.held
    guard order.isConsistent, held.quantity >= 0, held.value >= 0, Amount.fits(held.quantity),
      Amount.fits(held.value)
    else { return false }
    holding.open(buy: order.isBuy, held.quantity, held.value)
    holding.tally &+= 1
    record.storeWords(holding)
    return holding.quantitiesFit && holding.moneyFits
  }

  /// With `margins`, rows have those that hold now; otherwise those that they were booked with.
  fileprivate func sumBooks(margins: Bool) -> Bool {
    var row = 0
    while row < books.rows.rows {
      let word = books.rows.observe(row)
      if word != 0 {
        guard let record = books.rows.record(word) else { return false }
        var (old, book) = (Book(), Book())
        record.loadWords(&old)
        book.cash = old.cash
        book.credit = old.credit
        book.cashKnown = old.cashKnown
        book.markTime = old.markTime
        record.storeWords(book)
      }
      row &+= 1
    }
    return eachRow { row, word, strategy in addRow(row, word, strategy, margins: margins) } && addOrders()
  }

  private func addRow(_ row: Int, _ word: UInt64, _ strategy: Bool, margins: Bool) -> Bool {
    guard let record = positions.rows.record(word) else { return word == 0 }
    let (owner, id, _) = positions.owner(row)
    var (holding, instrument, party) = (Holding(), Instrument(), Party())
    guard state.read(id, &instrument),
      strategy ? state.readStrategy(owner, &party) : state.readAccount(owner, &party)
    else { return false }
    record.loadWords(&holding)
    // A margin that was raised since may be more than can be kept.
    if margins && !holding.setMargin(bps: instrument.margin_bps(strategy ? 0 : party.marginClass)) {
      holding.margin = Amount.max
    }
    record.storeWords(holding)
    return books.move(books.row(owner, strategy: strategy), spare: writer) {
      $0.move(from: Holding(), to: holding)
    }
  }

  private func addOrders() -> Bool {
    var place = 0
    while place < orders.memory.count {
      var order = Order()
      if orders.live(place, &order) {
        let value = order.held.value
        let add: (inout Book) -> Void = {
          $0.orders &+= 1
          $0.ordersValue &+= value
        }
        if !books.move(books.row(order.account, strategy: false), spare: writer, add) { return false }
        if order.shape & Order.trackedBook != 0,
          !books.move(books.row(order.strategy, strategy: true), spare: writer, add)
        {
          return false
        }
      }
      place &+= 1
    }
    return true
  }
}
