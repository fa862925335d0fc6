// Records as the lines of a conformance table: what was called, and behind an arrow what came of it. Records that no
// call makes, and what a call's line has no place for, are comments. So the text of a whole journal is a table.
#pragma once

#include "journal.hpp"

#include <string>
#include <unordered_map>

namespace tool {

class Table {
public:
  /// The lines of a record. The legs of a batch are taken with it.
  std::string text(const rck_event *event, Merged &journal);

  /// The line of a configuration.
  static std::string text(const rck_config &config);

private:
  static std::string comment(const Record &record);
  std::string line(const Record &record);
  std::string legs(const rck_event *event, Merged &journal);
  std::string outcome(const std::vector<Record> &legs, bool have_passed);

  std::string checked(const Record &record);
  std::string amended(const Record &record);
  std::string filled(const Record &record);
  std::string named(const Record &record);
  std::string given(const Record &record);
  static std::string called(const Record &record);

  std::string verdict(const rck_verdict &verdict, u64 order_id);
  /// The name of a token, a new one if it is first seen here, of this order.
  std::string token(u64 token, u64 order_id);

  // Tokens are named after the order that they were given for, as in tables: @7, then @7.2.
  std::unordered_map<u64, std::string> names;
  std::unordered_map<u64, u64> tokens; // by order id
  std::unordered_map<u64, u32> grants; // by order id
  u64 override_id = 0;                 // of the override that is told next
};

} // namespace tool
