"""A batch is its calls one after the other: what it refuses as a whole, what it says of each record, and that two
engines which get the same records, one singly and the other in batches, say the same and are left the same.
RISKCHECK_SEED gives other days.
"""

import ctypes
import os
import random
from collections import Counter
from ctypes import byref
from typing import Any

import pytest

import definitions as defs
import desk
import host
import riskcheck.abi as rck
from desk import BUY, SELL
from host import name_of
from riskcheck.abi import lib

SEED = int(os.environ.get("RISKCHECK_SEED", "1"))
MANY, ONE = rck.RCK_MANY_WRITERS, rck.RCK_ONE_WRITER
CALLS = ("check", "amend", "fill")
SCRIBBLE = 0x5A
Told = tuple[str, list[rck.Verdict], int]


def array(records: list[Any]) -> Any:
    return (type(records[0]) * len(records))(*records)


def scribbled(count: int) -> Any:
    """Verdicts that show whether they were written."""
    verdicts = (rck.Verdict * count)()
    ctypes.memset(verdicts, SCRIBBLE, ctypes.sizeof(verdicts))
    return verdicts


def call(what: str, port: Any, *words: Any, tokens: Any = None) -> int:
    """The batch of a call; `words` begin with the records."""
    named = (tokens,) if what == "amend" else ()
    return int(getattr(lib, f"rck_{what}_batch")(port, *named, *words))


def batch(what: str, port: Any, records: list[Any], tokens: list[int] | None = None) -> Told:
    verdicts, passed = scribbled(len(records)), ctypes.c_uint32(77)
    named = (ctypes.c_uint64 * len(tokens))(*tokens) if tokens is not None else None
    status = call(what, port, array(records), verdicts, len(records), 0, byref(passed), tokens=named)
    return name_of(status), list(verdicts), passed.value


def singly(what: str, port: Any, records: list[Any], tokens: list[int] | None = None) -> Told:
    """The same by calls of their own, told as a batch tells it."""
    verdicts = []
    for index, record in enumerate(records):
        verdict = desk.fresh()
        named = (tokens[index] if tokens is not None else 0,) if what == "amend" else ()
        status = getattr(lib, f"rck_{what}")(port, *named, byref(record), byref(verdict))
        desk.answer(status, verdict)
        verdicts.append(verdict if status >= 0 else rck.Verdict(status=status))
    return "RCK_OK", verdicts, sum(verdict.status == rck.RCK_OK for verdict in verdicts)


def statuses(told: Told) -> list[str]:
    return [name_of(verdict.status) for verdict in told[1]]


def is_misuse(verdict: rck.Verdict) -> bool:
    """Only a status, and that negative."""
    return verdict.status < 0 and not any(bytes(verdict)[4:])


# Misuse of the call.


