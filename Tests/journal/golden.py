"""Golden journals: made once, kept, read ever after. What must be read of each stands beside it as text, a line for
each record: the fields of its first line by name, then the words of what follows, zeros as a dot.
"""

import ctypes
from ctypes import byref
from pathlib import Path

import riskcheck.abi as rck
from checks import Checks
from riskcheck.abi import lib
from session import Session, name_of, records, region_config, sized, verify

HERE = Path(__file__).resolve().parent / "golden"
KINDS = {value: name for name, value in vars(rck).items() if name.startswith("RCK_EVENT_")}
COUNTED = ("records", "commands", "checks", "differing", "lost")


def name_of_kind(kind: int) -> str:
    found = KINDS.get(kind)
    if found is None and kind > rck.RCK_EVENT_HOST:
        return f"HOST+{kind - rck.RCK_EVENT_HOST}"
    return found.removeprefix("RCK_EVENT_") if found else str(kind)


def words(body: bytes) -> str:
    numbers = [int.from_bytes(body[at : at + 8], "little") for at in range(0, len(body), 8)]
    return " ".join(f"{number:x}" if number else "." for number in numbers)


def line_of(event: rck.Event, body: bytes) -> str:
    first = (
        f"{event.port}:{event.sequence} {name_of_kind(event.kind)} ticket {event.ticket} time {event.time_ns}"
    )
    more = f"subject {event.subject} values {event.values[0]} {event.values[1]} control {event.control}"
    last = f"severity {event.severity} correlation {event.correlation_id}"
    return f"{first} {more} {last}" + (f" | {words(body)}" if body else "")


def replayed(folder: Path) -> tuple[str, rck.ReplayInfo, list[int]]:
    """The journal, replayed by an engine of its own configuration: status, what was counted, the state's hash."""
    with Session() as session:
        given = region_config(folder)
        engine, fault = session.create(given.info), rck.Fault()
        info, hashes = sized(rck.ReplayInfo), (ctypes.c_uint64 * 2)()
        status = lib.rck_replay(engine, str(folder).encode(), None, None, byref(info), byref(fault))
        rck.check(lib.rck_state_hash(engine, hashes))
        return name_of(status), info, list(hashes)


def dumped(folder: Path, is_replayed: bool) -> str:
    """All that must be read from a journal."""
    told = verify(folder)
    names = (
        "flags",
        "first_segment",
        "last_segment",
        "blocks",
        "records",
        "lines",
        "bytes",
        "lost",
        "torn_bytes",
    )
    lines = [f"verify {told.status} " + " ".join(f"{name} {getattr(told.info, name)}" for name in names)]
    lines.append(f"times {told.info.first_time_ns} {told.info.last_time_ns} region {told.info.region_id:x}")
    given = region_config(folder)
    fields = [name for name, *_ in rck.Config._fields_]
    lines.append(
        f"config {given.status} " + " ".join(f"{name} {getattr(given.info, name)}" for name in fields)
    )
    if is_replayed:
        status, info, _ = replayed(folder)
        lines.append(f"replay {status} " + " ".join(f"{name} {getattr(info, name)}" for name in COUNTED))
    lines += [line_of(event, body) for event, body in records(folder)]
    return "\n".join(lines) + "\n"


def difference(found: str, wanted: str) -> str:
    pairs = list(zip(found.splitlines(), wanted.splitlines(), strict=False))
    for number, (left, right) in enumerate(pairs, 1):
        if left != right:
            return f"line {number} is\n{left[:400]}\nnot\n{right[:400]}"
    return "" if found == wanted else f"{len(found.splitlines())} lines, not {len(wanted.splitlines())}"


def check(checks: Checks, place: Path) -> None:
    """`place` is not needed: nothing is written."""
    for name, is_replayed in (("exact", True), ("odd", False)):
        folder, text = HERE / name, HERE / f"{name}.txt"
        if not checks.check(
            f"golden journal {name}: it is there", text.exists(), "Tests/journal/make_golden.py"
        ):
            continue
        size = sum(file.stat().st_size for file in folder.iterdir())
        checks.check(f"golden journal {name}: under 200 KB ({size:,} bytes)", size < 200_000)
        wrong = difference(dumped(folder, is_replayed), text.read_text())
        checks.absent(f"golden journal {name}: what is read is what was kept", wrong)
        planted = text.read_text().replace(" values 1 -1 ", " values 1 -2 ", 1)
        checks.check(
            f"golden journal {name}: another value is noticed",
            bool(difference(dumped(folder, is_replayed), planted)),
        )
    status, info, _ = replayed(HERE / "exact")
    held = (status, info.differing, info.lost) == ("RCK_OK", 0, 0) and info.commands > 50
    checks.check(f"golden journal exact: {info.commands} commands are replayed, none differs", held, status)
