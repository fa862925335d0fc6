// The order path under hostile arguments and under plausible ones: a desk whose ids exist, so that orders live,
// are amended, filled, undone and forgotten. What a call refuses leaves its answer alone; the checks with and
// without a trace agree; at the end sums agree with rows and orders, and a file opened again holds the same.
#ifndef RCK_FUZZ_ORDERS_HPP
#define RCK_FUZZ_ORDERS_HPP

#include "desk.hpp"

class Orders : protected DeskRecords {
protected:
  using DeskRecords::DeskRecords;

  // Makes a call with a verdict: written whole, or left alone by misuse.
  template <class Call> rck_status decided(size_t at, Call call, rck_verdict *seen = nullptr) {
    Exact<rck_verdict> verdict(in.byte() % 32 ? sizeof(rck_verdict) : 0);
    const std::vector<uint8_t> before = verdict.copy();
    const rck_status status = checked(call(verdict.get()));
    NEED(at < ports.size() || status < 0);
    if (status < 0) {
      NEED(verdict.copy() == before);
      return status;
    }
    const rck_verdict &told = *verdict.get();
    NEED(told.status == status);
    weigh(told);
    if (seen)
      *seen = told;
    return status;
  }

  void weigh(const rck_verdict &told) {
    NEED(told.control <= RCK_CONTROL_STATE && told.severity <= RCK_SEVERITY_CRITICAL);
    NEED(told.action <= RCK_ACTION_HALT && told.scope_kind <= RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP);
    NEED(told.reserved0 == 0 && told.failed >> RCK_CONTROL_STATE == 0 && told.violation_id == 0);
    NEED(!(told.flags & ~0x3f3u));
    if (told.flags & RCK_VERDICT_OVERRIDDEN)
      NEED(told.status == RCK_OK && told.failed == 0 && told.severity == RCK_SEVERITY_HARD && told.limit_id);
    if (told.token && tokens.size() < 64)
      tokens.push_back(told.token);
  }

  // A few records in one call, at times with a count or flags that it must refuse, or with verdicts where the records
  // are: each verdict is written whole, or is a misuse's status alone.
  template <class Record, class Call> void batch(Record *records, size_t count, Call call) {
    size_t at;
    rck_port *handle = any_port(at);
    const uint8_t choice = in.byte(), wrong = in.byte();
    const bool shared = choice % 8 == 1;
    Exact<rck_verdict> apart(choice % 32 && !shared ? count * sizeof(rck_verdict) : 0);
    rck_verdict *verdicts = shared ? reinterpret_cast<rck_verdict *>(records) : apart.get();
    Exact<uint32_t> passed(in.byte() % 32 ? 4 : 0);
    const uint32_t given = wrong < 240 ? static_cast<uint32_t>(count)
                           : wrong % 2 ? 0
                                       : RCK_BATCH_MAX + 1 + static_cast<uint32_t>(in.number() % 1000);
    const uint32_t flags = wrong % 16 == 5 ? static_cast<uint32_t>(in.number()) : 0;
    const std::vector<uint8_t> before = apart.copy(), before_passed = passed.copy();
    const std::vector<Record> sent(records, records + (records ? count : 0));
    const rck_status status = checked(call(handle, records, verdicts, given, flags, passed.get()));
    NEED(status <= 0 && (at < ports.size() || status < 0));
    NEED((shared && status == RCK_OK) || !records || !memcmp(sent.data(), records, count * sizeof(Record)));
    if (status < 0) {
      NEED(apart.copy() == before && passed.copy() == before_passed);
      return;
    }
    NEED(given == count && (flags == 0 || flags == RCK_BATCH_ALL_OR_NONE));
    uint32_t good = 0;
    for (size_t index = 0; index < count; index++) {
      const rck_verdict &told = verdicts[index];
      rck_verdict misuse{};
      misuse.status = checked(told.status);
      good += told.status == RCK_OK;
      if (told.status < 0)
        NEED(memcmp(&told, &misuse, sizeof told) == 0 && (told.status != RCK_E_FAILED || !sound(at)));
      else
        weigh(told);
    }
    NEED(*passed.get() == good);
  }

  void batch_of_orders() {
    const size_t count = 1 + in.byte() % 9;
    Exact<rck_order> orders(in.byte() % 32 ? count * sizeof(rck_order) : 0);
    for (size_t index = 0; orders.get() && index < count; index++)
      if (Exact<rck_order> drawn = any_order(); drawn.get())
        orders.get()[index] = *drawn.get();
    if (in.byte() % 3)
      return batch(orders.get(), count, rck_check_batch);
    Exact<uint64_t> named(in.byte() % 8 ? count * 8 : 0);
    for (size_t index = 0; named.get() && index < count; index++)
      named.get()[index] = any_token();
    batch(orders.get(), count, [&](rck_port *port, const rck_order *records, auto... words) {
      return rck_amend_batch(port, named.get(), records, words...);
    });
  }

