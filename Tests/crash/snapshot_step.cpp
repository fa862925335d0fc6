// Stops the writing and the restoring of a snapshot at every instruction, and looks at copies of what is there at that
// moment, as a kill there would leave it.
//
//   snapshot_step <folder> <stride> <seed> [early|whole|finished]
//
// A region whose snapshot is being written opens as it was, and a port of it trades on. What is written by then is no
// snapshot, or the whole one: it is restored only if it is that. A region file into which one is being restored is new,
// or unfinished, which nobody opens but who makes it anew, or holds all that the snapshot held; into what is new the
// snapshot is restored once more. Where the snapshot's file has grown, copies with a part of that are looked at as
// well. One of `stride` states of a region is looked at, all of the snapshot's files, and the last. Planted faults:
// "early", the call counts as answered when it begins; "whole", a file that is not finished gets the name of one that
// is; "finished", a region that is not finished gets the mark of one that is.
#include "told_trades.hpp"
#include "tracing.hpp"

namespace {

struct Hash {
  uint64_t words[2];
  bool operator==(const Hash &other) const = default;
};

// What the child says outside the region.
struct Said {
  volatile int phase; // 1: in the call; 2: it has returned
  Picture picture;    // of the region whose snapshot it is
  Hash hash;
};

struct Options {
  std::string folder;
  uint64_t stride, seed;
  std::string planted;
  std::string region() const { return folder + "/region"; }
  std::string snapshot() const { return folder + "/snapshot"; }
  std::string copy_of_region() const { return folder + "/copy"; }
  std::string copy_of_snapshot() const { return folder + "/copied"; }
};

struct Counts {
  uint64_t steps = 0, changes = 0, looked = 0, unfinished = 0, whole = 0, failed = 0;
};

constexpr const char *finished_name = "0000000001.journal", *open_name = "0000000001.open";

rck_status write(rck_engine *engine, const std::string &directory, uint32_t content) {
  auto info = desk::sized<rck_snapshot_info>();
  return rck_snapshot_write(engine, directory.c_str(), content, &info, nullptr);
}

rck_status restore(rck_engine *engine, const std::string &directory) {
  auto info = desk::sized<rck_snapshot_info>();
  return rck_snapshot_restore(engine, directory.c_str(), 0, &info, nullptr);
}

rck_status replay(rck_engine *engine, const std::string &directory) {
  auto info = desk::sized<rck_replay_info>();
  return rck_replay(engine, directory.c_str(), nullptr, nullptr, &info, nullptr);
}

Hash hash_of(const rck_engine *engine) {
  Hash hash{};
  PASSES(rck_state_hash(const_cast<rck_engine *>(engine), hash.words));
  return hash;
}

// An engine of the desk's configuration, in memory, or in a file that is not there or was never finished.
rck_engine *made(uint32_t discipline, const std::string &path = "") {
  rck_engine *engine = nullptr;
  rck_config config;
  Trader::config_of(config, discipline);
  config.flags |= path.empty() ? told_flags & ~RCK_SHARED : told_flags;
  if (path.empty())
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
  else
    PASSES(rck_engine_open(&config, path.c_str(), &engine, nullptr));
  return engine;
}

// A desk at work, with a latch that was set last, so that the engine's ring has no record of it in the journal yet.
void work(Teller &at, const Options &options, uint32_t discipline) {
  at.make_told(options.region(), options.folder + "/journal", discipline);
  told_orders(at);
  PASSES(at.cash(5000));
  NEED(at.refused(9) == RCK_REJECT_POSITION_LONG);
  PASSES(at.latch(RCK_SCOPE_ACCOUNT, 2, RCK_STATE_HALTED));
}

// Whether a port trades on, after what was restored or left.
std::string traded_on(rck_engine *engine) {
  Trader at;
  at.engine = engine;
  PASSES(rck_port_open(engine, 1, RCK_PORT_WRITER, &at.port, nullptr));
  const rck_status status = at.check(7, RCK_SIDE_BUY, 6);
  PASSES(rck_port_close(at.port));
  return status == RCK_OK ? "" : std::string("a check behind it gets ") + rck_status_name(status) + "; ";
}

class Bench {
public:
  Bench(const Options &asked, Said &seen) : options(asked), said(seen), seed(asked.seed) {}
  Counts counts;

