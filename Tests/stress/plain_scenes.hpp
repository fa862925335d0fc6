// Scenes of the usual check beside those that usual_scenes.hpp plays again: what it says when it is overtaken, what its
// message counts, and definitions that are replaced while it looks.
#ifndef RCK_STRESS_PLAIN_SCENES_HPP
#define RCK_STRESS_PLAIN_SCENES_HPP

#include "desk_scenes.hpp"

namespace desk {

// The row is there, and nothing is in it.
inline void begin_plainly(Stage &stage) {
  stage.strategy = 0;
  stage.place(3, 1, 0, 0);
}

inline Work buy_plainly(uint32_t port) {
  return [=](Stage &stage) {
    Answer &answer = port == 1 ? stage.first : stage.second;
    answer = stage.check(port, stage.id() * 2 + 1000000 + port, RCK_SIDE_BUY, 10);
  };
}

inline void put(Stage &stage, const rck_limit &bound) {
  set(stage.engine, bound);
  publish(stage.engine);
}

inline rck_limit rate_of(int64_t hard) {
  rck_limit bound = limit(RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_ACCOUNT, 1, hard);
  bound.window_ns = 1000;
  return bound;
}

inline void add_overtaken(std::vector<Scene> *all) {
  // The book has moved on.
  all->push_back({"two usual orders under a gross limit",
                  [](Stage &stage) {
                    begin_plainly(stage);
                    put(stage, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, 150));
                  },
                  buy_plainly(1), buy_plainly(2),
                  [](Stage &stage) {
                    const std::string wrong =
                        unless(stage.first.passed() + stage.second.passed() == 1, "one of two must pass", stage);
                    release_all(stage);
                    return wrong;
                  },
                  false, 1, nullptr, true});
  // A latch that does not apply.
  all->push_back({"a usual order, and a latch elsewhere", begin_plainly, buy_plainly(1),
                  [](Stage &stage) {
                    const rck_latch halt = latch(RCK_SCOPE_ACCOUNT, 2, RCK_STATE_HALTED);
                    PASSES(rck_latch_set(stage.engine, &halt, nullptr));
                  },
                  [](Stage &stage) {
                    const rck_latch halt = latch(RCK_SCOPE_ACCOUNT, 2, RCK_STATE_ACTIVE);
                    PASSES(insist([&] { return rck_latch_clear(stage.engine, &halt, nullptr); }));
                    return unless(stage.first.passed(), "it is not halted", stage);
                  }});
}

// Each message counts once, however often its check begins anew: one of each port before, two that meet, and `room`
// for one or for both.
inline Scene counted(const char *name, int64_t room) {
  return {name,
          [=](Stage &stage) {
            stage.drop(); // messages of earlier turns count in its window
            stage.make();
            begin_plainly(stage);
            put(stage, rate_of(3 + room));
            for (uint32_t port = 1; port <= 3; port++) // from now on each has places at hand
              PASSES(stage.release(3, stage.check(port, stage.id(), RCK_SIDE_BUY, 10).verdict.token).status);
          },
          buy_plainly(1),
          buy_plainly(2),
          [=](Stage &stage) {
            const std::string wrong =
                unless(stage.first.passed() + stage.second.passed() == room, "as many as there is room", stage) +
                unless(stage.check(3, stage.id(), RCK_SIDE_BUY, 1).status == RCK_REJECT_RATE_NEW, "and no more", stage);
            const rck_limit bound = rate_of(3 + room);
            PASSES(insist([&] { return rck_limit_remove(stage.engine, &bound, RCK_LOOSEN, nullptr); }));
            publish(stage.engine);
            return wrong;
          },
          false,
          1,
          nullptr,
          room == 1};
}

inline rck_instrument instrument_of(uint32_t flags, int64_t close) {
  auto instrument = sized<rck_instrument>();
  instrument.id = 1;
  instrument.flags = flags;
  instrument.currency = 1;
  instrument.multiplier = instrument.lot = instrument.tick = 1;
  instrument.reference = RCK_REFERENCE_LAST;
  instrument.previous_close = close;
  instrument.margin_bps[0] = margin_bps[0];
  instrument.margin_bps[1] = margin_bps[1];
  return instrument;
}

inline rck_account account_of(uint32_t flags, uint32_t margin_class) {
  auto account = sized<rck_account>();
  account.id = 1;
  account.flags = flags;
  account.permissions = RCK_PERMIT_ALL;
  account.margin_class = margin_class;
  return account;
}

