// The desk of the evidence: a region with everything told and kept, limits that are often reached, and its journal.
#ifndef RCK_CRASH_EVIDENCE_WORLD_HPP
#define RCK_CRASH_EVIDENCE_WORLD_HPP

#include "../stress/desk.hpp"
#include <filesystem>

// Of the strategies only the first is tracked: what is sent without one, or for the other, may go the shortest way.
constexpr uint32_t accounts = 3, strategies = 2, tracked = 1, instruments = 2;
constexpr uint32_t known_flags = RCK_TELL_COMMANDS | RCK_TELL_MARKET | RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS;
constexpr int64_t price_middle = 100;
// Rings are used up to a half, so that none ever loses a record while its pump is dead.
constexpr uint64_t ring_lines = 16384;

struct Place {
  std::string region, journal;

  explicit Place(const std::string &folder) : region(folder + "/region"), journal(folder + "/journal") {}
  void clear() const {
    std::filesystem::remove(region);
    std::filesystem::remove_all(journal);
    std::filesystem::create_directory(journal);
  }
};

// With `outside` another process takes the events out.
inline uint32_t flags_of(bool outside) {
  return known_flags | (outside ? RCK_SHARED | RCK_CONSUMER_OUTSIDE : RCK_SHARED);
}

inline rck_config config_of(uint32_t discipline, bool outside) {
  rck_config config;
  small_config(&config);
  config.flags = flags_of(outside);
  config.discipline = discipline;
  config.clock_source = RCK_CLOCK_HOST;
  config.clock_back_ns_max = 100;
  config.money_decimals = 0;
  config.ports_max = 2;
  config.ring_lines = ring_lines;
  config.orders_max = 64;
  config.retired_ids_max = 4096; // more than one life ends: a late fill finds its order
  config.executions_max = 256;
  config.limits_max = 32;
  config.windows_max = 128;
  config.rate_exact_max = 16;
  config.violations_max = 32;
  config.history_max = 4096; // more than are cleared while a region is used
  return config;
}

inline rck_journal_config journal_config_of() {
  auto config = desk::sized<rck_journal_config>();
  config.sync = RCK_SYNC_NONE;
  config.segment_bytes = 65536; // the smallest: a new one every few hundred calls
  return config;
}

inline rck_limit quantity_limit(int64_t most) {
  return desk::limit(RCK_CONTROL_ORDER_QUANTITY, 0, RCK_SCOPE_INSTRUMENT, 2, most);
}
constexpr int64_t quantity_first = 500;

inline void set_limits(rck_engine *engine) {
  rck_limit position = desk::limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 60);
  position.instrument = 1;
  desk::set(engine, position);
  rck_limit gross = desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 2, 9000);
  gross.levels |= RCK_LEVEL_WARN;
  gross.warn = 5000;
  desk::set(engine, gross);
  desk::set(engine, desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 1, 20000));
  desk::set(engine, desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_ACCOUNT, 1, 5));
  rck_limit rate = desk::limit(RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_ACCOUNT, 2, 4);
  rate.window_ns = 12;
  desk::set(engine, rate);
  desk::set(engine, quantity_limit(quantity_first));
  desk::publish(engine);
}

inline void make(const Place &place, uint32_t discipline, bool outside) {
  place.clear();
  rck_engine *engine = nullptr;
  const rck_config config = config_of(discipline, outside);
  PASSES(rck_engine_open(&config, place.region.c_str(), &engine, nullptr));
  desk::define(engine, accounts, strategies, instruments);
  set_limits(engine);
  PASSES(rck_engine_close(engine));
}

#endif
