// What happened lately: messages in a window of any length, and amounts in epochs of a sixty-fourth of one.
#pragma once

#include "numbers.h"

#include <deque>

namespace bench::plain {

// A message counts while it is less than the window old. Time goes forward.
class Messages {
public:
  int64_t count(int64_t time_ns, int64_t window_ns) {
    while (!times_.empty() && time_ns - times_.front() >= window_ns)
      times_.pop_front();
    return int64_t(times_.size());
  }
  void take(int64_t time_ns) { times_.push_back(time_ns); }

private:
  std::deque<int64_t> times_;
};

// Amounts of a day (window 0), or of the last 65 epochs, so that nothing of the window is missing. An epoch is a
// sixty-fourth of it; time becomes epochs by a factor of 2^-64, which is rounded down.
class Accumulation {
public:
  Wide sum(int64_t time_ns, int64_t window_ns) {
    if (window_ns == 0)
      return sum_;
    Wide now = epoch(time_ns, window_ns);
    while (!taken_.empty() && taken_.front().epoch <= now - 65) {
      sum_ -= taken_.front().amount;
      taken_.pop_front();
    }
    return sum_;
  }
  void take(Wide amount, int64_t time_ns, int64_t window_ns) {
    sum_ += amount;
    if (window_ns != 0)
      taken_.push_back({epoch(time_ns, window_ns), amount});
  }

private:
  struct Taken {
    Wide epoch, amount;
  };

  static Wide epoch(int64_t time_ns, int64_t window_ns) {
    Natural factor = (Natural(1) << 70) / Natural(uint64_t(window_ns));
    return Wide(Natural(uint64_t(time_ns)) * factor >> 64);
  }

  Wide sum_ = 0;
  std::deque<Taken> taken_;
};

} // namespace bench::plain
