"""How the native surface calls the library: records are filled without losing a bit, misuse is raised."""

import ctypes
from collections.abc import Callable
from ctypes import PyDLL, c_int32, c_int64, c_uint32, c_uint64
from functools import cache
from typing import Any, TypeVar

from . import _abi
from ._load import declare, lib
from .errors import check

Struct = TypeVar("Struct", bound=ctypes.Structure)

RANGES = {
    c_int32: (-(2**31), 2**31 - 1),
    c_uint32: (0, 2**32 - 1),
    c_int64: (-(2**63), 2**63 - 1),
    c_uint64: (0, 2**64 - 1),
}


class Exact:
    """The functions of a library, with OverflowError for an integer of which ctypes would take the lowest bits."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Callable[..., int]:
        """Made when it is first asked for."""
        function = getattr(self._library, name)
        ranges = [(at, *RANGES[kind]) for at, kind in enumerate(function.argtypes) if kind in RANGES]

        def called(*arguments: Any) -> int:
            for at, lowest, highest in ranges:
                if not lowest <= arguments[at] <= highest:
                    raise OverflowError(f"{arguments[at]!r} does not fit argument {at + 1} of {name}")
            return function(*arguments)  # type: ignore[no-any-return]

        setattr(self, name, called)
        return called


_kept = PyDLL(lib._name)
declare(_kept, lib._name)
# With the interpreter's lock kept: for calls of a port, which are shorter than giving it up.
kept = Exact(_kept)
given_up = Exact(lib)


def made(struct: type[Struct], **fields: Any) -> Struct:
    """A record with these fields, and its struct_size if it has one."""
    record = struct()
    if struct._fields_[0][0] == "struct_size":
        fields["struct_size"] = ctypes.sizeof(struct)
    return fill(record, fields)


def fill(record: Struct, fields: dict[str, Any]) -> Struct:
    """Sets fields. TypeError: there is no such field, for which ctypes would make an attribute. OverflowError: a field
    does not hold the value, of which ctypes would take the lowest bits."""
    known = fields_of(type(record))
    for name, value in fields.items():
        if name not in known:
            raise TypeError(f"{type(record).__name__} has no {name}")
        if isinstance(value, tuple | list):
            array = getattr(record, name)
            if len(value) > len(array):
                raise OverflowError(f"{name} has room for {len(array)}, not for {len(value)}")
            array[: len(value)] = value
            kept_value: Any = tuple(array[: len(value)])
            value = tuple(value)
        else:
            value = value.encode() if isinstance(value, str) else value
            try:
                setattr(record, name, value)
            except ValueError:  # more bytes than a name has
                raise OverflowError(f"{name} does not hold {value!r}") from None
            kept_value = getattr(record, name)
        if kept_value != value:
            raise OverflowError(f"{name} does not hold {value!r}")
    return record


@cache
def fields_of(struct: type[ctypes.Structure]) -> frozenset[str]:
    return frozenset(str(field[0]) for field in struct._fields_)


def call(name: str, *arguments: Any) -> int:
    """A cold call with a fault as its last argument, which is added here."""
    fault = _abi.Fault()
    return check(getattr(given_up, name)(*arguments, fault), fault)


def ask(name: str, *arguments: Any) -> int:
    """A cold call that has no fault."""
    return check(getattr(given_up, name)(*arguments))
