import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What a port has decided: counters, rolling windows, and how long decisions took. Plain stores by the port's thread;
/// readers add up.
///
///   0      checks, refused, warned
///   64     refused by control, 32 words; then passed with a warning by control, 32 words
///   576    three windows of 64 slots: {epoch, {refused 32, checks 32}}
///   3,648  the histogram of latencies
///
/// A window of w has buckets of w / 64, of which it sums the last 65: so it says what happened in w, and up to one
/// bucket longer. A slot whose epoch is not among them counts for nothing.
public struct Statistics {
  private static let controlsAt = 64
  private static let windowsAt = controlsAt + 2 * 32 * 8
  private static let slots: UInt64 = 128
  private static let windowBytes = Int(slots) * 16
  private static let latencyAt = windowsAt + 3 * windowBytes
  public static let bytes = latencyAt + Histogram.bytes

  let memory: UnsafeMutableRawPointer

  public init(_ state: State, port: Int) {
    memory = state.region.start(of: Sections.statistics) + port &* Statistics.bytes
  }

  private func cell(_ at: Int) -> CellPointer { memory.cell(at) }
  public var latency: Histogram { Histogram(at: memory + Statistics.latencyAt) }

  /// Lengths of the windows.
  private static func width_ns(_ window: Int) -> UInt64 {
    switch window {
    case 0: return 1_000_000_000 / 64
    case 1: return 60_000_000_000 / 64
    default: return 3_600_000_000_000 / 64
    }
  }

  /// Counts a decision. The port's thread.
  public func note(_ verdict: UnsafePointer<rck_verdict>, at time_ns: Int64) {
    let isRefused = verdict.pointee.status > RCK_REPEAT
    let control = Int(verdict.pointee.control) & 31
    _ = OneWriter.add(cell(0), 1)
    if isRefused {
      _ = OneWriter.add(cell(8), 1)
      _ = OneWriter.add(cell(Statistics.controlsAt &+ control &* 8), 1)
    } else if verdict.pointee.severity >= UInt8(RCK_SEVERITY_WARNING) {
      _ = OneWriter.add(cell(16), 1)
      _ = OneWriter.add(cell(Statistics.controlsAt &+ (32 &+ control) &* 8), 1)
    }
    var window = 0
    while window < 3 {
      count(window, UInt64(bitPattern: time_ns) / Statistics.width_ns(window), isRefused)
      window &+= 1
    }
  }

  private func slot(_ window: Int, _ epoch: UInt64) -> UnsafeMutableRawPointer {
    let at = Int(truncatingIfNeeded: epoch & (Statistics.slots &- 1)) &* 16
    return memory + Statistics.windowsAt + window &* Statistics.windowBytes + at
  }

  private func count(_ window: Int, _ epoch: UInt64, _ isRefused: Bool) {
    let slot = slot(window, epoch)
    let (tag, counts) = (slot.word(0), slot.word(8))
    let one: UInt64 = isRefused ? 1 | 1 << 32 : 1
    if tag.pointee.bits.load(ordering: .relaxed) == epoch {  // own last store
      counts.pointee.bits.store(counts.pointee.bits.load(ordering: .relaxed) &+ one, ordering: .relaxed)
      return
    }
    // A reader that sees the new epoch sees counts of it, or of none.
    tag.pointee.bits.store(UInt64.max, ordering: .releasing)
    counts.pointee.bits.store(one, ordering: .releasing)
    tag.pointee.bits.store(epoch, ordering: .releasing)
  }

  /// Adds this port's counts to what is told.
  public func add(to told: inout rck_statistics, at time_ns: Int64) {
    func get(_ at: Int) -> UInt64 { UInt64(bitPattern: cell(at).pointee.value.load(ordering: .relaxed)) }
    told.checks &+= get(0)
    told.refused &+= get(8)
    told.warned &+= get(16)
    add(Statistics.controlsAt, to: &told.refused_by)
    add(Statistics.controlsAt &+ 256, to: &told.warned_by)
    (told.second_checks, told.second_refused) = sum(0, time_ns, told.second_checks, told.second_refused)
    (told.minute_checks, told.minute_refused) = sum(1, time_ns, told.minute_checks, told.minute_refused)
    (told.hour_checks, told.hour_refused) = sum(2, time_ns, told.hour_checks, told.hour_refused)
  }

