// A desk for the fuzzer: definitions, limits and prices that let orders live, and the calls that set or read
// what is not an order: limits, latches, market, positions, cash, days.
#ifndef RCK_FUZZ_DESK_HPP
#define RCK_FUZZ_DESK_HPP

#include "records.hpp"
#include "totals.hpp"

class DeskRecords : protected Records {
protected:
  using Records::Records;

  std::vector<uint64_t> tokens; // that verdicts gave out
  int64_t now_ns = 1000;

  // Bytes of a record become random, at times.
  template <class Record> void spoil(Record *record, size_t from = 0) {
    const uint8_t choice = in.byte();
    for (int hostile = choice < 208 ? 0 : choice % 4; hostile; hostile--)
      reinterpret_cast<uint8_t *>(record)[from + in.byte() % (sizeof(Record) - from)] = in.byte();
  }

  int64_t any_time() {
    const uint8_t choice = in.byte();
    if (choice < 200)
      return now_ns += choice % 4;
    return choice < 230 ? 0 : choice < 245 ? now_ns - choice : static_cast<int64_t>(in.number());
  }
  // A small amount, and at times one that only a wide integer holds.
  int64_t amount(int64_t middle) {
    const uint8_t choice = in.byte();
    return choice < 230 ? middle + choice % 16 : static_cast<int64_t>(in.number());
  }
  uint64_t any_order_id() {
    const uint8_t choice = in.byte();
    return choice < 245 ? 1 + choice % 24 : in.number();
  }
  uint64_t any_token() {
    const uint8_t choice = in.byte();
    if (choice < 60)
      return 0;
    return choice < 250 && !tokens.empty() ? tokens[choice % tokens.size()] : in.number();
  }

  Exact<rck_order> any_order() {
    Exact<rck_order> exact(in.byte() % 32 ? sizeof(rck_order) : 0);
    if (!exact.get())
      return exact;
    const uint8_t who = in.byte(), how = in.byte();
    rck_order &order = *exact.get();
    order = rck_order{};
    order.order_id = any_order_id();
    order.account = 1 + who % 3;
    order.strategy = who / 4 % 3;
    order.instrument = 1 + who / 16 % 3;
    order.side = 1 + who / 64 % 2;
    order.type = how % 8 ? RCK_TYPE_LIMIT : 1 + how / 8 % 4;
    order.time_in_force = 1 + how / 32 % 4;
    order.flags = how % 16 == 1;
    order.quantity = amount(1);
    order.price = order.type == RCK_TYPE_MARKET ? 0 : amount(95);
    order.stop_price = order.type >= RCK_TYPE_STOP ? amount(95) : 0;
    order.time_ns = any_time();
    spoil(&order);
    return exact;
  }

  Exact<rck_report> any_report() {
    Exact<rck_report> exact(in.byte() % 32 ? sizeof(rck_report) : 0);
    if (!exact.get())
      return exact;
    const uint8_t who = in.byte(), kind = in.byte();
    rck_report &report = *exact.get();
    report = rck_report{};
    report.token = any_token();
    report.order_id = report.token ? 0 : any_order_id();
    report.kind = kind % 4 < 2 ? RCK_REPORT_FILL : 1 + kind % 4 % 3;
    report.account = 1 + who % 3;
    report.strategy = who / 4 % 3;
    report.instrument = 1 + who / 16 % 3;
    report.side = 1 + who / 64 % 2;
    report.last_quantity = amount(1);
    report.cumulative_quantity = kind & 32 ? amount(1) : report.last_quantity;
    report.last_price = amount(95);
    report.execution_id = kind & 64 ? 0 : 1 + in.byte() % 16;
    report.undone_execution_id = report.kind == RCK_REPORT_FILL ? 0 : 1 + in.byte() % 16;
    report.fee = kind & 128 ? amount(0) : 0;
    report.time_ns = any_time();
    spoil(&report);
    return exact;
  }

