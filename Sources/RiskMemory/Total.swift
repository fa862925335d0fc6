import Synchronization

/// Total: a sum that many ports move, held against a level that no interleaving of calls takes it above. One word,
/// `drawn`, as long as one port moves it. When several do, a port may draw a block of what is left below the level and
/// spend it on a line of its own, its lease; `drawn` then counts what was taken, the rests of all leases, and what
/// calls in flight hold. It may not be used where the exact sum is needed at every step: it is known while the gate
/// is closed, and at rest.
///
/// A rest is changed by its port and taken away whole by anybody. The gate, {epoch, state}, says whether leases may be
/// open. When an amount does not fit below the level, leases are called in: the gate is set to closing, every rest is
/// exchanged for nothing and taken off `drawn`, and the gate is set to closed if it still is in that epoch. Who opens a
/// lease, or adds to it, looks at the gate afterwards, and gives the lease back if it has moved. So while the gate is
/// closed no lease is open but for an instant of a call in flight, and `drawn`, read between two looks at one and the
/// same closed gate, is what was taken and what calls in flight hold. What goes beyond the level all the same, a fact
/// or an amount that is only warned of, shuts the gate before it counts, or begins a new epoch of a closed one, so that
/// nobody opens it who has read less. A gate that is held stays closed until it is let go.
///
/// Whose level it is says a word, the stamp. It moves only while the gate is held, and every call looks at it between
/// the gate and `drawn`: so what is bound to that gate, opening it and keeping a lease, belongs to that level. What is
/// given back goes into a lease only if the level is still the one below which it was taken.
///
/// Why the looks suffice: opening a lease and setting the gate are locked instructions, and each side looks at the
/// other's word after its own. So either the closer finds the lease, or its owner finds the gate.
///
///   0    drawn
///   8    gate
///   16   who moves it: 0 nobody yet, a port's number, or all bits: several
///   24   leasing: 0 once several ports move it, 1 always, 2 never
///   128  the first port's rest plus one, or 0 when closed, and its block; each port's on a pair of lines of its own
public struct Total<D: Discipline> {
  let memory: UnsafeMutableRawPointer
  /// The caller's port; 0, the engine's own, has no lease.
  let port: Int
  let ports: Int

  public static var stride: Int { 128 }

  /// A view of memory of `ports` + 1 strides.
  @inline(__always)
  public init(at memory: UnsafeMutableRawPointer, port: Int, ports: Int) {
    self.memory = memory
    self.port = port
    self.ports = ports
  }

  public enum Taken: Equatable {
    case granted
    /// The level leaves no room: what the total is, exactly, but for what calls in flight hold.
    case exceeds(Int64)
    /// Others moved the gate at every try, or the level is another by now.
    case contended
  }

  @inline(__always) private var drawn: CellPointer { memory.cell(0) }
  @inline(__always) private var gate: WordPointer { memory.word(8) }
  @inline(__always) private func lease(_ port: Int) -> WordPointer { memory.word(port &* Self.stride) }
  @inline(__always) private var block: WordPointer { memory.word(port &* Self.stride &+ 8) }
  @inline(__always) private var own: WordPointer? { port == 0 ? nil : lease(port) }

  // MARK: Taking

  /// Adds an amount, not negative, if the total stays within the level. `stamp` is the word that says whose level it
  /// is, and `current` what it was.
  @inline(__always)
  public func take(_ amount: Int64, upTo level: Int64, _ stamp: WordPointer, _ current: UInt64) -> Taken {
    // Nobody shares it: no lease is open, and none will be opened.
    if isAlone {
      let before = drawn.pointee.value.load(ordering: .relaxed)  // the replacement proves it
      let (sum, overflow) = before.addingReportingOverflow(amount)
      if sum <= level && !overflow && D.replace(drawn, before, by: sum) { return .granted }
    } else if spend(amount) {
      return .granted
    }
    return draw(amount, upTo: level, stamp, current)
  }

  /// Whether the total is this port's alone, or never leased.
  @inline(__always)
  private var isAlone: Bool {
    let mover = memory.word(16).pointee.bits.load(ordering: .relaxed)  // hints, both
    return leasing == Self.never || leasing == Self.automatic && mover == UInt64(truncatingIfNeeded: port)
  }

