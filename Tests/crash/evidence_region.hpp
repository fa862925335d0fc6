// What a region that was left must show: orders as they were seen last, positions that are what was reported of them,
// latches and limits as they were acknowledged, violations and counts that have forgotten nothing.
#ifndef RCK_CRASH_EVIDENCE_REGION_HPP
#define RCK_CRASH_EVIDENCE_REGION_HPP

#include "evidence_judge.hpp"

class RegionJudge {
public:
  RegionJudge(const rck_engine *opened, Known &before, const Shared &memory, const Variant &kind, Figures &told,
              const Planted &fault)
      : engine(opened), known(before), shared(memory), variant(kind), figures(told), planted(fault) {}
  std::string wrong;

  // `records` are those of calls in flight, which must have been done.
  void judge(const std::vector<const Record *> &records) {
    for (uint32_t port = 1; port <= variant.traders(); port++)
      take_orders(shared.logs[port], records[port]);
    administrate();
    plant();
    judge_orders();
    judge_positions();
    judge_latches();
    judge_limit();
    judge_violations();
    judge_statistics();
    auto health = desk::sized<rck_health_info>();
    PASSES(rck_health(engine, &health));
    if (health.events_lost != 0)
      wrong += text("%llu events are lost; ", static_cast<unsigned long long>(health.events_lost));
    wrong += desk::Audit(engine, accounts, tracked, instruments).wrong;
  }

private:
  const rck_engine *engine;
  Known &known;
  const Shared &shared;
  const Variant &variant;
  Figures &figures;
  const Planted &planted;

  void plant() {
    int64_t &state = known.latches.states[0];
    if (planted == "latch")
      state = state ? RCK_STATE_ACTIVE : RCK_STATE_HALTED;
    if (planted == "cumulative" && !known.orders.empty())
      known.orders.begin()->second.cumulative++;
  }

  rck_order_info found(uint64_t token, uint64_t id) {
    rck_order_info order{};
    const rck_status status = rck_order_get(engine, token, id, &order);
    if (status != RCK_OK && status != RCK_REJECT_ORDER_UNKNOWN)
      wrong += std::string("rck_order_get gives ") + rck_status_name(status) + "; ";
    return order;
  }

  void take_orders(const Log &log, const Record *in_flight) {
    figures.calls += log.returned;
    const size_t port = static_cast<size_t>(&log - shared.logs);
    for (uint64_t call = 0; call < log.returned; call++) {
      const Noted &noted = log.calls[call];
      if (noted.order.order_id)
        known.orders[noted.order.token] = noted.order;
      if (noted.violation)
        known.violations[noted.violation]++;
      const bool is_decision = noted.kind <= RCK_EVENT_COPY || noted.kind == RCK_EVENT_LEG;
      known.decided[port] += is_decision && noted.status != RCK_REPEAT && noted.status != RCK_REJECT_BATCH;
      known.decided_most[port] += is_decision;
    }
    if (!log.is_in_flight())
      return;
    known.decided_most[port] += legs_each;
    const Noted &noted = log.calls[log.returned];
    noted.kind == RCK_EVENT_LEGS ? resolve_legs(noted, in_flight) : resolve(noted, in_flight);
  }

  // All of a batch, or nothing.
  void resolve_legs(const Noted &noted, const Record *record) {
    figures.in_flight++;
    figures.with_record += record != nullptr;
    uint32_t entered = 0;
    for (uint32_t leg = 0; leg < legs_each; leg++) {
      const rck_order_info now = found(0, noted.order_id + leg);
      if (now.order_id == 0)
        continue;
      known.orders[now.token] = now;
      entered++;
    }
    figures.without_record += !record && entered;
    if (entered != 0 && entered != legs_each)
      wrong += text("%u legs of a batch are there; ", entered);
    if (record && record->event.values[1] && entered == 0)
      wrong += "legs have a record, and are not there; ";
  }

