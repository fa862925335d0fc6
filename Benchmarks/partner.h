// A second thread, pinned on a core of its own, that runs one task after another. It spins between tasks, so
// that a task begins within a fraction of a microsecond and no block pays for waking a thread.
#pragma once

#include "pinning.h"

#include <atomic>
#include <functional>
#include <thread>
#include <x86intrin.h>

namespace bench {

class Partner {
public:
  Partner(int own_core, int partner_core) {
    pinned_ = pin(own_core);
    thread_ = std::thread([this, partner_core] {
      bool pinned = pin(partner_core);
      state_.store(pinned ? Idle : Failed, std::memory_order_release);
      while (true) {
        int state = state_.load(std::memory_order_acquire);
        if (state == Leave)
          return;
        if (state != Work) {
          _mm_pause();
          continue;
        }
        state_.store(Started, std::memory_order_release);
        task_();
        state_.store(Idle, std::memory_order_release);
      }
    });
    while (state_.load(std::memory_order_acquire) == Unborn)
      _mm_pause();
    pinned_ = pinned_ && state_.load(std::memory_order_acquire) == Idle;
  }
  Partner(const Partner &) = delete;
  Partner &operator=(const Partner &) = delete;
  ~Partner() {
    state_.store(Leave, std::memory_order_release);
    thread_.join();
  }

  bool pinned() const { return pinned_; }

  // Returns when the task has begun on the other core.
  void start(std::function<void()> task) {
    task_ = std::move(task);
    state_.store(Work, std::memory_order_release);
    while (state_.load(std::memory_order_acquire) == Work)
      _mm_pause();
  }

  void finish() {
    while (state_.load(std::memory_order_acquire) == Started)
      _mm_pause();
  }

private:
  enum State : int { Unborn, Idle, Work, Started, Leave, Failed };
  alignas(128) std::atomic<int> state_{Unborn};
  alignas(128) std::function<void()> task_;
  std::thread thread_;
  bool pinned_ = false;
};

} // namespace bench
