"""What the tables must show, from the header's constants, its catalogue and what the library takes; and do they?

A demand is a set of names. What a table cannot show is excused, with the reason; an excuse for what is shown is one
too many. `check` is run by the suite; run alone, it prints what is missing.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
if __name__ == "__main__":
    os.environ.setdefault("RISKCHECK_LIBRARY", str(ROOT / "build/lib/libriskcheck.so"))
    sys.path[:0] = [str(HERE.parent), str(ROOT / "bindings/python")]

import riskcheck._abi as abi
import riskcheck.abi as rck
from checks import Checks
from ctypes_host import Host
from shown import Shown, shown
from takes import Taken, bits, described, taken

THREADS = "takes several threads at one instant"
MEMORY = "is said of the caller's memory, and hosts give none"
FILES = "is said of files and other processes, and hosts have none"
JOURNALS = "is said of journals, and hosts keep none"
SYSTEM = "is the operating system's"
UNREACHED = {
    "REJECT_CONTENDED": THREADS,
    "REJECT_EXECUTIONS_FULL": THREADS,
    "REJECT_ORDER_UNCONFIRMED": "takes a crash",
    "REJECT_LIMIT_MISSING": "the catalogue requires no limit as yet",
    "E_HANDLE": "hosts name the handles that they hold",
    "E_BUSY": THREADS,
    "E_HANDLES_FULL": "hosts hold a handful of handles",
    "E_NOT_CONSUMER": FILES,
    "E_FAILED": "takes a broken invariant",
    "E_BUFFER": "hosts read no events",
    "E_ALIGNMENT": MEMORY,
    "E_TOO_SMALL": MEMORY,
    "E_OVERLAP": MEMORY,
    "E_CUSTOMS_FULL": "takes 33 engines, and a host has one",
    **dict.fromkeys(
        (
            "E_NOT_REGION", "E_LAYOUT_VERSION", "E_TRUNCATED", "E_CORRUPT", "E_OWNED", "E_LOCK_INHERITED",
            "E_CONSUMED", "E_NOT_SHARED", "E_CONFIG_DIFFERS", "E_UNFINISHED", "E_NO_SPACE", "E_NO_FILE",
        ),
        FILES,
    ),
    **dict.fromkeys(("E_NO_JOURNAL", "E_JOURNAL_OTHER", "E_DAMAGED"), JOURNALS),
    **dict.fromkeys(("E_SYSTEM", "E_UNSUPPORTED", "E_NO_MEMORY"), SYSTEM),
}  # fmt: skip
UNREACHED_MODEL = {"ORDER_UNCONFIRMED": "takes a crash"}
NOT_GIVEN = {
    "CONTENDED": THREADS,
    "INFO": "is that of events alone",
    "CRITICAL": "is that of events alone",
}
# Constants that lines name, by their beginnings or whole.
MODEL = (
    "SIDE_", "TYPE_", "FORCE_", "REPORT_", "STATE_", "REFERENCE_", "RELEASE_", "PERMIT_", "LEVEL_", "ORDER_",
    "POWER_", "HALT_ON_", "GROUP_OF_", "KIND_", "PORT_", "LEASE_ALWAYS", "LEASE_NEVER", "ENABLED", "PRICE_NEGATIVE",
    "SHORT_LOCATE", "AGGRESSIVE_ONLY", "CUSTOM_FAIL_OPEN",
)  # fmt: skip
# Controls whose hard levels overrides waive, by the header's word.
WAIVED = ("ORDER_QUANTITY", "ORDER_NOTIONAL", "COLLAR", "POSITION", "EXPOSURE", "BUYING_POWER", "WORKING")
WAYS = ("check", "check_dry", "drop_copy", "headroom", "amend", "legs")
NOT_ASKED = {
    "headroom DUPLICATE": "is not asked",
    "headroom CUSTOM": "is not asked",
    "amend DUPLICATE": "is not asked",
}
# Verbs whose calls refuse nothing that a table can say.
NO_MISUSE = {"publish", "limits_armed", "clock", "warm", "port_close", "leg", "terms", "report", "watch"}


def named(prefix: str) -> dict[int, str]:
    """The header's constants with this beginning, by number."""
    names = [name for name in vars(abi) if name.startswith(prefix)]
    return {getattr(abi, name): name.removeprefix(prefix) for name in names}


CONTROLS, MEASURES, SCOPES = named("RCK_CONTROL_"), named("RCK_MEASURE_"), named("RCK_SCOPE_")
SIDES, TYPES, VERDICTS = named("RCK_SIDE_"), named("RCK_TYPE_"), named("RCK_VERDICT_")


def statuses() -> dict[int, str]:
    """Those that this version gives, as the catalogue has it."""
    given = {
        number: prefix.removeprefix("RCK_") + name
        for prefix in ("RCK_REJECT_", "RCK_E_")
        for number, name in named(prefix).items()
    }
    codes = {
        control * 100 + 64 * word + bit
        for control, info in described().items()
        for word in range(2)
        for bit in bits(info.codes[word])
    }
    return {
        rck.RCK_OK: "OK",
        rck.RCK_REPEAT: "REPEAT",
        **{number: name for number, name in given.items() if number < 100 or number in codes},
    }


def of_limit(control: int, measure: int, side: int = 0) -> str:
    return " ".join((CONTROLS[control], MEASURES[measure], SIDES.get(side, "of no side")))


def of_scope(control: int, measure: int, scope: int) -> str:
    return " ".join((CONTROLS[control], MEASURES[measure], SCOPES[scope]))


