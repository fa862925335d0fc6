import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Calendars of sessions: what is permitted when, as the host has worked it out. A definition like others, read in
/// place by checks: at most six comparisons lead to the entry that holds at a time.
extension State {
  func fault(of calendar: rck_calendar) -> Refusal? {
    let record: Label = "rck_calendar"
    let most = Int64(RCK_CALENDAR_ENTRIES_MAX)
    if let refusal = unknownBits(calendar.flags, 0, record, "flags")
      ?? outside(Int64(calendar.entries), 1, most, record, "entries")
    {
      return refusal
    }
    return withUnsafeBytes(of: calendar) { bytes in
      var before: Int64 = -1
      var index = 0
      while index < Int(most) {
        let isEntry = index < Int(calendar.entries)
        let start = bytes.load(fromByteOffset: CalendarAt.starts &+ index &* 8, as: Int64.self)
        let permissions = bytes.load(fromByteOffset: CalendarAt.permissions &+ index &* 4, as: UInt32.self)
        let (from, to) = isEntry ? (before &+ 1, Int64(RCK_TIME_NS_MAX) &- 1) : (0, 0)
        if let refusal = outside(start, from, to, record, "starts")
          ?? unknownBits(permissions, isEntry ? RCK_PERMIT_ALL : 0, record, "permissions")
        {
          return refusal
        }
        if isEntry { before = start }
        index &+= 1
      }
      return outside(calendar.end_ns, before &+ 1, Int64(RCK_TIME_NS_MAX), record, "end_ns")
    }
  }

  /// What a calendar permits at a time. Nil: it is not defined, or says nothing of that time.
  @inline(never)
  public func permitted(by calendar: UInt32, at time: Int64) -> UInt32? {
    let rows = rows(Int(RCK_KIND_CALENDAR))
    let row = Int(calendar) &- 1
    guard row >= 0, row < rows.rows else { return nil }
    var tries = 0
    while tries < readTriesMax {
      let word = rows.observe(row)
      guard word != 0, let record = rows.record(word) else { return nil }
      let permissions = State.permitted(record, at: time)
      if rows.holds(row, word) { return permissions }
      tries &+= 1
    }
    return nil
  }

  /// Likewise of a record that may be overwritten meanwhile: whatever it holds, nothing outside it is read.
  private static func permitted(_ record: UnsafeMutableRawPointer, at time: Int64) -> UInt32? {
    // All before the second look at what led here.
    let sizes = record.word(CalendarAt.flags).pointee.bits.load(ordering: .acquiring)
    var (first, left) = (0, min(Int(truncatingIfNeeded: sizes &>> 32), Int(RCK_CALENDAR_ENTRIES_MAX)))
    // The entry is one of `left` from `first` on.
    while left > 1 {
      let half = left &>> 1
      if record.loadInteger(CalendarAt.starts &+ (first &+ half) &* 8) <= time { first &+= half }
      left &-= half
    }
    let isKnown =
      record.loadInteger(CalendarAt.starts &+ first &* 8) <= time && time < record.loadInteger(CalendarAt.end)
    // Two entries a word.
    let pair = record.word(CalendarAt.permissions &+ (first &>> 1) &* 8).pointee.bits.load(
      ordering: .acquiring)
    return isKnown ? UInt32(truncatingIfNeeded: pair &>> (UInt64(truncatingIfNeeded: first & 1) &* 32)) : nil
  }
}

/// Where the fields of rck_calendar lie.
private enum CalendarAt {
  static var flags: Int { 40 }
  static var end: Int { 48 }
  static var starts: Int { 56 }
  static var permissions: Int { 568 }
}
