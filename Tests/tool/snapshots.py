"""Replays that begin with a snapshot: of the journal's region, and what is none."""

import shutil
from pathlib import Path

import day
import riskcheck.abi as rck
from checks import Checks
from tool import DIFFERS, FINE, MISUSED, UNREADABLE, Said, say

FIRST_BEHIND = 5_000  # order ids from here on come behind the snapshot


def written(folder: Path, discipline: int) -> tuple[day.Desk, rck.SnapshotInfo]:
    """A day that fills several segments, a snapshot in its midst, some orders behind it."""
    folder.mkdir()
    (folder / "journal").mkdir()
    desk = day.Desk(day.config(day.TELLS, discipline), folder / "journal")
    day.live(desk)
    for id in range(1_000, 1_400):
        desk.release(desk.check(id, 1)[1])
        if id % 50 == 0:
            desk.pump()
    desk.pump()
    info = desk.snapshot(folder / "snapshot")
    desk.snapshot(folder / "configuration", rck.RCK_SNAPSHOT_CONFIGURATION)
    for id in range(FIRST_BEHIND, FIRST_BEHIND + 20):
        desk.release(desk.check(id, 1 + id % 4)[1])
    desk.limit(control=rck.RCK_CONTROL_ORDER_QUANTITY, scope_kind=rck.RCK_SCOPE_ACCOUNT, id=1, hard=90)
    desk.publish()
    desk.check(FIRST_BEHIND + 20, 3)
    return desk, info


def check_replay(checks: Checks, folder: Path, desk: day.Desk, info: rck.SnapshotInfo) -> None:
    journal, snapshot = folder / "journal", folder / "snapshot"
    text, machine = (say("replay", journal, "--from", snapshot, *more) for more in ((), ("--json",)))
    held = text.exit_status == FINE and f"state hash   {desk.hash()}" in text.text
    held = held and "from         a snapshot of 2023-11-14T22:13:2" in text.text
    held = held and "checks       21 checks" in text.text and "differing    0" in text.text
    checks.check("replay --from does what comes behind the snapshot, and nothing else", held, str(text))
    told = machine.object
    held = machine.exit_status == FINE and (told["checks"], told["differing"], told["lost"]) == (21, 0, 0)
    held = held and told["state_hash"] == desk.hash() and told["snapshot"]["region_id"] == info.region_id
    held = (
        held and told["snapshot"]["hash"] == list(info.hash) and told["snapshot"]["records"] == info.records
    )
    checks.check("replay --from --json says the same, and which snapshot", held, str(machine))
    whole = say("replay", journal, "--json").object
    held = whole["checks"] > 400 and "snapshot" not in whole and whole["state_hash"] == desk.hash()
    checks.check("without it the whole journal comes to the same", held, str(whole)[:400])


def check_what_if(checks: Checks, folder: Path) -> None:
    limits = folder / "limits"
    limits.write_text("control=order_quantity scope=account id=1 hard=2\n")
    said = say("what-if", folder / "journal", "--limits", limits, "--from", folder / "snapshot", "--json")
    told = said.object
    now = {d["order_id"] for d in told["differences"] if d["kind"] == "CHECK"}
    wanted = {FIRST_BEHIND + at for at in range(20) if 1 + (FIRST_BEHIND + at) % 4 > 2} | {FIRST_BEHIND + 20}
    held = said.exit_status == DIFFERS and now == wanted and told["refused_now"] == len(wanted)
    checks.check("what-if --from holds other limits against what comes behind alone", held, str(said))
    limits.write_text("control=order_quantity scope=account id=3 hard=2\n")
    said = say("what-if", folder / "journal", "--limits", limits, "--from", folder / "snapshot")
    held = said.exit_status == MISUSED and f"{limits}:1: id: " in said.errors
    checks.check("what-if --from tells a limit that cannot be", held, str(said))


def check_retained(checks: Checks, folder: Path, desk: day.Desk) -> None:
    """The segments before the one that the snapshot was written in are gone."""
    journal = folder / "retained"
    shutil.copytree(folder / "journal", journal)
    segments = sorted(journal.iterdir())
    for segment in segments[:-1]:
        segment.unlink()
    said = say("replay", journal, "--from", folder / "snapshot", "--json")
    held = len(segments) > 2 and said.exit_status == FINE and said.object["state_hash"] == desk.hash()
    checks.check("replay --from needs no segments of before the snapshot", held, f"{segments}\n{said}")
    said = say("replay", journal)
    checks.check("without a snapshot it does", said.exit_status != FINE, str(said))


def check_none(checks: Checks, folder: Path) -> None:
    """What is no snapshot, or not of this journal."""
    journal, snapshot = folder / "journal", folder / "snapshot"
    (folder / "empty").mkdir()
    for name in ("unfinished", "damaged"):
        shutil.copytree(snapshot, folder / name)
    (file,) = (folder / "unfinished").iterdir()
    file.rename(file.with_suffix(".open"))
    (file,) = (folder / "damaged").iterdir()
    content = bytearray(file.read_bytes())
    content[5_000] ^= 1
    file.write_bytes(content)
    other, _ = written(folder / "other", rck.RCK_ONE_WRITER)
    other.close()
    cases: dict[Path, tuple[int, str]] = {
        folder / "absent": (UNREADABLE, "RCK_E_NO_FILE"),
        folder / "empty": (UNREADABLE, "RCK_E_NO_JOURNAL"),
        folder / "unfinished": (UNREADABLE, "RCK_E_UNFINISHED"),
        folder / "damaged": (DIFFERS, "RCK_E_DAMAGED"),
        folder / "configuration": (UNREADABLE, "no snapshot of a state"),
        journal: (UNREADABLE, "no snapshot of a state"),
        folder / "other/snapshot": (UNREADABLE, "RCK_E_JOURNAL_OTHER"),
    }
    for path, (status, why) in cases.items():
        said: Said = say("replay", journal, "--from", path)
        held = said.exit_status == status and why in said.errors and not said.text
        checks.check(f"replay --from {path.relative_to(folder)} ends with {status}", held, str(said))


def check(checks: Checks, folder: Path) -> None:
    place = folder / "day"
    desk, info = written(place, rck.RCK_ONE_WRITER)
    desk.pump()
    check_replay(checks, place, desk, info)
    check_what_if(checks, place)
    check_retained(checks, place, desk)
    check_none(checks, place)
    desk.close()
