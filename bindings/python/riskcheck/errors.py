"""What is raised: misuse of a call, and what the fault says of it. A refusal is no error but a verdict."""

from ._abi import RCK_E_BUSY, RCK_E_HANDLE, RCK_OK, STATUS_NAMES, Fault


class RiskCheckError(Exception):
    """A call that was misused or lacked a resource: `status`, its `name`, and the fault's words."""

    def __init__(self, status: int, fault: Fault | None = None) -> None:
        self.status = status
        self.name = STATUS_NAMES.get(status, "unknown")
        self.fault = fault
        super().__init__(self.name + (f": {describe(fault)}" if fault and fault.status else ""))


class BusyError(RiskCheckError):
    """Another call was in the way (RCK_E_BUSY): nothing has changed, call again."""


class HandleError(RiskCheckError):
    """Closed, or of the process that this one was forked from (RCK_E_HANDLE)."""


KINDS: dict[int, type[RiskCheckError]] = {RCK_E_BUSY: BusyError, RCK_E_HANDLE: HandleError}


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
        raise KINDS.get(status, RiskCheckError)(status, fault)
    return status
