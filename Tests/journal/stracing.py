"""What strace sees of a journal, and what it lets fail: the real system calls, none of them defined by a test."""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from checks import Checks, run
from riskcheck.abi import RCK_SYNC_BATCH, RCK_SYNC_INTERVAL, RCK_SYNC_NONE

HERE = Path(__file__).resolve().parent
CALLS = "fsync,fdatasync,pwritev,pwrite64,renameat,renameat2,ftruncate,unlinkat"
PUMPS = 40  # 60 lines each: two segments are finished on the way
NEVER_NS = 1 << 61


@dataclass
class Seen:
    """What a traced host said, and the calls that it made on files of its journal."""

    said: list[str]
    calls: list[str]

    def count(self, name: str) -> int:
        return sum(call.startswith(f"{name}(") for call in self.calls)

    def statuses(self, what: str) -> list[str]:
        return [line.split(" ", 1)[1].rsplit(" ", 1)[0] for line in self.said if line.startswith(f"{what} ")]

    def syncs_told(self) -> int:
        return max(int(line.split()[3]) for line in self.said if line.startswith(("pump ", "idle ")))

    def word(self, what: str) -> str:
        return next((line.split(" ", 1)[1] for line in self.said if line.startswith(f"{what} ")), "")


def traced(place: Path, sync: int, interval_ns: int, *inject: str) -> Seen:
    folder, log = place / "journal", place / "strace.log"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    faults = [word for fault in inject for word in ("-e", f"inject={fault}")]
    options: list[str | Path] = ["-f", "-o", log, "-e", f"trace={CALLS}", *faults]
    host: list[str | Path] = [
        sys.executable,
        HERE / "traced.py",
        folder,
        str(sync),
        str(interval_ns),
        str(PUMPS),
    ]
    done = run(["strace", *options, *host])
    lines = [re.sub(r"^\d+ +", "", line) for line in log.read_text().splitlines()]
    return Seen(done.stdout.splitlines(), [line for line in lines if re.match(r"\w+\(", line)])


def policies(checks: Checks, place: Path) -> None:
    """fsync is called by policy: of n segments that are finished, each once for its bytes and once for its name."""
    for name, sync, interval_ns, least, most in (
        ("none", RCK_SYNC_NONE, 0, 0, 0),
        ("an interval that does not end", RCK_SYNC_INTERVAL, NEVER_NS, 0, 0),
        ("an interval that always has ended", RCK_SYNC_INTERVAL, 1, PUMPS, PUMPS),
        ("each batch", RCK_SYNC_BATCH, 0, PUMPS, PUMPS),
    ):
        seen = traced(place, sync, interval_ns)
        finished = seen.count("renameat") + seen.count("renameat2")
        begun = 0 if sync == RCK_SYNC_NONE else 2 * finished  # the header, and its name
        ends = seen.count("fsync") - begun
        least, most = least + 2 * finished, most + 3 * finished
        what = f"policy {name}: {seen.count('fsync')} fsync of {PUMPS} pumps and {finished} segments"
        checks.check(what, finished >= 2 and least <= ends <= most, f"{ends} not in [{least}, {most}]")
        said = {status for what in ("open", "pump", "idle", "close") for status in seen.statuses(what)}
        held = said == {"RCK_OK 0"} and (seen.word("missing"), seen.word("verify")) == ("nothing", "RCK_OK")
        checks.check(f"policy {name}: the journal is whole", held, "\n".join(seen.said))


def idle(checks: Checks, place: Path) -> None:
    """A pump with nothing to do changes nothing: behind the last fsync there is what ends the segment, no more."""
    seen = traced(place, RCK_SYNC_BATCH, 0)
    last = max(at for at, call in enumerate(seen.calls) if call.startswith("pwritev("))
    before = [call.split("(")[0] for call in seen.calls[:last]]
    held = before[-1] == "fsync" and seen.calls[last].count("iov_len") >= 1
    checks.check("a pump with nothing new neither writes nor waits for the disk", held, " ".join(before[-4:]))


def failing(checks: Checks, place: Path) -> None:
    """Each failure is told once by its errno, and at the end nothing is missing."""
    for what, fault, status in (
        ("the 9th fsync fails", "fsync:error=EIO:when=9", "RCK_E_SYSTEM 5"),
        ("three fsync in a row fail", "fsync:error=EIO:when=12..14", "RCK_E_SYSTEM 5"),
        ("the 7th write finds a full disk", "pwritev:error=ENOSPC:when=7", "RCK_E_NO_SPACE 28"),
        ("the quota is used up for a while", "pwritev:error=EDQUOT:when=5..9", "RCK_E_NO_SPACE 122"),
        ("a segment cannot get its last name", "renameat2:error=EACCES:when=1", "RCK_E_SYSTEM 13"),
        ("nor the last one at the end", "renameat2:error=EROFS:when=3", "RCK_E_SYSTEM 30"),
    ):
        seen = traced(place, RCK_SYNC_BATCH, 0, fault)
        statuses = [answer for call in ("pump", "close") for answer in seen.statuses(call)]
        wrong = [answer for answer in statuses if answer != "RCK_OK 0"]
        failures = seen.count("fsync") and sum("(INJECTED)" in call for call in seen.calls)
        told = set(wrong) == {status} and 0 < len(wrong) <= int(failures)
        checks.check(f"{what}: {status}", told, f"{wrong} of {failures} that failed")
        held = (seen.word("missing"), seen.word("verify")) == ("nothing", "RCK_OK")
        checks.check(f"{what}: nothing is missing at the end", held, "\n".join(seen.said[-6:]))


def check(checks: Checks, place: Path) -> None:
    """Everything of this file, in a folder of its own."""
    if not shutil.which("strace"):
        checks.skip("what strace sees", "strace is missing: apt-get install strace")
        return
    policies(checks, place)
    idle(checks, place)
    failing(checks, place)
