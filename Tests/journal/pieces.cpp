// Takes a journal's files apart and puts them together wrongly, and reads it each time.
//
//   pieces <folder> <seed> [own] [planted=checksum|chain|silent|twice|beyond]
//
// Segments and blocks are removed, swapped, repeated, zeroed; garbage is appended. `own`: the tests' own reader; with a
// fault planted in it the program must find it.
#include "workshop.hpp"
#include <functional>

namespace {

class Pieces {
public:
  explicit Pieces(Workshop &workshop)
      : shop(workshop), first(shop.truth.segments.front()), finished(shop.truth.segments[1]),
        open(shop.truth.open_segment()) {}

  int all() {
    segments();
    renamed();
    for (const size_t which : {size_t{1}, size_t{2}})
      blocks(which);
    garbage_behind_finished();
    garbage_behind_open();
    return failed;
  }

private:
  Workshop &shop;
  const Segment &first, &finished, &open;
  int failed = 0;

  // One piece of damage, on files that are whole before and after.
  void meets(const std::string &name, const Expected &expected, const std::function<void()> &damage) {
    Tally tally(name);
    shop.restore();
    damage();
    tally.tried++;
    const std::string fault = shop.judge.fault(expected);
    if (!fault.empty())
      tally.fault(fault);
    failed += tally.close();
    shop.restore();
  }

  void remove(const std::string &name) const { NEED(unlink(shop.path(name).c_str()) == 0); }
  void put(const std::string &name, const Bytes &bytes) const { layout::store(shop.path(name), bytes); }
  void move(const std::string &from, const std::string &to) const {
    NEED(rename(shop.path(from).c_str(), shop.path(to).c_str()) == 0);
  }

  // All up to a segment, and damage where it begins.
  Expected at_segment(size_t which) const { return shop.damaged(which, 0); }

  void segments() {
    meets("nothing is wrong with the undamaged journal", shop.whole(), [] {});
    Expected later = shop.whole();
    later.first = shop.truth.before(1);
    meets("without its oldest segment the journal begins with the next", later, [&] { remove(first.name); });
    Expected missing = at_segment(1);
    missing.of_read = RCK_E_NO_JOURNAL;
    meets("a segment that is missing between others is damage", missing, [&] { remove(finished.name); });
    Expected shorter = shop.whole();
    shorter.last = shop.truth.before(2);
    meets("without its unfinished segment the journal ends before", shorter, [&] { remove(open.name); });
    meets("two segments that changed places are damage", at_segment(0), [&] {
      put(first.name, finished.bytes);
      put(finished.name, first.bytes);
    });
    meets("a segment in the place of another is damage", at_segment(1), [&] { put(finished.name, first.bytes); });
    Expected behind = at_segment(2);
    meets("a segment once more, behind itself, is damage", behind, [&] {
      remove(open.name);
      put(layout::segment_name(3, true), finished.bytes);
    });
    Expected last = shop.damaged(2, open.bytes.size());
    last.may_end = true;
    meets("the unfinished segment once more, behind itself, is damage or is not looked at", last,
          [&] { put(layout::segment_name(4, false), open.bytes); });
  }

  void renamed() {
    const Expected whole = shop.whole();
    meets("an unfinished segment called finished is damage at its end", shop.damaged(2, open.bytes.size()),
          [&] { move(open.name, layout::segment_name(3, true)); });
    meets("a finished segment that is still called unfinished is read to its end, and so is the next", whole,
          [&] { move(finished.name, layout::segment_name(2, false)); });
    meets("an unfinished segment that others follow is damage where it is torn",
          shop.damaged(1, finished.bytes.size() - 1), [&] {
            Bytes bytes = finished.bytes;
            bytes.resize(bytes.size() - 1);
            remove(finished.name);
            put(layout::segment_name(2, false), bytes);
          });
    meets("beside a finished segment one that is called unfinished is not looked at", whole,
          [&] { put(layout::segment_name(2, false), first.bytes); });
    meets("files with other names are not looked at", whole, [&] {
      put("0000000002.journal~", first.bytes);
      put("2.journal", first.bytes);
      put("0000000000.open", first.bytes);
      put("x", first.bytes);
    });
  }

  // A segment that is made anew from pieces, damaged from the block `from` on.
  void remade(const std::string &name, size_t which, size_t from, const std::function<Bytes(const Segment &)> &made) {
    const Segment &segment = shop.truth.segments[which];
    Expected expected = shop.damaged(which, segment.blocks[from].offset);
    meets(name + (segment.is_finished ? ", finished" : ", unfinished"), expected,
          [&] { put(segment.name, made(segment)); });
  }

