"""Whole journals: verify, dump, tail and replay agree with the engine that wrote them, and with each other."""

import os
import signal
import subprocess
import sys
from ctypes import byref, sizeof
from pathlib import Path
from typing import Any

import day
import riskcheck.abi as rck
from checks import ROOT, Checks, run
from riskcheck.abi import lib
from tool import DIFFERS, FAILED, FINE, TOOL, say

# Reads a table as the conformance tests do, for their host.
NUMERIC = """
import sys, script
from pathlib import Path
print("\\n".join(script.numeric(Path(sys.argv[1]), int(sys.argv[2]))))
"""
WRITERS = {"one writer": rck.RCK_ONE_WRITER, "many writers": rck.RCK_MANY_WRITERS}


def written(folder: Path, discipline: int) -> tuple[Path, str]:
    """A day's journal, of many writers several segments of two ports; and the hash of the state that it led to."""
    directory = folder / str(discipline)
    directory.mkdir()
    desk = day.Desk(day.config(day.TELLS, discipline), directory)
    day.live(desk)
    if discipline == rck.RCK_MANY_WRITERS:
        day.go_on(desk)
    found = desk.hash()
    desk.close()
    return directory, found


def check_verify(checks: Checks, how: str, directory: Path) -> int:
    """The records that it holds."""
    info, fault = day.sized(rck.VerifyInfo), rck.Fault()
    rck.check(lib.rck_verify(os.fsencode(directory), byref(info), byref(fault)), fault)
    text, machine = say("verify", directory), say("verify", directory, "--json")
    words = [
        f"{info.records} records, {info.lines} lines, {info.blocks} blocks, {info.bytes} bytes",
        f"segments     1 to {info.last_segment}, the last is finished",
        "lost         nothing",
        "torn         nothing",
        "damage       none",
        "2023-11-14T22:13:20.",
    ]
    held = text.exit_status == FINE and all(word in text.text for word in words)
    checks.check(f"verify says what is in a journal ({how})", held, str(text))
    told = machine.object
    names = [name for name, *_ in rck.VerifyInfo._fields_ if name not in ("struct_size", "flags")]
    held = machine.exit_status == FINE and told["status"] == "RCK_OK"
    held = held and all(told[name] == getattr(info, name) for name in names)
    held = held and {"FINISHED", "COMMANDS", "MARKET"} <= set(told["flags"])
    checks.check(f"verify --json says the same ({how})", held, str(machine))
    return int(info.records)


def missing_fields(record: Any, name: str, struct: type[Any]) -> list[str]:
    wanted = {field for field, *_ in struct._fields_ if field != "struct_size" and "reserved" not in field}
    return [f"{record['kind']}.{name}.{field}" for field in wanted - set(record[name])]


