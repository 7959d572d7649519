"""Secrets: how strong they are, who may read them, and whether git or the image has them."""

from __future__ import annotations

import re
from typing import List

from check import broken, check, judged, kept, skipped
from facts import DAY, Facts, count, seconds_of, without_comments

SOURCE = "checklist: Passwords and secrets"
# Names that keys, dumps and settings with passwords have.
SENSITIVE = re.compile(
    r"(^|/)(\.env(\.(?!example$|sample$|template$|dist$)[^/]*)?|id_(rsa|ed25519|ecdsa)|\.netrc|\.pgpass|\.htpasswd"
    r"|[^/]*\.(pem|key|p12|pfx|jks|dump|sql\.gz|kdbx)|[^/]*(_export|backup)[^/]*\.(json|sql|csv|tar|zip))$"
    r"|^(secrets|backups|incident)/(?!\.gitkeep$)"
)
ROTATE_DAYS = 90
NO_ENV = "env: there is no .env.production here; look on the server"


@check("env-mode", ".env.production is closed to all but its owner (0600)", SOURCE, "chmod 600 .env.production", needs=NO_ENV)
def env_mode(facts: Facts):
    mode = facts.table("modes").get(".env.production", "").split(" ")[0]
    return kept("mode 600") if mode == "600" else broken(f"mode {mode}")


@check("env-complete", "Every variable that production needs has a value", "checklist: Before deploying", "fill it in in .env.production; scripts/generate-secrets.sh draws what is secret", needs=NO_ENV)
def env_complete(facts: Facts):
    keys = facts.table("env")
    wanted = set(re.findall(r"\$\{([A-Z_][A-Z0-9_]*):\?", without_comments(facts.file(facts.expected("production")))))
    # The first release gives it its value.
    wanted.discard("APP_TAG")
    return judged((f"{name} has no value" for name in sorted(wanted) if keys.get(name) != "set"), f"{len(wanted)} have one")


@check("env-app", "Every variable that the app cannot do without is in .env.app", "checklist: Before deploying", "write it into .env.app", needs=NO_ENV)
def env_app(facts: Facts):
    wanted = facts.expected("required").split()
    keys = facts.table("env-app")
    return judged((f"{name} is missing" for name in wanted if keys.get(name) != "set"), f"{len(wanted)} are needed")


@check("secrets-strong", "Every secret is 32 random bytes or more, URL-safe, and differs from the others", "checklist: 32 bytes and more; OWASP ASVS 2.10", "scripts/rotate-secrets.sh NAME", needs=NO_ENV)
def secrets_strong(facts: Facts):
    return judged(facts.lines("weak-secrets"), "none is weak, a placeholder or used twice")


@check("secrets-dev-differ", "No production secret is used in development", "checklist: Use different passwords", "scripts/rotate-secrets.sh all", needs=NO_ENV)
def secrets_dev_differ(facts: Facts):
    return judged((f"one stands in {path}" for path in facts.lines("secrets-in-dev")), "none stands in the compose file of development")


@check("secrets-in-files", "No secret value stands in any other file of the project", "checklist: Secrets in environment variables (not code); CWE-798", "take it out of that file, then scripts/rotate-secrets.sh --no-grace all", needs=NO_ENV)
def secrets_in_files(facts: Facts):
    return judged((path[2:] for path in facts.all_lines("secrets-in-files", 0, 1, 2)), "all files were searched for each value")


@check("secrets-mode", "Files of secrets are closed to all but their owner and the containers", SOURCE, "scripts/deploy.sh sets them; or chmod 640 and chgrp 10001, 600 for .env.app", needs=NO_ENV)
def secrets_mode(facts: Facts):
    modes = facts.table("modes")
    problems = []
    for path, mode in modes.items():
        bits, _, gid = mode.partition(" ")
        if path.startswith("secrets/") and not (bits == "600" or (bits == "640" and gid == "10001")):
            problems.append(f"{path} has {bits}, group {gid}")
        if path in (".env.app", "audit.log", "rotation.log") and bits != "600":
            problems.append(f"{path} has {bits}")
        if path in ("secrets", "backups", "incident") and bits != "700":
            problems.append(f"{path}/ has {bits}")
    return judged(problems, f"{len(modes)} were looked at")


