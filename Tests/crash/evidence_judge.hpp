// What must be found after a kill: in the region all that a call has said, in the journal one record of each call that
// had returned, in the order of its port, and at most one more a port, of the call that was in flight.
#ifndef RCK_CRASH_EVIDENCE_JUDGE_HPP
#define RCK_CRASH_EVIDENCE_JUDGE_HPP

#include "evidence_host.hpp"
#include "evidence_journal.hpp"
#include <algorithm>
#include <map>

// The states of scopes that are latched now and then.
struct Latches {
  int64_t states[latched_count] = {};

  static size_t index_of(uint32_t kind, uint32_t id) {
    for (size_t at = 0; at < latched_count; at++)
      if (latched_scopes[at].kind == kind && latched_scopes[at].id == id)
        return at;
    abort();
  }
  static int64_t after(int64_t before, const Noted &noted) {
    return noted.kind == RCK_EVENT_LATCH_CLEAR ? RCK_STATE_ACTIVE : std::max(before, noted.value);
  }
  void take(const Noted &noted) {
    if (noted.scope)
      states[index_of(noted.scope, noted.scoped)] = after(states[index_of(noted.scope, noted.scoped)], noted);
  }
};

// What is known of a region from all lives before, acknowledged and found again.
struct Known {
  std::map<uint64_t, rck_order_info> orders; // by token, as they were seen last
  std::map<uint64_t, uint64_t> violations;   // how many verdicts have named it
  std::set<uint64_t> cleared;                // of these
  Latches latches;
  int64_t level = quantity_first, level_staged = quantity_first;
  size_t commands[logs_count] = {}; // records of earlier lives
  uint64_t decided[logs_count] = {}, decided_most[logs_count] = {};
};

struct Figures {
  uint64_t calls = 0, in_flight = 0, with_record = 0, without_record = 0, segments = 0, records = 0;
};

// What a checker must notice: see evidence.cpp.
using Planted = std::string;

inline rck_order_info bare(rck_order_info order) {
  order.state &= static_cast<uint8_t>(~RCK_ORDER_UNCONFIRMED);
  return order;
}
inline bool same(const rck_order_info &left, const rck_order_info &right) {
  const rck_order_info a = bare(left), b = bare(right);
  return memcmp(&a, &b, sizeof a) == 0;
}

inline const char *name_of(uint32_t kind) {
  switch (kind) {
  case RCK_EVENT_CHECK:
    return "check";
  case RCK_EVENT_AMEND:
    return "amend";
  case RCK_EVENT_COPY:
    return "copy";
  case RCK_EVENT_FILL:
    return "fill";
  case RCK_EVENT_AMEND_RESULT:
    return "answer";
  case RCK_EVENT_CANCEL:
    return "cancel";
  case RCK_EVENT_RELEASE:
    return "release";
  case RCK_EVENT_CONFIRM:
    return "confirm";
  default:
    return "call";
  }
}

// Holds the records of one port against what its calls have said.
class Matching {
public:
  Matching(const std::vector<Record> &all, const Known &known, const Log &said, uint32_t number)
      : latches(known.latches), first(known.commands[number]), log(said), port(number) {
    for (const Record &record : all)
      if (record.is_command() || record.event.kind == RCK_EVENT_VIOLATION_CHANGED)
        commands.push_back(&record);
  }
  std::string wrong;
  const Record *in_flight = nullptr; // the record of the call that had not returned
  size_t count() const { return commands.size(); }

  void match() {
    size_t at = first;
    for (uint64_t call = 0; call < log.returned; call++) {
      const Noted &noted = log.calls[call];
      if (is_silent(noted))
        continue;
      pass_repetitions(at, &noted);
      if (at == commands.size())
        return tell(call, noted, "has no record");
      const std::string fault = fault_of(noted, *commands[at], true);
      if (!fault.empty())
        return tell(call, noted, fault);
      latches.take(noted);
      at++;
    }
    pass_repetitions(at, nullptr);
    if (at == commands.size())
      return;
    const uint64_t call = log.returned;
    const size_t most = log.calls[call].kind == RCK_EVENT_LEGS ? 1 + legs_each : 1;
    if (!log.is_in_flight() || commands.size() - at > most)
      return tell(call, log.calls[call], text("%zu records are of no call", commands.size() - at));
    in_flight = commands[at];
    const std::string fault = fault_of(log.calls[call], *in_flight, false);
    if (!fault.empty())
      tell(call, log.calls[call], "in flight " + fault);
  }

private:
  std::vector<const Record *> commands;
  Latches latches;
  size_t first;
  const Log &log;
  uint32_t port;

