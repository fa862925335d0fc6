"""The interpreter around the library: its lock, its threads, its forks and its sub-interpreters."""

import ctypes
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import small_desk as desk
from riskcheck import (
    BusyError,
    Control,
    Engine,
    HandleError,
    Port,
    ReleaseReason,
    Status,
    abi,
)
from small_desk import BUY, WHO

# Asked by the library in the midst of a call: whether this thread has the interpreter's lock.
SPY = """
#include <stdint.h>
int PyGILState_Check(void);
int32_t spy(void *seen, const void *order, int64_t time_ns) {
  *(int *)seen = PyGILState_Check() ? 1 : 2;
  return 0;
}
"""
KEPT, GIVEN_UP = 1, 2


@pytest.fixture(scope="module")
def spy(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    folder = tmp_path_factory.mktemp("spy")
    (folder / "spy.c").write_text(SPY)
    built = folder / "libspy.so"
    subprocess.run(["gcc", "-shared", "-fPIC", str(folder / "spy.c"), "-o", str(built)], check=True)
    return ctypes.CDLL(str(built))


@pytest.fixture
def seen(engine: Engine, port: Port, spy: ctypes.CDLL) -> Iterator[Any]:
    """What the spy saw last, with a limit that asks it of every order."""
    found, fault = ctypes.c_int(), abi.Fault()
    given = abi.Custom(struct_size=ctypes.sizeof(abi.Custom), id=1, actor=1, reason=b"spy")
    call = ctypes.cast(spy.spy, abi.CustomCall)
    abi.check(abi.lib.rck_custom_set(engine.handle, given, call, ctypes.addressof(found), fault), fault)
    engine.limit(Control.CUSTOM, account=1, reference=1, hard=0, **WHO)
    engine.publish()
    yield found
    engine.remove_custom(1)


def test_single_calls_keep_the_lock_and_batches_give_it_up(port: Port, seen: Any) -> None:
    bound = port.bind(**BUY)
    bound.put(1, 100, 1)
    batch = port.batch(2)
    for number, order in enumerate(batch.order_records):
        order.order_id, order.account, order.instrument, order.side = 10 + number, 1, 1, 1
        order.type, order.time_in_force, order.price, order.quantity = 1, 1, 100, 1
    bare = abi.Order.from_buffer_copy(bound.order)
    bare.order_id = 99
    for name, call, wanted in (
        ("check", lambda: port.check(20, **BUY, quantity=1, price=1), KEPT),
        ("check_dry", lambda: port.check_dry(21, **BUY, quantity=1, price=1), KEPT),
        ("bound", bound.check, KEPT),
        ("batch", batch.check, GIVEN_UP),
        ("lib", lambda: abi.lib.rck_check(port.handle, bare, abi.Verdict()), GIVEN_UP),
    ):
        seen.value = 0
        assert call() is not None
        assert seen.value == wanted, name


def test_threads_share_a_limit_exactly(engine: Engine, port: Port) -> None:
    """Each thread has a port of its own; together they get what one would have got."""
    engine.limit(Control.POSITION, account=1, instrument=1, hard=90, **WHO)
    engine.publish()
    port.close()
    passed = [0] * 4
    together = threading.Barrier(4)

    def trade(index: int) -> None:
        with engine.port(index + 1) as mine:
            together.wait()
            for number in range(40):
                verdict = mine.check(1000 * index + number + 1, **BUY, quantity=1, price=1)
                while verdict.status == Status.REJECT_CONTENDED:
                    verdict = mine.check(1000 * index + number + 1, **BUY, quantity=1, price=1)
                passed[index] += bool(verdict)

    threads = [threading.Thread(target=trade, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = engine.position(1, account=1)
    assert sum(passed) == 90 and row is not None and row.open_buys == 90


def test_a_second_thread_in_a_port_is_told(engine: Engine, port: Port) -> None:
    """The first is held inside its check by a function that waits for the second."""
    inside, told = threading.Event(), threading.Event()
    found: list[Any] = []

    def second() -> None:
        inside.wait()
        for refused in (lambda: port.beat(), port.close, engine.close):
            try:
                refused()
            except BusyError as error:
                found.append(error.status)
        told.set()

    def ours(order: abi.Order, time_ns: int) -> int:
        inside.set()
        told.wait()
        return 0

    engine.custom(1, ours, **WHO)
    engine.limit(Control.CUSTOM, account=1, reference=1, hard=0, **WHO)
    engine.publish()
    thread = threading.Thread(target=second)
    thread.start()
    assert port.check(1, **BUY, quantity=1, price=1)
    thread.join()
    assert found == [Status.E_BUSY] * 3
    assert not port.closed and port.release(order_id=1, reason=ReleaseReason.DONE)


def test_handles_do_not_survive_a_fork(engine: Engine, port: Port) -> None:
    """In the child every call says so, closing does nothing, and the parent's engine goes on."""
    bound = port.bind(**BUY)
    bound.put(1, 100, 1)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with pytest.raises(HandleError):
                port.check(2, **BUY, quantity=1, price=1)
            with pytest.raises(HandleError):
                engine.health()
            assert bound.check() == Status.E_HANDLE
            with pytest.raises(HandleError):
                port.batch(1).check()
            port.close()
            engine.close()
            assert port.closed and engine.closed
            with desk.engine() as own:  # the child may open its own
                desk.define(own)
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert bound.check() == Status.OK and port.check(2, **BUY, quantity=1, price=1)


SUB = """
import sys

PROGRAM = '''
import sys
sys.path[:0] = PATHS
try:
    import small_desk as desk
except ImportError as error:
    print(error)
else:
    with desk.engine() as engine:
        desk.define(engine)
        with engine.port() as port:
            print(bool(port.check(1, **desk.BUY, quantity=1, price=1)))
            try:
                engine.custom(1, lambda order, time_ns: 0, **desk.WHO)
                print("set")
            except RuntimeError as error:
                print(error)
'''.replace("PATHS", repr(sys.path))

if sys.version_info >= (3, 13):
    import _interpreters as interpreters
    made = interpreters.create("isolated" if OWN_LOCK else "legacy")
else:
    import _xxsubinterpreters as interpreters
    made = interpreters.create(isolated=OWN_LOCK) if sys.version_info >= (3, 12) else interpreters.create()
for _ in range(2):
    failed = interpreters.run_string(made, PROGRAM)
    assert failed is None, failed
exec(PROGRAM)
interpreters.destroy(made)
"""


# Before Python 3.12 all sub-interpreters share one lock.
@pytest.mark.parametrize("own_lock", [False, True] if sys.version_info >= (3, 12) else [False])
def test_sub_interpreters_trade_and_set_no_functions(own_lock: bool) -> None:
    trades = "True\nfunctions can be set in the main interpreter only\n"
    absent = "module _ctypes does not support loading in subinterpreters\n"
    wanted = absent if own_lock and sys.version_info < (3, 13) else trades
    assert desk.python(SUB.replace("OWN_LOCK", str(own_lock))) == wanted * 2 + "True\nset\n"
