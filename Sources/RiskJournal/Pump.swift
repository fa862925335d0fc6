import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// From the rings to the file. Records leave their ring last: after they were written, and with RCK_SYNC_BATCH after
/// the disk has them. A kill in between leaves them in both, and who goes on knows by their sequences which ones.
extension Journal {
  /// Nil: all that was in the rings is written.
  public func pump(_ state: State) -> Fault? {
    clearCall()
    if let fault = turnOver(state) { return failed(fault) }
    let fault = takeRings(state)
    let unsynced = syncWhenDue()
    // What the disk may not have stays in the rings, and is known by its sequences when the next call finds it there.
    let isKept = unsynced != nil && record.pointee.config.sync == UInt32(RCK_SYNC_BATCH)
    leaveRings(state, releasing: !isKept)
    guard let failure = fault ?? unsynced else { return nil }
    return failed(failure)
  }

  /// Finishes the segment in work.
  public func finish(_ state: State) -> Fault? {
    // One that has nothing is gone on with.
    if record.pointee.descriptor < 0 { return nil }
    let isEmpty = !record.pointee.isEnded && record.pointee.mark.offset <= UInt64(Form.headerBytes)
    return isEmpty ? nil : finishSegment()
  }

  /// What the last call did, and where the journal is.
  public func tell(_ state: State, _ info: UnsafeMutablePointer<rck_pump_info>) {
    var (told, index) = (record.pointee.told, 0)
    while let port = state.port(index) {
      told.waiting &+= port.ring.depth
      index &+= 1
    }
    told.struct_size = info.pointee.struct_size
    told.segment = record.pointee.segment
    told.segment_bytes = record.pointee.mark.offset
    info.pointee = told
  }

  private func clearCall() {
    record.pointee.told.port = 0
    record.pointee.told.records = 0
    record.pointee.told.lines = 0
    record.pointee.told.repeats = 0
    record.pointee.told.waiting = 0
  }

  private func failed(_ fault: Fault) -> Fault {
    record.pointee.told.failures &+= 1
    return fault
  }

  // MARK: Segments

  /// Finishes the segment in work if it is large or old enough, and sees that there is one.
  private func turnOver(_ state: State) -> Fault? {
    if record.pointee.descriptor >= 0 {
      // What is written to a file that is in no directory any more is lost.
      let (directory, number) = (record.pointee.directory, record.pointee.segment)
      let error = platform_is_segment(directory, number, record.pointee.descriptor)
      if error != 0 { return .system(error) }
      if record.pointee.isEnded, let fault = finishSegment() { return fault }
    }
    let (config, mark) = (record.pointee.config, record.pointee.mark)
    if record.pointee.descriptor >= 0 && mark.offset > UInt64(Form.headerBytes) {
      let age = platform_realtime_ns() &- record.pointee.made_ns
      if mark.offset >= config.segment_bytes || config.segment_ns != 0 && age >= config.segment_ns {
        if let fault = finishSegment() { return fault }
      }
    }
    return record.pointee.descriptor < 0 ? begin(state) : nil
  }

  /// The last block lists what each port has in the segment. Its name changes when the disk has it whole.
  func finishSegment() -> Fault? {
    if record.pointee.isEnded { return sync() ?? nameFinished() }
    var (block, port, lines) = (Block(), 0, buffer)
    while port < Form.portsMax {
      let end = ends + port
      if end.pointee.records != 0 {
        platform_copy_line(lines, end)
        lines += Form.lineBytes
        block.lines &+= 1
      }
      port &+= 1
    }
    let error = write(block, kind: BlockHeader.Kind.end, buffer, block.lines, nil, 0)
    if error != 0 { return .system(error) }
    record.pointee.isEnded = true
    return sync() ?? nameFinished()
  }

  /// Gives the segment in work, which is whole, its last name.
  func nameFinished() -> Fault? {
    let (directory, number) = (record.pointee.directory, record.pointee.segment)
    var error = platform_finish_segment(directory, number)
    if error != 0 { return .system(error) }
    record.pointee.told.syncs &+= 1
    record.pointee.told.segments_finished &+= 1
    leaveSegment()
    error = platform_sync(directory)
    retire(number)
    return error == 0 ? nil : .system(error)
  }

  /// Removes what is more than is kept. What cannot be removed stays until the next time.
  private func retire(_ last: UInt64) {
    let most = record.pointee.config.segments_max
    if most == 0 || last <= most { return }
    // Backwards, up to the first that is gone already.
    var number = last &- most
    while number != 0 && platform_remove_segment(record.pointee.directory, number, 0) == 0 { number &-= 1 }
  }

  private func syncWhenDue() -> Fault? {
    let config = record.pointee.config
    let isUnsynced = record.pointee.syncedTo < record.pointee.mark.offset
    if record.pointee.descriptor < 0 || !isUnsynced || config.sync == UInt32(RCK_SYNC_NONE) { return nil }
    let isBatch = config.sync == UInt32(RCK_SYNC_BATCH)
    let now = platform_monotonic_ns()
    return isBatch || now &- record.pointee.synced_ns >= config.sync_interval_ns ? sync() : nil
  }

  /// Returns when the disk has the segment in work.
  private func sync() -> Fault? {
    if record.pointee.hasFailed, let fault = writeAgain() { return fault }
    let error = platform_sync(record.pointee.descriptor)
    record.pointee.hasFailed = error != 0
    if error != 0 { return .system(error) }
    record.pointee.syncedTo = record.pointee.mark.offset
    record.pointee.synced_ns = platform_monotonic_ns()
    record.pointee.told.syncs &+= 1
    return nil
  }

