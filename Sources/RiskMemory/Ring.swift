import CPlatform
import Synchronization

/// A ring of 64-byte lines between one producer and one consumer. A record is one or more lines and becomes
/// visible whole, by one store of the tail.
///
/// Why it is right. `tail` is written by the producer alone, `head` by the consumer alone; both only grow.
/// The producer writes lines in [tail, head + capacity) only, which the consumer has left: it read them before
/// it released `head`, and the producer acquired that value of `head`. The consumer reads lines in
/// [head, tail) only, which were written before `tail` was released, and it acquired that value. Each side
/// works from the last value of the other's index that it saw; an old value only makes it see less room, or
/// fewer lines, than there are. A producer that dies before the store of the tail has published nothing.
///
/// Each index has a pair of lines of its own and each side's private words another, since a line that one
/// core writes and another polls costs both of them a transfer each time.
public struct Ring {
  public static let controlBytes = 512

  static let tailAt = 0
  static let producerAt = 128  // head as last seen, high-water mark, then 14 words for the ring's user
  static let headAt = 256
  static let consumerAt = 384  // tail as last seen, claim, delivered, deepest, then the user's words

  let control: UnsafeMutableRawPointer
  let lines: UnsafeMutableRawPointer
  let capacity: UInt64

  /// `capacity` is a power of two.
  @inline(__always)
  public init(control: UnsafeMutableRawPointer, lines: UnsafeMutableRawPointer, capacity: UInt64) {
    self.control = control
    self.lines = lines
    self.capacity = capacity
  }

  @inline(__always)
  public func line(_ position: UInt64) -> UnsafeMutableRawPointer {
    lines + Int(truncatingIfNeeded: (position & (capacity &- 1)) &* 64)
  }

  /// Words of the producer's and consumer's private lines that the ring does not use itself.
  @inline(__always)
  public func producerWord(_ slot: Int) -> WordPointer {
    control.word(Ring.producerAt &+ 16 &+ slot &* 8)
  }

  @inline(__always)
  public func consumerWord(_ slot: Int) -> WordPointer {
    control.word(Ring.consumerAt &+ 32 &+ slot &* 8)
  }

  /// Line 0 or 1 of two that the ring leaves to its user: each has a pair with an index, so it is for what is
  /// hardly ever written.
  public func spareLine(_ which: UInt64) -> UnsafeMutableRawPointer {
    control + (which & 1 == 0 ? Ring.tailAt : Ring.headAt) + 64
  }

  @inline(__always)
  var tail: WordPointer { control.word(Ring.tailAt) }
  @inline(__always)
  var head: WordPointer { control.word(Ring.headAt) }
  @inline(__always)
  var headSeen: WordPointer { control.word(Ring.producerAt) }
  @inline(__always)
  var highWater: WordPointer { control.word(Ring.producerAt &+ 8) }
  @inline(__always)
  var tailSeen: WordPointer { control.word(Ring.consumerAt) }
  @inline(__always)
  var claim: WordPointer { control.word(Ring.consumerAt &+ 8) }
  @inline(__always)
  var delivered: WordPointer { control.word(Ring.consumerAt &+ 16) }
  @inline(__always)
  var depthSeen: WordPointer { control.word(Ring.consumerAt &+ 24) }

  // MARK: Producer

  /// Where the next record goes, or nil when `count` lines do not fit now.
  @inline(__always)
  public func room(for count: UInt64) -> UInt64? {
    let end = tail.pointee.bits.load(ordering: .relaxed)  // own last store
    let seen = headSeen.pointee.bits.load(ordering: .relaxed)  // own last store
    if count <= capacity && end &- seen <= capacity &- count { return end }
    let now = head.pointee.bits.load(ordering: .acquiring)  // the consumer is done with lines below it
    headSeen.pointee.bits.store(now, ordering: .relaxed)  // read by this side only
    return count <= capacity && end &- now <= capacity &- count ? end : nil
  }

  /// `room` as far as it is known without looking at the consumer's line. `count` is at most the capacity.
  @inline(__always)
  public func knownRoom(for count: UInt64) -> UInt64? {
    let end = tail.pointee.bits.load(ordering: .relaxed)  // own last store
    return end &- headSeen.pointee.bits.load(ordering: .relaxed) <= capacity &- count ? end : nil
  }

  /// What is known of room is none, until the next look.
  public func forgetRoom() {
    let full = tail.pointee.bits.load(ordering: .relaxed) &- capacity
    headSeen.pointee.bits.store(full, ordering: .relaxed)
  }

  /// Publishes the lines in [tail, end) and says whether the high-water mark may have to rise: then `look`.
  ///
  /// The depth against the head last seen is an upper bound. In a ring that is read as fast as it is written it
  /// is always old, and a look costs a transfer of the consumer's line; so below a sixteenth of the ring the
  /// mark is left to the consumer, who sees both indices when it looks for lines.
  @inline(__always)
  public func publish(to end: UInt64) -> Bool {
    tail.pointee.bits.store(end, ordering: .releasing)  // after the lines
    let mark = max(highWater.pointee.bits.load(ordering: .relaxed), capacity &>> 4)  // own last store
    return end &- headSeen.pointee.bits.load(ordering: .relaxed) > mark
  }

