"""The day under other limits, and limits that say nothing."""

from pathlib import Path

import day
from checks import Checks
from tool import DIFFERS, FINE, MISUSED, UNREADABLE, say

QUANTITY = "control=order_quantity scope=account id=1"

# Lines that cannot be limits: the field that is wrong, and a word of why.
WRONG = {
    "control=order_quantitty scope=account id=1 hard=1": ("control", "order_quantitty"),
    "scope=account id=1 hard=1": ("control", "is missing"),
    "control=order_quantity id=1 hard=1": ("scope_kind", "is missing"),
    "control=exposure scope=account id=1 hard=1": ("measure", "is missing"),
    "control=exposure measure=new scope=account id=1 hard=1": ("measure", "no such measure"),
    "control=state scope=account id=1 hard=1": ("control", "takes no limits"),
    "control=concentration scope=account id=1 hard=1": ("control", "takes no limits"),
    "control=order_quantity scope=account_instrument id=1 hard=1": ("scope_kind", "takes no limits there"),
    "control=rate measure=new scope=account id=1 hard=1 window_ns=9 side=buy": ("side", "takes none"),
    "control=rate measure=new scope=account id=1 hard=1 window_ns=9 order_type=stop": (
        "order_type",
        "takes none",
    ),
    f"{QUANTITY} hard": ("hard", "no name=value"),
    f"{QUANTITY} hard=": ("hard", "what is"),
    f"{QUANTITY} hard=1.5": ("hard", "1.5"),
    f"{QUANTITY} hard=99999999999999999999": ("hard", "99999999999999999999"),
    f"{QUANTITY} hard=1 hard=2": ("hard", "twice"),
    f"{QUANTITY} scope_kind=2 hard=2": ("scope_kind", "twice"),
    "control=order_quantity scope=account id=-1 hard=1": ("id", "does not fit"),
    "control=order_quantity scope=account id=4294967296 hard=1": ("id", "does not fit"),
    f"{QUANTITY} hard=1 levels=hard|high": ("levels", "high"),
    f"{QUANTITY} hard=1 actions=1,2,3,4,5": ("actions", "does not fit"),
    f"{QUANTITY} hard=1 maximum=2": ("maximum", "no such field"),
    f"{QUANTITY} hard=1 limit_id=2": ("limit_id", "no such field"),
    f"{QUANTITY} hard=1 reason=": ("reason", "1 to 31 bytes"),
    f"{QUANTITY} hard=1 reason={'x' * 32}": ("reason", "1 to 31 bytes"),
    # What only the library can know.
    "control=order_quantity scope=account id=3 hard=1": ("id", "RCK_E_UNKNOWN"),
    f"{QUANTITY} hard=-1": ("hard", "RCK_E_RANGE"),
    f"{QUANTITY} warn=2 hard=1": ("hard", "RCK_E_RANGE"),
    f"{QUANTITY} hard=1 actor=0": ("actor", "RCK_E_RANGE"),
    "control=rate measure=new scope=account id=1 hard=1": ("window_ns", "RCK_E_RANGE"),
}


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def check_tighter(checks: Checks, directory: Path, folder: Path) -> None:
    """Order 1 of 60 passed, order 3 of 50; 4 was refused for exposure. What follows about order 1 is skipped."""
    limits = write(folder / "tighter", f"# half as much\n\n{QUANTITY} hard=55 # the day had 100\n")
    text = say("what-if", directory, "--limits", limits)
    words = (
        "order 1 CHECK, 2023-11-14T22:13:20.000006000Z, port 1, sequence 11: refused now by order quantity",
        "  recorded: passed\n  now:      refused: RCK_REJECT_ORDER_QUANTITY by order quantity at account 1",
        "60 against 55",
        "order 4 CHECK, 2023-11-14T22:13:20.000010000Z, port 1, sequence 15: refused still, now by order quantity",
        "refused now  1 of checks",
        "             1 by order quantity",
    )
    held = text.exit_status == DIFFERS and all(word in text.text for word in words)
    held = held and "order 3 " not in text.text
    checks.check("what-if names the orders that a tighter limit stops, and by which control", held, str(text))
    machine = say("what-if", directory, f"--limits={limits}", "--json").object
    now = {d["order_id"]: d["now"]["status"] for d in machine["differences"] if d["kind"] == "CHECK"}
    held = (machine["refused_now"], machine["controls"], machine["limits"]) == (1, {"order quantity": 1}, 1)
    held = (
        held and machine["skipped"] > 0 and now[1] == now[4] == "RCK_REJECT_ORDER_QUANTITY" and 3 not in now
    )
    checks.check("what-if --json says the same", held, str(machine))