  /// Takes an amount from the own lease, if its rest suffices.
  @inline(__always)
  private func spend(_ amount: Int64) -> Bool {
    guard let own else { return false }
    var rest = own.pointee.bits.load(ordering: .acquiring)
    while rest > UInt64(bitPattern: amount) {
      if D.replace(own, rest, by: rest &- UInt64(bitPattern: amount)) { return true }
      rest = own.pointee.bits.load(ordering: .acquiring)
    }
    return false
  }

  @inline(never)
  private func draw(
    _ amount: Int64, upTo level: Int64, _ stamp: WordPointer, _ current: UInt64
  ) -> Taken {
    var tries = 0
    while tries < Self.triesMax {
      let now = gate.pointee.bits.load(ordering: .acquiring)
      if stamp.pointee.bits.load(ordering: .acquiring) != current { return .contended }
      let before = drawn.pointee.value.load(ordering: .acquiring)  // before the second look at the gate
      let (sum, overflow) = before.addingReportingOverflow(amount)
      if overflow || sum > level {
        if Gate.isClosed(now) {
          if gate.pointee.bits.load(ordering: .relaxed) == now { return .exceeds(before) }
        } else {
          callIn(to: Gate.closed)
        }
        tries &+= 1
        continue
      }
      let room = level &- sum
      let leases = isLeased && amount != 0
      if leases && now & Gate.mask == Gate.closed && room &>> Self.reopening >= amount {
        _ = D.replace(gate, now, by: Gate.next(now, Gate.open))
        continue
      }
      let extra = leases && now & Gate.mask == Gate.open ? Self.block(amount, room) : 0
      if !D.replace(drawn, before, by: sum &+ extra) { continue }
      if extra != 0 { keep(extra, now) }
      return .granted
    }
    return .contended
  }

  /// Adds an amount although it exceeds a level, up to a higher one, from an exact total. What that is afterwards.
  public func takeAbove(_ amount: Int64, upTo level: Int64) -> (taken: Taken, total: Int64) {
    var tries = 0
    while tries < Self.triesMax {
      tries &+= 1
      guard let before = exact() else { continue }
      let (sum, overflow) = before.addingReportingOverflow(amount)
      if overflow || sum > level { return (.exceeds(before), before) }
      if D.replace(drawn, before, by: sum) {
        shut()
        return (.granted, sum)
      }
    }
    return (.contended, 0)
  }

  /// Lowers the total: by an end, or what is taken back. `current` is the stamp of when it was taken, or of now.
  @inline(__always)
  public func lower(by amount: Int64, _ stamp: WordPointer, _ current: UInt64) {
    if !giveBack(amount, stamp, current) { _ = D.add(drawn, 0 &- amount) }
  }

  /// Raises the total whatever its level, which is asked for afterwards.
  public func raise(by amount: Int64, level: () -> Int64) {
    if spend(amount) { return }
    _ = D.add(drawn, amount)
    if most > level() { shut() }
  }

  /// Puts an amount into the own lease. False: there is none.
  @inline(__always)
  private func giveBack(_ amount: Int64, _ stamp: WordPointer, _ current: UInt64) -> Bool {
    guard let own, !isAlone else { return false }
    var rest = own.pointee.bits.load(ordering: .acquiring)
    while rest != 0 {
      let (sum, overflow) = rest.addingReportingOverflow(UInt64(bitPattern: amount))
      let most = block.pointee.bits.load(ordering: .relaxed) &<< 2  // own last store
      if overflow || sum > most { return giveBackMuch(own, rest, amount) }
      if D.replace(own, rest, by: sum) { return true }
      rest = own.pointee.bits.load(ordering: .acquiring)
    }
    return giveBackOpening(own, amount, stamp, current)
  }

  /// More than the lease should hold: half of what it should stays.
  @inline(never)
  private func giveBackMuch(_ own: WordPointer, _ rest: UInt64, _ amount: Int64) -> Bool {
    let kept = min(block.pointee.bits.load(ordering: .relaxed) &<< 1, rest &- 1)
    if !D.replace(own, rest, by: kept &+ 1) { return false }
    _ = D.add(drawn, 0 &- amount &- Int64(bitPattern: rest &- 1 &- kept))
    return true
  }