  /// Looks at the consumer's line and raises the mark to the depth that there is.
  public func look() {
    let end = tail.pointee.bits.load(ordering: .relaxed)  // own last store
    let now = head.pointee.bits.load(ordering: .acquiring)  // may free room for the next record
    headSeen.pointee.bits.store(now, ordering: .relaxed)
    let depth = end &- now
    if depth > highWater.pointee.bits.load(ordering: .relaxed) && depth <= capacity {
      highWater.pointee.bits.store(depth, ordering: .relaxed)
    }
  }

  // MARK: Consumer

  /// Becomes the consumer until `leave`. False when somebody is.
  @inline(__always)
  public func enter() -> Bool { ManyWriters.replace(claim, 0, by: 1) }

  @inline(__always)
  public func leave() { claim.pointee.bits.store(0, ordering: .releasing) }  // after the head

  /// The lines that can be read: [start, end). Looks at the producer's line only when `wanted` lines are not
  /// known to be there. Nil when the indices contradict each other.
  ///
  /// A consumer that has just emptied the ring rests for four pauses, once, before it looks again: a producer
  /// at full speed then publishes several records for one transfer of its line. Measured by the scenario
  /// `ring` of the benchmarks; more pauses would cost more latency than a queue that never rests.
  @inline(__always)
  public func readable(_ wanted: UInt64) -> (start: UInt64, end: UInt64)? {
    let start = head.pointee.bits.load(ordering: .relaxed)  // own last store
    var end = tailSeen.pointee.bits.load(ordering: .relaxed)  // own last store
    if end &- start < wanted || end &- start > capacity {
      if end == start && delivered.pointee.bits.load(ordering: .relaxed) != 0 {
        delivered.pointee.bits.store(0, ordering: .relaxed)  // this side's own
        platform_pause()
        platform_pause()
        platform_pause()
        platform_pause()
      }
      end = tail.pointee.bits.load(ordering: .acquiring)  // the lines below it are written
      tailSeen.pointee.bits.store(end, ordering: .relaxed)
      let depth = end &- start
      if depth > depthSeen.pointee.bits.load(ordering: .relaxed) && depth <= capacity {
        depthSeen.pointee.bits.store(depth, ordering: .relaxed)  // this side's own
      }
    }
    return end &- start <= capacity ? (start, end) : nil
  }

  /// Gives the lines below `position` back to the producer.
  @inline(__always)
  public func release(to position: UInt64) {
    head.pointee.bits.store(position, ordering: .releasing)  // after they were read
    delivered.pointee.bits.store(1, ordering: .relaxed)  // this side's own
  }

  // MARK: Observation and recovery

  /// Lines written and not read. Approximate while both sides work, never above the capacity.
  public var depth: UInt64 {
    let start = head.pointee.bits.load(ordering: .acquiring)
    let end = tail.pointee.bits.load(ordering: .acquiring)
    return min(end &- start, capacity)
  }

  /// The deepest that either side has seen, or that there is. Exact from a sixteenth of the capacity up.
  public var highWaterMark: UInt64 {
    let seen = max(
      highWater.pointee.bits.load(ordering: .relaxed), depthSeen.pointee.bits.load(ordering: .relaxed))
    return max(min(seen, capacity), depth)
  }

  public var lineCount: UInt64 { capacity }

  /// Lines from a position on that lie side by side in memory.
  public func stretch(from position: UInt64) -> UInt64 { capacity &- (position & (capacity &- 1)) }

  public var published: UInt64 { tail.pointee.bits.load(ordering: .acquiring) }

  /// After a crash, before the producer works: nothing of its side is cached. With `consumer`, the consumer is
  /// gone as well. False when the indices contradict each other.
  public func recover(consumer: Bool) -> Bool {
    // Acquire: a consumer of another process may be at work.
    let start = head.pointee.bits.load(ordering: .acquiring)
    if tail.pointee.bits.load(ordering: .relaxed) &- start > capacity { return false }
    headSeen.pointee.bits.store(start, ordering: .relaxed)
    if highWater.pointee.bits.load(ordering: .relaxed) > capacity {
      highWater.pointee.bits.store(capacity, ordering: .relaxed)
    }
    if consumer { forgetConsumer() }
    return true
  }

  /// Nothing is in it. Nobody works.
  public func leaveLines() {
    let end = tail.pointee.bits.load(ordering: .relaxed)
    head.pointee.bits.store(end, ordering: .relaxed)
    headSeen.pointee.bits.store(end, ordering: .relaxed)
    forgetConsumer()
  }

  /// The consumer is gone, perhaps in the middle of a read: its claim and what it had cached go too. For who
  /// holds the right to consume.
  public func forgetConsumer() {
    tailSeen.pointee.bits.store(head.pointee.bits.load(ordering: .relaxed), ordering: .relaxed)
    delivered.pointee.bits.store(0, ordering: .relaxed)
    claim.pointee.bits.store(0, ordering: .relaxed)
  }
}
