#!/usr/bin/env bash
# What backup.sh, restore.sh and rollback.sh share: the manifest of a backup, which is data and never more, and its tag, which
# says that this host made it. Sourced after lib.sh, never run.
set -euo pipefail

# ── the key of this host ─────────────────────────────────────────────────────────────────────────────────────────────
#
# 32 random bytes, in hex. age says who can read a backup, and not who wrote it: whoever can write where the copies lie could
# put a dump of his own there, and a restore runs what is in it as the superuser. So NAME.hmac has the HMAC-SHA256 of the database's
# name, the set's name and its .sha256, which has the sum of each file of the set.

BACKUP_KEY=secrets/backup_key

# backup_key: prints it; fails where it is none.
backup_key() {
  local LC_ALL=C key
  [[ -f $BACKUP_KEY && ! -L $BACKUP_KEY && -r $BACKUP_KEY ]] && key=$(head -c 65 "$BACKUP_KEY") && [[ $key =~ ^[0-9a-f]{64}$ ]] &&
    printf '%s' "$key"
}

# draw_backup_key: where there is none. One that is there and no key stays for you to look at.
draw_backup_key() {
  local new key
  [[ ! -e $BACKUP_KEY && ! -L $BACKUP_KEY ]] || return 0
  [[ -d secrets ]] || { mkdir -m 0700 secrets && own_like . secrets; } || return 1
  key=$(od -An -v -tx1 -N 32 /dev/urandom | tr -d ' \n') && [[ ${#key} == 64 ]] || return 1
  new=$(mktemp secrets/.new-XXXXXX) || return 1
  litter+=("$new")
  printf '%s\n' "$key" >"$new" && own_like . "$new" && replace_file "$new" "$BACKUP_KEY" || return 1
  say "drawn  $BACKUP_KEY: by it this host knows its own backups. Keep a copy off this machine: a restore elsewhere asks for it"
}

# hmac KEY <MESSAGE: HMAC-SHA256, KEY in hex and of no more than 64 bytes. openssl takes a key as an argument only, which every
# user of this machine could read in the process list; printf is bash itself. https://www.rfc-editor.org/rfc/rfc2104
hmac() {
  local LC_ALL=C key=$1 inner='' outer='' zeros position byte digest
  [[ $key =~ ^([0-9a-f][0-9a-f]){1,64}$ ]] || return 1
  printf -v zeros '%0128d' 0
  key+=${zeros:${#key}}
  for ((position = 0; position < 128; position += 2)); do
    printf -v byte '%d' "0x${key:position:2}"
    printf -v inner '%s\\x%02x' "$inner" $((byte ^ 0x36))
    printf -v outer '%s\\x%02x' "$outer" $((byte ^ 0x5c))
  done
  digest=$({ printf '%b' "$inner" && cat; } | sha256) || return 1
  for ((position = 0; position < 64; position += 2)); do outer+="\\x${digest:position:2}"; done
  digest=$(printf '%b' "$outer" | sha256) && printf '%s' "${digest%% *}"
}

# tag_of SUMS NAME: of that file, which is to be called NAME.
tag_of() {
  local key
  key=$(backup_key) && { printf 'comicpile backup\n%s\n%s\n' "$DATABASE" "$2" && cat "$1"; } | hmac "$key"
}

# authentic DUMP: its set has the tag of this host; `doubt` is what speaks against it. Whether the sums fit is asked elsewhere.
doubt=''
authentic() {
  local sums tag
  sums=$(beside "$1" sha256)
  if ! backup_key >/dev/null; then
    doubt="this host has no key of its own ($BACKUP_KEY), so nothing proves who made $1"
  elif [[ ! -f ${sums%.sha256}.hmac ]]; then
    doubt="$1 has no tag (${sums%.sha256}.hmac): it comes from elsewhere, or is older than $BACKUP_KEY"
  elif ! tag=$(tag_of "$sums" "${sums##*/}") || [[ $(head -c 100 "${sums%.sha256}.hmac") != "$tag" ]]; then
    doubt="the tag of $1 is not one of this host: the set was changed or renamed, or another host made it"
  else
    return 0
  fi
  return 1
}

# need_authentic DUMP WHAT-IS-UNCHANGED [WORD]: WORD is --unsigned, or nothing.
need_authentic() {
  authentic "$1" && return
  [[ -z ${3:-} ]] || { say "note: $doubt; taken all the same, as you said" && return; }
  die "$doubt; $2" "with the key of the host that made it in $BACKUP_KEY (0600); or, only if you know where it comes from, the same with --unsigned"
}

# ── the manifest ─────────────────────────────────────────────────────────────────────────────────────────────────────
#
# One JSON document, a key or a table a line. The names of tables and the revision of the schema are what somebody in the
# database wrote: PostgreSQL encodes them, they are read by pattern, compared as text and computed nowhere.

JSON_TEXT=$'"([^"\\\\\x01-\x1f]|\\\\["\\\\/bfnrt]|\\\\u[0-9a-f]{4})*"'
TABLE_LINE="^\{\"table\": $JSON_TEXT, \"rows\": (0|[1-9][0-9]{0,17})\}\$"
NO_CONTROL=$'[^\x01-\x1f]'

# json_text TEXT: as JSON.
json_text() {
  local LC_ALL=C text=${1//[$'\x01'-$'\x1f']/?}
  text=${text//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# rows_sql [savepoint]: a line {"table": …, "rows": …} for each table, exact; what extensions bring is theirs. With savepoint, in a
# transaction, the lock on a table ends with its count: who waits for that table waits no longer, and with him those that queue
# behind him.
rows_sql() {
  local before='' after=''
  [[ ${1:-} != savepoint ]] || before="'SAVEPOINT counted', " after=", 'ROLLBACK TO SAVEPOINT counted'"
  cat <<SQL
SELECT ${before}format('SELECT %L || count(*) || ''}'' FROM %I.%I',
  '{"table": ' || to_json(format('%I.%I', n.nspname, c.relname))::text || ', "rows": ', n.nspname, c.relname)$after
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname \\gexec
SQL
}

# facts_sql: "server": …, "size": … and "revision": …, a line each, all but the first two as often as there are some. Only text is
# asked for: of another type, a cast that its owner wrote would run here, as the superuser.
facts_sql() {
  cat <<'SQL'
SELECT '"server": ' || to_json(current_setting('server_version'))::text;
SELECT '"size": ' || pg_database_size(current_database());
SELECT 'SAVEPOINT counted', format('SELECT ''"revision": '' || to_json(left(version_num, 200))::text FROM %I.%I LIMIT 100', n.nspname, c.relname),
  'ROLLBACK TO SAVEPOINT counted'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relname = 'alembic_version' AND c.relkind = 'r' AND n.nspname !~ '^pg_'
  AND a.attname = 'version_num' AND a.atttypid IN ('text'::regtype, 'varchar'::regtype) \gexec
SQL
}

# write_manifest RELEASE <the lines of facts_sql and rows_sql, then `end`. Fails at any other line.
write_manifest() {
  local LC_ALL=C line server='' size='' revisions='' rows=''
  while IFS= read -r line && [[ $line != end ]]; do
    if [[ $line =~ ^\"server\":\ ($JSON_TEXT)$ ]]; then
      server=${line#*: }
    elif [[ $line =~ ^\"size\":\ [0-9]{1,18}$ ]]; then
      size=${line#*: }
    elif [[ $line =~ ^\"revision\":\ ($JSON_TEXT)$ ]]; then
      revisions+="${revisions:+, }${line#*: }"
    elif [[ $line =~ $TABLE_LINE ]]; then
      rows+="${rows:+,}"$'\n'"    $line"
    else
      say "the database said what belongs into no manifest: ${line:0:200}"
      return 1
    fi
  done
  [[ ${line:-} == end && -n $server && -n $size ]] || return 1
  printf '{\n  "version": 2,\n  "database": %s,\n  "taken": %s,\n  "release": %s,\n  "host": %s,\n' \
    "$(json_text "$DATABASE")" "$(json_text "$(now)")" "$(json_text "$(plain "$1")")" "$(json_text "$(uname -n)")"
  printf '  "server": %s,\n  "size": %s,\n  "revisions": [%s],\n  "rows": [%s\n  ]\n}\n' "$server" "$size" "$revisions" "$rows"
}

# read_manifest FILE: manifest_size, manifest_release, manifest_revisions and manifest_rows (the lines {"table": …}, sorted), as JSON
# has them. Each line must be as write_manifest wrote it, or as the scripts did before, with tabs. Says which is not, and fails.
read_manifest() {
  local LC_ALL=C text=$JSON_TEXT bytes line
  local -a lines
  # shellcheck disable=SC2034 # for the scripts that source this file
  manifest_size=0 manifest_release='' manifest_rows='' manifest_revisions=()
  bytes=$(size_of "$1") && [[ $bytes -le 16777216 ]] || { say "$1 is too large for a manifest" && return 1; }
  mapfile -t lines <"$1"
  if [[ ${lines[0]:-} != '{' ]]; then
    read_former_manifest "$1"
    return
  fi
  if [[ ${#lines[@]} -lt 12 || ${lines[1]} != '  "version": 2,' || ${lines[2]} != "  \"database\": $(json_text "$DATABASE")," ||
    ! ${lines[3]} =~ ^\ \ \"taken\":\ $text,$ || ! ${lines[5]} =~ ^\ \ \"host\":\ $text,$ ||
    ! ${lines[6]} =~ ^\ \ \"server\":\ $text,$ || ${lines[9]} != '  "rows": [' || ${lines[*]: -2:1} != '  ]' || ${lines[*]: -1} != '}' ]] ||
    ! { [[ ${lines[4]} =~ ^\ \ \"release\":\ ($text),$ ]] && manifest_release=${BASH_REMATCH[1]}; } ||
    ! { [[ ${lines[7]} =~ ^\ \ \"size\":\ ([0-9]{1,18}),$ ]] && number manifest_size "${BASH_REMATCH[1]}"; } ||
    ! { [[ ${lines[8]} =~ ^\ \ \"revisions\":\ \[($text(,\ $text)*)?\],$ ]] && revisions_of "${BASH_REMATCH[1]}"; }; then
    say "$1 is no manifest of the database $DATABASE"
    return 1
  fi
  for line in "${lines[@]:10:${#lines[@]}-12}"; do
    line=${line%,} line=${line#    }
    [[ $line =~ $TABLE_LINE ]] || { say "this is no line of a manifest, in $1: $line" && return 1; }
    manifest_rows+=$line$'\n'
  done
  manifest_rows=$(printf '%s' "$manifest_rows" | sort)
}

# revisions_of LIST: into manifest_revisions, one by one.
revisions_of() {
  local list=$1
  while [[ $list =~ ^($JSON_TEXT)(,\ )? ]]; do
    manifest_revisions+=("${BASH_REMATCH[1]}")
    list=${list:${#BASH_REMATCH[0]}}
  done
  [[ -z $list ]]
}

# read_former_manifest FILE: KEY<TAB>VALUE a line, as they were before they were JSON.
read_former_manifest() {
  local LC_ALL=C line place=0
  while IFS= read -r line || [[ -n $line ]]; do
    place=$((place + 1))
    if [[ $line =~ ^size$'\t'([0-9]{1,18})$ ]]; then
      number manifest_size "${BASH_REMATCH[1]}"
    elif [[ $line =~ ^revision$'\t'([A-Za-z0-9_.-]{1,128})$ ]]; then
      manifest_revisions+=("\"${BASH_REMATCH[1]}\"")
    elif [[ $line =~ ^rows$'\t'($NO_CONTROL+)$'\t'(0|[1-9][0-9]{0,17})$ ]]; then
      manifest_rows+="{\"table\": $(json_text "${BASH_REMATCH[1]}"), \"rows\": ${BASH_REMATCH[2]}}"$'\n'
    elif [[ $line =~ ^release$'\t'($NO_CONTROL*)$ ]]; then
      # shellcheck disable=SC2034 # for the scripts that source this file
      manifest_release=$(json_text "${BASH_REMATCH[1]}")
    elif [[ ! $line =~ ^(database|taken|host|server)$'\t'$NO_CONTROL*$ ]]; then
      say "line $place of $1 is none of a manifest"
      return 1
    fi
  done <"$1"
  manifest_rows=$(printf '%s' "$manifest_rows" | sort)
}

# ── what pg_dump leaves out ──────────────────────────────────────────────────────────────────────────────────────────

# extension_owners DATABASE: "-- extension NAME in SCHEMA of ROLE", a line each, for .globals.sql: a dump does not say it, and who restores would be
# the owner, so that no migration could update or drop one. Those of a superuser are the superuser's again by themselves.
extension_owners() {
  in_db psql -XqAt --set ON_ERROR_STOP=1 --username postgres --dbname "$1" <<'SQL'
SELECT format('-- extension %I in %I of %I', e.extname, n.nspname, r.rolname)
FROM pg_extension e JOIN pg_roles r ON r.oid = e.extowner JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE NOT r.rolsuper AND e.extname || n.nspname || r.rolname !~ '[[:cntrl:]]' ORDER BY e.extname;
SQL
}

# settings_in ARCHIVE-COMMAND DATABASE NEW: what the dump has of the database itself (its settings, those of roles in it, its comment), as
# SQL for the database NEW. An archive has them always, and pg_restore gives them with --create alone.
settings_in() {
  "$1" | in_db sh -c 'pg_restore --create --schema-only --file - && cat >/dev/null' | FROM=$2 TO=\"$3\" LC_ALL=C awk '
    function take(line) { print line; quotes += gsub(/\047/, "", line); more = quotes % 2 || line !~ /;$/; if (!more) quotes = 0 }
    BEGIN { from = ENVIRON["FROM"]; to = ENVIRON["TO"] }
    # A value of several lines ends with its quote.
    more { take($0); next }
    # What is of the database stands before all that is in it.
    passed || (/^-- Name: / && !/; Type: DATABASE/ && !/^-- Name: DATABASE /) { passed = 1; next }
    index($0, "ALTER DATABASE " from " SET ") == 1 { take("ALTER DATABASE " to substr($0, 16 + length(from))) }
    index($0, "COMMENT ON DATABASE " from " IS ") == 1 { take("COMMENT ON DATABASE " to substr($0, 21 + length(from))) }
    /^ALTER ROLE / && (at = index($0, " IN DATABASE " from " SET ")) { take(substr($0, 1, at + 12) to substr($0, at + 13 + length(from))) }'
}

# why_unrestorable LOG: into `why` the object at which pg_restore stopped, into `remedy` what helps. Its words are shown, and decide
# nothing else.
# shellcheck disable=SC2034 # for restore.sh
why_unrestorable() {
  local entry error function
  remedy='take another dump: scripts/restore.sh --list'
  entry=$(sed -n 's/^Command was: //p' "$1" | head -n 1)
  error=$(sed -n 's/^pg_restore: error: could not execute query: //p; s/^pg_restore: error: //p' "$1" | head -n 1)
  function=$(sed -nE 's/^.*(PL\/pgSQL|SQL) function "?([A-Za-z0-9_.]+).*/\2/p' "$1" | head -n 1)
  case $error in
    *'role '*' does not exist'*) remedy='make that role (CREATE ROLE), or put the .globals.sql of the dump beside it, then run this again' ;;
    *'extension '*' is not available'* | *'could not open extension control file'* | *'could not access file'*)
      remedy='POSTGRES_IMAGE in .env.production: an image that has this extension' ;;
    *' does not exist'*)
      if [[ -n $function ]]; then
        remedy="the function $function finds names by a search_path that a restore does not have. On the running database: ALTER FUNCTION $function SET search_path = public, pg_temp (or write the schema before each name in it); then scripts/backup.sh"
      else
        remedy='what it names is no part of the dump, or stands there without its schema: write the schema before the name in a migration; then scripts/backup.sh'
      fi
      ;;
    *'unique constraint'* | *'could not create unique index'*) remedy='rows on the running database break this constraint: REINDEX there names them; mend them, then scripts/backup.sh' ;;
    *'check constraint'* | *'foreign key constraint'*) remedy='a row breaks this constraint, or its function looks at other tables: mend it on the running database, then scripts/backup.sh' ;;
  esac
  why="${entry:+at ${entry:0:120}: }${error:-read its message above}${function:+, in the function $function}"
}