  // A few orders that pass all or none, at times more than there may be, or with verdicts over the records.
  void batch_of_legs() {
    const uint8_t wrong = in.byte();
    const size_t count = wrong % 32 == 1 ? RCK_LEGS_MAX + wrong % 3 : 1 + in.byte() % 5;
    Exact<rck_order> orders(count * sizeof(rck_order));
    for (size_t index = 0; index < count; index++)
      if (Exact<rck_order> drawn = any_order(); drawn.get())
        orders.get()[index] = *drawn.get();
    if (wrong % 4 == 0 && count <= RCK_LEGS_MAX)
      for (size_t index = 1; index < count; index++) { // of one party, with ids of their own
        orders.get()[index].account = orders.get()->account;
        orders.get()[index].order_id = orders.get()->order_id + index;
      }
    size_t at;
    rck_port *handle = any_port(at);
    const bool shared = wrong % 16 == 3;
    Exact<rck_verdict> apart(shared ? 0 : count * sizeof(rck_verdict));
    rck_verdict *verdicts =
        shared ? reinterpret_cast<rck_verdict *>(orders.get() + count) - 1 - wrong / 16 % (2 * count) : apart.get();
    Exact<uint32_t> passed(4);
    const std::vector<uint8_t> sent = orders.copy(), before = apart.copy(), before_passed = passed.copy();
    const auto given = static_cast<uint32_t>(count);
    const rck_status status =
        checked(rck_check_batch(handle, orders.get(), verdicts, given, RCK_BATCH_ALL_OR_NONE, passed.get()));
    NEED(orders.copy() == sent && status <= 0);
    if (status < 0) {
      NEED(apart.copy() == before && passed.copy() == before_passed);
      NEED(!shared || at >= ports.size() || status == RCK_E_RANGE || status == RCK_E_FAILED ||
           status == RCK_E_READ_ONLY);
      return;
    }
    NEED(!shared && count <= RCK_LEGS_MAX && at < ports.size());
    rck_verdict other{};
    other.status = RCK_REJECT_BATCH;
    size_t others = 0, good = 0, known = 0;
    for (size_t index = 0; index < count; index++) {
      const rck_verdict &told = verdicts[index];
      rck_verdict misuse{};
      misuse.status = checked(told.status);
      good += told.status == RCK_OK;
      known += told.status == RCK_REPEAT;
      others += memcmp(&told, &other, sizeof told) == 0;
      if (told.status < 0)
        NEED(memcmp(&told, &misuse, sizeof told) == 0 && (told.status != RCK_E_FAILED || !sound(at)));
      else
        weigh(told);
    }
    NEED(*passed.get() == good && (good == count || known == count || (!good && !known && others == count - 1)));
  }

  void batch_of_reports() {
    const size_t count = 1 + in.byte() % 9;
    Exact<rck_report> reports(in.byte() % 32 ? count * sizeof(rck_report) : 0);
    for (size_t index = 0; reports.get() && index < count; index++)
      if (Exact<rck_report> drawn = any_report(); drawn.get())
        reports.get()[index] = *drawn.get();
    batch(reports.get(), count, rck_fill_batch);
  }

  // Whether this port is the only one that can have changed what it sees.
  bool sound(size_t at) const { return at < ports.size() && ports[at].writer && !engines[ports[at].engine].mutated; }

  void check() {
    size_t at;
    rck_port *handle = any_port(at);
    Exact<rck_order> order = any_order();
    const bool both = sound(at) && order.get() && order.get()->time_ns > 0 && in.byte() % 2;
    rck_verdict dry{}, wet{};
    rck_status foretold = RCK_OK;
    if (both)
      foretold = checked(rck_check_dry(handle, order.get(), &dry));
    const std::vector<uint8_t> before = order.copy();
    const rck_status status = decided(at, [&](rck_verdict *v) { return rck_check(handle, order.get(), v); }, &wet);
    NEED(order.copy() == before);
    if (!both || status < 0)
      return;
    const bool no_place =
        status == RCK_REJECT_ORDERS_FULL || status == RCK_REJECT_POSITIONS_FULL || status == RCK_REJECT_WINDOWS_FULL;
    NEED(status == foretold || (foretold == RCK_OK && no_place));
    if (!no_place) {
      dry.token = wet.token;
      NEED(memcmp(&dry, &wet, sizeof dry) == 0);
    }
  }