  // The call in flight was done whole or not at all; if it has a record, it was done.
  void resolve(const Noted &noted, const Record *record) {
    figures.in_flight++;
    figures.with_record += record != nullptr;
    const bool is_new = noted.kind == RCK_EVENT_CHECK || noted.kind == RCK_EVENT_COPY;
    if (!is_new && !noted.token) // of the market
      return;
    const rck_order_info now = found(is_new ? 0 : noted.token, is_new ? noted.order_id : 0);
    const auto before = known.orders.find(now.token);
    const bool is_done = now.order_id && (before == known.orders.end() || !same(before->second, now));
    if (is_done)
      known.orders[now.token] = now;
    if (!record) {
      figures.without_record += is_done;
      return;
    }
    const bool shows = is_new || noted.kind == RCK_EVENT_AMEND || noted.kind == RCK_EVENT_FILL ||
                       noted.kind == RCK_EVENT_RELEASE || noted.kind == RCK_EVENT_AMEND_RESULT;
    if (!shows)
      return;
    const auto verdict = record->body<rck_verdict>(noted.kind <= RCK_EVENT_FILL ? 3 : 1);
    if (verdict.violation_id)
      known.violations[verdict.violation_id]++;
    if (verdict.status == RCK_OK && !is_done)
      wrong += text("a %s of %llx has a record, and was not done; ", name_of(noted.kind),
                    static_cast<unsigned long long>(noted.order_id));
  }

  // Those that live are there to the last field; one that has ended may have been forgotten.
  void judge_orders() {
    for (const auto &[token, order] : known.orders) {
      const rck_order_info now = found(token, 0);
      if (!now.order_id && order.state & RCK_ORDER_FINISHED)
        continue;
      if (!same(now, order))
        wrong += text("order %llx, state %u, cumulative %lld, leaves %lld, is found with state %u, %lld, %lld; ",
                      static_cast<unsigned long long>(order.order_id), order.state,
                      static_cast<long long>(order.cumulative), static_cast<long long>(order.leaves), now.state,
                      static_cast<long long>(now.cumulative), static_cast<long long>(now.leaves));
    }
    for (const rck_order_info &order : desk::open_orders(engine)) {
      if (!(order.state & RCK_ORDER_UNCONFIRMED))
        wrong += "a recovered order counts as confirmed; ";
      if (!known.orders.count(order.token))
        wrong +=
            text("order %llx lives, and nobody has asked for it; ", static_cast<unsigned long long>(order.order_id));
    }
  }

  void judge_positions() {
    int64_t net[accounts + 1][instruments + 1] = {};
    for (const auto &[token, order] : known.orders)
      net[order.account][order.instrument] += order.side == RCK_SIDE_BUY ? order.cumulative : -order.cumulative;
    for (uint32_t account = 1; account <= accounts; account++)
      for (uint32_t instrument = 1; instrument <= instruments; instrument++) {
        const int64_t got = desk::row(engine, account, 0, instrument).net;
        if (got != net[account][instrument])
          wrong += text("account %u has %lld of %u, and %lld were reported; ", account, static_cast<long long>(got),
                        instrument, static_cast<long long>(net[account][instrument]));
      }
  }

  void administrate() {
    const Log &log = shared.logs[0];
    figures.calls += log.returned;
    for (uint64_t call = 0; call < log.returned; call++) {
      const Noted &noted = log.calls[call];
      known.latches.take(noted);
      if (noted.kind == RCK_EVENT_LIMIT_SET)
        known.level_staged = noted.value;
      if (noted.kind == RCK_EVENT_PUBLISH)
        known.level = known.level_staged;
      if (noted.kind == RCK_EVENT_VIOLATION_CHANGED && noted.value == RCK_VIOLATION_CLEARED)
        known.cleared.insert(noted.violation);
    }
  }

  const Noted *administrator_in_flight() const {
    const Log &log = shared.logs[0];
    return log.is_in_flight() ? &log.calls[log.returned] : nullptr;
  }

