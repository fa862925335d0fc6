// journal.hpp: what the rings hold, in files; snapshots and replays. riskcheck_journal.h is the manual.
#ifndef RISKCHECK_JOURNAL_HPP
#define RISKCHECK_JOURNAL_HPP

#include <riskcheck/engine.hpp>

#include <array>
#include <string>
#include <vector>

namespace riskcheck {

// A journal that is written through a port for reading, which must outlive it. It is closed with what it has.
class Journal {
public:
  static Result<Journal> open(Port &reader, const char *directory, const JournalConfig &config) noexcept {
    rck_fault fault{};
    const rck_status status = rck_journal_open(reader.get(), directory, detail::raw(&config), &fault);
    return status == RCK_OK ? Result<Journal>(Journal(reader.get())) : Result<Journal>(status, fault);
  }
  Journal(Journal &&other) noexcept : port_(std::exchange(other.port_, nullptr)) {}
  Journal &operator=(Journal &&other) noexcept {
    Journal moved(std::move(other));
    std::swap(port_, moved.port_);
    return *this;
  }
  ~Journal() {
    if (port_ != nullptr)
      (void)close();
  }

  // Moves what is in all rings into the journal.
  Result<PumpInfo> pump() noexcept {
    rck_fault fault{};
    PumpInfo info;
    const rck_status status = rck_journal_pump(port_, detail::raw(&info), &fault);
    return status == RCK_OK ? Result<PumpInfo>(info) : Result<PumpInfo>(status, fault);
  }
  // Finishes the segment in work. The journal is closed whatever this says.
  Result<void> close() noexcept {
    rck_fault fault{};
    const rck_status status = rck_journal_close(port_, &fault);
    port_ = nullptr;
    return {status, fault};
  }

private:
  explicit Journal(rck_port *port) noexcept : port_(port) {}

  rck_port *port_;
};

// Reads a whole journal. Of a damaged one `info` says where, and counts what comes before.
inline Result<void> verify(const char *directory, VerifyInfo &info) noexcept {
  rck_fault fault{};
  return {rck_verify(directory, detail::raw(&info), &fault), fault};
}

// for (const Record &record : read(directory, cursor)): what lies behind `cursor`, which is moved on. It ends where the
// journal does for now: go through another one to go on.
inline auto read(std::string directory, JournalCursor &cursor) {
  auto next = [directory = std::move(directory), &cursor](Event *lines, std::uint32_t, std::uint32_t *count) {
    return rck_journal_read(directory.c_str(), detail::raw(&cursor), detail::raw(lines), count, nullptr);
  };
  return detail::Records<std::vector<Event>, decltype(next)>(std::vector<Event>(RCK_JOURNAL_BLOCK_LINES),
                                                             std::move(next));
}

// ---- Snapshots and replays ----

enum class Content : std::uint32_t { state = RCK_SNAPSHOT_STATE, configuration = RCK_SNAPSHOT_CONFIGURATION };

inline Result<SnapshotInfo> write_snapshot(Engine &engine, const char *directory, Content content) noexcept {
  rck_fault fault{};
  SnapshotInfo info;
  const auto what = static_cast<std::uint32_t>(content);
  const rck_status status = rck_snapshot_write(engine.get(), directory, what, detail::raw(&info), &fault);
  return status == RCK_OK ? Result<SnapshotInfo>(info) : Result<SnapshotInfo>(status, fault);
}
// `flags`: RCK_RESTORE_DOUBT.
inline Result<SnapshotInfo> restore(Engine &engine, const char *directory, std::uint32_t flags = 0) noexcept {
  rck_fault fault{};
  SnapshotInfo info;
  const rck_status status = rck_snapshot_restore(engine.get(), directory, flags, detail::raw(&info), &fault);
  return status == RCK_OK ? Result<SnapshotInfo>(info) : Result<SnapshotInfo>(status, fault);
}

// What an engine is made with to replay this journal.
inline Result<Config> journal_config(const char *directory) noexcept {
  rck_fault fault{};
  Config config;
  const rck_status status = rck_journal_config_get(directory, detail::raw(&config), &fault);
  return status == RCK_OK ? Result<Config>(config) : Result<Config>(status, fault);
}
// `info` says what is asked for and then what came of it, also of a replay that was refused half way. `limits` are as
// many as it names, `differences` has room for as many as it names.
inline Result<void> replay(Engine &engine, const char *directory, ReplayInfo &info, const Limit *limits = nullptr,
                           Event *differences = nullptr) noexcept {
  rck_fault fault{};
  return {
      rck_replay(engine.get(), directory, detail::raw(limits), detail::raw(differences), detail::raw(&info), &fault),
      fault};
}

using StateHash = std::array<std::uint64_t, 2>;

inline Result<StateHash> state_hash(Engine &engine) noexcept {
  StateHash hash{};
  const rck_status status = rck_state_hash(engine.get(), hash.data());
  return status == RCK_OK ? Result<StateHash>(hash) : Result<StateHash>(status, {});
}

} // namespace riskcheck

#endif