  // An engine with everything that an order needs, in memory or in a file that is not there yet.
  void desk(bool in_file) {
    const uint8_t choice = in.byte();
    const size_t file = choice & 1;
    if (in_file && (in_use(file) || access(path_of(file).c_str(), F_OK) == 0))
      return;
    rck_config config;
    small(&config);
    config.clock_source = choice & 2 ? RCK_CLOCK_REALTIME : RCK_CLOCK_HOST;
    config.discipline = choice & 4 ? RCK_ONE_WRITER : RCK_MANY_WRITERS;
    config.flags = in_file && choice & 8 ? RCK_SHARED : 0;
    config.windows_max = 128;
    config.retired_ids_max = 1 + (choice >> 4) % 4; // so that finished orders are forgotten soon
    config.executions_max = choice & 64 ? 16 : 3;
    config.positions_max = choice & 128 ? 16 : 3;
    rck_engine *engine = nullptr;
    mutated_file[file] = mutated_file[file] && !in_file;
    if (in_file)
      PASSES(rck_engine_open(&config, path_of(file).c_str(), &engine, nullptr));
    else
      PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    define_desk(engine);
    admit(engine, in_file ? static_cast<int>(file) : -1, true, 0, nullptr);
    const size_t at = engines.size() - 1;
    for (uint32_t index = 1; index <= (config.discipline == RCK_ONE_WRITER ? 1u : 2u); index++) {
      rck_port *port = nullptr;
      PASSES(rck_port_open(engine, index, RCK_PORT_WRITER, &port, nullptr));
      engines[at].ports++;
      engines[at].writers++;
      ports.push_back({port, at, true});
    }
  }

  void define_desk(rck_engine *engine) {
    rck_currency currency = currency_one();
    PASSES(rck_currency_set(engine, &currency, nullptr));
    for (uint32_t id = 1; id <= 3; id++) {
      auto group = sized<rck_group>();
      group.id = id;
      group.kind = kind_of_group[id - 1];
      group.quantity_decimals = id == 3 ? in.byte() % 10 : 0;
      PASSES(rck_group_set(engine, &group, nullptr));
    }
    for (uint32_t id = 1; id <= 3; id++) {
      auto account = sized<rck_account>();
      auto instrument = sized<rck_instrument>();
      auto strategy = sized<rck_strategy>();
      account.id = instrument.id = strategy.id = id;
      account.permissions = strategy.permissions = RCK_PERMIT_ALL;
      account.flags = RCK_ENABLED | (in.byte() & 15) << 8 | (id == 3 ? (in.byte() & 7) << 16 : 0);
      instrument.flags = RCK_ENABLED | (id == 3 ? RCK_PRICE_NEGATIVE : 0);
      strategy.flags = RCK_ENABLED;
      instrument.currency = 1;
      instrument.price_decimals = id;
      instrument.multiplier = id == 2 ? 25 : 1;
      instrument.multiplier_decimals = instrument.quantity_decimals = id - 1;
      instrument.lot = instrument.tick = 1;
      instrument.reference = 1 + in.byte() % 5;
      instrument.previous_close = instrument.reference_price = 100;
      instrument.slippage_bps = in.byte();
      instrument.margin_bps[0] = in.byte() * 100;
      account.groups[0] = id < 3 ? 1 : 0;
      strategy.groups[0] = id < 3 ? 2 : 0;
      instrument.groups[0] = id < 3 ? 3 : 0;
      PASSES(rck_account_set(engine, &account, nullptr));
      PASSES(rck_instrument_set(engine, &instrument, nullptr));
      PASSES(rck_strategy_set(engine, &strategy, nullptr));
    }
    for (uint32_t count = in.byte() % 8; count; count--) {
      Exact<rck_limit> limit = any_limit();
      checked(rck_limit_set(engine, limit.bytes() >= sizeof(rck_limit) ? limit.get() : nullptr, 0, nullptr));
    }
    PASSES(rck_limits_publish(engine, nullptr, nullptr));
  }

  // Of the groups of a desk, each with two members; limits mostly name the one of their kind.
  static constexpr uint32_t kind_of_group[] = {RCK_GROUP_OF_ACCOUNTS, RCK_GROUP_OF_STRATEGIES,
                                               RCK_GROUP_OF_INSTRUMENTS};
  static uint32_t group_for(uint32_t scope) {
    return scope == RCK_SCOPE_ACCOUNT_GROUP || scope == RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT ? 1
           : scope == RCK_SCOPE_STRATEGY_GROUP                                             ? 2
           : scope == RCK_SCOPE_INSTRUMENT_GROUP                                           ? 3
                                                                                           : 0;
  }

