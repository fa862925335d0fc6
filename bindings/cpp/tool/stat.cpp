// riskcheck stat: what a region is at this moment, seen by a reader that maps it read-only and disturbs nobody.
#include "options.hpp"
#include "show.hpp"

#include <cstdio>

namespace tool {

namespace {

/// An attached engine, which is given back.
class Attached {
public:
  explicit Attached(const std::string &path) {
    rck_fault fault{};
    must(rck_engine_attach(path.c_str(), RCK_ATTACH_READER, &engine, &fault), fault, path);
  }
  ~Attached() { rck_engine_close(engine); }
  Attached(const Attached &) = delete;
  Attached &operator=(const Attached &) = delete;

  rck_engine *engine = nullptr;
};

struct State {
  rck_health_info health;
  std::vector<rck_stats> ports; // by index, 0 the engine's own
  u64 limits = 0;               // in force
};

u64 count_limits(const rck_engine *engine, const std::string &path) {
  rck_limit limits[64];
  u64 all = 0;
  for (u32 cursor = 0, count = 1; count != 0; all += count)
    must(rck_limits_armed(engine, limits, 64, &cursor, &count), {}, path);
  return all;
}

State look(const std::string &path) {
  const Attached attached(path);
  State state{sized<rck_health_info>(), {}, count_limits(attached.engine, path)};
  must(rck_health(attached.engine, &state.health), {}, path);
  for (u32 index = 0; index <= state.health.ports_max; index++) {
    state.ports.push_back(sized<rck_stats>());
    must(rck_stats_read(attached.engine, index, &state.ports.back()), {}, path);
  }
  return state;
}

std::string json_of(const State &state) {
  Json json;
  json.open('{');
  fields_json(json, layout("rck_health_info"), &state.health);
  json.pair("limits", state.limits).key("ports").open('[');
  for (u32 index = 0; index < state.ports.size(); index++) {
    json.open('{').pair("port", index);
    fields_json(json, layout("rck_stats"), &state.ports[index]);
    json.close('}');
  }
  json.close(']').close('}');
  return json.line();
}

std::string words_of(const rck_health_info &health) {
  switch (health.state) {
  case RCK_HEALTH_RUNNING:
    return "running, owned by process " + std::to_string(health.owner_pid);
  case RCK_HEALTH_FAILED:
    return "failed: invariant " + std::to_string(health.failed_site) + " is broken, nothing is taken in any more";
  case RCK_HEALTH_LEFT:
    return "left without closing by process " + std::to_string(health.owner_pid) + ", which is gone";
  default:
    return "closed by its owner";
  }
}

std::string row(std::string_view name, const std::string &value) {
  char text[512];
  std::snprintf(text, sizeof text, "%-12s %s\n", std::string(name).c_str(), value.c_str());
  return text;
}

std::string row(std::string_view name, u64 value) { return row(name, std::to_string(value)); }

std::string port_row(u32 index, const rck_stats &stats) {
  const auto shown = [](u64 number) { return static_cast<unsigned long long>(number); };
  char text[512];
  std::snprintf(text, sizeof text, "%4u %-6s %10llu %10llu %8llu %8llu %7llu %7llu %7llu %7llu %8llu %9llu  %s\n",
                index,
                index == 0   ? "engine"
                : stats.open ? "open"
                             : "closed",
                shown(stats.events_written), shown(stats.events_read), shown(stats.events_lost),
                shown(stats.events_refused), shown(stats.ring_lines_used), shown(stats.ring_lines_used_max),
                shown(stats.ring_lines), shown(stats.clock_clamps), shown(stats.clock_refusals), shown(stats.contended),
                stats.time_ns == 0 ? "-" : time_text(stats.time_ns).c_str());
  return text;
}

std::string text_of(const std::string &path, const State &state) {
  const rck_health_info &health = state.health;
  std::string text = row("region", path) + row("state", words_of(health));
  text += row("opened", std::to_string(health.opened) + " times" + (health.recovered ? ", last by recovery" : ""));
  text += row("time", health.time_ns == 0 ? "none yet" : time_text(health.time_ns));
  text += row("bytes", health.region_bytes) + row("limits", state.limits) + row("definitions", health.definitions);
  text += row("currencies", health.currencies) + row("groups", health.groups) + row("accounts", health.accounts);
  text += row("strategies", health.strategies) + row("instruments", health.instruments);
  text += row("calendars", health.calendars);
  text += row("lost",
              std::to_string(health.events_lost) + " events, " + std::to_string(health.events_refused) + " refused");
  text += row("ports", std::to_string(health.ports_open) + " open of " + std::to_string(health.ports_max));
  text +=
      "port           written       read     lost  refused    used    most   lines clamped  refused contended  time\n";
  u32 unused = 0;
  for (u32 index = 0; index < state.ports.size(); index++) {
    const rck_stats &stats = state.ports[index];
    const bool is_unused = !stats.open && stats.time_ns == 0 && stats.events_written == 0;
    unused += is_unused;
    if (!is_unused)
      text += port_row(index, stats);
  }
  return unused == 0 ? text : text + std::to_string(unused) + " more ports were never used\n";
}

} // namespace

int show_state(const Options &options) {
  const State state = look(options.path);
  print(options.is_json ? json_of(state) : text_of(options.path, state));
  return state.health.state == RCK_HEALTH_FAILED ? differs : fine;
}

} // namespace tool
