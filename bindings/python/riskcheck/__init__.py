"""riskcheck from Python: the C functions as they are (`lib`), their structs and their constants.

    import ctypes
    import riskcheck as rck

    config = rck.Config()
    rck.check(rck.lib.rck_config_init(config, ctypes.sizeof(config)))
    engine, fault = rck.EngineHandle(), rck.Fault()
    rck.check(rck.lib.rck_engine_create(config, None, 0, engine, fault), fault)

include/riskcheck.h is the manual; everything here has the name that it has there, structs without `rck_`.
`Ticket` and `bind` are for the calls that are made all day; `CONTROLS` is the catalogue.
"""

from ._abi import *
from ._abi import RCK_OK, STATUS_NAMES, Fault
from ._bound import Ticket, bind
from ._load import LibraryError, lib
from .catalogue import CONTROLS, Control


class RiskCheckError(Exception):
    """A call that was misused or lacked a resource: `status`, its `name`, and the fault's words."""

    def __init__(self, status: int, fault: Fault | None = None) -> None:
        self.status = status
        self.name = STATUS_NAMES.get(status, "unknown")
        self.fault = fault
        super().__init__(self.name + (f": {describe(fault)}" if fault and fault.status else ""))


def describe(fault: Fault) -> str:
    """The fault in words: which field of what, its value, and what would have been allowed."""
    words = ".".join(filter(None, (fault.record.decode(), fault.field.decode())))
    words += f" is {fault.value}"
    if (fault.minimum, fault.maximum) != (0, 0):
        words += f", allowed is {fault.minimum} to {fault.maximum}"
    if fault.system_error:
        words += f" (errno {fault.system_error})"
    return words


def check(status: int, fault: Fault | None = None) -> int:
    """Raises RiskCheckError for a negative status; gives back the others: a refusal is an answer."""
    if status < RCK_OK:
        raise RiskCheckError(status, fault)
    return status


__all__ = [
    "CONTROLS",
    "Control",
    "LibraryError",
    "RiskCheckError",
    "Ticket",
    "bind",
    "check",
    "describe",
    "lib",
]
