"""What a host can meet: directories that vanish, disks that are full or read-only, others that write, forks.

    trouble.py full|readonly FOLDER

is a child of `check`, in a mount namespace of its own, in which FOLDER is a small file system in memory.
"""

import errno
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    ROOT = Path(__file__).resolve().parent.parent.parent
    sys.path[:0] = [str(ROOT / "Tests"), str(ROOT / "bindings/python")]

from checks import Checks, run
from riskcheck.abi import check as check_status
from riskcheck.abi import lib
from session import (
    Answer,
    Session,
    annotate,
    close_journal,
    config,
    missing,
    open_journal,
    pump,
    sequences,
    stats,
    verify,
)

HERE = Path(__file__).resolve().parent


class Desk(Session):
    """An engine with a port that writes, one that journals, and a directory."""

    def __init__(self, folder: Path, **settings: int) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.engine = self.create(config(**settings))
        self.reader = self.port(self.engine, 0)
        self.writer = self.port(self.engine, 1)
        self.number = 0

    def annotate(self, count: int) -> None:
        annotate(self.writer, count, self.number + 1)
        self.number += count

    def open(self, *words: object, **changes: int) -> Answer:  # type: ignore[override]
        return open_journal(self.reader, self.folder, **changes)

    def waiting(self) -> int:
        return sum(int(stats(self.engine, index).ring_lines_used) for index in (0, 1))


def agrees(answer: Answer, status: str, number: int = 0) -> bool:
    return answer.status == status and answer.fault.system_error == number


def vanished(checks: Checks, place: Path) -> None:
    """The directory is removed, between two pumps and before a segment is begun."""
    for what, count in (("while a segment is in work", 10), ("when one is due to be finished", 1000)):
        with Desk(place / "vanished", ring_lines=4096) as desk:
            desk.open()
            desk.annotate(count)
            first = pump(desk.reader)
            shutil.rmtree(desk.folder)
            written = stats(desk.engine, 1).events_read
            desk.annotate(20)
            answer = pump(desk.reader)
            name = f"a directory that is gone {what}: RCK_E_NO_FILE"
            checks.check(
                name, first.status == "RCK_OK" and agrees(answer, "RCK_E_NO_FILE", errno.ENOENT), str(answer)
            )
            held = desk.waiting() >= 20
            checks.check(f"a directory that is gone {what}: what was told since is in the rings", held)
            close_journal(desk.reader)
            desk.folder.mkdir()
            held = desk.open().status == "RCK_OK" and pump(desk.reader).status == "RCK_OK"
            wanted = list(range(written + 1, stats(desk.engine, 1).events_written + 1))
            found = sequences(desk.folder).get(1, [])
            checks.check(
                f"a directory that is gone {what}: one that is made anew has all that was in the rings",
                held and found == wanted,
                f"{len(found)} of {len(wanted)}",
            )
        shutil.rmtree(place / "vanished")


def moved(checks: Checks, place: Path) -> None:
    with Desk(place / "here") as desk:
        desk.open()
        desk.annotate(10)
        pump(desk.reader)
        desk.folder.rename(place / "there")
        desk.annotate(10)
        held = pump(desk.reader).status == "RCK_OK" and close_journal(desk.reader).status == "RCK_OK"
        wrong = missing(desk.engine, place / "there")
        checks.check("a directory that is moved is written where it is", held and not wrong, wrong)


def filled(desk: Desk, is_full: Callable[[], bool], better: Callable[[], None]) -> tuple[Answer, str]:
    """Writes until the disk is full, and on when it is better: what was said then, and what is missing at the end."""
    desk.open()
    answer = pump(desk.reader)
    while answer.status == "RCK_OK" and not is_full():
        desk.annotate(100)
        answer = pump(desk.reader)
    held = desk.waiting()
    desk.annotate(50)
    again = pump(desk.reader)
    if (again.status, again.info.records) != (answer.status, 0) or desk.waiting() < held + 50:
        return again, "what could not be written has left the rings"
    if verify(desk.folder).status != "RCK_OK":
        return answer, "what is written cannot be read meanwhile"
    better()
    desk.annotate(50)
    last = pump(desk.reader)
    if last.status != "RCK_OK" or close_journal(desk.reader).status != "RCK_OK":
        return answer, f"it does not go on: {last}"
    return answer, missing(desk.engine, desk.folder) or str(verify(desk.folder).info.torn_bytes or "")


def overflown(checks: Checks, place: Path) -> None:
    """A ring that was too small: what is missing is counted by who verifies, as by the port."""
    with Desk(place / "overflown", ring_lines=64) as desk:
        desk.open()
        for turn in range(3):
            for number in range(200):
                check_status(lib.rck_beat(desk.writer, 1000 * turn + number + 1))
            pump(desk.reader)
        desk.annotate(1)
        pump(desk.reader)
        lost, found = stats(desk.engine, 1).events_lost, verify(desk.folder)
        held = found.status == "RCK_OK" and 0 < lost == found.info.lost
        checks.check(f"{lost} records that found no room are counted as missing", held, f"{found.info.lost}")


