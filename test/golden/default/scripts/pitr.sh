#!/usr/bin/env bash
# Usage: scripts/pitr.sh on | off | base | status | list
#        scripts/pitr.sh restore --to 'YYYY-MM-DD HH:MM:SS' [--yes] [--dry-run]
#        scripts/pitr.sh prune [--keep N] [--dry-run]
#        scripts/pitr.sh --repair
#
# Point-in-time recovery: the database as it was at any second since a base backup. While it is on, PostgreSQL copies its
# write-ahead log (WAL) to the volume comic-pile_db-archive, at the latest 60 seconds after something was written. No restart.
#
#   on        starts the archive, proves that WAL arrives in it, and makes the first base backup
#   off       ends it; what is archived stays until `prune --keep 0`
#   base      another base backup, verified to its last byte; restores from it replay less WAL. Weekly is a good measure
#   status    exit code 1 when something is wrong: WAL that does not arrive, no base backup, a disk that gets full
#   list      the base backups, and the times that can be gone back to
#   restore   makes the database of that time (UTC) on a new volume, from the newest base backup before it, while the site
#             serves. Then the site closes, the new one takes the place of the present one, and the app must answer; if not,
#             the present one serves on and the exit code is 1. Its volume is kept in any case, and so is the archive:
#             another time may be tried.
#   prune     deletes base backups but the N newest (2), and the WAL that only they needed
#
#   --yes       do not ask
#   --dry-run   say what would be done, and change nothing
#   --repair    after a restore was killed or the machine lost its power: finishes or undoes what had begun. The next restore
#               or deploy.sh does the same.
#
# The archive lies on this machine, in clear text: copy it to another one (docs: Point-in-time recovery). A state that is
# older than the running release has an older schema: run scripts/deploy.sh afterwards.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/new-database.sh disable=SC1091
. scripts/new-database.sh
help_if_asked "$@"

job=${1:-} to='' keep=2 yes='' dry_run=''
[[ $# -eq 0 ]] || shift
while [[ $# -gt 0 ]]; do
  case $job:$1 in
    restore:--to) to=${2:-} && [[ -n $to ]] && shift ;;
    prune:--keep) [[ ${2:-} =~ ^[0-9]{1,3}$ ]] && number keep "$2" && shift ;;
    restore:--yes) yes=yes ;;
    restore:--dry-run | prune:--dry-run) dry_run=yes ;;
    *) misuse "unknown argument '$1'" ;;
  esac || misuse "$1 needs a value" "scripts/pitr.sh --help"
  shift
done
case $job in
  on | off | base | status | list | prune | --repair) ;;
  restore)
    # UTC only: a server, an operator and a log seldom agree on anything else.
    [[ $to =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})[T\ ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,6})?( ?(Z|UTC))?$ ]] ||
      misuse "--to takes a time in UTC, not '$to'" "scripts/pitr.sh restore --to '$(date -u +'%Y-%m-%d %H:%M:%S')'"
    # As base backups are named, so that text compares as time does.
    second=${BASH_REMATCH[1]}${BASH_REMATCH[2]}${BASH_REMATCH[3]}T${BASH_REMATCH[4]}${BASH_REMATCH[5]}${BASH_REMATCH[6]}Z
    target="${BASH_REMATCH[1]}-${BASH_REMATCH[2]}-${BASH_REMATCH[3]} ${BASH_REMATCH[4]}:${BASH_REMATCH[5]}:${BASH_REMATCH[6]}${BASH_REMATCH[7]}+00"
    [[ -n $yes || -n $dry_run || -t 0 ]] || misuse 'nobody can be asked here' "scripts/pitr.sh restore --to '$to' --yes"
    ;;
  *) misuse 'say what to do: on, off, base, status, list, restore or prune' ;;
esac
need docker
need_env

