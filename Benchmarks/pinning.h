// Which cores this process may use, and putting a thread on one of them.
#pragma once

#include <pthread.h>
#include <fstream>
#include <sched.h>
#include <string>
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

// The cores that share one with another, as the system lists them: "0,2" or "0-1"; empty: it does not tell.
inline std::string siblings_of(int core) {
  std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(core) + "/topology/thread_siblings_list");
  std::string list;
  return std::getline(file, list) ? list : "";
}

// For a second thread: the first that shares no core with the first one, or the next one.
inline int second_core() {
  const std::vector<int> &cores = allowed_cores();
  if (cores.size() < 2)
    return cores.empty() ? 0 : cores[0];
  for (int core : cores)
    if (siblings_of(core) != siblings_of(cores[0]))
      return core;
  return cores[1];
}

inline bool pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

} // namespace bench
