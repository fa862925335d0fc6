// A day in accelerated time: a thousand checks a second on average, with bursts of ten thousand, of a hundred
// strategies, what becomes of the orders, and a journal that turns over and is read behind the pump.
//
//   soak <folder> <seconds> <writers> <segments kept> <seed> [planted=leak|lost]
//
// At the end: memory is what it was after the first tenth, each record was read once and in order, nothing is lost, the
// disk never held more than 2 GB. `planted`: a page a second is taken for good, or one record is stolen from a ring.
#include "soak_trader.hpp"
#include <atomic>
#include <barrier>
#include <memory>
#include <sys/mman.h>
#include <thread>

namespace {

constexpr uint64_t disk_bytes_max = 2'000'000'000;
constexpr int64_t own_pages_of_slack = 4, file_pages_of_slack = 64;

// In pages, exactly: what status and statm tell is kept by core and lags behind.
struct Resident {
  int64_t all = 0;
  int64_t own = 0; // without what is of files, such as the code of libc that is needed for the first time
};

Resident resident() {
  char line[256];
  Resident found;
  long long kilobytes = 0;
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  NEED(file);
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "Rss: %lld kB", &kilobytes) == 1)
      found.all = kilobytes / 4;
    if (sscanf(line, "Anonymous: %lld kB", &kilobytes) == 1)
      found.own = kilobytes / 4;
  }
  fclose(file);
  NEED(found.own > 0);
  return found;
}

class Soak {
public:
  Soak(std::string place, uint64_t count, uint32_t writers, uint64_t kept, uint64_t seed, std::string plant)
      : folder(std::move(place)), seconds(count), planted(std::move(plant)), arrive(writers + 1), leave(writers + 1),
        tally(text("%llu simulated minutes, %u writer%s: the journal is whole, memory stays as it is",
                   static_cast<unsigned long long>(count / 60), writers, writers == 1 ? "" : "s")) {
    const rck_config config = soak::config(writers);
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr));
    auto how = sized<rck_journal_config>();
    how.segment_bytes = 16 << 20;
    how.segments_max = kept;
    PASSES(rck_journal_open(reader, folder.c_str(), &how, nullptr));
    soak::define(engine);
    for (uint32_t index = 1; index <= writers; index++)
      traders.push_back(std::make_unique<soak::Trader>(engine, index, writers, seed));
  }

  int run() {
    for (auto &trader : traders)
      threads.emplace_back([this, one = trader.get()] { work(*one); });
    for (second = 1; second <= seconds; second++) {
      arrive.arrive_and_wait(); // the second begins
      while (working.load(std::memory_order_acquire) > 0) {
        pump();
        std::this_thread::yield();
      }
      leave.arrive_and_wait();
      pump();
      follow();
      look();
    }
    for (std::thread &thread : threads)
      thread.join();
    PASSES(rck_journal_close(reader, nullptr));
    follow();
    return judged();
  }

