// What free-running threads share: an engine that is small enough for them to collide everywhere, order ids that
// say whose they are, and a barrier that keeps them close.
#ifndef RCK_STRESS_CROWD_HPP
#define RCK_STRESS_CROWD_HPP

#include "desk.hpp"
#include <atomic>
#include <csignal>
#include <cstdarg>
#include <ctime>
#include <functional>
#include <thread>
#include <unistd.h>

namespace desk {

constexpr uint32_t accounts = 3, strategies = 2, instruments = 2;
// A strategy that no limit tracks: a check that names it may go the shortest way, and it has no sums.
constexpr uint32_t untracked = strategies + 1;

// What was asked of a run.
struct Run {
  uint32_t threads = 2;
  uint64_t turns = 0, seed = 0;
  int planted = 0; // which fault is planted: see the modes
};

// Says what does not hold, and ends the run: other threads may still be at work.
[[noreturn]] __attribute__((format(printf, 1, 2))) inline void wrong(const char *format, ...) {
  char text[1024];
  va_list values;
  va_start(values, format);
  vsnprintf(text, sizeof text, format, values);
  va_end(values);
  printf("does not hold: %s\n", text);
  fflush(stdout);
  _exit(1);
}

// Fails unless the status is one that the call may give there.
inline void gives(const char *call, rck_status status, std::initializer_list<rck_status> expected) {
  if (std::find(expected.begin(), expected.end(), status) == expected.end())
    wrong("%s gave %s", call, rck_status_name(status));
}

// An order id carries its terms, so that whoever meets it knows what a report of it must say.
struct Name {
  uint32_t account, strategy, instrument, side, thread;
  uint64_t number;
  uint64_t id() const {
    return number << 16 | uint64_t{thread} << 8 | (strategy - 1) << 5 | (account - 1) << 3 | (instrument - 1) << 2 |
           side;
  }
  static Name of(uint64_t id) {
    return {(static_cast<uint32_t>(id) >> 3 & 3) + 1, (static_cast<uint32_t>(id) >> 5 & 3) + 1,
            (static_cast<uint32_t>(id) >> 2 & 1) + 1, static_cast<uint32_t>(id) & 3,
            static_cast<uint32_t>(id) >> 8 & 0xff,    id >> 16};
  }
};

// Threads that arrive here go on together. It spins for a while, so that they leave within an instant where there
// is a core for each.
class Meeting {
public:
  explicit Meeting(uint32_t threads) : threads(threads) {}
  void arrive() {
    const uint32_t turn = gone.load(std::memory_order_acquire);
    if (come.fetch_add(1, std::memory_order_acq_rel) + 1 == threads) {
      come.store(0, std::memory_order_relaxed);
      gone.store(turn + 1, std::memory_order_release);
      gone.notify_all();
      return;
    }
    for (uint32_t looks = 0; looks < 500; looks++)
      if (gone.load(std::memory_order_acquire) != turn)
        return;
    gone.wait(turn, std::memory_order_acquire);
  }

private:
  const uint32_t threads;
  std::atomic<uint32_t> come{0};
  std::atomic<uint32_t> gone{0}; // as wide as the kernel waits for
};

// Takes the core from its thread again and again, at any instruction, in the midst of a call: threads that are
// more than the cores would otherwise mostly run one after the other. ThreadSanitizer holds signals back, and
// does not need them.
class Unrest {
public:
  explicit Unrest(uint64_t seed) {
#ifndef __SANITIZE_THREAD__
    struct sigaction action{};
    action.sa_handler = [](int) { sched_yield(); };
    action.sa_flags = SA_RESTART;
    NEED(sigaction(SIGRTMIN, &action, nullptr) == 0);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGRTMIN;
    event._sigev_un._tid = gettid();
    NEED(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    const long ns = 200000 + static_cast<long>(seed % 100000); // hundreds of calls, and no multiple of another's
    const itimerspec often{{0, ns}, {0, ns}};
    NEED(timer_settime(timer, 0, &often, nullptr) == 0);
#else
    (void)seed;
#endif
  }
  ~Unrest() {
#ifndef __SANITIZE_THREAD__
    timer_delete(timer);
#endif
  }

private:
  timer_t timer{};
};

// An engine with a port for each thread, and one more.
class Crowd {
public:
  rck_engine *engine = nullptr;
  std::vector<rck_port *> ports;
  const Run run;

  // `path` NULL: in private memory.
  Crowd(const Run &run, const char *path, uint64_t orders = 24) : run(run) {
    rck_config config;
    small_config(&config);
    config.clock_source = RCK_CLOCK_HOST;
    config.money_decimals = 0;
    config.limits_max = 64;
    config.orders_max = orders; // small: places are used again at once
    config.retired_ids_max = 8;
    config.executions_max = 16;
    config.windows_max = 128;
    config.rate_exact_max = 64;
    config.ports_max = run.threads + 1;
    if (path)
      PASSES(rck_engine_open(&config, path, &engine, nullptr));
    else
      PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    define(engine, accounts, untracked, instruments);
    for (uint32_t id = 1; id <= strategies; id++)
      set(engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, id, int64_t{1} << 50));
    publish(engine);
    ports.resize(run.threads + 1);
    for (uint32_t index = 0; index <= run.threads; index++)
      PASSES(rck_port_open(engine, index + 1, RCK_PORT_WRITER, &ports[index], nullptr));
  }

  // Every thread does the same work; the last of the ports stays free for the caller.
  void work(const std::function<void(uint32_t thread)> &work) {
    std::vector<std::thread> all;
    for (uint32_t thread = 0; thread < run.threads; thread++)
      all.emplace_back([&, thread] {
        const Unrest unrest(seed_of(thread));
        work(thread);
      });
    for (std::thread &thread : all)
      thread.join();
  }

  rck_port *spare() const { return ports.back(); }
  uint64_t seed_of(uint32_t thread) const { return mixed(run.seed * 64 + thread); }

  void close() {
    for (rck_port *port : ports)
      PASSES(insist([&] { return rck_port_close(port); }));
    PASSES(insist([&] { return rck_engine_close(engine); }));
  }

  // Ends every order that lives; then nothing is open, and without positions every sum is zero.
  void release_all() {
    rck_verdict verdict;
    for (const rck_order_info &order : open_orders(engine))
      PASSES(rck_release(spare(), order.token, 0, RCK_RELEASE_CANCELLED, 1, &verdict));
    NEED(open_orders(engine).empty());
  }
  void need_zero() const {
    for (uint32_t kind : {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY})
      for (uint32_t id = 1; id <= (kind == RCK_SCOPE_ACCOUNT ? accounts : strategies); id++) {
        const rck_book_info sum = book(engine, kind, id);
        if (sum.gross | sum.net_long | sum.net_short | sum.margin | sum.orders | sum.orders_value)
          wrong("sums of scope %u, id %u are not zero: gross %lld, net %lld %lld, margin %lld, orders %lld, "
                "value %lld",
                kind, id, (long long)sum.gross, (long long)sum.net_long, (long long)sum.net_short,
                (long long)sum.margin, (long long)sum.orders, (long long)sum.orders_value);
      }
  }
  void need_sound(const char *when) const {
    const std::string fault = Audit(engine, accounts, strategies, instruments).wrong;
    if (!fault.empty())
      wrong("%s: %s", when, fault.c_str());
  }
};

} // namespace desk

#endif
