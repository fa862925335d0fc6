// A thread that is stepped through one call by the processor's trap flag, and stopped where one likes.
#ifndef RCK_STRESS_CALLER_HPP
#define RCK_STRESS_CALLER_HPP

#include "desk.hpp"
#include <atomic>
#include <csignal>
#include <functional>
#include <thread>
#include <ucontext.h>
#include <unistd.h>

namespace desk {

constexpr greg_t trap_flag = 0x100;

// Where a call is stopped: before an instruction by its number, or before or behind a locked one by its own.
// Locked ones are counted apart, because a call that meets another takes another way to them.
struct Stop {
  uint64_t step = 0, locked = 0;
  bool behind = false;
  bool steps() const { return step || locked; }
  std::string text() const {
    if (!steps())
      return "no stop";
    if (step)
      return "step " + std::to_string(step);
    return (behind ? "behind lock " : "before lock ") + std::to_string(locked);
  }
};
constexpr Stop never{}, whole_way{UINT64_MAX};

// Whether an instruction is locked: by its prefix, or because it exchanges with memory.
inline bool is_locked(const uint8_t *code) {
  for (;; code++) {
    switch (*code) {
    case 0xf0:
      return true;
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65:
    case 0x66:
    case 0x67:
    case 0xf2:
    case 0xf3:
      continue;
    }
    break;
  }
  if ((*code & 0xf0) == 0x40)
    code++;
  return (*code == 0x86 || *code == 0x87) && code[1] < 0xc0;
}

// A thread that makes one call when told to, and stops on the way.
class Caller {
public:
  Caller() : thread([this] { live(); }) {}
  ~Caller() {
    turn(Phase::leaving);
    thread.join();
  }

  // Makes the call, and returns when it has stopped there, or has ended.
  void start(const std::function<void()> &work, const Stop &where) {
    call = &work;
    stop = where;
    stepped = locked = 0;
    turn(Phase::started);
    wait();
  }
  void resume() {
    if (phase == Phase::stopped) {
      turn(Phase::resumed);
      wait();
    }
    NEED(phase == Phase::idle);
  }
  uint64_t stepped = 0, locked = 0; // instructions, and those of them that were locked

  // Takes the traps of this process.
  static void listen() {
    struct sigaction action{};
    action.sa_sigaction = trapped;
    action.sa_flags = SA_SIGINFO;
    NEED(sigaction(SIGTRAP, &action, nullptr) == 0);
  }

private:
  static void trapped(int, siginfo_t *, void *context) {
    Caller &me = *self;
    auto &registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
    const bool was_behind = me.stop.behind && me.stop.locked && me.locked == me.stop.locked;
    const bool locked = is_locked(reinterpret_cast<const uint8_t *>(registers[REG_RIP]));
    me.stepped++;
    me.locked += locked;
    const bool is_before = !me.stop.behind && locked && me.locked == me.stop.locked;
    if (was_behind || is_before || me.stepped == me.stop.step) {
      registers[REG_EFL] &= ~trap_flag;
      me.turn(Phase::stopped);
      me.phase.wait(Phase::stopped);
    }
  }

  enum class Phase { idle, started, stopped, resumed, leaving };
  static thread_local Caller *self;
  std::atomic<Phase> phase{Phase::idle};
  const std::function<void()> *call = nullptr;
  Stop stop;
  std::thread thread;

  void turn(Phase next) {
    phase = next;
    phase.notify_all();
  }

  // The alarm ends it when a call waits for the one that is stopped: none may.
  void wait() {
    for (Phase now = phase; now == Phase::started || now == Phase::resumed; now = phase)
      phase.wait(now);
  }

  void live() {
    self = this;
    for (;;) {
      phase.wait(Phase::idle);
      if (phase == Phase::leaving)
        return;
      if (stop.steps())
        asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
      (*call)();
      asm volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
      turn(Phase::idle);
    }
  }
};

inline thread_local Caller *Caller::self = nullptr;

} // namespace desk

#endif
