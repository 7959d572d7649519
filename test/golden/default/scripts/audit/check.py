"""What a check is: one promise, where it comes from, how it is judged from the facts, and what mends it."""

from __future__ import annotations

import functools
from typing import Callable, Dict, Iterable, List, NamedTuple, Optional

KEPT = "ok"
BROKEN = "FAIL"
SKIPPED = "skip"
ACCEPTED = "accepted"
NOT_LIVE = "the running stack was not looked at (--live)"


class Outcome(NamedTuple):
    """How a check ended, and what was seen. A skip is never a pass: it says what is left to do by hand."""

    verdict: str
    evidence: str


class Check(NamedTuple):
    """severity: high, medium or low, for reports; any of them fails the audit."""

    id: str
    promise: str
    source: str
    fix: str
    severity: str
    judge: Callable


CHECKS: Dict[str, Check] = {}


def kept(evidence: str) -> Outcome:
    return Outcome(KEPT, evidence)


def broken(evidence: str) -> Outcome:
    return Outcome(BROKEN, evidence)


def skipped(reason: str) -> Outcome:
    return Outcome(SKIPPED, reason)


def judged(problems: Iterable[str], evidence: str) -> Outcome:
    """Broken by each problem; kept, with the evidence, where there is none."""
    found: List[str] = list(problems)
    return broken("; ".join(found)) if found else kept(evidence)


def check(
    id: str,
    promise: str,
    source: str,
    fix: str,
    severity: str = "high",
    needs: Optional[str] = None,
    live: Optional[str] = None,
) -> Callable[[Callable], Callable]:
    """Adds a check to the catalogue. needs: a fact without which there is nothing to judge, as `fact: why it is missing`.
    live: the same of one that only --live collects."""

    def register(judge: Callable) -> Callable:
        @functools.wraps(judge)
        def guarded(facts) -> Outcome:
            fact, _, reason = (needs or live or "").partition(": ")
            if fact and not facts.has(fact):
                return skipped(reason if reason and (needs or facts.has("live")) else NOT_LIVE)
            return judge(facts)

        if id in CHECKS:
            raise ValueError(f"two checks are called {id}")
        CHECKS[id] = Check(id, promise, source, fix, severity, guarded)
        return judge

    return register
