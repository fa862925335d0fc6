// What the processor counts while this thread runs a block, in user mode alone: instructions, cycles, cache misses,
// branch misses, read together as one group. Where the machine lets nothing be counted it says why. Prints nothing.
#pragma once

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <linux/perf_event.h>
#include <optional>
#include <string>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bench {

// Each for one operation. Empty: the machine does not count it, or something else held the counters meanwhile.
struct Counted {
  std::optional<double> instructions, cycles, cache_misses, branch_misses;
};

// Belongs to the thread that made it, and counts that thread alone.
class Counters {
public:
  Counters() {
    constexpr uint64_t wanted[] = {PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_CACHE_MISSES,
                                   PERF_COUNT_HW_BRANCH_MISSES};
    int error = 0;
    for (size_t i = 0; i < events_.size(); i++) {
      events_[i] = open(wanted[i]);
      if (events_[i] < 0 && error == 0)
        error = errno;
      if (leader_ < 0)
        leader_ = events_[i];
    }
    if (leader_ < 0)
      why_ = reason(error);
  }
  Counters(const Counters &) = delete;
  Counters &operator=(const Counters &) = delete;
  ~Counters() {
    for (int event : events_)
      if (event >= 0)
        close(event);
  }

  // Whether anything is counted.
  bool available() const { return leader_ >= 0; }
  // One sentence without its full stop; empty where something is counted.
  const std::string &why() const { return why_; }

  // The others count while the first does: switched one by one they miss what follows, on Linux 6.18.
  void start() {
    if (!available())
      return;
    ioctl(leader_, PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP);
    before_ = Group{}; // times are not reset
    [[maybe_unused]] ssize_t bytes = read(leader_, &before_, sizeof before_);
    ioctl(leader_, PERF_EVENT_IOC_ENABLE, 0);
  }

  // What was counted since start(), divided by the operations that were done.
  Counted stop(uint64_t operations) {
    Counted counted;
    if (!available())
      return counted;
    ioctl(leader_, PERF_EVENT_IOC_DISABLE, 0);
    Group group{};
    ssize_t bytes = read(leader_, &group, sizeof group);
    // Pinned: the group counted all the time, or it counts for nothing.
    if (bytes < ssize_t(3 * sizeof(uint64_t)) || operations == 0 ||
        group.running_ns - before_.running_ns < group.enabled_ns - before_.enabled_ns)
      return counted;
    std::optional<double> *each[] = {&counted.instructions, &counted.cycles, &counted.cache_misses,
                                     &counted.branch_misses};
    for (size_t i = 0, at = 0; i < events_.size(); i++)
      if (events_[i] >= 0)
        *each[i] = double(group.values[at++]) / double(operations);
    return counted;
  }

private:
  static constexpr size_t kinds = 4;
  // As the kernel gives it: the events that could be opened, in the order in which they were.
  struct Group {
    uint64_t count, enabled_ns, running_ns, values[kinds];
  };

  std::array<int, kinds> events_{-1, -1, -1, -1};
  int leader_ = -1;
  Group before_{};
  std::string why_;

  int open(uint64_t event) const {
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.config = event;
    attributes.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    attributes.disabled = attributes.pinned = leader_ < 0;
    attributes.exclude_kernel = attributes.exclude_hv = 1;
    return int(syscall(SYS_perf_event_open, &attributes, 0, -1, leader_, PERF_FLAG_FD_CLOEXEC));
  }

  static std::string reason(int error) {
    if (error == EACCES || error == EPERM) {
      std::string level = "unknown";
      std::ifstream("/proc/sys/kernel/perf_event_paranoid") >> level;
      return "this process may not count events: its container forbids it, or "
             "/proc/sys/kernel/perf_event_paranoid does, which is " +
             level + " and must be at most 2";
    }
    if (error == ENOENT || error == ENODEV || error == EOPNOTSUPP)
      return "the kernel knows no hardware counters here, as in most virtual machines";
    if (error == ENOSYS)
      return "the kernel was built without perf_event_open";
    return std::string("perf_event_open failed: ") + std::strerror(error);
  }
};

} // namespace bench
