// Which cores this process may use, and putting a thread on one of them.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <vector>

namespace bench {

inline std::vector<int> cores_now() {
  std::vector<int> cores;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    return cores;
  for (int core = 0; core < CPU_SETSIZE; core++) {
    if (CPU_ISSET(core, &set))
      cores.push_back(core);
  }
  return cores;
}

// As the process was started: pinning a thread does not change it.
inline const std::vector<int> &allowed_cores() {
  static const std::vector<int> cores = cores_now();
  return cores;
}

inline bool pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

} // namespace bench