  void check_dry() {
    size_t at;
    rck_port *handle = any_port(at);
    Exact<rck_order> order = any_order();
    decided(at, [&](rck_verdict *v) { return rck_check_dry(handle, order.get(), v); });
  }

  // Another's order: told as the dry check tells it, and entered all the same; then it is known.
  void drop_copy() {
    size_t at;
    rck_port *handle = any_port(at);
    Exact<rck_order> order = any_order();
    const bool both = sound(at) && order.get() && order.get()->time_ns > 0;
    rck_verdict dry{}, wet{};
    if (both)
      checked(rck_check_dry(handle, order.get(), &dry));
    const std::vector<uint8_t> before = order.copy();
    const rck_status status = decided(at, [&](rck_verdict *v) { return rck_drop_copy(handle, order.get(), v); }, &wet);
    NEED(order.copy() == before);
    if (!both || status != RCK_OK)
      return;
    NEED(dry.status >= RCK_OK && dry.status != RCK_REPEAT && wet.token != 0);
    const uint16_t refused = dry.status != RCK_OK ? RCK_VERDICT_WOULD_REFUSE : 0;
    dry.flags = static_cast<uint16_t>(dry.flags | refused);
    dry.status = RCK_OK;
    dry.token = wet.token;
    NEED(memcmp(&dry, &wet, sizeof dry) == 0);
    NEED(checked(rck_drop_copy(handle, order.get(), &dry)) == RCK_REPEAT && dry.token == wet.token);
  }

  void headroom() {
    size_t at;
    rck_port *handle = any_port(at);
    Exact<rck_order> order = any_order();
    Exact<int64_t> quantity(in.byte() % 16 ? 8 : 0);
    const std::vector<uint8_t> before = quantity.copy();
    rck_verdict told{};
    const rck_status status =
        decided(at, [&](rck_verdict *v) { return rck_headroom(handle, order.get(), quantity.get(), v); }, &told);
    if (status < 0) {
      NEED(quantity.copy() == before);
      return;
    }
    const int64_t room = *quantity.get();
    NEED(room >= 0);
    if (!sound(at) || order.get()->time_ns <= 0 || room == 0)
      return;
    order.get()->quantity = room;
    order.get()->order_id = 1ull << 41; // whatever id it had, which may be known
    const rck_status dry = rck_check_dry(handle, order.get(), &told);
    // Of what was sent or filled before, and of the host's own functions, headroom knows nothing.
    const bool apart = told.control == RCK_CONTROL_DUPLICATE || told.control == RCK_CONTROL_REPEATED_EXECUTION ||
                       told.control == RCK_CONTROL_CUSTOM;
    NEED(dry == RCK_OK || (dry > 0 && apart));
  }

