// Order flow replayed: a file of adds, modifies, cancels and fills, or one made from the seed, as a gateway would hand
// it to the library, line after line. Times are of lines; what is told of each piece must be what another engine told
// of it beforehand.
#pragma once

#include "desk_scenarios.h"
#include "flow.h"

#include <unordered_map>

namespace bench {

constexpr const char *flow_names[] = {"flow.many", "flow.one"};
constexpr size_t flow_sample_lines = 20'000, flow_piece = 2'048, flow_chunk = 64;

// One instrument, whose market is where the flow begins; no rates, since a file's times are its own.
inline Profile flow_profile(const std::vector<FlowLine> &lines) {
  Tightness wide = wide_limits();
  wide.rate = {};
  Profile profile = desk_profile(wide, 1, 1, 1);
  for (auto &trade : profile.trades)
    trade.price = lines.front().price;
  return profile;
}

class FlowLoop {
public:
  FlowLoop(LibraryDesk &desk, const std::vector<FlowLine> &lines) : seat_(desk.seat(1)), lines_(lines) {
    for (const FlowLine &line : lines)
      largest_ = std::max(largest_, line.id);
    tokens_.reserve(lines.size());
  }

  // What all of the flow is told, piece by piece, before anything is measured.
  std::vector<uint64_t> rehearse() {
    std::vector<uint64_t> said;
    do
      said.push_back(piece([this](size_t at) { return play(lines_[at]); }));
    while (next_ != 0);
    return said;
  }

  // The next piece of the flow: in one pass chunks of lines are timed together, in the next each line by itself.
  Outcome block(const TickClock &clock, Plant plant, const std::vector<uint64_t> &truth) {
    Outcome outcome;
    uint64_t preemptions = preemptions_of_thread();
    size_t number = next_ / flow_piece;
    uint64_t from = ticks_before(), in_chunk = 0;
    make_room(outcome.trips, flow_piece);
    make_room(outcome.batches, flow_piece / flow_chunk);
    bool is_chunked = passes_ % 2 == 0;
    auto ns_since = [&clock](uint64_t before) { return double(ticks_after() - before) * clock.ns_per_tick; };
    auto chunk_ends = [&] {
      double ns = ns_since(from);
      outcome.batches.push_back(ns / double(in_chunk));
      outcome.ns += ns;
      in_chunk = 0;
      from = ticks_before();
    };
    auto timed = [&](size_t at) {
      uint64_t before = ticks_before();
      uint64_t said = play(lines_[at]);
      outcome.trips.push_back(ns_since(before));
      times[size_t(lines_[at].action)].record(outcome.trips.back());
      return said;
    };
    outcome.checksum = piece([&](size_t at) {
      outcome.operations++;
      if (!is_chunked)
        return timed(at);
      uint64_t said = play(lines_[at]);
      if (++in_chunk == flow_chunk)
        chunk_ends();
      return said;
    });
    outcome.checksum += plant != Plant::None;
    outcome.preemptions = preemptions_of_thread() - preemptions;
    outcome.intact = outcome.checksum == truth[number] && good_;
    return outcome;
  }

  Histogram times[std::size(action_names)];
  uint64_t refused = 0, unknown = 0, lines = 0;

private:
  template <class Play> uint64_t piece(Play play_one) {
    uint64_t said = 0;
    size_t end = std::min(next_ + flow_piece, lines_.size());
    for (size_t at = next_; at < end; at++)
      said = said * 31 + play_one(at);
    rck_position_info row = seat_.position(1, 1);
    said += digest_of({row.open_buys, row.open_sells, row.buys, row.sells});
    lines += end - next_;
    next_ = end == lines_.size() ? 0 : end;
    if (next_ == 0)
      end_pass();
    return said;
  }

  // Ends what is live, so that the next pass begins as the first one did.
  void end_pass() {
    int64_t end_ns = begun_ns_ + lines_.back().time_ns - lines_.front().time_ns;
    for (const auto &[id, live] : tokens_)
      good_ &= seat_.release(live.token, end_ns) >= 0;
    tokens_.clear();
    seat_.drain();
    first_id_ += largest_;
    begun_ns_ = end_ns + 1;
    passes_++;
  }

  struct Live {
    uint64_t token = 0;
    int64_t executed = 0;
  };

  // What is said of a line: a status, never 0.
  uint64_t play(const FlowLine &line) {
    rck_verdict verdict{};
    if (line.action == Action::Add) {
      rck_order order = order_of(line);
      seat_.check(order, verdict);
      if (verdict.token != 0)
        tokens_[line.id] = {verdict.token, 0};
      refused += verdict.token == 0;
      return uint64_t(verdict.status) + 1;
    }
    auto found = tokens_.find(line.id);
    if (found == tokens_.end()) { // it was refused, or the file does not know it
      unknown++;
      return 1'000'000;
    }
    if (line.action == Action::Modify)
      return modify(line, found->second) + 1;
    if (line.action == Action::Cancel) {
      uint64_t said = uint64_t(seat_.release(found->second.token, time_of(line)));
      tokens_.erase(found);
      return said + 1;
    }
    return fill(line, found->second) + 1;
  }

