"""Functions of the host as a control: when they are asked, what they decide, how they are timed, set and removed."""

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import desk
import host
import riskcheck.abi as rck
from child import run
from host import name_of, sized
from riskcheck.abi import lib

MS = 1_000_000
WARN, SOFT, HARD = rck.RCK_LEVEL_WARN, rck.RCK_LEVEL_SOFT, rck.RCK_LEVEL_HARD
Said = Callable[[rck.Order, int], int]


class Customs:
    """An engine with a desk, and functions that write down what they are asked."""

    def __init__(self, session: host.Session) -> None:
        self.engine, self.port = desk.make(session)
        self.asked: list[dict[str, int]] = []
        self.kept: list[Any] = []

    def call(self, says: int | Said) -> Any:
        def custom(_: int | None, order: Any, time_ns: int) -> int:
            self.asked.append({**host.as_dict(order.contents), "now": time_ns})
            return says if isinstance(says, int) else says(order.contents, time_ns)

        self.kept.append(rck.CustomCall(custom))
        return self.kept[-1]

    def put(self, says: int | Said = 0, id: int = 1, fault: rck.Fault | None = None, **fields: Any) -> str:
        base: dict[str, Any] = {"id": id, "name": b"mine", "actor": 7, "reason": b"agreed"}
        given = sized(rck.Custom, **{**base, **fields})
        status = lib.rck_custom_set(
            self.engine, byref(given), self.call(says), None, byref(fault) if fault else None
        )
        return name_of(status)

    def take(self, id: int = 1) -> str:
        return name_of(lib.rck_custom_remove(self.engine, id, None))

    def get(self, id: int = 1) -> rck.Custom:
        found = sized(rck.Custom, id=id)
        rck.check(lib.rck_custom_get(self.engine, byref(found)))
        return found

    def arm(self, *limits: dict[str, Any]) -> None:
        for fields in limits or ({},):
            base = {"control": rck.RCK_CONTROL_CUSTOM, "scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}
            desk.arm(self.engine, {**base, "reference": 1, **fields})


@pytest.fixture
def customs(session: host.Session) -> Iterator[Customs]:
    yield Customs(session)


def told(answer: desk.Answer) -> tuple[str, int, int, int, int]:
    status, verdict = answer
    return status, verdict.control, verdict.severity, verdict.action, verdict.observed


def refused(status: str, observed: int = 0) -> tuple[str, int, int, int, int]:
    return status, rck.RCK_CONTROL_CUSTOM, rck.RCK_SEVERITY_HARD, rck.RCK_ACTION_BLOCK, observed


def test_zero_passes_and_anything_else_refuses(customs: Customs) -> None:
    customs.put(lambda order, _: {1: 0, 2: 5, 3: -5, 4: -(2**31)}[order.order_id])
    customs.arm()
    assert told(desk.check(customs.port, desk.order(1))) == ("RCK_OK", 0, 0, 0, 0)
    for id, observed in ((2, 5), (3, 1), (4, 1)):
        answer = desk.check(customs.port, desk.order(id))
        assert told(answer) == refused("RCK_REJECT_CUSTOM", observed)
        assert (answer[1].failed, answer[1].limit, answer[1].token) == (1 << 22, 0, 0)
    assert [asked["order_id"] for asked in customs.asked] == [1, 2, 3, 4]
    found = customs.get()
    assert (found.calls, found.refusals, found.overruns, found.breaker) == (4, 3, 0, 0)
    assert found.longest_ns > 0 and (found.name, found.reason, found.actor) == (b"mine", b"agreed", 7)


def test_it_sees_the_order_as_it_is_judged(customs: Customs) -> None:
    customs.put()
    customs.arm()
    fields = {"strategy": 2, "correlation_id": 9, "decision_price": 7, "venue": 3, "flags": 1, "time_ns": 5}
    token = desk.enter(customs.port, 1, 10, 1000, **fields)
    wanted = {**host.as_dict(desk.order(1, 10, 1000, **fields)), "now": 5}
    assert customs.asked == [wanted]
    desk.amend(customs.port, token, desk.order(2, 20, 999, account=99, time_ns=6))
    assert customs.asked[1]["order_id"] == 2 and customs.asked[1]["quantity"] == 20
    assert (customs.asked[1]["account"], customs.asked[1]["strategy"], customs.asked[1]["now"]) == (1, 2, 6)


def test_it_is_asked_last_once_and_not_when_anything_refuses(customs: Customs) -> None:
    customs.put(4)
    customs.arm({}, {"scope_kind": rck.RCK_SCOPE_GLOBAL, "id": 0}, {"scope_kind": rck.RCK_SCOPE_INSTRUMENT})
    quantity = {"control": rck.RCK_CONTROL_ORDER_QUANTITY, "scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}
    desk.arm(customs.engine, {**quantity, "hard": 10})
    answer = desk.check(customs.port, desk.order(1, 11))
    assert (answer[0], answer[1].failed, customs.asked) == ("RCK_REJECT_ORDER_QUANTITY", 2, [])
    answer = desk.check(customs.port, desk.order(1, 10))
    assert told(answer) == refused("RCK_REJECT_CUSTOM", 4) and len(customs.asked) == 1
    assert answer[1].scope_kind == rck.RCK_SCOPE_GLOBAL
    customs.put(0)
    assert desk.check(customs.port, desk.order(1, 10))[0] == "RCK_OK" and len(customs.asked) == 2


def test_an_override_makes_room_for_the_question_and_never_waives_it(customs: Customs) -> None:
    customs.put(lambda order, _: order.order_id - 1)
    customs.arm()
    quantity = {"control": rck.RCK_CONTROL_ORDER_QUANTITY, "scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}
    desk.arm(customs.engine, {**quantity, "hard": 10})
    given = sized(rck.Override, order_id=1, count=9, expiry_ns=10**6, actor=7, reason=b"approved")
    for id in (1, 2):
        given.order_id = id
        rck.check(lib.rck_override_set(customs.engine, byref(given), byref(ctypes.c_uint32()), None))
    for ask in (desk.dry, desk.check):
        customs.asked.clear()
        assert told(ask(customs.port, desk.order(2, 11))) == refused("RCK_REJECT_CUSTOM", 1)
        assert ask(customs.port, desk.order(1, 11))[0] == "RCK_OK"
        assert [asked["order_id"] for asked in customs.asked] == [2, 1]


def test_dry_runs_and_drop_copies_ask_and_headroom_does_not(customs: Customs) -> None:
    customs.put(3)
    customs.arm()
    assert told(desk.dry(customs.port, desk.order(1))) == refused("RCK_REJECT_CUSTOM", 3)
    status, quantity, verdict = desk.headroom(customs.port, desk.order(1))
    assert quantity > 0 and verdict.control != rck.RCK_CONTROL_CUSTOM and status != "RCK_REJECT_CUSTOM"
    assert len(customs.asked) == 1
    status, verdict = desk.check(customs.port, desk.order(1), "rck_drop_copy")
    assert (status, verdict.control, verdict.flags) == ("RCK_OK", 23, rck.RCK_VERDICT_WOULD_REFUSE)
    assert len(customs.asked) == 2


def test_lower_levels_pass_with_their_severity(customs: Customs) -> None:
    customs.put(3)
    for levels, severity in ((WARN, rck.RCK_SEVERITY_WARNING), (WARN | SOFT, rck.RCK_SEVERITY_SOFT)):
        customs.arm({"levels": levels})
        status, verdict = desk.dry(customs.port, desk.order(1))
        assert (status, verdict.severity, verdict.observed) == ("RCK_OK", severity, 3)


def test_what_is_not_registered_is_missing(customs: Customs) -> None:
    customs.arm({"levels": WARN})
    assert told(desk.check(customs.port, desk.order(1))) == refused("RCK_REJECT_CUSTOM_MISSING")
    customs.put(id=2)
    assert desk.check(customs.port, desk.order(1))[0] == "RCK_REJECT_CUSTOM_MISSING"
    customs.put()
    assert desk.check(customs.port, desk.order(1))[0] == "RCK_OK"
    assert (customs.take(), customs.take()) == ("RCK_OK", "RCK_E_UNKNOWN")
    assert desk.check(customs.port, desk.order(2))[0] == "RCK_REJECT_CUSTOM_MISSING"
    assert lib.rck_custom_get(customs.engine, byref(sized(rck.Custom, id=1))) == rck.RCK_E_UNKNOWN


def test_legs_are_each_asked(customs: Customs) -> None:
    customs.put(lambda order, _: order.order_id == 3)
    customs.arm()
    for last, status in ((3, rck.RCK_REJECT_BATCH), (4, rck.RCK_OK)):
        legs, verdicts = (rck.Order * 3)(*map(desk.order, (1, 2, last))), (rck.Verdict * 3)()
        flags = rck.RCK_BATCH_ALL_OR_NONE
        rck.check(lib.rck_check_batch(customs.port, legs, verdicts, 3, flags, byref(ctypes.c_uint32())))
        assert (verdicts[0].status, verdicts[2].status) == (status, rck.RCK_REJECT_CUSTOM if status else 0)
    assert [asked["order_id"] for asked in customs.asked] == [1, 2, 3, 1, 2, 4]


def test_its_own_port_is_busy_and_it_cannot_be_removed_from_inside(customs: Customs) -> None:
    said: list[str] = []

    def custom(order: rck.Order, _: int) -> int:
        said.append(name_of(lib.rck_check(customs.port, byref(order), byref(rck.Verdict()))))
        said.append(customs.take())
        said.append(customs.put(1))
        said.append(name_of(lib.rck_engine_close(customs.engine)))
        return 0

    customs.put(custom)
    customs.arm()
    assert desk.check(customs.port, desk.order(1))[0] == "RCK_OK"
    assert said == ["RCK_E_BUSY"] * 4
    assert desk.check(customs.port, desk.order(1))[0] == "RCK_REPEAT"
    assert customs.get().calls == 1 and customs.take() == "RCK_OK"


def test_the_breaker_opens_after_overruns_in_a_row_and_one_call_tries_it(customs: Customs) -> None:
    naps = {"ns": 110 * MS}

    def custom(*_: Any) -> int:
        time.sleep(naps["ns"] / 1e9)
        return 0

    terms: dict[str, Any] = {"budget_ns": 100 * MS, "overruns_max": 2, "cool_down_ns": 300 * MS}
    customs.put(custom, **terms)
    customs.arm()
    ids = iter(range(1, 1000))

    def ask() -> str:
        return desk.check(customs.port, desk.order(next(ids)))[0]

    assert ask() == "RCK_OK"
    naps["ns"] = 0
    assert ask() == "RCK_OK" and customs.get().overruns == 1
    naps["ns"] = 110 * MS
    assert [ask(), ask(), ask()] == ["RCK_OK", "RCK_OK", "RCK_REJECT_CUSTOM_BREAKER"]
    found = customs.get()
    assert (found.calls, found.overruns, found.breaker) == (4, 3, rck.RCK_BREAKER_OPEN)
    assert found.longest_ns >= 110 * MS
    time.sleep(0.31)
    # Too slow again: open again; then fast enough.
    assert [ask(), ask()] == ["RCK_OK", "RCK_REJECT_CUSTOM_BREAKER"]
    time.sleep(0.31)
    naps["ns"] = 0
    assert [ask(), ask()] == ["RCK_OK", "RCK_OK"] and customs.get().breaker == rck.RCK_BREAKER_CLOSED
    events = [event for event in host.read(customs.port, 1) if event.kind == rck.RCK_EVENT_CUSTOM]
    assert [(event.subject, event.values[0], event.control) for event in events] == [
        (1, 1, 23),
        (1, 1, 23),
        (1, 0, 23),
    ]
    assert events[0].values[1] >= 110 * MS


def test_an_open_breaker_may_pass_and_stays_open_until_it_is_set_again(customs: Customs) -> None:
    slow: dict[str, Any] = {"budget_ns": 1, "overruns_max": 1, "flags": rck.RCK_CUSTOM_FAIL_OPEN}
    customs.put(9, **slow)
    customs.arm()
    assert desk.check(customs.port, desk.order(1))[0] == "RCK_REJECT_CUSTOM"
    warned = ("RCK_OK", 23, rck.RCK_SEVERITY_WARNING, rck.RCK_ACTION_ALERT, 0)
    assert told(desk.check(customs.port, desk.order(1))) == warned
    assert told(desk.check(customs.port, desk.order(2))) == warned
    assert customs.get().calls == 1
    customs.put(9)
    assert (customs.get().calls, customs.get().breaker) == (0, 0)
    assert desk.check(customs.port, desk.order(3))[0] == "RCK_REJECT_CUSTOM"


def test_removal_waits_for_calls_and_none_begins_after_it(customs: Customs) -> None:
    began, go = threading.Event(), threading.Event()

    def custom(*_: Any) -> int:
        began.set()
        go.wait(120)
        return 0

    customs.put(custom)
    customs.arm()
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(desk.check(customs.port, desk.order(1))[0]))
    thread.start()
    assert began.wait(10)
    assert (customs.take(), customs.put(1)) == ("RCK_E_BUSY", "RCK_E_BUSY")
    go.set()
    thread.join()
    assert answers == ["RCK_OK"] and customs.take() == "RCK_OK"
    assert desk.check(customs.port, desk.order(2))[0] == "RCK_REJECT_CUSTOM_MISSING"
    assert len(customs.asked) == 1


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"id": 0}, "RCK_E_RANGE", b"id"),
        ({"id": 17}, "RCK_E_RANGE", b"id"),
        ({"flags": 2}, "RCK_E_FLAGS", b"flags"),
        ({"budget_ns": -1}, "RCK_E_RANGE", b"budget_ns"),
        ({"cool_down_ns": 2**62}, "RCK_E_RANGE", b"cool_down_ns"),
        ({"actor": 0}, "RCK_E_RANGE", b"actor"),
        ({"reason": b""}, "RCK_E_RANGE", b"reason"),
        ({"name": b"x" * 32}, "RCK_E_NAME", b"name"),
        ({"struct_size": 8}, "RCK_E_STRUCT_SIZE", b"struct_size"),
    ],
)
def test_what_may_be_set(customs: Customs, fields: dict[str, Any], status: str, field: bytes) -> None:
    customs.put(5)
    fault = rck.Fault()
    assert (customs.put(6, fault=fault, **fields), fault.field) == (status, field)
    customs.arm()
    assert told(desk.check(customs.port, desk.order(1))) == refused("RCK_REJECT_CUSTOM", 5)


