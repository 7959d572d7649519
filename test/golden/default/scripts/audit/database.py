"""PostgreSQL as it runs: roles, logins, what it keeps of them."""

from __future__ import annotations

import re
from typing import List, Set

from check import broken, check, judged, kept, skipped
from facts import Facts, count

NO_DB = "db: the database does not run here"

RIGHTS = "scripts/deploy.sh or scripts/rotate-secrets.sh run db/init/20-rights.sql"


def one(id: str, promise: str, source: str, fix: str, problem: str, severity: str = "high") -> None:
    """A check that scripts/audit.sh asks in SQL; the answer `yes` keeps it, `skip …` says why it is none here."""

    @check(id, promise, source, fix, severity, live=NO_DB)
    def judge(facts: Facts):
        said = facts.table("db").get(id[3:], "no answer")
        if said.startswith("skip "):
            return skipped(said[len("skip ") :])
        return kept("PostgreSQL says so") if said == "yes" else broken(problem if said == "no" else said)


one("db-role", "The app is no superuser of the database, and may create neither roles nor databases", "checklist: No direct database exposure; CIS PostgreSQL 4.4", "ALTER ROLE … NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS", "it has one of these rights, is a member of another role, or there is no such role")
one("db-superuser", "PostgreSQL has one superuser", "CIS PostgreSQL 4.3", "ALTER ROLE … NOSUPERUSER", "there are more")
one("db-login", "Every login over TCP needs a password (scram-sha-256)", "CIS PostgreSQL 5.1, 5.2; checklist: Use strong passwords", "pg_hba.conf: host … scram-sha-256", "pg_hba.conf lets some in otherwise")
one("db-hash", "Passwords are kept as SCRAM-SHA-256", "CIS PostgreSQL 5.3", "set them anew with password_encryption = scram-sha-256: scripts/rotate-secrets.sh", "some are MD5, or a role that may log in has none")
one("db-public", "Nobody else may connect to the database", "CIS PostgreSQL 4.6", "REVOKE CONNECT, TEMPORARY ON DATABASE … FROM PUBLIC", "PUBLIC has a right on it")
one("db-checksums", "The database checks its pages", "CIS PostgreSQL 7", "scripts/new-database.sh makes a volume that has them", "data_checksums is off", "medium")
one("db-logged", "Connections to the database are logged", "checklist: Check audit logs; CIS PostgreSQL 3.1.20, 3.1.21", "log_connections=on, log_disconnections=on", "one of them is off", "medium")
one("db-spare", "The app cannot take every connection of the database", "CWE-770; OWASP API4", "ALTER ROLE … CONNECTION LIMIT", "its role has no limit, or too high a one", "medium")
one("db-schema", "The app cannot change the schema", "checklist: least privilege; CIS PostgreSQL 4.7", "migrations run as the owner of the schema: yo comicpile --migrations alembic", "it may create in a schema")
one("db-code", "The app can make no functions, no temporary tables and no schemas in the database", "checklist: least privilege; CIS PostgreSQL 4.5", RIGHTS, "it may")
one("db-large-objects", "The app can make no large objects, which no table shows", "CWE-770", RIGHTS, "it may call lo_create or its like", "medium")
one("db-versions", "The app cannot write which migrations have run", "CWE-345: scripts and migrations believe that table", RIGHTS, "it may write a table of versions")
one("db-idle", "A forgotten transaction is ended", "CIS PostgreSQL 7", "idle_in_transaction_session_timeout=60s", "idle_in_transaction_session_timeout is 0", "low")


def settings_wanted(text: str) -> Set[str]:
    """What db/init/20-rights.sql sets on roles, as `role name=value`."""
    found = re.findall(r"^ALTER ROLE \"?([^\s\"]+)\"? SET (\w+) = (?:'([^']*)'|([^\s;]+));$", text, re.M)
    return {f"{role} {name}={quoted or bare}" for role, name, quoted, bare in found}


