#!/usr/bin/env bash
# What deploy.sh looks at before it builds anything. All of it is looked at, so that all that is wrong is said at once, each with the
# next step. Sourced from the project root, never run: scripts/deploy.sh --dry-run, or `comicpile doctor`, which runs that.
#
#   ok     so it is, and in brackets what is to know
#   note   a deploy may go on, but somebody should know
#   FAIL   a deploy would break something, or would not come to its end
#   ?      it could not be looked at: no finding, but no release either; what the tool said stands under it
# shellcheck disable=SC2154,SC2153 # what deploy.sh and lib.sh have set
set -euo pipefail

problems=0
# check WHAT NEXT COMMAND…: of 0 is ok, of 3 could not look, of 4 is a note, else it fails. What it says stands under the line.
check() {
  local what=$1 next=$2 said code=0
  shift 2
  said=$("$@" 2>&1) || code=$?
  case $code in
    0) say "  ok    $what${said:+ (${said//$'\n'/; })}" && return ;;
    4) say "  note  ${said//$'\n'/$'\n'        }" && return ;;
    3)
      say "  ?     could not be looked at: $what"
      next='run this again; the message above is that of the tool'
      ;;
    *) say "  FAIL  $what" ;;
  esac
  problems=$((problems + 1))
  [[ -z $said ]] || say "        ${said//$'\n'/$'\n'        }"
  say "        next: $next"
}

# ── the engine and this machine ──────────────────────────────────────────────────────────────────────────────────────

# is_below VERSION LEAST: by their first two numbers; fails too where VERSION has none, as a build of one's own.
is_below() {
  local form='^v?([0-9]{1,5})\.([0-9]{1,5})' major minor least_major least_minor
  [[ $1 =~ $form ]] || return 1
  number major "${BASH_REMATCH[1]}" && number minor "${BASH_REMATCH[2]}" || return 1
  number least_major "${2%.*}" && number least_minor "${2#*.}" || return 1
  [[ $major -lt $least_major || ($major -eq $least_major && $minor -lt $least_minor) ]]
}
versions_are_known() {
  local engine compose result=0
  engine=$(docker version --format '{{.Server.Version}}') && compose=$(docker compose version --short) || return 3
  ! is_below "$engine" 26.1 || { say "Docker $engine is older than 26.1, with which these scripts are tested" && result=1; }
  ! is_below "$compose" 2.26 || { say "Docker Compose $compose is older than 2.26" && result=1; }
  [[ $result -ne 0 ]] || say "Docker $engine, Compose $compose"
  return "$result"
}

# engine_is_usual: what is otherwise there than on most machines, and what it means here.
engine_is_usual() {
  local said options limits
  said=$(docker info --format '{{json .SecurityOptions}} {{.MemoryLimit}} {{.PidsLimit}}') || return 3
  options=${said%]*} limits=${said##*]}
  said=''
  case $options in *name=rootless*)
    said+=$'\n''Docker runs without root: ports below that of /proc/sys/net/ipv4/ip_unprivileged_port_start it may not publish, and scripts/firewall.sh does not reach its networks'
    ;;
  esac
  case $options in *name=userns*) said+=$'\n''root in a container is another user here (userns-remap): what that changes stands in SECURITY.md' ;; esac
  case $options in *name=selinux*)
    said+=$'\n''SELinux keeps containers from files without a label for them: chcon -R -t container_file_t nginx db ssl releases secrets, those that are there'
    ;;
  esac
  [[ $limits != *false* ]] || said+=$'\n''the kernel keeps no limits of memory or processes for this engine, whatever the compose file says: cgroup_enable=memory at boot, or cgroups v2 with delegation (docker info names what is missing)'
  [[ -z $said ]] || { say "${said#$'\n'}" && return 4; }
}