def test_functions_are_the_engines_own_and_end_with_it(session: host.Session, path: Path) -> None:
    engine = session.open(path, host.config(money_decimals=2, flags=rck.RCK_SHARED))
    desk.define(engine)
    customs = Customs.__new__(Customs)
    customs.engine, customs.port, customs.asked, customs.kept = engine, session.port(engine), [], []
    customs.put(1)
    customs.arm()
    assert desk.check(customs.port, desk.order(1))[0] == "RCK_REJECT_CUSTOM"
    # Another mapping of the region, as another process has it.
    attached = session.attach(path)
    port = rck.PortHandle()
    rck.check(lib.rck_port_open(attached, 0, rck.RCK_PORT_READER, byref(port), None))
    assert desk.dry(port, desk.order(1))[0] == "RCK_REJECT_CUSTOM_MISSING"
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(attached))
    for handle in (customs.port,):
        rck.check(lib.rck_port_close(handle))
    rck.check(lib.rck_engine_close(engine))
    session.close()
    with host.Session() as again:
        engine = again.open(path)
        port = again.port(engine)
        assert desk.dry(port, desk.order(1))[0] == "RCK_REJECT_CUSTOM_MISSING"


def test_32_engines_may_have_functions(session: host.Session) -> None:
    made = [session.create() for _ in range(33)]
    call = rck.CustomCall(lambda *_: 0)
    given = sized(rck.Custom, id=16, actor=1, reason=b"agreed")
    statuses = [lib.rck_custom_set(engine, byref(given), call, None, None) for engine in made]
    assert statuses == [0] * 32 + [rck.RCK_E_CUSTOMS_FULL]
    assert lib.rck_custom_set(made[0], byref(given), rck.CustomCall(), None, None) == rck.RCK_E_NULL


def test_a_forked_child_has_none(tmp_path: Path) -> None:
    """Not even where the child makes an engine in the very memory of the parent's."""
    said = run(
        """
import ctypes
bytes = ctypes.c_uint64()
rck.check(lib.rck_region_bytes(byref(config()), byref(bytes), None))
memory = ctypes.create_string_buffer(bytes.value + 64)
start = (ctypes.addressof(memory) + 63) // 64 * 64
def engine():
    made = rck.EngineHandle()
    rck.check(lib.rck_engine_create(byref(config()), start, bytes, byref(made), None))
    return made
def found(engine): return lib.rck_custom_get(engine, byref(sized(rck.Custom, id=1)))
first, call = engine(), rck.CustomCall(lambda *_: 0)
given = sized(rck.Custom, id=1, actor=1, reason=b"x")
rck.check(lib.rck_custom_set(first, byref(given), call, None, None))
pid = os.fork()
if pid == 0: os._exit(0 if found(engine()) == rck.RCK_E_UNKNOWN else 1)
say(os.waitpid(pid, 0)[1], found(first))
rck.check(lib.rck_engine_close(first))
say(found(engine()) == rck.RCK_E_UNKNOWN)
""",
        tmp_path,
    )
    assert said == "0 0\nTrue"
