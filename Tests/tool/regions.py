"""Regions of other processes: alive, left and closed, and none of it disturbed."""

import os
import subprocess
import sys
from pathlib import Path

import riskcheck.abi as rck
from checks import ROOT, Checks
from tool import FINE, UNREADABLE, say

OWNER = """
import sys
from pathlib import Path
import day, riskcheck as rck
desk = day.Desk(day.config(day.TELLS | int(sys.argv[2])), region=Path(sys.argv[1]))
day.live(desk)
print("open", flush=True)
for line in sys.stdin:
    if line == "trade\\n":
        print(desk.check(500, 1)[0], flush=True)
        continue
    if line == "close\\n":
        desk.leave()
        print("closed", flush=True)
    break
sys.stdin.read()
"""


def owner(region: Path, flags: int) -> subprocess.Popen[str]:
    """A process that has the region open, and waits to be told what to do."""
    paths = os.pathsep.join([str(ROOT / "Tests/tool"), str(ROOT / "Tests"), str(ROOT / "bindings/python")])
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    command: list[str | Path] = [sys.executable, "-c", OWNER, region, str(flags)]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, env=environment)
    assert child.stdout is not None and child.stdout.readline() == "open\n"
    return child


def tell(child: subprocess.Popen[str], word: str) -> str:
    """Its answer."""
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(f"{word}\n")
    child.stdin.flush()
    return child.stdout.readline().strip()


def check_live(checks: Checks, region: Path, child: subprocess.Popen[str]) -> None:
    before = region.read_bytes(), region.stat().st_mtime_ns
    text, machine = say("stat", region), say("stat", "--json", region)
    after = region.read_bytes(), region.stat().st_mtime_ns
    words = (
        f"state        running, owned by process {child.pid}\n",
        "limits       2\n",
        "instruments  2\n",
        "ports        1 open of 4\n",
        "3 more ports were never used\n",
    )
    held = text.exit_status == FINE and all(word in text.text for word in words)
    checks.check("stat says how a living engine is", held, str(text))
    told = machine.object
    wanted = {"state": "RUNNING", "owner_pid": child.pid, "limits": 2, "instruments": 2, "ports_open": 1}
    held = machine.exit_status == FINE and all(told[name] == value for name, value in wanted.items())
    ports = {port["port"]: port for port in told["ports"]}
    held = held and sorted(ports) == [0, 1, 2, 3, 4] and (ports[1]["open"], ports[2]["open"]) == (1, 0)
    held = held and ports[1]["events_written"] > 40 and ports[2]["events_written"] == 0
    names = {name for name, *_ in rck.Stats._fields_ if name != "struct_size"}
    checks.check("stat --json says the same, of every port", held, str(machine))
    checks.check("stat --json has every number of a port", names <= set(ports[0]), str(ports[0]))
    checks.check("stat leaves the region as it is", before == after)
    written = ports[1]["events_written"]
    answer = tell(child, "trade")
    told = say("stat", region, "--json").object
    held = answer == "0" and told["ports"][1]["events_written"] == written + 1
    checks.check("the engine goes on, and stat sees it", held, f"{answer} {told}")


def check_ends(checks: Checks, folder: Path) -> None:
    for end, state, words in (
        ("kill", "LEFT", "left without closing by process {pid}, which is gone"),
        ("close", "CLOSED", "closed by its owner"),
    ):
        region = folder / end
        with owner(region, rck.RCK_SHARED) as child:
            if end == "kill":
                check_live(checks, region, child)
                child.kill()
                child.wait()
            else:
                tell(child, "close")
            before = region.read_bytes()
            text, machine = say("stat", region), say("stat", region, "--json")
            held = text.exit_status == FINE and words.format(pid=child.pid) in text.text
            held = held and machine.object["state"] == state and machine.object["limits"] == 2
            checks.check(f"stat says that the owner is gone: {end}", held, f"{text}{machine}")
            checks.check(f"stat leaves what is left as it is: {end}", region.read_bytes() == before)


def check_not_shared(checks: Checks, region: Path) -> None:
    with owner(region, 0):
        said = say("stat", region)
        held = said.exit_status == UNREADABLE and "RCK_E_NOT_SHARED" in said.errors
        checks.check("stat of a region that is not shared ends with 3", held, str(said))


def check(checks: Checks, folder: Path) -> None:
    check_ends(checks, folder)
    check_not_shared(checks, folder / "private")
