"""The C functions as they are (`lib`), their structs and their constants: what the rest of the package stands on.

    import ctypes
    import riskcheck.abi as rck

    config = rck.Config()
    rck.check(rck.lib.rck_config_init(config, ctypes.sizeof(config)))
    engine, fault = rck.EngineHandle(), rck.Fault()
    rck.check(rck.lib.rck_engine_create(config, None, 0, engine, fault), fault)

include/riskcheck.h is the manual; everything here has the name that it has there, structs without `rck_`.
`bind` is for calls that are made all day; `CONTROLS` is the catalogue.
"""

from ._abi import *
from ._bound import bind
from ._load import LibraryError, lib
from .catalogue import CONTROLS, Entry
from .errors import RiskCheckError, check, describe

__all__ = [
    "CONTROLS",
    "Entry",
    "LibraryError",
    "RiskCheckError",
    "bind",
    "check",
    "describe",
    "lib",
]
