#!/usr/bin/env bash
# What upgrade-postgres.sh and pitr.sh share: a second database on a volume of its own beside the one that serves, and the
# change from the one to the other. Sourced after lib.sh, never run.
#
# The second one is the service db again, in a project of its own: the same settings, limits and secrets. While a change
# is under way, DB_CHANGE in .env.production is its note: KIND:VOLUME and
# what was so before: open:running:archived. The new volume and its
# image get into .env.production in one rename, so whoever is killed leaves the one database or the other:
#   DB_VOLUME is not VOLUME   the change has not come about: the new volume is removed, the former database serves
#   DB_VOLUME is VOLUME       it has: the new database serves, and the former volume stays

change='' new_volume='' new_image='' former_volume='' former_image='' was_open='' app_ran='' db_ran='' archived='' step='' down_since=''

# next …: Compose for the second database. The name of an app has no _, so this is never the project of another one.
next() { DB_VOLUME=$new_volume DB_ARCHIVE=${APP_NAME}_db-archive POSTGRES_IMAGE=$new_image BACKEND_BRIDGE=comica83b-next compose --project-name "${APP_NAME}_next" "$@"; }

# ask COMPOSE DATABASE [psql options]: SQL on stdin, for `compose` or `next`, as `sql` of lib.sh does it.
ask() {
  local at=$1 database=$2
  shift 2
  filtered "$at" exec -T db psql -XqAt --set ON_ERROR_STOP=1 --username postgres --dbname "dbname=$database options='$PLAIN_PATH'" "$@"
}

# in_image IMAGE [docker options] -- COMMAND…: as the user of the service db, with the rights of that.
in_image() {
  local image=$1 command
  local -a options=()
  shift
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  command=$2
  shift 2
  docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges --user 70:70 \
    ${options[@]+"${options[@]}"} --entrypoint "$command" "$image" "$@" </dev/null
}

# major_of IMAGE: the server in it says so. Fails with what Docker says.
major_of() {
  local said
  said=$(in_image "$1" -- postgres --version 2>&1) || { say "$said" && return 1; }
  sed -n 's/^.*) \([0-9][0-9]*\).*/\1/p' <<<"$said"
}

# major_in_volume VOLUME: of the database in it; nothing when there is none. Fails with what Docker says.
major_in_volume() {
  local said
  docker volume inspect "$1" >/dev/null 2>&1 || return 0
  said=$(in_image "$(image_of db)" --mount "type=volume,source=$1,target=/volume,readonly" -- \
    sh -c 'test ! -e /volume/PG_VERSION || cat /volume/PG_VERSION' 2>&1) || { say "$said" && return 1; }
  printf '%s' "$said"
}

# major_findings: what serves would not start on its volume. 3 where Docker does not tell.
major_findings() {
  local held offered
  held=$(major_in_volume "$(volume_of_db)") || return 3
  [[ -n $held ]] || return 0
  offered=$(major_of "$(image_of db)") || return 3
  [[ $held != "$offered" ]] || return 0
  say "$(image_of db) is PostgreSQL ${offered:-unknown}, and the database in $(volume_of_db) is of $held"
  say "set POSTGRES_IMAGE in .env.production to an image of $held, such as postgres:$held-alpine; then scripts/upgrade-postgres.sh"
  return 1
}

# free_in_volume: KiB that are free where the volumes are; the engine may be on another file system, or another machine.
free_in_volume() {
  local kib
  number kib "$(compose exec -T db df -Pk /var/lib/postgresql/data </dev/null | awk 'END { print $4 }')" 'what is free for volumes' && echo "$kib"
}

# room_for BYTES: KiB for a database of that size, with as much WAL as max_wal_size lets it keep (1 GB), and an empty cluster.
room_for() {
  local bytes kib wal=$((1024 * 1024))
  number bytes "$1" 'the size of the database' || return 1
  kib=$((bytes / 1024))
  [[ $kib -gt $wal ]] || wal=$kib
  echo $((kib + wal + 128 * 1024))
}

# contents COMPOSE: what a copy of the database must have in common with it, a line each: the rows of every table, the
# state of every sequence, owners and privileges, and the roles without their passwords. What belongs to an extension may
# differ with its version.
contents() {
  # shellcheck disable=SC2153 # lib.sh sets it
  ask "$1" "$DATABASE" --field-separator ' ' <<'SQL' | LC_ALL=C sort
SELECT format('SELECT ''rows'', %L, count(*) FROM %I.%I', replace(format('%I.%I', n.nspname, c.relname), E'\n', '\n'), n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
\gexec
SELECT 'sequence', format('%I.%I', schemaname, sequencename), coalesce(last_value::text, 'unused') FROM pg_sequences
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = format('%I.%I', schemaname, sequencename)::regclass AND d.deptype = 'e');
-- The owner's own privileges do not count: a newer major may know more of them.
SELECT 'privileges', format('%I.%I', n.nspname, c.relname), c.relowner::regrole,
  coalesce(string_agg(format('%s:%s', a.grantee::regrole, a.privilege_type), ',' ORDER BY a.grantee::regrole::text, a.privilege_type), 'none')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL aclexplode(c.relacl) a ON a.grantee <> c.relowner AND a.privilege_type <> 'MAINTAIN'
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
GROUP BY n.nspname, c.relname, c.relowner;
SELECT 'schema', n.nspname, n.nspowner::regrole, has_schema_privilege(r.oid, n.oid, 'USAGE'), has_schema_privilege(r.oid, n.oid, 'CREATE'), r.rolname
FROM pg_namespace n, pg_roles r WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND r.rolname !~ '^pg_';
-- transaction_timeout is new in 17.
SELECT 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,
  (SELECT string_agg(c, ',' ORDER BY c) FROM unnest(rolconfig) c WHERE c NOT LIKE 'transaction_timeout=%'), has_database_privilege(oid, current_database(), 'CONNECT') FROM pg_roles WHERE rolname !~ '^pg_';
SQL
}

