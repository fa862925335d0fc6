"""The programs in the README do what they say, and are as short as they promise."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

LIBRARY = Path(os.environ["RISKCHECK_LIBRARY"])
README = (ROOT / "README.md").read_text()
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
BUILD = {"c": ["gcc", "-std=c99", *STRICT], "cpp": ["g++", "-std=c++20", *STRICT]}
INCLUDE = [f"-I{ROOT / 'include'}", f"-I{ROOT / 'bindings/cpp/include'}"]
LINES_MAX = 15


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def program(language: str) -> str:
    found = blocks(language)
    assert len(found) == 1, f"the README has one program in {language}"
    return found[0]


def output(command: list[str], **environment: str) -> str:
    done = subprocess.run(command, check=False, env=os.environ | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(language: str) -> str:
    """What the README says that its program prints: the first block without a language behind it."""
    after = README[README.index(f"```{language}\n") :]
    found = re.findall(r"^```([a-zA-Z]*)\n(.*?)^```$", after, re.MULTILINE | re.DOTALL)
    return next(str(text) for kind, text in found if not kind)


@pytest.mark.parametrize("language", ["c", "cpp", "python"])
def test_the_shortest_program_is_short_and_comes_first(language: str) -> None:
    lines = [line for line in program(language).splitlines() if line.strip()]
    assert len(lines) <= LINES_MAX
    assert max(map(len, lines)) <= 110
    assert README.index(f"```{language}\n") < README.index("\n## ")


@pytest.mark.parametrize(("language", "told"), [("cpp", "passed\n"), ("c", "RCK_OK\n")])
def test_the_compiled_programs_run(tmp_path: Path, language: str, told: str) -> None:
    source, binary = tmp_path / f"hello.{language}", tmp_path / "hello"
    source.write_text(program(language))
    folder = LIBRARY.parent
    link = [*INCLUDE, f"-L{folder}", "-lriskcheck", f"-Wl,-rpath,{folder}"]
    output([*BUILD[language], str(source), "-o", str(binary), *link])
    assert output([str(binary)]) == told


def test_the_python_program_runs(tmp_path: Path) -> None:
    script = tmp_path / "hello.py"
    script.write_text(program("python"))
    environment = {"RISKCHECK_LIBRARY": str(LIBRARY), "PYTHONPATH": str(ROOT / "bindings/python")}
    assert output([sys.executable, str(script)], **environment) == printed("python")


def test_what_is_shown_of_the_journal_compiles(tmp_path: Path) -> None:
    (shown,) = blocks("C")
    source = tmp_path / "journal.c"
    source.write_text(
        "#include <riskcheck.h>\n#include <stddef.h>\n"
        "void evidence(rck_port *reader, const volatile int *stop);\n"
        "#define working (!*stop)\n"
        f"void evidence(rck_port *reader, const volatile int *stop) {{\n{shown}}}\n"
    )
    output([*BUILD["c"], *INCLUDE, "-c", str(source), "-o", str(tmp_path / "journal.o")])


def test_each_file_that_it_leads_to_is_there() -> None:
    led = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(led) > 5
    assert [path for path in led if not (ROOT / path).exists()] == []