// A definition under which the order is refused is replaced by one under which it is refused as well, for another
// reason: a check sees one of them whole, and refuses.
inline void add_definitions(std::vector<Scene> *all) {
  const auto refused = [](Stage &stage, rck_status before, rck_status after) {
    return unless(stage.first.status == before || stage.first.status == after,
                  "the old definition or the new one, never a mixture", stage);
  };
  const auto define_instrument = [](Stage &stage, const rck_instrument &instrument) {
    PASSES(insist([&] { return rck_instrument_set(stage.engine, &instrument, nullptr); }));
  };
  all->push_back({"a usual order, and its instrument that is defined anew",
                  [=](Stage &stage) {
                    begin_plainly(stage);
                    rck_limit bound = limit(RCK_CONTROL_COLLAR, RCK_MEASURE_BPS, RCK_SCOPE_INSTRUMENT, 1, 1000);
                    bound.reference = RCK_REFERENCE_CLOSE;
                    put(stage, bound);
                    define_instrument(stage, instrument_of(RCK_ENABLED, price / 2));
                  },
                  buy_plainly(1), [=](Stage &stage) { define_instrument(stage, instrument_of(0, price)); },
                  [=](Stage &stage) {
                    const std::string wrong = refused(stage, RCK_REJECT_COLLAR_ABOVE, RCK_REJECT_INSTRUMENT_DISABLED);
                    define_instrument(stage, instrument_of(RCK_ENABLED, price));
                    return wrong;
                  }});
  const auto define_account = [](Stage &stage, const rck_account &account) {
    PASSES(insist([&] { return rck_account_set(stage.engine, &account, nullptr); }));
  };
  all->push_back({"a usual order, and its account that is defined anew",
                  [=](Stage &stage) {
                    begin_plainly(stage);
                    put(stage, limit(RCK_CONTROL_BUYING_POWER, 0, RCK_SCOPE_ACCOUNT, 1, 10000));
                    give_cash(stage, 3, 25); // the margin is 30, of the other class 20
                    define_account(stage, account_of(RCK_ENABLED, 1));
                  },
                  buy_plainly(1), [=](Stage &stage) { define_account(stage, account_of(0, 0)); },
                  [=](Stage &stage) {
                    const std::string wrong = refused(stage, RCK_REJECT_BUYING_POWER, RCK_REJECT_ACCOUNT_DISABLED);
                    define_account(stage, account_of(RCK_ENABLED, 1));
                    release_all(stage);
                    give_cash(stage, 3, 1000000); // for what comes after
                    return wrong;
                  }});
  all->push_back({"an order while a group is halted, and its account that is defined anew",
                  [=](Stage &stage) {
                    begin_plainly(stage);
                    auto group = sized<rck_group>();
                    group.id = 1;
                    group.kind = RCK_GROUP_OF_ACCOUNTS;
                    PASSES(insist([&] { return rck_group_set(stage.engine, &group, nullptr); }));
                    rck_account account = account_of(RCK_ENABLED, 1);
                    account.groups[0] = 1;
                    define_account(stage, account);
                    const rck_latch halt = latch(RCK_SCOPE_ACCOUNT_GROUP, 1, RCK_STATE_HALTED);
                    PASSES(insist([&] { return rck_latch_set(stage.engine, &halt, nullptr); }));
                  },
                  buy_plainly(1), [=](Stage &stage) { define_account(stage, account_of(0, 1)); },
                  [=](Stage &stage) {
                    const std::string wrong = refused(stage, RCK_REJECT_HALTED, RCK_REJECT_ACCOUNT_DISABLED);
                    const rck_latch halt = latch(RCK_SCOPE_ACCOUNT_GROUP, 1, RCK_STATE_ACTIVE);
                    PASSES(insist([&] { return rck_latch_clear(stage.engine, &halt, nullptr); }));
                    define_account(stage, account_of(RCK_ENABLED, 1));
                    return wrong;
                  }});
}

inline std::vector<Scene> plain_scenes() {
  std::vector<Scene> all;
  add_overtaken(&all);
  all.push_back(counted("two usual orders under a rate with room for both", 2));
  all.push_back(counted("two usual orders under a rate with room for one", 1));
  add_definitions(&all);
  return all;
}

} // namespace desk

#endif