  /// Writes what was written since the last sync over itself, so that the kernel takes it for not written yet.
  private func writeAgain() -> Fault? {
    let (descriptor, most) = (record.pointee.descriptor, UInt64(Form.blockBytesMax))
    var at = record.pointee.syncedTo
    while at < record.pointee.mark.offset {
      let count = min(record.pointee.mark.offset &- at, most)
      var error = platform_read_at(descriptor, buffer, count, at)
      if error == 0 { error = platform_write_at(descriptor, buffer, count, at) }
      if error != 0 { return .system(error) }
      at &+= count
    }
    return nil
  }

  // MARK: Rings

  private func takeRings(_ state: State) -> Fault? {
    var (index, fault): (Int, Fault?) = (0, nil)
    while index < Form.portsMax {
      counts[index] = -1
      if fault == nil, let port = state.port(index) { fault = take(state, port, index) }
      index &+= 1
    }
    return fault
  }

  private func leaveRings(_ state: State, releasing: Bool) {
    var index = 0
    while index < Form.portsMax {
      if counts[index] >= 0, let port = state.port(index) {
        port.endHarvest(to: positions[index], records: releasing ? UInt64(counts[index]) : 0)
      }
      index &+= 1
    }
  }

  /// Writes what is in a ring, as blocks.
  private func take(_ state: State, _ port: Port, _ index: Int) -> Fault? {
    switch port.beginHarvest() {
    case .busy: return .status(RCK_E_BUSY)
    case .broken: return corrupt(state, index)
    case .lines(let start, let end):
      counts[index] = 0
      positions[index] = start
      var position = start
      while position != end {
        var (block, from, repeats) = (Block(), position, Int64(0))
        block.port = UInt16(truncatingIfNeeded: index)
        guard gather(port, &block, &from, &position, end, &repeats) else { return corrupt(state, index) }
        if block.records != 0 {
          let error = write(port, block, from)
          if error != 0 { return .system(error) }
          record.pointee.told.records &+= UInt64(block.records)
          record.pointee.told.lines &+= block.lines
          record.pointee.told.records_all &+= UInt64(block.records)
        }
        record.pointee.told.repeats &+= UInt64(bitPattern: repeats)
        counts[index] &+= Int64(block.records) &+ repeats
        positions[index] = position
      }
      return nil
    }
  }

  /// Collects records for one block from `position` on, which moves behind them; `from` is where they begin. Those that
  /// the journal has already come before any that it has not. False: the ring contradicts itself.
  private func gather(
    _ port: Port, _ block: inout Block, _ from: inout UInt64, _ position: inout UInt64, _ end: UInt64,
    _ repeats: inout Int64
  ) -> Bool {
    let last = sequences[Int(block.port)]
    while position != end {
      guard let event = port.record(at: position, below: end) else { return false }
      let length = UInt64(event.pointee.lines)
      if event.pointee.sequence <= last {
        if block.records != 0 { return false }
        repeats &+= 1
        from = position &+ length
      } else {
        if event.pointee.sequence <= block.lastSequence || event.pointee.port != block.port { return false }
        if block.lines &+ length > UInt64(Form.blockLinesMax) { return true }
        block.add(event)
      }
      position &+= length
    }
    return true
  }

  private func corrupt(_ state: State, _ index: Int) -> Fault {
    state.region.fail(at: State.Site.ring)
    record.pointee.told.port = UInt32(truncatingIfNeeded: index)
    return .status(RCK_E_FAILED)
  }

  // MARK: Blocks

  /// The lines of a ring from a position on; 0 or -errno.
  private func write(_ port: Port, _ block: Block, _ from: UInt64) -> Int32 {
    let straight = min(block.lines, port.ring.stretch(from: from))
    let error = write(
      block, kind: BlockHeader.Kind.records, port.ring.line(from), straight, port.ring.line(from &+ straight),
      block.lines &- straight)
    if error == 0 { note(line) }
    return error
  }

  func write(
    _ block: Block, kind: UInt16, _ first: UnsafeRawPointer, _ firstLines: UInt64,
    _ second: UnsafeRawPointer?, _ secondLines: UInt64
  ) -> Int32 {
    let mark = record.pointee.mark
    line.make(block, kind: kind, number: mark.block, chain: mark.chain)
    let (a, b) = (firstLines &* UInt64(Form.lineBytes), secondLines &* UInt64(Form.lineBytes))
    var sum = platform_crc32c(line.headerChecksum, first, a)
    if let second, b != 0 { sum = platform_crc32c(sum, second, b) }
    line.seal(sum)
    var spans = (
      platform_span(start: UnsafeRawPointer(line.base), bytes: UInt64(Form.lineBytes)),
      platform_span(start: first, bytes: a), platform_span(start: second, bytes: b)
    )
    let error = withUnsafePointer(to: &spans) {
      platform_write_all(
        record.pointee.descriptor, UnsafeRawPointer($0).assumingMemoryBound(to: platform_span.self),
        b == 0 ? 2 : 3, mark.offset)
    }
    if error != 0 {
      // What is there of it is no block: nobody shall take it for one that is damaged.
      _ = platform_truncate(record.pointee.descriptor, mark.offset)
      return error
    }
    let whole = UInt64(Form.lineBytes) &+ a &+ b
    record.pointee.mark = Mark(offset: mark.offset &+ whole, block: mark.block &+ 1, chain: sum)
    record.pointee.told.bytes_all &+= whole
    return 0
  }
}
