// A line of the report, and its form in results.json. Knows nothing of how it was measured.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

struct Row {
  std::string scenario;
  std::string unit; // of p50, p99, p999
  std::optional<double> p50, p99, p999, ops_per_second;
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

inline std::string json_row(const Row &row) {
  std::string out = "{\"scenario\": " + json_text(row.scenario) + ", \"unit\": " + json_text(row.unit);
  out += ", \"p50\": " + json_number(row.p50) + ", \"p99\": " + json_number(row.p99);
  out += ", \"p999\": " + json_number(row.p999) + ", \"ops_per_second\": " + json_number(row.ops_per_second);
  out += ", \"ratio\": " + json_number(row.ratio) + ", \"against\": " + json_or_null(row.against);
  out += ", \"ratio_of\": " + json_or_null(row.ratio_of) + ", \"target\": " + json_or_null(row.target);
  out += std::string(", \"met\": ") + (row.met ? (*row.met ? "true" : "false") : "null");
  out += ", \"kept\": " + std::to_string(row.kept) + ", \"dropped\": " + std::to_string(row.dropped);
  out += ", \"ghz\": " + json_number(row.ghz) + ", \"handover_ns\": " + json_number(row.handover_ns);
  out += ", \"extra\": {";
  for (size_t i = 0; i < row.extra.size(); i++) {
    out += (i == 0 ? "" : ", ") + json_text(row.extra[i].first) + ": " + json_number(row.extra[i].second);
  }
  return out + "}, \"note\": " + json_or_null(row.note) + "}";
}

} // namespace bench
