"""The journal: what the rings hold, in files; and whether it is whole."""

import os
from types import TracebackType
from typing import Any, Self

from . import _abi
from ._calling import call, made

Path = str | os.PathLike[str]


class Journal:
    """A journal in work: `pump` as often as the rings need it. Leaving the with-block pumps the rest and finishes."""

    owner: Any = None  # the port, which is not collected before this is

    def __init__(self, port: Any, directory: Path, config: _abi.JournalConfig) -> None:
        self._port = port
        call("rck_journal_open", port, os.fsencode(directory), config)

    def pump(self) -> _abi.PumpInfo:
        """Moves what is in all rings into the journal. What cannot be written stays there, and is tried again."""
        info = made(_abi.PumpInfo)
        call("rck_journal_pump", self._port, info)
        return info

    def close(self) -> None:
        """Finishes the segment in work."""
        call("rck_journal_close", self._port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.pump()
        finally:
            self.close()


def verify(directory: Path) -> _abi.VerifyInfo:
    """Reads a whole journal. RiskCheckError (E_DAMAGED): it is not what was written."""
    info = made(_abi.VerifyInfo)
    call("rck_verify", os.fsencode(directory), info)
    return info
