// Holds a region and its journal, left in the middle of a call that is told, against what was before and behind it.
#ifndef RCK_CRASH_TOLD_JUDGE_HPP
#define RCK_CRASH_TOLD_JUDGE_HPP

#include "evidence_journal.hpp"
#include "told_trades.hpp"
#include "tracing.hpp"

using Violations = std::vector<rck_violation>;

// Those that are open or were, by their ids.
inline Violations violations_of(const rck_engine *engine) {
  auto filter = desk::sized<rck_violation_filter>();
  Violations all(16);
  uint64_t cursor = 0;
  uint32_t count = 0;
  PASSES(rck_violations_read(engine, &filter, all.data(), 16, &cursor, &count));
  NEED(count < 16);
  all.resize(count);
  std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.violation_id < b.violation_id; });
  return all;
}

constexpr size_t violations_most = 4;

// What the child says outside the region.
struct Said {
  volatile int phase; // 1: in the call; 2: it has returned
  rck_status status;
  Picture before, after;
  rck_violation violations_before[violations_most], violations_after[violations_most];
};

inline void look(const rck_engine *engine, Picture &picture, rck_violation *violations) {
  look(engine, picture);
  const Violations all = violations_of(engine);
  NEED(all.size() <= violations_most);
  memset(static_cast<void *>(violations), 0, violations_most * sizeof *violations);
  std::copy(all.begin(), all.end(), violations);
}

// What a journal says was done, a text each: in the engine's ring, and in the port's.
struct Told {
  std::vector<std::string> rings[2];
  size_t size() const { return rings[0].size() + rings[1].size(); }
};

struct Options {
  std::string folder;
  uint64_t stride, reopened, seed;
  std::string planted;
  std::string region() const { return folder + "/region"; }
  std::string journal() const { return folder + "/journal"; }
};

// Holds a region and its journal against what was before the call and behind it.
class Judge {
public:
  // `first`: the journal's files before the call.
  Judge(const Options &asked, const Said &seen, const ToldTrade &call, const Files &first)
      : options(asked), said(seen), trade(call), files_before(first) {}

  // `before`: what was told before the call, `whole`: by its end.
  std::string look_at(const std::string &region, const std::string &journal, const Told &before, const Told &whole,
                      bool is_answered) {
    std::string wrong = retained(journal) + visited(region, journal);
    if (!wrong.empty())
      return wrong;
    Teller at;
    at.journal = journal;
    rck_fault fault{};
    const rck_status opened = rck_engine_open(nullptr, region.c_str(), &at.engine, &fault);
    if (opened != RCK_OK)
      return std::string("it opens with ") + rck_status_name(opened) + " " + fault.record + "." + fault.field;
    wrong += desk::Audit(at.engine, accounts, strategies, instruments).wrong;
    Picture got;
    look(at.engine, got);
    const Violations broken = violations_of(at.engine);
    Told told;
    bring_back(journal);
    wrong += taken(at, told);
    if (wrong.empty()) {
      wrong += compared(told, before, whole, is_answered);
      wrong += sided(got, told.size() > before.size(), is_answered);
      wrong += of_violations(broken, is_answered);
    }
    if (wrong.empty())
      wrong = goes_on(at, told.size());
    if (wrong.empty() && trade.kept)
      wrong = retains(at);
    if (at.reader)
      PASSES(rck_port_close(at.reader));
    PASSES(rck_engine_close(at.engine));
    return wrong;
  }

  // What a journal has after all rings were taken to it.
  static std::string taken(Teller &at, Told &told) {
    const std::string wrong = emptied(at);
    return wrong.empty() ? read(at.journal, told) : wrong;
  }

  // Takes all rings to the journal, and finishes its segment.
  static std::string emptied(Teller &at) {
    at.open_reader();
    const rck_status begun = at.begin_journal();
    if (begun != RCK_OK)
      return std::string("its journal opens with ") + rck_status_name(begun) + "; ";
    do {
      const rck_status status = at.pump();
      if (status != RCK_OK)
        return std::string("its pump gives ") + rck_status_name(status) + "; ";
    } while (at.info.waiting);
    const rck_status ended = at.end_journal();
    if (ended != RCK_OK)
      return std::string("its journal closes with ") + rck_status_name(ended) + "; ";
    return "";
  }