@pytest.mark.parametrize("what", CALLS)
def test_a_batch_that_is_misused_looks_at_no_record_and_writes_nothing(
    session: host.Session, what: str
) -> None:
    engine, port = desk.make(session)
    reader = session.port(engine, 0)
    order, fact = desk.order(), desk.report(1, order_id=9, account=1, instrument=1, side=BUY)
    records = array([fact if what == "fill" else order] * 2)
    verdicts, passed = scribbled(2), ctypes.c_uint32(77)
    odd = ctypes.addressof(records) + 1
    odd_records = ctypes.cast(odd, ctypes.POINTER(type(records[0])))
    odd_verdicts = ctypes.cast(ctypes.addressof(verdicts) + 4, ctypes.POINTER(rck.Verdict))
    odd_passed = ctypes.cast(ctypes.addressof(passed) + 1, ctypes.POINTER(ctypes.c_uint32))
    before = desk.everything(engine), bytes(host.stats(engine))
    for expected, handle, words in (
        ("RCK_E_NULL", port, (None, verdicts, 2, 0, byref(passed))),
        ("RCK_E_NULL", port, (records, None, 2, 0, byref(passed))),
        ("RCK_E_NULL", port, (records, verdicts, 2, 0, None)),
        ("RCK_E_ALIGNMENT", port, (odd_records, verdicts, 2, 0, byref(passed))),
        ("RCK_E_ALIGNMENT", port, (records, odd_verdicts, 2, 0, byref(passed))),
        ("RCK_E_ALIGNMENT", port, (records, verdicts, 2, 0, odd_passed)),
        ("RCK_E_RANGE", port, (records, verdicts, 0, 0, byref(passed))),
        ("RCK_E_RANGE", port, (records, verdicts, rck.RCK_BATCH_MAX + 1, 0, byref(passed))),
        ("RCK_E_RANGE", port, (records, verdicts, 2**32 - 1, 0, byref(passed))),
        ("RCK_E_FLAGS", port, (records, verdicts, 2, 2 if what == "check" else 1, byref(passed))),
        ("RCK_E_FLAGS", port, (records, verdicts, 2, 3, byref(passed))),
        ("RCK_E_FLAGS", port, (records, verdicts, 2, 2**31, byref(passed))),
        ("RCK_E_READ_ONLY", reader, (records, verdicts, 2, 0, byref(passed))),
        ("RCK_E_HANDLE", None, (records, verdicts, 2, 0, byref(passed))),
        ("RCK_E_HANDLE", ctypes.cast(engine, rck.PortHandle), (records, verdicts, 2, 0, byref(passed))),
    ):
        assert name_of(call(what, handle, *words)) == expected, words
    assert set(bytes(verdicts)) == {SCRIBBLE} and passed.value == 77
    assert (desk.everything(engine), bytes(host.stats(engine))) == before


def test_misaligned_tokens_are_refused(session: host.Session) -> None:
    _, port = desk.make(session)
    tokens, verdicts, passed = (ctypes.c_uint64 * 2)(), scribbled(1), ctypes.c_uint32(77)
    odd = ctypes.cast(ctypes.addressof(tokens) + 4, ctypes.POINTER(ctypes.c_uint64))
    words = (array([desk.order()]), verdicts, 1, 0, byref(passed))
    assert name_of(call("amend", port, *words, tokens=odd)) == "RCK_E_ALIGNMENT"
    assert set(bytes(verdicts)) == {SCRIBBLE} and passed.value == 77


# What it says of each record.


def test_a_misused_record_has_its_status_alone_and_the_others_go_on(session: host.Session) -> None:
    engine, port = desk.make(session)
    orders = [desk.order(id) for id in range(1, 6)]
    orders[1].order_id = 0
    orders[3].reserved[2] = 1
    told = batch("check", port, orders)
    expected = ["RCK_OK", "RCK_E_RANGE", "RCK_OK", "RCK_E_RESERVED", "RCK_OK"]
    assert told[::2] == ("RCK_OK", 3) and statuses(told) == expected
    assert is_misuse(told[1][1]) and is_misuse(told[1][3])
    assert len(desk.listed(engine)) == 3


def test_what_passed_is_counted_and_repeats_are_not(session: host.Session) -> None:
    _, port = desk.make(session)
    told = batch("check", port, [desk.order(1), desk.order(1), desk.order(1, 11), desk.order(2)])
    assert told[::2] == ("RCK_OK", 2)
    assert statuses(told) == ["RCK_OK", "RCK_REPEAT", "RCK_REJECT_ORDER_ID_TAKEN", "RCK_OK"]
    assert told[1][0].token == told[1][1].token != 0


