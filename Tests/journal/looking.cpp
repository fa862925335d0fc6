// Reads that fail while a journal is looked at or opened: the status is that of the system, never damage or the end,
// and no file is changed by it.
//
//   looking <folder> <stride> <seed> [planted]
//
// Every `stride`th read of those that read everything fails, and each of the others. `planted`: another errno is
// expected.
#include "faulty.hpp"

namespace {

class Library {
public:
  Library(const std::string &base, uint64_t seed) : places(base), desk(seed) {
    desk.make(trading::config(RCK_MANY_WRITERS, 4096));
    desk.open_reader();
    PASSES(open(nullptr));
    begin_trading(desk);
    auto info = sized<rck_pump_info>();
    while (info.segments_finished < 2 || info.segment_bytes < 20'000) {
      for (int act = 0; act < 250; act++)
        desk.act_somewhere();
      PASSES(rck_journal_pump(desk.reader, &info, nullptr));
    }
    leave();
    for (const std::string &name : layout::names_in(places.folder))
      files[name] = layout::contents(places.folder + "/" + name);
  }
  ~Library() { desk.close(); }
  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;

  const char *folder() const { return places.folder.c_str(); }

  rck_status open(rck_fault *fault) {
    const rck_journal_config config = trading::journal_config(RCK_SYNC_NONE, 1 << 20);
    return rck_journal_open(desk.reader, folder(), &config, fault);
  }

  // Closing the port leaves the segment unfinished.
  void leave() {
    PASSES(rck_port_close(desk.reader));
    desk.open_reader();
  }

  bool is_unchanged() const {
    const std::vector<std::string> names = layout::names_in(places.folder);
    return names.size() == files.size() && std::all_of(names.begin(), names.end(), [&](const std::string &name) {
             return files.count(name) && files.at(name) == layout::contents(places.folder + "/" + name);
           });
  }

  // Another file of the same name, so that an open descriptor does not see it.
  void restore() const {
    layout::empty(places.folder);
    for (const auto &[name, bytes] : files)
      layout::store(places.folder + "/" + name, bytes);
  }

private:
  const Places places;
  trading::Desk desk;
  std::map<std::string, layout::Bytes> files;
};

using Look = std::function<rck_status(Library &, rck_fault *)>;

rck_status walk(Library &library, rck_fault *fault) {
  static rck_event lines[RCK_JOURNAL_BLOCK_LINES];
  auto cursor = sized<rck_journal_cursor>();
  uint32_t count = 1;
  rck_status status = RCK_OK;
  while (count && status == RCK_OK)
    status = rck_journal_read(library.folder(), &cursor, lines, &count, fault);
  return status;
}

rck_status replay(Library &library, rck_fault *fault) {
  const rck_config config = trading::config(RCK_MANY_WRITERS, 64);
  rck_engine *engine = nullptr;
  PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
  auto info = sized<rck_replay_info>();
  const rck_status status = rck_replay(engine, library.folder(), nullptr, nullptr, &info, fault);
  PASSES(rck_engine_close(engine));
  return status;
}

int each_read(Library &library, const char *name, const Look &look, uint64_t stride, bool is_planted) {
  Tally tally(text("a read that fails is told by %s with its errno, and changes nothing", name));
  for (uint64_t at = 1;; at += stride) {
    faults::calls = faults::hits = 0;
    faults::plan = {faults::error, at, 1, EIO, 1u << faults::looks};
    rck_fault fault{};
    rck_status status = RCK_OK;
    {
      const faults::Armed armed;
      status = look(library, &fault);
    }
    faults::plan = {};
    if (faults::hits == 0)
      break;
    tally.tried++;
    if (status != RCK_E_SYSTEM || fault.system_error != (is_planted ? EPERM : EIO))
      tally.fault(text("read %llu: %s, errno %d", static_cast<unsigned long long>(at), rck_status_name(status),
                       fault.system_error));
    if (library.is_unchanged())
      continue;
    tally.fault(text("read %llu: %s, and the journal is another one", static_cast<unsigned long long>(at),
                     rck_status_name(status)));
    library.leave();
    library.restore();
  }
  library.leave();
  library.restore();
  return tally.close();
}

uint64_t look_stride(const std::string &name, uint64_t stride) {
  return name == "rck_journal_open" || name == "rck_journal_config_get" ? 1 : stride;
}

} // namespace

int main(int count, char **words) {
  if (count < 4)
    return 2;
  const uint64_t stride = strtoull(words[2], nullptr, 10);
  Library library(words[1], strtoull(words[3], nullptr, 10));
  const bool is_planted = has_word(count, words, "planted");
  const std::pair<const char *, Look> looks[] = {
      {"rck_journal_open", [](Library &on, rck_fault *fault) { return on.open(fault); }},
      {"rck_verify",
       [](Library &on, rck_fault *fault) {
         auto info = sized<rck_verify_info>();
         return rck_verify(on.folder(), &info, fault);
       }},
      {"rck_journal_read", walk},
      {"rck_journal_config_get",
       [](Library &on, rck_fault *fault) {
         auto config = sized<rck_config>();
         return rck_journal_config_get(on.folder(), &config, fault);
       }},
      {"rck_replay", replay},
  };
  int failed = 0;
  for (const auto &[name, look] : looks)
    failed += each_read(library, name, look, look_stride(name, stride), is_planted);
  return failed ? 1 : 0;
}