  // Segments that were removed come back, so that all that was told is read: what was finished before the call and is
  // not there now. Whatever was removed and should not have been is missed all the same.
  void bring_back(const std::string &journal) const {
    for (const auto &[name, bytes] : files_before)
      if (trade.kept && name.ends_with(".journal") && !std::filesystem::exists(journal + "/" + name))
        write_file(journal + "/" + name, bytes);
  }

private:
  const Options &options;
  const Said &said;
  const ToldTrade &trade;
  const Files &files_before;
  uint64_t visits = 0;

  static uint64_t finished_in(const std::string &directory) {
    uint64_t finished = 0;
    for (const auto &entry : std::filesystem::directory_iterator(directory))
      finished += entry.path().extension() == ".journal";
    return finished;
  }

  // No segment goes that is to be kept.
  std::string retained(const std::string &journal) const {
    const uint64_t finished = finished_in(journal) - (options.planted == "removed" ? 2 : 0);
    if (trade.kept == 0 || (finished >= trade.kept && finished <= trade.kept + 1))
      return "";
    return text("%llu finished segments are there; ", static_cast<unsigned long long>(finished));
  }

  // Who finishes the next segment leaves as many as are kept, and what is left reads on.
  std::string retains(Teller &at) const {
    PASSES(rck_port_close(at.reader));
    at.reader = nullptr;
    at.kept = trade.kept;
    PASSES(rck_port_open(at.engine, 1, RCK_PORT_WRITER, &at.port, nullptr));
    PASSES(rck_port_close(at.port));
    std::string wrong = emptied(at);
    auto info = desk::sized<rck_verify_info>();
    const rck_status status = rck_verify(at.journal.c_str(), &info, nullptr);
    const uint64_t finished = finished_in(at.journal);
    if (status != RCK_OK || info.lost != 0)
      wrong += text("what is left verifies with %s; ", rck_status_name(status));
    if (finished != at.kept)
      wrong += text("%llu finished segments are left; ", static_cast<unsigned long long>(finished));
    return wrong;
  }

  // Every other time two processes take the rings to the journal before the region is opened, one after the other; each
  // leaves the journal as a kill would.
  std::string visited(const std::string &region, const std::string &journal) {
    if (visits++ % 2 == 0)
      return "";
    Teller at;
    at.journal = journal;
    std::string wrong;
    PASSES(rck_engine_attach(region.c_str(), RCK_ATTACH_CONSUMER, &at.engine, nullptr));
    for (uint32_t visitor = 1; visitor <= 2 && wrong.empty(); visitor++) {
      at.open_reader();
      const rck_status begun = at.begin_journal();
      const rck_status taken = begun == RCK_OK ? at.pump() : begun;
      if (taken != RCK_OK)
        wrong = text("visitor %u of the left region gets %s; ", visitor, rck_status_name(taken));
      PASSES(rck_port_close(at.reader));
    }
    PASSES(rck_engine_close(at.engine));
    return wrong;
  }

  // Commands and violations; what opening tells is of no call.
  static std::string read(const std::string &directory, Told &told) {
    Journal journal(directory);
    journal.judge_sequences();
    for (uint32_t port = 0; port < 2; port++)
      for (const Record &record : journal.ports[port]) {
        const rck_event &event = record.event;
        const bool is_one = record.is_command() || event.kind == RCK_EVENT_VIOLATION ||
                            event.kind == RCK_EVENT_VIOLATION_CHANGED || event.kind == RCK_EVENT_LATCHED;
        if (is_one)
          told.rings[port].push_back(
              text("kind %u of %llx in port %u, %lld %lld", event.kind, static_cast<unsigned long long>(event.subject),
                   port, static_cast<long long>(event.values[0]), static_cast<long long>(event.values[1])));
      }
    return journal.wrong;
  }

