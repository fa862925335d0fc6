import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What a port's order, or the legs of its batch, have taken beside rows and books, so that it can be given back if
/// they are not entered after all. The port's own; of no meaning between calls, nor after a kill: what was taken then
/// counts too much, never too little. A count, and behind the first line so many of {kind 8, index 56}, stamp, amount.
public struct Takes<D: Discipline> {
  public static var most: Int { 512 }
  static var firstAt: Int { 64 }
  static var each: Int { 24 }
  public static var bytes: Int { @inline(__always) get { 12352 } }  // 64 + 512 x 24

  public static var accumulated: UInt64 { 1 }
  public static var duplicate: UInt64 { 2 }

  private let state: State
  private let memory: UnsafeMutableRawPointer

  @inline(__always)
  public init(_ state: State, writer: Int) {
    self.state = state
    memory = state.region.start(of: Sections.takes) + writer &* Self.bytes
  }

  // Relaxed, all that follows: nobody else reads it.
  private var counter: WordPointer { memory.word(0) }

  @inline(__always)
  public var count: Int {
    min(Int(truncatingIfNeeded: counter.pointee.bits.load(ordering: .relaxed)), Self.most)
  }

  @inline(__always)
  public func clear() { counter.pointee.bits.store(0, ordering: .relaxed) }

  @inline(__always)
  public var isFull: Bool { count == Self.most }

  /// There is room.
  public func note(_ kind: UInt64, _ index: Int, _ stamp: Int64, _ amount: Int64) {
    let count = count
    let entry = memory + (Self.firstAt &+ count &* Self.each)
    entry.word(0).pointee.bits.store(kind &<< 56 | UInt64(truncatingIfNeeded: index), ordering: .relaxed)
    entry.word(8).pointee.bits.store(UInt64(bitPattern: stamp), ordering: .relaxed)
    entry.word(16).pointee.bits.store(UInt64(bitPattern: amount), ordering: .relaxed)
    counter.pointee.bits.store(UInt64(truncatingIfNeeded: count &+ 1), ordering: .relaxed)
  }

  /// Gives back what was taken after the first `kept`, the last first.
  @inline(never)
  public func undo(downTo kept: Int) {
    var at = count
    while at > kept {
      at &-= 1
      let entry = memory + (Self.firstAt &+ at &* Self.each)
      let what = entry.word(0).pointee.bits.load(ordering: .relaxed)
      let (stamp, amount) = (entry.loadInteger(8), entry.loadInteger(16))
      let index = Int(truncatingIfNeeded: what & 0xff_ffff)
      if what &>> 56 == Self.accumulated {
        if state.hasAccumulation(index) {
          let place: Accumulation<D> = state.accumulation(index)
          place.undo(amount, epoch: stamp)
        }
      } else {
        Duplicates<D>(state).undo(index, life: stamp, since: amount)
      }
    }
    counter.pointee.bits.store(UInt64(truncatingIfNeeded: kept), ordering: .relaxed)
  }
}
