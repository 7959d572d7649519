#!/usr/bin/env bash
# Usage: scripts/backup.sh [--keep-last N] [--keep-hourly N] [--keep-daily N] [--keep-weekly N] [--keep-monthly N]
#                          [--no-prune] [--local] [--dry-run]
#        scripts/backup.sh --status [--max-age HOURS]
#        scripts/backup.sh --every MINUTES [--keep-…]
#
# Dumps the database to backups/ (0700) and prints the dump's path on stdout. A backup is five files (0600) of one name:
#   .dump         pg_dump's custom format; it gets this name only after pg_restore has read all of it
#   .manifest     JSON: time, server, release, schema revision, and the rows of each table, counted in the dump's own snapshot
#   .globals.sql  the roles of the server, without their passwords
#   .sha256       the sums of the other three
#   .hmac         by which this host knows the set: HMAC-SHA256 of the sums, with the key in secrets/backup_key. A restore refuses
#                 a set without it. The first backup draws the key: keep a copy of it off this machine, away from the backups
# Without a finished backup: exit code 1, no .dump, nothing old deleted, and a line "comicpile-backup FAILED" on stderr and in
# the system's log.
#
#   --keep-last N      how many stay in any case (6), and of how many hours, days, weeks and months the newest one does
#   --keep-hourly N    (24, 7, 5, 12). Only backups that verify are counted; one that does not is left alone, and so are the
#   …                  newest that does and those that the last five deploys made before their migration.
#   --no-prune         delete nothing
#   --local            no copy off this machine
#   --dry-run          look whether it could work, say what would be deleted, and change nothing
#   --status           when backup and restore drill last went well; exit code 1 when the last one failed or is too old:
#   --max-age HOURS    26 for the backup; eight days for the drill (scripts/restore.sh --test)
#   --every MINUTES    again and again, with a drill a week: what the service `backups` of docker-compose.prod.yml does, on a
#                      machine without systemd and cron
#
# In .env.production, each of them optional:
#   BACKUP_AGE_RECIPIENT     age or ssh public keys, with commas between: the dump is written as .dump.age, never in clear text
#   BACKUP_RCLONE_REMOTE     a place that rclone knows, as in offsite:my-backups: every backup is copied there and compared
#   BACKUP_RESTIC_REPOSITORY, BACKUP_RESTIC_PASSWORD_FILE   the same by restic
# Nothing is ever deleted there: rules for that belong to the place itself, so that nobody who breaks in here can do it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/backup-sets.sh disable=SC1091
. scripts/backup-sets.sh
help_if_asked "$@"

every='' keep=(6 24 7 5 12) prune=yes away=yes dry_run='' status='' max_age=26
# count_of OPTION VALUE: into count.
count_of() {
  [[ ${2:-} =~ ^(0|[1-9][0-9]{0,3})$ ]] || misuse "$1 takes a number, not '${2:-}'" "scripts/backup.sh $1 7"
  number count "$2"
}
arguments=("$@")
while [[ $# -gt 0 ]]; do
  case $1 in
    --keep-last) count_of "$@" && keep[0]=$count && shift ;;
    --keep-hourly) count_of "$@" && keep[1]=$count && shift ;;
    --keep-daily) count_of "$@" && keep[2]=$count && shift ;;
    --keep-weekly) count_of "$@" && keep[3]=$count && shift ;;
    --keep-monthly) count_of "$@" && keep[4]=$count && shift ;;
    --every) count_of "$@" && every=$count && shift ;;
    --max-age) count_of "$@" && max_age=$count && shift ;;
    --no-prune) prune='' ;;
    --local) away='' ;;
    --dry-run) dry_run=yes ;;
    --status) status=yes ;;
    *) misuse "unknown argument '$1'" ;;
  esac
  shift
done

