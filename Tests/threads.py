"""Which unit tests have a second thread: ThreadSanitizer has nothing to find in the others. Runs nothing.

`python3 Tests/threads.py` prints them as filters of `swift test`; with RISKCHECK_LONG=1 nothing, so that all are run.
"""

import os
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
BEGINS_THREADS = re.compile(r"\b(onThreads|Thread|concurrentPerform|DispatchQueue|Task|pthread_create)\b")
# Classes and functions of a file, as swift-format indents them; in between what belongs to neither.
CLASS = re.compile(r"^(?:final )?class (\w+)", re.MULTILINE)
FUNCTION = re.compile(r"^  func (test\w+)\(\)[^\n]*\{\n.*?^  }", re.MULTILINE | re.DOTALL)


def threaded(source: str) -> list[str]:
    """The tests of a file of one class that begin threads: all of them if what is not a test does."""
    classes = [name for name in CLASS.findall(source) if name.endswith("Tests")]
    tests = {found[1]: found[0] for found in FUNCTION.finditer(source)}
    rest = re.sub(r"//.*", "", FUNCTION.sub("", source))
    everything = BEGINS_THREADS.search(rest) is not None
    chosen = [name for name, body in tests.items() if everything or BEGINS_THREADS.search(body)]
    return [f"{name}/{test}" for name in classes for test in chosen]


def of_all_files() -> list[str]:
    """Of the unit tests; what they share (Support.swift) has none of its own."""
    files = sorted(HERE.glob("Risk*Tests/*.swift"))
    return [test for file in files for test in threaded(file.read_text())]


if __name__ == "__main__":
    if not os.environ.get("RISKCHECK_LONG"):
        print(f"--filter ({'|'.join(of_all_files())})$")