# memory_fits: what all containers may take together, against what there is.
memory_fits() {
  local text total bytes count limit replicas sum=0 service
  text=$(docker info --format '{{.MemTotal}}') || return 3
  number total "$text" 'the memory of this machine' || return 3
  service=$(APP_TAG=$new_image compose config 2>/dev/null | awk '
    /^[a-z]/ { inside = ($1 == "services:") }
    inside && /^  [^ ]/ { if (memory) print memory, count; memory = ""; count = 1 }
    inside && /^      replicas:/ { count = $2 }
    inside && /^        [a-z]+:/ { limits = ($1 == "limits:") }
    inside && limits && /^          memory:/ { gsub(/"/, "", $2); memory = $2 }
    END { if (memory) print memory, count }') || { say 'Compose does not read the files: why, stands below' && return 3; }
  while read -r limit replicas; do
    number bytes "$limit" 'a limit of memory' && number count "$replicas" 'replicas' || return 3
    sum=$((sum + bytes * count))
  done <<<"${service:-0 0}"
  [[ $sum -le $total ]] || {
    say "the containers may take $((sum / 1048576)) MiB of memory together, this machine has $((total / 1048576)): under load the kernel would end one of them"
    return 4
  }
  say "$((sum / 1048576)) of $((total / 1048576)) MiB"
}

# disk_has_room: for the dump, the image and its build: a gibibyte, and the size of the database.
disk_has_room() {
  local needed=$((1024 * 1024)) place text bytes free
  if running db 2>/dev/null; then
    text=$(sql postgres <<<"SELECT pg_database_size('$DATABASE');" 2>/dev/null) || text=0
    number bytes "$text" 'the size of the database' || return 3
    needed=$((needed + bytes / 1024))
  fi
  for place in . backups "$(docker info --format '{{.DockerRootDir}}')"; do
    [[ -d $place ]] || continue
    free=$(free_kib "$place") || return 3
    [[ $free -ge $needed ]] || { say "$((free / 1024)) MiB are free at $place, wanted are $((needed / 1024))" && return 1; }
  done
}

# clock_is_right: releases and dumps are in the order of their names, which are times.
clock_is_right() {
  local present newest kept=''
  present=$(date -u +%Y%m%dT%H%M%SZ)
  newest=$({ release_names && dumps | while IFS= read -r path; do echo "${path#"backups/$DATABASE-"}"; done; } | cut -c 1-16 | LC_ALL=C sort -r | head -n 1)
  [[ ! $newest > $present ]] || { say "it is $present by the clock of this machine, and the newest release or dump is of $newest" && return 1; }
  if command -v timedatectl >/dev/null && command -v timeout >/dev/null; then kept=$(timeout 3 timedatectl show --property NTPSynchronized --value 2>/dev/null) || kept=''; fi
  [[ $kept != no ]] || { say 'nothing keeps the clock of this machine right (NTP): certificates, tokens and releases go by it: timedatectl set-ntp true' && return 4; }
}

# names_resolve: side by side, as a name server that is away takes its time.
names_resolve() {
  local unknown
  command -v getent >/dev/null && command -v timeout >/dev/null || return 0
  unknown=$(
    for name in "${SITE_NAMES[@]}"; do { timeout 3 getent ahosts "${name/#\*./www.}" >/dev/null 2>&1 || echo "$name"; } & done
    wait
  )
  unknown=$(LC_ALL=C sort <<<"$unknown")
  [[ -z $unknown ]] || { say "DNS has no address for ${unknown//$'\n'/, }: visitors do not find it, and no certificate is issued for it" && return 4; }
}
ipv6_is_there() { (need_ipv6); }

# ── this directory ───────────────────────────────────────────────────────────────────────────────────────────────────

env_is_private() { [[ $(mode_of .env.production) == 600 ]] || { say "its mode is $(mode_of .env.production)" && return 1; }; }

# files_can_be_written: what the scripts write. A link may lead to a disk that is not there.
files_can_be_written() {
  local path result=0
  for path in . .env.production .lock backups releases ssl secrets audit.log rotation.log; do
    if [[ -L $path && ! -e $path ]]; then
      say "$path leads to $(readlink "$path"), which is not there: is the disk mounted?"
      result=1
    elif [[ -e $path && ! -w $path ]]; then
      say "$path belongs to $(owner_of "$path"), and $(id -un 2>/dev/null || id -u) may not write it"
      result=1
    fi
  done
  return "$result"
}

# git_can_be_read: without it a release has no revision, and scripts/rollback.sh git does not work.
git_can_be_read() {
  local said
  command -v git >/dev/null || { say 'git is not installed: the release has no revision' && return 4; }
  said=$(LC_ALL=C safe_git rev-parse --verify HEAD 2>&1) && return
  case $said in
    *'not a git repository'*) say 'in no git history: scripts/rollback.sh git does not work' ;;
    *'Needed a single revision'*) say 'nothing is committed yet' ;;
    *'dubious ownership'*) say "git does not trust this directory, which belongs to $(owner_of .), and the release has no revision: git config --global --add safe.directory $(printf %q "$PWD")" ;;
    *) say "git cannot read this repository, so the release has no revision: $said" ;;
  esac
  return 4
}

