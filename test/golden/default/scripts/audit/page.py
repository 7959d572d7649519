"""The report as one page that needs nothing else: no script, no file, no network. For who decides, and for who mends."""

from __future__ import annotations

from html import escape

from check import ACCEPTED, BROKEN, KEPT, SKIPPED

AREAS = (
    ("Secrets and git", ("env", "secrets", "rotation", "git", "build")),
    ("The image", ("image",)),
    ("Services", ("compose", "svc", "dev")),
    ("The edge: nginx, TLS, headers, limits", ("edge",)),
    ("The certificate", ("cert", "dns")),
    ("Scripts and documents", ("scripts", "drift", "security")),
    ("Supply chain and reviews", ("ci", "updates", "pre", "contact", "images", "scan", "review")),
    ("What runs", ("run",)),
    ("The site from outside", ("out",)),
    ("The database", ("db",)),
    ("Recovery", ("backup", "drill", "rollback", "pitr", "timers", "audit")),
    ("This machine", ("host",)),
    ("Of your own", ("own",)),
)
WORDS = {KEPT: "kept", BROKEN: "broken", SKIPPED: "not looked at", ACCEPTED: "accepted"}
CLASSES = {KEPT: "kept", BROKEN: "broken", SKIPPED: "skipped", ACCEPTED: "accepted"}

STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --paper: #fff; --line: #dfe3e8; --good: #1a7f37; --bad: #b42318; --wait: #8a5a00; --mild: #3b5bab }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa5b4; --paper: #14181f; --line: #2c343f; --good: #4cc36a; --bad: #ff7b6e; --wait: #e0a83a; --mild: #8fb0ff } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
h1 { margin: 0; font-size: 1.7rem } h2 { margin: 2.2rem 0 .5rem; font-size: 1.15rem } p { margin: .3rem 0 } .soft { color: var(--soft) }
.verdict { margin: 1.2rem 0; padding: .9rem 1.1rem; border-left: 6px solid var(--good); background: color-mix(in srgb, var(--good) 9%, transparent); font-size: 1.1rem }
.verdict.bad { border-color: var(--bad); background: color-mix(in srgb, var(--bad) 9%, transparent) }
.numbers { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; padding: 0; list-style: none }
.numbers li { flex: 1 1 8rem; padding: .6rem .9rem; border: 1px solid var(--line); border-radius: .5rem } .numbers b { display: block; font-size: 1.6rem; line-height: 1.2 }
table { width: 100%; border-collapse: collapse } td, th { padding: .45rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { color: var(--soft); font-weight: 600; font-size: .85rem } td:first-child { width: 8.5rem; white-space: nowrap }
.kept { color: var(--good) } .broken { color: var(--bad); font-weight: 600 } .skipped { color: var(--wait) } .accepted { color: var(--mild) }
small { color: var(--soft); display: block } code { font-size: .9em } details summary { cursor: pointer; color: var(--soft) }
@media print { body { max-width: none; padding: 0 } details { display: block } }
"""


def row(check, outcome) -> str:
    mend = f"<small>Mend: <code>{escape(check.fix)}</code></small>" if outcome.verdict == BROKEN and check.fix else ""
    evidence = f"<small>{escape(outcome.evidence)}</small>" if outcome.evidence else ""
    return (
        f'<tr id="{escape(check.id)}"><td class="{CLASSES[outcome.verdict]}">{WORDS[outcome.verdict]}</td>'
        f"<td>{escape(check.promise)}{evidence}{mend}</td><td><code>{escape(check.id)}</code><small>{escape(check.source)}</small></td></tr>"
    )


def table(rows: str) -> str:
    return f"<table><thead><tr><th>State</th><th>Promise, and what was seen</th><th>Check, and where it comes from</th></tr></thead><tbody>{rows}</tbody></table>"


def area_of(id: str) -> str:
    return next((title for title, prefixes in AREAS if id.split("-")[0] in prefixes), "Of your own")


def render(results, facts, counts, time: str) -> str:
    app = escape(facts.expected("app"))
    broken = sorted((each for each in results.values() if each[1].verdict == BROKEN), key=lambda each: ("high", "medium", "low").index(each[0].severity))
    urgent = sum(1 for check, _ in broken if check.severity == "high")
    if broken:
        verdict = f'<p class="verdict bad"><b>{len(broken)} of {len(results)} promises are broken</b>, {urgent} of them of high severity. Each is below, with what mends it.</p>'
    else:
        verdict = f'<p class="verdict"><b>No promise is broken.</b> {counts[KEPT]} were tested and kept; {counts[SKIPPED]} could not be tested here, and say what is left to do by hand.</p>'
    scope = "the files and the running stack" if facts.has("live") else "the files; the running stack was not looked at"
    numbers = "".join(f'<li><b class="{CLASSES[name]}">{count}</b>{WORDS[name]}</li>' for name, count in counts.items())
    first = f"<h2>What to mend, the gravest first</h2>{table(''.join(row(*each) for each in broken))}" if broken else ""
    sections = []
    for title, _ in AREAS:
        mine = [each for id, each in results.items() if area_of(id) == title]
        if mine:
            good = sum(1 for _, outcome in mine if outcome.verdict == KEPT)
            sections.append(f"<h2>{title}</h2><details open><summary>{good} of {len(mine)} kept</summary>{table(''.join(row(*each) for each in mine))}</details>")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>Security audit of {app}</title><style>{STYLE}</style></head><body>"
        f'<h1>Security audit of {app}</h1><p class="soft">{time}, of {scope}</p>{verdict}<ul class="numbers">{numbers}</ul>{first}{"".join(sections)}</body></html>'
    )