  void judge_latches() {
    const Noted *in_flight = administrator_in_flight();
    for (size_t at = 0; at < latched_count; at++) {
      auto latch = desk::latch(latched_scopes[at].kind, latched_scopes[at].id, 0);
      PASSES(rck_latch_get(engine, &latch));
      const int64_t before = known.latches.states[at], state = latch.state;
      const bool may = in_flight && in_flight->scope && Latches::index_of(in_flight->scope, in_flight->scoped) == at;
      if (state != before && !(may && state == Latches::after(before, *in_flight)))
        wrong += text("scope %u of kind %u has state %lld, and %lld was acknowledged; ", latched_scopes[at].id,
                      latched_scopes[at].kind, static_cast<long long>(state), static_cast<long long>(before));
      known.latches.states[at] = state;
    }
  }

  void judge_limit() {
    int64_t level = 0;
    for (const rck_limit &limit : desk::armed(engine))
      if (limit.control == RCK_CONTROL_ORDER_QUANTITY)
        level = limit.hard;
    const Noted *in_flight = administrator_in_flight();
    const bool may = in_flight && in_flight->kind == RCK_EVENT_PUBLISH && level == known.level_staged;
    if (level != known.level && !may)
      wrong += text("the limit is %lld, and %lld was published; ", static_cast<long long>(level),
                    static_cast<long long>(known.level));
    known.level = level;
  }

  // Each that a verdict has named is open with so many orders, or was cleared and is in the history. Orders that
  // count in one while it is cleared may not count there.
  void judge_violations() {
    auto filter = desk::sized<rck_violation_filter>();
    std::map<uint64_t, rck_violation> all;
    rck_violation some[16];
    uint64_t cursor = 0;
    uint32_t count = 0;
    do {
      PASSES(rck_violations_read(engine, &filter, some, 16, &cursor, &count));
      for (uint32_t at = 0; at < count; at++)
        if (!all.emplace(some[at].violation_id, some[at]).second)
          wrong += text("violation %llu is listed twice; ", static_cast<unsigned long long>(some[at].violation_id));
    } while (count);
    const Noted *in_flight = administrator_in_flight();
    for (const auto &[id, orders] : known.violations) {
      const auto listed = all.find(id);
      const bool may = in_flight && in_flight->violation == id && in_flight->value == RCK_VIOLATION_CLEARED;
      const bool is_cleared = known.cleared.count(id) != 0;
      if (listed == all.end()) {
        wrong += text("violation %llu, which %llu verdicts have named, is not there%s; ",
                      static_cast<unsigned long long>(id), static_cast<unsigned long long>(orders),
                      may ? ", and was being cleared" : "");
        continue;
      }
      const rck_violation &found = listed->second;
      if (!may && (found.state == RCK_VIOLATION_CLEARED) != is_cleared)
        wrong += text("violation %llu has state %u; ", static_cast<unsigned long long>(id), found.state);
      if (!is_cleared && !may && found.count < orders)
        wrong +=
            text("violation %llu of state %u counts %llu of %llu; ", static_cast<unsigned long long>(id), found.state,
                 static_cast<unsigned long long>(found.count), static_cast<unsigned long long>(orders));
      if (found.state == RCK_VIOLATION_CLEARED)
        known.cleared.insert(id);
    }
  }

  void judge_statistics() {
    for (uint32_t port = 1; port <= variant.traders(); port++) {
      auto statistics = desk::sized<rck_statistics>();
      PASSES(rck_statistics_read(engine, port, &statistics));
      if (statistics.checks < known.decided[port] || statistics.checks > known.decided_most[port])
        wrong += text("port %u counts %llu decisions, and %llu were given; ", port,
                      static_cast<unsigned long long>(statistics.checks),
                      static_cast<unsigned long long>(known.decided[port]));
    }
  }
};

#endif