  // One of the bits that are set, by number; 0 if none is.
  static uint32_t bit_of(uint64_t bits, uint32_t which) {
    for (which = bits ? which % static_cast<uint32_t>(__builtin_popcountll(bits)) : 0; which; which--)
      bits &= bits - 1;
    return bits ? static_cast<uint32_t>(__builtin_ctzll(bits)) : 0;
  }

  Exact<rck_limit> any_limit() {
    static constexpr uint8_t controls[] = {2, 3, 4, 6, 7, 7, 9, 11, 13, 13, 17, 21};
    Exact<rck_limit> exact(in.size_for<rck_limit>());
    if (exact.bytes() < sizeof(rck_limit))
      return exact;
    rck_limit &limit = *exact.get();
    const uint8_t what = in.byte(), where = in.byte(), how = in.byte();
    limit = sized<rck_limit>();
    const bool is_list = what >= 236 && what < 246;
    limit.control = what >= 253   ? RCK_CONTROL_CUSTOM
                    : what >= 246 ? RCK_CONTROL_METRIC
                    : is_list     ? RCK_CONTROL_LISTS
                    : what >= 232 ? RCK_CONTROL_REPEATED_EXECUTION
                    : what >= 226 ? RCK_CONTROL_GROUP_EXPOSURE
                                  : controls[what % sizeof controls];
    auto info = sized<rck_control_info>();
    NEED(checked(rck_control_describe(limit.control, &info)) == RCK_OK);
    limit.measure = bit_of(info.measures, is_list ? what : what / 16);
    limit.scope_kind = bit_of(info.scopes, is_list ? where : where % 8);
    limit.id = limit.scope_kind == RCK_SCOPE_GLOBAL ? 0 : 1 + where / 16 % 3;
    if (group_for(limit.scope_kind) && where / 16 % 3)
      limit.id = group_for(limit.scope_kind);
    limit.instrument = limit.scope_kind >= RCK_SCOPE_ACCOUNT_INSTRUMENT ? 1 + where / 64 % 3 : 0;
    if (limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP && where / 64)
      limit.instrument = group_for(RCK_SCOPE_INSTRUMENT_GROUP);
    limit.side = how & 8 ? how / 16 % 3 : 0;
    limit.levels = 1 + how % 7;
    const bool is_session = is_list && limit.measure == RCK_MEASURE_SESSION,
               is_custom = limit.control == RCK_CONTROL_CUSTOM;
    limit.reference = limit.control == RCK_CONTROL_COLLAR || is_session ? 1 + how / 32 % 5 : is_custom;
    int64_t level = amount(static_cast<int64_t>(in.byte()) << where / 8 % 16); // from tight to wide
    if (is_custom || (is_list && limit.measure != RCK_MEASURE_LOCATE))
      level = 0;
    if (limit.control == RCK_CONTROL_REPEATED_EXECUTION)
      level &= 3;
    limit.warn = limit.levels & RCK_LEVEL_WARN ? level : 0;
    limit.soft = limit.levels & RCK_LEVEL_SOFT ? level : 0;
    limit.hard = limit.levels & RCK_LEVEL_HARD ? level : 0;
    const bool has_window = limit.control == RCK_CONTROL_RATE || limit.control == RCK_CONTROL_REPEATED_EXECUTION;
    limit.window_ns = has_window ? 1 + in.byte() : 0;
    if (limit.control == RCK_CONTROL_METRIC) {
      limit.instrument = 1 + how / 64;
      limit.reference = where % 19;
    }
    if (is_of_total(limit))
      limit.flags = how / 64 == 1 ? RCK_LEASE_ALWAYS : how / 64 == 2 ? RCK_LEASE_NEVER : 0;
    limit.actor = 1;
    memcpy(limit.reason, "fuzz", 5);
    spoil(&limit, 4);
    return exact;
  }