  static void add(Bytes &to, const Segment &from, size_t first, size_t last) {
    for (size_t at = first; at < last; at++) {
      const Block &block = from.blocks[at];
      to.insert(to.end(), from.bytes.data() + block.offset, from.bytes.data() + block.end());
    }
  }

  static Bytes header(const Segment &of) { return Bytes(of.bytes.data(), of.bytes.data() + layout::header_bytes); }

  void blocks(size_t which) {
    remade("two blocks that changed places are damage", which, 1, [](const Segment &of) {
      Bytes bytes = header(of);
      add(bytes, of, 0, 1);
      add(bytes, of, 2, 3);
      add(bytes, of, 1, 2);
      add(bytes, of, 3, of.blocks.size());
      return bytes;
    });
    remade("a block that is missing is damage", which, 2, [](const Segment &of) {
      Bytes bytes = header(of);
      add(bytes, of, 0, 2);
      add(bytes, of, 3, of.blocks.size());
      return bytes;
    });
    remade("a block that comes twice is damage", which, 3, [](const Segment &of) {
      Bytes bytes = header(of);
      add(bytes, of, 0, 3);
      add(bytes, of, 2, of.blocks.size());
      return bytes;
    });
    remade("a block of zeros is damage", which, 1, [](const Segment &of) {
      Bytes bytes = of.bytes;
      memset(bytes.data() + of.blocks[1].offset, 0, of.blocks[1].bytes());
      return bytes;
    });
    remade("a block with lines of zeros is damage", which, 1, [](const Segment &of) {
      Bytes bytes = of.bytes;
      const Block &block = of.blocks[1];
      memset(bytes.data() + block.offset + layout::line_bytes, 0, block.lines * layout::line_bytes);
      return bytes;
    });
    remade("a block of another segment is damage", which, 1, [this](const Segment &of) {
      Bytes bytes = header(of);
      add(bytes, of, 0, 1);
      add(bytes, first, 1, 2);
      add(bytes, of, 2, of.blocks.size());
      return bytes;
    });
  }

  Bytes with(const Segment &segment, const Bytes &more) const {
    Bytes bytes = segment.bytes;
    bytes.insert(bytes.end(), more.begin(), more.end());
    return bytes;
  }

  static Bytes noise(size_t count) {
    Random random(count);
    Bytes bytes(count);
    for (uint8_t &byte : bytes)
      byte = static_cast<uint8_t>(random.next());
    return bytes;
  }

  static Bytes last_block(const Segment &of) {
    Bytes bytes;
    add(bytes, of, of.blocks.size() - 1, of.blocks.size());
    return bytes;
  }

  void garbage_behind_finished() {
    Expected expected = shop.damaged(1, finished.bytes.size() - 1); // its last block is not its end
    for (const auto &[what, more] : {std::pair{"one byte", noise(1)}, std::pair{"4,096 zeros", Bytes(4096)},
                                     std::pair{"its last block once more", last_block(finished)},
                                     std::pair{"100,000 random bytes", noise(100'000)}}) {
      meets(text("behind a finished segment %s is damage", what), expected,
            [&] { put(finished.name, with(finished, more)); });
    }
  }

  void garbage_behind_open() {
    for (const auto &[what, more] :
         {std::pair{"one byte", noise(1)}, std::pair{"63 bytes", noise(63)}, std::pair{"4,096 zeros", Bytes(4096)},
          std::pair{"65,600 random bytes", noise(layout::block_bytes_max)},
          std::pair{"200,000 random bytes", noise(200'000)}}) {
      Expected torn = shop.whole();
      torn.torn = more.size();
      meets(text("behind an unfinished segment %s is a torn end", what), torn,
            [&] { put(open.name, with(open, more)); });
    }
    const Expected damage = shop.damaged(2, open.bytes.size());
    meets("behind an unfinished segment its last block once more is damage", damage,
          [&] { put(open.name, with(open, last_block(open))); });
  }
};

} // namespace

int main(int count, char **words) {
  if (count < 3)
    return 2;
  LibraryReading library;
  OwnReading own(plant_of(count, words));
  make(words[1], strtoull(words[2], nullptr, 10));
  Workshop shop(words[1], has_word(count, words, "own") ? static_cast<Reading &>(own) : library);
  return Pieces(shop).all() ? 1 : 0;
}
