#!/usr/bin/env bash
# Usage: scripts/upgrade-postgres.sh IMAGE [--yes] [--dry-run]
#        scripts/upgrade-postgres.sh --check
#        scripts/upgrade-postgres.sh --repair
#
# Takes the database to a newer major version of PostgreSQL, such as postgres:18-alpine. A database of that version is made
# on a new volume while the site serves; then the site closes (scripts/maintenance.sh), a last verified dump is restored
# there, and rows, sequences, owners, privileges and roles are compared. Only then it takes the place of the former one, the
# app starts, and must answer through nginx. If any of it fails, the former database serves again and the exit code is 1.
# The former volume is never written to and is kept; its name is printed. audit.log says when, what and by whom.
#
#   --yes       do not ask
#   --dry-run   look whether everything is in order, say what would be done, and change nothing
#   --check     exit code 1 when the image of the service db is of another major version than its volume: it would not start
#   --repair    after this script was killed or the machine lost its power: finishes or undoes what had begun. Running this
#               script again, or deploy.sh, does the same.
#
# Hooks: ops/hooks/pre-upgrade (before the site closes; stops the upgrade if it fails) and post-upgrade, with FROM_IMAGE and
# TO_IMAGE in their environment.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/new-database.sh disable=SC1091
. scripts/new-database.sh
help_if_asked "$@"

image='' yes='' dry_run='' job=upgrade
for argument; do
  case $argument in
    --yes) yes=yes ;;
    --dry-run) dry_run=yes ;;
    --check | --repair) job=${argument#--} ;;
    -*) misuse "unknown argument '$argument'" ;;
    *) [[ -z $image ]] || misuse 'one IMAGE at a time' && image=$argument ;;
  esac
done
if [[ $job == upgrade ]]; then
  [[ $image =~ ^[A-Za-z0-9][A-Za-z0-9._:/@-]*$ ]] || misuse "which IMAGE? '$image' is none" 'scripts/upgrade-postgres.sh postgres:18-alpine'
  [[ -n $yes || -n $dry_run || -t 0 ]] || misuse 'nobody can be asked here' "scripts/upgrade-postgres.sh $image --yes"
elif [[ -n $image$yes$dry_run ]]; then
  misuse "--$job stands alone" "scripts/upgrade-postgres.sh --$job"
fi
need docker
need_env

if [[ $job == check ]]; then
  # 3: it could not be looked at, which is another thing than a finding.
  major_findings
  exit 0
fi

need_env_app
lock
need curl
if [[ -z $dry_run ]]; then finish_change; fi
[[ $job != repair ]] || exit 0

# ── is everything in order? All that is not, at once ─────────────────────────────────────────────────────────────────

problems=0
problem() {
  problems=$((problems + 1))
  say "  FAIL  $1"
  say "        next: $2"
}

need_db
# What a killed run had got as far as this was finished above.
if [[ $(image_of db) == "$image" ]]; then say "$image serves already, in $(volume_of_db)" && exit 0; fi
present=0 bytes=0
number present "$(sql postgres <<<"SELECT current_setting('server_version_num')::int / 10000;")" 'the major version of the database'
number bytes "$(sql postgres <<<"SELECT pg_database_size('$DATABASE');")" 'the size of the database'
major='' here=yes

say 'Is everything in order?'
docker image inspect "$image" >/dev/null 2>&1 || here=''
if [[ -z $here && -z $dry_run ]]; then
  if docker pull --quiet "$image" >&2; then here=yes; else problem "$image can be neither found nor pulled" 'read the message above; docker login'; fi
elif [[ -z $here ]]; then
  docker manifest inspect "$image" >/dev/null 2>&1 || problem "$image is not here, and its registry does not tell of it" "docker pull $image"
fi
if [[ -n $here ]]; then
  offered=$(major_of "$image") || :
  if ! number major "$offered" "the major version of $image"; then
    major=''
    problem "$image does not tell which PostgreSQL it has" "docker run --rm --entrypoint postgres $image --version"
  elif [[ $major -le $present ]]; then
    problem "$image is PostgreSQL $major, and $present runs" 'for a newer image of the same major: docker compose pull; backwards: the former volume'
  elif [[ $(in_image "$image" -- id -un 2>/dev/null) != postgres ]]; then
    problem "in $image the user 70, as which the service db runs, is not postgres" 'take an -alpine image'
  fi
fi
free=$(free_in_volume)
wanted=$(room_for "$bytes")
[[ $free -ge $wanted ]] ||
  problem "$((free / 1024)) MiB are free for volumes, wanted are $((wanted / 1024)) for a second copy" 'docker volume ls, a larger disk'
free=$(free_kib .)
[[ $free -ge $((bytes / 1024)) ]] ||
  problem "$((free / 1024)) MiB are free here, wanted are up to $((bytes / 1024 / 1024)) for the dump" 'a larger disk, or fewer backups: scripts/backup.sh --keep-last N'
