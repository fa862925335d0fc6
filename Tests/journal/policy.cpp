// When segments are finished, how many are kept, when the disk is waited for: by clocks that the test moves.
//
//   policy <folder> <seed>
#include "faulty.hpp"

namespace {

class Office {
public:
  Office(const std::string &base, const rck_journal_config &how) : places(base), config(how), desk(7) {
    faults::has_clock = true;
    places.clear();
    memset(faults::counted, 0, sizeof faults::counted);
    desk.make(trading::config(RCK_MANY_WRITERS, 4096));
    desk.open_reader();
    const faults::Armed armed;
    PASSES(rck_journal_open(desk.reader, places.folder.c_str(), &config, nullptr));
  }
  ~Office() { desk.close(); }
  Office(const Office &) = delete;
  Office &operator=(const Office &) = delete;

  const Places places;
  const rck_journal_config config;
  trading::Desk desk;
  rck_pump_info info = sized<rck_pump_info>();
  uint64_t written = 0;

  void trade() { begin_trading(desk); }
  void pump() {
    const faults::Armed armed;
    PASSES(rck_journal_pump(desk.reader, &info, nullptr));
    written += info.records;
  }
  void close() {
    const faults::Armed armed;
    PASSES(rck_journal_close(desk.reader, nullptr));
  }
  // Some annotations, by which nothing else is told.
  void annotate(uint32_t count) {
    for (uint64_t number = 1; number <= count; number++) {
      const rck_event event = numbered_event(number, 1, desk.now_ns);
      PASSES(rck_event_write(desk.writers[1], &event, 1));
    }
  }
  std::vector<uint64_t> numbers(bool finished) const {
    std::vector<uint64_t> found;
    for (const std::string &name : layout::names_in(places.folder))
      if (name == layout::segment_name(strtoull(name.c_str(), nullptr, 10), finished))
        found.push_back(strtoull(name.c_str(), nullptr, 10));
    return found;
  }
  uint64_t bytes_of(uint64_t number, bool finished) const {
    struct stat told;
    NEED(stat((places.folder + "/" + layout::segment_name(number, finished)).c_str(), &told) == 0);
    return static_cast<uint64_t>(told.st_size);
  }
};

// Counts one more trial, and a fault unless it holds.
void expect(Tally &tally, bool held, const std::string &what) {
  tally.tried++;
  if (!held)
    tally.fault(what);
}

int by_size(const std::string &base) {
  Tally tally("the pump that finds a segment as large as it may be finishes it, and none before");
  Office office(base, trading::journal_config(RCK_SYNC_NONE, 70'000));
  office.trade();
  uint64_t finished = 0;
  for (uint32_t round = 0; round < 100; round++) {
    const uint64_t before = office.info.segment_bytes;
    office.annotate(100);
    office.pump();
    const bool is_due = before >= 70'000;
    finished += is_due;
    expect(tally, office.info.segments_finished == finished && office.info.segment == finished + 1,
           text("round %u: %llu segments are finished, not %llu", round,
                static_cast<unsigned long long>(office.info.segments_finished),
                static_cast<unsigned long long>(finished)));
    expect(tally, office.bytes_of(finished + 1, false) == office.info.segment_bytes, "a segment has another size");
  }
  expect(tally, finished >= 6 && office.numbers(true).size() == finished, "segments are missing");
  office.close();
  auto info = sized<rck_verify_info>();
  PASSES(rck_verify(office.places.folder.c_str(), &info, nullptr));
  expect(tally, info.records == office.written && info.last_segment == finished + 1, "records are missing");
  return tally.close();
}

int by_age(const std::string &base) {
  Tally tally("the pump that finds a segment as old as it may be finishes it, unless nothing is in it");
  rck_journal_config config = trading::journal_config(RCK_SYNC_NONE);
  config.segment_ns = 1'000'000;
  Office office(base, config);
  office.pump();
  faults::realtime_ns += 5'000'000;
  office.trade();
  office.pump();
  const uint64_t first = office.info.segments_finished; // what the region told of itself is in it
  const auto step = [&](int64_t ns, uint32_t count, uint64_t finished, const char *what) {
    faults::realtime_ns += ns;
    office.annotate(count);
    office.pump();
    expect(tally, office.info.segments_finished == first + finished, what);
  };
  step(0, 10, 0, "at once");
  step(999'999, 10, 0, "a nanosecond before its time");
  step(1, 0, 1, "at its time");
  step(5'000'000, 0, 1, "with nothing in it");
  step(1, 10, 1, "old, and nothing was in it before");
  step(0, 0, 2, "old, and something is in it");
  step(-10'000'000, 10, 2, "by a clock that went back");
  step(10'999'999, 0, 2, "by a clock that came again, before its time");
  step(1, 0, 3, "by a clock that came again, at its time");
  office.close();
  return tally.close();
}

int kept(const std::string &base, uint64_t most) {
  Tally tally(text("%llu finished segments are kept, the newest", static_cast<unsigned long long>(most)));
  rck_journal_config config = trading::journal_config(RCK_SYNC_NONE);
  config.segments_max = most;
  Office office(base, config);
  office.trade();
  auto slow = sized<rck_journal_cursor>();
  std::vector<rck_event> lines(RCK_JOURNAL_BLOCK_LINES);
  uint32_t count = 0;
  office.annotate(10);
  office.pump();
  const char *folder = office.places.folder.c_str();
  PASSES(rck_journal_read(folder, &slow, lines.data(), &count, nullptr));
  for (uint32_t round = 0; round < 40; round++) {
    office.annotate(600);
    office.pump();
    const std::vector<uint64_t> numbers = office.numbers(true);
    const uint64_t finished = office.info.segments_finished, wanted = std::min(finished, most);
    const bool are_newest = numbers.size() == wanted && (wanted == 0 || numbers.front() == finished - wanted + 1);
    expect(tally, are_newest && office.numbers(false) == std::vector{finished + 1},
           text("%zu of %llu finished segments are there", numbers.size(), static_cast<unsigned long long>(finished)));
    auto info = sized<rck_verify_info>();
    PASSES(rck_verify(folder, &info, nullptr));
    expect(tally, info.lost == 0 && info.first_segment == finished + 1 - wanted && info.last_segment == finished + 1,
           "rck_verify tells other segments");
  }
  NEED(office.info.segments_finished > most + 2);
  expect(tally, rck_journal_read(folder, &slow, lines.data(), &count, nullptr) == RCK_E_NO_JOURNAL,
         "whose segment is no more is not told so");
  auto given = sized<rck_config>();
  expect(tally, rck_journal_config_get(folder, &given, nullptr) == RCK_OK && given.ring_lines == 4096,
         "the configuration is not there");
  office.close();
  return tally.close();
}

int synced(const std::string &base) {
  Tally tally("the disk is waited for never, by the interval, or in each pump that writes; and when a segment ends");
  constexpr int64_t interval_ns = 1000;
  for (const uint32_t sync : {RCK_SYNC_NONE, RCK_SYNC_INTERVAL, RCK_SYNC_BATCH}) {
    rck_journal_config config = trading::journal_config(sync);
    config.sync_interval_ns = sync == RCK_SYNC_INTERVAL ? interval_ns : 0;
    Office office(base, config);
    office.trade();
    office.pump();
    const auto syncs = [&](int64_t ns, uint32_t count) {
      faults::monotonic_ns += ns;
      const uint64_t before = faults::counted[faults::syncs], told = office.info.syncs;
      office.annotate(count);
      office.pump();
      const uint64_t found = faults::counted[faults::syncs] - before;
      expect(tally, office.info.syncs - told == found, "syncs are told wrongly");
      return found;
    };
    const bool is_batch = sync == RCK_SYNC_BATCH, is_timed = sync == RCK_SYNC_INTERVAL;
    const std::string who = text("policy %u: ", sync);
    syncs(interval_ns, 5);
    expect(tally, syncs(0, 5) == is_batch, who + "at once");
    expect(tally, syncs(interval_ns - 1, 5) == is_batch, who + "a nanosecond before its time");
    expect(tally, syncs(1, 0) == is_timed, who + "at its time, with nothing new");
    expect(tally, syncs(5 * interval_ns, 0) == 0, who + "with nothing new at all");
    expect(tally, syncs(0, 5) == (is_batch || is_timed), who + "long after the last one");
    const uint64_t before = faults::counted[faults::syncs];
    office.close();
    expect(tally, faults::counted[faults::syncs] - before >= 2, who + "the end of a segment, and its name");
  }
  return tally.close();
}

} // namespace

int main(int count, char **words) {
  if (count < 3)
    return 2;
  const std::string base = words[1];
  int failed = by_size(base) + by_age(base) + synced(base);
  for (const uint64_t most : {1, 2, 5})
    failed += kept(base, most);
  return failed ? 1 : 0;
}