  // What was accepted comes back; what was refused is not stored.
  void limits() {
    rck_engine *handle = any_engine();
    Exact<rck_limit> limit = any_limit();
    const uint8_t choice = in.byte();
    const std::vector<uint8_t> before = limit.copy();
    rck_status status;
    if (choice % 8 == 0)
      status = checked(rck_limit_get(handle, limit.get()));
    else if (choice % 8 == 1)
      status = with_fault([&](rck_fault *f) { return rck_limit_remove(handle, limit.get(), choice / 8 % 3, f); });
    else
      status = with_fault([&](rck_fault *f) { return rck_limit_set(handle, limit.get(), choice / 8 % 3, f); });
    NEED(status <= 0 || status == RCK_REJECT_WINDOWS_FULL || status == RCK_REJECT_POSITIONS_FULL ||
         status == RCK_REJECT_TOTALS_FULL);
    if (status != RCK_OK || choice % 8 != 0)
      NEED(limit.copy() == before);
    if (status != RCK_OK || choice % 8 < 2)
      return;
    rck_limit back = *limit.get();
    NEED(checked(rck_limit_get(handle, &back)) == RCK_OK);
    back.limit_id = limit.get()->limit_id;
    back.generation = limit.get()->generation;
    memcpy(back.reason, limit.get()->reason, sizeof back.reason); // bytes behind its end are not part of it
    NEED(memcmp(&back, limit.get(), sizeof back) == 0);
  }

  void publish() {
    rck_engine *handle = any_engine();
    Exact<uint64_t> generation(in.byte() % 4 ? 8 : 0);
    const std::vector<uint8_t> before = generation.copy();
    const rck_status status = with_fault([&](rck_fault *f) { return rck_limits_publish(handle, generation.get(), f); });
    NEED(status <= 0);
    if (status < 0)
      NEED(generation.copy() == before);
  }

  void armed() {
    rck_engine *handle = any_engine();
    const uint32_t capacity = in.byte() % 5;
    Exact<rck_limit> limits(in.byte() % 16 ? capacity * sizeof(rck_limit) : 0);
    Exact<uint32_t> cursor(in.byte() % 16 ? 4 : 0), count(in.byte() % 16 ? 4 : 0);
    if (cursor.get())
      *cursor.get() = in.byte() % 4 ? 0 : static_cast<uint32_t>(in.number());
    const rck_status status = checked(rck_limits_armed(handle, limits.get(), capacity, cursor.get(), count.get()));
    NEED(status <= 0);
    if (status == RCK_OK)
      NEED(*count.get() <= capacity);
  }

  void latches() {
    rck_engine *handle = any_engine();
    Exact<rck_latch> latch(in.size_for<rck_latch>());
    const uint8_t what = in.byte(), where = in.byte();
    if (what >= 248)
      return rearm(handle, what, where);
    if (what >= 224)
      return overrides(handle, what, where);
    if (what >= 160)
      return watches(handle, what, where);
    if (latch.bytes() >= sizeof(rck_latch)) {
      *latch.get() = sized<rck_latch>();
      latch.get()->scope_kind = 1 + where % 8;
      latch.get()->id = latch.get()->scope_kind == RCK_SCOPE_GLOBAL ? 0 : 1 + where / 8 % 3;
      latch.get()->state = what / 4 % 4;
      latch.get()->actor = 1;
      latch.get()->time_ns = any_time();
      memcpy(latch.get()->reason, "fuzz", 5);
      spoil(latch.get(), 4);
    }
    const std::vector<uint8_t> before = latch.copy();
    rck_status status;
    if (what % 4 == 0)
      status = checked(rck_latch_get(handle, latch.get()));
    else if (what % 4 == 1)
      status = with_fault([&](rck_fault *f) { return rck_latch_set(handle, latch.get(), f); });
    else
      status = with_fault([&](rck_fault *f) { return rck_latch_clear(handle, latch.get(), f); });
    if (status != RCK_OK || what % 4)
      NEED(latch.copy() == before);
  }

