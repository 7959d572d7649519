"""The scripts that run this deployment: what makes one say that it worked when it did not."""

from __future__ import annotations

import re
from typing import Dict

from check import CHECKS, broken, check, judged, kept, skipped
from facts import Facts, without_comments

NO_SCRIPTS = "scripts: there are no scripts"


def scripts(facts: Facts, pattern: str = "") -> Dict[str, str]:
    """Their text without comments, by path."""
    return {
        path: without_comments(text)
        for path, text in facts.files(r"^scripts/[^/]*\.sh$").items()
        if re.search(pattern, path)
    }


@check("scripts-strict", "Every script stops at the first command that fails", "backups that succeeded with the database down", "set -euo pipefail", needs=NO_SCRIPTS)
def scripts_strict(facts: Facts):
    # What is sourced runs with the settings of the script that sources it.
    found = {path: text for path, text in scripts(facts).items() if not re.search(r"^# .*\b[Ss]ourced\b", facts.file(path), re.M) or re.search(r"^set ", text, re.M)}
    loose = [path for path, text in found.items() if not re.search(r"^set -[a-z]*e[a-z]*( -?o pipefail|.*pipefail)", text, re.M)]
    return judged(loose, f"{len(found)} scripts")


@check("scripts-backup", "A backup holds data only, and fails when the database does", "checklist: Backup database before migration", "pg_dump -Fc to a file of its own, stderr apart", needs=NO_SCRIPTS)
def scripts_backup(facts: Facts):
    found = scripts(facts, r"backup")
    if not found:
        return broken("there is no script that backs the database up")
    problems = [f"{path}: errors go into the dump" for path, text in found.items() if re.search(r"pg_dump\b[^\n]*2>&1 *(\|(?!\|)|>)", text)]
    problems += [f"{path}: nothing reads the dump to its end" for path, text in found.items() if "pg_dump" in text and not re.search(r"pg_restore|--list", text)]
    return judged(problems, " ".join(found))


@check("scripts-backup-closed", "Backups are closed to others, with a checksum", "CWE-732", "umask 077; sha256sum beside each dump", needs=NO_SCRIPTS)
def scripts_backup_closed(facts: Facts):
    found = scripts(facts, r"backup")
    shared = "\n".join(scripts(facts, r"lib\.sh$").values())
    problems = [f"{path}: anyone may read them" for path, text in found.items() if not re.search(r"umask 0?77", text + shared)]
    problems += [f"{path}: no checksum" for path, text in found.items() if "sha256" not in text + shared]
    return judged(problems, " ".join(found)) if found else broken("there is no script that backs the database up")


@check("scripts-restore", "A restore stops at the first error and leaves nothing half done", "checklist: Test rollback procedure", "pg_restore --exit-on-error --single-transaction, psql with ON_ERROR_STOP", needs=NO_SCRIPTS)
def scripts_restore(facts: Facts):
    found = scripts(facts, r"restore")
    if not found:
        return broken("there is no script that restores")
    problems = []
    for path, text in found.items():
        if "psql" in text and "ON_ERROR_STOP" not in text + "\n".join(scripts(facts, r"lib\.sh$").values()):
            problems.append(f"{path}: psql goes on after an error")
        if "pg_restore" in text and not re.search(r"--exit-on-error|--single-transaction|-e\b|-1\b", text):
            problems.append(f"{path}: pg_restore goes on after an error")
    return judged(problems, " ".join(found))


@check("scripts-rollback", "A rollback does not drop the schema", "checklist: Test rollback procedure", "go back to the former image; restore a backup where the data must go back", needs=NO_SCRIPTS)
def scripts_rollback(facts: Facts):
    found = scripts(facts, r"rollback")
    if not found:
        return broken("there is no script that rolls back")
    problems = [f"{path}: downgrade base drops every table" for path, text in found.items() if re.search(r"downgrade base", text)]
    problems += [f"{path}: git reset or checkout changes the server's own files" for path, text in found.items() if re.search(r"git (reset --hard|checkout)", text)]
    return judged(problems, " ".join(found))


@check("scripts-compose", "No script calls docker-compose of version 1", "it is gone since 2023", "docker compose", "medium", needs=NO_SCRIPTS)
def scripts_compose(facts: Facts):
    bad = [path for path, text in scripts(facts).items() if re.search(r"(^|[\s;&|(])docker-compose (?!-f \S+$)[a-z-]", text, re.M)]
    return judged(bad, "none")


@check("scripts-there", "There are scripts for certificates, scans, rotation and incidents", "checklist: Rotate secrets regularly; Incident Response", "yo comicpile:scripts", "medium", needs=NO_SCRIPTS)
def scripts_there(facts: Facts):
    found = " ".join(facts.files(r"^scripts/"))
    return judged((f"none for {what}" for what, pattern in (("certificates", "cert"), ("scans", "scan"), ("rotation", "rotat"), ("incidents", "incident"), ("evidence", "evidence")) if pattern not in found), "all are there")


@check("drift", "The files are what the generator wrote, or what your team has committed", "checklist: documents describe the files", "comicpile diff FILE, then commit it; comicpile update --restore brings a file back", "medium", needs="digests: .comicpile/lock.json is not here, or is of a project written by hand")
def drift(facts: Facts):
    states = facts.table("digests")
    problems = [f"{path} is {what}" for path, what in states.items() if what not in ("same", "committed")]
    committed = sum(1 for what in states.values() if what == "committed")
    return judged(problems[:12], f"{len(states)} files, {committed} of them with changes that are committed")


@check("files-read", "Every file that is to be judged is one, and was read", "CWE-59; what nobody has read is not in order", "a file of the project in its place: no link, pipe or device, and less than 8 MiB", "medium")
def files_read(facts: Facts):
    return judged((path[:200] for path in facts.lines("unread") + [path[2:] for path in facts.lines("unread-below")][:12]), "no link, pipe, device or large file is among them")


@check("security-md", "The security document is there, and its ticks name checks of this audit", "documents that outlive the system", "yo comicpile:security", "medium")
def security_md(facts: Facts):
    text = facts.file(facts.expected("security"))
    if not text:
        return broken("there is none")
    ticks = [id for cell in re.findall(r"^\| ✅ \|.*\|([^|]+)\|$", text, re.M) for id in re.findall(r"`([a-z0-9-]+)`", cell)]
    if not ticks:
        return broken("it ticks nothing that anything checks") if re.search("✅", text) else skipped("it ticks nothing")
    return judged((f"it ticks what nothing checks: {id}" for id in ticks if id not in CHECKS), f"{len(ticks)} ticks")
