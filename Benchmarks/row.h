// A line of the report, and its form in results.json. Knows nothing of how it was measured.
#pragma once

#include "counters.h"
#include "histogram.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// Of times of single calls.
struct Percentiles {
  std::optional<double> p50, p90, p99, p999, p9999, p99999, max;
  uint64_t samples = 0;
};

// One second of an open loop.
struct Window {
  uint64_t second = 0, count = 0;
  Percentiles times;
};

struct Row {
  std::string scenario;
  std::string unit; // of p50, p99, p999
  std::optional<double> p50, p90, p99, p999, p9999, p99999, max, ops_per_second;
  uint64_t samples = 0;              // that the percentiles above the middle are of
  std::optional<Percentiles> net;    // the same single calls less what the clock costs
  std::optional<Percentiles> jitter; // of an empty loop of the same length, in the same blocks
  std::vector<std::pair<uint64_t, uint64_t>> histogram;
  std::vector<Window> windows;
  std::string point_of; // of a curve; empty: none
  double point = 0;
  std::optional<Counted> counted;
  std::optional<double> ratio; // this row's `ratio_of` divided by that of the row named `against`
  std::string ratio_of, against;
  std::string target; // in words; empty: none
  std::optional<bool> met;
  uint64_t kept = 0, dropped = 0; // rounds
  std::optional<double> ghz, handover_ns;
  std::vector<std::pair<std::string, double>> extra; // further figures by name
  std::string note;
};

struct Skip {
  std::string scenario, reason;
};

inline std::string json_text(const std::string &text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      c = ' ';
    out += c;
  }
  return out + "\"";
}

inline std::string json_number(std::optional<double> number) {
  if (!number || !std::isfinite(*number))
    return "null";
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", *number);
  return text;
}

inline std::string json_or_null(const std::string &text) { return text.empty() ? "null" : json_text(text); }

inline Percentiles percentiles_of(const Histogram &times) {
  Percentiles of;
  of.p50 = times.percentile(0.5);
  of.p90 = times.percentile(0.9);
  of.p99 = times.percentile(0.99);
  of.p999 = times.percentile(0.999);
  of.p9999 = times.percentile(0.9999);
  of.p99999 = times.percentile(0.99999);
  if (times.count() != 0)
    of.max = double(times.greatest());
  of.samples = times.count();
  return of;
}

// The times above the middle are those of single calls; `cost_ns` is the clock's own.
inline void put_singles(Row &row, const Histogram &times, double cost_ns) {
  Percentiles raw = percentiles_of(times), net = raw;
  row.p90 = raw.p90;
  row.p99 = raw.p99;
  row.p999 = raw.p999;
  row.p9999 = raw.p9999;
  row.p99999 = raw.p99999;
  row.max = raw.max;
  row.samples = raw.samples;
  row.histogram = times.buckets();
  for (auto *figure : {&net.p50, &net.p90, &net.p99, &net.p999, &net.p9999, &net.p99999, &net.max})
    if (*figure)
      *figure = std::max(0.0, **figure - cost_ns);
  row.net = net;
}

inline std::string json_percentiles(const Percentiles &of) {
  const std::pair<const char *, std::optional<double>> figures[] = {
      {"p50", of.p50},     {"p90", of.p90},       {"p99", of.p99}, {"p999", of.p999},
      {"p9999", of.p9999}, {"p99999", of.p99999}, {"max", of.max}};
  std::string out = "{\"samples\": " + std::to_string(of.samples);
  for (const auto &[name, figure] : figures)
    out += std::string(", \"") + name + "\": " + json_number(figure);
  return out + "}";
}

inline std::string json_counted(const std::optional<Counted> &of) {
  if (!of)
    return "null";
  return "{\"instructions\": " + json_number(of->instructions) + ", \"cycles\": " + json_number(of->cycles) +
         ", \"cache_misses\": " + json_number(of->cache_misses) +
         ", \"branch_misses\": " + json_number(of->branch_misses) + "}";
}

// What only some rows have.
inline std::string json_distribution(const Row &row) {
  std::string out = ", \"net\": " + (row.net ? json_percentiles(*row.net) : "null");
  out += ", \"jitter\": " + (row.jitter ? json_percentiles(*row.jitter) : "null") + ", \"histogram\": [";
  for (size_t i = 0; i < row.histogram.size(); i++)
    out += (i == 0 ? "[" : ", [") + std::to_string(row.histogram[i].first) + ", " +
           std::to_string(row.histogram[i].second) + "]";
  out += "], \"windows\": [";
  for (size_t i = 0; i < row.windows.size(); i++)
    out += (i == 0 ? "{" : ", {") + std::string("\"second\": ") + std::to_string(row.windows[i].second) +
           ", \"count\": " + std::to_string(row.windows[i].count) + ", " +
           json_percentiles(row.windows[i].times).substr(1);
  out += "], \"point\": ";
  out += row.point_of.empty() ? "null"
                              : "{\"of\": " + json_text(row.point_of) + ", \"x\": " + json_number(row.point) + "}";
  return out + ", \"counters\": " + json_counted(row.counted);
}

inline std::string json_row(const Row &row) {
  std::string out = "{\"scenario\": " + json_text(row.scenario) + ", \"unit\": " + json_text(row.unit);
  out += ", \"p50\": " + json_number(row.p50) + ", \"p90\": " + json_number(row.p90);
  out += ", \"p99\": " + json_number(row.p99) + ", \"p999\": " + json_number(row.p999);
  out += ", \"p9999\": " + json_number(row.p9999) + ", \"p99999\": " + json_number(row.p99999);
  out += ", \"max\": " + json_number(row.max) + ", \"samples\": " + std::to_string(row.samples);
  out += ", \"ops_per_second\": " + json_number(row.ops_per_second);
  out += ", \"ratio\": " + json_number(row.ratio) + ", \"against\": " + json_or_null(row.against);
  out += ", \"ratio_of\": " + json_or_null(row.ratio_of) + ", \"target\": " + json_or_null(row.target);
  out += std::string(", \"met\": ") + (row.met ? (*row.met ? "true" : "false") : "null");
  out += ", \"kept\": " + std::to_string(row.kept) + ", \"dropped\": " + std::to_string(row.dropped);
  out += ", \"ghz\": " + json_number(row.ghz) + ", \"handover_ns\": " + json_number(row.handover_ns);
  out += ", \"extra\": {";
  for (size_t i = 0; i < row.extra.size(); i++) {
    out += (i == 0 ? "" : ", ") + json_text(row.extra[i].first) + ": " + json_number(row.extra[i].second);
  }
  out += "}" + json_distribution(row);
  return out + ", \"note\": " + json_or_null(row.note) + "}";
}

} // namespace bench
