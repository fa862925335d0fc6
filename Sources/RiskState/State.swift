import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Everything an engine knows, as a view of its region. It costs nothing to make and holds no state itself.
public struct State {
  public let region: Region

  @inline(__always)
  public init(_ region: Region) { self.region = region }

  @inline(__always)
  public var config: UnsafePointer<rck_config> {
    UnsafePointer(region.configuration.assumingMemoryBound(to: rck_config.self))
  }

  /// Numbers of the broken invariants, for `failed_site`.
  public enum Site {
    public static let names: UInt64 = 1
    public static let rows: UInt64 = 2
    public static let ring: UInt64 = 3
    public static let positions: UInt64 = 4
    public static let orders: UInt64 = 5
    public static let books: UInt64 = 6
    public static let executions: UInt64 = 7
    public static let markets: UInt64 = 8
    public static let carry: UInt64 = 9
    public static let limits: UInt64 = 10
    public static let windows: UInt64 = 11
    public static let undo: UInt64 = 12
  }

  /// The administrator's counters in the region.
  enum Count {
    static let definitions = 0
    static let portsOpen = 1
    /// Of a kind: from 9 on, that of calendars before them.
    static func defined(_ kind: Int) -> Int { kind == Int(RCK_KIND_CALENDAR) ? 8 : 8 &+ kind }
  }

  // MARK: Making and re-opening

  /// Lays a region out in zeroed memory of exactly the planned size. All parts are empty when all zero, so
  /// the header is all there is to write. The region is not one before the caller finishes it.
  public static func make(in memory: UnsafeMutableRawPointer, _ config: rck_config, bytes: UInt64) -> State {
    let region = Region(at: memory)
    var kept = config
    kept.flags = 0
    withUnsafeBytes(of: &kept) {
      guard let source = $0.baseAddress else { return }
      region.lay(
        out: bytes, name: platform_random() | 1, configuration: source, configurationBytes: $0.count)
    }
    _ = Sections.plan(config) { index, section in region.setSection(index, section) }
    return State(region)
  }

  /// Whether the header, whose checksum has been found right, describes a region that this library would have
  /// made: a file made by hand must not lead outside itself.
  public static func describesItself(_ region: Region) -> Bool {
    let state = State(region)
    let config = state.config.pointee
    guard config.struct_size == UInt32(MemoryLayout<rck_config>.size), Configuration.fault(of: config) == nil
    else { return false }
    var agrees = true
    let bytes = Sections.plan(config) { index, section in
      if region.section(index) != section { agrees = false }
    }
    return agrees && bytes == region.bytes
  }

  /// Makes a region that a host left, however it left it, ready for work: nothing half-done stays, and what
  /// can be computed is computed anew. With `consumer`, the caller has the right to consume and nobody reads. With
  /// `doubting`, live orders are unconfirmed from now on; without it what is in order stays just as it lies, in memory
  /// that nobody else sees: which place is taken next, and what is forgotten next. False when the
  /// contents contradict themselves.
  public func recover(consumer: Bool, doubting: Bool = true) -> Bool {
    var index = 0
    while let port = port(index) {
      if !port.recover(consumer: consumer) { return false }
      index &+= 1
    }
    region.count(Count.portsOpen).pointee.value.store(0, ordering: .relaxed)  // alone
    setShared(false)
    endDay()
    Tickets(self).recover()
    return recoverDefinitions() && compileInstruments(in: nil) && recoverOrders(doubting)
      && recoverLimits(keeping: !doubting) && recoverLatches() && areWatchesSound && Overrides(self).recover()
      && Metrics(self).isSound() && Violations(self).recover()
  }

  /// For who has just got the right to consume: the one before may have died in a read.
  public func forgetConsumer() {
    var index = 0
    while let port = port(index) {
      port.ring.forgetConsumer()
      index &+= 1
    }
  }

  // MARK: Parts

  /// Port `index`, 0 the engine's own; nil beyond the capacity.
  @inline(__always)
  public func port(_ index: Int) -> Port? {
    guard UInt64(truncatingIfNeeded: index) <= config.pointee.ports_max else { return nil }
    return Port(ring: ring(index), index: UInt16(truncatingIfNeeded: index))
  }

  @inline(__always)
  func ring(_ index: Int) -> Ring {
    let lines = config.pointee.ring_lines
    let controls = region.start(of: Sections.portControls) + index &* Ring.controlBytes
    let start = region.start(of: Sections.portRings) + index &* Int(truncatingIfNeeded: lines &* 64)
    return Ring(control: controls, lines: start, capacity: lines)
  }

  /// The engine's own ring: what the administrator did.
  public var journal: Port { Port(ring: ring(0), index: 0) }

  public var portsOpen: Int64 { region.count(Count.portsOpen).pointee.value.load(ordering: .relaxed) }

  /// Under the administrator's turn.
  public func setPort(_ port: Port, open: Bool) {
    port.setOpen(at: open ? now() ?? 0 : nil)
    // Under the administrator's turn, one writer.
    _ = OneWriter.add(region.count(Count.portsOpen), open ? 1 : -1)
    tell(open ? RCK_EVENT_PORT_OPENED : RCK_EVENT_PORT_CLOSED, UInt64(port.index))
  }

  /// Under the administrator's turn.
  public func tell(
    _ kind: Int32, _ subject: UInt64, _ first: Int64 = 0, _ second: Int64 = 0,
    control: Int32 = RCK_CONTROL_NONE
  ) {
    let isOrdered = region.openFlags & UInt32(RCK_TELL_COMMANDS) != 0
    journal.tell(
      kind: kind, subject: subject, first, second, time_ns: now() ?? 0, control: control,
      ticket: isOrdered ? Tickets(self).between() : 0)
  }

  public func fillHealth(_ health: inout rck_health_info) {
    health.failed_site = region.failedSite
    health.opened = region.timesOpened
    health.recovered = region.wasRecovered ? 1 : 0
    health.owner_pid = region.ownerPid
    health.region_bytes = region.bytes
    health.definitions = definitions
    health.ports_open = UInt32(clamping: portsOpen)
    health.ports_max = UInt32(clamping: config.pointee.ports_max)
    var index = 0
    while let port = port(index) {
      health.events_lost &+= port.eventsLost
      health.events_refused &+= port.eventsRefused
      index &+= 1
    }
    health.time_ns = latest
    health.currencies = defined(RCK_KIND_CURRENCY)
    health.groups = defined(RCK_KIND_GROUP)
    health.accounts = defined(RCK_KIND_ACCOUNT)
    health.strategies = defined(RCK_KIND_STRATEGY)
    health.instruments = defined(RCK_KIND_INSTRUMENT)
    health.calendars = defined(RCK_KIND_CALENDAR)
  }
}
