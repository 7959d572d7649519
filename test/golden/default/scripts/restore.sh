#!/usr/bin/env bash
# Usage: scripts/restore.sh FILE [--yes] [--without-backup] [--identity KEY] [--unsigned] [--dry-run]
#        scripts/restore.sh --test [FILE] [--identity KEY] [--unsigned]
#        scripts/restore.sh --list
#        scripts/restore.sh --drop-former NAME [--yes]
#
# Puts the database back to a dump of scripts/backup.sh. Its tag and its checksum come first; then FILE is restored in one transaction
# into a new database; only when that has worked and its rows are as many as the manifest says does the app stop, and the two
# databases swap their names. A bad dump therefore changes nothing. The former database stays as
# comic_pile_before_<time> until you drop it. If the app is not healthy on the restored database, the names are swapped back.
#
#   --test             a drill: restore into a scratch database, compare the rows of each table, drop it again. Without FILE
#                      the newest dump. backups/status gets the result, and scripts/backup.sh --status fails without one.
#   --list             the dumps, newest first, and whether they verify; the former databases that are kept
#   --drop-former NAME drop one of these
#   --identity KEY     the file with the private key for a .dump.age (or BACKUP_AGE_IDENTITY in .env.production)
#   --unsigned         take a set that has no tag by the key of this host (secrets/backup_key): one that was made before there was
#                      a key, or on another host. What is in a dump is run as the superuser: know where it comes from
#   --yes              do not ask
#   --without-backup   no dump of the present state first (a damaged database cannot be dumped; it is kept in any case)
#   --without-room     do not look whether the disk has room for a second database
#   --dry-run          verify FILE, say what would be done, and change nothing
#
# Roles that FILE needs and the server has not are made from its .globals.sql, without a password.
# A dump that is older than the running release has an older schema: run scripts/deploy.sh afterwards.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/backup-sets.sh disable=SC1091
. scripts/backup-sets.sh
help_if_asked "$@"

job=restore file='' former='' yes='' backup=yes room=yes identity='' dry_run='' unsigned=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --test) job=drill ;;
    --list) job=list ;;
    --drop-former)
      [[ ${2:-} =~ ^${DATABASE}_before_[0-9]{14}$ ]] || misuse "--drop-former takes a name like ${DATABASE}_before_20260101000000, not '${2:-}'" 'scripts/restore.sh --list'
      job=drop former=$2
      shift
      ;;
    --identity)
      [[ -n ${2:-} ]] || misuse '--identity takes the file with the private key'
      identity=$2
      shift
      ;;
    --yes) yes=yes ;;
    --without-backup) backup='' ;;
    --without-room) room='' ;;
    --unsigned) unsigned=--unsigned ;;
    --dry-run) dry_run=yes ;;
    -*) misuse "unknown argument '$1'" ;;
    *) [[ -z $file ]] || misuse 'one FILE at a time' && file=$1 ;;
  esac
  shift
done
[[ $job == restore || $job == drill || -z $file ]] || misuse "--$job takes no FILE"
[[ $job != restore || -n $file ]] || misuse 'which FILE?' 'scripts/restore.sh --list'
[[ -n $yes || -n $dry_run || $job == drill || $job == list || -t 0 ]] || die 'nobody can be asked here' 'the same with --yes'

# ask DATABASE [psql options]: sql of lib.sh, without Compose.
ask() { in_db psql -XqAt --set ON_ERROR_STOP=1 --username postgres --dbname "$@"; }
formers() { ask postgres <<<"SELECT datname FROM pg_database WHERE datname ~ '^${DATABASE}_before_[0-9]{14}\$' ORDER BY 1 DESC;"; }

if [[ $job == list ]]; then
  for dump in $(dumps); do
    verdict='does NOT verify'
    if dump_verified "$dump"; then
      verdict=verified
      authentic "$dump" || verdict='verified, NOT signed by this host'
    fi
    manifest=$(beside "$dump" manifest) manifest_release='' manifest_revisions=()
    [[ ! -f $manifest ]] || read_manifest "$manifest" || :
    what="release=${manifest_release//\"/}  revision=${manifest_revisions[*]//\"/}"
    plain "$dump  $(size_of "$dump") bytes  $what  $verdict"
  done
  need_db
  for name in $(formers); do plain "database $name, kept by a restore; scripts/restore.sh --drop-former $name"; done
  exit 0