  uint64_t modify(const FlowLine &line, Live &live) {
    rck_verdict verdict{};
    rck_order terms = order_of(line);
    rck_status status = rck_amend(seat_.port, live.token, &terms, &verdict);
    if (status != RCK_OK)
      return uint64_t(status);
    return uint64_t(rck_amend_result(seat_.port, live.token, terms.order_id, 1, &verdict));
  }

  uint64_t fill(const FlowLine &line, Live &live) {
    rck_verdict verdict{};
    rck_report report{};
    report.token = live.token;
    report.kind = RCK_REPORT_FILL;
    report.side = line.is_buy ? RCK_SIDE_BUY : RCK_SIDE_SELL;
    report.last_quantity = line.size;
    report.last_price = line.price;
    report.cumulative_quantity = live.executed += line.size;
    report.execution_id = ++executions_;
    report.time_ns = time_of(line);
    rck_status status = rck_fill(seat_.port, &report, &verdict);
    return uint64_t(status) + uint64_t(verdict.observed) * 1'000;
  }

  rck_order order_of(const FlowLine &line) {
    rck_order order{};
    order.order_id = first_id_ + line.id;
    order.time_ns = time_of(line);
    order.account = order.strategy = order.instrument = order.venue = 1;
    order.side = line.is_buy ? RCK_SIDE_BUY : RCK_SIDE_SELL;
    order.type = RCK_TYPE_LIMIT;
    order.time_in_force = RCK_FORCE_DAY;
    order.price = line.price;
    order.quantity = line.size;
    return order;
  }

  int64_t time_of(const FlowLine &line) const { return begun_ns_ + line.time_ns - lines_.front().time_ns; }

  LibraryDesk::Seat seat_;
  const std::vector<FlowLine> &lines_;
  std::unordered_map<uint64_t, Live> tokens_;
  uint64_t first_id_ = 0, largest_ = 0, executions_ = 0, passes_ = 0;
  size_t next_ = 0;
  int64_t begun_ns_ = 1'700'000'000'000'000'000;
  bool good_ = true;
};

inline void run_flow(Report &report, const Options &options, const TickClock &clock, uint32_t discipline,
                     const std::vector<FlowLine> &lines) {
  const char *name = flow_names[discipline - 1];
  LibraryDesk rehearsed(flow_profile(lines), discipline), desk(flow_profile(lines), discipline);
  std::vector<uint64_t> truth = FlowLoop(rehearsed, lines).rehearse();
  auto loop = std::make_shared<FlowLoop>(desk, lines);
  std::vector<Contender> contenders{
      {"", [loop, &clock, &truth](uint64_t, Plant plant) { return loop->block(clock, plant, truth); }}};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
  rows[0].unit = "ns/line";
  for (size_t i = 0; i < std::size(action_names); i++) {
    for (const auto &[label, fraction] : {std::pair{"_p50_ns", 0.5}, std::pair{"_p99_ns", 0.99}})
      if (auto figure = loop->times[i].percentile(fraction))
        rows[0].extra.emplace_back(action_names[i] + std::string(label), *figure);
  }
  rows[0].extra.emplace_back("lines", double(lines.size()));
  rows[0].extra.emplace_back("refused_share", double(loop->refused) / double(loop->lines));
  rows[0].extra.emplace_back("unknown_share", double(loop->unknown) / double(loop->lines));
  rows[0].note =
      "flow: " + (options.flow.empty() ? "made from the seed" : options.flow.substr(options.flow.rfind('/') + 1)) +
      ", the host's table of orders in the time; a modify is an amend and its acceptance, a cancel the venue's answer "
      "to "
      "it; figures of an action and shares are of all passes, disturbed or not";
  add_order_rows(report, rows);
}

inline void run_flow_scenarios(Report &report, const Options &options, const TickClock &clock) {
  if (!wanted(options, flow_names[0]) && !wanted(options, flow_names[1]))
    return;
  std::vector<FlowLine> lines;
  if (options.flow.empty()) {
    lines = FlowMaker(options.seed).make(flow_sample_lines);
  } else if (std::string wrong = read_flow(options.flow, lines); !wrong.empty()) {
    report.found_corrupt("flow: " + wrong);
    return;
  }
  for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    if (wanted(options, flow_names[discipline - 1]))
      run_flow(report, options, clock, discipline, lines);
  }
}

} // namespace bench