  void watches(rck_engine *handle, uint8_t what, uint8_t where) {
    if (what % 4 == 0)
      return look_at_ports(handle);
    size_t at;
    if (what % 4 == 1) {
      checked(rck_beat(any_port(at), any_time()));
      return;
    }
    Exact<rck_port_watch> watch(in.size_for<rck_port_watch>());
    if (watch.bytes() >= sizeof(rck_port_watch)) {
      *watch.get() = sized<rck_port_watch>();
      watch.get()->port = 1 + where / 32 % 2;
      watch.get()->silence_ns = any_time() / 2;
      watch.get()->scope_kind = 1 + where % 6;
      watch.get()->id = watch.get()->scope_kind == RCK_SCOPE_GLOBAL ? 0 : 1 + where / 8 % 3;
      watch.get()->state = 1 + what / 4 % 3;
      watch.get()->actor = 1;
      spoil(watch.get(), 4);
    }
    const std::vector<uint8_t> before = watch.copy();
    const bool set = what % 4 == 2;
    const rck_status status = set ? with_fault([&](rck_fault *f) { return rck_port_watch_set(handle, watch.get(), f); })
                                  : checked(rck_port_watch_get(handle, watch.get()));
    NEED(status <= 0);
    if (status != RCK_OK || set)
      NEED(watch.copy() == before);
  }

  // An override of one of what orders are refused for, or of something that there is none for.
  void overrides(rck_engine *handle, uint8_t what, uint8_t where) {
    static constexpr uint32_t controls[] = {2, 3, 4, 6, 7, 9, 13, 0};
    Exact<rck_override> given(in.size_for<rck_override>());
    if (given.bytes() >= sizeof(rck_override)) {
      *given.get() = sized<rck_override>();
      given.get()->override_id = 1 + where % 8;
      given.get()->control = controls[what / 4 % 8];
      given.get()->order_id = where & 128 ? any_order_id() : 0;
      if (!given.get()->order_id) {
        given.get()->scope_kind = 1 + where % 9;
        given.get()->id = given.get()->scope_kind == RCK_SCOPE_GLOBAL ? 0 : 1 + where / 16 % 3;
        given.get()->instrument = given.get()->scope_kind >= RCK_SCOPE_ACCOUNT_INSTRUMENT ? 1 + where / 64 % 2 : 0;
      }
      given.get()->count = where / 32 % 4;
      given.get()->quantity = amount(1);
      given.get()->expiry_ns = any_time();
      given.get()->actor = 1;
      memcpy(given.get()->reason, "fuzz", 5);
      spoil(given.get(), 4);
    }
    const std::vector<uint8_t> before = given.copy();
    Exact<uint32_t> id(in.byte() % 16 ? sizeof(uint32_t) : 0);
    rck_status status;
    if (what % 4 == 0)
      status = with_fault([&](rck_fault *fault) { return rck_override_remove(handle, given.get(), fault); });
    else if (what % 4 == 1)
      status = checked(rck_override_get(handle, given.get()));
    else
      status = with_fault([&](rck_fault *fault) { return rck_override_set(handle, given.get(), id.get(), fault); });
    NEED(status <= (what % 4 == 0 ? RCK_REPEAT : RCK_OK));
    if (what % 4 != 1 || status != RCK_OK)
      NEED(given.copy() == before);
    else
      NEED(given.get()->live <= 1 && given.get()->count_left <= given.get()->count &&
           given.get()->quantity_left <= given.get()->quantity);
  }

  void rearm(rck_engine *handle, uint8_t what, uint8_t where) {
    Exact<rck_rearming> given(in.size_for<rck_rearming>());
    if (given.bytes() >= sizeof(rck_rearming)) {
      *given.get() = sized<rck_rearming>();
      const uint32_t rearmed = what & 8 ? RCK_CONTROL_REPEATED_EXECUTION : RCK_CONTROL_CONDUCT;
      given.get()->control = what % 8 ? rearmed : where % 32;
      given.get()->scope_kind = what % 2 ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_STRATEGY;
      given.get()->id = 1 + where / 32 % 3;
      given.get()->actor = 1;
      memcpy(given.get()->reason, "fuzz", 5);
      spoil(given.get(), 4);
    }
    const std::vector<uint8_t> before = given.copy();
    NEED(with_fault([&](rck_fault *fault) { return rck_rearm(handle, given.get(), fault); }) <= RCK_REPEAT);
    NEED(given.copy() == before);
  }

