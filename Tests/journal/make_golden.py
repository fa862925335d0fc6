#!/usr/bin/env python3
"""Makes the golden journals anew, with the text of what must be read from them. For when the format changes.

`exact` holds every kind of record that a replay does again without a difference; `odd` what a replay cannot do again:
records that were lost, refusals that were not told as commands, a function of the host's. RISKCHECK_LIBRARY names
another build than build/lib/libriskcheck.so.
"""

import ctypes
import os
import shutil
import sys
import tempfile
from ctypes import byref
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "Tests"), str(ROOT / "bindings/python")]
os.environ.setdefault("RISKCHECK_LIBRARY", str(ROOT / "build/lib/libriskcheck.so"))

import golden
import riskcheck.abi as rck
import story
from riskcheck.abi import lib
from session import Session, annotate, close_journal, open_journal, pump, records, sized


def passes(status: str) -> None:
    if status != "RCK_OK":
        raise SystemExit(f"a call that must pass gave {status}")


def exact(folder: Path, place: Path) -> list[int]:
    """Two lives of a region; what its state hashes to at the end."""
    with Session() as session:
        desk = story.opened(session, place / "region")
        passes(open_journal(desk.reader, folder).status)
        desk.define()
        desk.arm()
        desk.open_ports()
        for part in (story.morning, story.noon):
            part(desk)
            passes(pump(desk.reader).status)
        for _ in range(12):
            desk.annotate(64)
            desk.market()
            passes(pump(desk.reader).status)
        story.evening(desk)
        desk.close_ports()
        passes(pump(desk.reader).status)
        passes(close_journal(desk.reader).status)
        hashes = (ctypes.c_uint64 * 2)()
        rck.check(lib.rck_state_hash(desk.engine, hashes))
        return list(hashes)


def odd(folder: Path, place: Path) -> None:
    """A region that was told less, opened again and told more, with a ring too small and a function that is slow."""
    region = place / "region"
    with Session() as session:
        desk = story.opened(session, region, flags=0, ring_lines=256)
        passes(open_journal(desk.reader, folder).status)
        desk.define()
        desk.arm()
        desk.open_ports()
        story.morning(desk)
        desk.check(quantity=500)
        passes(pump(desk.reader).status)
    with Session() as session:
        desk = story.opened(session, region, ring_lines=256)
        passes(open_journal(desk.reader, folder).status)
        desk.open_ports()
        desk.now_ns = 5_000_000_000
        desk.order_id = 5000
        slow = rck.CustomCall(lambda context, order, time_ns: 0)
        given = sized(rck.Custom, id=1, budget_ns=1, overruns_max=1, **story.ACTOR)
        rck.check(lib.rck_custom_set(desk.engine, byref(given), slow, None, None))
        desk.limit(rck.RCK_CONTROL_CUSTOM, reference=1)
        desk.publish()
        desk.check()
        for _ in range(900):
            desk.beat()
        passes(pump(desk.reader).status)
        annotate(desk.ports[0], 3, time_ns=desk.now_ns)
        desk.beat()
        desk.beat()
        desk.beat()
        passes(pump(desk.reader).status)
        passes(close_journal(desk.reader).status)


def kinds(*folders: Path) -> set[str]:
    return {golden.name_of_kind(event.kind) for folder in folders for event, _ in records(folder)}


def main() -> None:
    target = golden.HERE
    shutil.rmtree(target, ignore_errors=True)
    for name, made in (("exact", exact), ("odd", odd)):
        folder = target / name
        folder.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as place:
            hashes = made(folder, Path(place))
        if hashes:
            status, info, found = golden.replayed(folder)
            if status != "RCK_OK" or info.differing or found != hashes:
                print(f"not the same state: {status}, {info.differing} differ, hashes {found} of {hashes}")
        for file in folder.iterdir():
            file.chmod(0o644)
        (target / f"{name}.txt").write_text(golden.dumped(folder, name == "exact"))
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{name}: {size:,} bytes, {len(kinds(folder))} kinds")
    absent = {name.removeprefix("RCK_EVENT_") for name in golden.KINDS.values()} - kinds(
        target / "exact", target / "odd"
    )
    print("of no kind:", ", ".join(sorted(absent)))


if __name__ == "__main__":
    main()
