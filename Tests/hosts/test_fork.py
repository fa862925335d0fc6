"""fork: the child has no handle and no region, may start anew, and the parent goes on undisturbed."""

from pathlib import Path

import pytest

import definitions as defs
import host
import riskcheck.abi as rck
from child import Child, run
from host import name_of, open_status

# In a child of the test's own child: `forked(f)` runs f there, and says how it ended. It leaves by _exit, so
# that what it prints is flushed and nothing of the parent's is cleaned up.
FORK = """
def forked(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            say(type(error).__name__, error)
            os._exit(1)
    return os.waitpid(pid, 0)[1]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "region.rck"


def test_every_handle_is_stale_in_the_child_and_the_parents_stay(tmp_path: Path) -> None:
    said = run(
        FORK
        + """
engine, shared = session.create(), session.open(path / "region", config(flags=rck.RCK_SHARED))
ports = [session.port(engine, 1), session.port(engine, 0), session.port(shared, 1)]
define(engine, currency()); write(ports[0], event(subject=1))
def child():
    for each in (engine, shared):
        assert lib.rck_engine_close(each) == rck.RCK_E_HANDLE
        assert lib.rck_health(each, byref(sized(rck.HealthInfo))) == rck.RCK_E_HANDLE
        assert put(each, currency()) == rck.RCK_E_HANDLE
        assert lib.rck_port_open(each, 2, 1, byref(rck.PortHandle()), None) == rck.RCK_E_HANDLE
    for port in ports:
        assert write(port, event()) == rck.RCK_E_HANDLE
        assert read_status(port, 1) == rck.RCK_E_HANDLE
        assert lib.rck_port_close(port) == rck.RCK_E_HANDLE
for _ in range(3):
    assert forked(child) == 0
for port, events in zip(ports, ([1], [], [])):
    assert [e.subject for e in read(port, 1) if e.kind >= rck.RCK_EVENT_HOST] == events
for each in (engine, shared):
    define(each, currency())
    assert health(each).state == rck.RCK_HEALTH_RUNNING
assert health(engine).ports_open == health(shared).ports_open == 1
session.close()
say("undisturbed")
""",
        tmp_path,
    )
    assert said == "undisturbed"


def test_private_memory_is_not_mapped_in_the_child(path: Path) -> None:
    """The region is the largest mapping by far, so it is found by what fork takes away."""
    said = run(
        FORK
        + """
def mapped(): return int(open("/proc/self/statm").read().split()[0]) * os.sysconf("SC_PAGESIZE")
large = config(orders_max=1_000_000)
engine = session.create(large)
before = mapped()
def child(): assert before - mapped() >= region_bytes(large), "the region is still there"
say(forked(child))
session.close()
"""
    )
    assert said == "0"


def test_the_child_may_make_and_open_engines_of_its_own(tmp_path: Path) -> None:
    said = run(
        FORK
        + """
engine = session.create()
port = session.port(engine)
def child():
    own = Session()
    made, opened = own.create(), own.open(path / "child", config())
    for each in (made, opened):
        define(each, currency(2, b"USD"))
        other = own.port(each)
        assert write(other, event(subject=7)) == 0
        assert [e.subject for e in read(other, 1)] == [7]
        assert health(each).owner_pid == os.getpid()
    assert write(port, event()) == rck.RCK_E_HANDLE
    own.close()
say(forked(child))
assert write(port, event()) == 0 and fetch(engine, "currency", 2)[0] == rck.RCK_E_UNKNOWN
session.close()
""",
        tmp_path,
    )
    assert said == "0"


def test_handles_of_the_child_are_not_handles_of_the_parent(path: Path) -> None:
    """Both open an engine after the fork; what one holds means nothing to the other."""
    said = run(
        FORK
        + """
