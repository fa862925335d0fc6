import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What the host feeds by number, 1 to RCK_METRICS_MAX: of each a pair {time, key}, see Metric.key. A time of 0: never
/// fed. Pairs are swapped whole, with a locked instruction also where one port writes, and their time never goes back:
/// so a key that is read between two looks at one and the same time was fed at that time. A reader that is overtaken
/// looks again; each time somebody's feeding is done, and nobody is waited for.
public struct Metrics {
  private let start: UnsafeMutableRawPointer

  static var bytes: UInt64 { 16 }
  private static var mask: UInt32 { UInt32(RCK_METRICS_MAX) &- 1 }

  @inline(__always)
  public init(_ state: State) { start = state.region.start(of: Sections.metrics) }

  @inline(__always)
  private func place(_ metric: UInt32) -> UnsafeMutableRawPointer {
    // Whatever the number is, it stays within the section.
    start + Int(truncatingIfNeeded: (metric &- 1) & Metrics.mask) &* Int(truncatingIfNeeded: Metrics.bytes)
  }

  /// Time and key of one feeding.
  @inline(__always)
  public func read(_ metric: UInt32) -> (time: Int64, key: Int64) {
    let place = place(metric)
    while true {
      let halves = place.halves(0)  // the time first
      let time = place.loadInteger(0)  // after both: it acquires as they did
      if Int64(truncatingIfNeeded: halves.first) == time {
        return (time, Int64(truncatingIfNeeded: halves.second))
      }
    }
  }

  /// False: what is there is later. `looked` is called between each look and its swap.
  @inline(__always)
  public func feed(_ metric: UInt32, _ key: Int64, time: Int64, _ looked: () -> Void = {}) -> Bool {
    let place = place(metric)
    let new = WordPair(first: UInt(bitPattern: Int(time)), second: UInt(bitPattern: Int(key)))
    while true {
      let old = place.halves(0)
      looked()
      if time < Int64(truncatingIfNeeded: old.first) { return false }
      // Otherwise others have fed it.
      if ManyWriters.replace(place.pair(0), old, by: new) { return true }
    }
  }

  /// Whether each could have been fed. Alone.
  func isSound() -> Bool {
    var metric: UInt32 = 1
    while metric <= UInt32(RCK_METRICS_MAX) {
      let (time, key) = read(metric)
      if time < 0 || time > Int64(RCK_TIME_NS_MAX) || key > Metric.keyMax || key < 0 &- Metric.keyMax {
        return false
      }
      metric &+= 1
    }
    return true
  }
}
