"""What came of a call, held against a line of a table: the Python host's half of table.c. Makes no call."""

import ctypes
from ctypes import byref, sizeof
from typing import Any

import riskcheck.abi as rck

Words = dict[str, str]


def filled(struct: type[ctypes.Structure], given: Words) -> Any:
    """A record with every word that is left; the words are used up."""
    record: Any = struct()
    if hasattr(record, "struct_size"):
        record.struct_size = sizeof(struct)
    for name in list(given):
        value, old = given.pop(name), getattr(record, name)
        if isinstance(old, bytes):
            setattr(record, name, value.encode(errors="surrogateescape"))
        elif isinstance(old, int):
            setattr(record, name, int(value))
        else:
            for place, part in enumerate(value.split(",")):
                old[place] = int(part)
    return record


def shown(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode() or "0"
    return str(value) if isinstance(value, int) else ",".join(str(part) for part in value)


class Expectations:
    """Holds what a call gave against what the line expects of it."""

    def __init__(self) -> None:
        self.tokens: dict[str, int] = {}
        self.limit_ids = {0: 0}
        self.line, self.index = "", 0
        # What the line asks to be NULL.
        self.null = ""
        self.expected: Words = {}
        self.expecting = False
        self.differences = 0

    def at(self, record: Any, what: str = "record") -> Any:
        return None if self.null == what else byref(record)

    def named(self, given: Words) -> int:
        """The token that the word `token` names."""
        name = given.pop("token", "0")
        return self.tokens.get(name, 2**64 - 16) if name.startswith("@") else int(name)

    def differ(self, what: str, expected: str, got: str) -> None:
        if not self.expecting:
            return
        print(f"{self.line} {what} expected {expected} got {got}")
        self.differences += 1

    def status(self, got: int) -> bool:
        """Whether the call gave a verdict or a record."""
        wanted = self.expected.pop("status", "none")
        if wanted != str(got):
            self.differ("status", wanted, rck.STATUS_NAMES.get(got, str(got)))
        return got == rck.RCK_OK

    def count(self, name: str, got: int | str) -> None:
        wanted = self.expected.pop(name, "0")
        if wanted != str(got):
            self.differ(name, wanted, str(got))

    def fault(self, fault: rck.Fault) -> None:
        """What a fault says, as far as it is named."""
        for name in ("field", "minimum", "maximum"):
            if name in self.expected:
                self.count(name, shown(getattr(fault, name)))

    def token(self, got: int) -> None:
        """The one that was given under this name; a new name takes a token that nobody has."""
        name = self.expected.pop("token", None)
        if name is None or name in self.tokens:
            wanted = self.tokens[name] if name else 0
            if wanted != got:
                self.differ("token", name or "0", str(got))
        elif got == 0 or got in self.tokens.values():
            self.differ("token", "a new one", str(got))
        else:
            self.tokens[name] = got

    def record(self, record: ctypes.Structure, first: str) -> None:
        """Every field from `first` on: as named, or zero."""
        names = [field[0] for field in record._fields_]
        for name in names[names.index(first) :]:
            if name == "token":
                continue
            got = shown(getattr(record, name))
            wanted = self.expected.pop(name, "0")
            # Of an array what is not named is zero too.
            wanted += ",0" * (got.count(",") - wanted.count(","))
            if wanted != got:
                self.differ(name, wanted, got)

    def verdict(self, status: int, verdict: rck.Verdict) -> None:
        self.status(status)
        if status < rck.RCK_OK:
            return
        if verdict.status != status:
            self.differ("verdict.status", str(status), str(verdict.status))
        self.token(verdict.token)
        verdict.limit_id = self.limit_ids.get(verdict.limit_id, 0xFFFFFFFF)
        self.record(verdict, "control")
