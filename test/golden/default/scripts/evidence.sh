#!/usr/bin/env bash
# Usage: scripts/evidence.sh [--as TIME]
#
# Keeps what an incident is reconstructed from, before a container is stopped or replaced and its logs go with it:
# incident/TIME.tar.gz (0600) with its sha256 beside it. Prints its path on stdout. Changes nothing else.
#
#   logs of every container with timestamps, `docker inspect`, processes, changed files, connections, files in memory;
#   images with their digests, networks, volumes, the engine's events; docker-compose.prod.yml as Compose reads it;
#   git's state, checksums and times of the project's files, rotation.log, this machine's uptime and logins;
#   from the database: roles, sessions (no query texts), settings, who may log in from where
#
# Each known secret is replaced by its name, as in [DB_PASSWORD], wherever it stands. missing.txt in the archive says what
# could not be had (a stopped database, for one), findings.txt which secrets stood in a log. When the archive cannot be
# written and read back, nothing of it stays and the exit code is 1.
#
#   --as TIME   that name instead of the present time, like 20260131T235959Z
#
# The archive names addresses and users: keep it closed, copy it to another machine, delete it when it is not needed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/redact.sh disable=SC1091
. scripts/redact.sh
help_if_asked "$@"

time=$(date -u +%Y%m%dT%H%M%SZ)
case "${1:-}:$#" in
  :0) ;;
  --as:2) time=$2 ;;
  *) misuse "unknown argument '$1'" ;;
esac
[[ $time =~ ^[0-9]{8}T[0-9]{6}Z$ ]] || misuse "'$time' is no time" 'scripts/evidence.sh --as 20260131T235959Z'
# What follows asks GNU's tools for what those of macOS do not tell.
[[ $(uname -s) == Linux ]] || die 'evidence is kept where the site runs: on Linux' 'run this on the server'
lock
need docker tar gzip sha256sum timeout

archive=incident/$time.tar.gz
[[ ! -e $archive ]] || die "$archive exists already" 'run this again in a second'
cannot_write() { die 'the evidence cannot be written; nothing of it was kept' 'is the disk full? df -h . Is incident/ yours? ls -ld incident'; }
[[ -d incident ]] || { mkdir incident && own_like . incident; } || cannot_write
chmod 0700 incident || cannot_write
part=$(mktemp -d incident/.part-XXXXXX) || cannot_write
litter+=("$part")
mkdir "$part/$time" || cannot_write

# Like Compose, which takes the name of the project from there.
project=$APP_NAME
project_label=label=com.docker.compose.project=$project

mapfile -t containers < <(project_containers --all)
learn_secrets ${containers[@]+"${containers[@]}"}

# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────

missing=()
# keep FILE COMMAND…: what it prints, redacted. A command that fails is noted; a file that cannot be written ends it all.
keep() {
  local file=$part/$time/$1 codes=(0 0)
  mkdir -p -- "${file%/*}" || cannot_write
  "${@:2}" 2>&1 </dev/null | redact >"$file" || codes=("${PIPESTATUS[@]}")
  [[ ${codes[1]} -eq 0 ]] || cannot_write
  [[ ${codes[0]} -eq 0 ]] || missing+=("$1: exit code ${codes[0]}")
}
# A container that hangs must not hold the rest up.
brief=(timeout --kill-after=5 60)

# from_beside OPTION… -- COMMAND…: what a container of its own sees, in the image of nginx. In the one that it looks at nothing runs:
# that one's code could answer, and can touch no process of another user.
from_beside() {
  local -a options=()
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  "${brief[@]}" docker run --rm --pull never --read-only --cap-drop ALL --security-opt no-new-privileges --memory 256m --pids-limit 32 "${options[@]}" \
    --entrypoint "$2" "$(image_of nginx)" "${@:3}" | head -c 67108864
}

