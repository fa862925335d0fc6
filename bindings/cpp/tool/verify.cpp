// riskcheck verify: whether a journal is what was written, and what there is in it.
#include "journal.hpp"
#include "options.hpp"
#include "show.hpp"

namespace tool {

namespace {

std::string words_of_flags(const rck_verify_info &info) {
  if (info.flags & RCK_JOURNAL_SNAPSHOT)
    return info.flags & RCK_JOURNAL_COMMANDS ? "a configuration" : "a state";
  std::string text = info.flags & RCK_JOURNAL_COMMANDS ? "commands" : "no commands";
  text += info.flags & RCK_JOURNAL_MARKET ? " and the market" : ", not the market";
  return text + (info.flags & RCK_JOURNAL_ONE_WRITER ? ", of one writer" : ", of many writers");
}

std::string text_of(const std::string &directory, const rck_verify_info &info) {
  const auto count = [](u64 number, std::string_view what) { return std::to_string(number) + " " + std::string(what); };
  std::string text = "journal      " + directory + ", of region " + std::to_string(info.region_id) + "\n";
  text += "tells        " + words_of_flags(info) + "\n";
  text += "segments     " + std::to_string(info.first_segment) + " to " + std::to_string(info.last_segment) +
          (info.flags & RCK_JOURNAL_FINISHED ? ", the last is finished\n" : ", the last is not finished\n");
  text += "holds        " + count(info.records, "records, ") + count(info.lines, "lines, ") +
          count(info.blocks, "blocks, ") + count(info.bytes, "bytes\n");
  if (info.records != 0)
    text += "times        " + time_text(info.first_time_ns) + " to " + time_text(info.last_time_ns) + "\n";
  text += "lost         " + (info.lost == 0 ? "nothing\n" : count(info.lost, "records, as their sequences say\n"));
  text += "torn         " +
          (info.torn_bytes == 0 ? "nothing\n" : count(info.torn_bytes, "bytes behind the last whole block\n"));
  if (info.damaged_segment == 0)
    return text + "damage       none\n";
  return text + "damage       segment " + std::to_string(info.damaged_segment) + ", " +
         file_of_segment(directory, info.damaged_segment) + ", the block at offset " +
         std::to_string(info.damaged_offset) + " is not what was written; what is counted comes before it\n";
}

std::string json_of(const std::string &directory, const rck_verify_info &info, rck_status status) {
  Json json;
  json.open('{').pair("status", rck_status_name(status));
  fields_json(json, layout("rck_verify_info"), &info);
  if (info.damaged_segment != 0)
    json.pair("damaged_file", std::string_view(file_of_segment(directory, info.damaged_segment)));
  json.close('}');
  return json.line();
}

} // namespace

int verify_journal(const Options &options) {
  auto info = sized<rck_verify_info>();
  rck_fault fault{};
  const rck_status status = rck_verify(options.path.c_str(), &info, &fault);
  if (status != RCK_E_DAMAGED)
    must(status, fault, options.path);
  print(options.is_json ? json_of(options.path, info, status) : text_of(options.path, info));
  return status == RCK_OK && info.lost == 0 ? fine : differs;
}

} // namespace tool