# chain_of_db: the folder in the archive that the running database writes its WAL to; nothing when that is off. pitr.sh made
# it, for this one database: another one has another history under the same file names.
chain_of_db() {
  local link
  link=$(compose exec -T db readlink /var/lib/postgresql/data/pitr </dev/null 2>/dev/null) || return 0
  link=${link%/wal}
  link=${link##*/}
  [[ $link =~ ^[0-9]{8}T[0-9]{6}Z$ ]] && echo "$link" || return 0
}

# archive_up_to_now: a commit, so that any moment before now can be told apart from the end, and all WAL to the archive.
archive_up_to_now() {
  local wal second
  wal=$(sql postgres <<<'SELECT pg_current_xact_id(); SELECT pg_walfile_name(pg_switch_wal());' | tail -n 1) || return 1
  [[ $wal =~ ^[0-9A-F]{24}$ ]] || return 1
  for ((second = 0; second < 60; second++)); do
    [[ $(sql postgres <<<"SELECT last_archived_wal COLLATE \"C\" >= '$wal' FROM pg_stat_archiver;") != t ]] || return 0
    sleep 1
  done
  return 1
}

# ── the change ───────────────────────────────────────────────────────────────────────────────────────────────────────

# begin_change KIND IMAGE: notes it, and makes the volume, empty, for the user of the service db.
begin_change() {
  change=$1 new_image=$2
  new_volume=${APP_NAME}_db-data-$(date -u +%Y%m%dT%H%M%SZ)
  former_volume=$(volume_of_db) former_image=$(image_of db)
  ! scripts/maintenance.sh status >/dev/null || was_open=open
  ! running app || app_ran=running
  ! running db || db_ran=running
  if [[ -n $(chain_of_db) ]]; then
    archived=archived
  elif [[ $(sed -n 's/^[^ ]* pitr \(o[nf]*\) .*/\1/p' audit.log 2>/dev/null | tail -n 1) == on ]]; then
    # The volume was lost, and with it the link that says so.
    archived=lost
  fi
  step=begin
  env_write <<<"DB_CHANGE=$change:$new_volume:$was_open:$app_ran:$archived" ||
    die '.env.production cannot be written; nothing was changed' 'look at the free space and the owner of the file'
  trap undo_change EXIT
  audit "$change" started "image=$new_image" "volume=$new_volume" "former=$former_volume"
  # Labelled as Compose's own, or it would complain. It belongs to root where the image has no such directory (18 and on).
  if ! docker volume create --label "com.docker.compose.project=$APP_NAME" --label com.docker.compose.volume=db-data "$new_volume" >/dev/null ||
    ! docker run --rm --network none --read-only --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges --user 0 \
      --mount "type=volume,source=$new_volume,target=/var/lib/postgresql/data" --entrypoint chown "$new_image" 70:70 /var/lib/postgresql/data; then
    die "the volume $new_volume cannot be made; nothing was changed" 'read the message above'
  fi
}

# next_up [OPTION…]: that database alone. An older Compose (2.26) makes the networks of all services that have no profile, and theirs
# have the bridges of the stack that serves: so they get one.
next_up() {
  local others code=0
  others=$(mktemp) || return 1
  { echo services: && compose config --services | sed '/^db$/d; s/.*/  "&": { profiles: [aside] }/'; } >"$others" || code=$?
  [[ $code -ne 0 ]] || next -f "$others" up -d --no-deps "$@" db || code=$?
  rm -f -- "$others"
  return "$code"
}

# start_next: healthy, or its last lines.
start_next() {
  local said
  said=$(next_up --wait --wait-timeout 300 2>&1) || { say "$said" && next logs --no-color --tail 20 db >&2 && return 1; }
}

remove_next() { next down --timeout 60 >/dev/null 2>&1; }

# close_site: from here on nobody writes. nginx has seen the flag after two seconds.
close_site() {
  step=close
  down_since=$(date +%s)
  [[ -z $app_ran ]] || look_before
  if [[ -n $was_open ]]; then scripts/maintenance.sh on && sleep 2; fi
  [[ -z $app_ran ]] || compose stop app >&2
  # Any moment up to now can still be gone back to, from the archive of this database.
  if [[ $archived == archived ]]; then archive_up_to_now || die 'the last WAL does not arrive in the archive' 'scripts/pitr.sh status'; fi
}

# open_site: as it was found, if the app answers.
open_site() {
  if [[ -n $app_ran ]]; then
    compose up -d --wait --wait-timeout 180 --no-deps app >&2 || { explain app && return 1; }
    answers_as_before || return 1
  fi
  [[ -z $was_open ]] || scripts/maintenance.sh off
}

start_db() {
  # Not a bare `return`: in a trap that is the status from before it.
  if running db && db_is_current; then return 0; fi
  compose up -d --wait --wait-timeout 180 --no-deps db >&2 || { explain db && return 1; }
}

# change_over: the new database takes the place of the former one, whose volume stays as it is. No two servers ever have
# one volume: the second is gone before Compose may start another one there.
change_over() {
  step=swap
  remove_next || die 'the second database does not stop' 'read the message above'
  env_write < <(printf 'DB_VOLUME=%s\nPOSTGRES_IMAGE=%s\n' "$new_volume" "$new_image") || die '.env.production cannot be written' 'look at the free space and the owner of the file'
  start_db || die 'the database does not start on the new volume'
  step=open
  open_site || die 'the site does not answer on the new database'
}

# archive_again: point-in-time recovery of the new database, where the former one had it. Neither base backups nor WAL of
# the one are of any use to the other.
archive_again() {
  [[ -z $archived ]] || scripts/pitr.sh on || say 'Point-in-time recovery is off until this succeeds: scripts/pitr.sh on'
}

# renew_backups: the service `backups`, where it runs, needs the programs of the new major.
renew_backups() {
  [[ -z $(containers_of backups) ]] ||
    compose --profile backups up -d --no-deps backups >&2 || say 'The service backups does not start: docker logs of it'
}

# end_change: all is proved.
end_change() {
  trap sweep EXIT
  env_write <<<'DB_CHANGE=' || die 'the change is done, but .env.production cannot be written' "scripts/${0##*/} --repair"
  audit "$change" ok "image=$new_image" "volume=$new_volume" "former=$former_volume"
  [[ -z $down_since ]] || say "The site was closed for $(($(date +%s) - down_since)) seconds."
  say "The former database is kept in the volume $former_volume, for $former_image. When you no longer need it:"
  say "  docker volume rm $former_volume"
  archive_again
  renew_backups
}

# undo_change: whatever ended the script, the former database serves again. What the new one holds is a copy.
undo_change() {
  trap '' INT TERM HUP
  trap - EXIT
  local worked=yes
  say "going back to the database in $former_volume"
  remove_next || worked=''
  if [[ $(volume_of_db) == "$new_volume" ]]; then
    [[ -z $app_ran ]] || compose stop app >&2 || worked=''
    env_write < <(printf 'DB_VOLUME=%s\nPOSTGRES_IMAGE=%s\n' "$former_volume" "$former_image") || worked=''
  fi
  [[ -z $db_ran ]] || start_db || worked=''
  docker volume rm --force "$new_volume" >/dev/null || worked=''
  [[ -z $down_since ]] || open_site || worked=''
  if [[ -n $worked ]] && env_write <<<'DB_CHANGE='; then
    say "The former database serves, and the new volume is removed."
  else
    say "Not all could be undone: read the messages above, mend that, then: scripts/${0##*/} --repair"
  fi
  audit "$change" failed "step=$step" "volume=$former_volume"
  sweep
  exit 1
}

# finish_change: what a killed script has left, see the top. Nothing when there is nothing.
finish_change() {
  local note
  note=$(env_get DB_CHANGE)
  [[ -n $note ]] || return 0
  IFS=: read -r change new_volume was_open app_ran archived <<<"$note"
  say "finishing what a killed script had begun ($change)"
  remove_next || die 'the second database does not stop' "docker ps --filter label=com.docker.compose.project=${APP_NAME}_next"
  if [[ $(volume_of_db) == "$new_volume" ]]; then
    say "The new database, in $new_volume, was complete and in place: it stays."
  else
    archived=''
    docker volume rm --force "$new_volume" >/dev/null || die "$new_volume cannot be removed" "docker ps --all --filter volume=$new_volume"
    say "The new database was not in place: it is removed, and the one in $(volume_of_db) serves."
  fi
  # Whatever else is wrong now, the change itself is over.
  env_write <<<'DB_CHANGE=' || die '.env.production cannot be written' 'look at the free space and the owner of the file'
  audit "$change" repaired "volume=$(volume_of_db)"
  start_db || die 'the database does not start' 'read its lines above'
  if ! open_site; then
    [[ -z $was_open ]] || scripts/maintenance.sh off
    say 'The app does not answer: scripts/deploy.sh, or scripts/rollback.sh list'
  fi
  archive_again
  renew_backups
}