about() {
  date -u +%Y-%m-%dT%H:%M:%SZ
  printf 'by %s%s on %s\n' "$(id -un 2>/dev/null || :)" "${SUDO_USER:+ (as $SUDO_USER)}" "$(uname -n)"
  printf 'project %s in %s\n' "$project" "$PWD"
  docker version --format 'engine {{.Server.Version}}'
  docker compose version
}
machine() {
  local command failed=''
  for command in uptime who 'last -F -w -n 200' 'df -h .'; do
    printf '\n$ %s\n' "$command"
    # shellcheck disable=SC2086 # the options
    $command || failed=yes
  done
  [[ -z $failed ]]
}
git_state() {
  safe_git rev-parse HEAD && safe_git status --porcelain=v1 --branch --ignored &&
    safe_git diff --stat HEAD
}
# Not what others installed or made; of secrets and dumps only that they are there.
project_files() { find . \( -name .git -o -name node_modules -o -name .venv -o -name __pycache__ -o -path ./incident \) -prune -o "$@"; }
file_times() { project_files -printf '%M %u:%g %s %TY-%Tm-%TdT%TH:%TM:%.2TS %p\n'; }
file_sums() { project_files -type f ! -path './secrets/*' ! -name '.env*' ! -path './ssl/*.pem' ! -path './backups/*' -print0 | sort -z | xargs -0 -r sha256sum; }

keep about.txt about
if [[ -r .env.production ]]; then keep compose.txt compose --profile '*' config; else missing+=('compose.txt: there is no .env.production to read'); fi
keep machine.txt machine
keep files.txt file_times
keep sha256.txt file_sums
if safe_git rev-parse --verify --quiet HEAD >/dev/null 2>&1; then keep git.txt git_state; else missing+=('git.txt: this is not a git repository with a commit'); fi
if [[ -e rotation.log ]]; then keep rotation.log cat rotation.log; else missing+=('rotation.log: there is none'); fi