! rotation_interrupted || problem 'a rotation was interrupted' 'scripts/rotate-secrets.sh --repair'
! running app || wait_healthy app 30 || problem 'the app is not healthy, so nothing could prove the upgrade' 'mend it or stop it first'
hangs=$(sql postgres <<'SQL'
SELECT 'replication slot ' || slot_name FROM pg_replication_slots WHERE NOT temporary
UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts
UNION ALL SELECT 'subscription ' || subname FROM pg_subscription;
SQL
)
[[ -z $hangs ]] || problem "a dump does not take these along: ${hangs//$'\n'/, }" 'end them first'
others=$(sql postgres <<<"SELECT datname FROM pg_database WHERE datname NOT IN ('$DATABASE', 'postgres', 'template0', 'template1');")
[[ -z $others ]] || say "  note  only $DATABASE goes along, in the former volume stay: ${others//$'\n'/ }"
[[ -n $(env_get DB_CHANGE) ]] && say '  note  an interrupted change would be finished first'
[[ $problems -eq 0 ]] || die "not in order: $problems, see above; nothing was changed"
say "  ok    $(image_of db) is PostgreSQL $present, $image is ${major:-not here yet}; $((bytes / 1024 / 1024)) MiB of data"

if [[ -n $dry_run ]]; then
  say "would make a database of $image on a new volume, and take over the roles"
  say "would close the site, dump $DATABASE, restore and compare it there, and start the app on it"
  say "would keep the volume $(volume_of_db)"
  exit 0
fi
if [[ -z $yes ]]; then
  read -r -p "Upgrade $DATABASE from PostgreSQL $present to $major? The site is closed meanwhile. Type its name to go on: " answer
  [[ $answer == "$DATABASE" ]] || die 'not confirmed; nothing was changed'
fi
run_hook pre-upgrade "FROM_IMAGE=$(image_of db)" "TO_IMAGE=$image" || die 'ops/hooks/pre-upgrade stopped the upgrade; nothing was changed'

# ── a new database, while the site serves ────────────────────────────────────────────────────────────────────────────

# take_roles: as they are, with their passwords, settings and memberships; through a pipe, and kept out of the server's log.
# What db/init made before them gets the same attributes.
take_roles() {
  local made
  made=$(ask next postgres <<<"SELECT 'CREATE ROLE ' || quote_ident(rolname) || ';' FROM pg_roles;") || return 1
  {
    printf '%s\n' '\set VERBOSITY terse' "SET log_statement = 'none'; SET log_min_error_statement = 'panic';" 'SET log_min_duration_statement = -1;'
    compose exec -T db pg_dumpall --roles-only --username postgres </dev/null | grep -vxFf <(printf '%s\n' "$made")
  } | ask next postgres >/dev/null
}

# missing_extensions: what the database uses and the new image has not; a dump only names them.
missing_extensions() {
  comm -23 <(sql "$DATABASE" <<<'SELECT extname FROM pg_extension;' | LC_ALL=C sort) \
    <(ask next postgres <<<'SELECT name FROM pg_available_extensions;' | LC_ALL=C sort)
}

# As the new database gets it, whose roles and grants are compared with those of the former one.
database_rights || die 'the rights of the roles cannot be set; nothing was changed' 'read the message above'
begin_change upgrade "$image"
step=create
say "making a database of $image on the volume $new_volume"
start_next || die 'the new database does not start; the site was not touched' 'read its lines above'
missing=$(missing_extensions)
[[ -z $missing ]] || die "$image lacks the extensions ${missing//$'\n'/, }; the site was not touched" 'take an image that has them'
take_roles || die 'the roles could not be taken over; the site was not touched' 'read the messages above'

# ── the site is closed ───────────────────────────────────────────────────────────────────────────────────────────────

close_site
step=backup
dump=$(scripts/backup.sh --no-prune --local) || die 'no dump, so no upgrade' 'read the message above'
before=$(contents compose) || die 'the rows of the former database cannot be counted'
step=restore
# content: the dump, or what is in it where it is encrypted, as the key is not on this machine.
content() {
  case $dump in
    *.dump) cat "$dump" ;;
    *) compose exec -T db pg_dump --format custom --username postgres --dbname "$DATABASE" </dev/null ;;
  esac
}
# With its properties: owner, privileges and settings of the database itself come along too.
content | next exec -T db pg_restore --create --clean --if-exists --exit-on-error --username postgres --dbname postgres ||
  die 'pg_restore failed' "read its message above; the dump is $dump"
step=compare
after=$(contents next) || die 'the rows of the new database cannot be counted'
if [[ $before != "$after" ]]; then
  say 'what differs (< before, > after):'
  diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") | printable >&2 || :
  die 'the new database differs from the former one'
fi
say "the same in both: $(grep -c '^rows ' <<<"$before") tables with $(awk '$1 == "rows" { sum += $NF } END { print sum + 0 }' <<<"$before") rows, $(grep -c '^sequence ' <<<"$before") sequences, owners, privileges, roles"
# Without statistics the planner guesses, and the first visitors wait.
ask next "$DATABASE" <<<'ANALYZE;' || die 'ANALYZE failed'
# A dump leaves out some of it: the rights on languages that PostgreSQL itself brings.
ask next postgres --set here="$DATABASE" <"$(rights_file)" >&2 || die 'the roles cannot be given their rights' 'read the message above'
change_over
[[ $(sql postgres <<<"SELECT current_setting('server_version_num')::int / 10000;") == "$major" ]] || die "the database that serves is not PostgreSQL $major"
end_change
run_hook post-upgrade "FROM_IMAGE=$former_image" "TO_IMAGE=$image" || say 'ops/hooks/post-upgrade failed; the upgrade itself is done'
say "PostgreSQL $major serves, in $new_volume. Its dump: $dump"