def check_looser(checks: Checks, directory: Path, folder: Path) -> None:
    text = "control=order_quantity scope=account id=1 hard=1000 warn=90\n"
    text += "control=exposure measure=GROSS scope_kind=2 id=1 warn=100000 soft=120000 hard=900000 reason=a%20wish\n"
    said = say("what-if", directory, "--limits", write(folder / "looser", text))
    held = said.exit_status == DIFFERS and "order 2 CHECK" in said.text
    held = held and "passed now, was refused by order quantity" in said.text
    held = held and "passed with soft breach by exposure at account 1" in said.text
    checks.check(
        "what-if names the orders that looser limits let pass, and levels that are given", held, str(said)
    )


def check_same(checks: Checks, directory: Path, folder: Path) -> None:
    """The limits that the day had, as dump has them."""
    lines = [line for line in say("dump", directory).lines if line.startswith("limit_set")][:2]
    said = say("what-if", directory, "--limits", write(folder / "same", "\n".join(lines)))
    held = len(lines) == 2 and said.exit_status == FINE and "differing    0" in said.text
    checks.check(
        "what-if with the limits of dump differs in nothing, and ends with 0", held, f"{lines}\n{said}"
    )


def check_wrong(checks: Checks, directory: Path, folder: Path) -> None:
    for line, (field, why) in WRONG.items():
        limits = write(folder / "wrong", f"# the second is wrong\n{QUANTITY} side=buy hard=7\n{line}\n")
        said = say("what-if", directory, "--limits", limits)
        held = said.exit_status == MISUSED and why in said.errors and not said.text
        held = held and said.errors.startswith(f"riskcheck: {limits}:3: {field}: ")
        checks.check(f"a line that is no limit is told with its number and field: {line}", held, str(said))
    said = say("what-if", directory, "--limits", write(folder / "none", "# nothing\n"))
    checks.check("a file without limits is told", said.exit_status == MISUSED, str(said))
    for path in (folder / "absent", folder):
        said = say("what-if", directory, "--limits", path)
        checks.check("a file that cannot be read ends with 3", said.exit_status == UNREADABLE, str(said))


def check_many(checks: Checks, folder: Path) -> None:
    """More than there is room for at first."""
    directory = folder / "many"
    directory.mkdir()
    settings = day.config(day.TELLS)
    settings.ring_lines = 1 << 16
    desk = day.Desk(settings, directory)
    desk.define()
    desk.open(1)
    count = 70_000
    for id in range(1, count + 1):
        desk.release(desk.check(id, 1)[1])
        if id % 5_000 == 0:
            desk.pump()
    desk.close()
    limits = write(folder / "tiny", f"{QUANTITY} hard=0\n")
    machine = say("what-if", directory, "--limits", limits, "--json").object
    held = machine["refused_now"] == machine["differing"] == len(machine["differences"]) == count
    held = held and machine["differences"][-1]["order_id"] == count
    checks.check("what-if tells every order, however many", held, str(machine)[:400])


def check(checks: Checks, folder: Path) -> None:
    directory = folder / "journal"
    directory.mkdir()
    desk = day.Desk(day.config(day.TELLS), directory)
    day.live(desk)
    desk.close()
    check_tighter(checks, directory, folder)
    check_looser(checks, directory, folder)
    check_same(checks, directory, folder)
    check_wrong(checks, directory, folder)
    check_many(checks, folder)
