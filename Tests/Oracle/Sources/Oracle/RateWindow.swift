/// The times of the last messages of one kind in one scope.
struct RateWindow {
  let capacity: Int
  private var times: [Int64] = []
  private var latest: Int64 = 0

  init(capacity: Int) { self.capacity = capacity }

  /// How many count at `time`, or at the latest time that was taken. A message at s counts while T - s < w.
  func count(at time: Int64, window: Int64) -> Int {
    let now = max(time, latest)
    var count = 0
    for taken in times.reversed() {
      if count == capacity || now - taken >= window { break }
      count += 1
    }
    return count
  }

  mutating func take(at time: Int64) {
    latest = max(time, latest)
    times.append(latest)
    if times.count > 8 * capacity + 64 { times.removeFirst(times.count - capacity) }
  }
}