  void look_at_ports(rck_engine *handle) {
    const uint32_t capacity = in.byte() % 5;
    Exact<uint32_t> ports(in.byte() % 16 ? capacity * sizeof(uint32_t) : 0), count(in.byte() % 16 ? 4 : 0);
    const std::vector<uint8_t> before = ports.copy();
    const rck_status status = checked(rck_watch(handle, any_time(), ports.get(), capacity, count.get()));
    if (status < 0 || status > RCK_REPEAT)
      NEED(ports.copy() == before);
    else
      NEED(*count.get() >= (status == RCK_REPEAT));
    for (uint32_t at = 1; status >= 0 && status <= RCK_REPEAT && at < capacity && at < *count.get(); at++)
      NEED(ports.get()[at - 1] < ports.get()[at]);
  }

  rck_status book(rck_port *handle, bool is_given) {
    Exact<rck_book> book(is_given ? sizeof(rck_book) : 0);
    if (is_given) {
      *book.get() = rck_book{};
      book.get()->instrument = 1 + in.byte() % 4;
      book.get()->bids = in.byte() % 12;
      book.get()->asks = in.byte() % 12;
      const int64_t best = amount(95);
      for (uint32_t level = 0; level < RCK_BOOK_LEVELS; level++) {
        book.get()->bid_prices[level] = best - level;
        book.get()->ask_prices[level] = best + level;
        book.get()->bid_sizes[level] = book.get()->ask_sizes[level] = level % 4 ? 1 + in.byte() : amount(1);
      }
      book.get()->time_ns = any_time();
      spoil(book.get());
    }
    return checked(rck_market_book(handle, book.get()));
  }

  // A function of the host's: says what its context points to.
  static int32_t says(void *context, const rck_order *order, int64_t time_ns) {
    NEED(order->order_id != 0 && order->time_ns == time_ns);
    return *static_cast<const int32_t *>(context);
  }

  void custom() {
    static const int32_t answers[] = {0, 0, 1, -1};
    rck_engine *handle = any_engine();
    const uint8_t what = in.byte();
    const uint32_t id = what / 4 % 18;
    if (what % 4 == 0) {
      NEED(with_fault([&](rck_fault *f) { return rck_custom_remove(handle, id, f); }) <= 0);
      return;
    }
    Exact<rck_custom> custom(in.size_for<rck_custom>());
    if (custom.bytes() >= sizeof(rck_custom)) {
      *custom.get() = sized<rck_custom>();
      custom.get()->id = id;
      custom.get()->actor = 1;
      custom.get()->overruns_max = what / 64;
      custom.get()->budget_ns = what / 32 % 2;
      memcpy(custom.get()->reason, "fuzz", 5);
      spoil(custom.get(), 4);
    }
    void *const context = const_cast<int32_t *>(&answers[in.byte() % 4]);
    const rck_custom_call call = in.byte() % 16 ? says : nullptr;
    const rck_status status =
        what % 4 == 1
            ? checked(rck_custom_get(handle, custom.get()))
            : with_fault([&](rck_fault *f) { return rck_custom_set(handle, custom.get(), call, context, f); });
    NEED(status <= 0);
    if (status == RCK_OK)
      NEED(checked(rck_custom_get(handle, custom.get())) == RCK_OK && custom.get()->id == id % 18);
  }

