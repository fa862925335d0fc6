// Whoever goes on behind a life that ended somewhere: opens the region and its journal, pumps, lives for a little, and
// looks whether each record is there exactly once.
#ifndef RCK_JOURNAL_SUCCESSOR_HPP
#define RCK_JOURNAL_SUCCESSOR_HPP

#include "faulty.hpp"

class Successor {
public:
  Successor(const Script &what, const Places &where) : script(what), places(where), desk(1) {}

  // Opens and closes the journal without a pump before it goes on: nothing may be forgotten by that.
  bool is_visited = false;

  // What is wrong with the journal at the end. The reference is what the life before had written to its rings when it
  // ended, at least.
  std::string go_on(const Records &reference) {
    begin_life(desk, places.region);
    Follower left(places.folder);
    if (!layout::names_in(places.folder).empty() && left.follow() != RCK_OK)
      return "what is left cannot be read";
    if (is_visited) {
      open();
      insist("rck_journal_close", [&](rck_fault *fault) { return rck_journal_close(desk.reader, fault); });
    }
    open();
    pump();
    if (!wrong.empty())
      return wrong;
    uint64_t repeats = 0;
    for (uint32_t ring = 0; ring <= trading::ports; ring++) {
      const uint64_t written = left.records[ring].size(), read = read_before[ring];
      repeats += written > read ? written - read : 0;
    }
    report().repeats += repeats;
    // A pump that fails leaves what it knew in the rings, where the next one finds it again.
    if (faults::hits ? pumped < repeats : pumped != repeats)
      return text("%llu repeats are counted, not %llu", static_cast<unsigned long long>(pumped),
                  static_cast<unsigned long long>(repeats));
    live();
    return wrong.empty() ? judged(reference) : wrong;
  }

private:
  const Script script;
  const Places &places;
  trading::Desk desk;
  std::string wrong;
  uint64_t pumped = 0; // repeats
  uint64_t read_before[trading::ports + 1] = {};

  // Once more whenever it was the plan that stopped it.
  void insist(const char *what, const std::function<rck_status(rck_fault *)> &call) {
    for (int attempt = 0; attempt < 20 && wrong.empty(); attempt++) {
      rck_fault fault{};
      const uint64_t hits = faults::hits;
      rck_status status = RCK_OK;
      {
        const faults::Armed armed;
        status = call(&fault);
      }
      if (status == RCK_OK)
        return;
      if (faults::hits == hits || status != status_of(faults::plan.number))
        wrong = text("%s gives %s, errno %d", what, rck_status_name(status), fault.system_error);
      else if (strcmp(what, "rck_journal_close") == 0)
        return; // it is closed all the same
    }
  }

  void open() {
    const rck_journal_config config = config_of(script);
    insist("rck_journal_open",
           [&](rck_fault *fault) { return rck_journal_open(desk.reader, places.folder.c_str(), &config, fault); });
  }

  void pump() {
    for (uint32_t ring = 0; ring <= trading::ports; ring++)
      read_before[ring] = desk.stats(ring).events_read;
    auto info = sized<rck_pump_info>();
    insist("rck_journal_pump", [&](rck_fault *fault) {
      const rck_status status = rck_journal_pump(desk.reader, &info, fault);
      pumped += info.repeats;
      return status;
    });
  }

  void live() {
    for (uint32_t index = 1; index <= trading::ports; index++)
      desk.open_writer(index);
    desk.now_ns = 1'000'000'000;
    for (uint32_t index = 1; index <= trading::ports; index++)
      for (uint64_t number = 1; number <= 40; number++) {
        const rck_event event = numbered_event(number, index, desk.now_ns);
        PASSES(rck_event_write(desk.writers[index], &event, 1));
      }
    pump();
    insist("rck_journal_close", [&](rck_fault *fault) { return rck_journal_close(desk.reader, fault); });
  }

  std::string judged(const Records &reference) {
    Records found;
    const std::string unread = read_whole(places.folder, found);
    if (!unread.empty())
      return unread;
    for (uint32_t ring = 0; ring <= trading::ports; ring++) {
      const rck_stats stats = desk.stats(ring);
      if (found[ring].size() != stats.events_written || stats.events_lost)
        return text("port %u has written %llu records, its journal has %zu", ring,
                    static_cast<unsigned long long>(stats.events_written), found[ring].size());
    }
    return difference(found, reference, true);
  }
};

#endif
