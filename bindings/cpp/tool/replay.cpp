// riskcheck replay and what-if: does once more what a journal says was done, to an engine of its own, new or restored
// from a snapshot, and tells what came out differently.
#include "limits.hpp"
#include "options.hpp"
#include "show.hpp"

#include <algorithm>
#include <chrono>

namespace tool {

namespace {

// Lines of a difference: the command's first, its verdict as recorded, and as it is now.
constexpr std::size_t lines_each = 3;
// Differences that there is room for at first. If there are more and all are wanted, the journal is replayed again.
constexpr u32 room_at_first = 65'536;

struct Replayed {
  rck_replay_info info;
  std::optional<rck_snapshot_info> snapshot; // that it went on from
  std::vector<rck_event> lines;              // of differences
  u64 hash[2] = {};
  double seconds = 0;

  std::size_t known() const { return std::min<std::size_t>(info.differing, info.differences_max); }
  const rck_event &command(std::size_t at) const { return lines[at * lines_each]; }
  const rck_verdict &recorded(std::size_t at) const { return verdict(at, 1); }
  const rck_verdict &now(std::size_t at) const { return verdict(at, 2); }

private:
  const rck_verdict &verdict(std::size_t at, std::size_t line) const {
    return *reinterpret_cast<const rck_verdict *>(&lines[at * lines_each + line]);
  }
};

/// An engine of the configuration of a journal, new; or of a snapshot, with what that holds.
class Made {
public:
  explicit Made(const Options &options) {
    const std::string &directory = options.from.empty() ? options.path : options.from;
    auto config = sized<rck_config>();
    rck_fault fault{};
    must(rck_journal_config_get(directory.c_str(), &config, &fault), fault, directory);
    config.flags &= ~static_cast<u32>(RCK_TELL_COMMANDS | RCK_TELL_MARKET); // nobody reads what it would tell
    must(rck_engine_create(&config, nullptr, 0, &engine, &fault), fault, directory);
    if (!options.from.empty())
      restore(directory);
  }
  ~Made() { rck_engine_close(engine); }
  Made(const Made &) = delete;
  Made &operator=(const Made &) = delete;

  rck_engine *engine = nullptr;
  std::optional<rck_snapshot_info> snapshot;

private:
  void restore(const std::string &directory) {
    snapshot = sized<rck_snapshot_info>();
    rck_fault fault{};
    const rck_status status = rck_snapshot_restore(engine, directory.c_str(), 0, &*snapshot, &fault);
    if (status == RCK_OK)
      return;
    rck_engine_close(engine); // nobody else does, of what is not made whole
    if (status == RCK_E_UNSUPPORTED)
      throw Failure{unreadable, directory + ": " + rck_status_name(status) + ": no snapshot of a state"};
    throw failure(status, fault, directory);
  }
};

/// Throws if the library refuses one of the limits.
void blame_limits(rck_engine *engine, const Options &options, const std::vector<GivenLimit> &limits) {
  for (const GivenLimit &given : limits) {
    rck_fault fault{};
    const rck_status status = rck_limit_set(engine, &given.limit, RCK_LOOSEN, &fault);
    if (status >= 0)
      continue;
    const auto refused = failure(status, fault, "the library refuses it").text;
    throw limit_fault(options.limits, given.line, fault.field, refused);
  }
}

Replayed replay(const Options &options, const std::vector<GivenLimit> &given, u32 room) {
  std::vector<rck_limit> limits;
  for (const GivenLimit &one : given)
    limits.push_back(one.limit);
  Replayed replayed{};
  replayed.info = sized<rck_replay_info>();
  replayed.info.flags = given.empty() ? 0 : RCK_REPLAY_WHAT_IF;
  replayed.info.limits = static_cast<u32>(limits.size());
  replayed.info.differences_max = room;
  replayed.lines.resize(room * lines_each);
  const Made made(options);
  replayed.snapshot = made.snapshot;
  rck_fault fault{};
  const auto began = std::chrono::steady_clock::now();
  const rck_status status = rck_replay(made.engine, options.path.c_str(), limits.empty() ? nullptr : limits.data(),
                                       room == 0 ? nullptr : replayed.lines.data(), &replayed.info, &fault);
  replayed.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (status < 0 && failure(status, fault, "").exit_status == failed)
    blame_limits(made.engine, options, given);
  must(status, fault, options.path);
  must(rck_state_hash(made.engine, replayed.hash), {}, options.path);
  return replayed;
}

/// With room for as many differences as are wanted.
Replayed replay(const Options &options, const std::vector<GivenLimit> &given, std::optional<u64> wanted) {
  const u64 room = wanted.value_or(room_at_first);
  auto replayed = replay(options, given, static_cast<u32>(room));
  if (!wanted && replayed.info.differing > room)
    replayed = replay(options, given, static_cast<u32>(std::min<u64>(replayed.info.differing, UINT32_MAX)));
  return replayed;
}

std::string hash_text(const Replayed &replayed) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(replayed.hash[0]),
                static_cast<unsigned long long>(replayed.hash[1]));
  return text;
}

u64 commands_per_second(const Replayed &replayed) {
  return replayed.seconds > 0 ? static_cast<u64>(static_cast<double>(replayed.info.commands) / replayed.seconds) : 0;
}

bool passed(const rck_verdict &verdict) { return verdict.status == RCK_OK || verdict.status == RCK_REPEAT; }

std::string by_whom(const rck_verdict &verdict) {
  return verdict.control != 0 ? "by " + name_of_control(verdict.control)
                              : std::string("as ") + rck_status_name(verdict.status);
}

