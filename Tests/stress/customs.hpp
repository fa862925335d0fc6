// A function of the host's is set, replaced and removed while threads check. Holds: a call has the context of its own
// function; none begins or goes on once the call that replaced or removed its setting has returned; a replacement
// leaves no check without a function. Planted: what is to be replaced counts as gone a moment before it is.
#ifndef RCK_STRESS_CUSTOMS_HPP
#define RCK_STRESS_CUSTOMS_HPP

#include "crowd.hpp"
#include <deque>

namespace desk {

class CustomRounds {
public:
  explicit CustomRounds(const Run &run) : run(run), crowd(run, nullptr) {}

  void play() {
    rck_limit armed = limit(RCK_CONTROL_CUSTOM, RCK_MEASURE_NONE, RCK_SCOPE_GLOBAL, 0, 0);
    armed.reference = 1;
    set(crowd.engine, armed);
    publish(crowd.engine);
    replace(0);
    crowd.work([&](uint32_t thread) {
      if (thread == 0) {
        administer();
        done.store(true);
      } else {
        check(thread);
      }
    });
    crowd.close();
    printf("%llu sets, %llu removals, %llu calls\n", (unsigned long long)sets, (unsigned long long)removals,
           (unsigned long long)calls.load());
  }

private:
  struct Context {
    CustomRounds *rounds;
    uint32_t function;
    std::atomic<bool> gone{false};
  };
  const Run run;
  Crowd crowd;
  std::deque<Context> contexts; // for good: a late call finds its own
  Context *now = nullptr;
  uint64_t sets = 0, removals = 0;
  std::atomic<uint64_t> calls{0};
  std::atomic<bool> done{false}, isRemoving{false};

  template <uint32_t function> static int32_t call(void *context, const rck_order *, int64_t) {
    Context *const own = static_cast<Context *>(context);
    own->rounds->calls.fetch_add(1, std::memory_order_relaxed);
    if (own->function != function)
      wrong("a function is called with the context of another");
    for (int look = 0; look < 20; look++)
      if (own->gone.load())
        wrong("a function is called after it was taken out");
    return 0;
  }

  void leave(Context *old) {
    if (old)
      old->gone.store(true);
  }

  void replace(uint32_t function) {
    Context &next = contexts.emplace_back();
    next.rounds = this;
    next.function = function;
    rck_custom custom{};
    custom.struct_size = sizeof custom;
    custom.id = custom.actor = 1;
    strcpy(custom.reason, "stress");
    if (run.planted)
      leave(now);
    const rck_status status = rck_custom_set(crowd.engine, &custom, function ? call<1> : call<0>, &next, nullptr);
    gives("rck_custom_set", status, {RCK_OK, RCK_E_BUSY});
    if (status != RCK_OK)
      return;
    leave(now);
    now = &next;
    sets++;
  }

  void administer() {
    // Replaced only, and then removed as well; until some calls have met it.
    for (uint64_t turn = 1; turn <= run.turns || calls.load() < run.turns / 100; turn++) {
      replace(turn % 3 == 0);
      if (turn % 4 || turn < run.turns / 2 || !now)
        continue;
      isRemoving.store(true);
      const rck_status status = rck_custom_remove(crowd.engine, 1, nullptr);
      gives("rck_custom_remove", status, {RCK_OK, RCK_E_BUSY});
      if (status != RCK_OK)
        continue;
      leave(now);
      now = nullptr;
      removals++;
    }
  }

  void check(uint32_t thread) {
    rck_order asked = order(1, 1, 0, 1, RCK_SIDE_BUY, 1, 1, 1);
    asked.order_id = thread + 1;
    while (!done.load()) {
      rck_verdict verdict;
      const bool wasRemoving = isRemoving.load();
      const rck_status status = rck_check_dry(crowd.ports[thread], &asked, &verdict);
      if (status == RCK_REJECT_CUSTOM_MISSING && !wasRemoving && !isRemoving.load())
        wrong("a check finds no function, and none was ever removed");
      gives("rck_check_dry", status, {RCK_OK, RCK_REJECT_CUSTOM_MISSING});
    }
  }
};

} // namespace desk

#endif
