"""What happens to a file, and to who looks at it, while others open, make and refuse it."""

import os
import select
import shutil
import signal
import subprocess
import threading
from ctypes import byref
from pathlib import Path

import pytest

import host
import riskcheck.abi as rck
from child import Child
from host import name_of
from riskcheck.abi import lib


def open_status(path: Path, settings: rck.Config | None) -> tuple[int, rck.EngineHandle]:
    engine = rck.EngineHandle()
    return lib.rck_engine_open(settings, os.fsencode(path), byref(engine), None), engine


def test_an_open_that_loses_leaves_the_winners_file(tmp_path: Path) -> None:
    """Four threads open one new file at once: one gets it, and it is there for the next to open."""
    settings = host.config()
    for number in range(100):
        path = tmp_path / str(number)
        barrier = threading.Barrier(4)
        results: list[tuple[int, rck.EngineHandle]] = []

        def attempt(
            path: Path = path,
            barrier: threading.Barrier = barrier,
            results: list[tuple[int, rck.EngineHandle]] = results,
        ) -> None:
            barrier.wait()
            results.append(open_status(path, settings))

        threads = [threading.Thread(target=attempt) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [engine for status, engine in results if status == rck.RCK_OK]
        assert len(won) == 1, [name_of(status) for status, _ in results]
        assert path.exists(), "the file of the winner was removed"
        rck.check(lib.rck_engine_close(won[0]))
        results.clear()
        status, engine = open_status(path, None)
        assert name_of(status) == "RCK_OK"
        rck.check(lib.rck_engine_close(engine))


def test_attaching_while_a_file_is_made_and_unmade_is_an_error_and_no_signal(tmp_path: Path) -> None:
    """A maker that fails truncates the file; who looks at it at that moment must not die."""
    path = tmp_path / "region"
    path.write_bytes(b"RCKMAKE1" + bytes(8192))
    looker = """
        say("looking")
        seen = set()
        for _ in range(3000):
            engine = rck.EngineHandle()
            status = lib.rck_engine_attach(bytes(path), rck.RCK_ATTACH_READER, byref(engine), None)
            seen.add(rck.STATUS_NAMES[status])
        say(" ".join(sorted(seen)))
    """
    with Child(looker, path) as child:
        assert child.line() == "looking"
        while child.process.poll() is None and not child_spoke(child):
            path.write_bytes(b"RCKMAKE1" + bytes(8192))
            os.truncate(path, 0)
        said = child.line()
    assert said, "the looker died"
    assert set(said.split()) <= {"RCK_E_UNFINISHED", "RCK_E_NOT_REGION"}


def child_spoke(child: Child) -> bool:
    assert child.process.stdout is not None
    return bool(select.select([child.process.stdout], [], [], 0)[0])


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a full file system needs root")
def test_a_copy_with_holes_on_a_full_file_system_is_an_error_and_no_signal(
    session: host.Session, tmp_path: Path
) -> None:
    whole, mount = tmp_path / "whole", tmp_path / "full"
    session.open(whole, host.config())
    session.close()
    mount.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(mount)], check=True)
    try:
        holey = mount / "region"
        holey.write_bytes(whole.read_bytes()[:4096])
        os.truncate(holey, whole.stat().st_size)
        with Child(
            """
            try:
                session.open(path, config())
            except rck.RiskCheckError as error:
                say(error.name)
            """,
            holey,
        ) as child:
            assert child.line() == "RCK_E_NO_SPACE"
    finally:
        subprocess.run(["umount", str(mount)], check=True)
        shutil.rmtree(mount)


def test_a_directory_is_not_a_region(tmp_path: Path) -> None:
    engine = rck.EngineHandle()
    status = lib.rck_engine_attach(os.fsencode(tmp_path), rck.RCK_ATTACH_READER, byref(engine), None)
    assert name_of(status) == "RCK_E_NOT_REGION"


def test_a_refused_open_leaves_no_lock_to_a_forked_child(session: host.Session, tmp_path: Path) -> None:
    path = tmp_path / "region"
    session.open(path, host.config())
    session.close()
    other = host.config(orders_max=64)
    children = []
    for _ in range(20):
        assert name_of(open_status(path, other)[0]) == "RCK_E_CONFIG_DIFFERS"
        child = os.fork()
        if child == 0:
            signal.pause()
            os._exit(0)
        children.append(child)
    status, engine = open_status(path, None)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert name_of(status) == "RCK_OK"
    rck.check(lib.rck_engine_close(engine))


def test_a_refused_open_leaves_the_last_owner_on_record(session: host.Session, tmp_path: Path) -> None:
    path = tmp_path / "region"
    flags = rck.RCK_SHARED | rck.RCK_CONSUMER_OUTSIDE
    with Child(
        "session.open(path, config(flags=int(sys.argv[2])))\nsay(os.getpid())\nwait()", path, flags
    ) as child:
        owner = int(child.line())
        child.kill()
    session.attach(path, rck.RCK_ATTACH_CONSUMER)
    before = path.read_bytes()
    assert name_of(open_status(path, host.config())[0]) == "RCK_E_CONSUMED"
    assert path.read_bytes() == before
    health = host.sized(rck.HealthInfo)
    assert lib.rck_health(session.attach(path), byref(health)) == rck.RCK_OK
    assert (health.owner_pid, health.state) == (owner, rck.RCK_HEALTH_LEFT)


def test_an_owner_that_cannot_be_looked_at_is_not_said_to_be_dead(tmp_path: Path) -> None:
    """Without descriptors the kernel's tables cannot be read; the lock still says that somebody lives."""
    path = tmp_path / "region"
    looker = """
        import resource
        reader = session.attach(path)
        soft = max(int(name) for name in os.listdir("/proc/self/fd"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))
        health = sized(rck.HealthInfo)
        rck.check(lib.rck_health(reader, byref(health)))
        say(health.state)
    """
    with Child("session.open(path, config(flags=rck.RCK_SHARED))\nsay('open')\nwait()", path) as owner:
        assert owner.line() == "open"
        with Child(looker, path) as child:
            assert child.line() == str(rck.RCK_HEALTH_RUNNING)


def test_an_owner_that_cannot_name_itself_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "region"
    script = """
        import resource
        free = max(int(name) for name in os.listdir("/proc/self/fd"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (free + 1, free + 1))
        try:
            session.open(path, config())
            say("opened")
        except rck.RiskCheckError as error:
            say(error.name)
    """
    with Child(script, path) as child:
        assert child.line() == "RCK_E_SYSTEM"
    assert not path.exists()
