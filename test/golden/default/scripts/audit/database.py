"""PostgreSQL as it runs: roles, logins, what it keeps of them."""

from __future__ import annotations

from check import broken, check, judged, kept, skipped
from facts import Facts, count

NO_DB = "db: the database does not run here"


def one(id: str, promise: str, source: str, fix: str, problem: str, severity: str = "high") -> None:
    """A check that scripts/audit.sh asks in SQL; the answer `yes` keeps it, `skip …` says why it is none here."""

    @check(id, promise, source, fix, severity, live=NO_DB)
    def judge(facts: Facts):
        said = facts.table("db").get(id[3:], "no answer")
        if said.startswith("skip "):
            return skipped(said[len("skip ") :])
        return kept("PostgreSQL says so") if said == "yes" else broken(problem if said == "no" else said)


one("db-role", "The app is no superuser of the database, and may create neither roles nor databases", "checklist: No direct database exposure; CIS PostgreSQL 4.4", "ALTER ROLE … NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS", "it has one of these rights, or there is no such role")
one("db-superuser", "PostgreSQL has one superuser", "CIS PostgreSQL 4.3", "ALTER ROLE … NOSUPERUSER", "there are more")
one("db-login", "Every login over TCP needs a password (scram-sha-256)", "CIS PostgreSQL 5.1, 5.2; checklist: Use strong passwords", "pg_hba.conf: host … scram-sha-256", "pg_hba.conf lets some in otherwise")
one("db-hash", "Passwords are kept as SCRAM-SHA-256", "CIS PostgreSQL 5.3", "set them anew with password_encryption = scram-sha-256: scripts/rotate-secrets.sh", "some are MD5, or a role that may log in has none")
one("db-public", "Nobody else may connect to the database", "CIS PostgreSQL 4.6", "REVOKE CONNECT, TEMPORARY ON DATABASE … FROM PUBLIC", "PUBLIC has a right on it")
one("db-checksums", "The database checks its pages", "CIS PostgreSQL 7", "scripts/new-database.sh makes a volume that has them", "data_checksums is off", "medium")
one("db-logged", "Connections to the database are logged", "checklist: Check audit logs; CIS PostgreSQL 3.1.20, 3.1.21", "log_connections=on, log_disconnections=on", "one of them is off", "medium")
one("db-spare", "The app cannot take every connection of the database", "CWE-770; OWASP API4", "ALTER ROLE … CONNECTION LIMIT", "its role has no limit, or too high a one", "medium")
one("db-schema", "The app cannot change the schema", "checklist: least privilege; CIS PostgreSQL 4.7", "migrations run as the owner of the schema: yo comicpile --migrations alembic", "it may create in the schema public")
one("db-idle", "A forgotten transaction is ended", "CIS PostgreSQL 7", "idle_in_transaction_session_timeout=60s", "idle_in_transaction_session_timeout is 0", "low")


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