  private func add<Counts>(_ at: Int, to counts: inout Counts) {
    withUnsafeMutableBytes(of: &counts) {
      let words = $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self)
      var control = 0
      while control < 32 {
        words[control] &+= UInt64(bitPattern: cell(at &+ control &* 8).pointee.value.load(ordering: .relaxed))
        control &+= 1
      }
    }
  }

  private func sum(_ window: Int, _ time_ns: Int64, _ checks: UInt64, _ refused: UInt64) -> (UInt64, UInt64) {
    let now = UInt64(bitPattern: time_ns) / Statistics.width_ns(window)
    var (checks, refused, back) = (checks, refused, UInt64(0))
    while back <= 64 && back <= now {
      let slot = slot(window, now &- back)
      if slot.word(0).pointee.bits.load(ordering: .acquiring) == now &- back {
        let counts = slot.word(8).pointee.bits.load(ordering: .acquiring)
        if slot.word(0).pointee.bits.load(ordering: .relaxed) == now &- back {
          checks &+= counts & 0xffff_ffff
          refused &+= counts &>> 32
        }
      }
      back &+= 1
    }
    return (checks, refused)
  }

  /// Whether the next decision is one of those that are timed.
  public var isSample: Bool { cell(0).pointee.value.load(ordering: .relaxed) & 63 == 0 }

  /// The time that a decision took.
  public func note(latency_ns: Int64) { latency.record(latency_ns) }
}

extension State {
  /// Of one port, or of all.
  public func fill(_ told: inout rck_statistics, port: Int?) {
    var index = port ?? 0
    let last = port ?? Int(truncatingIfNeeded: config.pointee.ports_max)
    var latencies = Latencies()
    while index <= last {
      let statistics = Statistics(self, port: index)
      statistics.add(to: &told, at: told.time_ns)
      latencies.add(statistics.latency)
      index &+= 1
    }
    latencies.fill(&told, self, port)
    let violations = Violations(self)
    told.violations_open = UInt64(violations.open)
    told.violations_ended = region.history.pointee.bits.load(ordering: .relaxed)
    told.violations_dropped = region.violationsDropped.pointee.bits.load(ordering: .relaxed)
  }
}

/// Percentiles over the histograms of several ports, which nothing is copied for.
private struct Latencies {
  var count: Int64 = 0
  var longest: Int64 = 0

  mutating func add(_ histogram: Histogram) {
    count &+= histogram.count
    longest = max(longest, histogram.max)
  }

  func fill(_ told: inout rck_statistics, _ state: State, _ port: Int?) {
    told.timed = UInt64(bitPattern: count)
    told.latency_max_ns = longest
    told.latency_p50_ns = percentile(500_000, state, port)
    told.latency_p90_ns = percentile(900_000, state, port)
    told.latency_p99_ns = percentile(990_000, state, port)
    told.latency_p999_ns = percentile(999_000, state, port)
    told.latency_p9999_ns = percentile(999_900, state, port)
  }

  private func percentile(_ millionths: Int64, _ state: State, _ port: Int?) -> Int64 {
    if count == 0 { return 0 }
    let rank = count / 1_000_000 &* millionths &+ (count % 1_000_000 &* millionths &+ 999_999) / 1_000_000
    var (sum, index) = (Int64(0), 0)
    let (first, last) = (port ?? 0, port ?? Int(truncatingIfNeeded: state.config.pointee.ports_max))
    while index < Histogram.buckets {
      var each = first
      while each <= last {
        sum &+= Statistics(state, port: each).latency.count(inBucket: index)
        each &+= 1
      }
      if sum >= rank { return min(Histogram.greatest(inBucket: index), longest) }
      index &+= 1
    }
    return longest
  }
}