def of_type(control: int, order_type: int) -> str:
    return " ".join((CONTROLS[control], TYPES.get(order_type, "of no type")))


class Demand:
    """What must be shown, who says what is, and what a table cannot show."""

    def __init__(
        self,
        what: str,
        wanted: Iterable[str],
        given: Callable[[Shown], Iterable[str]],
        excused: Iterable[str] = (),
    ) -> None:
        self.what, self.wanted, self.given = what, set(wanted), given
        self.excused = set(excused) & self.wanted

    def faults(self, found: Shown) -> str:
        given = set(self.given(found))
        missing = [f"not shown: {name}" for name in sorted(self.wanted - given - self.excused)]
        return "\n".join(missing + [f"excused, and shown: {name}" for name in sorted(self.excused & given)])


def of_statuses() -> list[Demand]:
    known, verbs = statuses(), set(Host().calls())
    return [
        Demand("status", known.values(), lambda found: map(str, map(known.get, found.statuses)), UNREACHED),
        Demand("verb", verbs, lambda found: found.verbs),
        Demand("verb that is misused", verbs - NO_MISUSE, lambda found: found.misused),
    ]


def of_verdicts() -> list[Demand]:
    severities, actions, catalogue = named("RCK_SEVERITY_"), named("RCK_ACTION_"), described()
    ways = [f"{way} {CONTROLS[control]}" for way in WAYS for control in catalogue]
    strict = [CONTROLS[control] for control, info in catalogue.items() if not info.reducing]
    model = [name.removeprefix("RCK_") for name in vars(abi) if name.removeprefix("RCK_").startswith(MODEL)]
    flags = {flag.bit_length() - 1: name for flag, name in VERDICTS.items()}
    return [
        Demand("flag", flags.values(), lambda found: map(str, map(flags.get, bits(found.flags))), NOT_GIVEN),
        Demand(
            "severity",
            severities.values(),
            lambda found: map(severities.__getitem__, found.severities),
            NOT_GIVEN,
        ),
        Demand(
            "way to ask each control",
            ways,
            lambda found: [f"{way} {CONTROLS[one]}" for way, one in found.ways],
            NOT_ASKED,
        ),
        Demand(
            "control that refuses a strictly reducing order",
            strict,
            lambda found: [CONTROLS[one] for one in found.reducing],
        ),
        Demand("control that is waived", WAIVED, lambda found: [CONTROLS[one] for one in found.waived]),
        Demand(
            "control that no override names",
            {CONTROLS[control] for control in catalogue} - {*WAIVED},
            lambda found: [CONTROLS[one] for one in found.kept if one in catalogue],
        ),
        Demand("constant of the model", model, lambda found: found.constants, UNREACHED_MODEL),
        Demand("action", actions.values(), lambda found: map(actions.__getitem__, found.actions)),
    ]


def of_limits(limits: list[Taken]) -> list[Demand]:
    """Of a limit that may name a side both are shown, and what has one side only that one."""
    keys = {(one.control, one.measure, one.side) for one in limits if one.order_type == 0}
    sided = {(control, measure) for control, measure, side in keys if side}
    sides = {key for key in keys if key[2] or key[:2] not in sided}
    levels = {(one.control, one.measure) for one in limits if one.levels}
    scopes = {(one.control, one.measure, one.scope) for one in limits}
    types = {(one.control, one.order_type) for one in limits if one.order_type}
    state = described()[rck.RCK_CONTROL_STATE]
    scopes |= {(rck.RCK_CONTROL_STATE, rck.RCK_MEASURE_NONE, scope) for scope in bits(state.scopes)}
    at = [of_limit(*key) for key in sides if key[:2] in levels]
    return [
        Demand("limit at its level", at, lambda found: [of_limit(*key) for key in found.at]),
        Demand(
            "limit one beyond",
            [of_limit(*key) for key in sides],
            lambda found: [of_limit(*key) for key in found.beyond],
        ),
        Demand(
            "limit at a scope",
            [of_scope(*key) for key in scopes],
            lambda found: [of_scope(*key) for key in found.scopes],
        ),
        Demand(
            "limit of a type of orders",
            [of_type(*key) for key in types],
            lambda found: [of_type(*key) for key in found.types],
        ),
    ]


def of_catalogue(limits: list[Taken]) -> str:
    """Where the catalogue and what the library takes differ; empty when they agree."""
    wrong = []
    for control, info in described().items():
        own = [one for one in limits if one.control == control]
        if not own:
            continue
        told = bits(info.scopes), bits(info.measures) or [rck.RCK_MEASURE_NONE], info.sided, info.typed
        scopes, measures = ({one.scope for one in own}, {one.measure for one in own})
        seen = (
            sorted(scopes),
            sorted(measures),
            any(one.side for one in own),
            any(one.order_type for one in own),
        )
        if told != seen:
            wrong.append(f"{CONTROLS[control]}: described {told}, takes {seen}")
    return "\n".join(wrong)


def check(checks: Checks, tables: list[Path]) -> None:
    limits = list(taken())
    checks.absent("the library takes the limits that its catalogue describes", of_catalogue(limits))
    demands = [*of_statuses(), *of_verdicts(), *of_limits(limits)]
    found = shown(tables)
    for demand in demands:
        count = len(demand.wanted) - len(demand.excused)
        noticed = demand.faults(Shown()).count("not shown") == count
        checks.check(f"no table at all shows no {demand.what}", noticed and count > 0)
        checks.absent(f"tables show each {demand.what}: {count}", demand.faults(found))


if __name__ == "__main__":
    told = Checks()
    check(told, sorted(HERE.glob("*.txt")))
    sys.exit(told.close())
