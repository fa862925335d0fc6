// What a run collects: rows, scenarios skipped, contenders whose records did not come out as they went in.
#pragma once

#include "row.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct Report {
  std::vector<Row> rows;
  std::vector<Skip> skipped;
  std::vector<std::string> corrupt;
  uint64_t checksum = 0;

  bool valid() const { return corrupt.empty(); }
  void found_corrupt(const std::string &name) {
    if (std::find(corrupt.begin(), corrupt.end(), name) == corrupt.end())
      corrupt.push_back(name);
  }
};

} // namespace bench