def faults_of_fields(records: list[Any]) -> str:
    """Fields of the header that a record does not show, and structs behind it that it does not have."""
    structs = {
        name: getattr(rck, name.capitalize()) for name in ("order", "verdict", "report", "limit", "account")
    }
    found: list[str] = []
    for record in records:
        for name, struct in structs.items():
            found += missing_fields(record, name, struct) if name in record else []
        lines = 1 + sum((sizeof(struct) + 63) // 64 for name, struct in structs.items() if name in record)
        if record["kind"] in ("CHECK", "FILL", "LIMIT_SET", "CANCEL", "LEG") and lines != record["lines"]:
            found.append(f"{record['kind']} has {record['lines']} lines")
    return "\n".join(found)


def check_dump_json(checks: Checks, how: str, directory: Path, records: int) -> None:
    said = say("dump", directory, "--json")
    found = said.objects
    held = said.exit_status == FINE and len(found) == records
    checks.check(f"dump --json has every record ({how})", held, f"{len(found)} of {records}")
    checks.absent(f"dump --json has every field ({how})", faults_of_fields(found))
    tickets = [record["ticket"] for record in found if record["ticket"]]
    checks.check(f"dump is in the order of tickets ({how})", tickets == sorted(tickets))
    (refused,) = [r for r in found if r["kind"] == "CHECK" and r["order"]["order_id"] == 2]
    order, verdict = refused["order"], refused["verdict"]
    wanted = {"quantity": 101, "price": 1000, "account": 1, "side": "BUY", "type": "LIMIT", "flags": []}
    held = all(order[name] == value for name, value in wanted.items())
    wanted = {
        "status": "RCK_REJECT_ORDER_QUANTITY",
        "control": "ORDER_QUANTITY",
        "severity": "HARD",
        "action": "BLOCK",
        "failed": ["ORDER_QUANTITY", "EXPOSURE"],
        "scope_kind": "ACCOUNT",
        "limit": 100,
        "observed": 101,
    }
    held = held and all(verdict[name] == value for name, value in wanted.items())
    held = held and refused["explanation"].startswith("refused: RCK_REJECT_ORDER_QUANTITY by order quantity")
    checks.check(f"dump --json says what was asked, and what came of it ({how})", held, str(refused))
    names = {r["account"]["name"] for r in found if r["kind"] == "ACCOUNT_SET"}
    values = [r["about"]["value"] for r in found if r["kind"] == "METRIC"]
    held = names == {"prop 1"} and values == [-0.1]
    checks.check(f"dump --json has names and numbers exactly ({how})", held, f"{names} {values}")


def rerun(table: Path, discipline: int) -> tuple[int, str]:
    """The conformance host's word on a table."""
    paths = os.pathsep.join([str(ROOT / "Tests/conformance"), str(ROOT / "bindings/python")])
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    numeric = run([sys.executable, "-c", NUMERIC, table, str(discipline)], env=environment)
    if numeric.returncode != 0:
        return numeric.returncode, numeric.stdout
    host = ROOT / "Tests/conformance/ctypes_host.py"
    command: list[str | Path] = [sys.executable, host]
    done = subprocess.run(
        command, input=numeric.stdout, env=environment, text=True, capture_output=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def check_dump_table(checks: Checks, how: str, directory: Path, discipline: int) -> None:
    said = say("dump", directory)
    table = directory.with_suffix(".txt")
    table.write_text(said.text)
    line = "release order_id=3 reason=CANCELLED time_ns=1700000000000016000 -> status=OK token=@3"
    checks.check(f"dump writes the lines of a table ({how})", line in said.lines, str(said))
    named = {word.split("=")[0] for word in said.lines[0].split()[1:]}
    wanted = {name for name, *_ in rck.Config._fields_} - {"struct_size", "flags", "reserved"}
    held = (
        said.lines[0].startswith("config ") and named == wanted and " clock_back_ns_max=0 " in said.lines[0]
    )
    checks.check(f"dump begins with every number of the configuration, also 0 ({how})", held, said.lines[0])
    status, word = rerun(table, discipline)
    held = said.exit_status == FINE and status == 0 and " 0 differences" in word
    checks.check(f"the table that dump writes holds when it is run ({how})", held, word)
    table.write_text(said.text.replace("status=REJECT_ORDER_QUANTITY", "status=OK", 1))
    status, word = rerun(table, discipline)
    checks.check(f"a false line in that table is noticed ({how})", status != 0 and "status" in word, word)


def check_tail(checks: Checks, how: str, directory: Path, records: int) -> None:
    whole = say("tail", directory, "--lines", "all")
    held = whole.exit_status == FINE and len(whole.lines) == records
    checks.check(f"tail has every record, each in one line ({how})", held, str(whole))
    for words, count in (
        ((), 10),
        (("--lines", "3"), 3),
        (("--lines=0",), 0),
        (("--lines", "99999999"), records),
    ):
        said = say("tail", directory, *words)
        held = said.exit_status == FINE and said.lines == whole.lines[records - count :]
        checks.check(f"tail {' '.join(words)} has the last {count} of them ({how})", held, str(said))
    line = (
        "2023-11-14T22:13:20.000008000Z port 1 sequence 13 CHECK order 2 RCK_REJECT_ORDER_QUANTITY BUY 101 of"
        " instrument 1 at 1000 for account 1: refused: RCK_REJECT_ORDER_QUANTITY by order quantity at account 1"
    )
    checks.check(f"tail says it in words ({how})", line in whole.text, str(whole))
    machine = say("tail", directory, "--json", "--lines", "all").objects
    (refused,) = [each for each in machine if each.get("order_id") == 2]
    wanted = {"port": 1, "sequence": 13, "kind": "CHECK", "status": "RCK_REJECT_ORDER_QUANTITY"}
    held = len(machine) == records and all(refused[name] == value for name, value in wanted.items())
    checks.check(f"tail --json says the same ({how})", held, str(refused))


def check_replay(checks: Checks, how: str, directory: Path, found: str) -> None:
    text, machine = say("replay", directory), say("replay", directory, "--json")
    words = ("differing    0", "lost         0", f"state hash   {found}", " a second")
    held = text.exit_status == FINE and all(word in text.text for word in words)
    checks.check(f"replay comes to the state that the engine had ({how})", held, f"{found}\n{text}")
    told = machine.object
    held = machine.exit_status == FINE and told["state_hash"] == found and told["differences"] == []
    held = held and told["commands"] > 50 and told["checks"] > 10 and told["commands_per_second"] > 0
    checks.check(f"replay --json says the same ({how})", held, str(machine))


def check_differing(checks: Checks, folder: Path) -> None:
    """A function of the host that refused what a replay, which has none, refuses for another reason, or likewise."""
    directory = folder / "custom"
    directory.mkdir()
    desk = day.Desk(day.config(day.TELLS), directory)
    desk.define()
    call = rck.CustomCall(lambda context, order, time_ns: int(order.contents.quantity > 20))
    custom, fault = day.sized(rck.Custom, id=1, actor=7, reason=b"the host's"), rck.Fault()
    rck.check(lib.rck_custom_set(desk.engine, byref(custom), call, None, byref(fault)), fault)
    desk.limit(control=rck.RCK_CONTROL_CUSTOM, scope_kind=rck.RCK_SCOPE_GLOBAL, reference=1)
    desk.publish()
    desk.open(1)
    for id, quantity in ((1, 10), (2, 30), (3, 20)):
        desk.check(id, quantity)
    desk.close()
    text, machine = say("replay", directory), say("replay", directory, "--json").object
    words = (
        "order 1 CHECK, 2023-11-14T22:13:20.000001000Z, port 1, sequence 1: refused now by custom",
        "order 2 CHECK, 2023-11-14T22:13:20.000002000Z, port 1, sequence 2: refused still, now by custom",
        "recorded: passed",
        "now:      refused: RCK_REJECT_CUSTOM_MISSING by custom",
        "differing    3",
        "2 by custom",
        "forced       2",
    )
    held = text.exit_status == DIFFERS and all(word in text.text for word in words)
    checks.check("replay says what differs, and ends with 1", held, str(text))
    found = [(d["order_id"], d["recorded"]["status"], d["now"]["status"]) for d in machine["differences"]]
    missing = "RCK_REJECT_CUSTOM_MISSING"
    held = found == [(1, "RCK_OK", missing), (2, "RCK_REJECT_CUSTOM", missing), (3, "RCK_OK", missing)]
    held = held and machine["controls"] == {"custom": 2} and machine["differing"] == 3
    checks.check("replay --json says what differs", held, str(machine))
    for words_of_count, shown, more in ((("0",), 0, 3), (("1",), 1, 2), (("all",), 3, 0)):
        said = say("replay", directory, "--differences", *words_of_count)
        held = said.text.count("recorded: ") == shown and (f"{more} more differ" in said.text) == (more > 0)
        checks.check(f"replay --differences {words_of_count[0]} shows {shown}", held, str(said))


def check_untold(checks: Checks, folder: Path) -> None:
    """Events alone, of an engine that does not tell its commands."""
    directory = folder / "untold"
    directory.mkdir()
    desk = day.Desk(day.config(0), directory)
    day.live(desk)
    desk.close()
    said = say("replay", directory)
    held = said.exit_status == FAILED and "RCK_E_UNSUPPORTED" in said.errors
    checks.check("replay says when there is nothing to be done again", held, str(said))
    said = say("verify", directory)
    held = said.exit_status == FINE and "no commands, not the market, of one writer" in said.text
    checks.check("verify says what a journal tells", held, str(said))
    said = say("dump", directory)
    held = said.exit_status == FINE and [line.split()[0] for line in said.lines] == [
        "config",
        *"#" * (len(said.lines) - 1),
    ]
    checks.check("dump has events as comments", held, str(said))


def check_follow(checks: Checks, folder: Path) -> None:
    """What is pumped while it follows comes out, through the end of a segment; it ends when it is interrupted."""
    directory = folder / "followed"
    directory.mkdir()
    desk = day.Desk(day.config(day.TELLS), directory)
    desk.define()
    desk.open(1)
    desk.check(1, 10)
    desk.pump()
    command: list[str | Path] = [TOOL, "tail", directory, "--follow", "--lines", "1"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stderr is not None
        lines = [child.stdout.readline()]
        last = 2_000  # of so many orders a segment cannot hold all
        for id in range(2, last + 1):
            _, token = desk.check(id, 10)
            desk.release(token)
            if id % 50 == 0:
                desk.pump()
        desk.pump()
        while f" RELEASE order {last} " not in lines[-1] and lines[-1]:
            lines.append(child.stdout.readline())
        child.send_signal(signal.SIGINT)
        rest, errors = child.stdout.read(), child.stderr.read()
        status = child.wait()
    segments = len(list(directory.iterdir()))
    desk.close()
    ids = [int(line.split(" order ")[1].split()[0]) for line in lines if " CHECK " in line]
    held = ids == list(range(1, last + 1)) and segments > 1 and not rest
    checks.check(
        "tail --follow tells each record once, while they come", held, f"{segments}, {lines[-1]}{rest}"
    )
    checks.check("tail --follow ends with 0 when it is interrupted", status == FINE and not errors, errors)


def check(checks: Checks, folder: Path) -> None:
    for how, discipline in WRITERS.items():
        directory, found = written(folder, discipline)
        before = {path.name: path.read_bytes() for path in directory.iterdir()}
        records = check_verify(checks, how, directory)
        check_dump_json(checks, how, directory, records)
        check_dump_table(checks, how, directory, discipline)
        check_tail(checks, how, directory, records)
        check_replay(checks, how, directory, found)
        after = {path.name: path.read_bytes() for path in directory.iterdir()}
        checks.check(f"no command changed the journal ({how})", before == after)
    check_differing(checks, folder)
    check_untold(checks, folder)
    check_follow(checks, folder)
