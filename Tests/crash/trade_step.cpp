// Stops the calls of the order path at every instruction, and opens a copy of what the region is at that moment,
// as a kill there would leave it.
//
//   trade_step <file> <stride> <reopened> <seed> [record|early|none [call]]
//
// Each copy shows the state of before the call or that of after it, once and for all; its sums are those of its
// rows and live orders; its live orders are unconfirmed; the same call again gives the answer that follows, and
// leads to the state of after. Of `reopened` calls in a hundred the opening of such a copy is itself stopped. One
// of `stride` states is looked at, and the last. `record`: numbers of a record are changed in each copy, and
// `early`: the call counts as answered when it begins; both must be noticed. `call`: only calls with that in their
// name. With a stride above 1 each call runs under one discipline, which the seed decides.
#include "tracing.hpp"
#include "trades.hpp"

namespace {

// What the child says outside the region.
struct Said {
  volatile int phase; // 1: in the call; 2: it has returned
  rck_status status;
  Picture before, after;
};

struct Options {
  std::string path;
  uint64_t stride, reopened, seed;
  bool spoiled, early;
};

// Every number that can only be an order's price becomes another.
void spoil(Bytes &bytes) {
  for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    int64_t value;
    memcpy(&value, &bytes[at], 8);
    if (value == odd_price) {
      value++;
      memcpy(&bytes[at], &value, 8);
    }
  }
}

// Holds the region at `path` against the pictures; what is wrong, or nothing.
class Judge {
public:
  Judge(const Trade &trade, const Said &said, bool totals) : trade(trade), said(said), totals(totals) {}

  std::string look_at(const std::string &path, bool answered) {
    Trader at;
    at.totals = totals;
    rck_fault fault{};
    const rck_status opened = rck_engine_open(nullptr, path.c_str(), &at.engine, &fault);
    if (opened != RCK_OK)
      return std::string("it opens with ") + rck_status_name(opened) + " " + fault.record + "." + fault.field;
    Picture got;
    look(at.engine, got);
    const Comparison seen(got, said.before, said.after, trade.in_pieces);
    std::string wrong = seen.wrong + audited(at);
    if (committed && !(seen.side & after_side))
      wrong += "what was done is undone; ";
    if (answered && !(Comparison(got, said.after, said.after, false).wrong.empty()))
      wrong += "what was answered is lost; ";
    committed = committed || (!trade.in_pieces && seen.side == after_side);
    for (const rck_order_info &order : desk::open_orders(at.engine))
      if (!(order.state & RCK_ORDER_UNCONFIRMED))
        wrong += "a recovered order counts as confirmed; ";
    if (wrong.empty())
      wrong = again(at, seen.side, answered);
    PASSES(rck_engine_close(at.engine));
    return wrong;
  }

private:
  const Trade &trade;
  const Said &said;
  const bool totals;
  bool committed = false;
  uint32_t places = 0; // for orders, as the first region that was looked at had them

  static std::string audited(const Trader &at) {
    return desk::Audit(at.engine, accounts, strategies, instruments).wrong;
  }

  // The same call: its answer says on which side of the commit the region was left.
  std::string again(Trader &at, unsigned side, bool answered) {
    std::string wrong;
    PASSES(rck_port_open(at.engine, 1, RCK_PORT_WRITER, &at.port, nullptr));
    for (const rck_order_info &order : desk::open_orders(at.engine))
      PASSES(rck_order_confirm(at.port, order.token, 0, &at.verdict));
    const rck_status status = trade.again ? trade.again(at) : trade.call(at);
    const bool as_before = status == trade.again_before && (side & before_side || trade.in_pieces);
    const bool as_after = status == trade.again_after && (side & after_side || trade.in_pieces);
    if (!(as_before && !(answered && trade.again_before != trade.again_after)) && !as_after)
      wrong += std::string("the call again gives ") + rck_status_name(status) + "; ";
    Picture got;
    look(at.engine, got);
    const Picture there = outline(said.after, trade.in_pieces);
    const std::string elsewhere = Comparison(outline(got, trade.in_pieces), there, there, false).wrong;
    if (!trade.open_end && !elsewhere.empty())
      wrong += "the call again leads elsewhere: " + elsewhere;
    wrong += audited(at);
    for (const rck_order_info &order : desk::open_orders(at.engine))
      PASSES(rck_release(at.port, order.token, 0, RCK_RELEASE_DONE, now_ns, &at.verdict));
    wrong += audited(at);
    wrong += emptied(at);
    PASSES(rck_port_close(at.port));
    return wrong;
  }

  // Without orders nothing counts, and every place can be had again.
  std::string emptied(Trader &at) {
    for (uint32_t party = 1; party <= accounts; party++)
      if (desk::book(at.engine, RCK_SCOPE_ACCOUNT, party).orders != 0)
        return "an order remains; ";
    for (uint32_t scope : {RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT, RCK_SCOPE_INSTRUMENT})
      NEED(at.latch(scope, scope == RCK_SCOPE_GLOBAL ? 0 : scope == RCK_SCOPE_ACCOUNT ? 2 : 1, 0) >= 0);
    uint32_t had = 0;
    while (at.check(1000 + had, RCK_SIDE_BUY, 1, 2, now_ns + had) == RCK_OK)
      had++;
    if (places == 0)
      places = had;
    if ((had == places || trade.open_end) && at.verdict.status == RCK_REJECT_ORDERS_FULL)
      return "";
    return "only " + std::to_string(had) + " of " + std::to_string(places) +
           " places can be had: " + rck_status_name(at.verdict.status) + "; ";
  }
};