@check("db-settings", "The settings of the database's roles are those of db/init/20-rights.sql: a role can change its own", "CWE-400; PostgreSQL: ALTER ROLE … SET", RIGHTS, "medium", live="db-settings: the database does not run here")
def db_settings(facts: Facts):
    wanted, there = settings_wanted(facts.file("db/init/20-rights.sql")), set(facts.lines("db-settings"))
    if not wanted:
        return skipped("db/init/20-rights.sql sets nothing")
    # An older server knows no transaction_timeout.
    missing = {each for each in wanted - there if " transaction_timeout=" not in each}
    problems = [f"set, and not by us: {each}" for each in sorted(there - wanted)] + [f"not set: {each}" for each in sorted(missing)]
    return judged(problems, f"{len(there)} settings")


def hba_problems(rule: str) -> List[str]:
    """What lets in more than the roles of the app from its own network, and the superuser from inside."""
    kind, databases, users, *rest = [*rule.split(), "", "", ""]
    place = rest[0]
    if kind == "local" or "reject" in rest:
        return [f"{rule}: without a password"] if "trust" in rest else []
    known = re.fullmatch(r"samehost|127\.0\.0\.1(/32)?|::1(/128)?|[a-z0-9-]+-backups-1\.[a-z0-9_-]+", place)
    problems = []
    if "postgres" in users.split(",") and not known:
        problems.append("the superuser")
    if re.search(r"(^|,)(all|[+/].*)(,|$)", users):
        problems.append("whoever has a role")
    if place != "samenet" and not known:
        problems.append(f"from {place}")
    if databases == "all" and not known:
        problems.append("to every database")
    return [f"{rule}: {', '.join(problems)}"] if problems else []


@check("db-hba", "Logins to the database are let in role by role: the app's from its own network, the superuser from no container of the app", "CIS PostgreSQL 5.2; OWASP ASVS 1.4", "db/conf/pg_hba.conf, then scripts/deploy.sh", live="db-hba: the database does not run here")
def db_hba(facts: Facts):
    rules = facts.lines("db-hba")
    problems = [problem for rule in rules for problem in hba_problems(rule)]
    if facts.table("db").get("hba") == "stale":
        problems.append("it was changed after the server had read it")
    return judged(problems, f"{len(rules)} rules")


@check("db-superuser-remote", "From another container nobody logs in as the superuser of the database", "checklist: No direct database exposure", "db/conf/pg_hba.conf, then scripts/deploy.sh", live="db-knock: the database does not run here")
def db_superuser_remote(facts: Facts):
    said = facts.text("db-knock.err") + facts.text("db-knock")
    if "pg_hba.conf" in said:
        return kept("pg_hba.conf refuses it before any password")
    return broken("the server asks for its password" if "password" in said else "whether it is refused cannot be seen: " + said[:100])


@check("db-pools", "The pools of the app fit into the connections of its role, twice", "CWE-770; a release runs beside the old one", "smaller pools, or a higher CONNECTION LIMIT", "medium", live="pools: the app's pools are not known")
def db_pools(facts: Facts):
    # As many may be open again while new containers start beside those that run.
    open_ = sum(count(line.split(" ")[1]) for line in facts.lines("pools"))
    wanted, limit = count(facts.expected("overlap")) * open_, facts.table("db").get("limit", "none")
    return kept(f"{wanted} of {limit}") if 0 < wanted < (count(limit) if limit != "-1" else 0) else broken(f"{wanted} of {limit}")


@check("db-used", "Connections are left", "PostgreSQL: connection limits", "look for what holds them: pg_stat_activity", "medium", live=NO_DB)
def db_used(facts: Facts):
    used, maximum = (count(part) for part in (facts.table("db").get("connections") or "0/1").split("/"))
    return judged([f"{used} of {maximum} are taken"] if used > 0.8 * maximum else [], f"{used} of {maximum}")