def limited(checks: Checks, place: Path) -> None:
    """A file that may not grow. Python ignores SIGXFSZ, which the kernel sends as well."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Desk(place / "limited") as desk:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
            answer, wrong = filled(
                desk, lambda: False, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            )
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    told = answer.status in ("RCK_E_SYSTEM", "RCK_E_NO_SPACE") and answer.fault.system_error == errno.EFBIG
    checks.check("a file that may not grow is told", told, str(answer))
    checks.absent("a file that may not grow: nothing is lost, and it goes on when it may", wrong)


def full(folder: Path) -> None:
    """The child: a full disk, from which something is removed."""
    checks = Checks()
    filler = folder / "filler"
    filler.write_bytes(bytes(900_000))
    with Desk(folder / "journal", ring_lines=4096) as desk:
        answer, wrong = filled(desk, lambda: False, filler.unlink)
    checks.check("a full disk is told", agrees(answer, "RCK_E_NO_SPACE", errno.ENOSPC), str(answer))
    checks.absent("a full disk: nothing is lost, and it goes on when there is room", wrong)


def readonly(folder: Path) -> None:
    """The child: a disk that is read-only at first."""
    checks = Checks()
    with Desk(folder / "journal") as desk:
        desk.annotate(10)
        run(["mount", "-o", "remount,ro", folder])
        answer = desk.open()
        checks.check("a read-only disk is told", agrees(answer, "RCK_E_SYSTEM", errno.EROFS), str(answer))
        run(["mount", "-o", "remount,rw", folder])
        held = desk.open().status == "RCK_OK" and pump(desk.reader).status == "RCK_OK"
        wrong = missing(desk.engine, desk.folder)
        checks.check(
            "a read-only disk: nothing is lost, and it goes on when it may", held and not wrong, wrong
        )


def mounted(checks: Checks, place: Path) -> None:
    """A small file system, where mounting is permitted; RLIMIT_FSIZE and planned faults stand in for it elsewhere."""
    for what in ("full", "readonly"):
        disk = place / what
        disk.mkdir()
        script = 'mount -t tmpfs -o size=1m none "$1" || exit 77; exec "$2" "$3" "$4" "$1"'
        command: list[str | Path] = [
            "sh",
            "-c",
            script,
            "sh",
            disk,
            sys.executable,
            HERE / "trouble.py",
            what,
        ]
        if not shutil.which("unshare"):
            return
        done = run(["unshare", "-m", *command])
        if done.returncode == 77 or "unshare" in done.stdout:
            print(f"     {what}: mounting is not permitted here", flush=True)
            continue
        lines = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "FAIL "))]
        for line in lines:
            checks.check(line[5:].strip(), line.startswith("ok "), done.stdout)
        checks.check(f"{what}: the child comes to its end", len(lines) == 2, done.stdout)


def others(checks: Checks, place: Path) -> None:
    """Somebody else's journal, and somebody else who writes this one."""
    with Desk(place / "taken") as desk, Desk(place / "mine") as other:
        desk.open()
        second = desk.port(desk.engine, 0)
        answer = open_journal(second, desk.folder)
        checks.check(
            "another port, while it is written: RCK_E_IN_USE", answer.status == "RCK_E_IN_USE", str(answer)
        )
        for what, records in (("nothing in it", 0), ("records in it", 10), ("a finished segment", 10)):
            desk.annotate(records)
            pump(desk.reader)
            answer = open_journal(other.reader, desk.folder)
            told = answer.status in ("RCK_E_IN_USE", "RCK_E_JOURNAL_OTHER")
            checks.check(f"another region, while it is written, {what}: refused", told, str(answer))
            close_journal(desk.reader)
            before = {path.name: path.read_bytes() for path in desk.folder.iterdir()}
            answer = open_journal(other.reader, desk.folder)
            name = f"another region, {what}: RCK_E_JOURNAL_OTHER"
            checks.check(name, answer.status == "RCK_E_JOURNAL_OTHER", str(answer))
            same = before == {path.name: path.read_bytes() for path in desk.folder.iterdir()}
            checks.check(f"another region, {what}: the journal is as it was", same)
            desk.open()
        held = open_journal(other.reader, other.folder).status == "RCK_OK"
        checks.check("a port that was refused may open a journal of its own", held)


def processes(checks: Checks, place: Path) -> None:
    """Another process, with a copy of the region, and a forked child that outlives the journal."""
    folder, region = place / "processes", place / "region"
    folder.mkdir()
    with Session() as session:
        engine = session.open(region)
        reader, writer = session.port(engine, 0), session.port(engine, 1)
        open_journal(reader, folder)
        annotate(writer, 10)
        pump(reader)
        shutil.copy(region, place / "copy")
        script = (
            "import sys; from pathlib import Path; from session import *; s = Session();"
            "print(open_journal(s.port(s.open(Path(sys.argv[1])), 0), sys.argv[2]).status)"
        )
        command: list[str | Path] = [sys.executable, "-c", script, place / "copy", folder]
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        said = run(command, env=environment).stdout.strip()
        checks.check("another process, while it is written: RCK_E_IN_USE", said == "RCK_E_IN_USE", said)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(writing)
            os.read(reading, 1)
            os._exit(0)
        os.close(reading)
        close_journal(reader)
        answer = open_journal(reader, folder)
        checks.check("a forked child does not keep the journal", answer.status == "RCK_OK", str(answer))
        annotate(writer, 10, 11)
        held = pump(reader).status == "RCK_OK"
        os.close(writing)
        os.waitpid(child, 0)
        checks.check(
            "a forked child takes nothing", held and not missing(engine, folder), missing(engine, folder)
        )
        close_journal(reader)
        said = run(command, env=environment).stdout.strip()
        name = "an older copy of the region, which would take new records for known: refused"
        checks.check(name, said == "RCK_E_JOURNAL_OTHER", said)


def check(checks: Checks, place: Path) -> None:
    """Everything of this file, in a folder of its own."""
    vanished(checks, place)
    moved(checks, place)
    overflown(checks, place)
    limited(checks, place)
    mounted(checks, place)
    others(checks, place)
    processes(checks, place)


if __name__ == "__main__":
    {"full": full, "readonly": readonly}[sys.argv[1]](Path(sys.argv[2]))