  // All of before is there, and of the call's records the first few, or all.
  std::string compared(Told told, const Told &before, const Told &whole, bool is_answered) const {
    std::string wrong;
    for (uint32_t ring = 0; ring < 2; ring++) {
      std::vector<std::string> &got = told.rings[ring];
      const std::vector<std::string> &all = whole.rings[ring];
      if (options.planted == "drop" && ring == 1)
        got.pop_back();
      if (options.planted == "twice" && ring == 1)
        got.push_back(got.back());
      const size_t least = is_answered ? all.size() : before.rings[ring].size();
      if (got.size() < least)
        wrong += text("ring %u has told %zu records of %zu; ", ring, got.size(), least);
      if (got.size() > all.size() || !std::equal(got.begin(), got.end(), all.begin()))
        wrong += text("ring %u has told what was not done, or in another order; ", ring);
    }
    return wrong;
  }

  std::string sided(const Picture &got, bool is_told, bool is_answered) const {
    const Comparison seen(got, said.before, said.after, trade.in_pieces);
    if (!seen.wrong.empty())
      return seen.wrong;
    if ((is_told || is_answered) && !(seen.side & after_side))
      return "what was told was not done; ";
    return "";
  }

  static bool is_same(const rck_violation &left, const rck_violation &right) {
    return memcmp(&left, &right, sizeof left) == 0;
  }

  // One that the call was about: what it is about is of one order, and it counts no more than it did in the end.
  static bool is_begun(const rck_violation &found, const rck_violation &after) {
    rck_violation whole = after;
    whole.state = found.state;
    whole.count = found.count;
    whole.worst = found.worst;
    whole.worst_bps = found.worst_bps;
    whole.last_ns = found.last_ns;
    return is_same(found, whole) && found.state <= after.state && found.count <= after.count;
  }

  // One that is in the history, as it is told there.
  static bool is_ended(const rck_violation &found, const rck_violation &before) {
    rck_violation ended = before;
    ended.state = RCK_VIOLATION_CLEARED;
    ended.limit = 0;
    ended.actor = 0;
    ended.order_id = 0;
    return is_same(found, ended);
  }

  // Each violation of before the call is as it was, as it is behind the call, or on its way there; no other is there.
  std::string of_violations(const Violations &found, bool is_answered) const {
    std::string wrong;
    size_t known = 0;
    for (size_t at = 0; at < violations_most; at++) {
      const rck_violation &before = said.violations_before[at], &after = said.violations_after[at];
      const bool is_gone = after.violation_id == 0; // swept out of the history
      const uint64_t id = is_gone ? before.violation_id : after.violation_id;
      if (id == 0)
        continue;
      const auto listed =
          std::find_if(found.begin(), found.end(), [&](const rck_violation &one) { return one.violation_id == id; });
      const bool is_new = before.violation_id == 0;
      if (listed == found.end()) {
        if (!is_gone && (!is_new || is_answered))
          wrong += text("violation %llx is not there; ", static_cast<unsigned long long>(id));
        continue;
      }
      known++;
      const bool is_as_before = !is_new && (is_same(*listed, before) || (is_gone && is_ended(*listed, before)));
      if (!is_same(*listed, after) && (is_answered || (!is_as_before && !is_begun(*listed, after))))
        wrong +=
            text("violation %llx, state %u, is of control %u, limit %u, order %llu, and counts %llu; ",
                 static_cast<unsigned long long>(id), listed->state, listed->control, listed->limit_id,
                 static_cast<unsigned long long>(listed->order_id), static_cast<unsigned long long>(listed->count));
    }
    if (known != found.size())
      wrong += "a violation is there that nobody has begun; ";
    return wrong;
  }

  // What is told next follows what was told.
  static std::string goes_on(Teller &at, size_t before) {
    PASSES(rck_port_open(at.engine, 1, RCK_PORT_WRITER, &at.port, nullptr));
    at.clock = RCK_TIME_NS_MAX - 1;
    PASSES(at.beats(1));
    PASSES(rck_port_close(at.port));
    PASSES(rck_port_close(at.reader));
    at.reader = nullptr;
    Told told;
    const std::string wrong = taken(at, told);
    if (!wrong.empty() || told.size() == before + 1)
      return wrong;
    return text("%zu records follow one more beat; ", told.size() - before);
  }
};

#endif
