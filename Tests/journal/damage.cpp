// Cuts and flips a journal's files, and reads it each time.
//
//   damage <folder> cut|bits|flip <count> <seed> [own] [planted=checksum|chain|silent|twice|beyond]
//
// `cut`: the last finished segment and the unfinished one end at every `count`th byte of their last two blocks of
// records and of what follows. `bits`: every `count`th bit of headers and of a last block. `flip`: `count` trials of
// one to three bits, or of up to 32 side by side. `own`: the tests' own reader; with a fault planted in it the program
// must find it.
#include "flips.hpp"

namespace {

// One walk of 32 goes through everything, the others begin three blocks before the damage.
size_t whole_walk(uint64_t trial) { return trial % 32 ? 3 : SIZE_MAX; }

void cut_one(Workshop &shop, Tally &tally, size_t which, size_t bytes) {
  const Segment &segment = shop.truth.segments[which];
  const std::string path = shop.path(segment.name);
  NEED(truncate(path.c_str(), static_cast<off_t>(bytes)) == 0);
  Expected expected = shop.damaged(which, bytes);
  if (!segment.is_finished) {
    expected.must_end = true;
    expected.torn = bytes < layout::header_bytes ? bytes : bytes - expected.offset;
  }
  const std::string fault = shop.judge.fault(expected, whole_walk(tally.tried));
  tally.tried++;
  if (!fault.empty())
    tally.fault(text("%s at byte %zu of %zu: ", segment.name.c_str(), bytes, segment.bytes.size()) + fault);
}

int cut(Workshop &shop, uint64_t stride) {
  int failed = 0;
  for (const bool is_finished : {true, false}) {
    Tally tally(is_finished ? "cut anywhere, a finished segment is damaged from the cut on, and whole before it"
                            : "cut anywhere, an unfinished segment ends in torn bytes, and is whole before them");
    const size_t which = shop.truth.segments.size() - (is_finished ? 2 : 1);
    const Segment &segment = shop.truth.segments[which];
    NEED(segment.is_finished == is_finished);
    const size_t last = segment.blocks.size() - (is_finished ? 3 : 2);
    // Shorter and shorter.
    for (size_t at = segment.bytes.size() - 1; at >= segment.blocks[last].offset; at -= stride)
      cut_one(shop, tally, which, at);
    for (const size_t at : {layout::header_bytes, size_t{4095}, size_t{64}, size_t{1}, size_t{0}})
      cut_one(shop, tally, which, at);
    layout::store(shop.path(segment.name), segment.bytes);
    failed += tally.close();
  }
  return failed;
}

int flip(Workshop &shop, uint64_t count, uint64_t seed) {
  Random random(seed);
  Tally tally("flipped bits are told, at the block they are in, and all before it is read as it was written");
  Tally torn("flipped bits with whole blocks behind them are not taken for a torn end");
  for (uint64_t trial = 0; trial < count; trial++) {
    const Flip flip = flip_of(shop, random);
    const Flipped flipped(shop, flip);
    bool is_last = false;
    const Expected expected = expected_of(shop, flip, is_last);
    const uint64_t ended = shop.judge.ended;
    const std::string where = text("trial %llu, %s at byte %zu: ", static_cast<unsigned long long>(trial),
                                   shop.truth.segments[flip.segment].name.c_str(), flip.from);
    const std::string fault = shop.judge.fault(expected, whole_walk(trial));
    tally.tried++;
    if (!fault.empty())
      tally.fault(where + fault);
    if (!expected.may_end || is_last)
      continue;
    torn.tried++;
    if (shop.judge.ended != ended)
      torn.fault(where + text("%llu bytes are called torn", static_cast<unsigned long long>(expected.torn)));
  }
  return tally.close(text("seed %llu", static_cast<unsigned long long>(seed))) + torn.close();
}

// Bit for bit what a reader believes first: the header of a segment, of each of its blocks, and its last block.
int bits(Workshop &shop, uint64_t stride) {
  Tally tally("no bit of a segment's header, of its blocks' headers, or of its last block is without a check");
  const size_t which = shop.truth.segments.size() - 2;
  const Segment &segment = shop.truth.segments[which];
  std::vector<std::pair<size_t, size_t>> places{{0, layout::header_bytes}};
  for (const Block &block : segment.blocks)
    places.emplace_back(block.offset, block.kind == layout::end_kind ? block.bytes() : layout::line_bytes);
  uint64_t number = 0;
  for (const auto &[from, bytes] : places)
    for (size_t bit = 0; bit < bytes * 8; bit++) {
      if (number++ % stride)
        continue;
      Flip flip;
      flip.segment = which;
      flip.from = from + bit / 8;
      flip.bytes = 1;
      flip.with[0] = segment.bytes[flip.from] ^ static_cast<uint8_t>(1u << bit % 8);
      const Flipped flipped(shop, flip);
      bool is_last = false;
      const std::string fault = shop.judge.fault(expected_of(shop, flip, is_last), 1);
      tally.tried++;
      if (!fault.empty())
        tally.fault(text("bit %zu of byte %zu: ", bit % 8, flip.from) + fault);
    }
  return tally.close();
}

} // namespace

int main(int count, char **words) {
  if (count < 5)
    return 2;
  const std::string folder = words[1], mode = words[2];
  const uint64_t number = strtoull(words[3], nullptr, 10), seed = strtoull(words[4], nullptr, 10);
  LibraryReading library;
  OwnReading own(plant_of(count, words));
  make(folder, seed);
  Workshop shop(folder, has_word(count, words, "own") ? static_cast<Reading &>(own) : library);
  const int failed = mode == "cut" ? cut(shop, number) : mode == "bits" ? bits(shop, number) : flip(shop, number, seed);
  return failed ? 1 : 0;
}
