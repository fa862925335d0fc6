// The fuzzer of who reads snapshots: a byte string becomes changes of the snapshot of a desk, or of its configuration,
// whose checksums are right.
//
// A state is restored into memory of its exact size. Either the status says why not, and nothing has changed, or the
// engine is in health, has the hash that was promised and sums that agree; it gives a snapshot of itself that comes
// back whole. Then it is traded on. A configuration is replayed, and what that made is a configuration once more. A
// region file of the same lines is opened on the way, which tells the hash.
//
// RISKCHECK_PLANTED=short|hash|handle makes one call of the harness misbehave on purpose.
#include "../crash/meeting.hpp"
#include "snapshot_files.hpp"
#include <memory>

namespace {

std::string folder, copies, region;
std::unique_ptr<Left> lefts[2];

// What a snapshot may be told to be.
bool is_known(rck_status status) {
  switch (status) {
  case RCK_OK:
  case RCK_E_DAMAGED:
  case RCK_E_CORRUPT:
  case RCK_E_UNSUPPORTED:
  case RCK_E_UNFINISHED:
  case RCK_E_NO_JOURNAL:
  case RCK_E_LAYOUT_VERSION:
  case RCK_E_CONFIG_DIFFERS:
    return true;
  default:
    return false;
  }
}

rck_status restored(rck_engine *engine, const std::string &from, uint32_t flags, rck_snapshot_info &info) {
  rck_fault fault{};
  info = sized<rck_snapshot_info>();
  const rck_status status = checked(rck_snapshot_restore(engine, from.c_str(), flags, &info, &fault));
  NEED(is_known(status) && (status == RCK_OK || fault.status == status));
  return status;
}

void in_health(const rck_engine *engine) {
  auto health = sized<rck_health_info>();
  PASSES(rck_health(engine, &health));
  NEED(health.state == RCK_HEALTH_RUNNING && health.failed_site == 0 && health.ports_open == 0);
}

// An engine in memory that ends where it must.
class Host {
public:
  explicit Host(const Left &left) {
    memory = aligned_alloc(RCK_REGION_ALIGN, left.bytes - (plants("short") ? RCK_REGION_ALIGN : 0));
    NEED(memory);
    PASSES(rck_engine_create(&left.config, memory, left.bytes, &engine, nullptr));
  }
  ~Host() {
    PASSES(rck_engine_close(engine));
    free(memory);
  }
  rck_engine *engine = nullptr;

private:
  void *memory;
};

class Attack {
public:
  Attack(const Left &from, Input &input) : left(from), in(input) {}

  void state() {
    const uint8_t how = in.byte();
    Mutation mutation(left, in);
    mutation.run();
    Hash told;
    if (how % 16 && opened(mutation.records, told) && mutation.records[0].size() > 1)
      memcpy(reinterpret_cast<uint8_t *>(mutation.records[0].data()) + layout::line_bytes +
                 offsetof(rck_snapshot_info, hash),
             told.words, sizeof told.words);
    layout::empty(folder);
    Forger(*left.state, in, folder).write(mutation.records);
    meet(how & 16 ? RCK_RESTORE_DOUBT : 0, how & 32);
  }

  void configuration() {
    layout::empty(folder);
    Forger(*left.configuration, in, folder).forge();
    Host host(left), next(left);
    rck_snapshot_info info;
    NEED(restored(host.engine, folder, 0, info) != RCK_OK);
    replay(host.engine, folder);
    in_health(host.engine);
    sums_agree(totals_of(host.engine));
    write_snapshot(host.engine, copies, RCK_SNAPSHOT_CONFIGURATION);
    NEED(replay(next.engine, copies) == RCK_OK);
    in_health(next.engine);
  }

  // Whether a region file of these lines opens, and with which hash.
  bool opened(const Records &records, Hash &hash) {
    rck_engine *engine = nullptr;
    layout::store(region, left.form->filled(records));
    if (checked(rck_engine_open(nullptr, region.c_str(), &engine, nullptr)) != RCK_OK)
      return false;
    hash = hash_of(engine);
    PASSES(rck_engine_close(engine));
    return true;
  }

private:
  const Left &left;
  Input &in;

  void meet(uint32_t flags, bool by_strategy) {
    Host host(left);
    rck_snapshot_info info;
    const Hash before = hash_of(host.engine);
    if (restored(host.engine, folder, flags, info) != RCK_OK) {
      NEED(hash_of(host.engine) == before);
      in_health(host.engine);
      return;
    }
    Hash now = hash_of(host.engine);
    now.words[0] += plants("hash");
    NEED(flags || (now.words[0] == info.hash[0] && now.words[1] == info.hash[1]));
    in_health(host.engine);
    sums_agree(totals_of(host.engine));
    totals_agree(totals_of(host.engine));
    comes_back(host.engine);
    trade(host.engine, by_strategy);
  }

  // A snapshot of what was restored is whole.
  void comes_back(rck_engine *engine) {
    const Hash before = hash_of(engine);
    write_snapshot(engine, copies, RCK_SNAPSHOT_STATE);
    Host next(left);
    rck_snapshot_info info;
    NEED(restored(next.engine, copies, 0, info) == RCK_OK);
    NEED(hash_of(next.engine) == before);
  }

  void trade(rck_engine *engine, bool by_strategy) {
    Trader at;
    at.engine = engine;
    at.strategy = by_strategy;
    traded(at);
    if (!looked(engine))
      return;
    sums_agree(totals_of(engine));
    Host next(left);
    rck_snapshot_info info;
    write_snapshot(engine, copies, RCK_SNAPSHOT_STATE);
    restored(next.engine, copies, 0, info);
  }

  rck_status replay(rck_engine *engine, const std::string &from) {
    auto told = sized<rck_replay_info>();
    return checked(rck_replay(engine, from.c_str(), nullptr, nullptr, &told, nullptr));
  }
};

int lowest_free_descriptor() {
  const int found = open("/dev/null", O_RDONLY);
  close(found);
  return found;
}

void remove_folders() {
  for (const std::string &each : {folder, copies}) {
    layout::empty(each);
    rmdir(each.c_str());
  }
  unlink(region.c_str());
}

std::string made_folder() {
  std::string pattern = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + std::string("/riskcheck-fuzz-XXXXXX");
  NEED(mkdtemp(pattern.data()));
  return pattern;
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  folder = made_folder();
  copies = made_folder();
  region = folder + ".region";
  atexit(remove_folders);
  for (const uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER})
    lefts[discipline == RCK_ONE_WRITER] = std::make_unique<Left>(folder, region, discipline);
  // What nobody has changed is restored, and its hash is found by way of a file.
  for (const auto &left : lefts) {
    Input nothing(nullptr, 0);
    Attack(*left, nothing).state();
    Hash hash;
    NEED(Attack(*left, nothing).opened(left->state->records, hash) && hash == left->hash);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  const int before = lowest_free_descriptor();
  Input input(bytes, count);
  const uint8_t start = input.byte();
  Attack attack(*lefts[start & 1], input);
  if (start < 200)
    attack.state();
  else
    attack.configuration();
  NEED(lowest_free_descriptor() == before + plants("handle"));
  return 0;
}
