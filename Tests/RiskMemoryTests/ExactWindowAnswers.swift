@testable import RiskMemory

/// What a window answers, as one number.
extension ExactWindow {
  static var refused: Int64 { -1 }
  static var broken: Int64 { -2 }

  /// The time at which a message would go; `refused` or `broken`.
  func seen(_ now: Int64, _ level: Int64, _ window: Int64) -> Int64 {
    switch look(now: now, level: level, window: window) {
    case .room(let place): place.time
    case .full: Self.refused
    case .broken: Self.broken
    }
  }

  /// As a check does: looks until it takes or is refused.
  func take(_ now: Int64, _ level: Int64, _ window: Int64) -> Int64 {
    while true {
      switch look(now: now, level: level, window: window) {
      case .room(let place): if Self.take(place) { return place.time }
      case .full: return Self.refused
      case .broken: return Self.broken
      }
    }
  }
}