# ── status ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# well JOB HOURS: prints its line.
well() {
  local good bad age limit
  number limit "$2"
  good=$(sed -n "s/^$1 ok //p" backups/status 2>/dev/null) || :
  bad=$(sed -n "s/^$1 failed //p" backups/status 2>/dev/null) || :
  good=$(plain "$good") bad=$(plain "$bad")
  if [[ -z $good ]]; then
    printf '%-7s FAIL  never went well%s\n' "$1" "${bad:+, failed at ${bad/ /: }}"
  elif [[ ${bad%% *} > ${good%% *} ]]; then
    printf '%-7s FAIL  at %s; last well at %s\n' "$1" "${bad/ /: }" "${good/ /: }"
  elif ! age=$(age_of "${good%% *}"); then
    printf '%-7s FAIL  backups/status cannot be read: %s\n' "$1" "$good"
  elif [[ $age -gt $((limit * 3600)) ]]; then
    printf '%-7s FAIL  more than %s hours ago, at %s\n' "$1" "$2" "${good/ /: }"
  elif [[ $1 == backup && ! -f ${good#* } ]]; then
    printf '%-7s FAIL  %s is gone\n' "$1" "${good#* }"
  else
    printf '%-7s ok    %s\n' "$1" "${good/ /: }"
    return
  fi
  return 1
}
if [[ -n $status ]]; then
  failed=''
  well backup "$max_age" || failed=yes
  well drill $((8 * 24)) || failed=yes
  [[ -z $failed ]] || die 'the backups are not in order' 'scripts/backup.sh; scripts/restore.sh --test; sudo scripts/timers.sh install does both in time'
  exit 0
fi

# ── again and again ──────────────────────────────────────────────────────────────────────────────────────────────────

# run COMMAND…: in the background, as bash hears a signal only between two commands. What fails has said so.
run() {
  "$@" >/dev/null &
  child=$!
  wait "$child" || :
}
if [[ -n $every ]]; then
  [[ $every -gt 0 ]] || misuse '--every 0 would never rest' 'scripts/backup.sh --every 60'
  if beside_db; then
    [[ -w backups ]] || die 'this container may not write to backups/' \
      "BACKUPS_USER=$(uid_of .):$(gid_of .) in .env.production, then start the service backups anew"
    for key in BACKUP_AGE_RECIPIENT BACKUP_RCLONE_REMOTE BACKUP_RESTIC_REPOSITORY; do
      [[ -z $(env_get "$key") ]] || die "$key is set; this container has no such tool, and no network that leads out" \
        'scripts/timers.sh install on the host, or its lines for cron, instead of the service backups'
    done
  fi
  for ((i = 0; i < ${#arguments[@]}; i++)); do
    [[ ${arguments[i]} != --every ]] || unset "arguments[i]" "arguments[i + 1]"
  done
  # A deploy that is at work comes first.
  export COMICPILE_LOCK_WAIT=3600
  child=''
  trap 'kill "$child" 2>/dev/null; wait; exit 0' INT TERM
  while :; do
    began=$SECONDS
    run "$0" ${arguments[@]+"${arguments[@]}"}
    drilled=$(sed -n 's/^drill [a-z]* \([^ ]*\).*/\1/p' backups/status 2>/dev/null | sort | tail -n 1)
    if ! age=$(age_of "$drilled") || [[ $age -ge $((7 * 86400)) ]]; then run scripts/restore.sh --test; fi
    pause=$((every * 60 + began - SECONDS))
    [[ $pause -le 0 ]] || run sleep "$pause"
  done
fi

# ── before anything is written ───────────────────────────────────────────────────────────────────────────────────────

lock
need_env
step=preflight
recipients=$(env_get BACKUP_AGE_RECIPIENT)
remote=$(env_get BACKUP_RCLONE_REMOTE)
repository=$(env_get BACKUP_RESTIC_REPOSITORY)
password_file=$(env_get BACKUP_RESTIC_PASSWORD_FILE)

ended() {
  local code=$?
  trap - EXIT
  [[ $code -eq 0 || -n $dry_run ]] || alarm backup "$step"
  sweep
  exit "$code"
}
trap ended EXIT

seal() { age --encrypt --recipients-file <(printf '%s\n' "${recipients//,/$'\n'}"); }
if [[ -n $recipients ]]; then
  command -v age >/dev/null || die 'BACKUP_AGE_RECIPIENT is set, but age is not installed; nothing was written' \
    'apt install age, brew install age, or https://github.com/FiloSottile/age'
  seal </dev/null >/dev/null || die 'age takes no key from BACKUP_AGE_RECIPIENT; nothing was written' \
    'the public key, age1… or ssh-ed25519 …: age-keygen -y FILE prints it'
fi
need_db

kept_by_deploys() { sed -n 's/^.* deploy ok .* dump=\([^ ]*\).*$/\1/p' audit.log 2>/dev/null | tail -n 5; }
# prunable <DUMPS THAT VERIFY, newest first
prunable() { expired "${keep[@]}" | { grep -vxFf <(kept_by_deploys; echo '(none)') || :; }; }
verified_dumps() {
  local dump
  for dump in $(dumps); do
    if dump_verified "$dump"; then echo "$dump"; else say "does not verify, not counted, left alone: $dump"; fi
  done
}
# to_prune [NEWER]: all are read only when one of them is to go.
to_prune() {
  [[ -z $({ printf '%s' "${1:+$1$'\n'}" && dumps; } | prunable) ]] ||
    { printf '%s' "${1:+$1$'\n'}" && verified_dumps; } | prunable
}

# Two backups within a second would have one name.
until stem=backups/$DATABASE-$(date -u +%Y%m%dT%H%M%SZ) && [[ ! -e $stem.dump && ! -e $stem.dump.age ]]; do sleep 1; done
file=$stem.dump${recipients:+.age}
if [[ -n $dry_run ]]; then
  say "would write $file"
  [[ -z $away || -z $remote ]] || { need rclone && say "would copy it to $remote"; }
  [[ -z $away || -z $repository ]] || { need restic && say 'would copy it to the restic repository'; }
  [[ -z $prune ]] || to_prune "$file" | sed 's/^/would delete /' >&2
  exit 0
fi

# ── the dump ─────────────────────────────────────────────────────────────────────────────────────────────────────────

step=dump
[[ -d backups ]] || { mkdir backups && own_like . backups; }
chmod 0700 backups
# What a killed run has left: half a dump, the rest of a set whose dump had not got its name yet or was deleted before.
rm -f -- backups/.part-* backups/.status-??????
for rest in backups/"$DATABASE"-*Z.{manifest,globals.sql,sha256,hmac}; do
  base=${rest%.sha256} base=${base%.hmac} base=${base%.manifest} base=${base%.globals.sql}
  [[ ! -f $rest || -e $base.dump || -e $base.dump.age ]] || rm -f -- "$rest"
done
part=$(mktemp backups/.part-XXXXXX)
litter+=("$part" "$part".{log,manifest,globals.sql,sha256,hmac})
# The service `backups` may not write there.
beside_db || draw_backup_key || die "$BACKUP_KEY cannot be drawn; no backup was made" 'look at the free space and the owner of secrets/'
refused='the database refuses; no backup was made'
logs='docker compose -f docker-compose.prod.yml --env-file .env.production logs db'

# The dump and the rows see one moment: this session stays open until both have ended, and with it its snapshot.
coproc session {
  in_db psql -XqAt --set ON_ERROR_STOP=1 --username postgres --dbname "$DATABASE"
}
[[ -n ${session[1]:-} ]] || die "$refused" "$logs"
exec {answers}<&"${session[0]}" {questions}>&"${session[1]}"
session_id=$!
{
  cat <<'SQL'
SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10min';
-- A dump whose backup.sh was killed goes on to its end in the container; its locks would stop a migration.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'comicpile-backup' \g /dev/null
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot();
SQL
  facts_sql
  rows_sql savepoint
  printf '%s\n' '\echo end'
} >&"$questions"
IFS= read -r -u "$answers" snapshot && [[ $snapshot =~ ^[0-9A-F-]+$ ]] || die "$refused" 'read its message above'
# The roles meanwhile.
in_db pg_dumpall --globals-only --no-role-passwords --username postgres >"$part.globals.sql" </dev/null &
roles_id=$!

# In the container. What leaves it has been read by pg_restore to its last byte, and the sum on stderr tells whether the same
# has arrived here. zstd is faster than gzip by far and packs as well; a server without it says so before it connects.
# shellcheck disable=SC2016 # for the container's shell
program='
set -euo pipefail
compression=zstd:3
[[ $(pg_dump --compress "$compression" --host /nowhere 2>&1) != *compression* ]] || compression=gzip:6
pipes=$(mktemp -d)
trap "rm -rf \"$pipes\"" EXIT
mkfifo "$pipes/read" "$pipes/sum"
{ pg_restore --file /dev/null && cat >/dev/null; } <"$pipes/read" & reader=$!
sha256sum <"$pipes/sum" >&2 & adder=$!
PGAPPNAME=comicpile-backup pg_dump --format custom --compress "$compression" --snapshot "$2" --lock-wait-timeout 600000 \
  --username postgres --dbname "$1" | tee "$pipes/read" "$pipes/sum"
wait "$reader" && wait "$adder"
'
sent_sum='s/^\([0-9a-f]\{64\}\) .*-$/\1/p'
dump() { in_db bash -c "$program" - "$DATABASE" "$snapshot" 2>"$part.log" </dev/null; }
worked=yes
if [[ -z $recipients ]]; then
  dump >"$part" || worked=''
  [[ -z $worked ]] || arrived=$(sha256_of "$part")
else
  arrived=$({ dump | tee /dev/fd/3 | seal >"$part"; } 3>&1 | sha256) || worked=''
fi
sent=$(sed -n "$sent_sum" "$part.log")
sed '/^[0-9a-f]\{64\} .*-$/d' "$part.log" >&2
[[ -n $worked ]] || die 'pg_dump failed, or pg_restore cannot read what it made; no backup was made' 'read the message above; is the disk full? df -h .'
[[ -n $sent && ${arrived%% *} == "$sent" ]] || die 'what arrived here is not what pg_dump wrote; no backup was made' 'is the disk full? df -h .'

release=$(env_get APP_TAG)
write_manifest "${release:-none}" <&"$answers" >"$part.manifest" || die 'the rows could not be counted; no backup was made' 'read the message above'
echo '\q' >&"$questions"
wait "$session_id" || die "$refused" 'read its message above'
wait "$roles_id" || die 'the roles could not be dumped; no backup was made' 'read the message above'
extension_owners "$DATABASE" >>"$part.globals.sql" || die 'the owners of extensions could not be read; no backup was made' 'read the message above'

{
  printf '%s  %s\n' "$(if [[ -n $recipients ]]; then sha256_of "$part"; else echo "$sent"; fi)" "${file##*/}"
  for kind in manifest globals.sql; do printf '%s  %s\n' "$(sha256_of "$part.$kind")" "${stem##*/}.$kind"; done
} >"$part.sha256"
kinds=(manifest globals.sql sha256)
if backup_key >/dev/null; then
  tag_of "$part.sha256" "${stem##*/}.sha256" >"$part.hmac" || die 'the set cannot be signed; no backup was made' "is $BACKUP_KEY readable?"
  kinds+=(hmac)
else
  say "note: there is no key in $BACKUP_KEY, so this set is not signed, and a restore will refuse it. On the host: scripts/generate-secrets.sh"
fi
for new in "$part" "${kinds[@]/#/$part.}"; do
  chmod 0600 "$new"
  own_like backups "$new"
  flush "$new"
done
# A dump that is visible is complete, after a loss of power too.
for kind in "${kinds[@]}"; do mv -- "$part.$kind" "$stem.$kind"; done
mv -- "$part" "$file"
flush backups
say "backup $file, $(size_of "$file") bytes, read to its end by pg_restore"
echo "$file"

# ── off this machine ─────────────────────────────────────────────────────────────────────────────────────────────────

step=off-site
kept_here="$file stays here"
copy_by_rclone() {
  local said
  need rclone
  rclone copy backups "$remote" --include "/${stem##*/}.*" >&2 || die "rclone could not copy; $kept_here" "rclone lsd ${remote%%:*}:"
  said=$(rclone check backups "$remote" --one-way --include "/${stem##*/}.*" 2>&1) ||
    { say "$said" && die "the copy at $remote is not the same; $kept_here" "rclone check backups $remote --one-way"; }
  [[ $said != *'could not be checked'* ]] || say "$remote has no checksums: the copy was compared by its size only"
  say "copied to $remote and compared"
}
copy_by_restic() {
  local -x RESTIC_REPOSITORY=$repository RESTIC_PASSWORD_FILE=$password_file
  need restic
  [[ -r $password_file ]] || die "BACKUP_RESTIC_PASSWORD_FILE cannot be read; $kept_here" 'a file (0600) with the password of the repository'
  restic --no-cache --quiet backup --tag "$APP_NAME" "$stem".* >&2 || die "restic could not copy; $kept_here" 'is the repository there? restic init makes one'
  restic --no-cache --quiet check >&2 || die "the restic repository is damaged; $kept_here" 'restic check; restic repair'
  say 'copied to the restic repository, which is whole'
}
[[ -z $away || -z $remote ]] || copy_by_rclone
[[ -z $away || -z $repository ]] || copy_by_restic

# ── what goes ────────────────────────────────────────────────────────────────────────────────────────────────────────

step=prune
if [[ -n $prune ]]; then
  doomed=$(to_prune)
  for old in $doomed; do
    # The dump first: what is left of its set then is litter, and not a dump that does not verify.
    rm -f -- "$old"
    base=${old%.age} base=${base%.dump}
    rm -f -- "$base".{manifest,globals.sql,sha256,hmac} "$old".{sha256,hmac}
    say "deleted $old, newer ones are verified"
  done
fi

step=status
# One that should have left this machine and has not is no full backup.
[[ -z $away && -n $remote$repository ]] || note backup ok "$file"
audit backup ok "file=$file" "bytes=$(size_of "$file")"
