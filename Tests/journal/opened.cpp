// Damages the last segments of a journal, and opens it to go on with it: nothing that is whole is cut off.
//
//   opened <folder> <trials> <seed> [planted]
//
// Each time: refused, and then no file has changed; or opened, and then all before the damage is there as it was
// written, and what was damaged is not. `planted`: a whole block is cut off afterwards.
#include "flips.hpp"
#include <memory>

namespace {

class Opener {
public:
  Opener(const std::string &folder, uint64_t seed, bool planted) : desk(seed), is_planted(planted), random(seed) {
    make(desk, folder);
    shop = std::make_unique<Workshop>(folder, library);
  }
  ~Opener() { desk.close(); }
  Opener(const Opener &) = delete;
  Opener &operator=(const Opener &) = delete;

  int run(uint64_t trials) {
    Tally tally("opened to be gone on with, a damaged journal is left as it is, or cut where the damage begins");
    Tally cut("opened to be gone on with, no whole block is cut off for one that is damaged before it");
    for (uint64_t trial = 0; trial < trials; trial++) {
      const bool is_flip = trial % 4;
      bool is_last = true;
      const Expected expected = is_flip ? flip(is_last) : shorten();
      const rck_status status = open();
      const std::string wrong = status == RCK_OK ? opened(expected, is_last) : refused(status, is_flip);
      Tally &one = status == RCK_OK && !is_last ? cut : tally;
      tally.tried += &one == &tally;
      cut.tried += !is_last;
      if (!wrong.empty())
        one.fault(text("trial %llu, segment %llu at %llu: ", static_cast<unsigned long long>(trial),
                       static_cast<unsigned long long>(expected.segment),
                       static_cast<unsigned long long>(expected.offset)) +
                  wrong);
      shop->restore();
    }
    return tally.close() + cut.close();
  }

private:
  LibraryReading library;
  trading::Desk desk;
  const bool is_planted;
  Random random;
  std::unique_ptr<Workshop> shop;
  Bytes damaged; // the file that is damaged, before it is opened

  const Segment &last_segment() const { return shop->truth.open_segment(); }

  Expected flip(bool &is_last) {
    Flip flip = flip_of(*shop, random);
    while (flip.segment == 0) // which nobody looks at
      flip = flip_of(*shop, random);
    const Segment &segment = shop->truth.segments[flip.segment];
    damaged = segment.bytes;
    memcpy(damaged.data() + flip.from, flip.with, flip.bytes);
    layout::store(shop->path(segment.name), damaged);
    Expected expected = expected_of(*shop, flip, is_last);
    is_last = is_last || segment.is_finished || expected.offset == 0;
    return expected;
  }

  // The unfinished segment ends anywhere.
  Expected shorten() {
    damaged = last_segment().bytes;
    damaged.resize(random.below(damaged.size()));
    layout::store(shop->path(last_segment().name), damaged);
    Expected expected = shop->damaged(shop->truth.segments.size() - 1, damaged.size());
    expected.may_end = true;
    return expected;
  }

  rck_status open() {
    desk.open_reader();
    const auto config = trading::journal_config(RCK_SYNC_NONE, 1 << 20);
    const rck_status status = rck_journal_open(desk.reader, shop->folder.c_str(), &config, nullptr);
    PASSES(rck_port_close(desk.reader));
    desk.reader = nullptr;
    if (is_planted) {
      const std::string path = shop->path(last_segment().name);
      NEED(truncate(path.c_str(), static_cast<off_t>(last_segment().blocks[0].end())) == 0);
    }
    return status;
  }

  std::string refused(rck_status status, bool is_flip) const {
    if (!is_flip)
      return text("a journal with a torn end gives %s", rck_status_name(status));
    if (status != RCK_E_DAMAGED && status != RCK_E_LAYOUT_VERSION)
      return rck_status_name(status);
    for (const Segment &segment : shop->truth.segments) {
      const Bytes now = layout::contents(shop->path(segment.name));
      if (now != segment.bytes && now != damaged)
        return "a journal that is refused is changed";
    }
    return "";
  }

  // The damage was in a tail, which is gone, or in a segment that is not looked at any more.
  std::string opened(Expected expected, bool is_last) {
    if (!is_last)
      return text("%zu whole blocks are cut off with it", shop->truth.places.size() - expected.last - 1);
    if (expected.segment == last_segment().number)
      expected.must_end = true;
    expected.torn = 0;
    const std::string wrong = shop->judge.fault(expected);
    const std::string name = last_segment().name;
    const bool is_cut = !expected.must_end || layout::contents(shop->path(name)).size() ==
                                                  std::max<uint64_t>(expected.offset, layout::header_bytes);
    return wrong.empty() && !is_cut ? "what is damaged is still there" : wrong;
  }
};

} // namespace

int main(int count, char **words) {
  if (count < 4)
    return 2;
  Opener opener(words[1], strtoull(words[3], nullptr, 10), has_word(count, words, "planted"));
  return opener.run(strtoull(words[2], nullptr, 10)) ? 1 : 0;
}
