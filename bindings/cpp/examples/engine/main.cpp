// A small trading engine with risk in between: market data, two strategies, a gateway and a simulated venue, each in a
// thread of its own, housekeeping in the first one. Every order is checked on its way out; every fact goes into the
// engine before anybody decides upon it; everything is in the journal. It ends in order, also by the kill switch, and
// then shows that the engine and the venue agree, or fails.
#include "desk.hpp"
#include "report.hpp"

#include <filesystem>
#include <system_error>

namespace {

using namespace trading;

/// The folder of the journal; removed at the end unless somebody asked for it.
class Folder {
public:
  explicit Folder(const std::string &wanted) : temporary(wanted.empty()) {
    std::error_code error;
    if (temporary) {
      std::string name = (std::filesystem::temp_directory_path(error) / "riskcheck-engine-XXXXXX").string();
      if (error || mkdtemp(name.data()) == nullptr)
        throw Fault{"no temporary folder can be made for the journal"};
      folder = name;
      return;
    }
    folder = wanted;
    std::filesystem::create_directories(folder, error);
    if (error)
      throw Fault{"the folder " + wanted + " cannot be made: " + error.message()};
    if (!std::filesystem::is_empty(folder, error) || error)
      throw Fault{"the folder " + wanted + " is not empty: a journal is one run's"};
  }
  ~Folder() {
    std::error_code ignored;
    if (temporary)
      std::filesystem::remove_all(folder, ignored);
  }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;

  const std::string &path() const { return folder; }
  bool kept() const { return !temporary; }

private:
  bool temporary;
  std::string folder;
};

rck::Port open_port(rck::Engine &engine, u32 index) {
  auto port = index == 0 ? engine.reader() : engine.port(index);
  if (!port)
    throw Fault{"port " + std::to_string(index) + ": " + rck::Error(port.fault()).what()};
  return *std::move(port);
}

rck::Journal open_journal(rck::Port &reader, const Folder &folder) {
  const rck::JournalConfig config{.sync = folder.kept() ? rck::Sync::interval : rck::Sync::none,
                                  .sync_interval_ns = rck::Duration(folder.kept() ? 200'000'000 : 0),
                                  .segment_bytes = 256ULL << 20};
  auto journal = rck::Journal::open(reader, folder.path().c_str(), config);
  if (!journal)
    throw Fault{"the journal: " + std::string(rck::Error(journal.fault()).what())};
  return *std::move(journal);
}

std::array<i64, instruments_max + 1> steps_of(const Market &market) {
  std::array<i64, instruments_max + 1> steps{};
  for (std::size_t id = 1; id < market.products().size(); id++)
    steps[id] = market.products()[id].tick;
  return steps;
}

void close(rck::Journal &journal) {
  for (;;) {
    const auto pumped = journal.pump();
    if (!pumped)
      broken("journal", pumped.status());
    if (pumped->waiting == 0)
      break;
  }
  if (const auto closed = journal.close(); !closed)
    broken("journal", closed.status());
}

void print_hash(rck::Engine &engine) {
  const auto hash = rck::state_hash(engine);
  if (!hash)
    broken("state", hash.status());
  std::printf("state      %016llx%016llx\n", static_cast<unsigned long long>((*hash)[0]),
              static_cast<unsigned long long>((*hash)[1]));
}

/// Whether everything agrees at the end.
bool trade(Market &market, const Options &options, const KillSwitch &kill) {
  const Folder folder(options.journal);
  rck::Engine engine = open_desk(market);
  rck::Port reader = open_port(engine, 0), books = open_port(engine, gateway_port);
  open_day(books);
  rck::Journal journal = open_journal(reader, folder);
  bool agreed = false;
  {
    Rings rings;
    Stages stages;
    Prices prices{};
    FeedCounts feed;
    Venue venue({}, steps_of(market), options.seed + 1);
    Gateway gateway(books, engine, rings, stages, prices);
    Reversion reversion(rck::StrategyId(1), open_port(engine, 1), market, rings, stages);
    Momentum momentum(rck::StrategyId(2), open_port(engine, 2), market, rings, stages);
    rck::Port feed_port = open_port(engine, market_port);
    const Run run{market, engine, gateway, feed, {&reversion, &momentum}, venue};
    Housekeeping housekeeping(run, stages, journal, kill, options);
    const i64 run_ns = static_cast<i64>(options.seconds) * 1'000'000'000;
    std::thread threads[] = {std::thread([&] { run_venue(venue, rings, stages); }), std::thread([&] { gateway.run(); }),
                             std::thread([&] { reversion.run(); }), std::thread([&] { momentum.run(); }),
                             std::thread([&] { run_feed(market, feed_port, run_ns, rings, prices, stages, feed); })};
    housekeeping.loop();
    for (std::thread &thread : threads)
      thread.join();
    agreed = report(run, books, options);
  }
  if (const rck::Status closed = books.close(); !closed)
    broken("close", closed);
  close(journal);
  if (!options.quiet)
    print_hash(engine);
  return report_journal(folder.path(), options) && agreed;
}

} // namespace

int main(int count, char **words) {
  try {
    const Options options = options_of(count, words);
    if (options.help) {
      std::fputs(usage, stdout);
      return 0;
    }
    const KillSwitch kill;
    const auto market = options.data.empty() ? market_of_seed(options.seed) : market_of_file(options.data);
    if (!options.quiet) {
      std::printf("riskcheck %d.%d.%d: two strategies, a gateway and a venue; the market is %s\n", RCK_VERSION_MAJOR,
                  RCK_VERSION_MINOR, RCK_VERSION_PATCH, market->origin().c_str());
      std::fflush(stdout);
    }
    return trade(*market, options, kill) ? 0 : 1;
  } catch (const Fault &fault) {
    std::fprintf(stderr, "engine: %s\n", fault.text.c_str());
    return 2;
  }
}
