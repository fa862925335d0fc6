// Flips bits of a journal and replays it: who replays finds the same damage as who verifies.
//
//   replayed <folder> <trials> <seed> [planted]
//
// `planted`: what is verified is another flip than what is replayed.
#include "flips.hpp"

namespace {

rck_status replayed(const std::string &folder, rck_replay_info *info) {
  rck_config config = trading::config(RCK_MANY_WRITERS, 64);
  rck_engine *engine = nullptr;
  PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
  *info = sized<rck_replay_info>();
  const rck_status status = rck_replay(engine, folder.c_str(), nullptr, nullptr, info, nullptr);
  PASSES(rck_engine_close(engine));
  return status;
}

std::string fault_of(const Workshop &shop, rck_status verified, const rck_verify_info &counted) {
  auto info = sized<rck_replay_info>();
  const rck_status status = replayed(shop.folder, &info);
  if (status != verified)
    return text("rck_verify gives %s, rck_replay %s of %llu records, %llu lost", rck_status_name(verified),
                rck_status_name(status), static_cast<unsigned long long>(info.records),
                static_cast<unsigned long long>(info.lost));
  if (status == RCK_OK && (info.records != counted.records || info.differing || info.lost))
    return text("rck_replay took %llu records of %llu, %llu differ", static_cast<unsigned long long>(info.records),
                static_cast<unsigned long long>(counted.records), static_cast<unsigned long long>(info.differing));
  return info.records <= counted.records ? "" : "rck_replay did what stands behind the damage";
}

} // namespace

int main(int count, char **words) {
  if (count < 4)
    return 2;
  const uint64_t trials = strtoull(words[2], nullptr, 10), seed = strtoull(words[3], nullptr, 10);
  const bool planted = has_word(count, words, "planted");
  LibraryReading library;
  make(words[1], seed);
  Workshop shop(words[1], library);
  Random random(seed);
  Tally tally("flipped bits stop a replay as they stop rck_verify");
  Tally beyond("a replay does nothing that stands behind the damage");
  for (uint64_t trial = 0; trial < trials; trial++) {
    const Flip flip = trial ? flip_of(shop, random) : Flip{};
    const Flipped flipped(shop, flip);
    auto info = sized<rck_verify_info>();
    const rck_status verified = planted ? RCK_OK : rck_verify(words[1], &info, nullptr);
    const std::string fault = fault_of(shop, verified, info);
    const bool is_beyond = fault.find("behind") != std::string::npos;
    (is_beyond ? beyond : tally).tried++;
    if (!fault.empty())
      (is_beyond ? beyond : tally)
          .fault(text("trial %llu, %s at byte %zu: ", static_cast<unsigned long long>(trial),
                      shop.truth.segments[flip.segment].name.c_str(), flip.from) +
                 fault);
  }
  beyond.tried = trials;
  return tally.close(text("seed %llu", static_cast<unsigned long long>(seed))) + beyond.close() ? 1 : 0;
}
