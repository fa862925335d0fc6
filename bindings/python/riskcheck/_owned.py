"""What is opened and must be closed: engines and ports. Nothing here knows which."""

import os
import warnings
from types import TracebackType
from typing import Any, NoReturn, Self

from . import _abi
from ._load import lib
from .errors import RiskCheckError, check

LEFT_OPEN: list[dict[str, Any]] = []


class Owned:
    """Holds a handle. Closing is idempotent; a with-block closes; what is forgotten is closed with a warning.

    After a fork the child's handles name nothing (HandleError), and closing them does nothing.
    """

    _closing: str  # the function that closes it

    def __init__(self, handle: _abi.EngineHandle | _abi.PortHandle) -> None:
        self._handle = handle
        self._pid = os.getpid()
        self._open = True

    @property
    def closed(self) -> bool:
        return not self._open

    def close(self) -> None:
        """Closes it. BusyError while a call on it is in flight; it is open then as before."""
        if not self._open:
            return
        status = getattr(lib, self._closing)(self._handle)
        if status != _abi.RCK_E_HANDLE:
            check(status)
        self._open = False

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self!r} is not copied: both would close its handle")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if not getattr(self, "_open", False) or self._pid != os.getpid():
            return
        warnings.warn(f"{self!r} was never closed", ResourceWarning, stacklevel=2)
        try:
            self.close()
        except (
            RiskCheckError
        ):  # somebody is in a call on it: it stays open, and what that call uses stays too
            LEFT_OPEN.append(vars(self))
