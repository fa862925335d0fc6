// Stops calls of a desk that tells everything at every instruction, and opens copies of what its region and its journal
// are at that moment, as a kill there would leave them.
//
//   told_step <folder> <stride> <reopened> <seed> [drop|early|twice [call]]
//
// Each copy opens, its rings are taken to its journal, and then each record of before the call is there once, and of the
// call's the first few, all of them if it has returned. What is told has been done: the region is then that of after the
// call. Violations are those of before or of after. The desk goes on, and what it tells next follows. Where a file of the
// journal has grown, copies in which only a part of that was written are looked at as well. Of `reopened` calls in a
// hundred the opening of a copy's journal and its pump are stopped in their turn. One of `stride` states of the region
// is looked at, all of the journal's, and the last. Planted faults: "drop", the last record of each copy counts as not
// read; "twice", it is read once more; "early", the call counts as answered when it begins. `call`: only calls with that
// in their name.
#include "evidence_journal.hpp"
#include "told_trades.hpp"
#include "tracing.hpp"

namespace {

using Violations = std::vector<rck_violation>;

// Those that are open or were, by their ids.
Violations violations_of(const rck_engine *engine) {
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

void look(const rck_engine *engine, Picture &picture, rck_violation *violations) {
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
  Judge(const Options &asked, const Said &seen, const ToldTrade &call) : options(asked), said(seen), trade(call) {}

  // `before`: what was told before the call, `whole`: by its end.
  std::string look_at(const std::string &region, const std::string &journal, const Told &before, const Told &whole,
                      bool is_answered) {
    std::string wrong = visited(region, journal);
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
    wrong += taken(at, told);
    if (wrong.empty()) {
      wrong += compared(told, before, whole, is_answered);
      wrong += sided(got, told.size() > before.size(), is_answered);
      wrong += of_violations(broken, is_answered);
    }
    if (wrong.empty())
      wrong = goes_on(at, told.size());
    if (at.reader)
      PASSES(rck_port_close(at.reader));
    PASSES(rck_engine_close(at.engine));
    return wrong;
  }

  // What a journal has after all rings were taken to it.
  static std::string taken(Teller &at, Told &told) {
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
    return read(at.journal, told);
  }

private:
  const Options &options;
  const Said &said;
  const ToldTrade &trade;
  uint64_t visits = 0;

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

  // Each violation of before the call is as it was, or as it is behind the call, or on its way there; no other is there.
  std::string of_violations(const Violations &found, bool is_answered) const {
    std::string wrong;
    size_t known = 0;
    for (size_t at = 0; at < violations_most; at++) {
      const rck_violation &before = said.violations_before[at], &after = said.violations_after[at];
      const uint64_t id = after.violation_id;
      if (id == 0)
        continue;
      const auto listed =
          std::find_if(found.begin(), found.end(), [&](const rck_violation &one) { return one.violation_id == id; });
      const bool is_new = before.violation_id == 0;
      if (listed == found.end()) {
        if (!is_new || is_answered)
          wrong += text("violation %llx is not there; ", static_cast<unsigned long long>(id));
        continue;
      }
      known++;
      const bool is_as_before = !is_new && is_same(*listed, before);
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

struct Counts {
  uint64_t steps = 0, changes = 0, looked = 0, torn = 0, failed = 0;
};

class Bench {
public:
  Bench(const Options &asked, Said &seen) : options(asked), said(seen), seed(asked.seed) {}
  Counts counts;

  void run(const ToldTrade &trade, uint32_t discipline) {
    std::filesystem::remove(options.region());
    Traced traced(options.region(), options.stride, drawn(&seed), options.journal());
    std::filesystem::remove_all(options.journal());
    std::filesystem::create_directory(options.journal());
    traced.follow(said.phase, [&] {
      Teller at;
      at.make_told(options.region(), options.journal(), discipline);
      PASSES(trade.prepare(at));
      look(at.engine, said.before, said.violations_before);
      said.phase = 1;
      raise(SIGSTOP);
      said.status = trade.call(at);
      said.phase = 2;
      look(at.engine, said.after, said.violations_after);
    });
    note(traced);
    if (said.status != trade.answer)
      fail(trade, discipline, "the call", 0, 0, std::string("gives ") + rck_status_name(said.status));
    const Told before = complete(traced.states.front(), traced.journals.front());
    const Told whole = complete(traced.states.back(), traced.journals.back());
    if (whole.size() - before.size() != trade.records)
      fail(trade, discipline, "the call", 0, 0, text("tells %zu records", whole.size() - before.size()));
    judge(trade, discipline, "a stop", traced, before, whole, true);
    if (drawn(&seed) % 100 < options.reopened)
      recover(trade, discipline, traced, before, whole);
  }

private:
  const Options &options;
  Said &said;
  uint64_t seed;

  std::string copy_of_region() const { return options.folder + "/copy"; }
  std::string copy_of_journal() const { return options.folder + "/copied"; }

  void note(const Traced &traced) {
    counts.steps += traced.steps;
    counts.changes += traced.changes;
  }

  void copy(const Bytes &region, const Files &journal) const {
    write_file(copy_of_region(), region);
    write_files(copy_of_journal(), journal);
  }

  // What is told in the end, of what was left then.
  Told complete(const Bytes &region, const Files &journal) const {
    copy(region, journal);
    Teller at;
    at.journal = copy_of_journal();
    PASSES(rck_engine_open(nullptr, copy_of_region().c_str(), &at.engine, nullptr));
    Told told;
    const std::string wrong = Judge::taken(at, told);
    if (!wrong.empty())
      printf("does not hold: %s\n", wrong.c_str());
    NEED(wrong.empty());
    PASSES(rck_port_close(at.reader));
    PASSES(rck_engine_close(at.engine));
    return told;
  }

  // The journal of a state as it is if only a part of what was written last was: some part of what a file has grown by.
  // Nothing, if none has.
  Files torn(const Files &files, const Files &before) {
    Files cut = files;
    for (auto &[name, bytes] : cut) {
      const auto old = before.find(name);
      if (old == before.end() || bytes.size() <= old->second.size())
        continue;
      bytes.resize(old->second.size() + drawn(&seed) % (bytes.size() - old->second.size()));
      return cut;
    }
    return {};
  }

  void judge(const ToldTrade &trade, uint32_t discipline, const char *where, const Traced &traced, const Told &before,
             const Told &whole, bool answers) {
    Judge judge(options, said, trade);
    uint64_t wrongs = 0;
    for (size_t at = 0; at < traced.states.size() && wrongs < 3; at++) {
      const bool is_last = at + 1 == traced.states.size();
      for (const bool is_torn : {false, true}) {
        Files files = traced.journals[at];
        if (is_torn) {
          // The region is that of before the write.
          files = at ? torn(files, traced.journals[at - 1]) : Files();
          if (files.empty())
            continue;
          counts.torn++;
        }
        copy(traced.states[is_torn ? at - 1 : at], files);
        const bool is_answered = answers && !is_torn && (is_last || options.planted == "early");
        const std::string wrong = judge.look_at(copy_of_region(), copy_of_journal(), before, whole, is_answered);
        counts.looked++;
        if (!wrong.empty() && wrongs++ < 3)
          fail(trade, discipline, where, at, traced.states.size(), (is_torn ? "torn: " : "") + wrong);
      }
    }
  }

  // The opening of a journal that was left at one of these moments, torn if it can be, is stopped in its turn.
  void recover(const ToldTrade &trade, uint32_t discipline, const Traced &left, const Told &before, const Told &whole) {
    size_t at = drawn(&seed) % left.states.size();
    Files files = at ? torn(left.journals[at], left.journals[at - 1]) : Files();
    if (files.empty())
      files = left.journals[at];
    else
      at--;
    write_file(options.region(), left.states[at]);
    write_files(options.journal(), files);
    Traced traced(options.region(), options.stride, drawn(&seed), options.journal());
    traced.follow(said.phase, [&] {
      Teller again;
      again.journal = options.journal();
      PASSES(rck_engine_open(nullptr, options.region().c_str(), &again.engine, nullptr));
      again.open_reader();
      said.phase = 1;
      raise(SIGSTOP);
      PASSES(again.begin_journal());
      PASSES(again.pump());
      said.phase = 2;
    });
    note(traced);
    judge(trade, discipline, "a stop while its journal is opened", traced, before, whole, false);
  }

  void fail(const ToldTrade &trade, uint32_t discipline, const char *where, size_t at, size_t of,
            const std::string &wrong) {
    counts.failed++;
    printf("does not hold: %s, %s, %s %zu of %zu: %s\n", trade.name,
           discipline == RCK_ONE_WRITER ? "one writer" : "many writers", where, at, of, wrong.c_str());
    fflush(stdout);
  }
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 5);
  std::filesystem::create_directories(words[1]);
  const std::string planted = count > 5 ? words[5] : "", only = count > 6 ? words[6] : "";
  const Options options = {words[1], strtoull(words[2], nullptr, 10), strtoull(words[3], nullptr, 10),
                           strtoull(words[4], nullptr, 10), planted};
  void *shared = mmap(nullptr, sizeof(Said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  Bench bench(options, *static_cast<Said *>(shared));
  std::vector<ToldTrade> all = order_tellings();
  const std::vector<ToldTrade> more = journal_tellings();
  all.insert(all.end(), more.begin(), more.end());
  const bool is_planted = !planted.empty() && planted != "none";
  uint64_t calls = 0, turn = options.seed;
  for (const ToldTrade &trade : all) {
    turn++;
    for (const uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
      // Where not every state is opened, each call runs under one discipline, another seed's other one.
      const bool is_left = options.stride > 1 && only.empty() && !is_planted && (turn + discipline) % 2;
      if (is_left || (is_planted && bench.counts.failed) || (!only.empty() && !strstr(trade.name, only.c_str())))
        continue;
      bench.run(trade, discipline);
      calls++;
    }
  }
  const Counts &counts = bench.counts;
  printf("%llu calls, %llu instructions, %llu changes, %llu states opened, %llu of them with a torn end\n",
         static_cast<unsigned long long>(calls), static_cast<unsigned long long>(counts.steps),
         static_cast<unsigned long long>(counts.changes), static_cast<unsigned long long>(counts.looked),
         static_cast<unsigned long long>(counts.torn));
  NEED(is_planted || counts.looked > calls);
  return counts.failed != 0;
}
