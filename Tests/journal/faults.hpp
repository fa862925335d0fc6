// The system as the library meets it in these hosts, which define the functions that it calls: they can fail, be cut
// short, be interrupted, or be where the process is killed; clocks stand still until they are moved. What `fsync` was
// called for is kept, so that a machine's crash can be played.
#ifndef RCK_JOURNAL_FAULTS_HPP
#define RCK_JOURNAL_FAULTS_HPP

#include "checks.hpp"
#include "layout.hpp"
#include <cerrno>
#include <csignal>
#include <functional>
#include <map>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <type_traits>
#include <ctime>

namespace faults {

enum Kind { none, error, part, part_then_error, interrupted, kill_before, kill_in_part };
// What a call does: those that change something, and those that look.
enum Sort { opens, writes, syncs, truncates, renames, removes, looks, sorts };

struct Plan {
  Kind kind = none;
  uint64_t at = 0;    // the first call that meets it, from 1
  uint64_t count = 1; // so many in a row
  int number = EIO;   // errno
  uint32_t which = ~(1u << looks);
};

inline Plan plan;
inline thread_local bool is_armed = false;       // while the library works for this thread
inline thread_local std::function<void()> visit; // before each call of this thread, armed or not
inline uint64_t calls = 0;                       // of those sorts, while armed
inline uint64_t hits = 0;
inline Sort last_hit = looks;
inline uint64_t counted[sorts] = {};
inline int64_t realtime_ns = 1'000'000'000'000, monotonic_ns = 1'000'000'000;
inline bool has_clock = false;

// What a disk would have after a crash of the machine.
struct Disk {
  bool is_watched = false;
  std::map<uint64_t, layout::Bytes> files; // by inode, as they were synced
  std::map<std::string, uint64_t> names;   // as their directory was synced
};
inline Disk disk;

inline Kind failing(int number) {
  errno = number;
  return error;
}

// The plan for this call, none mostly.
inline Kind meet(Sort sort) {
  if (visit)
    visit();
  if (!is_armed)
    return none;
  counted[sort]++;
  if (!(plan.which >> sort & 1))
    return none;
  calls++;
  if (plan.kind == none || calls < plan.at || calls >= plan.at + plan.count)
    return none;
  hits++;
  last_hit = sort;
  if (plan.kind == kill_before || (plan.kind == kill_in_part && sort != writes))
    raise(SIGKILL);
  if ((plan.kind == part || plan.kind == part_then_error) && sort != writes)
    return none;
  if (plan.kind == part_then_error)
    return calls == plan.at ? part : failing(plan.number);
  errno = plan.kind == interrupted ? EINTR : plan.number;
  return plan.kind;
}

inline bool fails(Sort sort) {
  const Kind kind = meet(sort);
  return kind == error || kind == interrupted;
}

// While it lives the library's calls are counted and meet the plan.
class Armed {
public:
  Armed() { is_armed = true; }
  ~Armed() { is_armed = false; }
};

template <class Value> long word_of(Value value) {
  if constexpr (std::is_pointer_v<Value>)
    return reinterpret_cast<long>(value);
  else
    return static_cast<long>(value);
}

// A call of the kernel that nothing here stands in the way of; errno is set as libc does.
template <class... Values> long raw(long number, Values... values) {
  const long words[6] = {word_of(values)...};
  register long fourth __asm__("r10") = words[3];
  register long fifth __asm__("r8") = words[4];
  register long sixth __asm__("r9") = words[5];
  long result = number;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(words[0]), "S"(words[1]), "d"(words[2]), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "rcx", "r11", "memory");
  if (result >= 0 || result < -4095)
    return result;
  errno = static_cast<int>(-result);
  return -1;
}

