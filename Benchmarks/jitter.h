// What the machine itself does to a time: an empty loop of about the length of a call, timed as the call is. It depends
// on nothing but registers, so that all it takes beyond its length is interruptions and the clock.
#pragma once

#include "clock.h"

namespace bench {

// A chain of multiplications of three cycles each, of about so many nanoseconds.
class EmptyLoop {
public:
  EmptyLoop() = default;
  EmptyLoop(double ns, double ghz) : turns_(ns <= 0 ? 0 : uint64_t(ns * ghz / 3)) {}

  void run() const {
    uint64_t value = 3;
    for (uint64_t i = 0; i < turns_; i++)
      asm volatile("imul %0, %0" : "+r"(value));
  }

  bool has_length() const { return turns_ != 0; }

private:
  uint64_t turns_ = 0;
};

} // namespace bench
