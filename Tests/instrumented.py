"""The library under ThreadSanitizer, for the suites that run hosts against it. Built once for all of them, without
debug information, which is a fifth of the building time: reports name functions.

It is the one with the ordinary runtime, which copies records word by word (see Words): the other one copies them as
blocks, of which the sanitizer sees races that do not matter.
"""

import fcntl
import shutil
from pathlib import Path

from checks import ROOT, run

SCRATCH = ROOT / ".build-tsan-full"
PRODUCT = SCRATCH / "release/libriskcheck.so"
# A report ends the program with a status of its own.
OPTIONS = {"TSAN_OPTIONS": "halt_on_error=1 exitcode=66"}


def library() -> str:
    """Builds it; what went wrong, or nothing. Suites that run side by side wait for each other here."""
    command: list[str | Path] = [
        "swift",
        "build",
        "--package-path",
        ROOT,
        "-c",
        "release",
        "--sanitize=thread",
        "-Xswiftc",
        "-gnone",
    ]
    SCRATCH.mkdir(exist_ok=True)
    with (SCRATCH / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(
            [*command, "--product", "riskcheck", "--scratch-path", SCRATCH], env={"RISKCHECK_RUNTIME": "full"}
        )
    return "" if done.returncode == 0 and PRODUCT.exists() else done.stdout[-2000:] or "no library"


def tools() -> Path:
    """Where the toolchain has its programs."""
    return Path(shutil.which("swift") or "").resolve().parent


def flags() -> list[str]:
    """What a host needs to be compiled by the toolchain's clang++ and linked with it."""
    runtime = tools().parent / "lib/swift/linux"
    return ["-fsanitize=thread", f"-L{runtime}", f"-Wl,-rpath,{runtime}", "-ldispatch", "-lBlocksRuntime"]
