import CRiskCheck

/// P17: what the day has lost, net of fees.
extension Oracle {
  func loss(_ limit: Limit, _ asked: Case) -> Seen {
    if asked.reducing { return .nothing }
    let book = books[limit.key.scope] ?? Book()
    let edge: Wide = plant == .lossAtEdge ? 1 : 0
    if limit.record.measure == RCK_MEASURE_REALISED {
      return .amount(edge - book.dayRealised, RCK_REJECT_LOSS_REALISED)
    }
    // What is open has to be marked, and not long ago.
    if book.openPositions > 0 {
      if book.markTime == 0 { return .missing(RCK_REJECT_LOSS_MARK_MISSING) }
      if asked.request.time - book.markTime > config.mark_age_ns_max {
        return .missing(RCK_REJECT_LOSS_MARK_STALE)
      }
    }
    return limit.record.measure == RCK_MEASURE_TOTAL
      ? .amount(-book.dayTotal, RCK_REJECT_LOSS_TOTAL)
      : .amount(book.peak - book.dayTotal, RCK_REJECT_LOSS_TRAILING)
  }

  func beginResults() {
    for scope in books.keys {
      let peak = books[scope]!.peak
      books[scope]!.beginDay()
      if plant == .peakOutlivesDay { books[scope]!.peak = peak }
    }
    for scope in conduct.keys { (conduct[scope]!.messages, conduct[scope]!.trades) = (0, 0) }
  }
}