  // What changed nothing of a latch or a violation is not told.
  static bool is_silent(const Noted &noted) {
    return (noted.scope || noted.kind == RCK_EVENT_VIOLATION_CHANGED) && noted.status != RCK_OK;
  }

  // When a kill came between a latch and its record, what is latched then is told by the next call, perhaps once more.
  void pass_repetitions(size_t &at, const Noted *next) const {
    while (at < commands.size() && commands[at]->event.kind == RCK_EVENT_LATCH_SET) {
      if (next && fault_of(*next, *commands[at], true).empty())
        return;
      const auto latch = commands[at]->body<rck_latch>(1);
      if (latches.states[Latches::index_of(latch.scope_kind, latch.id)] != latch.state)
        return;
      at++;
    }
  }

  void tell(uint64_t call, const Noted &noted, const std::string &what) {
    wrong +=
        text("port %u, call %llu of %llu, a %s (%u) of order %llx that gave %s: ", port,
             static_cast<unsigned long long>(call), static_cast<unsigned long long>(log.returned), name_of(noted.kind),
             noted.kind, static_cast<unsigned long long>(noted.order_id), rck_status_name(noted.status)) +
        what + "; ";
  }

  // Where a kind has its verdict, in lines behind the first; 0: nowhere.
  static size_t verdict_line(uint32_t kind) {
    if (kind <= RCK_EVENT_FILL || kind == RCK_EVENT_LEG)
      return 3;
    return kind <= RCK_EVENT_CONFIRM ? 1 : 0;
  }

  static std::string fault_of(const Noted &noted, const Record &record, bool has_returned) {
    const rck_event &event = record.event;
    if (event.kind != noted.kind)
      return text("its record is of kind %u", event.kind);
    if (record.is_administrative() || event.kind == RCK_EVENT_VIOLATION_CHANGED)
      return administrative_fault(noted, record, has_returned);
    if (event.kind == RCK_EVENT_LEGS)
      return event.values[0] != legs_each || (has_returned && event.values[1] != noted.value) ? "its legs are others"
                                                                                              : "";
    if (event.kind == RCK_EVENT_QUOTE)
      return has_returned && event.values[0] != noted.status ? "its record has another status" : "";
    if (event.subject != noted.order_id && (noted.other_id == 0 || event.subject != noted.other_id))
      return text("its record is of %llx", static_cast<unsigned long long>(event.subject));
    if (event.correlation_id != noted.correlation)
      return "its record is of another call";
    if (noted.time_ns && event.time_ns != noted.time_ns)
      return text("its record has time %lld, not %lld", static_cast<long long>(event.time_ns),
                  static_cast<long long>(noted.time_ns));
    if (!has_returned)
      return "";
    if (verdict_line(event.kind) == 0)
      return event.values[0] != noted.status ? "its record has another status" : "";
    const auto verdict = record.body<rck_verdict>(verdict_line(event.kind));
    if (verdict.status != noted.status)
      return std::string("its record says ") + rck_status_name(verdict.status);
    if (verdict.token != noted.token || verdict.violation_id != noted.violation)
      return "its record has another token or violation";
    return "";
  }

  static std::string administrative_fault(const Noted &noted, const Record &record, bool has_returned) {
    const rck_event &event = record.event;
    if (event.kind == RCK_EVENT_PUBLISH)
      return "";
    if (event.kind == RCK_EVENT_VIOLATION_CHANGED)
      return event.subject != noted.violation || event.values[0] != noted.value ? "its record is of another" : "";
    if (has_returned && event.values[1] != noted.status)
      return "its record has another status";
    if (event.kind == RCK_EVENT_LIMIT_SET)
      return record.body<rck_limit>(1).hard != noted.value ? "its record is of another" : "";
    const auto latch = record.body<rck_latch>(1);
    const bool is_set = event.kind == RCK_EVENT_LATCH_SET;
    const bool is_same = latch.scope_kind == noted.scope && latch.id == noted.scoped &&
                         (!is_set || latch.state == static_cast<uint32_t>(noted.value));
    return is_same ? "" : "its record is of another";
  }
};

#endif