secrets_are_strong() {
  local weak
  weak=$(weak_secrets)
  [[ -z $weak ]] || { say "$weak" && return 1; }
}

# ── ports ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# listeners PROTOCOL ADDRESS PORT: who listens where nginx shall, as the kernel says, with the program where it tells; without ss, only
# whether somebody answers.
listeners() {
  local at any='^(0\.0\.0\.0|\*|\[::\])$'
  if command -v ss >/dev/null; then
    ss -H -n -p "-$1l" "sport = :$3" 2>/dev/null | while read -r _ _ _ at _ who; do
      at=${at%:*} at=${at%\%*}
      [[ $2 =~ ^(0\.0\.0\.0|::)?$ || $at =~ $any || ${at//[\[\]]/} == "$2" ]] || continue
      who=${who#users:((\"} who=${who%%\"*}
      echo "${who:-a program} at $at:$3"
    done
  elif [[ $1 == t ]]; then
    at=$2
    case $at in '' | 0.0.0.0 | ::) at=127.0.0.1 ;; esac
    ! (exec 3<>"/dev/tcp/$at/$3") 2>/dev/null || echo "a program at $at:$3"
  fi
}
# is_of_this_machine ADDRESS
is_of_this_machine() {
  local elsewhere=0
  case $1 in '' | 0.0.0.0 | :: | ::1 | 127.*) return ;; esac
  command -v ip >/dev/null || return 0
  [[ ! -r /proc/sys/net/ipv4/ip_nonlocal_bind ]] || number elsewhere "$(</proc/sys/net/ipv4/ip_nonlocal_bind)"
  [[ $elsewhere -ne 0 || -n $(ip -oneline address show to "$1" 2>/dev/null) ]]
}
# Those of nginx, before it has them; of what runs, Docker knows.
ports_are_free() {
  local variable at address port last_port number who taken='' result=0
  for variable in HTTP_PORT HTTPS_PORT; do
    at=$(env_get "$variable")
    if ! published "$at" || ! number number "$port" || [[ $number -lt 1 || $number -gt 65535 ]]; then
      say "$variable is '${at:0:40}', which is no port, nor an address and a port, as in 443, 127.0.0.1:8443 or [::1]:8443"
      result=1
      continue
    fi
    is_of_this_machine "$address" || { say "$variable: $address is no address of this machine (ip address)" && result=1; }
    [[ -z $last_port ]] || { say "$variable: '$at' is a range, and nginx listens on one port" && result=1; }
    [[ "$address $number" != "$taken" ]] || { say "HTTP_PORT and HTTPS_PORT are the same: $at" && result=1; }
    taken="$address $number"
    [[ -z $last_port && -z $(containers_of nginx --filter "publish=$number") ]] || continue
    who=$(listeners t "$address" "$number" | LC_ALL=C sort -u | head -n 3)
    [[ -n $who ]] || continue
    at=$(docker ps --filter "publish=$number" --format '{{.Names}}' | head -n 3 | paste -sd ' ' -)
    say "$variable: somebody has it, ${at:+the container $at: }${who//$'\n'/, }"
    result=1
  done
  return "$result"
}

# ── the release ──────────────────────────────────────────────────────────────────────────────────────────────────────

compose_is_valid() { APP_TAG=$new_image compose config --quiet; }
nginx_is_valid() {
  local said code=0
  # A dry run opens nothing to the containers, and makes no certificate.
  if [[ -n $dry_run && (! -f ssl/fullchain.pem || -n $(find nginx "${CLOSED[@]}")) ]]; then
    say 'not asked before the first deployment'
    return
  fi
  said=$(nginx_accepts 2>&1) || code=$?
  [[ $code -ne 0 ]] || return 0
  say "$said"
  # 125: Docker could not start the container.
  [[ $code -ne 125 ]] || return 3
  return 1
}
# In a shell of its own: that file has variables of the same names.
# shellcheck disable=SC2030,SC2031
database_is_of_major() (
  # shellcheck source=scripts/new-database.sh disable=SC1091
  . "$scripts/new-database.sh"
  major_findings
)
database_has_names() {
  # shellcheck disable=SC2034 # for in_db
  local db_id
  db_id=$(containers_of db --format '{{.ID}}')
  [[ -n $db_id ]] || return 0
  # What would mend it may be this very deploy.
  healthy db || { say 'the database is not well, so that its roles could not be looked at' && return 4; }
  database_name_findings
}

# restarts: what would be started anew and serves requests, a line each. The app is replaced without a failed one, whatever changes; the
# services of its image, and those of monitoring, serve none. As Compose decides it: by its hash of the service, and the image's id.
# shellcheck disable=SC2031
restarts() {
  local service id image hashes
  # That the file is not valid is said on a line of its own.
  hashes=$(APP_TAG=$new_image compose config --hash '*' 2>/dev/null) || return 0
  networks_fit || { say 'all of them: the networks are made anew, and the site is away until the release serves' && return 0; }
  APP_TAG=$new_image db_is_current || say 'db: what needs the database fails for some seconds'
  for service in nginx queue; do
    image=$(docker image inspect --format '{{.Id}}' "$(image_of "$service")" 2>/dev/null) || image=''
    for id in $(containers_of "$service" --format '{{.ID}}'); do
      [[ $'\n'$hashes$'\n' != *$'\n'"$service $(docker inspect --format '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$id")"$'\n'* ||
        $(docker inspect --format '{{index .Config.Labels "com.docker.compose.image"}}' "$id") != "$image" ]] || continue
      case $service in
        nginx) say 'nginx: nobody is let in for some seconds' ;;
        *) say "$service: what the app hands to it fails for some seconds" ;;
      esac
      break
    done
  done
}
app_alone_restarts() {
  local lines count
  # Nothing serves, or an interrupted change is finished first, which knows what it does.
  [[ -n $(containers_of nginx) && -n $(containers_of db) && -z $(env_get DB_CHANGE) ]] || return 0
  lines=$(restarts 2>&1) || return 3
  [[ -n $lines ]] || return 0
  count=$(grep -c . <<<"$lines")
  say "services that are started anew besides the app: $count"$'\n'"$lines"
  [[ -n $allow_restart$moved ]] && return 4
  return 1
}

