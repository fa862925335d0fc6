"""Files that are not, or no longer, regions, and places where none can be: a typed error each, no trap."""

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import host
import riskcheck.abi as rck
from child import run
from files import assert_filled, fill
from host import name_of, open_status
from riskcheck.abi import lib

FLIPS = """
whole = path.read_bytes()
seen = {}
def outcome(changed):
    path.write_bytes(changed)
    attached = attach_status(path)[0]
    assert attached <= 0 and path.read_bytes() == changed
    engine, fault = rck.EngineHandle(), rck.Fault()
    status = lib.rck_engine_open(None, bytes(path), byref(engine), byref(fault))
    assert status <= 0 and (status == 0) == (engine.value is not None)
    if status == 0:
        for kind in KINDS:
            for id in range(1, 8): fetch(engine, kind, id)
        find_id(engine, 5, b"FDAX")
        port = rck.PortHandle()
        if lib.rck_port_open(engine, 2, 1, byref(port), None) == 0:
            lines, count = (rck.Event * 64)(), ctypes.c_uint32()
            for source in range(7): lib.rck_events_read(port, source, lines, 64, byref(count))
            lib.rck_event_write(port, byref(event(time_ns=9)), 1)
            lib.rck_currency_set(engine, byref(currency(2, b"USD")), None)
            lib.rck_port_close(port)
        same = as_dict(config_of(engine)) == as_dict(config())
        lib.rck_health(engine, byref(sized(rck.HealthInfo)))
        lib.rck_engine_close(engine)
        assert same, "opened under another configuration"
    return name_of(status)
for bit in bits:
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    status = outcome(bytes(changed))
    seen[status] = seen.get(status, 0) + 1
path.write_bytes(whole)
say(*sorted(seen))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small file system: mounting a tmpfs needs root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_truncated_file_is_refused_and_left_alone(session: host.Session, path: Path) -> None:
    rck.check(lib.rck_engine_close(fill(session, path)))
    whole = path.read_bytes()
    numbers = random.Random(1)
    lengths = {1, 7, 8, 63, 64, 65, 127, 128, 511, 512, 4095, 4096, 4097, len(whole) - 1, len(whole) - 64}
    lengths |= {numbers.randrange(1, len(whole)) for _ in range(40)}
    for length in sorted(lengths):
        path.write_bytes(whole[:length])
        for status in (
            open_status(path)[0],
            open_status(path, host.config())[0],
            host.attach_status(path)[0],
        ):
            assert name_of(status) in {"RCK_E_TRUNCATED", "RCK_E_NOT_REGION"}, length
            assert length < 4096 or name_of(status) == "RCK_E_TRUNCATED", length
        assert path.read_bytes() == whole[:length]
    path.write_bytes(whole)
    assert_filled(session, session.open(path))


def test_what_is_no_region_is_refused_and_left_alone(path: Path) -> None:
    numbers = random.Random(2)
    size = host.region_bytes(host.config())
    contents = [b"x", b"#!/bin/sh\n", bytes(range(256)) * 64, b"\xff" * size, numbers.randbytes(size)]
    for content in contents:
        path.write_bytes(content)
        for status in (
            open_status(path)[0],
            open_status(path, host.config())[0],
            host.attach_status(path)[0],
        ):
            assert name_of(status) == "RCK_E_NOT_REGION"
        assert path.read_bytes() == content


def test_no_flipped_bit_of_the_header_is_a_trap_and_identity_is_checked(
    session: host.Session, path: Path
) -> None:
    rck.check(lib.rck_engine_close(fill(session, path)))
    seen = set(run("bits = range(512 * 8)\n" + FLIPS, path).split())
    assert {"RCK_E_NOT_REGION", "RCK_E_LAYOUT_VERSION", "RCK_E_CORRUPT"} <= seen
    assert seen <= {*rck.STATUS_NAMES.values()}
    assert_filled(session, session.open(path))


def test_no_flipped_bit_anywhere_is_a_trap(session: host.Session, path: Path) -> None:
    rck.check(lib.rck_engine_close(fill(session, path)))
    bits = [random.Random(3).randrange(8 * path.stat().st_size) for _ in range(3000)]
    seen = set(run(f"bits = {bits}\n" + FLIPS, path).split())
    assert seen <= {*rck.STATUS_NAMES.values()}


def test_paths_that_cannot_be_a_region_are_refused_by_type(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    expected: list[tuple[Path | bytes, set[str]]] = [
        (tmp_path / "folder", {"RCK_E_NOT_REGION", "RCK_E_SYSTEM"}),
        (tmp_path / "fifo", {"RCK_E_NOT_REGION", "RCK_E_SYSTEM"}),
        (Path("/dev/null"), {"RCK_E_NOT_REGION", "RCK_E_SYSTEM"}),
        (tmp_path / "loop", {"RCK_E_SYSTEM"}),
        (tmp_path / "missing" / "region", {"RCK_E_NO_FILE", "RCK_E_SYSTEM"}),
        (tmp_path / ("x" * 300), {"RCK_E_SYSTEM"}),
        (b"/" + b"y" * 100_000, {"RCK_E_SYSTEM"}),
        (b"", {"RCK_E_NO_FILE", "RCK_E_SYSTEM"}),
    ]
    for path, statuses in expected:
        for settings in (host.config(), None):
            status, fault = open_status(path, settings)
            assert name_of(status) in statuses, path
            assert fault.status == status
            assert name_of(status) != "RCK_E_SYSTEM" or fault.system_error > 0
        assert name_of(host.attach_status(path)[0]) in statuses
    assert sorted(os.listdir(tmp_path)) == ["fifo", "folder", "loop"]


def test_a_folder_that_refuses_writes_is_a_system_error_with_its_number(tmp_path: Path) -> None:
    """In a child that gives up root, for whom no folder refuses anything."""
    closed = tmp_path / "closed"
    closed.mkdir()
    for folder in (closed, *closed.parents):
        if folder.stat().st_uid == os.getuid() and folder.is_relative_to(tmp_path.parents[1]):
            folder.chmod(0o555)
    said = run(
        """
        if os.getuid() == 0:
            os.setgroups([]); os.setgid(65534); os.setuid(65534)
        status, fault = open_status(path / "region", config())
        say(name_of(status), fault.system_error, path.exists())
        """,
        closed,
    )
    for folder in (closed, *closed.parents):
        if folder.stat().st_uid == os.getuid() and folder.is_relative_to(tmp_path.parents[1]):
            folder.chmod(0o755)
    assert said.split()[:2] == ["RCK_E_SYSTEM", "13"], said


def test_a_full_disk_is_refused_and_no_half_made_file_stays(small_disk: Path) -> None:
    settings = host.config(orders_max=65536)
    assert host.region_bytes(settings) > 65536
    for flags in (0, rck.RCK_PREFAULT, rck.RCK_SHARED):
        settings.flags = flags
        status, fault = open_status(small_disk / "region", settings)
        assert name_of(status) == "RCK_E_NO_SPACE" and fault.status == status
        assert os.listdir(small_disk) == []


def test_a_limit_on_file_size_is_refused_and_no_half_made_file_stays(tmp_path: Path) -> None:
    said = run(
        """
        import resource
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        say(name_of(open_status(path / "region", config())[0]), os.listdir(path))
        """,
        tmp_path,
    )
    assert said in {"RCK_E_NO_SPACE []", "RCK_E_SYSTEM []"}


def test_no_descriptor_is_left_open_by_any_refusal(path: Path) -> None:
    path.write_bytes(b"no region at all" * 1000)
    count = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        open_status(path)
        open_status(path.with_name("none"))
        host.attach_status(path)
    assert len(os.listdir("/proc/self/fd")) == count
