// Keeping the process in memory.
#pragma once

#include <string>
#include <sys/mman.h>

namespace bench {

// Whatever the process has and will have is there at once and stays in memory, where that is allowed without a limit.
// (Not MCL_ONFAULT: with that the kernel leaves out what MAP_POPULATE asks for.)
inline std::string lock_memory() {
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
    return "not locked: mlockall failed";
  constexpr size_t bytes = size_t{4} << 30; // more than any scenario maps; it counts, and nothing of it is there
  void *tried = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (tried == MAP_FAILED) {
    munlockall();
    return "not locked: RLIMIT_MEMLOCK is too low";
  }
  munmap(tried, bytes);
  return "locked";
}

// While it lives new memory comes as it is touched: on huge pages where they are wished for behind the mapping.
class Unlocked {
public:
  Unlocked() { munlockall(); }
  Unlocked(const Unlocked &) = delete;
  Unlocked &operator=(const Unlocked &) = delete;
  ~Unlocked() { lock_memory(); }
};

} // namespace bench
