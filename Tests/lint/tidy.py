"""Tidiness of the tree: short files, short functions, short lines, no names of hosts or of one machine.

Each rule is a function from text to faults, so that it is tried on a text that breaks it before it is
believed about the tree.
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from checks import ROOT, Checks
from tree import is_python

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 69
COLUMNS_MAX = 120  # The formatters hold code to 110; this is for what they do not break, comments above all.

CODE_SUFFIXES = (".swift", ".c", ".h", ".cpp", ".hpp", ".py", ".pml", ".cmake", ".in", ".ld")

# A build asks its configured package sources; a host's name in a file would bypass them. The dots are kept
# apart, so that this file passes its own rule.
HOSTS = re.compile(
    r"\b(?:(?:pypi|pythonhosted|debian|swift|golang) org|(?:ubuntu|github|gitlab|npmjs) com"
    r"|githubusercontent com|docker io|crates io)\b".replace(" ", r"\.")
)
MACHINE_PATHS = re.compile(r"(?<![\w.$}/-])/(?:work|root|home|Users|opt)/\w|/tmp/(?:venv|build|toy|proto)")

SWIFT_FUNCTION = re.compile(
    r"^\s*(?:@\S+\s+|[a-z]+(?:\([a-z]+\))?\s+)*(?:func\b|init\b|deinit\b|subscript\b)"
)
SWIFT_NOISE = re.compile(r'"""|"(?:\\.|[^"\\])*"|//.*')


def long_swift_functions(text: str) -> list[str]:
    """Functions of more lines than allowed, by counting braces outside strings and comments."""
    faults = []
    lines = [SWIFT_NOISE.sub("", line) for line in text.splitlines()]
    for start, line in enumerate(lines):
        if SWIFT_FUNCTION.match(line) is None:
            continue
        depth, opened = 0, False
        for end in range(start, len(lines)):
            depth += lines[end].count("{") - lines[end].count("}")
            opened = opened or "{" in lines[end]
            if depth < 0 or (opened and depth == 0):
                break
        if opened and end - start + 1 > FUNCTION_LINES_MAX:
            faults.append(f"{start + 1}: a function of {end - start + 1} lines")
    return faults


def long_python_functions(text: str) -> list[str]:
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    lengths = [(node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1) for node in nodes]
    return [f"{line}: a function of {n} lines" for line, n in lengths if n > FUNCTION_LINES_MAX]


def long_files(text: str) -> list[str]:
    count = len(text.splitlines())
    return [f"{count} lines"] if count > FILE_LINES_MAX else []


def long_lines(text: str) -> list[str]:
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {len(line)} columns" for number, line in lines if len(line) > COLUMNS_MAX]


def stray_blanks(text: str) -> list[str]:
    lines = enumerate(text.splitlines(), 1)
    faults = [f"{number}: blanks at the end" for number, line in lines if line != line.rstrip()]
    return faults + ([] if text.endswith("\n") or not text else ["no newline at the end"])


def host_names(text: str) -> list[str]:
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {found[0]}" for number, line in lines if (found := HOSTS.search(line))]


def machine_paths(text: str) -> list[str]:
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {found[0]}" for number, line in lines if (found := MACHINE_PATHS.search(line))]


def is_code(path: Path) -> bool:
    return path.suffix in CODE_SUFFIXES or path.name == "Makefile" or is_python(path)


def is_swift(path: Path) -> bool:
    return path.suffix == ".swift"


def not_licence(path: Path) -> bool:
    return path.name != "LICENSE"


# What must hold, for which files, what finds the faults, and a text that has one.
RULES: list[tuple[str, Callable[[Path], bool], Callable[[str], list[str]], str]] = [
    (f"Swift files have at most {FILE_LINES_MAX} lines", is_swift, long_files, "\n" * 401),
    (
        "Swift functions have under 70 lines",
        is_swift,
        long_swift_functions,
        "func f() {\n" + "f()\n" * 68 + "}",
    ),
    ("Python functions have under 70 lines", is_python, long_python_functions, "def f():\n" + " f()\n" * 69),
    (f"lines of code have at most {COLUMNS_MAX} columns", is_code, long_lines, "x" * 121),
    ("no line ends in blanks and every file in a newline", not_licence, stray_blanks, "x \ny"),
    ("no file names a registry's host", not_licence, host_names, "get it from pypi" + ".org"),
    ("no file holds a path of one machine", not_licence, machine_paths, "PATH=/home" + "/me/bin"),
]


def check_tree(checks: Checks, paths: list[Path]) -> None:
    """Tries each rule on its bad text, then on the tree."""
    texts = {}
    for path in paths:
        data = (ROOT / path).read_bytes()
        if b"\0" not in data:
            texts[path] = data.decode("utf-8", "replace")
    for name, applies, faults, bad in RULES:
        checks.check(f"a breach is noticed: {name}", bool(faults(bad)))
        found = [f"{path}:{fault}" for path, text in texts.items() if applies(path) for fault in faults(text)]
        checks.absent(name, "\n".join(found[:40]))