struct Counts {
  uint64_t steps = 0, changes = 0, looked = 0, failed = 0;
};

class Bench {
public:
  Bench(const Options &options, Said &said) : options(options), said(said), seed(options.seed) {}
  Counts counts;

  void run(const Trade &trade, uint32_t discipline) {
    unlink(options.path.c_str());
    totals = drawn(&seed) % 2;
    Traced traced(options.path, options.stride, drawn(&seed));
    traced.follow(said.phase, [&] {
      Trader at;
      at.totals = totals;
      at.make(options.path, discipline);
      PASSES(trade.prepare(at));
      look(at.engine, said.before);
      said.phase = 1;
      raise(SIGSTOP);
      said.status = trade.call(at);
      said.phase = 2;
      look(at.engine, said.after);
    });
    note(traced);
    if (said.status != trade.answer)
      fail(trade, discipline, "the call", 0, 0, std::string("gives ") + rck_status_name(said.status));
    judge(trade, discipline, "a stop", traced.states);
    if (drawn(&seed) % 100 < options.reopened)
      recover(trade, discipline, traced.states[drawn(&seed) % traced.states.size()]);
  }

private:
  const Options &options;
  Said &said;
  uint64_t seed;
  bool totals = false; // of this run

  void note(const Traced &traced) {
    counts.steps += traced.steps;
    counts.changes += traced.changes;
  }

  // The opening of what was left at one of these moments is stopped in its turn.
  void recover(const Trade &trade, uint32_t discipline, const Bytes &left) {
    write_file(options.path, left);
    Traced traced(options.path, options.stride, drawn(&seed));
    traced.follow(said.phase, [&] {
      rck_engine *engine = nullptr;
      said.phase = 1;
      raise(SIGSTOP);
      PASSES(rck_engine_open(nullptr, options.path.c_str(), &engine, nullptr));
      said.phase = 2;
    });
    note(traced);
    judge(trade, discipline, "a stop while it is opened", traced.states, false);
  }

  void judge(const Trade &trade, uint32_t discipline, const char *where, const std::vector<Bytes> &states,
             bool answers = true) {
    const std::string copy = options.path + ".copy";
    Judge judge(trade, said, totals);
    uint64_t wrongs = 0;
    for (size_t at = 0; at < states.size() && wrongs < 3; at++) {
      Bytes bytes = states[at];
      if (options.spoiled)
        spoil(bytes);
      write_file(copy, bytes);
      const std::string wrong = judge.look_at(copy, answers && (at + 1 == states.size() || options.early));
      counts.looked++;
      if (!wrong.empty() && wrongs++ < 3)
        fail(trade, discipline, where, at, states.size(), wrong);
    }
    unlink(copy.c_str());
  }

  void fail(const Trade &trade, uint32_t discipline, const char *where, size_t at, size_t of,
            const std::string &wrong) {
    counts.failed++;
    printf("does not hold: %s, %s%s, %s %zu of %zu: %s\n", trade.name,
           discipline == RCK_ONE_WRITER ? "one writer" : "many writers", totals ? ", with totals" : "", where, at, of,
           wrong.c_str());
    fflush(stdout);
  }
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 5);
  const std::string planted = count > 5 ? words[5] : "", only = count > 6 ? words[6] : "";
  const Options options = {words[1],
                           strtoull(words[2], nullptr, 10),
                           strtoull(words[3], nullptr, 10),
                           strtoull(words[4], nullptr, 10),
                           planted == "record",
                           planted == "early"};
  void *shared = mmap(nullptr, sizeof(Said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  Bench bench(options, *static_cast<Said *>(shared));
  std::vector<Trade> all = order_trades();
  for (const auto &more : {usual_trades(), override_trades(), conduct_trades(), desk_trades()})
    all.insert(all.end(), more.begin(), more.end());
  const auto is_found = [&] { return !planted.empty() && bench.counts.failed != 0; };
  // Where not every state is opened, each call runs under one discipline, another seed's other one.
  uint64_t calls = 0, turn = options.seed;
  for (const Trade &trade : all) {
    turn++;
    for (const uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
      const bool is_left = options.stride > 1 && only.empty() && planted.empty() && (turn + discipline) % 2;
      if (is_left || is_found() || (!only.empty() && !strstr(trade.name, only.c_str())))
        continue;
      bench.run(trade, discipline);
      calls++;
    }
  }
  unlink(options.path.c_str());
  const Counts &counts = bench.counts;
  printf("%llu calls, %llu instructions, %llu changes, %llu states opened\n", static_cast<unsigned long long>(calls),
         static_cast<unsigned long long>(counts.steps), static_cast<unsigned long long>(counts.changes),
         static_cast<unsigned long long>(counts.looked));
  NEED(is_found() || counts.looked > calls);
  return counts.failed != 0;
}