fi

[[ $job != restore ]] || need_env_app
lock
need_env
# What is free on the disk of the database, only its own container sees.
! beside_db || room=''

# confirm QUESTION NAME
confirm() {
  local answer
  [[ -z $yes ]] || return 0
  read -r -p "$1 Type its name to go on: " answer
  [[ $answer == "$2" ]] || die 'not confirmed; nothing was changed'
}

if [[ $job == drop ]]; then
  need_db
  [[ $'\n'$(formers)$'\n' == *$'\n'"$former"$'\n'* ]] || die "there is no database $former" 'scripts/restore.sh --list'
  [[ -z $dry_run ]] || { say "would drop the database $former" && exit 0; }
  confirm "Drop the database $former for good?" "$former"
  ask postgres <<<"DROP DATABASE \"$former\" WITH (FORCE);"
  audit restore dropped "database=$former"
  say "dropped $former"
  exit 0
fi

# ── what must hold before anything is done ───────────────────────────────────────────────────────────────────────────

step=verify new='' stopped='' new_roles=() size=0 free=0
drop_new() { ask postgres <<<"DROP DATABASE IF EXISTS \"$new\" WITH (FORCE);"; }
# Whatever ended this: nothing of a drill stays, and nothing of a restore that did not get to the swap.
undo() {
  local code=$? role
  trap - EXIT
  if [[ -n $new ]]; then
    drop_new >/dev/null 2>&1 || say "the database $new may be left over; the next restore drops it"
    for role in ${new_roles[@]+"${new_roles[@]}"}; do ask postgres <<<"DROP ROLE IF EXISTS $role;" >&2 || say "the role $role is left over"; done
  fi
  [[ -z $stopped ]] || start_app || say 'the app does not start again: scripts/rollback.sh list'
  if [[ $code -ne 0 && -z $dry_run ]]; then
    # Nobody looks at a drill; a restore has somebody before it.
    if [[ $job == drill ]]; then alarm drill "$step"; else audit restore failed "step=$step" "file=$file"; fi
  fi
  sweep
  exit "$code"
}
trap undo EXIT

unchanged="the database $DATABASE is unchanged"
another='take another dump: scripts/restore.sh --list'
if [[ -z $file ]]; then
  file=$(dumps | head -n 1)
  [[ -n $file ]] || die 'there is no dump to try' 'scripts/backup.sh'
fi
[[ -f $file && -r $file ]] || die "cannot read $file" 'scripts/restore.sh --list'
[[ -f $(beside "$file" sha256) ]] || die "$(beside "$file" sha256) is missing, so nothing proves that the dump is whole" \
  "only if you trust it: (cd $(dirname "$file") && sha256sum ${file##*/} >${file##*/}.sha256)"
need_authentic "$file" "$unchanged" "$unsigned"
# It reads all of the file; meanwhile the engine is asked, and nothing is done before both are well.
dump_verified "$file" &
verifier=$!
if [[ $file == *.age ]]; then
  identity=${identity:-$(env_get BACKUP_AGE_IDENTITY)}
  [[ -n $identity ]] || die "$file is encrypted; $unchanged" 'the same with --identity FILE, or BACKUP_AGE_IDENTITY=FILE in .env.production; or where the key is'
  [[ -r $identity ]] || die "cannot read the key $identity; $unchanged" 'a file with AGE-SECRET-KEY-… or an ssh key'
  need age