  /// A port that gives back much and takes little opens a lease for it, so that it moves no shared line either.
  @inline(never)
  private func giveBackOpening(
    _ own: WordPointer, _ amount: Int64, _ stamp: WordPointer, _ current: UInt64
  ) -> Bool {
    let now = gate.pointee.bits.load(ordering: .acquiring)
    if !isLeased || now & Gate.mask != Gate.open { return false }
    if stamp.pointee.bits.load(ordering: .acquiring) != current { return false }
    block.pointee.bits.store(UInt64(bitPattern: amount) &<< Self.blockShift, ordering: .relaxed)
    if !D.replace(own, 0, by: UInt64(bitPattern: amount) &+ 1) { return false }
    if gate.pointee.bits.load(ordering: .sequentiallyConsistent) != now { close(port) }
    return true
  }

  // MARK: Leases

  /// Adds what was drawn to the own lease, unless the gate has moved since.
  private func keep(_ extra: Int64, _ before: UInt64) {
    guard let own else {
      _ = D.add(drawn, 0 &- extra)
      return
    }
    block.pointee.bits.store(UInt64(bitPattern: extra), ordering: .relaxed)
    while true {
      let rest = own.pointee.bits.load(ordering: .acquiring)
      let (more, overflow) = max(rest, 1).addingReportingOverflow(UInt64(bitPattern: extra))
      if overflow {
        _ = D.add(drawn, 0 &- extra)
        return
      }
      if D.replace(own, rest, by: more) { break }
    }
    // Sequentially consistent, as the replacement before is on x86-64: after it.
    if gate.pointee.bits.load(ordering: .sequentiallyConsistent) != before { close(port) }
  }

  /// Takes a lease's rest off the total.
  private func close(_ port: Int) {
    let lease = lease(port)
    while true {
      let rest = lease.pointee.bits.load(ordering: .acquiring)
      if rest == 0 { return }
      if D.replace(lease, rest, by: 0) {
        _ = D.add(drawn, 1 &- Int64(bitPattern: rest))
        return
      }
    }
  }

  /// After the total went beyond its level: no lease may be open, and nobody may open the gate by what he read before.
  @inline(never)
  private func shut() {
    while true {
      let now = gate.pointee.bits.load(ordering: .acquiring)
      switch now & Gate.mask {
      case Gate.held: return
      case Gate.closed: if D.replace(gate, now, by: Gate.next(now, Gate.closed)) { return }
      default: return callIn(to: Gate.closed)
      }
    }
  }

  /// Calls in all leases and leaves the gate closed, or held.
  @inline(never)
  private func callIn(to state: UInt64) {
    while true {
      let now = gate.pointee.bits.load(ordering: .acquiring)
      let present = now & Gate.mask
      if present == state || present == Gate.held { return }
      if present == Gate.closed {
        if D.replace(gate, now, by: Gate.next(now, state)) { return }
        continue
      }
      if present == Gate.open && !D.replace(gate, now, by: Gate.next(now, Gate.closing)) { continue }
      let closing = present == Gate.open ? Gate.next(now, Gate.closing) : now
      var port = 1
      while port <= ports {
        close(port)
        port &+= 1
      }
      _ = D.replace(gate, closing, by: closing & ~Gate.mask | Gate.closed)
    }
  }

  /// Leases from the second port on, unless said otherwise: sees to it that they may begin.
  @inline(__always)
  private var isLeased: Bool {
    let mode = leasing  // a hint, as who moves it
    if mode != Self.automatic || port == 0 { return mode == Self.always && port != 0 }
    let mover = memory.word(16)
    let known = mover.pointee.bits.load(ordering: .relaxed)
    let number = UInt64(truncatingIfNeeded: port)
    if known == Self.several { return true }
    if known == number { return false }
    _ = D.replace(mover, known, by: known == 0 ? number : Self.several)
    return false
  }

  // MARK: By the administrator, whatever others do

  public static var automatic: UInt64 { 0 }
  public static var always: UInt64 { 1 }
  public static var never: UInt64 { 2 }

