import CRiskCheck
import RiskMemory
import Synchronization

/// A ring of the tokens that ports of one stripe remember: when one more is put into a full ring, the oldest leaves
/// it. An entry holds a token and, in its highest bit, the lap that it was put there in: one of the lap before tells a
/// re-opening that whoever took its ticket was killed before the exchange.
struct TokenRing<D: Discipline> {
  /// A line pair of its own: the next ticket, and below which all entries are empty, a hint for `take`.
  let cursors: UnsafeMutableRawPointer
  let entries: UnsafeMutableRawPointer
  let size: UInt64

  private var cursor: CellPointer { cursors.cell(0) }
  private var oldest: CellPointer { cursors.cell(8) }

  /// Puts a token at the end of the ring, after `forget` has dealt with the one that leaves it. That may be the
  /// token itself, when others were put there meanwhile. False: it could not. In this order a kill in between leaves
  /// no token outside the ring but one that has yet to come in.
  @inline(__always)
  func put(_ token: UInt64, forget: (UInt64) -> Bool) -> Bool {
    let ticket = UInt64(bitPattern: D.add(cursor, 1))
    let (word, lap) = entry(ticket)
    while true {
      // Acquire: before the look at the cursor.
      let old = word.pointee.bits.load(ordering: .acquiring)
      // Overtaken by a whole round: this one is no longer among the youngest. If it is overtaken only now, the
      // other's token is in the place, and the swap fails.
      let given = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
      if given &- ticket > size { return forget(token) }
      if old != 0 && !forget(old & ~Self.lapBit) { return false }
      if D.replace(word, old, by: token | lap) { return true }
    }
  }

  /// The tokens that leave the ring with the next two that are put into it; 0: none. A guess.
  @inline(__always)
  var leaving: (UInt64, UInt64) {
    // Relaxed, all: nothing depends on it.
    let next = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
    let place = next &- next.dividedReportingOverflow(by: size).partialValue &* size
    let first = entries.word(Int(truncatingIfNeeded: place) &* 8).pointee.bits.load(ordering: .relaxed)
    let after = place &+ 1 == size ? 0 : place &+ 1
    let second = entries.word(Int(truncatingIfNeeded: after) &* 8).pointee.bits.load(ordering: .relaxed)
    return (first & ~Self.lapBit, second & ~Self.lapBit)
  }

  /// Takes the oldest token out of the ring; 0 when there is none.
  func take() -> UInt64 {
    var (ticket, end) = span
    while ticket < end {
      let word = entry(ticket).word
      let old = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      if old != 0 && D.replace(word, old, by: 0) {
        // Relaxed: a hint. Entries that are filled late, behind it, leave the ring when their turn comes again.
        oldest.pointee.value.store(Int64(bitPattern: ticket &+ 1), ordering: .relaxed)
        return old & ~Self.lapBit
      }
      if old == 0 { ticket &+= 1 }
    }
    return 0
  }

  /// How many tokens there are at most.
  var length: UInt64 {
    let (from, end) = span
    return end > from ? end &- from : 0
  }

  /// Whether `take` would find a token now.
  var holdsAny: Bool {
    var (ticket, end) = span
    while ticket < end {
      if entry(ticket).word.pointee.bits.load(ordering: .relaxed) != 0 { return true }  // a look
      ticket &+= 1
    }
    return false
  }

  /// The tickets between which tokens are.
  private var span: (UInt64, UInt64) {
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .acquiring))  // its entries may be there
    let known = UInt64(bitPattern: oldest.pointee.value.load(ordering: .relaxed))  // a hint
    return (max(known, end > size ? end &- size : 0), end)
  }

  private static var lapBit: UInt64 { 1 &<< 63 }

  /// The entry of a ticket, and the bit of its lap.
  @inline(__always)
  private func entry(_ ticket: UInt64) -> (word: WordPointer, lap: UInt64) {
    let lap = ticket.dividedReportingOverflow(by: size).partialValue
    let place = ticket &- lap &* size
    return (entries.word(Int(truncatingIfNeeded: place) &* 8), lap &<< 63)
  }

  /// Puts the ring in order after a kill: of what is in it stays, in its order, what `keeps` says. Alone.
  ///
  /// Who was killed between his ticket and his swap has left under it what it held a lap ago: the oldest, or
  /// nothing. Those change places with the younger ones behind them, and their tickets are given out anew. A kill
  /// between the two stores of an exchange leaves a token twice, or one that is found as lost: `keeps` has to say
  /// yes once.
  func recover(keeps: (UInt64) -> Bool) {
    // Relaxed: alone, as all that follows.
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
    oldest.pointee.value.store(0, ordering: .relaxed)
    var ticket = end &- min(end, size)
    var next = ticket
    while ticket != end {
      let (word, lap) = entry(ticket)
      let held = word.pointee.bits.load(ordering: .relaxed)
      let token = held & ~Self.lapBit
      if token != 0 && keeps(token) {
        if held & Self.lapBit == lap {
          exchange(ticket, next)
          next &+= 1
        }
      } else {
        word.pointee.bits.store(0, ordering: .relaxed)
      }
      ticket &+= 1
    }
    cursor.pointee.value.store(Int64(bitPattern: next), ordering: .relaxed)
  }

  /// Whether every entry is empty or holds what was put there in its turn, and `keeps` says yes to each of these.
  /// Alone.
  func isWhole(keeps: (UInt64) -> Bool) -> Bool {
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
    if end > UInt64(Int64.max) || UInt64(bitPattern: oldest.pointee.value.load(ordering: .relaxed)) > end {
      return false
    }
    var (ticket, place) = (end &- min(end, size), min(end, size))
    while ticket != end {
      let (word, lap) = entry(ticket)
      let held = word.pointee.bits.load(ordering: .relaxed)
      if held != 0 && (held & Self.lapBit != lap || !keeps(held & ~Self.lapBit)) { return false }
      ticket &+= 1
    }
    // Those behind were never reached.
    while place < size {
      if entries.word(Int(truncatingIfNeeded: place) &* 8).pointee.bits.load(ordering: .relaxed) != 0 {
        return false
      }
      place &+= 1
    }
    return true
  }

  /// A token moves to an older ticket, and what was there, of the lap before, to its own.
  private func exchange(_ ticket: UInt64, _ older: UInt64) {
    if ticket == older { return }
    let ((from, fromLap), (to, toLap)) = (entry(ticket), entry(older))
    let token = from.pointee.bits.load(ordering: .relaxed) & ~Self.lapBit
    let stale = to.pointee.bits.load(ordering: .relaxed) & ~Self.lapBit
    to.pointee.bits.store(token | toLap, ordering: .relaxed)
    from.pointee.bits.store(stale == 0 ? 0 : stale | fromLap ^ Self.lapBit, ordering: .relaxed)
  }
}