fi
need_db
[[ $job != drill ]] || need_database_names
# What the server has: room, in KiB; what a killed restore has left; the names of its roles, quoted as SQL wants them.
facts=$(ask postgres --field-separator ' ' <<SQL
\\! df -Pk "\$PGDATA" | awk 'END { print "free", \$4 }'
SELECT 'left', datname FROM pg_database WHERE datname ~ '^${DATABASE}_restore_[0-9]{14}\$';
-- No role of such a name is made anew, and none of its lines is taken for another fact.
SELECT 'role', quote_ident(rolname) FROM pg_roles WHERE rolname !~ '[[:cntrl:]]';
SQL
) || die "the database refuses; $unchanged" 'read its message above'
fact() { sed -n "s/^$1 //p" <<<"$facts"; }
# For the table before the question; a damaged database may not tell.
rows() { rows_sql | ask "$1" | LC_ALL=C sort; }
now_there=$(mktemp)
litter+=("$now_there")
if [[ $job == restore && -z $dry_run ]]; then rows "$DATABASE" >"$now_there" & fi
counter=${!:-}
wait "$verifier" || die "$file does not fit its sha256; $unchanged" "$another"

manifest=$(beside "$file" manifest)
globals=$(beside "$file" globals.sql)
manifest_size=0
if [[ ! -f $manifest ]]; then
  manifest=''
elif ! read_manifest "$manifest"; then
  say "note: $manifest is not used; the rows are counted in the dump itself"
  manifest='' manifest_size=0
fi
number size "$manifest_size"
if [[ -n $room ]]; then
  # A database whose disk is full stops. Its log of the restore comes on top, up to a gibibyte.
  number free "$(fact free)" 'the free space of the database'
  needs=$((size * 6 / 5 / 1024 + (size < 1073741824 ? size : 1073741824) / 1024))
  [[ $free -ge $needs ]] || die "a second database needs $((needs / 1024)) MiB, $((free / 1024)) are free; $unchanged" \
    'make room; --without-room does not look'
fi
if [[ -n $dry_run ]]; then
  say "$file verifies; would restore it into a new database$(if [[ $job == restore ]]; then echo ", dump the present one, and swap the two"; fi)"
  exit 0
fi

# ── into a new database ──────────────────────────────────────────────────────────────────────────────────────────────

archive() { if [[ $file == *.age ]]; then age --decrypt --identity "$identity" "$file"; else cat "$file"; fi; }

# rows_in_dump: as its manifest has them; without one, counted in the dump itself.
rows_in_dump() {
  if [[ -n $manifest ]]; then
    printf '%s\n' "$manifest_rows"
  else
    archive | in_db pg_restore --data-only --file - | LC_ALL=C awk '
      function json(text,  i, c, out) {
        for (i = 1; i <= length(text); i++) { c = substr(text, i, 1); out = out (c == "\\" || c == "\"" ? "\\" : "") c }
        return out
      }
      inside && $0 == "\\." { print "{\"table\": \"" table "\", \"rows\": " count "}"; inside = 0; next }
      inside { count++; next }
      /^COPY .* FROM stdin;$/ {
        table = $0; sub(/^COPY /, "", table); sub(/ (\(.*\))? *FROM stdin;$/, "", table)
        table = json(table); count = 0; inside = 1
      }'
  fi | LC_ALL=C sort
}

