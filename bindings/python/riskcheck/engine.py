"""An engine: a region of memory in use. The cold half of the package hangs on it; orders go through its ports."""

import os
from ctypes import c_uint64, sizeof
from typing import Any, Self
from weakref import WeakSet

from . import _abi
from ._calling import ask, call, fill
from ._load import lib
from ._owned import Owned
from .definitions import Definitions
from .errors import check
from .evidence import Evidence
from .limits import Limits
from .port import Port
from .state import State

Path = str | os.PathLike[str]


def config_of(changes: dict[str, Any]) -> _abi.Config:
    """The library's defaults with these changes, named as in rck_config: accounts_max=1. `flags` are all that are set:
    ConfigFlag.PREFAULT is among the defaults."""
    config = _abi.Config()
    ask("rck_config_init", config, sizeof(config))
    return fill(config, changes)


def region_bytes(**changes: int) -> int:
    """The bytes that an engine so configured takes."""
    found = c_uint64()
    call("rck_region_bytes", config_of(changes), found)
    return found.value


class Engine(Owned, Definitions, Limits, State, Evidence):
    """Made in private memory by `Engine(...)`, in a file by `Engine.open`, of another process by `Engine.attach`.

    Any thread may use it; calls that define, set and publish take turns, and raise BusyError if one cannot have its
    turn. Closing it closes its ports first.
    """

    _closing = "rck_engine_close"

    def __init__(self, **config: int) -> None:
        handle = _abi.EngineHandle()
        call("rck_engine_create", config_of(config), None, 0, handle)
        self._own(handle)

    @classmethod
    def open(cls, path: Path, **config: int) -> Self:
        """The region in a file, recovered if its last owner left without closing; made if there is none. The
        configuration must agree with the file's, save the flags."""
        handle = _abi.EngineHandle()
        call("rck_engine_open", config_of(config), os.fsencode(path), handle)
        return cls._of(handle)

    @classmethod
    def reopen(cls, path: Path) -> Self:
        """The region in a file that is there, whatever its configuration."""
        handle = _abi.EngineHandle()
        call("rck_engine_open", None, os.fsencode(path), handle)
        return cls._of(handle)

    @classmethod
    def attach(cls, path: Path, *, consumer: bool = False) -> Self:
        """The region that another process has opened with ConfigFlag.SHARED, to look at; a consumer takes events."""
        handle = _abi.EngineHandle()
        mode = _abi.RCK_ATTACH_CONSUMER if consumer else _abi.RCK_ATTACH_READER
        call("rck_engine_attach", os.fsencode(path), mode, handle)
        return cls._of(handle)

    @classmethod
    def of_journal(cls, directory: Path, **changes: int) -> Self:
        """A new engine, configured as that of a journal and with the host's clock: for `restore` and `replay`."""
        config, handle = _abi.Config(struct_size=sizeof(_abi.Config)), _abi.EngineHandle()
        call("rck_journal_config_get", os.fsencode(directory), config)
        call("rck_engine_create", fill(config, changes), None, 0, handle)
        return cls._of(handle)

    @classmethod
    def _of(cls, handle: _abi.EngineHandle) -> Self:
        engine = cls.__new__(cls)
        engine._own(handle)
        return engine

    def _own(self, handle: _abi.EngineHandle) -> None:
        Owned.__init__(self, handle)
        Definitions.__init__(self)
        Limits.__init__(self)
        self._ports: WeakSet[Port] = WeakSet()
        # Of a cycle that is collected the weak references are gone before anything in it is closed.
        self._port_handles: set[int] = set()

    @property
    def handle(self) -> _abi.EngineHandle:
        """For the functions of `riskcheck.abi`."""
        return self._handle  # type: ignore[return-value]

    def port(self, index: int = 1) -> Port:
        """A port for one thread; its index, 1 to ports_max, is the host's choice, and its ring outlives it."""
        return self._port(index, _abi.RCK_PORT_WRITER)

    def reader(self) -> Port:
        """A port that can only read: events, journals, dry checks, headroom."""
        return self._port(0, _abi.RCK_PORT_READER)

    def _port(self, index: int, mode: int) -> Port:
        handle = _abi.PortHandle()
        call("rck_port_open", self._handle, index, mode, handle)
        port = Port(self, handle, index)
        self._ports.add(port)
        self._port_handles.add(handle.value or 0)
        return port

    def _port_closed(self, handle: _abi.PortHandle) -> None:
        self._port_handles.discard(handle.value or 0)

    def close(self) -> None:
        """Closes its ports, then itself. BusyError while a call on one of them is in flight."""
        for port in list(self._ports):
            port.close()
        for value in list(self._port_handles):
            status = lib.rck_port_close(_abi.PortHandle(value))
            if status != _abi.RCK_E_HANDLE:
                check(status)
            self._port_handles.discard(value)
        super().close()

    def __repr__(self) -> str:
        return f"<riskcheck.Engine, {'closed' if self.closed else 'open'}>"
