#!/usr/bin/env bash
# Usage: scripts/restore.sh FILE [--yes] [--without-backup]
#        scripts/restore.sh --test FILE
#
# Puts the database back to a dump of scripts/backup.sh. FILE is restored in one transaction into a new database; only
# when that has worked and its rows are counted does the app stop, and the two databases swap their names. A bad dump
# therefore changes nothing. The former database stays as comic_pile_before_<time> until you drop it. If the app is not
# healthy on the restored database, the names are swapped back.
#
#   --test             restore into a scratch database, compare the rows of each table with the dump, drop it again
#   --yes              do not ask
#   --without-backup   no dump of the present state first (a damaged database cannot be dumped; it is kept in any case)
#
# A dump that is older than the running release has an older schema: run scripts/deploy.sh afterwards.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

file='' test='' yes='' backup=yes
for argument; do
  case $argument in
    --test) test=yes ;;
    --yes) yes=yes ;;
    --without-backup) backup='' ;;
    -*) die "unknown argument '$argument'" 'scripts/restore.sh --help' ;;
    *) [[ -z $file ]] || die 'one FILE at a time' 'scripts/restore.sh --help' && file=$argument ;;
  esac
done
[[ -n $file ]] || die 'which FILE?' 'ls backups/*.dump'
[[ -f $file && -r $file ]] || die "cannot read $file" 'ls backups/*.dump'
[[ -f $file.sha256 ]] || die "$file.sha256 is missing, so nothing proves that the dump is whole" \
  "only if you trust it: (cd $(dirname "$file") && sha256sum ${file##*/} >${file##*/}.sha256)"
[[ -n $yes || -n $test || -t 0 ]] || die 'nobody can be asked here' "scripts/restore.sh $file --yes"
need sha256sum
lock
need_db
dump_verified "$file" || die "$file does not fit its sha256, or is no dump; the database is unchanged" 'take another dump: ls backups/*.dump'

stamp=$(date -u +%Y%m%d%H%M%S)
new=${DATABASE}_restore_$stamp
former=${DATABASE}_before_$stamp

# rows DATABASE: "schema.table<TAB>rows", exact.
rows() {
  sql "$1" --field-separator $'\t' <<'SQL'
SELECT format('SELECT %L, count(*) FROM %I.%I', format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname \gexec
SQL
}

# rows_in_dump: the same, counted in the dump itself.
rows_in_dump() {
  compose exec -T db pg_restore --data-only --file - <"$file" | awk '
    inside && $0 == "\\." { print table "\t" count; inside = 0; next }
    inside { count++; next }
    /^COPY .* FROM stdin;$/ { table = $0; sub(/^COPY /, "", table); sub(/ (\(.*\))? *FROM stdin;$/, "", table); count = 0; inside = 1 }'
}

drop_new() { sql postgres <<<"DROP DATABASE IF EXISTS \"$new\" WITH (FORCE);"; }
stopped=''
undo() {
  trap - EXIT
  drop_new >/dev/null 2>&1 || say "the database $new may be left over; look with: psql --list"
  [[ -z $stopped ]] || start_app || say 'the app does not start again: scripts/rollback.sh list'
  sweep
}
trap undo EXIT

say "restoring $file into the new database $new"
sql postgres <<SQL
CREATE DATABASE "$new" OWNER "comicpile" TEMPLATE template0;
REVOKE ALL ON DATABASE "$new" FROM PUBLIC;
SQL
# As the superuser, so that every object gets the owner and the privileges that it has in the dump.
compose exec -T db pg_restore --exit-on-error --single-transaction --username postgres --dbname "$new" <"$file" ||
  die "pg_restore failed; the database $DATABASE is unchanged" 'read its message above; take another dump: ls backups/*.dump'

in_dump=$(rows_in_dump | LC_ALL=C sort)
restored=$(rows "$new" | LC_ALL=C sort)
present=$(rows "$DATABASE" | LC_ALL=C sort) || present=''
say "$(printf '%-44s %12s %12s %12s' table 'in the dump' restored 'present now')"
say "$(awk -F '\t' '
  FNR == 1 { which++ }
  { if (!($1 in seen)) { seen[$1]; order[++n] = $1 } count[$1, which] = $2 }
  END { for (i = 1; i <= n; i++) printf "%-44s %12s %12s %12s\n", order[i],
    (order[i], 1) in count ? count[order[i], 1] : "-", (order[i], 2) in count ? count[order[i], 2] : "-",
    (order[i], 3) in count ? count[order[i], 3] : "-" }' \
  <(printf '%s\n' "${in_dump:-(none)}") <(printf '%s\n' "${restored:-(none)}") <(printf '%s\n' "${present:-(none)}"))"
[[ $in_dump == "$restored" ]] || die "the restored rows differ from the dump; the database $DATABASE is unchanged" \
  'take another dump: ls backups/*.dump'

if [[ -n $test ]]; then
  say "$file restores: every table has as many rows as the dump. The scratch database is dropped, $DATABASE is untouched."
  exit 0
fi

if [[ -z $yes ]]; then
  read -r -p "Replace the database $DATABASE with $file? Type its name to go on: " answer
  [[ $answer == "$DATABASE" ]] || die 'not confirmed; nothing was changed'
fi
# Without pruning: it could delete the very dump that is being restored.
if [[ -n $backup ]]; then
  scripts/backup.sh --no-prune >/dev/null || die 'the present state could not be dumped; nothing was changed' \
    "scripts/restore.sh $file --without-backup (the former database is kept in any case)"
fi

# swap FROM TO: in one transaction, there is no moment without a database. Other sessions would block a rename.
swap() {
  sql postgres <<SQL
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN ('$DATABASE', '$1');
BEGIN;
ALTER DATABASE "$DATABASE" RENAME TO "$2";
ALTER DATABASE "$1" RENAME TO "$DATABASE";
COMMIT;
SQL
}

start_app() {
  [[ -n $was_running ]] || return 0
  compose up -d --wait --wait-timeout 180 --no-deps app >&2 && { ! running nginx || site_answers; }
}

was_running=''
! running app || was_running=yes
sql postgres <<<"GRANT CONNECT ON DATABASE \"$new\" TO \"comicpile\";"
if [[ -n $was_running ]]; then
  stopped=yes
  compose stop app >&2
fi
if ! swap "$new" "$former" >/dev/null; then
  die 'the databases could not swap names; nothing was changed' 'end the sessions that are connected to it, then run this again'
fi
trap sweep EXIT
if ! start_app; then
  say 'the app is not healthy on the restored database'
  compose stop app >&2
  { swap "$former" "$new" >/dev/null && drop_new && start_app; } ||
    die "and going back failed; the former database is named $former" 'look at both: scripts/rollback.sh list, logs of app and db'
  die 'the former database is back and the app is healthy on it' 'the dump may belong to another release: scripts/rollback.sh list'
fi
say "restored $file"
[[ -n $was_running ]] || say 'The app was not running and was not started.'
say "The former database is kept as $former. When you no longer need it:"
say "  docker compose -f docker-compose.prod.yml --env-file .env.production exec -T db dropdb --username postgres $former"