  void market() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint8_t what = in.byte();
    Exact<rck_quote> quote(what / 4 % 16 ? sizeof(rck_quote) : 0);
    Exact<rck_trade> trade(what / 4 % 16 ? sizeof(rck_trade) : 0);
    rck_status status;
    if (what % 16 == 7)
      return custom();
    if (what % 16 == 15) {
      double value = static_cast<double>(amount(0)) / 10;
      const uint64_t bits = UINT64_C(0x7ff0000000000000) | in.byte();
      if (what == 255) // infinite, or no number
        memcpy(&value, &bits, sizeof value);
      status = checked(rck_metric_set(handle, in.byte() % 6, value, any_time()));
      NEED(what != 255 || status < 0);
    } else if (what % 4 == 0) {
      status = checked(rck_mark(handle, 1 + in.byte() % 4, amount(95), any_time()));
    } else if (what % 4 == 1) {
      if (trade.get()) {
        *trade.get() = rck_trade{};
        trade.get()->instrument = 1 + in.byte() % 4;
        trade.get()->price = amount(95);
        trade.get()->quantity = amount(1);
        trade.get()->time_ns = any_time();
        spoil(trade.get());
      }
      status = checked(rck_market_trade(handle, trade.get()));
    } else if (what % 8 == 3) {
      status = book(handle, what / 8 % 16);
    } else if (what % 8 == 7) {
      status = checked(rck_market_volume(handle, in.byte() % 6, amount(100)));
    } else {
      if (quote.get()) {
        *quote.get() = rck_quote{};
        quote.get()->instrument = 1 + in.byte() % 4;
        quote.get()->bid = amount(95);
        quote.get()->ask = quote.get()->bid + in.byte() % 4;
        quote.get()->bid_size = quote.get()->ask_size = amount(1);
        quote.get()->time_ns = any_time();
        spoil(quote.get());
      }
      status = checked(rck_market_quote(handle, quote.get()));
    }
    NEED(at < ports.size() || status < 0);
  }

  void back_office() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint8_t what = in.byte();
    Exact<rck_position> position(in.size_for<rck_position>());
    Exact<rck_cash> cash(in.size_for<rck_cash>());
    rck_status status;
    if (what % 2) {
      if (position.bytes() >= sizeof(rck_position)) {
        *position.get() = sized<rck_position>();
        (what & 2 ? position.get()->account : position.get()->strategy) = 1 + what / 4 % 3;
        position.get()->instrument = 1 + what / 16 % 3;
        position.get()->quantity = amount(0) * (what & 128 ? -1 : 1);
        position.get()->price = amount(95);
        position.get()->actor = 1;
        memcpy(position.get()->reason, "fuzz", 5);
        spoil(position.get(), 4);
      }
      status = with_fault([&](rck_fault *f) { return rck_position_set(handle, position.get(), f); });
    } else {
      if (cash.bytes() >= sizeof(rck_cash)) {
        *cash.get() = sized<rck_cash>();
        cash.get()->account = 1 + what / 4 % 3;
        cash.get()->cash = amount(1000);
        cash.get()->credit = amount(0);
        cash.get()->actor = 1;
        memcpy(cash.get()->reason, "fuzz", 5);
        spoil(cash.get(), 4);
      }
      status = with_fault([&](rck_fault *f) { return rck_cash_set(handle, cash.get(), f); });
    }
    NEED(at < ports.size() || status < 0);
  }

  void day() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint8_t choice = in.byte();
    const uint32_t date = choice < 200 ? 20240101 + choice % 40 : static_cast<uint32_t>(in.number());
    Exact<uint32_t> released(choice % 8 ? 4 : 0);
    const std::vector<uint8_t> before = released.copy();
    const rck_status status = with_fault([&](rck_fault *f) { return rck_day_start(handle, date, released.get(), f); });
    NEED(at < ports.size() || status < 0);
    if (status < 0)
      NEED(released.copy() == before);
  }

  // Text and catalogue, for whatever a host may hold in its hands.
  void described() {
    rck_verdict verdict{};
    for (int words = in.byte() % 16; words; words--) {
      const size_t at = in.byte() % (sizeof verdict / 4) * 4;
      const uint64_t value = in.number();
      memcpy(reinterpret_cast<uint8_t *>(&verdict) + at, &value, 4);
    }
    const uint32_t capacity = in.byte();
    Exact<char> text(capacity);
    const std::vector<uint8_t> before = text.copy();
    const rck_status told = checked(rck_explain(in.byte() % 16 ? &verdict : nullptr, text.get(), capacity));
    NEED(told < 0 ? text.copy() == before : memchr(text.get(), 0, capacity) != nullptr);
    Exact<rck_control_info> info(in.size_for<rck_control_info>());
    const std::vector<uint8_t> blank = info.copy();
    const uint32_t control = in.byte() % 32;
    if (checked(rck_control_describe(control, info.get())) < 0)
      NEED(info.copy() == blank);
    else
      NEED(info.get()->control == control && memchr(info.get()->name, 0, RCK_NAME_BYTES));
    size_t at;
    rck_port *handle = any_port(at);
    const rck_status warm = checked(rck_warm(handle));
    NEED(at < ports.size() || warm < 0);
  }
};

#endif
