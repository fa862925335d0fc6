"""Finds the shared library, declares its functions, and refuses one that disagrees with the ctypes table.

A struct that is one field out of step would be read and written without any error, so the library is asked
for its own layout before anything else is called.
"""

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

from . import _abi

SONAME = "libriskcheck.so.0"
VARIABLE = "RISKCHECK_LIBRARY"

Layout = dict[str, tuple[int, list[tuple[str, int, int, int, int]]]]


class LibraryError(ImportError):
    """The library is not there, or is not the one that this package was made for."""


def candidates() -> Iterator[str]:
    """What to hand to dlopen, best first. The environment variable stands alone: who sets it means it."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        yield chosen
        return
    yield str(Path(__file__).resolve().parent / SONAME)
    yield SONAME  # wherever the system's loader looks; another major version has another name


def load() -> ctypes.CDLL:
    failures = []
    for candidate in candidates():
        try:
            library = ctypes.CDLL(candidate)
        except OSError as error:
            failures.append(f"  {candidate}: {error}")
            continue
        declare(library, candidate)
        verify(library, candidate)
        return library
    tried = "\n".join(failures)
    remedy = "names none that loads" if os.environ.get(VARIABLE) else "can name it"
    raise LibraryError(f"libriskcheck was not found; {VARIABLE} {remedy}. Tried:\n{tried}")


def declare(library: ctypes.CDLL, path: str) -> None:
    for name, (result, parameters) in _abi.SIGNATURES.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise LibraryError(f"{path}: has no function {name}") from None
        function.restype = result
        function.argtypes = parameters


def verify(library: ctypes.CDLL, path: str) -> None:
    version = library.rck_abi_version()
    if version != _abi.RCK_ABI_VERSION:
        raise LibraryError(f"{path}: has ABI version {version}, this package {_abi.RCK_ABI_VERSION}")
    theirs = layout(library)
    if theirs != _abi.LAYOUT:
        names = sorted(theirs.keys() | _abi.LAYOUT.keys())
        differing = [name for name in names if theirs.get(name) != _abi.LAYOUT.get(name)]
        raise LibraryError(f"{path}: lays out {', '.join(differing)} differently from this package")


def layout(library: ctypes.CDLL) -> Layout:
    """The library's own account of its structs, in the form of `_abi.LAYOUT`."""
    records: Layout = {}
    entry = _abi.Field()
    index = 0
    while True:
        entry.struct_size = ctypes.sizeof(entry)
        status = library.rck_layout(index, ctypes.byref(entry))
        if status == _abi.RCK_E_RANGE:
            return records
        if status != _abi.RCK_OK:
            raise LibraryError(f"rck_layout gives {_abi.STATUS_NAMES.get(status, status)}")
        _, fields = records.setdefault(entry.record.decode(), (entry.record_bytes, []))
        fields.append((entry.name.decode(), entry.offset, entry.bytes, entry.type, entry.count))
        index += 1


lib = load()
