// The journal, snapshots and replays through the owners of the C++ binding.
#include "desk.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <type_traits>
#include <unistd.h>

using namespace riskcheck;
using desk::Desk;
using desk::order;

namespace {

// A directory that is gone at the end.
class Folder {
public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "riskcheck-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  Folder(const Folder &) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  const char *path() const { return path_.c_str(); }

private:
  std::string path_;
};

Config telling() {
  Config config = desk::config();
  config.flags |= RCK_TELL_COMMANDS | RCK_TELL_MARKET;
  config.discipline = RCK_ONE_WRITER;
  return config;
}

// Checks, of which some are refused, and fills.
void trade(Desk &desk) {
  Verdict answer;
  for (std::uint64_t id = 1; id <= 30; id++) {
    const Verdict verdict = desk.port.check(order(id, static_cast<std::int64_t>(id * 5)));
    if (verdict && id % 3 == 0) {
      CHECK(desk.port.fill(desk::fill(verdict.token, 2, id), answer).passed());
    }
  }
}

template <typename Lines, typename Read> constexpr bool kept_unthrown(const detail::Records<Lines, Read> *) {
  return std::is_nothrow_move_constructible_v<Lines> && std::is_nothrow_move_constructible_v<Read>;
}
using Reading = decltype(read("", std::declval<JournalCursor &>()));
static_assert(kept_unthrown(static_cast<Reading *>(nullptr)), "a range is made in a noexcept constructor");

} // namespace

TEST_CASE("what was pumped is verified, read, and replayed to the same state") {
  const Folder folder;
  Desk desk(telling());
  Port reader = desk.engine.reader().value();
  auto journal = Journal::open(reader, folder.path(), JournalConfig{.segment_bytes = 1 << 20});
  REQUIRE(journal);
  trade(desk);
  const auto pumped = journal->pump();
  REQUIRE(pumped);
  CHECK(pumped->records > 40);
  CHECK(pumped->waiting == 0);
  CHECK(journal->close());

  VerifyInfo verified;
  REQUIRE(verify(folder.path(), verified));
  CHECK(verified.records == pumped->records_all);
  CHECK(verified.lost == 0);

  JournalCursor cursor;
  std::uint64_t checks = 0, records = 0;
  for (const Record &record : read(folder.path(), cursor)) {
    records++;
    checks += record.kind() == EventKind::check ? 1 : 0;
  }
  CHECK(records == verified.records);
  CHECK(checks == 30);

  auto again = Engine::create(journal_config(folder.path()).value());
  REQUIRE(again);
  ReplayInfo info;
  REQUIRE(replay(*again, folder.path(), info));
  CHECK((info.checks == 30 && info.differing == 0));
  CHECK(*state_hash(*again) == *state_hash(desk.engine));
}

TEST_CASE("a what-if tells which orders other limits would have refused") {
  const Folder folder;
  Desk desk(telling());
  Port reader = desk.engine.reader().value();
  auto journal = Journal::open(reader, folder.path(), JournalConfig{.segment_bytes = 1 << 20});
  REQUIRE(journal);
  trade(desk);
  REQUIRE(journal->pump());
  REQUIRE(journal->close());
  auto other = Engine::create(journal_config(folder.path()).value());
  REQUIRE(other);
  const Limit tighter = desk::quantity_limit(50);
  ReplayInfo info{.flags = RCK_REPLAY_WHAT_IF, .limits = 1};
  REQUIRE(replay(*other, folder.path(), info, &tighter));
  CHECK(info.refused_now == 10); // quantities of 55 to 100
  CHECK(info.controls[RCK_CONTROL_ORDER_QUANTITY] == 10);
}

TEST_CASE("a snapshot restores the state that it was written of") {
  const Folder state, configuration;
  Desk desk(telling());
  trade(desk);
  const auto written = write_snapshot(desk.engine, state.path(), Content::state);
  REQUIRE(written);
  auto restored = Engine::create(telling());
  REQUIRE(restored);
  REQUIRE(restore(*restored, state.path()));
  CHECK(*state_hash(*restored) == *state_hash(desk.engine));
  REQUIRE(write_snapshot(desk.engine, configuration.path(), Content::configuration));
  auto made = Engine::create(telling());
  ReplayInfo info;
  REQUIRE(replay(*made, configuration.path(), info));
  CHECK(made->get(desk::account)->name == "desk");
}

TEST_CASE("a journal that cannot be opened or written says why") {
  const Folder folder;
  Desk desk(telling());
  Port reader = desk.engine.reader().value();
  const auto none = Journal::open(reader, "/nowhere/at/all", JournalConfig{.segment_bytes = 1 << 20});
  CHECK(none.status().misused());
  CHECK(none.fault().system_error != 0);
  auto first = Journal::open(reader, folder.path(), JournalConfig{.segment_bytes = 1 << 20});
  REQUIRE(first);
  CHECK(Journal::open(reader, folder.path(), JournalConfig{.segment_bytes = 1 << 20}).status() == RCK_E_IN_USE);
  {
    const Journal moved = std::move(*first);
  }
  CHECK(Journal::open(reader, folder.path(), JournalConfig{.segment_bytes = 1 << 20}));
}

TEST_CASE("a region in a file outlives its engine, and others look at it") {
  const Folder folder;
  const std::string path = std::string(folder.path()) + "/region";
  Config config = desk::config();
  config.flags |= RCK_SHARED;
  {
    auto engine = Engine::open(path.c_str(), config);
    REQUIRE(engine);
    desk::define(*engine);
    Port port = engine->port(1).value();
    CHECK(port.check(order(1, 10)));
    auto attached = Engine::attach(path.c_str(), Attach::reader);
    REQUIRE(attached);
    CHECK(attached->get(desk::account)->name == "desk");
  }
  auto again = Engine::open(path.c_str());
  REQUIRE(again);
  std::uint64_t live = 0;
  for (const OrderInfo &one : again->open_orders())
    live += one.quantity == Quantity{10} ? 1 : 0;
  CHECK(live == 1);
  CHECK(!Engine::open((path + "/none").c_str()));
}
