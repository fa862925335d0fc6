// A whole journal as its reader gives it, taken apart into records, and what must hold of it whatever was done: the
// sequences of each port one after the other, what is missing told, tickets ascending and none given twice.
#ifndef RCK_CRASH_EVIDENCE_JOURNAL_HPP
#define RCK_CRASH_EVIDENCE_JOURNAL_HPP

#include "../stress/desk.hpp"
#include <cstdarg>
#include <set>

__attribute__((format(printf, 1, 2))) inline std::string text(const char *form, ...) {
  char line[512];
  va_list list;
  va_start(list, form);
  vsnprintf(line, sizeof line, form, list);
  va_end(list);
  return line;
}

struct Record {
  rck_event event;
  std::vector<rck_event> lines; // behind the first

  bool is_command() const {
    return (event.kind >= RCK_EVENT_CHECK && event.kind <= RCK_EVENT_METRIC) || is_administrative();
  }
  bool is_administrative() const { return event.kind >= RCK_EVENT_CURRENCY_SET && event.kind <= RCK_EVENT_REARM; }
  template <class Struct> Struct body(size_t line) const {
    Struct found{};
    NEED((line - 1) * 64 + sizeof found <= lines.size() * 64);
    memcpy(static_cast<void *>(&found), static_cast<const void *>(lines.data() + line - 1), sizeof found);
    return found;
  }
};

class Journal {
public:
  std::vector<std::vector<Record>> ports; // each port's records, as they were read
  std::string wrong;

  explicit Journal(const std::string &directory) : ports(256) {
    auto cursor = desk::sized<rck_journal_cursor>();
    std::vector<rck_event> lines(RCK_JOURNAL_BLOCK_LINES);
    uint32_t count = 0;
    uint64_t records = 0;
    do {
      rck_fault fault{};
      const rck_status status = rck_journal_read(directory.c_str(), &cursor, lines.data(), &count, &fault);
      if (status != RCK_OK) {
        wrong += text("the journal reads with %s in segment %llu at %lld; ", rck_status_name(status),
                      static_cast<unsigned long long>(cursor.segment), static_cast<long long>(fault.value));
        return;
      }
      records += take(lines.data(), count);
    } while (count);
    verify(directory, records);
  }

  // Of each port one after the other, and what is missing is told.
  void judge_sequences() {
    for (const auto &records : ports) {
      uint64_t last = 0, lost = 0, told = 0;
      for (const Record &record : records) {
        const rck_event &event = record.event;
        if (event.sequence <= last)
          wrong += text("port %u has %llu behind %llu; ", event.port, static_cast<unsigned long long>(event.sequence),
                        static_cast<unsigned long long>(last));
        lost += event.sequence - last - 1;
        last = event.sequence;
        if (event.kind == RCK_EVENT_LOST)
          told += event.subject;
      }
      if (lost != told)
        wrong +=
            text("%llu records of port %u are missing, and %llu are told lost; ", static_cast<unsigned long long>(lost),
                 records.front().event.port, static_cast<unsigned long long>(told));
    }
  }

  // Commands of all ports are in one order.
  void judge_tickets(uint32_t discipline) {
    std::set<uint64_t> all;
    for (const auto &records : ports) {
      uint64_t last = 0;
      for (const Record &record : records) {
        const rck_event &event = record.event;
        if (!record.is_command() || event.kind == RCK_EVENT_LEG) // which has its batch's
          continue;
        if (event.ticket == 0 || event.ticket < last || (event.ticket == last && discipline == RCK_MANY_WRITERS))
          wrong += text("the ticket of %llu of port %u is not above that before; ",
                        static_cast<unsigned long long>(event.sequence), event.port);
        last = event.ticket;
        // Of one writer what the administrator did has the number of its change alone.
        if (!all.insert(event.ticket).second)
          wrong += text("ticket %llu was given twice; ", static_cast<unsigned long long>(event.ticket));
      }
    }
  }

  // How many commands the administrator gave before the region was opened a second time.
  size_t made_with() const {
    size_t commands = 0;
    for (const Record &record : ports[0]) {
      if (record.event.kind == RCK_EVENT_ENGINE_OPENED && record.event.subject == 2)
        break;
      commands += record.is_command();
    }
    return commands;
  }

  // A violation is told once.
  void judge_violations() {
    std::set<uint64_t> begun;
    for (const auto &records : ports)
      for (const Record &record : records)
        if (record.event.kind == RCK_EVENT_VIOLATION && !begun.insert(record.event.subject).second)
          wrong += text("violation %llu began twice; ", static_cast<unsigned long long>(record.event.subject));
  }

private:
  uint64_t take(const rck_event *lines, uint32_t count) {
    uint64_t records = 0;
    for (uint32_t at = 0; at < count; at += lines[at].lines) {
      NEED(lines[at].lines > 0 && lines[at].lines <= count - at && lines[at].port < ports.size());
      ports[lines[at].port].push_back({lines[at], {lines + at + 1, lines + at + lines[at].lines}});
      records++;
    }
    return records;
  }

  void verify(const std::string &directory, uint64_t records) {
    auto info = desk::sized<rck_verify_info>();
    rck_fault fault{};
    const rck_status status = rck_verify(directory.c_str(), &info, &fault);
    if (status != RCK_OK || info.records != records)
      wrong += text("rck_verify gives %s and %llu records of %llu; ", rck_status_name(status),
                    static_cast<unsigned long long>(info.records), static_cast<unsigned long long>(records));
  }
};

#endif