# The archive, a folder a chain: CHAIN/wal, CHAIN/base/TIME and CHAIN/image. A chain is what one database wrote from `on` to
# its end. TIME is that of the end of the base backup, the first that can be gone back to.
volume=${APP_NAME}_db-archive
# in_archive SCRIPT [ARGUMENT…]: sh in it, whether the database runs or not.
in_archive() {
  docker volume inspect "$volume" >/dev/null 2>&1 || return 0
  in_image "$(image_of db)" --mount "type=volume,source=$volume,target=/var/lib/postgresql" -- \
    sh -euc "cd /var/lib/postgresql/archive 2>/dev/null || exit 0; $1" - "${@:2}"
}

# bases: "TIME CHAIN KIB IMAGE LAST-WAL" a line, the oldest first.
BASE='^[0-9]{8}T[0-9]{6}Z [0-9]{8}T[0-9]{6}Z [0-9]{1,18} [A-Za-z0-9][A-Za-z0-9._:/@-]* [0-9T:Z-]+$'
bases() {
  # shellcheck disable=SC2016 # the container's shell expands these
  in_archive 'for base in */base/*Z; do
    [ -d "$base" ] || continue
    chain=${base%%/*}
    last=$(ls -t "$chain/wal" | head -n 1)
    echo "${base##*/} $chain $(du -sk "$base" | cut -f 1) $(cat "$chain/image") $(date -u -r "$chain/wal/$last" +%Y-%m-%dT%H:%M:%SZ)"
  done' | { LC_ALL=C grep -E "$BASE" || :; } | LC_ALL=C sort
}

# mib KIB
mib() {
  local kib
  number kib "$1" && echo "$(((kib + 1023) / 1024)) MiB"
}
# archive_size: of all of it, in KiB; 0 when there is none.
archive_size() {
  local text kib
  text=$(in_archive 'du -sk . | cut -f 1') || return 1
  number kib "${text:-0}" 'the size of the archive' && echo "$kib"
}

# ── on, off, base ────────────────────────────────────────────────────────────────────────────────────────────────────

need_chain() {
  need_db
  chain=$(chain_of_db)
  [[ -n $chain ]] || die 'point-in-time recovery is off' 'scripts/pitr.sh on'
}

switch_off() {
  compose exec -T db rm -f /var/lib/postgresql/data/pitr </dev/null
  sql postgres <<<'ALTER SYSTEM RESET archive_timeout; SELECT pg_reload_conf();' >/dev/null
}

switch_on() {
  chain=$(date -u +%Y%m%dT%H%M%SZ)
  # The link last: WAL goes where it leads.
  # shellcheck disable=SC2016 # the container's shell expands these
  compose exec -T db sh -euc 'umask 077; cd /var/lib/postgresql; mkdir -p "archive/$1/wal" "archive/$1/base"
    echo "$2" >"archive/$1/image"; sync; ln -sfn "../archive/$1/wal" data/pitr' - "$chain" "$(image_of db)" </dev/null &&
    sql postgres <<<"ALTER SYSTEM SET archive_timeout = '60s'; SELECT pg_reload_conf();" >/dev/null
}

# take_base: copied, read back and compared with its manifest, then named.
take_base() {
  local at=/var/lib/postgresql/archive/$chain/base bytes time free wanted
  bytes=$(sql postgres <<<'SELECT sum(pg_database_size(oid))::bigint FROM pg_database;')
  free=$(free_in_volume) && wanted=$(room_for "$bytes") || return 1
  [[ $free -ge $wanted ]] ||
    { say "$(mib "$free") are free for volumes, wanted are $(mib "$wanted"): scripts/pitr.sh prune, or a larger disk" && return 1; }
  compose exec -T db rm -rf "$at/.new" </dev/null || return 1
  # It leaves out the link `pitr`, and says so: a database from this copy must not write into this archive.
  compose exec -T db pg_basebackup --pgdata "$at/.new" --format plain --wal-method stream --checkpoint fast --no-password \
    --manifest-checksums SHA256 --label "$APP_NAME" --username postgres </dev/null 2> >(grep -v 'skipping special file "./pitr"' >&2) || return 1
  compose exec -T db pg_verifybackup --quiet "$at/.new" </dev/null || return 1
  time=$(sql postgres <<<"SELECT to_char((clock_timestamp() + interval '1 second') AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISS\"Z\"');") || return 1
  [[ $time =~ ^$STAMP$ ]] || return 1
  # shellcheck disable=SC2016 # the container's shell expands these
  compose exec -T db sh -euc 'sync; mv "$1/.new" "$1/$2"; sync' - "$at" "$time" </dev/null || return 1
  archive_up_to_now || return 1
  say "base backup $time, verified"
}

