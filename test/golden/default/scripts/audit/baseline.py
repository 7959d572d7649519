"""What is accepted for a time: .audit-baseline, a line each, `ID YYYY-MM-DD the reason`."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Dict, List, NamedTuple, Tuple

from check import ACCEPTED, BROKEN, CHECKS, Outcome


class Acceptance(NamedTuple):
    until: date
    reason: str


def read(text: str, known: List[str]) -> Tuple[Dict[str, Acceptance], List[str]]:
    """The acceptances by id, and what is wrong with the file."""
    found: Dict[str, Acceptance] = {}
    problems: List[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        id, until, reason = (line.split(None, 2) + ["", ""])[:3]
        where = f".audit-baseline:{number}"
        try:
            day = date.fromisoformat(until)
        except ValueError:
            problems.append(f"{where}: {until or 'no day'} is no day; for example: {id} 2027-01-31 the reason")
            continue
        if id not in known:
            problems.append(f"{where}: there is no check {id}; scripts/audit.sh --list")
        elif not reason:
            problems.append(f"{where}: no reason; for example: {id} {until} the reason")
        elif id in found:
            problems.append(f"{where}: {id} stands there twice")
        else:
            found[id] = Acceptance(day, reason)
    return found, problems


def apply(id: str, outcome: Outcome, accepted: Dict[str, Acceptance], now: float) -> Outcome:
    """What is broken and accepted is so until the end of that day, UTC."""
    entry = accepted.get(id)
    if entry is None or outcome.verdict != BROKEN:
        return outcome
    if datetime.fromtimestamp(now, timezone.utc).date() > entry.until:
        return Outcome(BROKEN, f"{outcome.evidence} (it was accepted until {entry.until}: {entry.reason})")
    return Outcome(ACCEPTED, f"{outcome.evidence} (until {entry.until}: {entry.reason})")


def idle(results, accepted: Dict[str, Acceptance]) -> List[str]:
    """Entries that nothing needs any more."""
    return [id for id, (_, outcome) in results.items() if id in accepted and outcome.verdict not in (ACCEPTED, BROKEN) and id in CHECKS]
