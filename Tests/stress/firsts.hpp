// First limits on totals, published while the only port of an engine with one writer is in a loop of calls: its books
// are moved by the administrator beside it, and every total must come to what the books come to.
#ifndef RCK_STRESS_FIRSTS_HPP
#define RCK_STRESS_FIRSTS_HPP

#include "crowd.hpp"

namespace desk {

class Firsts {
public:
  explicit Firsts(const Run &run) : run(run) {}

  void play() {
    for (uint64_t turn = 0; turn < run.turns; turn++)
      begin_all();
    printf("%llu engines: %llu first limits in %llu calls\n", (unsigned long long)run.turns,
           (unsigned long long)published, (unsigned long long)calls);
  }

private:
  static constexpr int64_t roomy = int64_t{1} << 40;
  const Run run;
  rck_engine *engine = nullptr;
  rck_port *port = nullptr;
  std::atomic<uint64_t> calls{0};
  std::atomic<bool> done{false};
  uint64_t published = 0;

  void begin_all() {
    rck_config config;
    small_config(&config);
    config.flags = 0;
    config.clock_source = RCK_CLOCK_HOST;
    config.money_decimals = 0;
    config.discipline = RCK_ONE_WRITER;
    config.leases_max = 24;
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    define(engine, accounts, 0, 1);
    gather(engine, accounts, 0);
    PASSES(rck_port_open(engine, 1, RCK_PORT_WRITER, &port, nullptr));
    done = false;
    const uint64_t before = calls;
    std::thread trader([this] { trade(); });
    while (calls < before + 100)
      sched_yield();
    for (const uint32_t group : {0, 1})
      for (const uint32_t measure : {RCK_MEASURE_GROSS, RCK_MEASURE_NET, RCK_MEASURE_COUNT, RCK_MEASURE_NOTIONAL})
        publish_first(group, measure);
    for (const uint32_t measure : {RCK_MEASURE_NONE, RCK_MEASURE_GROSS, RCK_MEASURE_NET, RCK_MEASURE_COUNT})
      publish_first(3, measure);
    for (const uint32_t account : {1, 2}) {
      set(engine, sector(account, 3, roomy));
      publish(engine);
      published++;
    }
    done = true;
    trader.join();
    const rck_book_info all = book(engine, RCK_SCOPE_GLOBAL, 0);
    if (all.orders != 4 + run.planted)
      wrong("%lld orders are counted", (long long)all.orders);
    const std::string fault = Audit(engine, accounts, 0, 1).wrong;
    if (!fault.empty())
      wrong("after first limits: %s", fault.c_str());
    PASSES(rck_port_close(port));
    PASSES(rck_engine_close(engine));
  }

  void publish_first(uint32_t group, uint32_t measure) {
    const bool exposure = measure == RCK_MEASURE_GROSS || measure == RCK_MEASURE_NET;
    set(engine, limit(measure == RCK_MEASURE_NONE ? RCK_CONTROL_POSITION
                      : exposure                  ? RCK_CONTROL_EXPOSURE
                                                  : RCK_CONTROL_WORKING,
                      measure,
                      group == 3 ? RCK_SCOPE_INSTRUMENT_GROUP
                      : group    ? RCK_SCOPE_ACCOUNT_GROUP
                                 : RCK_SCOPE_GLOBAL,
                      group, roomy));
    publish(engine);
    published++;
  }

  // Four orders live at a time.
  void trade() {
    uint64_t tokens[4] = {}, number = 0;
    rck_verdict verdict;
    while (!done) {
      uint64_t &token = tokens[++number % 4];
      if (token)
        PASSES(rck_release(port, token, 0, RCK_RELEASE_CANCELLED, 1, &verdict));
      const rck_order asked = order(number, number % accounts + 1, 0, 1, number / 5 % 2 ? RCK_SIDE_BUY : RCK_SIDE_SELL,
                                    number % 7 + 1, 10, 1);
      PASSES(rck_check(port, &asked, &verdict));
      token = verdict.token;
      calls.fetch_add(2, std::memory_order_relaxed);
    }
  }
};

} // namespace desk

#endif