keep containers.txt docker ps --all --no-trunc --size --filter "$project_label"
[[ ${#containers[@]} -gt 0 ]] || missing+=('logs: there is no container of this project')
for container in ${containers[@]+"${containers[@]}"}; do
  read -r name state service < <(docker inspect --format '{{.Name}} {{.State.Status}} {{index .Config.Labels "com.docker.compose.service"}}' "$container") ||
    { missing+=("${container:0:12}: it is gone") && continue; }
  here=containers/${name#/}
  # Of each container all that its log driver has kept, rotated files too.
  keep "logs/$service.${name#/}.log" docker logs --timestamps "$container"
  keep "$here/inspect.json" "${brief[@]}" docker inspect --size "$container"
  keep "$here/mounts.txt" "${brief[@]}" docker inspect --format '{{range .Mounts}}{{println .Destination}}{{end}}' "$container"
  keep "$here/diff.txt" "${brief[@]}" docker diff "$container"
  if [[ $state != running ]]; then
    missing+=("$here: it is $state, so no processes, connections and files in memory")
    continue
  fi
  keep "$here/top.txt" "${brief[@]}" docker top "$container"
  # In memory, so gone when it stops: what lies in /tmp and the like, and whom it talks to.
  keep "$here/memory.txt" from_beside --network none --pid "container:$container" --user 0 --cap-add SYS_PTRACE --cap-add DAC_READ_SEARCH -- \
    find /proc/1/root/tmp /proc/1/root/dev/shm -xdev -type f -exec sha256sum {} + -exec ls -ld {} +
  keep "$here/connections.txt" from_beside --network "container:$container" --user 65534:65534 -- \
    sh -c 'cat /proc/net/tcp /proc/net/udp; cat /proc/net/tcp6 /proc/net/udp6 2>/dev/null; :'
done

keep images.txt docker image ls --all --digests --no-trunc
mapfile -t images < <({
  [[ ${#containers[@]} -eq 0 ]] || docker inspect --format '{{.Image}}' "${containers[@]}"
  docker image ls --quiet --no-trunc "$APP_NAME"
} 2>/dev/null | sort -u)
for image in ${images[@]+"${images[@]}"}; do keep "images/${image#sha256:}.json" "${brief[@]}" docker image inspect "$image"; done
for kind in network volume; do
  mapfile -t found < <(docker "$kind" ls --quiet --filter "$project_label")
  if [[ ${#found[@]} -gt 0 ]]; then keep "${kind}s.json" docker "$kind" inspect "${found[@]}"; else missing+=("${kind}s.json: there is none"); fi
  # shellcheck disable=SC2016 # a variable of Docker's template
  [[ $kind != network || ${#found[@]} -eq 0 ]] ||
    keep subnets.txt docker network inspect --format '{{$name := .Name}}{{range .IPAM.Config}}{{println $name .Subnet}}{{end}}' "${found[@]}"
done
keep events.txt "${brief[@]}" docker events --since 720h --until "$(date +%s)" --filter "$project_label"

# query FILE DATABASE SQL: as the superuser over the local socket, which needs no password.
query() {
  keep "database/$1.csv" "${brief[@]}" docker exec --interactive "$database_container" psql -Xq --csv --username postgres --dbname "$2" --command "$3"
}
database_container=$(docker ps --quiet --filter "$project_label" --filter label=com.docker.compose.service=db --filter label=com.docker.compose.oneoff=False | head -n 1)
if [[ -n $database_container ]]; then
  query roles postgres 'SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil, rolconfig FROM pg_roles ORDER BY 1'
  query members postgres 'SELECT roleid::regrole, member::regrole, grantor::regrole, admin_option FROM pg_auth_members ORDER BY 1, 2'
  # Of a query its first word: the rest holds the data of users.
  query sessions postgres "SELECT pid, usename, datname, application_name, client_addr, client_port, backend_type, backend_start, xact_start, state, state_change, wait_event, substring(query FROM '^\\s*([A-Za-z]+)') AS command FROM pg_stat_activity ORDER BY backend_start"
  query settings postgres "SELECT name, CASE WHEN name ~ 'conninfo|passphrase|password_file' THEN '(not shown)' ELSE setting END AS setting, source, sourcefile FROM pg_settings WHERE source NOT IN ('default', 'override') ORDER BY 1"
  query logins postgres 'SELECT * FROM pg_hba_file_rules'
  query databases postgres 'SELECT datname, datdba::regrole, datacl, pg_database_size(oid) AS bytes FROM pg_database ORDER BY 1'
  query tables "$DATABASE" 'SELECT schemaname, relname, n_tup_ins, n_tup_upd, n_tup_del, n_live_tup FROM pg_stat_user_tables ORDER BY 1, 2'
  query code "$DATABASE" "SELECT 'extension' AS kind, extname AS name, extowner::regrole AS owner FROM pg_extension UNION ALL SELECT 'function', p.oid::regprocedure::text, p.proowner::regrole FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') UNION ALL SELECT 'trigger', t.tgrelid::regclass || '.' || t.tgname, c.relowner::regrole FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY 1, 2"
else
  missing+=('database: it does not run, so no roles, sessions and settings')
fi

# ── what it says at first sight ──────────────────────────────────────────────────────────────────────────────────────

findings=()
shopt -s nullglob
for log in "$part/$time"/logs/*.log; do
  while IFS= read -r name; do
    count=$(grep -acF -- "[$name]" "$log") || continue
    findings+=("$name stands in the log of ${log##*/}, $count lines")
  done < <(printf '%s\n' ${names[@]+"${names[@]}"} | sort -u)
done
printf '%s\n' ${missing[@]+"${missing[@]}"} >"$part/$time/missing.txt" || cannot_write
printf '%s\n' ${findings[@]+"${findings[@]}"} >"$part/$time/findings.txt" || cannot_write

# ── the archive ──────────────────────────────────────────────────────────────────────────────────────────────────────

tar --create --gzip --file "$part/archive" --directory "$part" "$time" || cannot_write
expected=$(cd "$part" && find "$time" | wc -l)
[[ $(tar --list --gzip --file "$part/archive" | wc -l) == "$expected" ]] || die 'the archive cannot be read back; nothing of it was kept' 'the disk may be failing: look at dmesg'
# The last word on secrets has the archive itself.
codes=(0 0)
tar --extract --gzip --to-stdout --file "$part/archive" |
  LC_ALL=C grep -acFf <(printf '%s\n' ${values[@]+"${values[@]}"} | grep .) >/dev/null || codes=("${PIPESTATUS[@]}")
[[ ${codes[*]} == '0 1' ]] || die 'a secret could not be hidden; nothing of the archive was kept' 'report this as a bug of scripts/evidence.sh'

sum=$(sha256sum <"$part/archive")
printf '%s  %s\n' "${sum%% *}" "${archive##*/}" >"$part/archive.sha256" || cannot_write
own_like incident "$part/archive"
own_like incident "$part/archive.sha256"
mv -- "$part/archive.sha256" "$archive.sha256"
mv -- "$part/archive" "$archive"
say "evidence $archive, $(size_of "$archive") bytes, verified"
for line in ${missing[@]+"${missing[@]}"}; do say "  missing: $line"; done
for line in ${findings[@]+"${findings[@]}"}; do say "  FINDING: $line"; done
echo "$archive"