case $job in
  on)
    lock
    need_db
    chain=$(chain_of_db)
    [[ -z $chain ]] || { say "It is on already, since $chain." && exit 0; }
    [[ $(sql postgres <<<'SHOW archive_mode;') == on ]] ||
      die 'the running database was started without archive_mode' 'scripts/deploy.sh --allow-restart starts it anew, as docker-compose.prod.yml now has it'
    switch_on || { switch_off || :; die 'the archive cannot be made; it is off' 'read the message above'; }
    archive_up_to_now || { switch_off; die 'WAL does not arrive in the archive; it is off' 'docker compose -f docker-compose.prod.yml --env-file .env.production logs db'; }
    take_base || { switch_off; die 'no base backup; it is off' 'read the message above'; }
    audit pitr on "chain=$chain"
    say "Point-in-time recovery is on. Next: copy the volume $volume to another machine; scripts/pitr.sh base and prune every week"
    exit 0
    ;;
  off)
    lock
    need_chain
    switch_off || die 'it could not be switched off' 'read the message above'
    audit pitr off "chain=$chain"
    say 'Point-in-time recovery is off. What is archived stays; to delete it: scripts/pitr.sh prune --keep 0'
    exit 0
    ;;
  base)
    lock
    need_chain
    take_base || die 'no base backup was made; the ones before are as they were' 'read the message above'
    exit 0
    ;;
  --repair)
    need_env_app
    lock
    need curl
    finish_change
    exit 0
    ;;
esac

# ── status, list ─────────────────────────────────────────────────────────────────────────────────────────────────────

status() {
  local bad=0 archived failed text waiting since wal size free used
  need_db
  chain=$(chain_of_db)
  size=$(archive_size)
  if [[ -z $chain ]]; then
    echo "off; the archive has $(mib "$size")"
    return 0
  fi
  IFS='|' read -r archived failed since text wal < <(sql postgres <<'SQL'
SELECT coalesce(to_char(last_archived_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), 'never'),
  CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN last_failed_wal ELSE '' END,
  coalesce(to_char(last_failed_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), ''),
  (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'), (SELECT sum(size)::bigint / 1024 FROM pg_ls_waldir())
FROM pg_stat_archiver;
SQL
  )
  free=$(free_in_volume)
  number waiting "$text" 'how many segments wait'
  number used "$(compose exec -T db df -Pk /var/lib/postgresql/data </dev/null | awk 'END { print $5 + 0 }')" 'how full the disk is'
  plain "on, since $chain"
  plain "last WAL archived at $archived UTC; $waiting waiting; pg_wal has $(mib "$wal")"
  echo "the archive has $(mib "$size"); $(mib "$free") are free on its disk"
  [[ -n $(bases | awk -v chain="$chain" '$2 == chain') ]] || { echo 'FAIL  there is no base backup: scripts/pitr.sh base' && bad=1; }
  [[ -z $failed ]] || { plain "FAIL  $failed could not be archived, at $since UTC: docker compose logs db; until it can, pg_wal grows" && bad=1; }
  [[ $waiting -lt 10 ]] || { echo "FAIL  $waiting segments wait for the archive" && bad=1; }
  [[ $used -lt 90 ]] || { echo "FAIL  the disk is full to $used %: scripts/pitr.sh prune, or off, or a larger disk" && bad=1; }
  return "$bad"
}

case $job in
  status)
    status
    exit
    ;;
  list)
    bases | awk '{ printf "%s  until %s  %d MiB  %s\n", $1, $5, ($3 + 1023) / 1024, $4 }' | printable
    exit 0
    ;;
esac

# ── prune ────────────────────────────────────────────────────────────────────────────────────────────────────────────