@pytest.mark.parametrize("discipline", [MANY, ONE])
def test_verdicts_may_begin_where_the_orders_do(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(session, discipline=discipline, orders_max=64)
    orders = array([desk.order(id, quantity=id) for id in range(1, 41)])
    verdicts = ctypes.cast(orders, ctypes.POINTER(rck.Verdict))
    passed = ctypes.c_uint32()
    status = call("check", port, orders, verdicts, 40, 0, byref(passed))
    assert (name_of(status), passed.value) == ("RCK_OK", 40)
    tokens = {verdicts[index].token for index in range(40)}
    assert tokens == {order.token for order in desk.listed(engine)} and len(tokens) == 40
    assert sorted(order.quantity for order in desk.listed(engine)) == list(range(1, 41))


def test_reports_may_lie_under_their_verdicts_too(session: host.Session) -> None:
    engine, port = desk.make(session)
    token = desk.enter(port, 1, 30)
    facts = array([desk.report(n, last_quantity=1, token=token) for n in range(1, 21)])
    passed = ctypes.c_uint32()
    verdicts = ctypes.cast(facts, ctypes.POINTER(rck.Verdict))
    assert name_of(call("fill", port, facts, verdicts, 20, 0, byref(passed))) == "RCK_OK"
    assert passed.value == 20 and {verdicts[index].observed for index in range(20)} == {1}
    assert desk.info(engine, token)[1].cumulative == 20


@pytest.mark.parametrize("discipline", [MANY, ONE])
def test_the_largest_batch_is_taken_whole(session: host.Session, discipline: int) -> None:
    most = rck.RCK_BATCH_MAX
    engine, port = desk.make(session, discipline=discipline, orders_max=2 * most)
    told = batch("check", port, [desk.order(id, account=1 + id % 2) for id in range(1, most + 1)])
    assert told[::2] == ("RCK_OK", most) and set(statuses(told)) == {"RCK_OK"}
    assert {order.token for order in desk.listed(engine, capacity=64)} == {each.token for each in told[1]}


def test_orders_without_tokens_are_amended_by_their_ids(session: host.Session) -> None:
    engine, port = desk.make(session)
    first, second = desk.enter(port, 1), desk.enter(port, 2)
    terms = [desk.order(1, 20), desk.order(2, 30), desk.order(3, 30)]
    told = batch("amend", port, terms)
    assert statuses(told) == ["RCK_OK", "RCK_OK", "RCK_REJECT_ORDER_UNKNOWN"] and told[2] == 2
    assert [verdict.token for verdict in told[1]] == [first, second, 0]
    for token in (first, second):
        desk.amend_result(port, token, 1)
    told = batch("amend", port, terms, [first, 0, second])
    assert statuses(told) == ["RCK_OK", "RCK_OK", "RCK_REJECT_AMEND_PENDING"]
    assert desk.info(engine, first)[1].leaves == 20 and desk.info(engine, second)[1].leaves == 30


def test_an_order_may_be_entered_and_met_again_in_one_batch(session: host.Session) -> None:
    engine, port = desk.make(session)
    desk.arm(engine, desk.long_short(25))
    told = batch("check", port, [desk.order(id) for id in (1, 2, 3, 1)])
    expected = ["RCK_OK", "RCK_OK", "RCK_REJECT_POSITION_LONG", "RCK_REPEAT"]
    assert statuses(told) == expected, "each sees what those before it took"


def test_a_batch_can_be_bound(session: host.Session) -> None:
    _, port = desk.make(session)
    orders, verdicts, passed = array([desk.order(1), desk.order(2)]), scribbled(2), ctypes.c_uint32()
    check = rck.bind("rck_check_batch", port, orders, verdicts, 2, 0, passed)
    assert (name_of(check()), passed.value) == ("RCK_OK", 2)
    assert (name_of(check()), passed.value) == ("RCK_OK", 0), "the same once more"
    assert [name_of(verdict.status) for verdict in verdicts] == ["RCK_REPEAT"] * 2


def test_what_is_found_broken_stops_the_rest(session: host.Session) -> None:
    """The word of a row, which lies behind the row's key, is made to name no record."""
    settings = host.config(money_decimals=2)
    bytes_needed = host.region_bytes(settings)
    room = ctypes.create_string_buffer(bytes_needed + rck.RCK_REGION_ALIGN)
    start = -ctypes.addressof(room) % rck.RCK_REGION_ALIGN
    engine, fault = rck.EngineHandle(), rck.Fault()
    where = ctypes.c_void_p(ctypes.addressof(room) + start)
    made = lib.rck_engine_create(byref(settings), where, bytes_needed, byref(engine), byref(fault))
    rck.check(made, fault)
    session.engines.append(engine)
    desk.define(engine)
    port = session.port(engine)
    for instrument in (1, 3):
        desk.enter(port, instrument, account=2, instrument=instrument)
    key = (2 << 32 | 3).to_bytes(8, "little")
    at = room.raw.index(key)
    ctypes.memset(ctypes.addressof(room) + at + 8, 0xFF, 8)
    orders = [desk.order(id, account=2, instrument=1 if id < 12 else 3) for id in range(10, 15)]
    told = batch("check", port, orders)
    assert told[::2] == ("RCK_OK", 2)
    assert statuses(told) == ["RCK_OK"] * 2 + ["RCK_E_FAILED"] * 3
    assert all(is_misuse(verdict) for verdict in told[1][2:])
    assert batch("check", port, orders)[0] == "RCK_E_FAILED"
    session.close()  # while the memory of the region is there


# The same records, singly and in batches.

ORDERS = 48
SIDE = 33  # so that there are more rows than a batch takes for few

# What has to come up in the days of a run: what never does is not compared.
WANTED = {
    ("check", "RCK_OK"), ("check", "RCK_REPEAT"), ("check", "RCK_REJECT_ORDER_ID_TAKEN"),
    ("check", "RCK_REJECT_EXPOSURE_GROSS"), ("check", "RCK_REJECT_POSITION_LONG"),
    ("check", "RCK_REJECT_WORKING_COUNT"), ("check", "RCK_REJECT_RATE_NEW"),
    ("check", "RCK_REJECT_ORDER_QUANTITY"), ("check", "RCK_REJECT_TIME_BACK"),
    ("check", "RCK_REJECT_DEADLINE"), ("check", "RCK_E_RESERVED"), ("check", "RCK_E_RANGE"),
    ("amend", "RCK_OK"), ("amend", "RCK_REJECT_AMEND_PENDING"), ("amend", "RCK_REJECT_ORDER_UNKNOWN"),
    ("amend", "RCK_REJECT_ORDER_FINISHED"), ("amend", "RCK_REJECT_EXPOSURE_GROSS"),
    ("fill", "RCK_OK"), ("fill", "RCK_REPEAT"), ("fill", "RCK_REJECT_EXECUTION_UNKNOWN"),
    ("fill", "RCK_REJECT_ORDER_UNKNOWN"), ("fill", "RCK_E_RANGE"), ("fill", "RCK_E_FLAGS"),
}  # fmt: skip


class Twins:
    """Two engines that are told the same, and so give the same tokens."""

    def __init__(self, session: host.Session, discipline: int, seed: int) -> None:
        self.name = f"seed {seed}, discipline {discipline}"
        self.numbers = random.Random(seed)
        self.now_ns, self.next_id = 10_000, 1
        self.asked: list[rck.Order] = []
        self.tokens: list[int] = []
        self.filled: Counter[int] = Counter()
        self.answers: Counter[tuple[str, str]] = Counter()
        room = {"orders_max": ORDERS, "windows_max": 128, "limits_max": 32, "ring_lines": 2048}
        settings = {"discipline": discipline, "clock_back_ns_max": 10, **room}
        self.engines, self.ports = [], []
        for _ in range(2):
            engine, port = desk.make(session, **settings)
            desk.arm(engine, *LIMITS)
            self.engines.append(engine)
            self.ports.append(port)

    def draw(self, *bounds: int) -> int:
        return self.numbers.randrange(*bounds)

    def time(self) -> int:
        self.now_ns += self.draw(40)
        return self.now_ns - (self.draw(30) if self.draw(20) == 0 else 0)

    def order(self) -> rck.Order:
        draw = self.draw
        if self.asked and draw(15) == 0:
            again = rck.Order.from_buffer_copy(self.numbers.choice(self.asked[-20:]))
            again.time_ns = self.time()
            return again
        asked = desk.order(
            self.next_id, draw(1, 30), draw(950, 1051), account=draw(1, 3), instrument=draw(1, 4),
            strategy=draw(3), side=(BUY, SELL)[draw(2)], time_ns=self.time(), correlation_id=draw(99),
        )  # fmt: skip
        self.next_id += 1
        if draw(12) == 0:
            asked.order_id = max(1, self.next_id - draw(20))
        if draw(25) == 0:
            asked.deadline_ns = self.now_ns - draw(1, 50)
        fault = draw(60)
        if fault == 0:
            asked.reserved[draw(5)] = 1
        elif fault == 1:
            asked.order_id = 0
        elif fault == 2:
            asked.quantity = draw(200, 999)
        elif fault == 3:
            asked.account = draw(9)
        self.asked.append(asked)
        return asked

    def token(self) -> int:
        return self.numbers.choice(self.tokens[-30:]) if self.tokens and self.draw(20) else self.draw(99)

    def fact(self) -> rck.Report:
        draw, token = self.draw, self.token()
        quantity = draw(1, 10)
        self.filled[token] += quantity
        self.next_id += 1
        given = desk.report(
            self.filled[token], draw(950, 1051), last_quantity=quantity, token=token, fee=draw(5),
            execution_id=self.next_id, time_ns=self.time(),
        )  # fmt: skip
        fault = draw(20)
        if fault < 3:
            given.kind = rck.RCK_REPORT_BUST if fault else rck.RCK_REPORT_CORRECT
            given.undone_execution_id = max(1, self.next_id - draw(1, 30))
        elif fault == 3:
            given.cumulative_quantity = draw(8)
        elif fault == 4:
            given.token, given.order_id = 0, self.next_id
            given.account, given.instrument, given.side = draw(1, 3), draw(1, 4), BUY
        elif fault == 5:
            given.flags = draw(2)
        return given

    def turn(self) -> None:
        """A batch of one, another to one, and what it says compared; then some orders end."""
        what, size = self.numbers.choice(CALLS), self.draw(1, 4) if self.draw(3) else self.draw(1, 60)
        records: list[Any] = [self.fact() if what == "fill" else self.order() for _ in range(size)]
        tokens = [self.token() for _ in records] if what == "amend" and self.draw(4) else None
        sent = [type(record).from_buffer_copy(record) for record in records]
        one, other = singly(what, self.ports[0], records, tokens), batch(what, self.ports[1], sent, tokens)
        assert statuses(one) == statuses(other), f"{self.name}: {what}"
        assert one[::2] == other[::2], f"{self.name}: {what}"
        assert list(map(bytes, one[1])) == list(map(bytes, other[1])), f"{self.name}: {what}"
        assert list(map(bytes, records)) == list(map(bytes, sent)), f"{self.name}: a record was written"
        self.answers.update((what, name) for name in statuses(one))
        self.tokens += [each.token for each in one[1] if what == "check" and each.status == rck.RCK_OK]
        for _ in range(self.draw(size + 2)):
            token, accepted, end = self.token(), self.draw(2), self.draw(3)
            told = [
                desk.release(port, token, time_ns=self.now_ns)
                if end
                else desk.amend_result(port, token, accepted)
                for port in self.ports
            ]
            assert told[0][0] == told[1][0] and bytes(told[0][1]) == bytes(told[1][1]), self.name
        self.compare()

    def compare(self) -> None:
        told = [[bytes(event) for event in host.read(port, 1)] for port in self.ports]
        assert told[0] == told[1], f"{self.name}: events"
        assert bytes(host.stats(self.engines[0])) == bytes(host.stats(self.engines[1])), self.name
        assert desk.everything(self.engines[0]) == desk.everything(self.engines[1]), self.name


LIMITS = [
    desk.exposure(400_000),
    desk.long_short(120),
    {"control": rck.RCK_CONTROL_ORDER_QUANTITY, "scope_kind": rck.RCK_SCOPE_INSTRUMENT, "id": 1, "hard": 150},
    {
        "control": rck.RCK_CONTROL_WORKING, "measure": rck.RCK_MEASURE_COUNT,
        "scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 2, "hard": 20,
    },
    *(
        {
            "control": rck.RCK_CONTROL_RATE, "measure": rck.RCK_MEASURE_NEW, "scope_kind": scope, "id": 1,
            "hard": 6, "window_ns": 200,
        }
        for scope in (rck.RCK_SCOPE_ACCOUNT, rck.RCK_SCOPE_STRATEGY, rck.RCK_SCOPE_INSTRUMENT)
    ),
]  # fmt: skip


@pytest.mark.parametrize("discipline", [MANY, ONE])
def test_batches_and_single_calls_say_the_same_and_leave_the_same(
    session: host.Session, discipline: int
) -> None:
    answers: Counter[tuple[str, str]] = Counter()
    for day in range(4):
        twins = Twins(session, discipline, SEED * 100 + day)
        for _ in range(400):
            twins.turn()
        answers += twins.answers
    missed = WANTED - set(answers)
    assert not missed, f"never drawn: {sorted(missed)} of {sorted(answers)}"


@pytest.mark.parametrize("discipline", [MANY, ONE])
def test_with_many_rows_batches_and_single_calls_say_the_same(session: host.Session, discipline: int) -> None:
    """Much more is asked for ahead then, also of what hostile ids lead to."""
    numbers, ports = random.Random(SEED), []
    room = {"accounts_max": SIDE, "instruments_max": SIDE, "positions_max": SIDE**2, "windows_max": 128}
    for _ in range(2):
        settings = host.config(money_decimals=2, discipline=discipline, orders_max=512, **room)
        engine = session.create(settings)
        desk.define(engine)
        for id in range(3, SIDE + 1):
            defs.define(engine, defs.account(id, b"a%d" % id), defs.instrument(id, b"i%d" % id, **desk.UNITS))
        desk.arm(engine, *LIMITS)
        ports.append(session.port(engine))
        for pair in range(SIDE**2):
            held = desk.position(ports[-1], 0, account=1 + pair // SIDE, instrument=1 + pair % SIDE)
            assert held[0] == "RCK_OK"
    odd = (0, SIDE + 1, 2**31, 2**32 - 1)
    for size in (1, 3, 13, 64, 300):
        orders = [
            desk.order(
                size * 1000 + id, account=numbers.randrange(1, SIDE + 1), strategy=numbers.randrange(3),
                instrument=numbers.randrange(1, SIDE + 1), side=numbers.randrange(1, 3),
            )
            for id in range(size)
        ]  # fmt: skip
        for order in orders:
            if numbers.randrange(10) == 0:
                setattr(order, numbers.choice(("account", "strategy", "instrument")), numbers.choice(odd))
        one, other = singly("check", ports[0], orders), batch("check", ports[1], orders)
        assert one[::2] == other[::2] and statuses(one) == statuses(other)
        assert list(map(bytes, one[1])) == list(map(bytes, other[1]))


def test_one_record_too_many_would_be_noticed(session: host.Session) -> None:
    """The comparison itself: an order that one of the two engines alone has met."""
    twins = Twins(session, MANY, SEED)
    twins.turn()
    desk.check(twins.ports[1], desk.order(9999, time_ns=twins.now_ns))
    with pytest.raises(AssertionError):
        twins.compare()
