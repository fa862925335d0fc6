// riskcheck tail: the last records of a journal, one line each, and those that come.
#include "journal.hpp"
#include "options.hpp"
#include "show.hpp"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <deque>

namespace tool {

namespace {

// How long it waits before it looks again: a person sees no delay, and the disk hardly a reader.
constexpr long look_again_ns = 50'000'000;

volatile std::sig_atomic_t is_interrupted = 0;

void interrupt(int) { is_interrupted = 1; }

void end_by_signals() {
  struct sigaction action{};
  action.sa_handler = interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

/// BUY 10 of instrument 3 at 1000 for account 1
std::string words_of(const rck_order &order) {
  const auto number = [](i64 value) { return std::to_string(value); };
  std::string text = words({Form::one, sides}, {order.side, false}) + " " + number(order.quantity) + " of instrument " +
                     number(order.instrument);
  text += order.type == RCK_TYPE_LIMIT ? "" : " " + words({Form::one, types}, {order.type, false});
  text += order.price == 0 ? "" : " at " + number(order.price);
  text += order.stop_price == 0 ? "" : " stop " + number(order.stop_price);
  text += " for account " + number(order.account);
  return order.strategy == 0 ? text : text + ", strategy " + number(order.strategy);
}

std::string words_of(const rck_report &report) {
  return words({Form::one, reports}, {report.kind, false}) + " " + std::to_string(report.last_quantity) + " at " +
         std::to_string(report.last_price) + ", " + std::to_string(report.cumulative_quantity) + " in all";
}

/// What a record says besides its kind, its order and its status.
std::string details(const Record &record) {
  std::string text;
  if (record.kind() == nullptr)
    return parts_text(record).substr(1);
  for (const Part &part : record.kind()->parts) {
    const bool is_said = part.name.empty() || part.name == "order_id" || part.name == "status";
    if (!is_said && !(part.name == "set_flags" && record.number(part).bits == 0))
      text += (text.empty() ? "" : " ") + std::string(part.name) + "=" + words(part.form, record.number(part));
  }
  if (record.body() == nullptr)
    return text;
  text += text.empty() ? "" : " ";
  if (record.kind()->body == "rck_order")
    return text + words_of(record.as<rck_order>());
  if (record.kind()->body == "rck_report")
    return text + words_of(record.as<rck_report>());
  const std::string fields = fields_text(layout(record.kind()->body), record.body());
  return fields.empty() ? text : text + fields.substr(1);
}

std::string text_of(const Record &record) {
  const rck_event &event = record.event();
  std::string text = time_text(event.time_ns) + " port " + std::to_string(event.port) + " sequence " +
                     std::to_string(event.sequence) + " " + record.name();
  if (const u64 order_id = record.order_id(); order_id != 0)
    text += " order " + std::to_string(order_id);
  if (const auto status = record.status())
    text += std::string(" ") + rck_status_name(*status);
  if (const std::string said = details(record); !said.empty())
    text += " " + said;
  if (const rck_verdict *verdict = record.verdict())
    text += ": " + explanation(*verdict);
  return text + "\n";
}

std::string json_of(const Record &record) {
  const rck_event &event = record.event();
  Json json;
  json.open('{').pair("time", std::string_view(time_text(event.time_ns))).pair("time_ns", i64{event.time_ns});
  json.pair("port", u32{event.port}).pair("sequence", u64{event.sequence});
  json.pair("kind", std::string_view(record.name()));
  if (const u64 order_id = record.order_id(); order_id != 0)
    json.pair("order_id", order_id);
  if (const auto status = record.status())
    json.pair("status", rck_status_name(*status));
  json.pair("details", std::string_view(details(record)));
  if (const rck_verdict *verdict = record.verdict())
    json.pair("explanation", std::string_view(explanation(*verdict)));
  json.close('}');
  return json.line();
}

void print_record(const rck_event *event, bool is_json) {
  const Record record(event);
  print(is_json ? json_of(record) : text_of(record));
}

using Lines = std::vector<rck_event>; // of one record

/// What a reader still finds: the last records are kept, or if all are wanted each is printed.
std::deque<Lines> last_records(Reader &reader, const Options &options) {
  std::deque<Lines> last;
  while (reader.next()) {
    const auto block = reader.lines();
    for (std::size_t at = 0; at < block.size(); at += block[at].lines) {
      if (!options.lines) {
        print_record(&block[at], options.is_json);
        continue;
      }
      last.emplace_back(&block[at], &block[at] + block[at].lines);
      if (last.size() > *options.lines)
        last.pop_front();
    }
  }
  return last;
}

/// Prints the last records, and gives the reader that has read them: it begins with the last segment, and earlier only
/// if there are too few records in those behind.
Reader print_last(const Options &options) {
  const auto segments = segments_of(options.path);
  std::size_t begin = options.lines ? segments.size() : 0, step = 1;
  while (true) {
    begin = begin > step ? begin - step : 0;
    step *= 2;
    Reader reader(options.path, begin == 0 ? 0 : segments[begin]);
    const auto records = last_records(reader, options);
    if (begin != 0 && (records.size() < options.lines.value_or(0) || reader.has_lost_its_segment()))
      continue;
    for (const Lines &lines : records)
      print_record(lines.data(), options.is_json);
    flush();
    return reader;
  }
}

void follow(Reader &reader, const Options &options) {
  const timespec pause = {0, look_again_ns};
  while (!is_interrupted) {
    while (!is_interrupted && reader.next()) {
      const auto block = reader.lines();
      for (std::size_t at = 0; at < block.size(); at += block[at].lines)
        print_record(&block[at], options.is_json);
    }
    flush();
    if (reader.has_lost_its_segment()) {
      std::fprintf(stderr, "riskcheck: %s: segments were removed before they were read\n", options.path.c_str());
      reader = Reader(options.path);
      continue;
    }
    if (reader.fault())
      throw *reader.fault();
    nanosleep(&pause, nullptr);
  }
}

} // namespace

int tail_journal(const Options &options) {
  if (options.follows)
    end_by_signals();
  Reader reader = print_last(options);
  if (reader.fault())
    throw *reader.fault();
  if (options.follows)
    follow(reader, options);
  return fine;
}

} // namespace tool