  void write_it(uint32_t discipline, uint32_t content) {
    std::filesystem::remove(options.region());
    std::filesystem::remove_all(options.snapshot());
    std::filesystem::create_directory(options.snapshot());
    Traced traced(options.region(), options.stride, drawn(&seed), options.snapshot());
    // What a state's writing does between its calls takes a million instructions, and changes nothing that stays.
    traced.only_calls = content == RCK_SNAPSHOT_STATE && options.stride > 1;
    traced.follow(said.phase, [&] {
      Teller at;
      work(at, options, discipline);
      look(at.engine, said.picture);
      said.hash = hash_of(at.engine);
      said.phase = 1;
      raise(SIGSTOP);
      const rck_status status = write(at.engine, options.snapshot(), content);
      said.phase = 2;
      getppid(); // a system call, so that the tracer sees it
      PASSES(status);
      PASSES(at.check(7, RCK_SIDE_BUY, 6)); // no port stays turned away
    });
    note(traced);
    uint64_t wrongs = 0;
    for (size_t at = 0; at < traced.states.size(); at++) {
      const bool is_last = at + 1 == traced.states.size();
      for (const bool is_torn : {false, true}) {
        const Files files =
            is_torn ? at ? torn(traced.journals[at], traced.journals[at - 1]) : Files() : traced.journals[at];
        if (is_torn && files.empty())
          continue;
        const bool is_answered = !is_torn && (is_last || options.planted == "early");
        std::string wrong = of_region(traced.states[at]);
        wrong += of_snapshot(files, discipline, content, is_answered);
        counts.looked++;
        if (!wrong.empty() && wrongs++ < 3)
          fail(content == RCK_SNAPSHOT_STATE ? "a state written" : "a configuration written", discipline, at,
               traced.states.size(), (is_torn ? "torn: " : "") + wrong);
      }
    }
  }

  void restore_it(uint32_t discipline) {
    keep_snapshot(discipline);
    std::filesystem::remove(options.region());
    Traced traced(options.region(), options.stride, drawn(&seed));
    if (options.stride > 1)
      traced.marks = marks(discipline);
    traced.follow(said.phase, [&] {
      rck_engine *const engine = made(discipline, options.region());
      said.phase = 1;
      raise(SIGSTOP);
      const rck_status status = restore(engine, options.snapshot());
      said.phase = 2;
      PASSES(status);
      NEED(hash_of(engine) == said.hash);
    });
    note(traced);
    uint64_t wrongs = 0;
    for (size_t at = 0; at < traced.states.size(); at++) {
      const bool is_answered = at + 1 == traced.states.size() || options.planted == "early";
      const std::string wrong = of_restored(traced.states[at], discipline, is_answered);
      counts.looked++;
      if (!wrong.empty() && wrongs++ < 3)
        fail("a state restored", discipline, at, traced.states.size(), wrong);
    }
  }

private:
  const Options &options;
  Said &said;
  uint64_t seed;

  void note(const Traced &traced) {
    counts.steps += traced.steps;
    counts.changes += traced.changes;
  }

