"""What the tool says of itself: versions, usage, misuse, its manual; and that it knows every name of the header."""

import re
import shutil
import subprocess
from pathlib import Path

import riskcheck.abi as rck
from checks import ROOT, Checks, run
from tool import FAILED, FINE, MISUSED, TOOL, UNREADABLE, say

SOURCES = ROOT / "bindings/cpp/tool"
PAGE = SOURCES / "riskcheck.1"
COMMANDS = ("stat", "tail", "verify", "replay", "what-if", "dump")

# Command lines that say nothing, each with a word of what is wrong.
MISUSES: list[tuple[tuple[str, ...], str]] = [
    ((), "usage"),
    (("look",), "no command look"),
    (("--jsn",), "no command --jsn"),
    (("stat",), "path is missing"),
    (("stat", ""), "path is empty"),
    (("stat", "a", "b"), "what is b"),
    (("stat", "a", "--follow"), "no option --follow"),
    (("stat", "a", "-x"), "no option -x"),
    (("stat", "a", "--json=1"), "--json takes no value"),
    (("tail", "a", "--lines"), "--lines takes a value"),
    (("tail", "a", "--lines", "-1"), "not -1"),
    (("tail", "a", "--lines="), "a number or all"),
    (("tail", "a", "--lines=1x"), "not 1x"),
    (("tail", "a", "--lines", "99999999999"), "not 99999999999"),
    (("replay", "a", "--differences", "some"), "not some"),
    (("what-if", "a"), "--limits is missing"),
    (("replay", "a", "--from"), "--from takes a value"),
    (("replay", "a", "--from="), "--from is empty"),
    (("dump", "a", "--from", "b"), "no option --from"),
    (("verify", "a", "--limits", "b"), "no option --limits"),
]

# The beginnings of the header's constants whose numbers are fields of records, as words of the sources.
FAMILIES = re.findall(
    r"\w+",
    "CONTROL MEASURE SCOPE SEVERITY ACTION SIDE TYPE FORCE REPORT RELEASE STATE REFERENCE GROUP KIND BREAKER HEALTH"
    " LEVEL PERMIT VERDICT JOURNAL VIOLATION",
)
# Constants that begin like a family and are none of its numbers.
OTHERS = {"RCK_GROUP_LISTS_MAX", "RCK_JOURNAL_BLOCK_LINES"}
FLAGS = ("RCK_POWER_", "RCK_HALT_ON_", "RCK_LEASE_", "RCK_ENABLED", "RCK_AGGRESSIVE_ONLY", "RCK_SHORT_LOCATE")


def missing_names() -> str:
    """Constants of the header that the tool would print as numbers."""
    source = (SOURCES / "names.cpp").read_text()
    known = {f"RCK_{family}_{word}" for family, word in re.findall(r"OF\((\w+), (\w+)\)", source)}
    known |= {f"RCK_{word}" for word in re.findall(r"FLAG\((\w+)\)", source)}
    wanted = {
        name
        for name in dir(rck)
        if name.startswith((*(f"RCK_{family}_" for family in FAMILIES), *FLAGS)) and name not in OTHERS
    }
    return "\n".join(sorted(wanted - known))


def missing_kinds() -> str:
    source = (SOURCES / "kinds.cpp").read_text()
    known = {f"RCK_EVENT_{word}" for word in re.findall(r"KIND\((\w+)\)", source)} | {"RCK_EVENT_HOST"}
    return "\n".join(sorted({name for name in dir(rck) if name.startswith("RCK_EVENT_")} - known))


def check_self(checks: Checks) -> None:
    version = say("--version")
    wanted = f"riskcheck {rck.RCK_VERSION_MAJOR}.{rck.RCK_VERSION_MINOR}.{rck.RCK_VERSION_PATCH} ("
    held = version.exit_status == FINE and version.text.startswith(wanted)
    checks.check("--version tells the library's version", held, str(version))
    for words in (("--help",), ("help",)):
        usage = say(*words)
        held = usage.exit_status == FINE and all(f"riskcheck {name} " in usage.text for name in COMMANDS)
        checks.check(f"{words[0]} names every command", held, str(usage))
    for name in COMMANDS:
        usage = say(name, "--help")
        held = usage.exit_status == FINE and usage.text.startswith(f"usage: riskcheck {name} ")
        checks.check(f"{name} --help tells how it is used", held, str(usage))


def check_misuse(checks: Checks) -> None:
    for words, why in MISUSES:
        said = say(*words)
        held = said.exit_status == MISUSED and why in said.errors and not said.text
        checks.check(f"misuse is told and ends with 2: {' '.join(words) or 'nothing'}", held, str(said))


def check_absent(checks: Checks, folder: Path) -> None:
    """Paths where there is nothing, or something else."""
    limits, text = folder / "limits", folder / "text"
    limits.write_text("control=order_quantity scope=account id=1 hard=1\n")
    text.write_text("a text, and no region\n" * 1000)
    places = {"nothing": folder / "nothing", "an empty folder": folder / "empty", "a text": text}
    places["an empty folder"].mkdir()
    for name in COMMANDS:
        for what, place in places.items():
            said = say(name, place, *(("--limits", limits) if name == "what-if" else ()))
            held = said.exit_status == UNREADABLE and str(place) in said.errors and not said.text
            checks.check(f"{name} of {what} ends with 3", held, str(said))


def check_page(checks: Checks) -> None:
    page = PAGE.read_text().replace("\\-", "-")
    usage = say("--help").text
    words = {*re.findall(r"--[a-z]+", usage), *COMMANDS}
    checks.absent(
        "the manual has every command and option", ", ".join(sorted(w for w in words if w not in page))
    )
    options = set(re.findall(r"--[a-z]+", page))
    checks.absent("the manual has no option that is none", ", ".join(sorted(options - words)))
    if shutil.which("groff"):
        done = run(["groff", "-ww", "-man", "-Tutf8", "-z", PAGE])
        checks.check("the manual is formatted without a warning", not done.stdout, done.stdout)


def check_full_disk(checks: Checks) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([TOOL, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    held = done.returncode == FAILED and "standard output" in done.stderr
    checks.check("output that cannot be written ends with 4", held, f"{done.returncode}: {done.stderr}")


def check(checks: Checks, folder: Path) -> None:
    check_self(checks)
    check_misuse(checks)
    check_absent(checks, folder)
    check_page(checks)
    check_full_disk(checks)
    checks.absent("the tool has a name for every number of the header's families", missing_names())
    checks.absent("the tool knows every kind of record", missing_kinds())
