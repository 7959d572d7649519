"""The results in the formats that people, CI and code hosts read."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Callable, Dict, List
from xml.sax.saxutils import escape, quoteattr

import page
from check import ACCEPTED, BROKEN, KEPT, NOT_LIVE, SKIPPED

VERDICTS = (KEPT, BROKEN, SKIPPED, ACCEPTED)


def time_of(facts) -> str:
    return datetime.fromtimestamp(facts.now, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def counts(results) -> Dict[str, int]:
    return {verdict: sum(1 for _, outcome in results.values() if outcome.verdict == verdict) for verdict in VERDICTS}


def text(results, facts, idle: List[str]) -> str:
    lines = []
    # What --live alone can tell is one line of text, not ninety.
    unseen = [check for check, outcome in results.values() if outcome.verdict == SKIPPED and outcome.evidence == NOT_LIVE]
    for check, outcome in results.values():
        if check in unseen:
            continue
        lines.append(f"{outcome.verdict:8}  {check.id:22} {check.promise}" + (f": {outcome.evidence}" if outcome.evidence and outcome.verdict != KEPT else ""))
        if outcome.verdict == BROKEN and check.fix:
            lines.append(f"{'':8}  {'':22} mend: {check.fix}")
    found = counts(results)
    lines += [f"skip      {len(unseen)} checks of the running stack: --live"] if unseen else []
    lines += [f"note      .audit-baseline has {id}, which is kept: take the line out" for id in idle]
    lines.append(f"{found[KEPT]} ok, {found[BROKEN]} failed, {found[SKIPPED]} skipped, {found[ACCEPTED]} accepted")
    return "\n".join(lines)


def as_json(results, facts, idle: List[str]) -> str:
    return json.dumps(
        {
            "app": facts.expected("app"),
            "time": time_of(facts),
            "live": facts.has("live"),
            "counts": counts(results),
            "checks": [
                {
                    "id": check.id,
                    "promise": check.promise,
                    "source": check.source,
                    "severity": check.severity,
                    "verdict": outcome.verdict,
                    "evidence": outcome.evidence,
                    "fix": check.fix,
                }
                for check, outcome in results.values()
            ],
            "baselineIdle": idle,
        },
        indent=2,
        ensure_ascii=False,
    )


# The file where a person begins to look; code hosts show a finding at a line.
PLACES = (("svc-", "production"), ("dev-", "development"), ("image", "dockerfile"), ("edge-", "nginx"), ("compose-", "production"))
LEVELS = {"high": "error", "medium": "warning", "low": "note"}


def place_of(id: str, facts) -> str:
    for prefix, key in PLACES:
        if id.startswith(prefix) and facts.has(f"tree/{facts.expected(key)}"):
            return facts.expected(key)
    return facts.expected("security")


def sarif(results, facts, idle: List[str]) -> str:
    """SARIF 2.1.0 (OASIS). What is accepted is there too, suppressed with its reason."""

    def result(check, outcome) -> dict:
        found = {
            "ruleId": f"comicpile/{check.id}",
            "level": LEVELS[check.severity],
            "message": {"text": f"{check.promise}: {outcome.evidence}"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": place_of(check.id, facts)}, "region": {"startLine": 1}}}],
        }
        if outcome.verdict == ACCEPTED:
            found["suppressions"] = [{"kind": "external", "status": "accepted", "justification": outcome.evidence}]
        return found

    rules = [
        {
            "id": f"comicpile/{check.id}",
            "shortDescription": {"text": check.promise},
            "fullDescription": {"text": f"{check.promise}. From: {check.source}."},
            "help": {"text": check.fix or check.promise},
            "defaultConfiguration": {"level": LEVELS[check.severity]},
        }
        for check, _ in results.values()
    ]
    return json.dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "comicpile-audit", "rules": rules}},
                    "results": [result(check, outcome) for check, outcome in results.values() if outcome.verdict in (BROKEN, ACCEPTED)],
                }
            ],
        },
        indent=2,
        ensure_ascii=False,
    )


def junit(results, facts, idle: List[str]) -> str:
    """JUnit's XML, as GitLab, Jenkins and GitHub actions read it."""
    found = counts(results)
    name = quoteattr(f"audit of {facts.expected('app')}")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites tests="{len(results)}" failures="{found[BROKEN]}" skipped="{found[SKIPPED] + found[ACCEPTED]}">',
        f'  <testsuite name={name} timestamp="{time_of(facts)[:-1]}" tests="{len(results)}" failures="{found[BROKEN]}" errors="0" skipped="{found[SKIPPED] + found[ACCEPTED]}">',
    ]
    for check, outcome in results.values():
        lines.append(f"    <testcase classname={quoteattr('audit.' + check.id.split('-')[0])} name={quoteattr(check.id + ': ' + check.promise)}>")
        if outcome.verdict == BROKEN:
            lines.append(f"      <failure message={quoteattr(outcome.evidence)}>{escape(f'{check.source}. Mend: {check.fix}')}</failure>")
        elif outcome.verdict in (SKIPPED, ACCEPTED):
            lines.append(f"      <skipped message={quoteattr(outcome.evidence)}/>")
        lines.append("    </testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"])


def html(results, facts, idle: List[str]) -> str:
    return page.render(results, facts, counts(results), time_of(facts))


FORMATS: Dict[str, Callable] = {"text": text, "json": as_json, "sarif": sarif, "junit": junit, "html": html}
