"""Judges the facts that scripts/audit.sh gives on stdin. Reads nothing else, and writes to stdout alone."""

from __future__ import annotations

import argparse
import fnmatch
import signal
import sys
from typing import Dict, TextIO, Tuple

# Each registers its checks; the order is that of the report.
import secret_files  # noqa: F401
import image_build  # noqa: F401
import services  # noqa: F401
import edge_config  # noqa: F401
import certificates  # noqa: F401
import operation_scripts  # noqa: F401
import supply_chain  # noqa: F401
import containers  # noqa: F401
import edge_answers  # noqa: F401
import database  # noqa: F401
import recovery  # noqa: F401
import host  # noqa: F401
import baseline
import reports
from check import BROKEN, CHECKS, Check, Outcome
from facts import Facts

Results = Dict[str, Tuple[Check, Outcome]]
# In seconds, of one check: a pattern on a text that was made for it would take for ever.
LONGEST = 20
# In characters, of what a check has seen.
SHOWN = 2000


def printable(text: str) -> str:
    """What others wrote must not move the cursor of a terminal, nor turn the order of its letters."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def say(text: str, stream: TextIO = sys.stdout) -> None:
    """The only way out."""
    stream.reconfigure(encoding="utf-8")  # type: ignore[attr-defined]
    print(printable(text), file=stream)


def misuse(*lines: str) -> int:
    say("audit.sh: " + "\n  ".join(line[:300] for line in lines[:20]), sys.stderr)
    return 2


def own_checks(facts: Facts) -> Results:
    """Those of a team, which scripts/audit.sh has run itself: VERDICT<tab>PROMISE."""
    found: Results = {}
    for number, line in enumerate(facts.lines("own"), 1):
        verdict, _, promise = printable(line.replace("\t", "\n", 1)).partition("\n")
        if verdict not in reports.VERDICTS:
            verdict, promise = BROKEN, f"{promise or 'a check of your own'}: {verdict[:40]} is no verdict"
        each = Check(f"own-{number}", promise, "of your own: scripts/audit.sh.extra", "", "medium", lambda _: None)
        found[each.id] = (each, Outcome(verdict, ""))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/audit.sh", add_help=False)
    parser.add_argument("--format", required=True)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--allow-self-signed", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, too_long)
    facts = Facts(sys.stdin.buffer)
    own = own_checks(facts)
    known = [*CHECKS, *own]
    unknown = [pattern for pattern in options.only if not fnmatch.filter(known, pattern)]
    if unknown:
        return misuse(f"there is no check {' '.join(unknown)}", "next: scripts/audit.sh --list")
    if options.format == "list":
        for each in CHECKS.values():
            say(f"{each.id:22} {each.promise}  [{each.source}]")
        return 0
    accepted, problems = baseline.read(facts.text("baseline"), known)
    if problems:
        return misuse(".audit-baseline cannot be read (nothing was judged):", *problems)
    wanted = {id for id in known if not options.only or any(fnmatch.fnmatchcase(id, pattern) for pattern in options.only)}
    outcomes = {id: (each, judged(each, facts)) for id, each in CHECKS.items() if id in wanted}
    outcomes.update({id: result for id, result in own.items() if id in wanted})
    results: Results = {id: (each, baseline.apply(id, outcome, accepted, facts.now)) for id, (each, outcome) in outcomes.items()}
    say(reports.FORMATS[options.format](results, facts, baseline.idle(results, accepted)))
    return 1 if any(outcome.verdict == BROKEN for _, outcome in results.values()) else 0


def too_long(*_: object) -> None:
    raise TimeoutError(f"it took more than {LONGEST} seconds")


def judged(each: Check, facts: Facts) -> Outcome:
    """A check that stumbles over what it reads, or comes to no end, has not passed."""
    signal.alarm(LONGEST)
    try:
        verdict, evidence = each.judge(facts)
    except Exception as error:  # noqa: BLE001
        verdict, evidence = BROKEN, f"it could not be judged: {type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    # In one line.
    said = printable(evidence[: SHOWN + 1]).replace("\n", " ")
    return Outcome(verdict, said if len(said) <= SHOWN else said[:SHOWN] + " …")


if __name__ == "__main__":
    sys.exit(main())
