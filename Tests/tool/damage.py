"""Journals that are not what was written: where, what is left of them, and what a kill leaves, which is no damage."""

import shutil
from pathlib import Path

import day
import riskcheck.abi as rck
from checks import Checks
from tool import DIFFERS, FINE, UNREADABLE, say

HEADER_BYTES = 4_096
LAYOUT_VERSION_AT = 8  # of a segment's header: what another version wrote is not judged


def flipped(directory: Path, name: str, offset: int, target: Path) -> Path:
    """A copy with one bit of one file the other way round."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(directory, target)
    data = bytearray((target / name).read_bytes())
    data[offset] ^= 0x10
    (target / name).write_bytes(data)
    return target


def check_place(checks: Checks, directory: Path, name: str, offset: int, folder: Path) -> None:
    whole = say("verify", directory, "--json").object["records"]
    broken = flipped(directory, name, offset, folder / "broken")
    text, machine = say("verify", broken), say("verify", broken, "--json")
    told = machine.object
    segment, at = told["damaged_segment"], told["damaged_offset"]
    # The block begins before the byte, and is as long as a block can be; what is before the first is the header.
    near = at <= offset < at + 64 * (rck.RCK_JOURNAL_BLOCK_LINES + 1) or (at == 0 and offset < HEADER_BYTES)
    held = text.exit_status == machine.exit_status == DIFFERS and told["status"] == "RCK_E_DAMAGED"
    held = held and told["damaged_file"] == name and segment == int(name.split(".")[0]) and near
    held = (
        held and f"segment {segment}, {name}, the block at offset {at} is not what was written" in text.text
    )
    # A finished segment ends with a block that holds no records.
    held = held and (told["records"] < whole or offset == (directory / name).stat().st_size - 1)
    checks.check(f"verify says where a flipped bit is: byte {offset} of {name}", held, f"{text}{machine}")
    dumped, tailed = say("dump", broken, "--json"), say("tail", broken, "--lines", "all")
    for what, said in (("dump", dumped), ("tail", tailed)):
        held = (
            said.exit_status == DIFFERS
            and len(said.lines) == told["records"]
            and "RCK_E_DAMAGED" in said.errors
        )
        checks.check(
            f"{what} has what comes before it, and ends with 1: byte {offset} of {name}", held, str(said)
        )


def check_flips(checks: Checks, folder: Path) -> None:
    directory = folder / "journal"
    directory.mkdir()
    desk = day.Desk(day.config(day.TELLS, rck.RCK_MANY_WRITERS), directory)
    day.live(desk)
    day.go_on(desk)
    desk.close()
    files = sorted(directory.iterdir())
    checks.check("the journal has several segments", len(files) > 2, str(files))
    for path in (files[0], files[1], files[-1]):
        for offset in (100, HEADER_BYTES + 70, path.stat().st_size // 2, path.stat().st_size - 1):
            check_place(checks, directory, path.name, offset, folder)
    (files[1]).rename(folder / "gone")
    said = say("verify", directory)
    held = said.exit_status in (DIFFERS, UNREADABLE)
    checks.check("a segment that is missing in the midst is told", held, str(said))
    (folder / "gone").rename(files[1])
    said = say("verify", flipped(directory, files[1].name, LAYOUT_VERSION_AT, folder / "broken"))
    held = said.exit_status == UNREADABLE and "RCK_E_LAYOUT_VERSION" in said.errors
    checks.check("a segment of another version cannot be read", held, str(said))


def check_torn(checks: Checks, folder: Path) -> None:
    """The owner is gone in the midst of a block."""
    directory = folder / "torn"
    directory.mkdir()
    desk = day.Desk(day.config(day.TELLS), directory)
    day.live(desk)
    desk.pump()
    desk.leave()
    (path,) = directory.iterdir()
    whole = say("verify", directory, "--json").object
    with path.open("ab") as file:
        file.write(b"R" * 100)
    text, machine = say("verify", directory), say("verify", directory, "--json").object
    held = text.exit_status == FINE and "100 bytes behind the last whole block" in text.text
    held = held and "the last is not finished" in text.text and "damage       none" in text.text
    held = held and (machine["torn_bytes"], machine["records"]) == (100, whole["records"])
    checks.check("verify tells torn bytes, which are no damage", held, str(text))
    for words in (("dump", "--json"), ("tail", "--lines=all")):
        said = say(words[0], directory, words[1])
        held = said.exit_status == FINE and len(said.lines) == whole["records"]
        checks.check(f"{words[0]} has all before them", held, str(said))


def check_lost(checks: Checks, folder: Path) -> None:
    """A ring that nobody empties."""
    directory = folder / "lost"
    directory.mkdir()
    settings = day.config(day.TELLS)
    settings.ring_lines = 64
    desk = day.Desk(settings, directory)
    desk.define()
    desk.open(1)
    for id in range(1, 40):
        desk.release(desk.check(id, 1)[1])
    desk.pump()
    desk.check(100, 1)
    desk.close()
    text, machine = say("verify", directory), say("verify", directory, "--json")
    lost = machine.object["lost"]
    held = text.exit_status == machine.exit_status == DIFFERS and lost > 0
    held = held and f"lost         {lost} records" in text.text and "damage       none" in text.text
    checks.check("verify tells records that were lost, and ends with 1", held, str(text))
    said = say("dump", directory)
    held = said.exit_status == FINE and "# LOST port=1 " in said.text
    checks.check("dump has the record that tells of them", held, str(said))


def check(checks: Checks, folder: Path) -> None:
    check_flips(checks, folder)
    check_torn(checks, folder)
    check_lost(checks, folder)
