// The calls of a desk that tells everything, which told_step.cpp stops in the middle: commands with their records, the
// journal's own, and what begins and ends a violation.
#ifndef RCK_CRASH_TOLD_TRADES_HPP
#define RCK_CRASH_TOLD_TRADES_HPP

#include "trades.hpp"
#include <filesystem>

constexpr uint32_t told_flags =
    RCK_SHARED | RCK_TELL_COMMANDS | RCK_TELL_MARKET | RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS | RCK_TIME_SAMPLED;

// A desk with a port that trades and one that takes its records to a journal.
struct Teller : Trader {
  rck_port *reader = nullptr;
  std::string journal;
  rck_pump_info info = desk::sized<rck_pump_info>();
  int64_t clock = now_ns;
  uint64_t kept = 0; // finished segments of the journal, 0: all

  void make_told(const std::string &region, const std::string &directory, uint32_t discipline) {
    flags = told_flags;
    strategy = 0;
    journal = directory;
    std::filesystem::remove_all(journal);
    std::filesystem::create_directory(journal);
    make(region, discipline);
    open_reader();
    PASSES(begin_journal());
    PASSES(pump());
  }
  void open_reader() { PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr)); }

  rck_status begin_journal(uint32_t sync = RCK_SYNC_NONE) {
    auto config = desk::sized<rck_journal_config>();
    config.sync = sync;
    config.segment_bytes = 65536;
    config.segments_max = kept;
    return rck_journal_open(reader, journal.c_str(), &config, nullptr);
  }
  rck_status pump() { return rck_journal_pump(reader, &info, nullptr); }
  rck_status end_journal() { return rck_journal_close(reader, nullptr); }

  // So many records of one line.
  rck_status beats(uint32_t count) {
    for (uint32_t beat = 0; beat < count; beat++)
      PASSES(rck_beat(port, ++clock));
    return RCK_OK;
  }
  // Until the next pump must finish the segment.
  rck_status fill_segment() {
    while (info.segment_bytes < 65536) {
      PASSES(beats(40));
      PASSES(pump());
    }
    return beats(10);
  }

  rck_status refused(uint64_t id) { return check(id, RCK_SIDE_BUY, 2000); }
  rck_violation newest() {
    auto filter = desk::sized<rck_violation_filter>();
    rck_violation found[4] = {};
    uint64_t cursor = 0;
    uint32_t count = 0;
    PASSES(rck_violations_read(engine, &filter, found, 4, &cursor, &count));
    NEED(count != 0);
    return found[0];
  }
  rck_status attend(uint32_t state) {
    auto change = desk::sized<rck_violation_change>();
    change.violation_id = newest().violation_id;
    change.state = state;
    change.actor = 1;
    strcpy(change.reason, "crash");
    return rck_violation_set(engine, &change, nullptr, nullptr);
  }
  // Clears all violations that are quiet by then, and forgets those that had ended.
  rck_status sweep() {
    auto change = desk::sized<rck_violation_change>();
    change.state = RCK_VIOLATION_CLEARED;
    change.before_ns = RCK_TIME_NS_MAX;
    change.actor = 1;
    strcpy(change.reason, "crash");
    return rck_violation_set(engine, &change, nullptr, nullptr);
  }
};

using Telling = std::function<rck_status(Teller &)>;

struct ToldTrade {
  const char *name;
  Telling prepare, call;
  rck_status answer;
  uint32_t records;       // that it tells: commands, violations, latches
  bool in_pieces = false; // made of several commits
  uint64_t kept = 0;      // finished segments that it leaves, 0: all
};

// Some orders, whose records are in the journal, and one whose record is still in the ring.
inline rck_status told_orders(Teller &at) {
  some_orders(at);
  PASSES(at.pump());
  return at.check(4, RCK_SIDE_SELL, 3);
}

