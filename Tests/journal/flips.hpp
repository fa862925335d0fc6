// Bits that are flipped in a journal, and what they must give.
#ifndef RCK_JOURNAL_FLIPS_HPP
#define RCK_JOURNAL_FLIPS_HPP

#include "workshop.hpp"

struct Flip {
  size_t segment = 0;
  size_t from = 0, bytes = 0; // what is overwritten
  uint8_t with[32] = {};
};

// A place in a segment: anywhere, or where what is read first stands.
inline size_t place_in(const Segment &segment, Random &random) {
  const Block &block = segment.blocks[random.below(segment.blocks.size())];
  switch (random.below(8)) {
  case 0:
    return random.below(layout::header_bytes);
  case 1:
  case 2:
    return block.offset + random.below(layout::line_bytes);
  case 3:
    return segment.blocks.back().offset + random.below(segment.blocks.back().bytes());
  default:
    return random.below(segment.bytes.size());
  }
}

inline Flip flip_of(const Workshop &shop, Random &random) {
  Flip flip;
  flip.segment = random.below(shop.truth.segments.size());
  const Bytes &bytes = shop.truth.segments[flip.segment].bytes;
  const size_t place = place_in(shop.truth.segments[flip.segment], random);
  flip.from = place;
  flip.bytes = 1;
  uint8_t mask[32] = {static_cast<uint8_t>(1u << random.below(8))};
  const uint64_t more = random.below(8);
  if (more == 0) { // another one or two nearby: in the same block or its neighbour
    flip.bytes = std::min<size_t>(32, bytes.size() - place);
    for (uint64_t left = 1 + random.below(2); left > 0; left--)
      mask[random.below(flip.bytes)] |= static_cast<uint8_t>(1u << random.below(8));
  } else if (more == 1) { // up to 32 side by side
    flip.bytes = std::min<size_t>(4, bytes.size() - place);
    for (size_t at = 1; at < flip.bytes; at++)
      mask[at] = static_cast<uint8_t>(random.next());
  }
  for (size_t at = 0; at < flip.bytes; at++)
    flip.with[at] = bytes[place + at] ^ mask[at];
  return flip;
}

// Where the damage is told: the first thing that a flipped byte belongs to.
inline Expected expected_of(const Workshop &shop, const Flip &flip, bool &is_last) {
  const Segment &segment = shop.truth.segments[flip.segment];
  size_t first = flip.from;
  while (flip.with[first - flip.from] == segment.bytes[first])
    first++;
  Expected expected = shop.damaged(flip.segment, first);
  // A header of another version says no more than that.
  if (first < layout::header_bytes)
    for (size_t at = first; at < flip.from + flip.bytes; at++)
      if (at >= layout::version_at && at < layout::version_end && flip.with[at - flip.from] != segment.bytes[at])
        expected.of_verify = expected.of_read = RCK_E_LAYOUT_VERSION;
  is_last = false;
  if (!segment.is_finished && first >= layout::header_bytes) {
    expected.may_end = true;
    expected.torn = segment.bytes.size() - expected.offset;
    // Nothing whole lies behind it, also if the last block is changed with the one before.
    size_t last = flip.from + flip.bytes - 1;
    while (flip.with[last - flip.from] == segment.bytes[last])
      last--;
    is_last = last >= segment.blocks.back().offset;
  }
  return expected;
}

// The bits are flipped as long as this lives.
class Flipped {
public:
  Flipped(const Workshop &shop, const Flip &what)
      : segment(shop.truth.segments[what.segment]), flip(what),
        file(open(shop.path(segment.name).c_str(), O_RDWR | O_CLOEXEC)) {
    put(flip.with);
  }
  ~Flipped() {
    put(segment.bytes.data() + flip.from);
    close(file);
  }
  Flipped(const Flipped &) = delete;
  Flipped &operator=(const Flipped &) = delete;

private:
  const Segment &segment;
  const Flip flip;
  const int file;

  void put(const uint8_t *bytes) const {
    NEED(pwrite(file, bytes, flip.bytes, static_cast<off_t>(flip.from)) == static_cast<ssize_t>(flip.bytes));
  }
};

#endif