private:
  const std::string folder;
  const uint64_t seconds;
  const std::string planted;
  std::barrier<> arrive, leave;
  std::atomic<int> working{0};
  rck_engine *engine = nullptr;
  rck_port *reader = nullptr;
  std::vector<std::unique_ptr<soak::Trader>> traders;
  std::vector<std::thread> threads;
  std::atomic<uint64_t> second{0};
  Tally tally;
  rck_pump_info info = sized<rck_pump_info>();
  rck_journal_cursor cursor = sized<rck_journal_cursor>();
  rck_event lines[RCK_JOURNAL_BLOCK_LINES];
  uint64_t sequences[256] = {}, records = 0, bytes_most = 0;
  Resident after_tenth, at_end;

  void expect(bool held, const std::string &what) {
    if (!held)
      tally.fault(what);
  }

  void work(soak::Trader &trader) {
    for (uint64_t at = 1; at <= seconds; at++) {
      working.fetch_add(1, std::memory_order_release);
      arrive.arrive_and_wait();
      trader.trade(static_cast<int64_t>(at) * 1'000'000'000);
      working.fetch_sub(1, std::memory_order_release);
      leave.arrive_and_wait();
    }
  }

  void pump() {
    rck_fault fault{};
    const rck_status status = rck_journal_pump(reader, &info, &fault);
    tally.tried++;
    if (status != RCK_OK)
      tally.fault(text("second %llu: rck_journal_pump gives %s, errno %d",
                       static_cast<unsigned long long>(second.load()), rck_status_name(status), fault.system_error));
  }

  // Reads all that was written since the last time.
  void follow() {
    uint32_t count = 1;
    while (count) {
      rck_fault fault{};
      const rck_status status = rck_journal_read(folder.c_str(), &cursor, lines, &count, &fault);
      if (status != RCK_OK)
        return tally.fault(text("rck_journal_read gives %s of segment %llu", rck_status_name(status),
                                static_cast<unsigned long long>(cursor.segment)));
      for (uint32_t at = 0; at < count; at += lines[at].lines)
        take(lines[at]);
    }
  }

  void take(const rck_event &event) {
    records++;
    uint64_t &last = sequences[event.port & 255];
    if (event.sequence != last + 1)
      tally.fault(text("behind record %llu of port %u comes %llu", static_cast<unsigned long long>(last), event.port,
                       static_cast<unsigned long long>(event.sequence)));
    last = event.sequence;
  }

  // Once a second.
  void look() {
    if (planted == "leak") {
      void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      NEED(page != MAP_FAILED);
      *static_cast<volatile char *>(page) = 1;
    }
    if (planted == "lost" && second == seconds / 2) {
      uint32_t count = 0;
      traders[0]->annotate();
      PASSES(rck_events_read(reader, 1, lines, 16, &count));
    }
    if (second % 20 && second != seconds)
      return;
    at_end = resident(); // looking takes pages as well, the first times
    if (second <= seconds / 10)
      after_tenth = at_end;
    uint64_t bytes = 0;
    for (const std::string &name : layout::names_in(folder)) {
      struct stat told;
      if (stat((folder + "/" + name).c_str(), &told) == 0)
        bytes += static_cast<uint64_t>(told.st_size);
    }
    bytes_most = std::max(bytes_most, bytes);
    expect(bytes < disk_bytes_max, "the disk holds more than 2 GB");
  }

  int judged() {
    uint64_t written = 0, checks = 0;
    for (uint32_t index = 0; index <= traders.size(); index++) {
      auto stats = sized<rck_stats>();
      PASSES(rck_stats_read(engine, index, &stats));
      expect(stats.events_lost == 0 && stats.events_refused == 0, text("port %u has lost records", index));
      expect(sequences[index] == stats.events_written, text("port %u: the journal is not complete", index));
      written += stats.events_written;
    }
    expect(records == written, "the journal has another number of records than the rings");
    expect(info.failures == 0, "a pump has failed");
    const int64_t own = at_end.own - after_tenth.own, of_files = at_end.all - after_tenth.all - own;
    expect(own <= own_pages_of_slack && of_files <= file_pages_of_slack,
           text("%lld pages of its own more than after the first tenth, %lld of files", static_cast<long long>(own),
                static_cast<long long>(of_files)));
    uint64_t refused = 0;
    for (const auto &trader : traders) {
      checks += trader->checks;
      refused += trader->refused;
    }
    expect(checks > seconds * 800 && refused > 0, "too few checks");
    const auto number = [](uint64_t value) { return static_cast<unsigned long long>(value); };
    return tally.close(text("%llu checks, %llu refused, %llu records, %llu segments, %llu MB written, %llu MB at most; "
                            "resident %lld pages (%lld its own) after a tenth, %lld (%lld) at the end",
                            number(checks), number(refused), number(records), number(info.segments_finished),
                            number(info.bytes_all >> 20), number(bytes_most >> 20),
                            static_cast<long long>(after_tenth.all), static_cast<long long>(after_tenth.own),
                            static_cast<long long>(at_end.all), static_cast<long long>(at_end.own)));
  }
};

} // namespace

int main(int count, char **words) {
  if (count < 6)
    return 2;
  const auto number = [&](int at) { return strtoull(words[at], nullptr, 10); };
  auto soak = std::make_unique<Soak>(words[1], number(2), static_cast<uint32_t>(number(3)), number(4), number(5),
                                     plant_of(count, words));
  return soak->run() ? 1 : 0;
}