inline void note_sync(int descriptor) {
  struct stat told;
  NEED(fstat(descriptor, &told) == 0);
  if (S_ISREG(told.st_mode)) {
    layout::Bytes bytes(static_cast<size_t>(told.st_size));
    NEED(raw(SYS_pread64, descriptor, bytes.data(), bytes.size(), 0) == told.st_size);
    disk.files[told.st_ino] = bytes;
    return;
  }
  disk.names.clear();
  const std::string folder = text("/proc/self/fd/%d", descriptor);
  for (const std::string &name : layout::names_in(folder)) {
    NEED(stat((folder + "/" + name).c_str(), &told) == 0);
    disk.names[name] = told.st_ino;
  }
}

} // namespace faults

extern "C" {

int openat(int directory, const char *name, int flags, ...) {
  if (faults::fails(flags & O_CREAT ? faults::opens : faults::looks))
    return -1;
  return static_cast<int>(faults::raw(SYS_openat, directory, name, flags, 0600));
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
  if (faults::fails(faults::looks))
    return -1;
  return faults::raw(SYS_pread64, descriptor, bytes, count, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  const faults::Kind kind = faults::meet(faults::writes);
  if (kind == faults::error || kind == faults::interrupted)
    return -1;
  if (kind == faults::none)
    return faults::raw(SYS_pwrite64, descriptor, bytes, count, offset);
  const ssize_t put = faults::raw(SYS_pwrite64, descriptor, bytes, count / 2, offset);
  if (kind == faults::kill_in_part)
    raise(SIGKILL);
  return put;
}

ssize_t pwritev(int descriptor, const iovec *parts, int count, off_t offset) {
  const faults::Kind kind = faults::meet(faults::writes);
  if (kind == faults::error || kind == faults::interrupted)
    return -1;
  if (kind == faults::none)
    return faults::raw(SYS_pwritev, descriptor, parts, count, offset, 0);
  // Into the second of the parts, or all but the last byte of the first.
  iovec some[2] = {parts[0], count > 1 ? parts[1] : iovec{}};
  if (count > 1)
    some[1].iov_len = some[1].iov_len * (faults::plan.at % 3) / 3;
  else
    some[0].iov_len--;
  const ssize_t put = faults::raw(SYS_pwritev, descriptor, some, count > 1 ? 2 : 1, offset, 0);
  if (kind == faults::kill_in_part)
    raise(SIGKILL);
  return put;
}

int fsync(int descriptor) {
  if (faults::fails(faults::syncs))
    return -1;
  if (faults::disk.is_watched)
    faults::note_sync(descriptor);
  return static_cast<int>(faults::raw(SYS_fsync, descriptor));
}

int ftruncate(int descriptor, off_t bytes) noexcept {
  if (faults::fails(faults::truncates))
    return -1;
  return static_cast<int>(faults::raw(SYS_ftruncate, descriptor, bytes));
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) noexcept {
  if (faults::fails(faults::renames))
    return -1;
  return static_cast<int>(faults::raw(SYS_renameat, from_directory, from, to_directory, to));
}

// Calls that the library makes by their number.
long syscall(long number, ...) noexcept {
  long words[6];
  va_list list;
  va_start(list, number);
  for (long &word : words)
    word = va_arg(list, long);
  va_end(list);
  if (number == SYS_renameat2 && faults::fails(faults::renames))
    return -1;
  if (number == SYS_getdents64 && faults::fails(faults::looks))
    return -1;
  return faults::raw(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

int unlinkat(int directory, const char *name, int flags) noexcept {
  if (faults::fails(faults::removes))
    return -1;
  return static_cast<int>(faults::raw(SYS_unlinkat, directory, name, flags));
}

int clock_gettime(clockid_t clock, timespec *time) noexcept {
  const bool is_real = clock == CLOCK_REALTIME;
  if (!faults::has_clock || !(is_real || clock == CLOCK_MONOTONIC))
    return static_cast<int>(faults::raw(SYS_clock_gettime, clock, time));
  const int64_t now = is_real ? faults::realtime_ns : faults::monotonic_ns;
  time->tv_sec = now / 1'000'000'000;
  time->tv_nsec = now % 1'000'000'000;
  return 0;
}

} // extern "C"

#endif
