"""The standing texts of RESULTS.md: how it was measured, and what the figures do not show. Of the figures they state
the clock's and the cores' alone."""

from __future__ import annotations

from figures import three, whole
from reading import Results, Row, number, text

CLOCKS_DIFFER = (
    1.05  # of the fastest row to the slowest: the harness drops what is 5 % off within a comparison
)
FEW_CORES = 4

MEASURED = """\
- Clock: {timer}, fenced on both sides of what is timed. Here it steps by {step} ns, and an empty
  measurement reads {cost} ns.
- `p50` of a check is the median over batches of 64 calls that are timed together, in which the clock's cost is a 64th.
  p90 to max are of single calls, as measured: the clock's cost is in them. Where a second table follows, it has
  the same calls less that cost, and its own p50 is of single calls. Notes say where a row has them otherwise.
- A percentile is given only where at least one whole call is expected to lie beyond it. Max is the slowest call that
  was measured, and no more than that.
- Threads are pinned, each to a core of its own where there are enough. What is compared runs in alternating blocks; a
  ratio is the median of the ratios within rounds, and so need not be the ratio of the two figures beside it.
- Dropped rounds: {rule}.
- Closed loop: the next call is made when the last has returned. All families but `open` are that.
- The oracle: a plain model of the library in `Benchmarks/oracle`, which shares no code with it, judges the stream of
  each closed loop beforehand; every block's checksum of verdicts has to be the oracle's. What is stateful beyond it
  (a latch, a loss, a function of the host's: rows of `alone`) has to be refused by the right control each time. Of an
  open loop the first 50,000 verdicts are held against it, and all others have to be plain acceptances.
- Open loop: calls fall due at times laid down beforehand, whether the last has returned or not, and a time runs from
  when the call was due. A stall therefore counts for every call that had to wait behind it.
- Jitter: an empty loop of about the same length on the same core, timed in the same blocks. It is what the machine does
  to a time of that length without the library; it is shown beside, and never taken off.
- Figures have three significant digits; counts are whole.
"""

NOT_SHOWN = """\
One machine: {where}. It has {cores} core(s){few}. Another processor, kernel, compiler or day gives other figures.
{clocks}

The host's own work, interrupts and the hypervisor are in every far percentile. Dropping rounds removes only what shows
in the kernel's counts or in the readings of the clock: what the host takes for a moment stays in the figures, and in
the jitter alike. A percentile that is near its jitter says little of the library. Rounds that were dropped are not in
the percentiles: those are of a machine that was left alone, and a program that is not will see worse.

A closed loop hides queueing: while a call is slow no other is made, so that one stall is one slow call. Only the open
loop shows what those behind it wait for, and only at the rates and patterns that it was run with.

Caches, branch predictors and the translation of addresses are warm with the harness's own orders. A program that does
other work between two orders will find less of it there. Orders are made up; what they cost depends on which limits
they meet, and on how many rows and live orders lie behind them.

Peers do not do the same work; what each leaves out is said with it, and a ratio to a peer is no judgement of it. Where
a peer is compiled into the caller, and the library called through its C interface, that difference is in the ratio.

From Python, the interpreter's own time is in every figure, and is most of a single call's. The figures are of one
version of it, in a process that does nothing else.

Instruction counts are not times. A median within a few per cent of another is not a difference unless runs agree on it
better than that.
"""


def measured(results: Results) -> str:
    machine = results.part("machine")
    return MEASURED.format(
        timer=text(machine, "timer") or "the time stamp counter",
        step=three(number(machine, "tick_step_ns")),
        cost=three(number(machine, "tick_cost_ns")),
        rule=text(results.top, "rule") or "not stated",
    )


def clocks(rows: list[Row]) -> str:
    found = [ghz for row in rows if (ghz := number(row, "ghz")) is not None]
    if not found:
        return "What the cores were clocked at is not known."
    said = f"The cores were clocked at {three(min(found))} to {three(max(found))} GHz in the rows here."
    if max(found) <= CLOCKS_DIFFER * min(found):
        return f"{said} Another run may find the machine in another state, and all its times with it."
    return (
        f"{said} Times of rows at different clocks must not be compared; their column says which those are."
    )


def not_shown(results: Results) -> str:
    virtual, cores = text(results.part("machine"), "virtualisation"), number(results.part("machine"), "cores")
    where = f"a virtual machine ({virtual or 'unknown'}) whose host may have other work"
    if virtual == "none":
        where = "one without a hypervisor"
    few = " for everything" if cores is not None and cores <= FEW_CORES else ""
    return NOT_SHOWN.format(where=where, cores=whole(cores), few=few, clocks=clocks(results.rows))
