// riskcheck dump: a whole journal, every record with all its fields, in the order in which a replay takes them.
#include "options.hpp"
#include "show.hpp"
#include "table.hpp"

namespace tool {

namespace {

void dump_json(Merged &journal) {
  Json json;
  while (const rck_event *event = journal.next()) {
    record_json(json, Record(event));
    print(json.line());
  }
}

void dump_table(const std::string &directory, Merged &journal) {
  auto config = sized<rck_config>();
  rck_fault fault{};
  must(rck_journal_config_get(directory.c_str(), &config, &fault), fault, directory);
  print(Table::text(config));
  Table table;
  while (const rck_event *event = journal.next())
    print(table.text(event, journal));
}

} // namespace

int dump_journal(const Options &options) {
  Merged journal(options.path);
  if (options.is_json)
    dump_json(journal);
  else
    dump_table(options.path, journal);
  flush();
  if (journal.fault())
    throw *journal.fault();
  return fine;
}

} // namespace tool
