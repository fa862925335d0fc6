// Stops a child at every instruction of one call, or at some, and keeps what its region is at each change, as a kill
// there would leave it. With a journal, what its directory holds is kept too: that changes by system calls alone.
#ifndef RCK_CRASH_TRACING_HPP
#define RCK_CRASH_TRACING_HPP

#include "../isolation/host.h"
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using Bytes = std::vector<uint8_t>;

inline void write_file(const std::string &path, const Bytes &bytes) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  NEED(file >= 0 && write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  close(file);
}

inline Bytes read_file(const std::string &path) {
  const int file = open(path.c_str(), O_RDONLY);
  NEED(file >= 0);
  Bytes bytes(static_cast<size_t>(lseek(file, 0, SEEK_END)));
  NEED(pread(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  close(file);
  return bytes;
}

// The files of a directory, by name.
using Files = std::map<std::string, Bytes>;

inline Files read_files(const std::string &directory) {
  Files files;
  for (const auto &entry : std::filesystem::directory_iterator(directory))
    files[entry.path().filename()] = read_file(entry.path());
  return files;
}

inline void write_files(const std::string &directory, const Files &files) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  for (const auto &[name, bytes] : files)
    write_file(directory + "/" + name, bytes);
}

class Traced {
public:
  // `journal`: its directory, or nothing.
  Traced(const std::string &region, uint64_t stride_of, uint64_t start, const std::string &journal = "")
      : path(region), directory(journal), stride(stride_of), seed(start) {}
  bool only_calls = false; // stops at system calls alone, which is all that changes files
  // Where words of the region lie that change one after the other: the child runs freely up to each such change, and is
  // stopped at some instructions behind it, behind the last at all. None: at all from the beginning.
  std::vector<size_t> marks;
  uint64_t steps = 0, changes = 0;
  std::vector<Bytes> states;   // the last one is that of the return
  std::vector<Files> journals; // with each state, if there is a directory

  // Runs a child, stopped again and again while its call is in `phase` 1, until it is in phase 2.
  template <class Life> void follow(volatile int &phase, Life life) {
    phase = 0;
    const pid_t child = fork();
    NEED(child >= 0);
    if (child == 0) {
      NEED(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0);
      life();
      _exit(0);
    }
    int ended = 0;
    NEED(waitpid(child, &ended, 0) == child && WIFSTOPPED(ended) && WSTOPSIG(ended) == SIGSTOP);
    map();
    for (size_t at = 0; at < marks.size() && phase < 2; at++) {
      run_to(child, phase, marks[at]);
      for (uint64_t left = at + 1 < marks.size() ? steps_behind_mark : 0; left > 0 && phase < 2; left--)
        step(child, phase);
    }
    while (phase < 2)
      step(child, phase);
    if (!directory.empty())
      last_files = read_files(directory);
    keep();
    munmap(mapped, last.size());
    NEED(ptrace(PTRACE_CONT, child, nullptr, 0) == 0);
    NEED(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
  }

private:
  static constexpr uint64_t steps_behind_mark = 300;
  std::string path, directory;
  uint64_t stride, seed;
  Bytes last;
  Files last_files;
  void *mapped = nullptr;

  // The child's text is where this process has it.
  static bool stands_at_system_call(pid_t child) {
    user_regs_struct registers;
    NEED(ptrace(PTRACE_GETREGS, child, nullptr, &registers) == 0);
    const auto *code = reinterpret_cast<const uint8_t *>(registers.rip);
    return code[0] == 0x0f && code[1] == 0x05;
  }

  // Where the region is in the child.
  uint64_t address(pid_t child) const {
    std::ifstream maps("/proc/" + std::to_string(child) + "/maps");
    for (std::string line; std::getline(maps, line);)
      if (line.size() > path.size() && line.compare(line.size() - path.size(), path.size(), path) == 0)
        return strtoull(line.c_str(), nullptr, 16);
    return 0;
  }

  static size_t place_of_debug_register(size_t which) { return offsetof(struct user, u_debugreg) + which * 8; }
  static bool set_debug_register(pid_t child, size_t which, uint64_t value) {
    return ptrace(PTRACE_POKEUSER, child, place_of_debug_register(which), value) == 0;
  }
  static uint64_t debug_register(pid_t child, size_t which) {
    return static_cast<uint64_t>(ptrace(PTRACE_PEEKUSER, child, place_of_debug_register(which), nullptr));
  }

  // Where the machine cannot watch a word, every instruction on the way is stopped at.
  void run_to(pid_t child, const volatile int &phase, size_t offset) {
    constexpr uint64_t none = 0, writes_of_eight_bytes_at_0 = 1 | 1 << 16 | 3 << 18, seen_at_0 = 1;
    const uint64_t start = address(child);
    NEED(start != 0);
    if (!set_debug_register(child, 0, start + offset) || !set_debug_register(child, 7, writes_of_eight_bytes_at_0))
      return;
    for (uint64_t seen = 0; seen == 0 && phase < 2;) {
      resume(child, PTRACE_SYSCALL);
      seen = debug_register(child, 6) & seen_at_0;
    }
    NEED(set_debug_register(child, 6, none) && set_debug_register(child, 7, none));
    steps++;
    if (phase < 2)
      keep_if_changed(false);
  }

  void step(pid_t child, const volatile int &phase) {
    const bool calls = !directory.empty() && (only_calls || stands_at_system_call(child));
    resume(child, only_calls ? PTRACE_SYSCALL : PTRACE_SINGLESTEP);
    steps++;
    if (phase < 2)
      keep_if_changed(calls);
  }

  static void resume(pid_t child, __ptrace_request how) {
    int ended = 0;
    NEED(ptrace(how, child, nullptr, 0) == 0);
    NEED(waitpid(child, &ended, 0) == child && WIFSTOPPED(ended) && WSTOPSIG(ended) == SIGTRAP);
  }

  void map() {
    const int file = open(path.c_str(), O_RDONLY);
    NEED(file >= 0);
    last.resize(static_cast<size_t>(lseek(file, 0, SEEK_END)));
    mapped = mmap(nullptr, last.size(), PROT_READ, MAP_SHARED, file, 0);
    NEED(mapped != MAP_FAILED);
    close(file);
    if (!directory.empty())
      last_files = read_files(directory);
    keep();
  }
  void keep() {
    memcpy(last.data(), mapped, last.size());
    states.push_back(last);
    if (!directory.empty())
      journals.push_back(last_files);
  }
  // What a system call has changed of files is kept always: there is little of it.
  void keep_if_changed(bool has_called) {
    bool has_changed = false;
    if (has_called) {
      Files files = read_files(directory);
      has_changed = files != last_files;
      last_files = std::move(files);
    }
    if (!has_changed && memcmp(mapped, last.data(), last.size()) == 0)
      return;
    changes++;
    if (has_changed || stride == 1 || drawn(&seed) % stride == 0)
      keep();
    else
      memcpy(last.data(), mapped, last.size());
  }
};

#endif
