"""Whether what is lost can be had back: backups that were read, drills that were done, releases to go back to."""

from __future__ import annotations

from check import broken, check, judged, kept, skipped
from facts import DAY, Facts, count, seconds_of

NOT_LIVE = "live"
BACKUP_HOURS = 26
DRILL_DAYS = 8
AWAY_DAYS = 30


def job(facts: Facts, name: str):
    """(when it last went well, when it last failed), as in backups/status."""
    good = bad = None
    for line in facts.lines("backup-status"):
        job_name, result, when = line.split(" ")[:3]
        if job_name == name:
            good, bad = (when, bad) if result == "ok" else (good, when)
    return good, bad


def recent(facts: Facts, name: str, seconds: float, due_days: float):
    good, bad = job(facts, name)
    if bad and (good is None or bad > good):
        return broken(f"it failed at {bad}; last well: {good or 'never'}")
    if good is None:
        begun = facts.days_deployed
        if begun is None or begun <= due_days:
            return skipped(f"not yet: due within {due_days:.0f} days of the first deployment")
        return broken(f"never, and there is a database for {begun:.0f} days")
    return kept(good) if facts.now - seconds_of(good) <= seconds else broken(f"last at {good}")


@check("backup", f"The last backup went well, not more than {BACKUP_HOURS} hours ago", "checklist: Backup database before migration; CIS Controls 11.2", "scripts/backup.sh; sudo scripts/timers.sh install", live=NOT_LIVE)
def backup(facts: Facts):
    return recent(facts, "backup", BACKUP_HOURS * 3600, 1)


@check("backup-verified", "The newest backup is the one that pg_restore has read", "CIS Controls 11.5", "scripts/backup.sh", live="backup-newest: there is no backup yet")
def backup_verified(facts: Facts):
    said = facts.table("backup-newest")
    return kept(said.get("file", "")) if said.get("verified") == "yes" else broken(f"{said.get('file')} does not fit its checksum")


@check("drill", f"A backup was restored into a scratch database within {DRILL_DAYS} days", "checklist: Test rollback procedure; CIS Controls 11.5", "scripts/restore.sh --test; sudo scripts/timers.sh install", live=NOT_LIVE)
def drill(facts: Facts):
    return recent(facts, "drill", DRILL_DAYS * DAY, DRILL_DAYS)


@check("backup-away", "Backups are copied to another machine", "CIS Controls 11.4; 3-2-1", "BACKUP_RCLONE_REMOTE or BACKUP_RESTIC_REPOSITORY in .env.production", "medium", live=NOT_LIVE)
def backup_away(facts: Facts):
    keys = facts.table("env")
    named = [key for key in ("BACKUP_RCLONE_REMOTE", "BACKUP_RESTIC_REPOSITORY") if keys.get(key) == "set"]
    if named:
        return kept(" ".join(named))
    if (facts.days_deployed or 0) > AWAY_DAYS:
        return broken("nothing in .env.production says where to; if you copy them by hand, say so in .audit-baseline")
    return skipped("not yet: nothing in .env.production says where to")


@check("backup-encrypted", "Backups that leave this machine are encrypted", "CIS Controls 11.3", "BACKUP_AGE_RECIPIENT in .env.production; restic encrypts by itself", "medium", live=NOT_LIVE)
def backup_encrypted(facts: Facts):
    keys = facts.table("env")
    if keys.get("BACKUP_RCLONE_REMOTE") != "set":
        return skipped("none leaves by rclone")
    return kept("age") if keys.get("BACKUP_AGE_RECIPIENT") == "set" else broken("they go to BACKUP_RCLONE_REMOTE as they are")


@check("rollback", "There is an earlier release to go back to", "checklist: Test rollback procedure", "keep two releases: deploy.sh does", "medium", live=NOT_LIVE)
def rollback(facts: Facts):
    releases = facts.lines("releases")
    if len(releases) >= 2:
        return kept(releases[1])
    deploys = count(facts.text("deploys").strip() or "0")
    return broken("there was one, and its image is gone") if deploys >= 2 else skipped("this is the first release")


@check("pitr", "Point-in-time recovery works, where it is on", "CIS Controls 11.2", "scripts/pitr.sh status", "medium", live="pitr: the database does not run here")
def pitr(facts: Facts):
    said = facts.text("pitr").strip()
    if said.startswith("off"):
        return skipped("it is off: scripts/pitr.sh on")
    return broken(said[-200:]) if "FAIL" in said or not said else kept(said.split("\n")[0][:100])


@check("timers", "Backups, drills and renewals run by themselves", "checklist: Regular backups; Monitor SSL certificate expiration", "sudo scripts/timers.sh install", "medium", live=NOT_LIVE)
def timers(facts: Facts):
    if facts.text("backups-service").strip() == "running":
        return kept("the service backups runs; renewal: by the timer of certbot")
    if not facts.has("timers.rc"):
        return skipped("this machine has no systemd: cron (scripts/timers.sh install --dry-run), or the profile backups")
    if facts.code("timers") == 0:
        return kept("systemd")
    begun = facts.days_deployed
    if "not installed" in facts.text("timers") and (begun is None or begun < 1):
        return skipped("not installed yet: sudo scripts/timers.sh install")
    return judged([line.strip() for line in facts.lines("timers") if "FAIL" in line] or ["they are not installed"], "")


@check("audit-log", "Who deployed, restored and rotated is on record", "checklist: Check audit logs for unauthorized access", "the scripts write audit.log; it must stay", "low", live=NOT_LIVE)
def audit_log(facts: Facts):
    lines = count(facts.text("audit-lines").strip() or "0")
    tag = facts.table("settings").get("APP_TAG", "")
    return kept(f"{lines} lines") if lines else (broken("there is a release, and no audit.log") if facts.lines("releases") and tag else skipped("no script has run yet"))