std::string kind_of_difference(const Replayed &replayed, std::size_t at) {
  return name_of_kind(static_cast<u16>(replayed.command(at).values[0]));
}

/// order 7 CHECK refused now by exposure
std::string difference_text(const Replayed &replayed, std::size_t at) {
  const rck_event &command = replayed.command(at);
  const rck_verdict &was = replayed.recorded(at), &now = replayed.now(at);
  std::string text = command.subject == 0 ? "" : "order " + std::to_string(command.subject) + " ";
  text += kind_of_difference(replayed, at) + ", " + time_text(command.time_ns) + ", port " +
          std::to_string(command.port) + ", sequence " + std::to_string(command.sequence);
  if (passed(was) && !passed(now))
    text += ": refused now " + by_whom(now);
  else if (!passed(was) && passed(now))
    text += ": passed now, was refused " + by_whom(was);
  else if (passed(was))
    text += ": passed still, with another verdict";
  else
    text += ": refused still, now " + by_whom(now);
  if ((command.severity & RCK_TOLD_OVERLAPPED) != 0)
    text += ", while the administrator changed something";
  return text + "\n  recorded: " + explanation(was) + "\n  now:      " + explanation(now) + "\n";
}

std::string row(std::string_view name, u64 value, std::string_view says) {
  char text[256];
  std::snprintf(text, sizeof text, "%-12s %llu%s\n", std::string(name).c_str(), static_cast<unsigned long long>(value),
                std::string(says).c_str());
  return text;
}

std::string controls_text(const rck_replay_info &info) {
  std::string text;
  for (u32 control = 0; control < 32; control++)
    if (info.controls[control] != 0)
      text += row("", info.controls[control], " by " + name_of_control(control));
  return text;
}

std::string report_text(const Replayed &replayed) {
  const rck_replay_info &info = replayed.info;
  std::string text;
  if (replayed.snapshot)
    text += "from         a snapshot of " + time_text(replayed.snapshot->time_ns) + "\n";
  text += row("records", info.records, "");
  text += row("commands", info.commands, ", " + std::to_string(commands_per_second(replayed)) + " a second");
  text += row("checks", info.checks, " checks, amends, legs and drop copies");
  text += row("differing", info.differing, " of all commands");
  text += row("refused now", info.refused_now, " of checks, that had passed") + controls_text(info);
  text += row("passed now", info.passed_now, " of checks, that had been refused");
  text += row("overlapped", info.overlapped, " of those that differ");
  text += row("forced", info.forced, " orders were entered all the same");
  text += row("skipped", info.skipped, " commands about orders that were refused now");
  text += row("lost", info.lost, " records that the rings had lost");
  if (info.commands == 0)
    text += "             nothing was done again: this journal tells no commands\n";
  text += "time         " + time_text(info.time_ns) + "\nstate hash   " + hash_text(replayed) + "\n";
  return text;
}

void difference_json(Json &json, const Replayed &replayed, std::size_t at) {
  const rck_event &command = replayed.command(at);
  const rck_verdict &was = replayed.recorded(at), &now = replayed.now(at);
  json.open('{').pair("kind", std::string_view(kind_of_difference(replayed, at)));
  json.pair("order_id", u64{command.subject}).pair("time_ns", i64{command.time_ns});
  json.pair("port", u32{command.port}).pair("sequence", u64{command.sequence});
  json.pair("overlapped", (command.severity & RCK_TOLD_OVERLAPPED) != 0);
  fields_json(json.key("recorded").open('{'), layout("rck_verdict"), &was);
  json.pair("explanation", std::string_view(explanation(was))).close('}');
  fields_json(json.key("now").open('{'), layout("rck_verdict"), &now);
  json.pair("explanation", std::string_view(explanation(now))).close('}').close('}');
}

void snapshot_json(Json &json, const rck_snapshot_info &snapshot) {
  fields_json(json.key("snapshot").open('{'), layout("rck_snapshot_info"), &snapshot);
  json.close('}');
}

/// One object; the differences are printed as they are made.
void print_json(const Replayed &replayed) {
  Json json;
  const rck_replay_info &info = replayed.info;
  json.open('{');
  for (const Field &field : layout("rck_replay_info").fields)
    if (!field.is_reserved && field.count == 1)
      json.key(field.name).raw(words(layout("rck_replay_info"), field, &info));
  json.key("controls").open('{');
  for (u32 control = 0; control < 32; control++)
    if (info.controls[control] != 0)
      json.pair(name_of_control(control), u64{info.controls[control]});
  json.close('}');
  if (replayed.snapshot)
    snapshot_json(json, *replayed.snapshot);
  json.pair("state_hash", std::string_view(hash_text(replayed)));
  json.pair("commands_per_second", commands_per_second(replayed)).key("differences").open('[');
  for (std::size_t at = 0; at < replayed.known(); at++) {
    difference_json(json, replayed, at);
    print(json.part());
  }
  json.close(']').close('}');
  print(json.line());
}

int show(const Options &options, const Replayed &replayed) {
  if (options.is_json) {
    print_json(replayed);
  } else {
    for (std::size_t at = 0; at < replayed.known(); at++)
      print(difference_text(replayed, at));
    if (replayed.info.differing > replayed.known())
      print(std::to_string(replayed.info.differing - replayed.known()) + " more differ\n");
    print(report_text(replayed));
  }
  return replayed.info.differing == 0 ? fine : differs;
}

} // namespace

int replay_journal(const Options &options) { return show(options, replay(options, {}, options.differences)); }

int ask_what_if(const Options &options) {
  return show(options, replay(options, limits_of(options.limits), std::nullopt));
}

} // namespace tool
