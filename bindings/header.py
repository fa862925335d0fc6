"""Reads include/riskcheck.h, and its two parts beside it. They are written to be read so: plain fields of
structs, plain #define constants, prototypes. What is none of these stops the reading; no declaration is ever skipped.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

# What every file that is made of the header says of itself.
WRITTEN = "Written by bindings/generate.py from include/riskcheck.h; do not edit."

# C type -> (bytes, RCK_FIELD_ suffix, ctypes name)
SCALARS = {
    "int8_t": (1, "INT8", "c_int8"),
    "uint8_t": (1, "UINT8", "c_uint8"),
    "int16_t": (2, "INT16", "c_int16"),
    "uint16_t": (2, "UINT16", "c_uint16"),
    "int32_t": (4, "INT32", "c_int32"),
    "uint32_t": (4, "UINT32", "c_uint32"),
    "int64_t": (8, "INT64", "c_int64"),
    "uint64_t": (8, "UINT64", "c_uint64"),
    "char": (1, "CHAR", "c_char"),
}

# Passed by value, never part of a record.
REALS = {"double": "c_double"}


@dataclass
class Field:
    name: str
    c_type: str
    count: int  # 1 unless an array
    offset: int
    array: bool


@dataclass
class Record:
    name: str
    fields: list[Field]
    bytes: int

    @property
    def python_name(self) -> str:
        return "".join(word.capitalize() for word in self.name.split("_")[1:])


@dataclass
class Function:
    name: str
    result: str
    parameters: list[str]  # C types, without the parameters' names


@dataclass
class Callback(Function):
    """A pointer to a function of the host's."""

    @property
    def python_name(self) -> str:
        return "".join(word.capitalize() for word in self.name.split("_")[1:])


@dataclass
class Header:
    constants: list[tuple[str, str, str]] = field(default_factory=list)  # section, name, literal
    aliases: dict[str, str] = field(default_factory=dict)  # rck_status -> int32_t
    handles: list[str] = field(default_factory=list)  # opaque structs
    records: list[Record] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)

    def value(self, name: str) -> int:
        return next(int(literal, 0) for _, constant, literal in self.constants if constant == name)

    def statuses(self) -> list[tuple[str, int]]:
        names = (name for _, name, _ in self.constants)
        found = [n for n in names if re.match(r"RCK_(OK$|REPEAT$|REJECT_|E_)", n)]
        return sorted(((name, self.value(name)) for name in found), key=lambda pair: pair[1])


PARTS = ("riskcheck_status.h", "riskcheck_journal.h")
BANNER = re.compile(r"/\* ==== (.+?) =+ \*/")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(
    r"""
    (?P<section>@section[ ](?P<title>[^\n]+)\n)
  | (?P<constant>\#define[ ](?P<constant_name>RCK_\w+)[ ]\(?(?P<literal>-?(?:0x)?[0-9a-f]+|[0-9]+e-[0-9]+)\)?[ ]*\n)
  | (?P<directive>\#(?:ifndef|ifdef|endif|include|define[ ]RISKCHECK_(?:STATUS_|JOURNAL_)?H)[^\n]*\n)
  | (?P<linkage>extern[ ]"C"[ ]\{|\}\n)
  | (?P<handle>typedef[ ]struct[ ](?P<handle_name>rck_\w+)[ ](?P=handle_name);)
  | (?P<record>typedef[ ]struct[ ](?P<record_name>rck_\w+)[ ]\{(?P<body>[^}]*)\}[ ](?P=record_name);)
  | (?P<callback>typedef[ ](?P<returned>\w+)[ ]\(\*(?P<callback_name>rck_\w+)\)\((?P<handed>[^()]*)\);)
  | (?P<alias>typedef[ ](?P<alias_of>\w+)[ ](?P<alias_name>rck_\w+);)
  | (?P<function>(?P<result>const[ ]char[ ]\*|\w+[ ])(?P<function_name>rck_\w+)\((?P<parameters>[^)]*)\);)
    """,
    re.VERBOSE,
)


def read(path: Path) -> str:
    """The header's text, with that of its parts, which lie beside it, where they are included."""
    text = path.read_text()
    for part in PARTS:
        text = text.replace(f'#include "{part}"\n', path.with_name(part).read_text())
    return text


def parse(text: str) -> Header:
    text = COMMENT.sub("", BANNER.sub(r"@section \1", text))
    header = Header()
    section = ""
    position = 0
    while text[position:].strip():
        position += len(text[position:]) - len(text[position:].lstrip())
        match = DECLARATION.match(text, position)
        if match is None:
            raise SystemExit(f"riskcheck.h: not understood: {text[position:].splitlines()[0]}")
        position = match.end()
        if match["section"]:
            section = match["title"]
        elif match["constant"]:
            header.constants.append((section, match["constant_name"], match["literal"]))
        elif match["handle"]:
            header.handles.append(match["handle_name"])
        elif match["record"]:
            header.records.append(parse_record(header, match["record_name"], match["body"]))
        elif match["callback"]:
            if match["returned"] not in SCALARS:
                raise SystemExit(f"riskcheck.h: not understood: {match['callback']}")
            handed = parse_function(match["callback_name"], match["returned"], match["handed"])
            header.callbacks.append(Callback(handed.name, handed.result, handed.parameters))
        elif match["alias"]:
            header.aliases[match["alias_name"]] = match["alias_of"]
        elif match["function"]:
            header.functions.append(
                parse_function(match["function_name"], match["result"], match["parameters"])
            )
    return header


def parse_record(header: Header, name: str, body: str) -> Record:
    """Lays the fields out as the System V ABI does: each at the next multiple of its own size."""
    fields: list[Field] = []
    offset = 0
    alignment = 1
    for line in filter(None, (line.strip() for line in body.splitlines())):
        declared = re.fullmatch(r"(\w+) (.+);", line)
        if declared is None or declared[1] not in SCALARS:
            raise SystemExit(f"riskcheck.h: {name}: not understood: {line}")
        size = SCALARS[declared[1]][0]
        for declarator in declared[2].split(", "):
            match = re.fullmatch(r"(\w+)(?:\[(\w+)\])?", declarator)
            if match is None:
                raise SystemExit(f"riskcheck.h: {name}: not understood: {line}")
            count = 1
            if match[2]:
                count = int(match[2]) if match[2].isdigit() else header.value(match[2])
            offset = (offset + size - 1) // size * size
            fields.append(Field(match[1], declared[1], count, offset, match[2] is not None))
            offset += size * count
        alignment = max(alignment, size)
    return Record(name, fields, (offset + alignment - 1) // alignment * alignment)


def parse_function(name: str, result: str, parameters: str) -> Function:
    types = []
    for parameter in " ".join(parameters.split()).split(", "):
        if parameter != "void":
            match = re.fullmatch(r"((?:const )?\w+ \**)\w+", parameter)
            if match is None:
                raise SystemExit(f"riskcheck.h: {name}: not understood: {parameter}")
            types.append(match[1].strip())
    return Function(name, result.strip(), types)