  public var leasing: UInt64 { memory.word(24).pointee.bits.load(ordering: .relaxed) }

  public func setLeasing(_ mode: UInt64) { memory.word(24).pointee.bits.store(mode, ordering: .relaxed) }

  /// Closes the gate, and keeps it closed until `letGo`.
  public func hold() { callIn(to: Gate.held) }

  public func letGo() {
    while true {
      let now = gate.pointee.bits.load(ordering: .acquiring)
      if now & Gate.mask != Gate.held || D.replace(gate, now, by: Gate.next(now, Gate.closed)) { return }
    }
  }

  // MARK: Looking

  /// What is drawn: not less than what was taken.
  @inline(__always)
  public var most: Int64 { drawn.pointee.value.load(ordering: .acquiring) }

  /// What was taken, as far as it can be told while others work: exact at rest, and when nothing moved meanwhile.
  public func look() -> Int64 {
    var tries = 0
    while true {
      let before = gate.pointee.bits.load(ordering: .acquiring)
      let rests = rests
      let drawn = most
      tries &+= 1
      if tries == Self.triesMax
        || rests == self.rests && gate.pointee.bits.load(ordering: .acquiring) == before
      {
        return drawn &- rests
      }
    }
  }

  /// What is drawn while no lease is open: between two looks at one closed gate. Nil: it was open, and leases have been
  /// called in, or it has moved.
  private func exact() -> Int64? {
    let now = gate.pointee.bits.load(ordering: .acquiring)
    if !Gate.isClosed(now) {
      callIn(to: Gate.closed)
      return nil
    }
    let drawn = most  // acquires: before the second look
    return gate.pointee.bits.load(ordering: .relaxed) == now ? drawn : nil
  }

  /// What was taken and what calls in flight hold, exactly: leases are called in.
  public func settle() -> Int64 {
    var tries = 0
    while tries < Self.triesMax {
      tries &+= 1
      if let drawn = exact() { return drawn }
    }
    return look()  // others opened it at every try
  }

  private var rests: Int64 {
    if gate.pointee.bits.load(ordering: .acquiring) & Gate.mask == Gate.closed { return 0 }
    var (sum, port) = (Int64(0), 1)
    while port <= ports {
      let rest = lease(port).pointee.bits.load(ordering: .acquiring)
      if rest != 0 { sum &+= Int64(bitPattern: rest) &- 1 }
      port &+= 1
    }
    return sum
  }

  // MARK: Recovery, alone

  /// Begins anew at nothing, without leases.
  public func clear() {
    var port = 0
    while port <= ports {
      lease(port).pointee.bits.store(0, ordering: .relaxed)
      port &+= 1
    }
    gate.pointee.bits.store(0, ordering: .relaxed)
    memory.word(16).pointee.bits.store(0, ordering: .relaxed)
  }

  // MARK: Sizes

  /// A block is 64 of the amounts that it is drawn for, and a 32nd of the room at most: so leases end long before the
  /// room does, and what ports hold and do not need is little of it.
  private static func block(_ amount: Int64, _ room: Int64) -> Int64 {
    let most = room &>> 5
    let wanted = amount < Int64.max &>> blockShift ? amount &<< blockShift : most
    let block = min(min(wanted, most), blockMax)
    return block < amount ? 0 : block
  }

  private static var blockShift: Int64 { 6 }
  private static var blockMax: Int64 { 1 &<< 56 }
  /// A gate that was closed opens when there is room for 2^this amounts.
  private static var reopening: Int64 { 7 }
  private static var several: UInt64 { UInt64.max }
  /// Each further try needs a gate that moved in between.
  private static var triesMax: Int { 64 }
}

/// States of a gate, its two lowest bits; an epoch is above.
private enum Gate {
  static var open: UInt64 { 0 }
  static var closing: UInt64 { 1 }
  static var closed: UInt64 { 2 }
  static var held: UInt64 { 3 }
  static var mask: UInt64 { 3 }

  static func isClosed(_ gate: UInt64) -> Bool { gate & mask >= closed }

  /// The word of the next epoch.
  static func next(_ gate: UInt64, _ state: UInt64) -> UInt64 { (gate & ~mask) &+ 4 | state }
}
