// What a child that will be killed says about its calls, in memory that outlives it: before each call what it is, and
// behind it what came of it. Who finds the region knows from this which records a journal must hold, and which it may.
#ifndef RCK_CRASH_EVIDENCE_LOG_HPP
#define RCK_CRASH_EVIDENCE_LOG_HPP

#include "../stress/desk.hpp"
#include <atomic>
#include <sys/mman.h>

using Word = std::atomic<uint64_t>;

constexpr uint32_t traders_most = 2;
// The administrator has no port; its records are in the engine's own ring.
constexpr uint32_t logs_count = traders_most + 1;
// More than a child can make before it is killed; whose log is full waits.
constexpr uint64_t calls_most = 1 << 15;
// A batch has a record of its own and one for each leg.
constexpr uint32_t legs_each = 3;

// A call, and what came of it.
struct Noted {
  uint32_t kind; // RCK_EVENT_ of its record
  int32_t status;
  uint64_t order_id; // the record's subject
  uint64_t other_id; // or this one: another id of the same order
  uint64_t correlation, token;
  uint64_t violation;     // that the verdict names, or that the administrator attends to
  int64_t time_ns;        // 0: the call has none
  uint32_t scope, scoped; // of a latch: kind and id
  int64_t value;          // the administrator's: state of a latch or violation, level of a limit
  rck_order_info order;   // as it was seen behind the call; its id is 0 if the call left none
};

// The release store of `returned` comes behind all that a call has said; `begun` behind what it is going to do.
struct Log {
  Word begun, returned;
  Noted calls[calls_most + legs_each];

  void begin(const Noted &noted) {
    const uint64_t at = returned.load(std::memory_order_relaxed);
    while (at >= calls_most)
      sched_yield();
    calls[at] = noted;
    begun.store(at + 1, std::memory_order_release);
  }
  Noted &current() { return calls[returned.load(std::memory_order_relaxed)]; }
  // With so many records.
  void end(uint64_t records = 1) {
    returned.store(returned.load(std::memory_order_relaxed) + records, std::memory_order_release);
  }
  bool is_in_flight() const { return begun.load() > returned.load(); }
  void forget() { begun = returned = 0; }
};

// What the processes of one life share.
struct Shared {
  Word work;              // units of the host: 1 before it opens the region, then each call of its threads
  Word opened;            // 1 once it has the region open
  Word pumped;            // units of the pump: 1 before it attaches, then each call
  Word finish, pump_last; // 1: the host, the pump, shall come to an end in good order
  Word next;              // the last number that names an order, an execution or a call; never goes back
  Log logs[logs_count];   // the administrator's first, then each port's

  void begin_life() {
    work = opened = pumped = finish = pump_last = 0;
    for (Log &log : logs)
      log.forget();
  }
};

inline Shared &shared_memory() {
  void *memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(memory != MAP_FAILED);
  return *static_cast<Shared *>(memory);
}

// Whose order it is stands in its id.
constexpr uint32_t owner_shift = 48;
inline uint32_t owner_of(uint64_t order_id) { return static_cast<uint32_t>(order_id >> owner_shift); }

#endif
