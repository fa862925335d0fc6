// Stops calls of a desk that tells everything at every instruction, and opens copies of what its region and its journal
// are at that moment, as a kill there would leave them.
//
//   told_step <folder> <stride> <reopened> <seed> [drop|early|twice|removed [call]]
//
// Each copy opens, its rings are taken to its journal, and then each record of before the call is there once, and of
// the call's the first few, all of them if it has returned. What is told has been done: the region is then that of
// after the call. Violations are those of before or of after, or on their way. The desk goes on, and what it tells next
// follows. Every other copy is visited first by two processes that take its rings to the journal, and leave it as a
// kill would. Segments that retention has removed come back before the copy is read; at the end who finishes the next
// segment leaves as many as are kept. Where a file of the journal has grown, copies in which only a part of that was
// written are looked at as well. Of `reopened` calls in a hundred the opening of a copy's journal and its pump are
// stopped in their turn. One of `stride` states of the region is looked at, all of the journal's, and the last. Planted
// faults: "drop", the last record of each copy counts as not read; "twice", it is read once more; "early", the call
// counts as answered when it begins; "removed", two segments more count as gone. `call`: only calls with that in their
// name.
#include "told_judge.hpp"

namespace {

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
    first_files = traced.journals.front();
    const Told before = complete(trade, traced.states.front(), traced.journals.front());
    const Told whole = complete(trade, traced.states.back(), traced.journals.back());
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
  Files first_files; // of the journal, before the call

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
  Told complete(const ToldTrade &trade, const Bytes &region, const Files &journal) const {
    copy(region, journal);
    Judge(options, said, trade, first_files).bring_back(copy_of_journal());
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
    Judge judge(options, said, trade, first_files);
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
      again.kept = trade.kept;
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
      const bool is_left = (options.stride > 1 && only.empty() && !is_planted && (turn + discipline) % 2) ||
                           (planted == "removed" && trade.kept == 0);
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
