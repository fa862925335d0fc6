"""Calls bound once: the quick way from Python to the order path, with no rule of its own.

`lib` converts every argument in every call and gives up the interpreter's lock around it. For a function that
takes a few hundred nanoseconds both cost more than the function: an integer as much as three pointers, and a
lock that is given up may come back only when another thread's turn of 5 ms is over. A bound call converted its
arguments when it was bound, and keeps the lock: for calls of a port, none of which waits for another thread.
"""

from collections.abc import Callable
from ctypes import PyDLL, c_int32, c_void_p
from functools import cache, lru_cache, partial
from typing import Any

from . import _abi
from ._load import lib

_library = PyDLL(lib._name)


def bind(name: str, *arguments: Any) -> Callable[[], int]:
    """The function `name` with all its arguments, which are checked and converted now. What records hold, and
    ctypes integers such as c_uint64, is read in each call."""
    result, parameters = _abi.SIGNATURES[name]
    if result is not c_int32:
        raise TypeError(f"{name} does not give a status")
    converted = [converted_once(*pair) for pair in zip(parameters, arguments, strict=True)]
    return partial(function(name), *converted)


def converted_once(parameter: Any, argument: Any) -> Any:
    """What ctypes takes as it is where no types are declared."""
    given = parameter.from_param(argument)
    return handle(given.value) if isinstance(given, c_void_p) else given


# Many calls share one function and one handle: less for the caches of the machine to hold.


@cache
def function(name: str) -> Any:
    """Of our own, and without argument types, which would convert once more."""
    found = _library[name]
    found.restype = c_int32
    return found


@lru_cache(maxsize=256)
def handle(value: int) -> Any:
    return c_void_p.from_param(value)