  void amend() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint64_t token = any_token();
    Exact<rck_order> order = any_order();
    decided(at, [&](rck_verdict *v) { return rck_amend(handle, token, order.get(), v); });
  }

  void amend_result() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint64_t token = any_token(), id = token ? 0 : any_order_id();
    const uint8_t choice = in.byte();
    const uint32_t accepted = choice < 250 ? choice % 2 : static_cast<uint32_t>(in.number());
    decided(at, [&](rck_verdict *v) { return rck_amend_result(handle, token, id, accepted, v); });
  }

  void cancel() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint64_t token = any_token(), id = token ? 0 : any_order_id();
    const int64_t time_ns = any_time();
    decided(at, [&](rck_verdict *v) { return rck_cancel(handle, token, id, time_ns, v); });
  }

  void release() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint64_t token = any_token(), id = token ? 0 : any_order_id();
    const uint32_t reason = in.byte() % 6;
    const int64_t time_ns = any_time();
    decided(at, [&](rck_verdict *v) { return rck_release(handle, token, id, reason, time_ns, v); });
  }

  void confirm() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint64_t token = any_token(), id = token ? 0 : any_order_id();
    decided(at, [&](rck_verdict *v) { return rck_order_confirm(handle, token, id, v); });
  }

  // A report, and once more: what was applied is known.
  void fill() {
    size_t at;
    rck_port *handle = any_port(at);
    Exact<rck_report> report = any_report();
    const rck_status status = decided(at, [&](rck_verdict *v) { return rck_fill(handle, report.get(), v); });
    rck_verdict again{};
    if (status == RCK_OK && sound(at) && report.get()->kind == RCK_REPORT_FILL && in.byte() % 4 == 0)
      NEED(checked(rck_fill(handle, report.get(), &again)) == RCK_REPEAT);
  }

  void open_orders() {
    rck_engine *handle = any_engine();
    const uint32_t scope = in.byte() % 11, id = in.byte() % 18, capacity = in.byte() % 5;
    Exact<rck_order_info> orders(in.byte() % 16 ? capacity * sizeof(rck_order_info) : 0);
    Exact<uint32_t> cursor(in.byte() % 16 ? 4 : 0), count(in.byte() % 16 ? 4 : 0);
    if (cursor.get())
      *cursor.get() = in.byte() % 4 ? 0 : static_cast<uint32_t>(in.number());
    const std::vector<uint8_t> before = orders.copy();
    const rck_status status =
        checked(rck_open_orders(handle, scope, id, orders.get(), capacity, cursor.get(), count.get()));
    NEED(status <= 0);
    if (status == RCK_OK)
      NEED(*count.get() <= capacity);
    else
      NEED(orders.copy() == before);
  }

  void order_get() {
    rck_engine *handle = any_engine();
    const uint64_t token = any_token(), id = any_order_id();
    Exact<rck_order_info> order(in.byte() % 16 ? sizeof(rck_order_info) : 0);
    const std::vector<uint8_t> before = order.copy();
    const rck_status status = checked(rck_order_get(handle, token, id, order.get()));
    if (status != RCK_OK)
      NEED(order.copy() == before);
  }

  // The copy of a file in use is what a crash would leave of it.
  void crash() {
    const size_t file = in.byte() % files;
    for (const Engine &engine : engines) {
      if (!engine.owner || engine.mutated || engine.file != static_cast<int>(file))
        continue;
      const std::string copy = folder + "/copy";
      copy_file(path_of(file), copy);
      rck_engine *left = nullptr;
      NEED(checked(rck_engine_open(nullptr, copy.c_str(), &left, nullptr)) == RCK_OK);
      same_totals(totals_of(engine.handle), totals_of(left), !engine.redefined);
      NEED(checked(rck_engine_close(left)) == RCK_OK);
      unlink(copy.c_str());
      return;
    }
  }

  // Every engine of ours at rest, and once more from its file; then without its orders.
  void settle() {
    for (const Port &port : ports)
      NEED(checked(rck_port_close(port.handle)) == RCK_OK);
    for (Engine &engine : engines)
      if (!engine.owner)
        NEED(checked(rck_engine_close(engine.handle)) == RCK_OK);
    for (Engine &engine : engines) {
      if (!engine.owner)
        continue;
      if (!engine.mutated)
        settle(engine);
      NEED(checked(rck_engine_close(engine.handle)) == RCK_OK);
      free(engine.memory);
    }
    for (size_t file = 0; file < files; file++)
      unlink(path_of(file).c_str());
  }

private:
  static void settle(Engine &engine) {
    Totals before = totals_of(engine.handle);
    sums_agree(before);
    if (plants("shared"))
      for (rck_book_info &shared : before.shared)
        shared.gross++, shared.orders++;
    totals_agree(before);
    if (engine.file >= 0) {
      NEED(checked(rck_engine_close(engine.handle)) == RCK_OK);
      const std::string path = path_of(static_cast<size_t>(engine.file));
      if (access(path.c_str(), F_OK) == 0) // it may have lost its name
        NEED(checked(rck_engine_open(nullptr, path.c_str(), &engine.handle, nullptr)) == RCK_OK);
      same_totals(before, totals_of(engine.handle), !engine.redefined);
    }
    rck_port *port = nullptr;
    NEED(checked(rck_port_open(engine.handle, 1, RCK_PORT_WRITER, &port, nullptr)) == RCK_OK);
    for (const auto &[token, order] : before.orders) {
      rck_verdict verdict{};
      PASSES(rck_release(port, token, 0, RCK_RELEASE_DONE, time_of(engine.handle), &verdict));
    }
    if (plants("reserved"))
      leave_one(port, engine.handle);
    const Totals after = totals_of(engine.handle);
    sums_agree(after);
    totals_agree(after);
    nothing_reserved(after);
    NEED(checked(rck_port_close(port)) == RCK_OK);
  }

  // What port 1 takes for now: its records may have been ahead of the clock.
  static int64_t time_of(rck_engine *engine) {
    int64_t now_ns = 1;
    auto stats = sized<rck_stats>();
    (void)rck_clock(engine, &now_ns); // a host's clock that never ran begins now
    NEED(checked(rck_stats_read(engine, 1, &stats)) == RCK_OK);
    return std::max(now_ns, stats.time_ns);
  }

  // An order more than the harness knows of.
  static void leave_one(rck_port *port, rck_engine *engine) {
    rck_order order{};
    rck_verdict verdict{};
    order.order_id = 1u << 30;
    order.account = order.instrument = order.side = order.type = order.time_in_force = 1;
    order.quantity = order.price = 10;
    order.time_ns = time_of(engine);
    rck_check(port, &order, &verdict);
  }
};

#endif