  // The snapshot that is restored, of a desk that ended long ago.
  void keep_snapshot(uint32_t discipline) {
    std::filesystem::remove(options.region());
    std::filesystem::remove_all(options.snapshot());
    std::filesystem::create_directory(options.snapshot());
    const pid_t child = fork();
    NEED(child >= 0);
    if (child == 0) {
      Teller at;
      work(at, options, discipline);
      PASSES(write(at.engine, options.snapshot(), RCK_SNAPSHOT_STATE));
      look(at.engine, said.picture);
      said.hash = hash_of(at.engine);
      _exit(0);
    }
    int ended = 0;
    NEED(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
  }

  // Words that a restoring changes one after the other, far from each other: the mark of a region, some in its parts,
  // some in its header, and the mark once more.
  std::vector<size_t> marks(uint32_t discipline) const {
    static constexpr size_t definitions_at = 2816, header_bytes = 4096; // of the header
    static constexpr size_t entries_at = 384, entry_bytes = 24, ring_section = 22, distance = 4096;
    const std::string path = options.copy_of_region();
    std::filesystem::remove(path);
    rck_engine *const engine = made(discipline, path);
    const Bytes before = read_file(path);
    PASSES(restore(engine, options.snapshot()));
    const Bytes after = read_file(path);
    PASSES(rck_engine_close(engine));
    // What is told of the restoring is told behind it.
    size_t ring[2];
    memcpy(ring, &after[entries_at + ring_section * entry_bytes], sizeof ring);
    std::vector<size_t> found = {0};
    const auto add = [&](size_t from, size_t to) {
      for (size_t at = from, last = from; at < to; at += 8)
        if (memcmp(&before[at], &after[at], 8) != 0 && at - last >= distance)
          found.push_back(last = at);
    };
    add(header_bytes, ring[0]);
    add(ring[0] + ring[1] * 64, after.size() - distance);
    found.push_back(definitions_at);
    found.push_back(0);
    return found;
  }

  // The files of a state as they are if only a part of what was written last was. Nothing, if nothing has grown.
  Files torn(const Files &files, const Files &before) {
    Files cut = files;
    for (auto &[name, bytes] : cut) {
      const auto old = before.find(name);
      const size_t least = old == before.end() ? 0 : old->second.size();
      if (bytes.size() <= least || name == finished_name) // which is a new name for what was there
        continue;
      bytes.resize(least + drawn(&seed) % (bytes.size() - least));
      return cut;
    }
    return {};
  }

  // The region that is being written down is as it was.
  std::string of_region(const Bytes &region) {
    write_file(options.copy_of_region(), region);
    rck_engine *engine = nullptr;
    const rck_status opened = rck_engine_open(nullptr, options.copy_of_region().c_str(), &engine, nullptr);
    if (opened != RCK_OK)
      return std::string("its region opens with ") + rck_status_name(opened);
    std::string wrong = desk::Audit(engine, accounts, strategies, instruments).wrong;
    Picture got;
    look(engine, got);
    wrong += Comparison(got, said.picture, said.picture, false).wrong + traded_on(engine);
    PASSES(rck_engine_close(engine));
    return wrong;
  }

  // What is there of it is whole, or nothing that is taken for one.
  std::string of_snapshot(Files files, uint32_t discipline, uint32_t content, bool is_answered) {
    const bool is_state = content == RCK_SNAPSHOT_STATE;
    const bool is_finished = files.count(finished_name) != 0, is_there = !files.empty();
    if (options.planted == "whole" && files.count(open_name))
      files[finished_name] = files[open_name], files.erase(open_name);
    write_files(options.copy_of_snapshot(), files);
    rck_engine *const engine = made(discipline);
    const Hash blank = hash_of(engine);
    const rck_status restored = restore(engine, options.copy_of_snapshot());
    std::string wrong;
    const auto is = [&](rck_status status) { return restored == status; };
    if (is_finished && !(is_state ? is(RCK_OK) : is(RCK_E_UNSUPPORTED)))
      wrong += std::string("what is finished gives ") + rck_status_name(restored) + "; ";
    if (!is_finished && !is(RCK_E_UNFINISHED) && !is(RCK_E_NO_JOURNAL) && (is_state || !is(RCK_E_UNSUPPORTED)))
      wrong += std::string("what is not finished gives ") + rck_status_name(restored) + "; ";
    if (is_answered && !is_finished)
      wrong += "what was answered is not finished; ";
    if (hash_of(engine) == (is_state && is_finished ? said.hash : blank)) {
      counts.whole += is_finished;
      counts.unfinished += !is_finished;
    } else
      wrong += "the engine that restores it is neither new nor as the region was; ";
    if (is_finished && !is_state && replay(engine, options.copy_of_snapshot()) != RCK_OK)
      wrong += "a configuration that is finished is not replayed; ";
    // Whoever tries again is told that something is there.
    const rck_status again = write(engine, options.copy_of_snapshot(), content);
    if (again != (is_there ? RCK_E_IN_USE : RCK_OK))
      wrong += std::string("written once more it gives ") + rck_status_name(again) + "; ";
    PASSES(rck_engine_close(engine));
    return wrong;
  }

  // The region is new, unfinished or whole.
  std::string of_restored(Bytes region, uint32_t discipline, bool is_answered) {
    static constexpr uint64_t finished_mark = 0x314e4745524b4352;
    if (options.planted == "finished")
      memcpy(region.data(), &finished_mark, 8);
    const std::string path = options.copy_of_region();
    write_file(path, region);
    rck_engine *engine = nullptr, *other = nullptr;
    const rck_status attached = rck_engine_attach(path.c_str(), RCK_ATTACH_READER, &other, nullptr);
    if (attached == RCK_OK)
      PASSES(rck_engine_close(other));
    const rck_status opened = rck_engine_open(nullptr, path.c_str(), &engine, nullptr);
    if (attached != opened || (opened != RCK_OK && opened != RCK_E_UNFINISHED))
      return std::string("it opens with ") + rck_status_name(opened) + ", and attaches with " +
             rck_status_name(attached);
    counts.unfinished += opened != RCK_OK;
    if (opened != RCK_OK)
      engine = made(discipline, path);
    const std::string wrong = of_opened(engine, opened == RCK_OK, is_answered);
    PASSES(rck_engine_close(engine));
    return wrong;
  }

  std::string of_opened(rck_engine *engine, bool was_finished, bool is_answered) {
    auto health = desk::sized<rck_health_info>();
    PASSES(rck_health(engine, &health));
    const rck_status again = restore(engine, options.snapshot());
    std::string wrong;
    if (health.definitions == 0) {
      if (again != RCK_OK || !(hash_of(engine) == said.hash))
        wrong += std::string("restored once more it gives ") + rck_status_name(again) + "; ";
      if (is_answered)
        wrong += "what was answered is not restored; ";
    } else {
      counts.whole++;
      if (!was_finished || again != RCK_E_IN_USE)
        wrong += std::string("restored over what is there it gives ") + rck_status_name(again) + "; ";
    }
    Picture got;
    look(engine, got);
    wrong += Comparison(got, said.picture, said.picture, false).wrong;
    wrong += desk::Audit(engine, accounts, strategies, instruments).wrong + traded_on(engine);
    return wrong;
  }

  void fail(const char *what, uint32_t discipline, size_t at, size_t of, const std::string &wrong) {
    counts.failed++;
    printf("does not hold: %s, %s, a stop %zu of %zu: %s\n", what,
           discipline == RCK_ONE_WRITER ? "one writer" : "many writers", at, of, wrong.c_str());
    fflush(stdout);
  }
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  std::filesystem::create_directories(words[1]);
  const Options options = {words[1], strtoull(words[2], nullptr, 10), strtoull(words[3], nullptr, 10),
                           count > 4 ? words[4] : ""};
  void *shared = mmap(nullptr, sizeof(Said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  Bench bench(options, *static_cast<Said *>(shared));
  for (const uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    // Where not every state is opened, one discipline, another seed's other one.
    if (options.stride > 1 && options.seed % 2 != (discipline == RCK_ONE_WRITER))
      continue;
    const auto is_found = [&] { return !options.planted.empty() && bench.counts.failed != 0; };
    if (options.planted != "finished")
      bench.write_it(discipline, RCK_SNAPSHOT_STATE);
    if (options.planted != "finished" && !is_found())
      bench.write_it(discipline, RCK_SNAPSHOT_CONFIGURATION);
    if (!is_found())
      bench.restore_it(discipline);
  }
  const Counts &counts = bench.counts;
  printf("%llu instructions, %llu changes, %llu states opened, %llu of them unfinished, %llu whole\n",
         static_cast<unsigned long long>(counts.steps), static_cast<unsigned long long>(counts.changes),
         static_cast<unsigned long long>(counts.looked), static_cast<unsigned long long>(counts.unfinished),
         static_cast<unsigned long long>(counts.whole));
  NEED(!options.planted.empty() || (counts.unfinished > 2 && counts.whole > 2));
  return counts.failed != 0;
}