out, into = os.pipe()
def child(): os.write(into, b" ".join(b"%d" % session.create().value for _ in range(50)))
assert forked(child) == 0
theirs = [int(value) for value in os.read(out, 65536).split()]
ours = [session.create() for _ in range(50)]
assert len(theirs) == 50
assert all(lib.rck_engine_close(rck.EngineHandle(value)) == rck.RCK_E_HANDLE for value in theirs)
session.close()
say("strangers")
"""
    )
    assert said == "strangers"


def test_the_child_of_a_shared_engine_attaches_anew(path: Path) -> None:
    said = run(
        FORK
        + f"""
engine = session.open(path, config(flags={rck.RCK_SHARED | rck.RCK_CONSUMER_OUTSIDE}))
port = session.port(engine)
define(engine, currency()); write(port, event(subject=5))
def child():
    assert name_of(open_status(path)[0]) == "RCK_E_OWNED"
    own = Session()
    reader = own.attach(path)
    assert find_id(reader, 1, b"EUR") == (0, 1)
    assert (health(reader).state, health(reader).owner_pid) == (rck.RCK_HEALTH_RUNNING, os.getppid())
    own.close()
    consumer = own.attach(path, rck.RCK_ATTACH_CONSUMER)
    assert [e.subject for e in read(own.port(consumer, 0), 1)] == [5]
    own.close()
for _ in range(2):
    assert forked(child) == 0
    write(port, event(subject=5))
assert stats(engine).events_read == 2
session.close()
say("attached")
""",
        path,
    )
    assert said == "attached"


ORPHAN = (
    FORK
    + """
engine = session.open(path, config())
define(engine, currency())
pid = os.fork()
if pid == 0:
    say(os.getpid())
    wait()
    {then}
    os._exit(0)
signal.pause()
"""
)


def test_a_lock_that_a_forked_child_still_holds_is_told_apart(session: host.Session, path: Path) -> None:
    with Child(ORPHAN.format(then=""), path) as child:
        orphan = int(child.line())
        status, fault = open_status(path)
        assert name_of(status) == "RCK_E_OWNED"
        child.process.kill()
        child.process.wait()
        for settings in (None, host.config()):
            status, fault = open_status(path, settings)
            assert name_of(status) == "RCK_E_LOCK_INHERITED", "the owner is dead, its child is not"
            assert fault.status == status
        child.go_on()
        assert child.line() == "" and orphan > 0, "the pipe closes with its last holder"
        engine = session.open(path)
        assert host.health(engine).recovered == 1
        assert defs.find_id(engine, rck.RCK_KIND_CURRENCY, b"EUR") == (rck.RCK_OK, 1)


def test_a_reader_is_not_taken_in_by_an_inherited_lock(session: host.Session, path: Path) -> None:
    shared = ORPHAN.replace("config()", f"config(flags={rck.RCK_SHARED})")
    with Child(shared.format(then=""), path) as child:
        child.line()
        reader = session.attach(path)
        assert host.health(reader).state == rck.RCK_HEALTH_RUNNING
        child.process.kill()
        child.process.wait()
        assert host.health(reader).state == rck.RCK_HEALTH_LEFT, "the owner is gone, its child is not"
        child.go_on()
        child.line()


def test_exec_gives_the_inherited_lock_up(session: host.Session, path: Path) -> None:
    then = "os.execv('/bin/sh', ['sh', '-c', 'echo executed; read line; exit 0'])"
    with Child(ORPHAN.format(then=then), path) as child:
        child.line()
        child.process.kill()
        child.process.wait()
        assert name_of(open_status(path)[0]) == "RCK_E_LOCK_INHERITED"
        child.go_on()
        assert child.line() == "executed"
        assert host.health(session.open(path)).recovered == 1
        child.go_on()
        assert child.line() == ""


def test_the_parent_closes_and_reopens_while_its_child_lives(path: Path) -> None:
    """A close gives the lock up for all who inherited it: the parent is not locked out by its own child."""
    said = run(
        FORK
        + """
engine = session.open(path, config())
out, into = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(into)
    os.read(out, 1)
    os._exit(0)
os.close(out)
rck.check(lib.rck_engine_close(engine))
say(name_of(open_status(path)[0]))
os.close(into)
os.waitpid(pid, 0)
session.close()
""",
        path,
    )
    assert said == "RCK_OK"
