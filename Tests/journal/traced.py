"""A host whose system calls strace counts or lets fail: a journal that is opened, pumped and closed.

    traced.py FOLDER SYNC INTERVAL_NS PUMPS

prints a line for each call with what it said, and at the end what the journal lacks.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    ROOT = Path(__file__).resolve().parent.parent.parent
    sys.path[:0] = [str(ROOT / "Tests"), str(ROOT / "bindings/python")]

import riskcheck.abi as rck
from session import Answer, Session, annotate, close_journal, config, missing, open_journal, pump, verify


def told(what: str, answer: Answer) -> None:
    print(
        what, answer.status, answer.fault.system_error, answer.info.syncs if answer.info else "-", flush=True
    )


def main() -> None:
    folder, sync, interval_ns, pumps = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    with Session() as session:
        engine = session.create(config(ring_lines=4096))
        reader, writer = session.port(engine, 0), session.port(engine, 1)
        changes = {"sync": sync, "sync_interval_ns": interval_ns}
        told("open", open_journal(reader, folder, **changes))
        for number in range(pumps):
            annotate(writer, 60, 1 + number * 60)
            told("pump", pump(reader))
        told("idle", pump(reader))
        answer = close_journal(reader)
        told("close", answer)
        if answer.status != "RCK_OK":
            told("open", open_journal(reader, folder, **changes))
            told("close", close_journal(reader))
        try:
            print("missing", missing(engine, folder) or "nothing")
        except rck.RiskCheckError as error:
            print("missing", error)
        print("verify", verify(folder).status)


if __name__ == "__main__":
    main()
