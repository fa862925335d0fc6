import RiskMemory

/// Places for rows of positions. A call that needs more than one asks for all of them before it makes the first, so
/// that what is refused for want of a place leaves nothing behind.
extension Positions {
  /// Whether `count` more rows can be made: exact while nobody makes one.
  @inline(never)
  public func hasPlaces(_ count: Int) -> Bool { count == 0 || slots.takenCount &+ count <= slots.capacity }

  /// Rows that are not there, of the account's and, if it is kept, the strategy's. Nil: the memory is damaged.
  func missing(_ account: UInt32, _ strategy: UInt32, _ instrument: UInt32, tracked: Bool) -> Int? {
    guard let own = isMissing(account, instrument, strategy: false) else { return nil }
    if !tracked { return own ? 1 : 0 }
    guard let other = isMissing(strategy, instrument, strategy: true) else { return nil }
    return (own ? 1 : 0) &+ (other ? 1 : 0)
  }

  private func isMissing(_ owner: UInt32, _ instrument: UInt32, strategy: Bool) -> Bool? {
    switch find(owner, instrument, strategy: strategy) {
    case .row: false
    case .absent: true
    default: nil
    }
  }
}