ROLE='^([a-z_][a-z0-9_$]*|"([^"]|"")+")$'
# make_roles: those of .globals.sql that the server does not know; new_roles has their names.
make_roles() {
  local here role
  [[ -f $globals ]] || return 0
  here=$'\n'$(fact role)$'\n'
  while IFS= read -r role; do
    role=${role#CREATE ROLE }
    role=${role%;}
    # The dump says it as SQL does; what is no name is left out.
    [[ $role =~ $ROLE ]] || { say "this is no role, and is not made: $role" && continue; }
    [[ $here != *$'\n'"$role"$'\n'* ]] || continue
    say "the role $role is missing here; it is made without a password"
    new_roles+=("$role")
    NAME=$role awk '$0 == "CREATE ROLE " ENVIRON["NAME"] ";" || index($0, "ALTER ROLE " ENVIRON["NAME"] " WITH ") == 1' "$globals" | ask postgres || return 1
  done < <(grep '^CREATE ROLE ' "$globals")
  for role in ${new_roles[@]+"${new_roles[@]}"}; do
    NAME=$role awk '/^GRANT / && (index($0, "GRANT " ENVIRON["NAME"] " TO ") == 1 || index($0, " TO " ENVIRON["NAME"] " "))' "$globals" | ask postgres || return 1
  done
}

# recorded_extensions: those of .globals.sql that no superuser owned: NAME SCHEMA ROLE, as SQL writes names.
recorded_extensions() {
  [[ ! -f $globals ]] ||
    LC_ALL=C sed -nE 's/^-- extension ([a-z0-9_]+|"[A-Za-z0-9_-]+") in ([a-z0-9_]+|"[A-Za-z0-9_-]+") of ([a-z0-9_]+|"[A-Za-z0-9_-]+")$/\1 \2 \3/p' "$globals"
}
# own_extensions: made by the role that owned them, before the dump makes them as the superuser's; PostgreSQL cannot change the owner of
# one later. Other schemas are not there yet. Where that role may not make it, foreign_extensions says so.
own_extensions() {
  local name schema role
  while read -r name schema role; do
    [[ $schema != public ]] || ask "$new" <<<"SET ROLE $role; CREATE EXTENSION IF NOT EXISTS $name SCHEMA public;" 2>/dev/null || :
  done < <(recorded_extensions)
}
foreign_extensions() {
  local name role owner
  while read -r name _ role; do
    owner=$(ask "$new" <<<"SELECT quote_ident(rolname) FROM pg_extension e JOIN pg_roles r ON r.oid = e.extowner WHERE quote_ident(extname) = \$\$$name\$\$;")
    [[ $owner == "$role" ]] || say "note: the extension $name belonged to $role, and now to ${owner:-nobody}: a migration of $role cannot change it; DROP and CREATE it as $role, or leave that to the superuser"
  done < <(recorded_extensions)
}

step=restore
for name in $(fact left); do
  [[ $name =~ ^${DATABASE}_restore_[0-9]{14}$ ]] || continue
  ask postgres <<<"DROP DATABASE \"$name\" WITH (FORCE);"
  say "dropped $name, which an interrupted restore had left"
done
stamp=$(date -u +%Y%m%d%H%M%S)
new=${DATABASE}_restore_$stamp
former=${DATABASE}_before_$stamp
say "restoring $file into the new database $new"
make_roles || die "the roles that are missing could not be made; $unchanged" 'read the message above'
ask postgres <<SQL
CREATE DATABASE "$new" OWNER "comicpile_owner" TEMPLATE template0;
REVOKE ALL ON DATABASE "$new" FROM PUBLIC;
SQL
# As the superuser, so that every object gets the owner and the privileges that it has in the dump. The container has one CPU:
# indexes are built by one process, with more memory.
settings='-c max_parallel_maintenance_workers=0 -c maintenance_work_mem=128MB'
own_extensions || die "the extensions cannot be made; $unchanged" 'read the message above'
log=$(mktemp)
litter+=("$log")
if ! archive | in_db env "PGOPTIONS=$settings" \
  pg_restore --exit-on-error --single-transaction --no-tablespaces --username postgres --dbname "$new" 2> >(tee -- "$log" >&2); then
  # The last of its words may still be on their way into the file.
  sleep 0.5
  why_unrestorable "$log"
  die "pg_restore failed, $why; $unchanged" "$remedy"
fi
! grep -q '^CREATE TABLESPACE ' "$globals" 2>/dev/null || say 'note: the server had tablespaces of its own; all tables are restored into the usual one'
foreign_extensions

step=compare
in_dump=$(rows_in_dump)
restored=$(rows "$new")
present=''
if [[ $job == restore ]] && wait "$counter"; then present=$(<"$now_there"); fi
say "$(printf '%-44s %12s %12s %12s' table 'in the dump' restored 'present now')"
say "$(LC_ALL=C awk '
  FNR == 1 { which++ }
  match($0, /", "rows": [0-9]+}$/) {
    name = substr($0, 12, RSTART - 12)
    if (!(name in seen)) { seen[name]; order[++n] = name }
    count[name, which] = substr($0, RSTART + 11, RLENGTH - 12)
  }
  END { for (i = 1; i <= n; i++) printf "%-44s %12s %12s %12s\n", order[i],
    (order[i], 1) in count ? count[order[i], 1] : "-", (order[i], 2) in count ? count[order[i], 2] : "-",
    (order[i], 3) in count ? count[order[i], 3] : "-" }' \
  <(printf '%s\n' "${in_dump:-(none)}") <(printf '%s\n' "${restored:-(none)}") <(printf '%s\n' "${present:-(none)}"))"
[[ $in_dump == "$restored" ]] || die "the restored rows differ from the dump; $unchanged" "$another"

# restore_settings: last of all, as they hold for the superuser too. What is set on our own roles, 20-rights.sql says.
restore_settings() {
  local settings
  { settings=$(settings_in archive "$DATABASE" "$new") && ask postgres <<<"$settings" >/dev/null; } ||
    die "the settings of the database cannot be restored; $unchanged" 'read the message above; a role that they name may be missing: CREATE ROLE'
}

if [[ $job == drill ]]; then
  step=settings
  restore_settings
  step=record
  say "$file restores: every table has as many rows as the dump. The scratch database is dropped, $DATABASE is untouched."
  note drill ok "$file"
  audit drill ok "file=$file"
  exit 0
fi

# ── the swap ─────────────────────────────────────────────────────────────────────────────────────────────────────────

confirm "Replace the database $DATABASE with $file?" "$DATABASE"
# Without pruning: it could delete the very dump that is being restored.
step=backup
if [[ -n $backup ]]; then
  scripts/backup.sh --no-prune --local >/dev/null || die 'the present state could not be dumped; nothing was changed' \
    "scripts/restore.sh $file --without-backup (the former database is kept in any case)"
fi

# swap FROM TO: in one transaction, there is no moment without a database. Other sessions would block a rename.
swap() {
  ask postgres <<SQL
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN ('$DATABASE', '$1');
BEGIN;
ALTER DATABASE "$DATABASE" RENAME TO "$2";
ALTER DATABASE "$1" RENAME TO "$DATABASE";
COMMIT;
SQL
}

start_app() {
  [[ -n $was_running ]] || return 0
  compose up -d --wait --wait-timeout 180 --no-deps app >&2 && answers_as_before
}

step=swap
was_running=''
[[ -z $(containers_of app) ]] || was_running=yes
# The planner knows nothing of a database that was just filled: a tenth of the usual statistics for the start, autovacuum
# brings the rest within minutes. And who may connect to the present one may to this.
ask "$new" <<SQL
SET default_statistics_target = 10;
ANALYZE;
SELECT format('GRANT %s ON DATABASE %I TO %I', a.privilege_type, '$new', r.rolname)
FROM pg_database d, aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE d.datname = '$DATABASE' AND a.grantee <> d.datdba \gexec
GRANT CONNECT ON DATABASE "$new" TO "comicpile";
SQL
restore_settings
# An older dump has the grants of its time.
ask postgres --set here="$new" <"$(rights_file)" >&2 || die 'the roles cannot be given their rights; nothing was changed' 'read the message above'
if [[ -n $was_running ]]; then
  look_before
  stopped=yes
  compose stop app >&2
fi
if ! swap "$new" "$former" >/dev/null; then
  die 'the databases could not swap names; nothing was changed' 'end the sessions that are connected to it, then run this again'
fi
step=app new='' stopped=''
did database "$former"
if ! start_app; then
  say 'the app is not well on the restored database'
  compose stop app >&2
  swap "$former" "${DATABASE}_restore_$stamp" >/dev/null || fails 'and the databases could not swap names again' 'read the message above: logs of db'
  undid database
  new=${DATABASE}_restore_$stamp
  did app
  start_app || fails "the former database is back, but the app is not well on it either, so it is not the dump" 'read the messages above; logs of app and nginx'
  fails 'the former database is back and the app is well on it' 'the dump may belong to another release: scripts/rollback.sh list'
fi
audit restore ok "file=$file" "former=$former"
say "restored $file"
[[ -n $was_running ]] || say 'The app was not running and was not started.'
tell_certificate
say "The former database is kept as $former. When you no longer need it: scripts/restore.sh --drop-former $former"