@check("rotation-age", f"Every secret was rotated within {ROTATE_DAYS} days", "checklist: Rotate secrets regularly; NIST SP 800-57", "scripts/rotate-secrets.sh --older-than 90d all", "medium", live="live")
def rotation_age(facts: Facts):
    begun = facts.days_deployed
    if begun is None:
        return skipped("nothing is deployed yet")
    rotated = {}
    for line in facts.lines("rotation.log"):
        when, result, *names = line.split()
        if result == "rotated":
            rotated.update({name: seconds_of(when) for name in names})
    old = []
    for name in facts.expected("secrets").split():
        days = (facts.now - rotated[name]) / DAY if name in rotated else begun
        if days > ROTATE_DAYS:
            old.append(f"{name}: {days:.0f} days ago")
    return judged(old, "all are younger")


@check("rotation-finished", "No rotation of secrets stopped half way", SOURCE, "scripts/rotate-secrets.sh --repair")
def rotation_finished(facts: Facts):
    last = facts.lines("rotation.log")[-1:]
    return broken(f"the last one began at {last[0].split()[0]} and has no end") if last and " started" in last[0] else kept("the last one came to its end")


NO_GIT = "git: this is not a git repository"


@check("git-ignores", "git ignores secrets, certificates, backups and evidence", "checklist: .env.production and certificates in .gitignore", "put the lines back into .gitignore: yo comicpile:gitignore", needs=NO_GIT)
def git_ignores(facts: Facts):
    table = facts.table("git-ignored")
    return judged((f"{path} could be committed" for path, answer in table.items() if answer != "yes"), f"{len(table)} paths were asked for")


def sensitive(paths: List[str]) -> List[str]:
    found = [path for path in paths if SENSITIVE.search(path)]
    return found[:10] + ([f"and {len(found) - 10} more"] if len(found) > 10 else [])


@check("git-tracked", "git tracks no key, dump or file of settings", "checklist: Verify no secrets in git history; CWE-540", "git rm --cached FILE, then rotate what was in it", needs=NO_GIT)
def git_tracked(facts: Facts):
    return judged(sensitive(facts.all_lines("git-tracked")), f"{len(facts.lines('git-tracked'))} files are tracked")


@check("git-history-files", "No key, dump or file of settings was ever committed", "checklist: Verify no secrets in git history", "rotate what was in it; then rewrite the history with git filter-repo, if it was published ask the host to purge it", needs="git-history: nothing is committed yet, or the clone is shallow: git fetch --unshallow")
def git_history_files(facts: Facts):
    return judged(sensitive(facts.all_lines("git-history")), f"{len(facts.lines('git-history'))} paths are in the history")


@check("git-history-values", "No secret of today stands in git's history", "checklist: Verify no secrets in git history", "scripts/rotate-secrets.sh --no-grace all", needs="git-values: there is no history, the clone is shallow, it is larger than 1 GB, or .env.production is not here")
def git_history_values(facts: Facts):
    found = sum(count(line) for line in facts.all_lines("git-values"))
    return broken(f"{found} lines of git's objects have one") if found else kept("every object was searched for each value")


@check("build-context", "No secret, key or dump enters the build of the image", "CIS Docker 4.10; checklist: Minimal base image", "put the lines back into .dockerignore: yo comicpile:gitignore", needs="build-context: Docker cannot write a build to a tar here")
def build_context(facts: Facts):
    bad = [path for path in facts.lines("build-context") if SENSITIVE.search(path) or re.match(r"\.git(/|$)", path)]
    return judged(bad[:10], f"{len(facts.lines('build-context'))} files are sent to it")