if [[ $job == prune ]]; then
  lock
  chain=''
  ! running db || chain=$(chain_of_db)
  [[ $keep -gt 0 || -z $chain ]] || die 'while it is on, one base backup must stay' 'scripts/pitr.sh off'
  mapfile -t found < <(bases)
  for ((which = 0; which < ${#found[@]} - keep; which++)); do
    read -r time folder size _ <<<"${found[which]}"
    if [[ -n $dry_run ]]; then
      say "would delete the base backup $time, $(mib "$size"), and the WAL that only it needed"
      continue
    fi
    # shellcheck disable=SC2016 # the container's shell expands these
    in_archive 'rm -rf "$1/base/$2"' "$folder" "$time"
    say "deleted the base backup $time, $(mib "$size")"
  done
  [[ -z $dry_run ]] || exit 0
  # The oldest base backup of a chain says with which WAL it begins. A chain that has none any more, and is not written to, goes.
  # shellcheck disable=SC2016 # the container's shell expands these
  in_archive 'for chain in *Z; do
    [ -d "$chain" ] || continue
    oldest=$(ls "$chain/base" | sort | head -n 1)
    if [ -n "$oldest" ]; then
      rm -f "$chain"/wal/*.backup.gz
      pg_archivecleanup -x .gz "$chain/wal" "$(sed -n "s/^START WAL LOCATION: .*(file \([0-9A-F]*\)).*/\1/p" "$chain/base/$oldest/backup_label")"
    elif [ "$chain" != "$1" ]; then
      rm -rf "$chain"
    fi
  done' "${chain:-none}" || die 'the WAL could not be deleted' 'read the message above'
  say "the archive has $(mib "$(archive_size)")"
  exit 0
fi

# ── restore ──────────────────────────────────────────────────────────────────────────────────────────────────────────

need_env_app
lock
need curl openssl
if [[ -z $dry_run ]]; then finish_change; fi
[[ ! $second > $(date -u +%Y%m%dT%H%M%SZ) ]] || die "$to UTC is yet to come" "it is now $(date -u +'%Y-%m-%d %H:%M:%S')"
base=$(bases | SECOND=$second awk '$1 "" <= ENVIRON["SECOND"] ""' | tail -n 1)
[[ -n $base ]] || die "no base backup is as old as $to UTC; nothing was changed" 'scripts/pitr.sh list; older states are in the dumps: ls backups/*.dump'
read -r time folder size image _ <<<"$base"
number kib "$size" 'the size of the base backup'
docker image inspect "$image" >/dev/null 2>&1 || [[ -n $dry_run ]] || docker pull --quiet "$image" >&2 ||
  die "$image, of which the base backup is, can be neither found nor pulled; nothing was changed" 'docker login'
live='' chain=''
if running db && wait_healthy db 30; then live=yes chain=$(chain_of_db); fi
say "from the base backup $time, of $image, to $to UTC"
if [[ -n $live ]]; then
  free=$(free_in_volume)
  wanted=$(room_for $((kib * 1024)))
  [[ $free -ge $wanted ]] || die "$(mib "$free") are free for volumes, wanted are $(mib "$wanted")" 'docker volume ls, a larger disk'
else
  say 'The database does not run: what it had not archived yet cannot be gone back to.'
fi
if [[ -n $dry_run ]]; then
  say "would replay the WAL of $folder on a new volume, and compare the rows with those that are there now"
  say "would close the site, put the new database in the place of the one in $(volume_of_db), and keep that"
  exit 0
fi
if [[ -z $yes ]]; then
  read -r -p "Put the database $DATABASE back to $to UTC? What was written since is in the kept volume only. Type its name to go on: " answer
  [[ $answer == "$DATABASE" ]] || die 'not confirmed; nothing was changed'
fi
if [[ -n $chain ]]; then archive_up_to_now || die 'the last WAL does not arrive in the archive; nothing was changed' 'scripts/pitr.sh status'; fi

# copy_base: and what recovery needs to know. It follows the history that the base backup belongs to, no other.
copy_base() {
  # shellcheck disable=SC2016 # the container's shell expands these
  in_image "$image" --mount "type=volume,source=$volume,target=/var/lib/postgresql,readonly" \
    --mount "type=volume,source=$new_volume,target=/var/lib/postgresql/data" -- sh -euc 'umask 077
    cd /var/lib/postgresql
    cp -a "archive/$1/base/$2/." data/
    chmod 0700 data
    {
      echo "restore_command = '\''test -f ../archive/$1/wal/%f.gz && gzip -dc ../archive/$1/wal/%f.gz >%p'\''"
      echo "recovery_target_time = '\''$3'\''"
      echo "recovery_target_timeline = '\''current'\''"
      echo "recovery_target_action = '\''promote'\''"
    } >>data/postgresql.auto.conf
    : >data/recovery.signal
    sync' - "$folder" "$time" "$target"
}

# recovered: it has replayed all up to the target. One that cannot ends, and Docker starts it again: that is a no.
recovered() {
  local id
  while :; do
    id=$(next ps --all --quiet db)
    [[ $(docker inspect --format '{{.State.Status}} {{.RestartCount}}' "$id") == 'running 0' ]] || return 1
    [[ $(ask next postgres <<<'SELECT pg_is_in_recovery();' 2>/dev/null) != f ]] || return 0
    sleep 1
  done
}

# give_passwords: the roles had those of that time; a rotation since then must not lock the app out.
give_passwords() {
  {
    printf '%s\n' '\set VERBOSITY terse' "SET log_statement = 'none'; SET log_min_error_statement = 'panic';" \
      "SET log_min_duration_statement = -1; SET password_encryption TO 'scram-sha-256';"
    printf "ALTER ROLE postgres PASSWORD '%s';\n" "$(secret_get POSTGRES_PASSWORD)"
    printf "ALTER ROLE \"comicpile\" PASSWORD '%s';\n" "$(secret_get DB_PASSWORD)"
    printf "ALTER ROLE \"comicpile_owner\" PASSWORD '%s';\n" "$(secret_get DB_OWNER_PASSWORD)"
  } | ask next postgres
}

begin_change pitr "$image"
step=copy
say "copying $(mib "$kib") to the volume $new_volume"
copy_base || die 'the base backup cannot be copied' 'read the message above'
step=replay
said=$(next_up 2>&1) || { say "$said" && die 'the second database does not start' 'read the message above'; }
if ! recovered; then
  next logs --no-color --tail 40 db 2>&1 | grep -E 'FATAL|ERROR|PANIC|HINT|DETAIL|recover|restored' >&2 || next logs --no-color --tail 20 db >&2
  die "$to UTC cannot be reached: WAL is missing or damaged, or nothing was written after that time" 'scripts/pitr.sh list shows how far the archive goes; take an earlier time'
fi
ask next postgres <<'SQL'
ALTER SYSTEM RESET restore_command;
ALTER SYSTEM RESET recovery_target_time;
ALTER SYSTEM RESET recovery_target_timeline;
ALTER SYSTEM RESET recovery_target_action;
SQL
give_passwords || die 'the roles cannot be given their present passwords'
# Their rights and settings were those of that time, too.
ask next postgres --set here="$DATABASE" <db/init/20-rights.sql >&2 || die 'the roles cannot be given their rights'
step=compare
restored=$(contents next) || die 'the restored database does not answer'
present=''
[[ -z $live ]] || present=$(contents compose) || present=''
say "$(printf '%-44s %12s %12s' table restored 'present now')"
say "$(LC_ALL=C awk 'match($0, /^rows .* [0-9]+$/) {
    text = substr($0, 6); name = text; sub(/ [0-9]+$/, "", name); number = substr(text, length(name) + 2)
    if (!(name in seen)) { seen[name]; order[++n] = name }
    count[name, FNR == NR] = number
  }
  END { for (i = 1; i <= n; i++) printf "%-44s %12s %12s\n", order[i],
    (order[i], 1) in count ? count[order[i], 1] : "-", (order[i], 0) in count ? count[order[i], 0] : "-" }' \
  <(printf '%s\n' "$restored") <(printf '%s\n' "${present:-(none)}"))"

close_site
change_over
end_change
[[ -n $(chain_of_db) ]] || say 'WARNING: point-in-time recovery is off for this database: scripts/pitr.sh on'
say "The database is as it was at $to UTC."