preflight() {
  check 'Docker and Compose are of versions that these files work with' 'https://docs.docker.com/engine/install/, or the packages of your distribution' versions_are_known
  check 'nothing is unusual about the engine' 'docker info' engine_is_usual
  check 'the containers fit into the memory' 'docker info' memory_fits
  check 'there is room on the disk' 'docker image prune, docker builder prune, or a larger disk' disk_has_room
  check 'the clock is right' 'set the clock, timedatectl; or wait until that time has come' clock_is_right
  check 'DNS has the names of the site' 'a record of type A or AAAA for each' names_resolve
  check 'Docker gives IPv6 addresses' 'read the line above' ipv6_is_there
  check 'only the owner reads .env.production' 'chmod 600 .env.production' env_is_private
  check 'the files that the scripts write can be written' 'run this as the owner of the project, or as root' files_can_be_written
  check 'git knows the revision' 'git status' git_can_be_read
  check 'Compose hands on what .env.app and .env.production say' 'mend these lines' env_app_findings
  check 'the secrets are strong' 'scripts/rotate-secrets.sh NAME on a running stack; before the first start, empty the value and run scripts/generate-secrets.sh' secrets_are_strong
  check 'the ports of nginx are free, or its own' 'write others into .env.production, as in HTTPS_PORT=127.0.0.1:8443, or stop what has them: ss -ltnp, docker ps' ports_are_free
  check 'docker-compose.prod.yml is valid with .env.production' 'mend what is named above' compose_is_valid
  check 'nginx takes its configuration' 'mend the line that is named above' nginx_is_valid
  check 'the certificate is one that nginx can serve' 'as the line above says; for a new domain keep the old name for a time: --redirect-names' certificate_findings
  check 'the database is of the major version of its image' 'mend what is named above' database_is_of_major
  check 'the database has the roles and the name of these files' 'one of the two' database_has_names
  check 'nothing but the app is started anew' 'at a quiet hour: the same with --allow-restart' app_alone_restarts
}