inline std::vector<ToldTrade> order_tellings() {
  const auto with = [](auto call) { return Telling(call); };
  const auto broken = with([](Teller &at) {
    told_orders(at);
    return at.refused(5), RCK_OK;
  });
  const auto full = with([](Teller &at) {
    told_orders(at);
    PASSES(at.pump());
    return at.beats(64);
  });
  return {
      {"a check that is told", told_orders, with([](Teller &at) { return at.check(7, RCK_SIDE_BUY, 6); }), RCK_OK, 1},
      {"a drop copy that is told", told_orders, with([](Teller &at) { return at.copy(7, RCK_SIDE_BUY, 6); }), RCK_OK,
       1},
      {"a fill that is told", told_orders, with([](Teller &at) { return at.fill(1, 2, 6, 103); }), RCK_OK, 1},
      {"an amend that is told", told_orders, with([](Teller &at) { return at.amend(1, 11, 20); }), RCK_OK, 1},
      {"a release that is told", told_orders, with([](Teller &at) { return at.release(1); }), RCK_OK, 1},
      {"legs that are told", told_orders, with([](Teller &at) { return at.legs(6); }), RCK_OK, 4},
      {"a check whose record finds no room", full, with([](Teller &at) { return at.check(7, RCK_SIDE_BUY, 6); }),
       RCK_OK, 0},
      {"a check behind some whose records found no room", with([=](Teller &at) {
         full(at);
         PASSES(at.check(5, RCK_SIDE_BUY, 1));
         PASSES(at.check(6, RCK_SIDE_BUY, 1));
         return at.pump();
       }),
       with([](Teller &at) { return at.check(7, RCK_SIDE_BUY, 6); }), RCK_OK, 1},
      {"a latch that is told", told_orders,
       with([](Teller &at) { return at.latch(RCK_SCOPE_ACCOUNT, 2, RCK_STATE_HALTED); }), RCK_OK, 2},
      {"a refused check that begins a violation", told_orders, with([](Teller &at) { return at.refused(7); }),
       RCK_REJECT_POSITION_LONG, 2},
      {"a refused check that breaks the same limit again", broken, with([](Teller &at) { return at.refused(7); }),
       RCK_REJECT_POSITION_LONG, 1},
      {"a violation acknowledged", broken, with([](Teller &at) { return at.attend(RCK_VIOLATION_ACKNOWLEDGED); }),
       RCK_OK, 1},
      {"a violation cleared", broken, with([](Teller &at) { return at.attend(RCK_VIOLATION_CLEARED); }), RCK_OK, 1},
      {"a violation that leaves the history",
       with([=](Teller &at) { return broken(at), at.attend(RCK_VIOLATION_CLEARED); }),
       with([](Teller &at) { return at.sweep(); }), RCK_OK, 0},
      {"a violation that is swept", broken, with([](Teller &at) { return at.sweep(); }), RCK_OK, 1},
      {"a violation that begins anew where one was cleared",
       with([=](Teller &at) { return broken(at), at.attend(RCK_VIOLATION_CLEARED); }),
       with([](Teller &at) { return at.refused(7); }), RCK_REJECT_POSITION_LONG, 2},
  };
}

inline std::vector<ToldTrade> journal_tellings() {
  const auto with = [](auto call) { return Telling(call); };
  const auto pump = with([](Teller &at) { return at.pump(); });
  const auto closed = with([](Teller &at) { return told_orders(at), at.end_journal(); });
  // Two finished segments are kept, and a third is to be finished.
  const auto three = with([](Teller &at) {
    told_orders(at);
    at.kept = 2;
    for (uint32_t segment = 1; segment <= 2; segment++) {
      PASSES(at.end_journal());
      PASSES(at.begin_journal());
      PASSES(at.beats(3));
      PASSES(at.pump());
    }
    return RCK_OK;
  });
  const auto full = with([=](Teller &at) { return three(at), at.fill_segment(); });
  return {
      {"a pump", told_orders, pump, RCK_OK, 0},
      {"a pump of a ring that has come round", with([](Teller &at) {
         told_orders(at);
         PASSES(at.beats(20));
         PASSES(at.pump());
         return at.beats(60);
       }),
       pump, RCK_OK, 0},
      {"a pump that finishes a segment and begins the next",
       with([](Teller &at) { return told_orders(at), at.fill_segment(); }), pump, RCK_OK, 0},
      {"a pump that the disk must have", with([](Teller &at) {
         told_orders(at);
         PASSES(at.end_journal());
         PASSES(at.begin_journal(RCK_SYNC_BATCH));
         return at.fill_segment();
       }),
       pump, RCK_OK, 0},
      {"a pump that finishes a segment and removes the oldest", full, pump, RCK_OK, 0, false, 2},
      {"a journal closed, whose oldest segment is removed", three, with([](Teller &at) { return at.end_journal(); }),
       RCK_OK, 0, false, 2},
      {"a journal closed", told_orders, with([](Teller &at) { return at.end_journal(); }), RCK_OK, 0},
      {"a journal gone on with", closed, with([](Teller &at) { return at.begin_journal(); }), RCK_OK, 0},
  };
}

#endif
