// The fuzzer of who reads journals: a byte string becomes the segment files of a hostile journal, with checksums that
// are right, so that what lies behind them is reached.
//
// Records are those of the golden journal, in the order, with the numbers and with the bytes that the input wants, or
// all its own; so are headers of blocks and segments. Each journal is verified, walked, asked for its configuration,
// replayed, and gone on with by a region that it says it is of. After each: the status has a name, what one counts the
// other counts, the engine that replays is in health, the walk's buffer is a malloc of its exact size, what is gone on
// with is sound and has the new records.
//
// RISKCHECK_GOLDEN is the folder of the journal whose records are taken. RISKCHECK_PLANTED=short|count|handle makes
// one call of the harness misbehave on purpose.
#include "journal_files.hpp"
#include <memory>

namespace {

constexpr uint64_t region_bytes_max = 8 << 20;

// The engine whose journal all of these say they are.
struct Owner {
  rck_engine *engine = nullptr;
  rck_port *reader = nullptr, *writer = nullptr;
  uint64_t number = 0;

  void make(const rck_config &config) {
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr));
    PASSES(rck_port_open(engine, 1, RCK_PORT_WRITER, &writer, nullptr));
  }
};

Owner owner;
std::unique_ptr<Originals> originals;

class Attack {
public:
  Attack(const std::string &place, Input &input, bool in_order) : folder(place), in(input), is_in_order(in_order) {}

  void run() {
    verify();
    walk();
    configure();
    go_on();
  }

private:
  const std::string &folder;
  Input &in;
  const bool is_in_order; // only the last segment may be unfinished
  rck_verify_info info = sized<rck_verify_info>();
  rck_status verified = RCK_OK;

  // What a journal may be told to be.
  static bool is_known(rck_status status) {
    return status == RCK_OK || status == RCK_E_DAMAGED || status == RCK_E_NO_JOURNAL ||
           status == RCK_E_LAYOUT_VERSION || status == RCK_E_SYSTEM;
  }

  void verify() {
    rck_fault fault{};
    verified = checked(rck_verify(folder.c_str(), &info, &fault));
    NEED(is_known(verified) && (verified == RCK_OK || fault.status == verified));
  }

  void walk() {
    auto cursor = sized<rck_journal_cursor>();
    const size_t room = RCK_JOURNAL_BLOCK_LINES - (plants("short") ? 1023 : 0);
    Exact<rck_event> lines(room * sizeof(rck_event));
    uint64_t blocks = 0, records = 0, all = 0;
    for (uint32_t count = 1; count;) {
      const rck_status status = checked(rck_journal_read(folder.c_str(), &cursor, lines.get(), &count, nullptr));
      NEED(is_known(status));
      if (status != RCK_OK) {
        NEED(verified == status || verified == RCK_E_DAMAGED);
        break;
      }
      NEED(count <= RCK_JOURNAL_BLOCK_LINES);
      all += count;
      blocks += count != 0;
      for (uint32_t at = 0; at < count; records++) {
        const uint8_t length = lines.get()[at].lines;
        NEED(length >= 1 && length <= RCK_RECORD_LINES_MAX && at + length <= count);
        at += length;
      }
    }
    records += plants("count");
    NEED(verified == RCK_E_NO_JOURNAL || (blocks == info.blocks && records == info.records && all == info.lines));
  }

  void configure() {
    auto config = sized<rck_config>();
    const rck_status status = checked(rck_journal_config_get(folder.c_str(), &config, nullptr));
    NEED(is_known(status));
    uint64_t bytes = 0;
    if (status != RCK_OK)
      return;
    NEED(config.struct_size == sizeof config); // what is given is sound, and the caller's own
    PASSES(rck_region_bytes(&config, &bytes, nullptr));
    if (bytes > region_bytes_max)
      config = originals->config;
    config.flags = 0;
    replay(config);
  }

  void replay(const rck_config &config) {
    rck_engine *engine = nullptr;
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    auto told = sized<rck_replay_info>();
    told.differences_max = in.byte() % 4;
    told.commands_max = in.byte() % 8 ? 0 : in.byte();
    Exact<rck_limit> limit(in.byte() % 4 ? 0 : sizeof(rck_limit));
    if (limit.get()) {
      *limit.get() = originals->limit;
      reinterpret_cast<uint8_t *>(limit.get())[in.byte() % sizeof(rck_limit)] = in.byte();
      told.flags = RCK_REPLAY_WHAT_IF;
      told.limits = 1;
    }
    Exact<rck_event> differences(told.differences_max * 3 * sizeof(rck_event));
    checked(rck_replay(engine, folder.c_str(), limit.get(), differences.get(), &told, nullptr));
    NEED(told.records <= info.records || verified == RCK_E_NO_JOURNAL);
    auto health = sized<rck_health_info>();
    PASSES(rck_health(engine, &health));
    NEED(health.state == RCK_HEALTH_RUNNING && health.failed_site == 0 && health.ports_open == 0);
    uint64_t hash[2] = {};
    PASSES(rck_state_hash(engine, hash));
    PASSES(rck_engine_close(engine));
  }

  void go_on() {
    auto config = sized<rck_journal_config>();
    config.segment_bytes = 65'536;
    config.sync = in.byte() % 3;
    config.sync_interval_ns = config.sync == RCK_SYNC_INTERVAL;
    config.segments_max = in.byte() % 3;
    const rck_status status = checked(rck_journal_open(owner.reader, folder.c_str(), &config, nullptr));
    NEED(is_known(status) || status == RCK_E_JOURNAL_OTHER || status == RCK_E_RANGE);
    if (status != RCK_OK)
      return;
    rck_event event{};
    event.kind = RCK_EVENT_HOST;
    event.time_ns = 1;
    event.subject = ++owner.number;
    PASSES(rck_event_write(owner.writer, &event, 1));
    auto pumped = sized<rck_pump_info>();
    rck_status last = checked(rck_journal_pump(owner.reader, &pumped, nullptr));
    if (last == RCK_OK)
      last = checked(rck_journal_close(owner.reader, nullptr));
    else
      checked(rck_journal_close(owner.reader, nullptr));
    if (last != RCK_OK || verified != RCK_OK || config.segments_max || !is_in_order)
      return;
    auto later = sized<rck_verify_info>();
    PASSES(rck_verify(folder.c_str(), &later, nullptr));
    NEED(later.records == info.records + pumped.records && pumped.records >= 1 && later.torn_bytes == 0);
  }
};

int lowest_free_descriptor() {
  const int found = open("/dev/null", O_RDONLY);
  close(found);
  return found;
}

std::string folder;

void remove_folder() {
  layout::empty(folder);
  rmdir(folder.c_str());
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  std::string pattern = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + std::string("/riskcheck-fuzz-XXXXXX");
  NEED(mkdtemp(pattern.data()));
  folder = pattern;
  atexit(remove_folder);
  const char *golden = getenv("RISKCHECK_GOLDEN");
  NEED(golden);
  originals = std::make_unique<Originals>(golden);
  NEED(originals->limit.control);
  owner.make(originals->config);
  originals->take_header(owner.reader, folder);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  const int before = lowest_free_descriptor();
  Input input(bytes, count);
  layout::empty(folder);
  Forger forger(*originals, input, folder);
  forger.forge();
  Attack(folder, input, forger.is_in_order).run();
  NEED(lowest_free_descriptor() == before + plants("handle"));
  return 0;
}
