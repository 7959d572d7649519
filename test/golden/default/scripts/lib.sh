#!/usr/bin/env bash
# What the scripts of this directory share. Sourced from the project root, never run.
set -euo pipefail
umask 077
# Docker has mounts by their path: through a link to this directory they would be others.
cd -P .

# Programs are those of this machine, never the project's: no entry of PATH that is relative or lies in it.
own_path='' entry=''
while IFS= read -r -d : entry; do
  case $entry/ in "$PWD"/* | "$(pwd -P)"/* | [!/]* | /) ;; *) own_path+=:$entry ;; esac
done <<<"$PATH:"
PATH=${own_path#:}

APP_NAME='comic-pile'
# shellcheck disable=SC2034 # for the scripts that source this file
DATABASE='comic_pile'
read -r -a SITE_NAMES <<<'app.example.test'
SECRET_NAMES=(
  POSTGRES_PASSWORD
  DB_OWNER_PASSWORD
  DB_PASSWORD
  SECRET_KEY
)

# What these were before their last rotation, as NAME_PREVIOUS: the app accepts it too while the change goes on.
GRACE_NAMES=(
  DB_PASSWORD
  SECRET_KEY
)

# Compose lets the caller's environment win over --env-file: a stale `export DB_PASSWORD=…` must not reach the stack.
unset APP_TAG APP_RELEASE CONFIGURATION MOUNTED CANDIDATE LEAVING DOMAIN HTTP_PORT HTTPS_PORT POSTGRES_IMAGE DB_VOLUME DB_ARCHIVE "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"
# Nor may it choose other files, services or names than compose() does, or another form of what Compose prints. Another name of the
# project is refused below.
for entry in "${!COMPOSE_@}"; do [[ $entry == COMPOSE_PROJECT_NAME ]] || unset "$entry"; done
CONFIGURATION=''

# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

UTF8=$'^([\x01-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*$'

# plain TEXT: without what a terminal takes for a command, or shows elsewhere than it stands. What a container, a database or a
# file says is only ever shown.
plain() {
  local LC_ALL=C text=$1
  text=${text//[$'\x01'-$'\x08\x0b'-$'\x1f\x7f']/?}
  if [[ $text == *[$'\x80'-$'\xff']* ]]; then
    [[ $text =~ $UTF8 ]] || text=${text//[$'\x80'-$'\xff']/?}
    # C1, and what turns the direction of writing.
    text=${text//$'\xc2'[$'\x80'-$'\x9f']/?}
    text=${text//$'\xe2\x80'[$'\x8e\x8f\xaa'-$'\xae']/?}
    text=${text//$'\xe2\x81'[$'\xa6'-$'\xa9']/?}
  fi
  printf '%s\n' "$text"
}

# printable: the same for a stream, which may be long: ASCII.
printable() { LC_ALL=C tr -c '\t\n -~' '?'; }

# filtered COMMAND…: what it says on stderr is printable.
filtered() { { "$@" 2>&1 >&3 3>&- | printable >&2; } 3>&1; }

say() { plain "$*" >&2; }

# die WHAT [NEXT STEP]
die() {
  say "${0##*/}: $1"
  [[ $# -lt 2 ]] || say "  next: $2"
  exit 1
}

# misuse WHAT [NEXT STEP]: the arguments make no sense, nothing was looked at. Exit codes: 0 done and proved, 1 failed, 2 misuse,
# 75 another script is at work (EX_TEMPFAIL of sysexits.h).
misuse() {
  say "${0##*/}: $1"
  say "  next: ${2:-scripts/${0##*/} --help}"
  exit 2
}

# number NAME TEXT [WHAT]: the variable NAME becomes the decimal number that TEXT is, without leading zeros; where it is none,
# that is said, and the result is 1. bash computes what stands in a variable: of a[$(command)] it runs the command. So no text
# from outside gets into $((…)), a subscript or [[ … -lt … ]] but through here; a test of the generator looks.
number() {
  local LC_ALL=C
  if [[ -z $2 || $2 == *[!0123456789]* || ${#2} -gt 18 ]]; then
    say "${0##*/}: ${3:-$1} is no number of up to 18 digits: '${2:0:40}'"
    return 1
  fi
  printf -v "$1" '%s' "${2#"${2%%[!0]*}"}"
  [[ -n ${!1} ]] || printf -v "$1" 0
}

# A script's help is the comment at its top.
help_if_asked() {
  local argument
  for argument; do
    case $argument in -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" && exit 0 ;; esac
  done
}

# need TOOL…: each is installed. `docker` is the engine that this deployment is on, and what it has of this name is of this directory;
# `engine` any engine, for what touches no deployment.
need() {
  local tool
  for tool; do
    [[ $tool != engine ]] || tool=docker
    command -v "$tool" >/dev/null || die "$tool is not installed" "install $tool with the package manager of this machine"
    [[ $tool == docker ]] || continue
    docker compose version >/dev/null 2>&1 || die 'Docker Compose v2 is not installed' 'https://docs.docker.com/compose/install/linux/'
    docker version >/dev/null 2>&1 || die "$(id -un 2>/dev/null || :) cannot talk to the Docker engine" \
      'is it running? Run this as root or as a member of the group docker'
  done
  [[ " $* " != *' docker '* ]] || need_own_deployment
}

# safe_git ARGUMENT…: git, without any program that the settings of the repository name: no monitor of files, hook, pager, filter,
# driver of diffs or check of signatures, and no way to fetch. Submodules have settings of their own, and are not looked into.
safe_git() {
  local settings scope name
  local -a options=(
    --no-pager --no-optional-locks -c core.fsmonitor=false -c core.hooksPath=/dev/null -c protocol.allow=never
    -c log.showSignature=false -c status.submoduleSummary=false -c submodule.recurse=false
  )
  local -x GIT_ALLOW_PROTOCOL=none GIT_NO_LAZY_FETCH=1 GIT_TERMINAL_PROMPT=0
  # Root works for whom the project belongs to: these scripts are of the same owner. An audit from elsewhere leaves it to git.
  [[ -n ${COMICPILE_PROJECT:-} ]] || options+=(-c 'safe.directory=*')
  case $1 in
    status | diff | archive)
      settings=$(git "${options[@]}" config --show-scope --name-only --get-regexp '^(filter|hook)\.' 2>/dev/null) || [[ $? -eq 1 ]] || return 128
      while IFS=$'\t' read -r scope name; do
        [[ $name != *=* ]] || { say "git has a setting that cannot be switched off: $(printf %q "$name")" && return 128; }
        # Into a copy of a commit the filters write that whoever runs this has for all repositories, as Git LFS is.
        case $1:$scope:$name in
          archive:system:filter.* | archive:global:filter.* | *:) ;;
          *:hook.*) options+=(-c "${name%.*}.enabled=false") ;;
          *.required) options+=(-c "$name=false") ;;
          *) options+=(-c "$name=") ;;
        esac
      done <<<"$settings"
      ;;
  esac
  case $1 in
    diff) set -- "$1" --no-ext-diff --no-textconv --ignore-submodules=dirty "${@:2}" ;;
    log | show) set -- "$1" --no-ext-diff --no-textconv "${@:2}" ;;
    status) set -- "$1" --ignore-submodules=dirty "${@:2}" ;;
  esac
  git "${options[@]}" "$@"
}

# ── this machine: Linux, or macOS with its BSD tools ─────────────────────────────────────────────────────────────────

if stat -c %a . >/dev/null 2>&1; then
  mode_of() { stat -c %a -- "$1"; }
  uid_of() { stat -c %u -- "$1"; }
  gid_of() { stat -c %g -- "$1"; }
  stat_size() { stat -c %s -- "$1"; }
  owner_of() { stat -c %U -- "$1"; }
else
  mode_of() { stat -f %Lp -- "$1"; }
  uid_of() { stat -f %u -- "$1"; }
  gid_of() { stat -f %g -- "$1"; }
  stat_size() { stat -f %z -- "$1"; }
  owner_of() { stat -f %Su -- "$1"; }
fi

# size_of FILE: in bytes.
size_of() {
  local bytes
  number bytes "$(stat_size "$1")" "the size of $1" && echo "$bytes"
}

# sha256 [FILE…], as sha256sum prints it.
if command -v sha256sum >/dev/null; then
  sha256() { sha256sum "$@"; }
else
  sha256() { shasum -a 256 "$@"; }
fi
sha256_of() {
  local sum
  sum=$(sha256 <"$1") && printf '%s' "${sum%% *}"
}

# sha256_fits SUMS: the files that it names, beside it, are what they were; one that is missing is not.
sha256_fits() { [[ -s $1 ]] && (cd "$(dirname "$1")" && sha256 -c "${1##*/}" >/dev/null 2>&1); }

# flush PATH: onto the disk. The sync of BSD takes no file, and writes all.
flush() { sync -- "$1" 2>/dev/null || sync; }

# free_kib DIRECTORY
free_kib() {
  local kib
  number kib "$(df -Pk "$1" | awk 'END { print $4 }')" "the free space at $1" && echo "$kib"
}

# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# Temporary names go here; whatever still exists when the script ends is removed.
litter=()
sweep() { rm -rf -- ${litter[@]+"${litter[@]}"}; }
trap sweep EXIT
# Docker's client ends by itself at Ctrl-C, and what it did not do is no finding.
trap 'exit 130' INT

# regular PATH: a file in the project that is one, and no link leads to it: what lies elsewhere is nobody's to show, and a pipe or a
# device would hold this up.
regular() {
  local part=$1
  [[ -f $1 && -r $1 && $1 != /* && /$1/ != */../* ]] || return 1
  until [[ -L $part ]]; do
    [[ $part == */* ]] || return 0
    part=${part%/*}
  done
  return 1
}

# open_lock NAME: file descriptor 9 on .lock/NAME. Of a file that others may read, any user of this machine could have the lock, and
# no backup would ever begin: so it is 0600, in a folder (0700) of the owner of this project. Never through a link.
open_lock() {
  local folder=.lock file=.lock/$1
  # Before, it was a file, which said who is at work.
  [[ -L $folder || ! -f $folder ]] || rm -f -- "$folder"
  if mkdir -m 0700 "$folder" 2>/dev/null; then own_like . "$folder"; fi
  if [[ -d $folder && ! -L $folder && $(mode_of "$folder") == *700 && ! -L $file ]]; then
    if (set -o noclobber && : >"$file") 2>/dev/null; then own_like . "$file"; fi
    if [[ -f $file && ! -L $file ]] && { exec 9<"$file"; } 2>/dev/null; then return 0; fi
  fi
  die "$file cannot be opened" "run this as the owner of this project, or as root; if it is another's: rm -r $folder"
}

# One script at a time. The lock goes with the process that has it, however that ends; .lock/by only says who has it, and since
# when. A script that another one calls passes.
#   COMICPILE_LOCK_WAIT   seconds to wait for it (none)
lock() {
  local waited=0 limit
  [[ -z ${COMICPILE_LOCKED:-} ]] || return 0
  number limit "${COMICPILE_LOCK_WAIT:-0}" COMICPILE_LOCK_WAIT || exit 2
  # The service `backups` cannot make it: where there is none, no script of the host has ever been at work.
  if beside_db && [[ ! -f .lock/scripts ]]; then return 0; fi
  open_lock scripts
  until take_lock; do
    if [[ $waited -ge $limit ]]; then
      say "${0##*/}: another script of this project is at work: $(cat .lock/by 2>/dev/null || echo 'one that has just begun, or the service backups')"
      say '  next: wait until it has ended, then run this again'
      exit 75
    fi
    sleep 1
    waited=$((waited + 1))
  done
  export COMICPILE_LOCKED=yes
  # The service `backups` may not write here.
  ! beside_db || return 0
  # A script that was killed could not remove its half-made files, and some hold secrets.
  rm -f -- .lock/by .env.production.new-?????? secrets/.new-??????
  litter+=(.lock/by)
  { printf '%s of %s since %s, process %s\n' "${0##*/}" "$(operator)" "$(now)" "$$" >.lock/by && own_like . .lock/by; } 2>/dev/null || :
  if [[ -d releases/live ]]; then
    # shellcheck source=scripts/releases.sh disable=SC1091
    . scripts/releases.sh
    settle_releases
  fi
}

# take_lock: 0 or 1 at once. macOS has no flock, but Perl, which locks the same open file.
take_lock() {
  if command -v flock >/dev/null; then
    flock -n 9
  else
    need perl
    perl -MFcntl=:flock -e 'open(my $file, "<&=", 9) or exit 2; exit(flock($file, LOCK_EX | LOCK_NB) ? 0 : 1)'
  fi
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
# Where a user has no name, `id -un` prints the number and fails.
operator() { printf '%s@%s' "${SUDO_USER:-$(id -un 2>/dev/null || :)}" "$(uname -n)"; }

# audit ACTION RESULT [KEY=VALUE…]: a line of audit.log (0600): when, what, how it ended, who. Values have no blanks.
audit() {
  local line
  line="$(now) $1 $2 by=$(operator)"
  shift 2
  line=$(plain "$line${*:+ $*}")
  line=${line//$'\n'/?}
  # Not a bare `return`: in a trap that is the status from before it.
  if beside_db; then say "$line" && return 0; fi
  if [[ ! -e audit.log ]]; then : >audit.log && own_like . audit.log && chmod 0600 audit.log; fi
  { printf '%s\n' "$line" >>audit.log; } 2>/dev/null || say "audit.log cannot be written: $line"
}

# run_hook NAME [KEY=VALUE…]: ops/hooks/NAME, when there is one, with these in its environment.
run_hook() {
  local hook=ops/hooks/$1
  shift
  [[ -e $hook ]] || return 0
  [[ -x $hook ]] || { say "$hook is there, but nobody may run it: chmod +x $hook" && return 1; }
  say "running $hook"
  env APP_NAME="$APP_NAME" "$@" "$hook" </dev/null >&2
}

# own_like REFERENCE FILE: a file that root writes stays usable for the plain user whom the project belongs to.
own_like() { [[ $EUID -ne 0 ]] || chown -h "$(uid_of "$1")" "$2"; }

# grant FILE GID: readable for the owner and for the one group that a container runs as. A plain user may not give a
# file to a group that he is not in; a container with that single capability may.
grant() {
  if [[ $(gid_of "$1") != "$2" ]]; then
    if [[ $EUID -eq 0 ]]; then
      chgrp "$2" "$1"
    else
      docker run --rm --network none --read-only --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges \
        --user 0 --entrypoint chgrp --mount "type=bind,source=$PWD/$1,target=/file" "$(image_of nginx)" "$2" /file
    fi
  fi
  [[ $(mode_of "$1") == 640 ]] || chmod 0640 "$1"
}

# open_to_containers PATH…: a checkout under umask 077 is closed to the users that containers run as.
CLOSED=(\( ! -perm -o=r -o -type d ! -perm -o=x \))
open_to_containers() {
  find "$@" "${CLOSED[@]}" -exec chmod o+rX {} + ||
    die "the containers may not read all of: $*" "chmod -R o+rX $*"
}

# ── whose deployment this is ─────────────────────────────────────────────────────────────────────────────────────────
#
# A deployment is its directory, its name and its engine. To Docker the name is all: from a copy of this directory, or another
# project of this name, Compose would take over what runs, with its data. So an empty volume beside those of the deployment has the
# directory in a label. Deployments from before it are known by the label that Compose gives to containers.

MARK=${APP_NAME}_deployment
# --moved of scripts/deploy.sh: what the label names is gone, and this is it.
moved=''

# made_in: the directory that what this engine has of this name was made in; nothing when there is nothing of it, or nobody can tell.
made_in() {
  local directory
  if [[ -n $(docker volume ls --quiet --filter "name=^$MARK$") ]]; then
    directory=$(docker volume inspect --format '{{index .Labels "comicpile.directory"}}' "$MARK")
    # Alone it is that of a first deploy at work, or what `docker compose down --volumes` leaves: nobody's where the directory is gone too.
    if [[ -d $directory ]] || has_anything; then printf '%s\n' "$directory"; fi
  else
    docker ps --all --filter "label=com.docker.compose.project=$APP_NAME" --filter label=com.docker.compose.oneoff=False \
      --format '{{.Label "com.docker.compose.project.working_dir"}}' | LC_ALL=C sort -u | head -n 20
  fi
}
has_anything() { [[ -n $(project_containers --all)$(volumes_of_name) ]]; }
volumes_of_name() { docker volume ls --quiet --filter "label=com.docker.compose.project=$APP_NAME" | grep -vxF "$MARK" || :; }
# `initial` is what .env.production is born with.
has_deployed() { case $(env_get APP_TAG) in '' | initial) return 1 ;; esac }

# engine_is_ours: the one of the last deployment from here.
engine_is_ours() {
  local known answers
  [[ -f .lock/engine && ! -L .lock/engine ]] || return 0
  known=$(head -c 200 .lock/engine)
  [[ -n $known ]] || return 0
  answers=$(docker info --format '{{.ID}}') && [[ -n $answers ]] || die 'the Docker engine does not answer' 'run this again; the message above is that of docker'
  [[ $known == "$answers" ]]
}

# need_own_deployment: nothing of another deployment is started, signalled, read or removed from here.
need_own_deployment() {
  local directory found='' name=${COMPOSE_PROJECT_NAME:-}
  case $PWD in
    *[,:%]* | *$'\n'*) die "the path of this directory has a character that Docker's mounts, or Compose, cannot have (, or : or % or a line's end): $(printf %q "$PWD")" \
      "move it, for example to /srv/$APP_NAME" ;;
  esac
  [[ -n $name || ! -r .env.production ]] || name=$(env_get COMPOSE_PROJECT_NAME)
  [[ -z $name || $name == "$APP_NAME" ]] || die "COMPOSE_PROJECT_NAME is $(printf %q "$name"), but this deployment is $APP_NAME" \
    'unset COMPOSE_PROJECT_NAME; for a second deployment: another directory, generated with --app-name'
  unset COMPOSE_PROJECT_NAME
  [[ -n $moved ]] || engine_is_ours || die "this deployment is on another Docker engine than the one that answers here$(engine_named)" \
    'leave DOCKER_HOST and DOCKER_CONTEXT empty, and see docker context ls; on a new machine or a new engine: scripts/deploy.sh --moved'
  while IFS= read -r directory; do
    [[ -n $directory ]] || continue
    found=yes
    [[ ! $directory -ef . ]] || continue
    [[ ! -d $directory ]] || die "$APP_NAME on this engine is the deployment in $(printf %q "$directory"), not this directory; nothing was touched" \
      "work there. A copy with another name beside it: yo comicpile --app-name $APP_NAME-2, in this directory, with other ports in .env.production$(given_up)"
    [[ -n $moved ]] || die "$APP_NAME on this engine was deployed from $(printf %q "$directory"), which is gone; nothing was touched" \
      'was it moved here? scripts/deploy.sh --moved'
  done < <(made_in)
  [[ -n $found$moved ]] || has_deployed || [[ -z $(volumes_of_name) ]] ||
    die "this engine has volumes of a deployment $APP_NAME that was not made from this directory; nothing was touched" \
      "docker volume ls --filter label=com.docker.compose.project=$APP_NAME. Is this its directory now, with its .env.production and secrets? scripts/deploy.sh --moved"
  # Of another name it would be another deployment, with volumes of its own.
  while IFS= read -r directory; do
    name=${directory%_deployment}
    [[ $name == "$APP_NAME" || -z $(docker ps --all --quiet --filter "label=com.docker.compose.project=$name") ]] ||
      die "this directory is the deployment $name, and these files are of $APP_NAME, which would have a database of its own; nothing was touched" \
        "take back the answer: yo comicpile --app-name $name; a second deployment has a directory of its own"
  done < <(docker volume ls --quiet --filter "label=comicpile.directory=$(pwd -P)")
}
# need_own_where_engine: for what works without an engine, and signals what runs where there is one.
need_own_where_engine() { ! docker version >/dev/null 2>&1 || need docker; }
# given_up: where nothing but the mark is left, how it goes.
given_up() { has_anything || printf '. Nothing of it is left: if it is given up, docker volume rm %s' "$MARK"; }
engine_named() { printf '%s' "${DOCKER_HOST:+ (DOCKER_HOST=$DOCKER_HOST)}${DOCKER_CONTEXT:+ (DOCKER_CONTEXT=$DOCKER_CONTEXT)}"; }

# own_deployment: from now on what this engine has of this name is of this directory. For deploy.sh, before it starts anything: of
# two at once, the second is refused.
own_deployment() {
  local here
  here=$(pwd -P)
  # One that names a directory which is gone. Where there is none, nothing is removed: making it is the one step that only one of two
  # can take.
  if [[ -n $(docker volume ls --quiet --filter "name=^$MARK$") ]] && [[ -n $moved || -z $(made_in) ]]; then docker volume rm "$MARK" >/dev/null 2>&1 || :; fi
  docker volume create --label "com.docker.compose.project=$APP_NAME" --label com.docker.compose.volume=deployment \
    --label "comicpile.directory=$here" "$MARK" >/dev/null || return 1
  [[ $(docker volume inspect --format '{{index .Labels "comicpile.directory"}}' "$MARK") -ef . ]] || { moved='' && need_own_deployment; }
  docker info --format '{{.ID}}' >.lock/engine && own_like . .lock/engine
}

# disown_deployment: after a first deploy that has made nothing, another directory may have the name.
disown_deployment() { has_anything || docker volume rm "$MARK" >/dev/null 2>&1 || :; }

# ── .env.production and the secrets ──────────────────────────────────────────────────────────────────────────────────

need_env() {
  [[ -f .env.production ]] || die '.env.production does not exist' 'scripts/generate-secrets.sh'
  [[ -r .env.production ]] || die "$(id -un 2>/dev/null || :) may not read .env.production" 'run this as the owner of the file, or as root'
}

# What Compose takes for a blank in an environment file, byte by byte; how an assignment begins (KEY: value too), and how the
# line of a quoted value ends.
BLANK=$'([\t\v\f\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)'
ASSIGNMENT="^$BLANK*(export$BLANK+)?([]["$'A-Za-z0-9_.\x80-\xff-'"]+)$BLANK*[=:]$BLANK*"
LINE_END="^$BLANK*(#.*)?\$"
REFERENCE=$'^([A-Za-z_][A-Za-z0-9_]*)((:?)([-+?])([^\n]*))?$'

# env_text FILE: into `rest`, without a byte order mark, and without NUL, which no variable can hold.
env_text() {
  local part
  rest=''
  while IFS= read -r -d '' part; do rest+=$part; done <"$1"
  rest+=$part
  rest=${rest#$'\xef\xbb\xbf'}
}

# env_statement: takes a line off `rest`, or the lines of a quoted value. `taken` is its text; `key`, `quote` and `value` are
# what it says, `key` empty where it gives no value to any. Fails at the end. The caller has LC_ALL=C.
env_statement() {
  local line=${rest%%$'\n'*}
  [[ -n $rest ]] || return 1
  key='' quote='' value='' taken=$line$'\n'
  if [[ $line =~ $ASSIGNMENT ]]; then
    key=${BASH_REMATCH[4]} value=${line:${#BASH_REMATCH[0]}}
    while [[ $key =~ $BLANK$ ]]; do key=${key%"${BASH_REMATCH[0]}"}; done
    case $value in \"* | \'*) quote=${value:0:1} ;; esac
    if [[ -z $quote ]] || ! env_quoted "${rest:${#line}-${#value}+1}"; then
      quote='' value=${value%%' #'*}
      while [[ $value =~ $BLANK$ ]]; do value=${value%"${BASH_REMATCH[0]}"}; done
    fi
  fi
  rest=${rest:${#taken}}
}

# env_quoted TEXT: `value` and `taken` up to the quote that closes the one before TEXT; fails where none does.
env_quoted() {
  local text=$1 part body='' backslashes line
  while [[ $text == *"$quote"* ]]; do
    part=${text%%"$quote"*}
    # By the length: a pattern from the front takes a minute for a long value.
    text=${text:${#part}+1}
    body+=$part backslashes=${part##*[!\\]}
    if ((${#backslashes} % 2)); then
      body=${body%?}$quote
      continue
    fi
    value=$body line=${text%%$'\n'*}
    [[ ! $line =~ $LINE_END ]] || text=${text:${#line}+1}
    taken=${rest:0:${#rest}-${#text}}
    return 0
  done
  return 1
}

# env_unescape: `value` as it is meant in double quotes.
env_unescape() {
  local text=$value character part
  value=''
  while [[ $text == *\\* ]]; do
    part=${text%%\\*}
    value+=$part text=${text:${#part}+1}
    case $text in
      [abfnrtv]*) printf -v character '%b' "\\${text:0:1}" && value+=$character ;;
      \\*) value+=\\ ;;
      \$*) value+='$$' ;;
      0[01][0-7][0-7]*) printf -v character '%b' "\\${text:0:4}" && value+=$character text=${text:3} ;;
      0*) value+=\\ ;;
      *) value+=\\${text:0:1} ;;
    esac
    text=${text:1}
  done
  value+=$text
}

# env_variable NAME: into `variable`; fails where nobody sets it. As with Compose, the environment goes before the file.
env_variable() {
  if variable=$(printenv "$1"); then return; fi
  variable=${env[$1]-}
  [[ -n ${env[$1]+set} ]]
}

# env_expand TEXT: into `expanded`, with $NAME, ${NAME} and ${NAME:-instead} resolved; fails where Compose refuses the file.
env_expand() {
  local text=$1 whole='' variable part body braces open
  while [[ $text == *\$* ]]; do
    part=${text%%\$*}
    whole+=$part text=${text:${#part}+1}
    if [[ $text =~ ^[A-Za-z_][A-Za-z0-9_]* ]]; then
      text=${text:${#BASH_REMATCH[0]}}
      env_variable "${BASH_REMATCH[0]}" || :
      whole+=$variable
    elif [[ $text == \{* ]]; then
      text=${text:1} body='' open=1
      while [[ $open -gt 0 ]]; do
        [[ $text == *\}* ]] || return 1
        part=${text%%\}*} text=${text#*\}} braces=${part//[!\{]/}
        body+=$part open=$((open + ${#braces} - 1))
        [[ $open -eq 0 ]] || body+=\}
      done
      env_resolve "$body" || return 1
      whole+=$variable
    else
      whole+=\$ text=${text#\$}
    fi
  done
  expanded=$whole$text
}

# env_resolve REFERENCE: into `variable`, what stood between the braces.
env_resolve() {
  local is_set=yes colon sign instead
  [[ $1 =~ $REFERENCE ]] || return 1
  colon=${BASH_REMATCH[3]} sign=${BASH_REMATCH[4]} instead=${BASH_REMATCH[5]}
  env_variable "${BASH_REMATCH[1]}" || is_set=''
  [[ -z $colon || -n $variable ]] || is_set=''
  case $sign$is_set in
    - | +yes) env_expand "$instead" && variable=$expanded ;;
    \?) return 1 ;;
  esac
}

# read_env FILE: the values of an environment file into the caller's associative array `env`, as Compose reads them; a later
# line of the same key wins.
read_env() {
  local LC_ALL=C rest taken key quote value expanded
  env_text "$1"
  while env_statement; do
    [[ -n $key ]] || continue
    [[ $quote != \" ]] || env_unescape
    [[ $quote == \' ]] || ! env_expand "$value" || value=$expanded
    env[$key]=$value
  done
}

# ── what Compose would make of them ──────────────────────────────────────────────────────────────────────────────────
#
# What stands in .env.app is what the app gets, byte by byte; what Compose would change on the way is refused. Its `format: raw` is
# newer than the Compose of Debian 13, and would leave the quotes in the value.

# What Compose replaces, outside of single quotes: $NAME, ${…} and $$.
REPLACED='\$[A-Za-z_{$]'

# env_finding WHAT INSTEAD: the line, the name where it is one, and never the value.
env_finding() {
  local name=${key:-}
  [[ $name =~ ^[A-Za-z_][A-Za-z0-9_.-]{0,63}$ ]] || name='the variable'
  found=yes
  printf '%s line %s: %s %s: %s\n' "$file" "$row" "$name" "$1" "${2//NAME/$name}"
}

IN_QUOTES="write NAME='…', with \\' for each ' in it"
# In single quotes a backslash cannot stand at the end, or before a quote.
IN_DOUBLE='write NAME="…", with \\ for each \, \" for each " and \$ for each $ in it'

# env_statement_finding: of the statement that env_statement took, where it has one; `last` where what follows it cannot be told.
env_statement_finding() {
  local head raw=$taken pairs
  if [[ -z $key ]]; then
    [[ ${taken%$'\n'} =~ $LINE_END ]] || env_finding 'is given no value' 'each line is NAME=value, or begins with #; a value of several lines stands in quotes'
    return 0
  fi
  [[ ${taken:0:1024} =~ $ASSIGNMENT ]] && head=${BASH_REMATCH[0]} && raw=${taken:${#head}} raw=${raw%$'\n'} raw=${raw%$'\r'}
  if [[ -z $quote && $raw == [\"\']* ]]; then
    env_finding 'has a quote that never closes' "$IN_DOUBLE"
    last=yes
  elif [[ -n $quote && $taken != *$'\n' ]]; then
    env_finding 'has something after the quote that closes its value' "$IN_DOUBLE"
    last=yes
  elif [[ -z $quote && $value =~ $REPLACED ]]; then
    env_finding 'has a $, for which Compose puts another value' "$IN_QUOTES"
  elif [[ $quote == \" ]]; then
    # An escaped $ is one.
    pairs=${value//\\?/-}
    [[ ! $pairs =~ $REPLACED ]] || env_finding 'has a $ in double quotes, for which Compose puts another value' "$IN_QUOTES, or \\\$ for each \$"
  elif [[ -z $quote && -n $literal && $raw != "$value" ]]; then
    env_finding 'has a blank, or a blank and #, where Compose cuts the value' "$IN_QUOTES; a comment stands on a line of its own"
  elif [[ -z $quote && -n $literal && $head == *=?* && $head != *[$' \t']=* ]]; then
    env_finding 'has a blank after the =, which Compose takes away' "$IN_QUOTES, or no blank"
  fi
  if [[ $((${#key} + ${#value} + 2)) -gt 131072 ]]; then
    env_finding 'has more than 128 KiB, with which Linux starts no program' 'give it as a file'
  elif [[ $value == *[$'\x80'-$'\xff']* && ! $value =~ $UTF8 ]]; then
    env_finding 'is no UTF-8, and Docker would replace what it does not know' 'write it in UTF-8, or as base64'
  fi
}

# env_findings FILE [literal]: a line for each value that Compose would change, take from elsewhere or refuse; literal: comments and
# blanks count too. 1 where there is one.
env_findings() {
  local LC_ALL=C file=$1 literal=${2:-} rest taken key quote value row=1 found='' last='' breaks
  [[ -e $file ]] || return 0
  [[ -f $file && -r $file ]] || { printf '%s cannot be read by %s\n' "$file" "$(id -un 2>/dev/null || id -u)" && return 1; }
  cmp -s -- "$file" <(tr -d '\0' <"$file") || { printf '%s has a NUL byte, which no variable can hold: write it as base64\n' "$file" && return 1; }
  env_text "$file"
  while [[ -z $last ]] && env_statement; do
    env_statement_finding
    breaks=${taken//[!$'\n']/}
    row=$((row + ${#breaks}))
  done
  [[ -z $found ]]
}

# env_app_findings: of both files.
env_app_findings() {
  local worked=0
  env_findings .env.app literal || worked=1
  env_findings .env.production || worked=1
  own_names_findings || worked=1
  return "$worked"
}

# own_names_findings: to an app a variable is before a file, and no rotation would reach it.
own_names_findings() {
  local name worked=0
  local -A env=()
  [[ -f .env.app && -r .env.app ]] || return 0
  read_env .env.app
  for name in "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"; do
    [[ -z ${env[$name]+there} ]] || { echo ".env.app has $name, which the deployment draws, gives and rotates (secrets/${name,,}): take the line out" && worked=1; }
  done
  return "$worked"
}

# need_env_app: before anything is changed by a script that may start the app.
need_env_app() {
  local said
  said=$(env_app_findings) || die "Compose would not hand on what is written; nothing was changed"$'\n'"$said" 'mend these lines, then run this again'
}

# without_values: what Compose says of these files, without the pieces of values that it quotes: a password with a $ in it would stand
# on the terminal, and in the log of a timer.
without_values() {
  local line withheld=''
  while IFS= read -r line || [[ -n $line ]]; do
    case $line in
      *'" variable is not set'* | *'unterminated quoted value'* | *'unexpected character '*' in variable name '*) ;;
      *'nvalid template: "'* | *'invalid interpolation format'* | *'key cannot contain a space'*) ;;
      *'required variable'*'is missing a value'*)
        if env_app_findings >/dev/null; then printf '%s\n' "$line" && continue; fi
        ;;
      *) printf '%s\n' "$line" && continue ;;
    esac
    [[ -z $withheld ]] || continue
    withheld=yes
    say 'Compose does not take a value as it is written, in one of these lines (its own words would show pieces of it):'
    env_app_findings >&2 || continue
    say 'docker compose config, where nobody else looks, says which'
  done
}

# env_get KEY: the value, or nothing.
env_get() {
  local -A env=()
  [[ ! -f .env.production ]] || read_env .env.production
  printf '%s' "${env[$1]-}"
}

# replace_file NEW FILE: on the disk first, then a rename: whoever reads sees the old file or the new one, never half,
# whenever the script is killed or the machine loses its power.
replace_file() { flush "$1" && mv -f -- "$1" "$2" && flush "$(dirname "$2")"; }

# env_write <KEY=value lines: all of them at once.
env_write() {
  local LC_ALL=C line key quote value taken rest new text='' keys=' ' done_=' '
  local -A wanted=()
  while IFS= read -r line; do
    key=${line%%=*}
    keys+="$key "
    wanted[$key]=$line
  done
  env_text .env.production
  while env_statement; do
    if [[ -z $key || $keys != *" $key "* ]]; then
      text+=${taken%$'\n'}$'\n'
    elif [[ $done_ != *" $key "* ]]; then
      text+=${wanted[$key]}$'\n'
      done_+="$key "
    fi
  done
  for key in $keys; do [[ $done_ == *" $key "* ]] || text+=${wanted[$key]}$'\n'; done
  new=$(mktemp .env.production.new-XXXXXX) || return 1
  litter+=("$new")
  printf '%s' "$text" >"$new" && own_like .env.production "$new" && chmod 0600 "$new" &&
    replace_file "$new" .env.production
}

# env_set KEY <VALUE
env_set() { env_write < <(printf '%s=%s\n' "$1" "$(cat)"); }

# The secrets are files under ./secrets that Compose mounts at /run/secrets; group 10001 is the app's (db joins it).
secret_get() { [[ ! -f secrets/${1,,} ]] || printf '%s' "$(<"secrets/${1,,}")"; }

# secrets_write <NAME=value lines: one file after the other, in this order.
secrets_write() {
  local line new
  [[ -d secrets ]] || { mkdir -m 0700 secrets && own_like . secrets; } || return 1
  while IFS= read -r line; do
    new=$(mktemp secrets/.new-XXXXXX) || return 1
    litter+=("$new")
    printf '%s' "${line#*=}" >"$new" && own_like secrets "$new" && grant "$new" 10001 || return 1
    line=${line%%=*}
    replace_file "$new" "secrets/${line,,}" || return 1
  done
}

# 32 bytes from the system's generator as base64url without padding: as strong as `openssl rand -base64 32`, and safe in
# a URL, in an ini file and in Compose's interpolation.
draw_secret() { openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'; }

# weakness VALUE: why it is no production secret; nothing when it is one. The generator judges the same way.
weakness() {
  local LC_ALL=C rest=$1 different=0 placeholder='change.?(me|it|this)|replace.?(me|it|this)|placeholder|password|secret|example|insecure|default|local.?only'
  while [[ -n $rest ]]; do
    rest=${rest//"${rest:0:1}"/}
    different=$((different + 1))
  done
  if [[ -z $1 ]]; then
    echo 'is missing'
  elif [[ ! $1 =~ ^[A-Za-z0-9_-]+$ ]]; then
    echo 'has characters besides letters, digits, - and _, which break a URL'
  elif [[ ${#1} -lt 43 ]]; then
    echo 'is shorter than 43 characters'
  elif [[ ${1,,} =~ $placeholder ]]; then
    echo 'is a placeholder'
  elif [[ $different -lt 12 ]]; then
    echo 'has fewer than 12 different characters'
  fi
}

# weak_secrets: a line for each secret that is none: its name and the reason, never the value.
weak_secrets() {
  local name value reason development=''
  local -A holders=()
  [[ ! -f docker-compose.yml ]] || development=$(<docker-compose.yml)
  for name in "${SECRET_NAMES[@]}"; do
    value=$(secret_get "$name")
    reason=$(weakness "$value")
    if [[ -z $reason ]]; then
      if [[ -n ${holders[$value]:-} ]]; then
        reason="is the same as ${holders[$value]}"
      elif [[ $development == *"$value"* ]]; then
        reason='stands in docker-compose.yml, which is in git'
      fi
      holders[$value]=${holders[$value]:-$name}
    fi
    [[ -z $reason ]] || printf '%s %s\n' "$name" "$reason"
  done
}

need_strong_secrets() {
  local weak
  weak=$(weak_secrets)
  [[ -z $weak ]] || die "not strong enough for production: ${weak//$'\n'/; }" \
    'scripts/rotate-secrets.sh NAME on a running stack; before the first start, empty the value and run scripts/generate-secrets.sh'
}

# rotated_at NAME: when it last got a new value; nothing when that is not known.
rotated_at() { sed -n "s/^\([^ ]*\) rotated\( .*\)\{0,1\} $1\( .*\)\{0,1\}$/\1/p" rotation.log 2>/dev/null | tail -n 1; }
# rotation_interrupted: rotate-secrets.sh began and was killed before its end.
rotation_interrupted() { [[ -s rotation.log && $(tail -n 1 rotation.log) == *' started '* ]]; }

# ── containers ───────────────────────────────────────────────────────────────────────────────────────────────────────

# configuration: the folder whose compose files and configuration are used: the project itself until a deploy has kept them, then
# releases/live. A deploy names another one.
configuration() {
  local from=${CONFIGURATION:-$(env_get CONFIGURATION)}
  echo "${from:-.}"
}

# The only place that calls Compose. Before the first release there is no APP_TAG yet; `none` lets db and nginx be named. Whatever
# files are used, they are mounted from releases/live when they run.
compose() {
  local tag=${APP_TAG:-$(env_get APP_TAG)} from mounted
  local -a files=(-f docker-compose.prod.yml)
  from=$(configuration)
  mounted=${MOUNTED:-${CONFIGURATION:+./releases/live}}
  [[ $from == . ]] || files=(--project-directory . "${files[@]/#docker/$from/docker}")
  # The name is ours whatever the environment, or .env.production, says.
  {
    APP_TAG=${tag:-none} CONFIGURATION=${mounted:-$from} docker compose --project-name "$APP_NAME" "${files[@]}" --env-file .env.production "$@" 2>&1 >&3 3>&- |
      without_values >&2
  } 3>&1
}

volume_of_db() {
  local volume
  volume=$(env_get DB_VOLUME)
  echo "${volume:-${APP_NAME}_db-data}"
}

# image_of SERVICE: as docker-compose.prod.yml pins it, or .env.production where that may name another one.
image_of() {
  local image named='^\$\{([A-Z_]+):-(.+)\}$'
  image=$(awk -v service="$1" '
    /^  [a-z]/ { inside = ($1 == service ":") }
    inside && $1 == "image:" { gsub(/["\047]/, "", $2); print $2; exit }' "$(configuration)/docker-compose.prod.yml")
  if [[ $image =~ $named ]]; then
    image=$(env_get "${BASH_REMATCH[1]}")
    image=${image:-${BASH_REMATCH[2]}}
  fi
  echo "$image"
}

# containers_of SERVICE [docker ps options]: the names of those that run, by Docker's labels: that needs no readable
# configuration, and a third of the time that Compose takes.
containers_of() {
  docker ps --format '{{.Names}}' --filter "label=com.docker.compose.project=$APP_NAME" \
    --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False "${@:2}"
}

# project_containers [docker ps options]: the ids of those of this project; with --all of those that have ended too.
project_containers() {
  docker ps --quiet --no-trunc --filter "label=com.docker.compose.project=$APP_NAME" "$@"
}

running() { [[ -n $(compose ps --quiet --status running "$1") ]]; }

# The networks that the compose files ask for: name, whether it is internal, its bridge.
NETWORKS=(
  'front false comica83b-front'
  'edge true comica83b-edge'
  'backend true comica83b-back'
  'acme false comica83b-acme'
)

# networks_fit: those that are there are those that the compose files ask for. Compose looks at that in some versions only, and
# goes on with what is there in the others.
networks_fit() {
  local network known=$'\n'
  local -a ids
  mapfile -t ids < <(docker network ls --quiet --filter "label=com.docker.compose.project=$APP_NAME")
  [[ ${#ids[@]} -gt 0 ]] || return 0
  for network in "${NETWORKS[@]}"; do known+=$network$'\n'; done
  while IFS= read -r network; do
    [[ $known != *$'\n'"${network%% *} "* || $known == *$'\n'"$network"$'\n'* ]] || return 1
  done < <(docker network inspect --format '{{index .Labels "com.docker.compose.network"}} {{.Internal}} {{index .Options "com.docker.network.bridge.name"}}' "${ids[@]}")
}

# network_guests: the names of containers on them that are not of this project.
network_guests() {
  local id
  for id in $(docker network ls --quiet --filter "label=com.docker.compose.project=$APP_NAME"); do
    docker ps --all --no-trunc --filter "network=$id" --format '{{.ID}} {{.Names}}'
  done | LC_ALL=C sort -u | grep -vFf <(project_containers --all && echo none) | cut -d ' ' -f 2 || :
}

# fit_networks: makes them anew where they do not fit, which no container survives; the volumes stay. The database runs again.
fit_networks() {
  local -a asked
  local guests
  ! networks_fit || return 0
  # Before anything is stopped: with somebody else on it a network cannot go.
  guests=$(network_guests)
  [[ -z $guests ]] || { say "the networks have to be made anew, but containers that are not of this project are on them: ${guests//$'\n'/ }" && return 1; }
  say 'the networks are made anew, as an update has changed them: the site is away until the containers run again'
  # What was started by its profile has to be named to come back.
  mapfile -t asked < <(compose --profile '*' ps --services --status running | grep -vxFf <(compose config --services) | grep . || :)
  compose --profile '*' down >&2 || return 1
  networks_fit || { say 'one of the networks is still there, see above' && return 1; }
  compose up -d --wait --wait-timeout 120 --no-deps db >&2 || { tell_why db && return 1; }
  [[ ${#asked[@]} -eq 0 ]] || compose --profile '*' up -d --no-deps "${asked[@]}" >&2
}

# healthy SERVICE: each of its containers.
healthy() {
  local -a ids
  mapfile -t ids < <(compose ps --quiet "$1")
  [[ ${#ids[@]} -gt 0 && $(docker inspect --format '{{.State.Health.Status}}' "${ids[@]}" | sort -u) == healthy ]]
}

# wait_healthy SERVICE [SECONDS]
wait_healthy() {
  local second limit
  number limit "${2:-60}" || return 1
  for ((second = 0; second < limit; second++)); do
    ! healthy "$1" || return 0
    sleep 1
  done
  return 1
}

# need_ipv6: Docker gives a network IPv6 addresses by itself since 27, and only where the kernel has IPv6.
need_ipv6() {
  local version major
  version=$(docker version --format '{{.Server.Version}}')
  number major "${version%%.*}" "the version of Docker" || exit 1
  [[ $major -ge 27 ]] || die "Docker $version is too old for IPv6" 'Docker 27 or newer, or: yo comicpile --ipv6 off'
  [[ $(uname -s) != Linux || -e /proc/net/if_inet6 ]] || die 'this machine has IPv6 switched off' 'yo comicpile --ipv6 off'
}

# beside_db: this is a container beside that of the database (the service `backups`), without the Docker engine.
beside_db() { [[ -n ${COMICPILE_BESIDE_DB:-} ]]; }

# The role that owns the database may make functions and operators that fit a superuser's query better than PostgreSQL's own.
# https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS
PLAIN_PATH='-c search_path=pg_catalog'

# in_db COMMAND…: one of PostgreSQL's own programs, as the superuser: in the container of the database, over its socket, or
# in this one, over TCP. Its stdin is ours.
in_db() {
  if beside_db; then
    PGHOST=db PGPASSWORD=$(secret_get POSTGRES_PASSWORD) PGOPTIONS=$PLAIN_PATH filtered "$@"
  else
    filtered docker exec --interactive --env "PGOPTIONS=$PLAIN_PATH" "$db_id" "$@"
  fi
}

# need_db: the database runs and is healthy. db_id is its container, for as long as nothing replaces it.
need_db() {
  local second
  need_env
  if beside_db; then
    for ((second = 0; second < 30; second++)); do
      ! pg_isready --quiet --host db --username postgres || return 0
      sleep 1
    done
    die 'the service db does not answer' 'docker compose -f docker-compose.prod.yml --env-file .env.production up -d --wait db'
  fi
  need docker
  db_id=$(containers_of db --format '{{.ID}}')
  [[ -n $db_id ]] || die 'the service db is not running' \
    'docker compose -f docker-compose.prod.yml --env-file .env.production up -d --wait db'
  for ((second = 0; second < 30; second++)); do
    [[ $(docker inspect --format '{{.State.Health.Status}}' "$db_id") != healthy ]] || return 0
    sleep 1
  done
  die 'the service db is not healthy' 'docker compose -f docker-compose.prod.yml --env-file .env.production logs db'
}

# sql DATABASE [psql options]: as the superuser over the local socket, which needs no password (peer). SQL on stdin.
sql() { filtered compose exec -T db psql -XqAt --set ON_ERROR_STOP=1 --username postgres --dbname "dbname=$1 options='$PLAIN_PATH'" "${@:2}"; }

# login ROLE <PASSWORD: over TCP, where the server asks for the password (scram-sha-256).
login() {
  # shellcheck disable=SC2016 # the container's shell expands these
  { cat && echo; } | compose exec -T db sh -c \
    'IFS= read -r PGPASSWORD; export PGPASSWORD; exec psql -XqAtw -h db -U "$1" -d "$2" -c "SELECT 1" 2>&1' - "$1" "$DATABASE"
}

# rights_file: that of the release: an edit of db/init reaches the database by a deploy, like all that containers read.
rights_file() { echo "$(configuration)/db/init/20-rights.sql"; }

# database_rights: roles, their settings and their grants are what db/init/20-rights.sql says. It tells what was otherwise. Once
# more where a session of the app came in between.
database_rights() {
  local said try file
  file=$(rights_file)
  for try in 1 2 3; do
    if said=$(sql postgres --set here="$DATABASE" <"$file"); then
      [[ -z $said ]] || say "$said"
      return 0
    fi
    say "$file failed (attempt $try of 3)"
  done
  return 1
}

# database_name_findings: a line for each role, and for the database, that these files name and the server has not: an answer was
# changed. Then how it is carried out. 1 where there is one, 3 where the server does not tell.
database_name_findings() {
  local have owner user name wanted missing='' LC_ALL=C
  have=$(in_db psql -XqAt --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<SQL
SELECT 'database ' || datname FROM pg_database UNION ALL SELECT 'role ' || rolname FROM pg_roles
UNION ALL SELECT 'owner ' || pg_get_userbyid(datdba) FROM pg_database WHERE datname = '$DATABASE';
SQL
  ) || return 3
  for wanted in "database $DATABASE" 'role comicpile' 'role comicpile_owner'; do
    grep -qxF "$wanted" <<<"$have" || missing+="${missing:+, }no $wanted"
  done
  [[ -n $missing ]] || return 0
  say "there is $missing"
  owner=$(sed -n 's/^owner //p' <<<"$have") name='^[a-z_][a-z0-9_]{0,62}$'
  user=${owner%_owner}
  if [[ $owner == *_owner && $user =~ $name ]] && grep -qxF "role $user" <<<"$have" && ! grep -qE '^role (comicpile|comicpile_owner)$' <<<"$have"; then
    rename_roles "$user comicpile" "$owner comicpile_owner"
  else
    say "take back the answer that has changed: yo comicpile, --db-user, --app-name or --migrations"
  fi
  return 1
}

# rename_roles 'FORMER NEW'…: how to; their passwords, rights and what they own stay. The lines of logins come first: a session that has
# begun goes on, and a new one is let in by the new name alone.
rename_roles() {
  local pair statements='' from
  from=$(env_get CONFIGURATION)
  for pair; do statements+=" -c 'ALTER ROLE \"${pair% *}\" RENAME TO \"${pair#* }\"'"; done
  say "it has ${1% *}: take back the answer (yo comicpile --db-user ${1% *}), or, at a quiet hour, rename it and deploy at once:"
  [[ -z $from || $from == . ]] || say "  cp db/conf/pg_hba.conf ${from#./}/db/conf/pg_hba.conf"
  say "  docker exec ${APP_NAME}-db-1 psql -U postgres$statements -c 'SELECT pg_reload_conf()' && scripts/deploy.sh --allow-restart"
}

# need_database_names: after need_db; nothing is given to, or restored for, a role that is not there.
need_database_names() {
  local said code=0
  said=$(database_name_findings 2>&1) || code=$?
  case $code in
    0) ;;
    1) die "these files name what the database has not; nothing was changed"$'\n'"$said" 'either of the two, then run this again' ;;
    *) die "the database cannot be asked; nothing was changed"$'\n'"$said" 'read its message above' ;;
  esac
}

# nginx_accepts: `nginx -t` in the pinned image, without a network; the upstream's name only has to resolve. SSL_PAIR: a folder
# with another pair than that of ./ssl.
nginx_accepts() {
  local here
  here=$(cd "$(configuration)" && pwd) || return 1
  docker run --rm --network none --add-host app:127.0.0.1 --add-host nginx-telemetry:127.0.0.1 --read-only --tmpfs /tmp:uid=101,gid=101,mode=0700 \
    --cap-drop ALL --security-opt no-new-privileges --user 101:101 \
    --mount "type=bind,source=$here/nginx,target=/etc/nginx,readonly" \
    --mount "type=bind,source=${SSL_PAIR:-$PWD/ssl},target=/etc/ssl/site,readonly" \
    "$(image_of nginx)" nginx -t
}

# ── backups ──────────────────────────────────────────────────────────────────────────────────────────────────────────
#
# A backup is a set of files in backups/: DATABASE-TIME.dump (or .dump.age), .manifest, .globals.sql, .sha256 with the sums of
# these, written only after pg_restore has read the dump to its end, and .hmac, by which this host knows it (backup-sets.sh). The
# dump gets its name last.

# dumps: those of the database, newest first.
dumps() {
  local each
  for each in backups/"$DATABASE"-*; do
    [[ ! -f $each || ! $each =~ ^backups/$DATABASE-[0-9]{8}T[0-9]{6}Z\.dump(\.age)?$ ]] || echo "$each"
  done | LC_ALL=C sort -r
}

# beside DUMP KIND: that file of its set. A dump from elsewhere may come with its own DUMP.sha256 alone.
beside() {
  local stem=${1%.age}
  stem=${stem%.dump}
  if [[ $2 == sha256 && ! -f $stem.sha256 ]]; then echo "$1.sha256"; else echo "$stem.$2"; fi
}

# dump_verified DUMP: it and the files beside it are those that pg_restore has read. Nothing else stands in the sums, and of the
# set nothing is missing there.
dump_verified() {
  local LC_ALL=C sums file line named=' '
  sums=$(beside "$1" sha256)
  [[ -s $1 && -f $sums && $(size_of "$sums") -le 4096 ]] || return 1
  while IFS= read -r line || [[ -n $line ]]; do
    [[ -z $line || $line =~ ^[0-9a-f]{64}\ [\ *][^/]+$ ]] || return 1
    named+="${line:66} "
  done <"$sums"
  for file in "$1" "$(beside "$1" manifest)" "$(beside "$1" globals.sql)"; do
    [[ ! -e $file || $named == *" ${file##*/} "* ]] || return 1
    named=${named/" ${file##*/} "/ }
  done
  [[ -z ${named// /} ]] && sha256_fits "$sums"
}

# days_of YEAR MONTH DAY: since 1970-01-01, a Thursday. Counts the years from March, so that a leap day is the last one.
days_of() {
  local year month day era years
  number year "$1" && number month "$2" && number day "$3" || return 1
  year=$((month > 2 ? year : year - 1))
  era=$((year / 400))
  years=$((year % 400))
  echo $((era * 146097 + years * 365 + years / 4 - years / 100 + (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 719469))
}

STAMP='([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z'

# age_of STAMP: in seconds.
age_of() {
  local LC_ALL=C days hour minute second
  [[ $1 =~ $STAMP ]] || return 1
  local -a of=("${BASH_REMATCH[@]}")
  days=$(days_of "${of[@]:1:3}")
  number hour "${of[4]}" && number minute "${of[5]}" && number second "${of[6]}" || return 1
  echo $(($(date -u +%s) - days * 86400 - hour * 3600 - minute * 60 - second))
}

# expired LAST HOURLY DAILY WEEKLY MONTHLY <NAMES, newest first: those that no rule keeps. As restic and borg count: of each
# hour (day, week, month; UTC) the newest one, for as many hours as have one at all. The very newest stays in any case.
expired() {
  local LC_ALL=C given name count days rule keep=yes
  local -a left=() seen=('' '' '' '' '') bucket
  for given; do number count "$given" && left+=("$count") || return 1; done
  while IFS= read -r name; do
    [[ $name =~ $STAMP ]] || continue
    bucket=("$name" "${BASH_REMATCH[0]:0:11}" "${BASH_REMATCH[0]:0:8}" '' "${BASH_REMATCH[0]:0:6}")
    # A week begins on Monday.
    days=$(days_of "${BASH_REMATCH[@]:1:3}")
    bucket[3]=$(((days + 3) / 7))
    for rule in 0 1 2 3 4; do
      [[ ${left[rule]} -gt 0 && ${bucket[rule]} != "${seen[rule]}" ]] || continue
      seen[rule]=${bucket[rule]}
      left[rule]=$((left[rule] - 1))
      keep=yes
    done
    [[ -n $keep ]] || echo "$name"
    keep=''
  done
}

# note JOB RESULT WHAT: backups/status has the last good and the last failed run of each job, as JOB RESULT TIME WHAT.
note() {
  local new what=${3//$'\n'/?}
  if [[ ! -d backups ]]; then mkdir -m 0700 backups && own_like . backups || return 1; fi
  new=$(mktemp backups/.status-XXXXXX) || return 1
  litter+=("$new")
  { grep -v "^$1 $2 " backups/status 2>/dev/null || :; } >"$new" &&
    printf '%s %s %s %s\n' "$1" "$2" "$(date -u +%Y%m%dT%H%M%SZ)" "$(plain "$what")" >>"$new" &&
    own_like backups "$new" && replace_file "$new" backups/status
}

# alarm JOB STEP: what went wrong is said already; this is the line to look for, in the journal or the system's log.
alarm() {
  local line="comicpile-$1 FAILED app=$APP_NAME step=$2"
  say "$line"
  ! command -v logger >/dev/null || logger -t "comicpile-$1" -p user.err "$line" 2>/dev/null || :
  audit "$1" failed "step=$2"
  note "$1" failed "$2" 2>/dev/null || say 'backups/status cannot be written; it says so by its age'
}

# ── the certificate ──────────────────────────────────────────────────────────────────────────────────────────────────

self_signed() { [[ $(openssl x509 -in "$1" -noout -issuer_hash) == "$(openssl x509 -in "$1" -noout -subject_hash)" ]]; }
names_of() { openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | tail -n +2 | tr -d ' ' || :; }
# An empty pass phrase on purpose: nginx could not ask for another one.
key_fits() { [[ $(openssl x509 -in "$1" -noout -pubkey) == "$(openssl pkey -in "$2" -pubout -passin pass: 2>/dev/null)" ]]; }
# cert_covers FILE NAME: of a wildcard, one of its names.
cert_covers() { [[ $(openssl x509 -in "$1" -noout -checkhost "${2/#\*./any.}") == *'does match'* ]]; }
# days_left FILE: none when it has ended. By halves, as the dates that openssl prints are read differently everywhere.
days_left() {
  local days=0 step
  for ((step = 8192; step > 0; step /= 2)); do
    ! openssl x509 -in "$1" -noout -checkend $(((days + step) * 86400)) >/dev/null || days=$((days + step))
  done
  echo "$days"
}

# chain_holds FULLCHAIN [openssl option]: each certificate is signed by the one after it. $chain is how many there are, or what
# is wrong.
chain_holds() {
  local parts count position
  local -a certificates
  parts=$(mktemp -d)
  litter+=("$parts")
  awk -v dir="$parts" '/BEGIN CERTIFICATE/ { n++ } n { print >(dir "/" n ".pem") }' "$1"
  mapfile -t certificates < <(find "$parts" -name '*.pem')
  count=${#certificates[@]}
  chain=$count
  for ((position = 1; position < count; position++)); do
    openssl verify ${2:+"$2"} -partial_chain -trusted "$parts/$((position + 1)).pem" "$parts/$position.pem" >/dev/null 2>&1 || {
      # shellcheck disable=SC2034 # for the caller
      chain="certificate $position of the chain is not issued by certificate $((position + 1))"
      return 1
    }
  done
}

# is_refused NAME: nginx runs, and has no server of that name: its handshake or its answer (421) says so.
is_refused() {
  local code=0 name=${1/#\*./any.} address port status
  running nginx && edge_port HTTPS_PORT 8443 || return 1
  status=$(curl --disable ${as_client[@]+"${as_client[@]}"} --silent --insecure --max-time 10 --noproxy "$name" --output /dev/null \
    --write-out '%{http_code}' --resolve "$name:$port:$address" "https://$name:$port/" 2>/dev/null) || code=$?
  [[ $code -eq 35 || $status == 421 ]]
}

# certificate_findings: what is not as it should be with the pair in ./ssl, a line each, and its command. 1 where a deploy would break what
# serves: nginx does not take the pair, or a new name is not in it. One that has ended is no reason to leave everything else undone.
certificate_findings() {
  local file=ssl/fullchain.pem key=ssl/privkey.pem name faults=0 verified
  [[ -e $file || -e $key ]] || { say 'there is no certificate yet: scripts/certs.sh init makes a self-signed one' && return 0; }
  openssl x509 -in "$file" -noout 2>/dev/null || { say "$file is no certificate that can be read: scripts/certs.sh install FULLCHAIN KEY" && return 1; }
  [[ -r $key ]] || { say "$key cannot be read: run this as its owner; if it is gone: scripts/certs.sh install FULLCHAIN KEY" && return 1; }
  if ! key_fits "$file" "$key"; then
    say "$key is not the key of $file: scripts/certs.sh init finishes an interrupted installation; else scripts/certs.sh install FULLCHAIN KEY"
    faults=1
  fi
  for name in "${SITE_NAMES[@]}"; do
    ! cert_covers "$file" "$name" || continue
    if is_refused "$name"; then
      say "it is not for $name, a name that is new here: get one that has it first: scripts/certs.sh issue --production, when the name leads to this machine, or install FULLCHAIN KEY"
      faults=1
    else
      say "it is not for $name, browsers refuse it there: scripts/certs.sh issue --production, or install"
    fi
  done
  verified=$(openssl verify -partial_chain -trusted "$file" "$file" 2>&1) || :
  [[ $verified != *'not yet valid'* ]] || say 'it is not valid yet, browsers refuse it: is the clock right? date -u'
  if ! openssl x509 -in "$file" -noout -checkend 0 >/dev/null; then
    say 'it has ended, browsers refuse it: scripts/certs.sh renew; one from elsewhere: scripts/certs.sh install FULLCHAIN KEY'
  elif self_signed "$file"; then
    say 'it is self-signed, browsers refuse it: scripts/certs.sh issue --production'
  elif ! openssl x509 -in "$file" -noout -checkend $((14 * 86400)) >/dev/null; then
    say "it ends in $(days_left "$file") days: scripts/certs.sh renew; one from elsewhere: scripts/certs.sh install FULLCHAIN KEY"
  fi
  return "$faults"
}

# ── the site ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# edge_port VARIABLE PORT: where nginx publishes its PORT, as `address` and `port`: as it runs now; as VARIABLE of .env.production
# says where it does not run.
edge_port() {
  local at
  at=$(compose port nginx "$2" 2>/dev/null) || at=''
  published "${at%%$'\n'*}" && [[ $port != 0 ]] || published "$(env_get "$1")" || {
    at=$(env_get "$1")
    say "$1 of .env.production is no port, nor an address and a port: '${at:0:40}'; as in 443, 127.0.0.1:8443 or [::1]:8443"
    return 1
  }
  case $address in
    '' | 0.0.0.0) address=127.0.0.1 ;;
    ::) address='[::1]' ;;
    *:*) address="[$address]" ;;
  esac
}

# published TEXT: a port, or an address and a port, into `address` and `port`, as Compose takes them; `last_port` where it is a range.
published() {
  local form='^(\[?([0-9A-Fa-f:.]*)\]?:)?([0-9]{1,5})(-([0-9]{1,5}))?$'
  [[ $1 =~ $form ]] || return 1
  # shellcheck disable=SC2034 # for the caller
  address=${BASH_REMATCH[2]} port=${BASH_REMATCH[3]} last_port=${BASH_REMATCH[5]}
}

# site_names: those that the configuration which serves is asked for, a line each; a wildcard by one of its names.
site_names() {
  local from=${CONFIGURATION:-releases/live} names
  [[ -d $from/nginx ]] || from=.
  names=$(cat "$from"/nginx/sites/site.conf "$from"/nginx/sites/redirects.conf 2>/dev/null | awk '
    { sub(/#.*/, "") }
    /^[ \t]*server_name[ \t]/ { inside = 1; sub(/^[ \t]*server_name/, "") }
    inside { ends = /;/; sub(/;.*/, ""); for (field = 1; field <= NF; field++) print $field; inside = !ends }' |
    sed 's/^\*\./any./' | grep -xE '[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?' | awk '!seen[$0]++') || :
  printf '%s\n' "${names:-${SITE_NAMES[*]/#\*./any.}}" | tr ' ' '\n'
}

# What curl needs to be heard by nginx at all.
as_client=()

# key_pin FILE: the key of a certificate, as curl pins it.
key_pin() { openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | openssl base64 -A; }

# site_at: where it is (`address`, `port`), and its key (`pin`).
site_at() {
  [[ -r ssl/fullchain.pem ]] || { say 'there is no ssl/fullchain.pem that can be read: scripts/certs.sh init' && return 1; }
  edge_port HTTPS_PORT 8443 && pin=$(key_pin ssl/fullchain.pem)
}

# site_question NAME: into `question` the curl that asks the app for its health through nginx, by that name. Whoever answers must have the
# key of ./ssl: until when its certificate is valid, for whom and by whom, is another question (certificate_findings), and no reason to
# call a release broken.
site_question() {
  question=(
    curl --disable ${as_client[@]+"${as_client[@]}"} --silent --show-error --max-time 10 --noproxy "$1"
    --insecure --pinnedpubkey "sha256//$pin" --resolve "$1:$port:$address"
    --fail "https://$1:$port/health"
  )
}

# health_command: that question, to be pasted into a shell; what a shell would read is quoted.
health_command() {
  local name word line='' address port pin
  local -a question
  read -r name < <(site_names)
  if ! site_at 2>/dev/null; then echo "https://$name" && return; fi
  site_question "$name"
  for word in "${question[@]}"; do
    [[ $word =~ ^[A-Za-z0-9_./:=+-]+$ ]] || word="'$word'"
    line+="${line:+ }$word"
  done
  printf '%s\n' "$line"
}

# name_answers NAME: once. What it says instead is in `answer`.
answer=''
name_answers() {
  local code=0
  local -a question
  site_question "$1"
  answer=$("${question[@]}" 2>&1 >/dev/null) || code=$?
  # https://curl.se/libcurl/c/libcurl-errors.html
  [[ $code -ne 90 ]] || answer='whoever answers has another key than that of ssl/fullchain.pem: scripts/certs.sh status'
  [[ $code -ne 35 ]] || answer="nginx has no server of this name ($answer)"
  return "$code"
}

# site_answers [TRIES]: each name that the configuration is asked for, for up to TRIES (15) seconds. `silent` are the names that do not.
silent=()
site_answers() {
  local -a names
  local try tries end name address port pin
  need curl
  number tries "${1:-15}" || return 1
  end=$((SECONDS + 60))
  mapfile -t silent < <(site_names)
  for ((try = 1; try <= tries; try++)); do
    names=("${silent[@]}") silent=()
    site_at || return 1
    for name in "${names[@]}"; do
      if [[ $SECONDS -ge $end ]] || ! name_answers "$name"; then silent+=("$name"); fi
    done
    [[ ${#silent[@]} -gt 0 ]] || return 0
    [[ $try -ge $tries || $SECONDS -ge $end ]] || sleep 1
  done
  say "no good answer as ${silent[*]}: ${answer:-none in time}"
  return 1
}

# look_before: whether the site answers before this run changes anything; where nginx does not run, nobody is asked.
silent_before=()
look_before() {
  running nginx || return 0
  site_answers 5 || say 'That is from before this run, which has changed nothing yet.'
  silent_before=(${silent[@]+"${silent[@]}"})
}

# answers_as_before: the names that answered then. What was broken before is not for this run to answer for, but it is said.
answers_as_before() {
  local name worse=''
  running nginx || return 0
  ! site_answers || return 0
  for name in "${silent[@]}"; do [[ " ${silent_before[*]-} " == *" $name "* ]] || worse=yes; done
  [[ -z $worse ]] || return 1
  say "as before this run, which is not the cause; look: scripts/rollback.sh list, docker compose -f docker-compose.prod.yml --env-file .env.production logs nginx"
}

# tell_certificate: what is left to do about it, at the end of a step that has done its own work.
tell_certificate() {
  local found
  running nginx || return 0
  found=$(certificate_findings 2>&1) || :
  [[ -z $found ]] || say "The certificate: ${found//$'\n'/$'\n'The certificate: }"
}

# ── what this run has changed ────────────────────────────────────────────────────────────────────────────────────────

# did KIND [DETAIL]: what this run has changed: advice names these, and nothing else. undid KIND: it was taken back.
declare -A run_changed=()
did() { run_changed[$1]=${2:-yes}; }
undid() { run_changed[$1]=''; }

# fails WHAT [NEXT STEP]: dies, and says what this run has changed until then.
fails() {
  what_now
  die "$@"
}

# what_now: of each thing that this run has changed, what it is now, and the command that takes it back or goes on from there.
what_now() {
  local kind detail all=''
  for kind in "${!run_changed[@]}"; do all+=${run_changed[$kind]}; done
  [[ -n $all ]] || { say '  nothing was changed' && return 0; }
  for kind in image configuration networks rights migration database dump secrets app; do
    [[ -n ${run_changed[$kind]-} ]] || continue
    detail=${run_changed[$kind]}
    [[ $detail != yes ]] || detail=''
    case $kind in
      image) say "  the image is another${detail:+ than $detail}; back: scripts/rollback.sh ${detail:+image }${detail:-previous}" ;;
      configuration) say "  the configuration is another${detail:+ than that of $detail}; back: scripts/rollback.sh ${detail:+image }${detail:-previous} --only configuration" ;;
      networks) say '  the networks were made anew; what has not come back since: scripts/deploy.sh' ;;
      rights) say "  the roles of the database have the rights of the release that failed; those of $detail: scripts/rotate-secrets.sh --repair" ;;
      migration) say "  the schema is migrated${detail:+: $detail}; the data and the schema from before it: scripts/restore.sh ${run_changed[dump]:-FILE, of scripts/restore.sh --list}" ;;
      database) say "  the database in place is another${detail:+; the former one is kept as $detail}: scripts/restore.sh --list" ;;
      dump) say "  a dump was made${detail:+: $detail}; it stays" ;;
      secrets) say "  it is not sure that the database and the app have what is written${detail:+ for $detail}; they get it by: scripts/rotate-secrets.sh --repair" ;;
      app) say '  the app was started anew; how it is: docker compose -f docker-compose.prod.yml --env-file .env.production ps' ;;
    esac
  done
}

# tell_why SERVICE…: of each container that is not well, its state, what its health check said, and its own last lines.
tell_why() {
  local id state
  for id in $(compose ps --all --quiet "$@"); do
    state=$(docker inspect --format '{{.State.Status}}{{with .State.Health}} {{.Status}}{{end}}' "$id" 2>/dev/null) || continue
    case $state in running | 'running healthy') continue ;; esac
    say "── $(docker inspect --format '{{slice .Name 1}}: {{.State.Status}}{{with .State.Health}}, {{.Status}}{{end}}{{if or .State.Restarting (not .State.Running)}}, exit code {{.State.ExitCode}}{{end}}{{if .State.OOMKilled}}, killed for want of memory{{end}}, {{.RestartCount}} restarts' "$id")"
    # Of its last check: the exit code, and how its words end.
    docker inspect --format '{{with .State.Health}}{{range .Log}}{{printf "health check, exit code %d:\n%s\n" .ExitCode .Output}}{{end}}{{end}}' "$id" |
      awk '!NF { next } /^health check, exit code/ { n = 0 } { line[++n] = $0 }
        END { for (i = 1; i <= n; i++) if (i == 1 || i > n - 4) print "   " line[i] }' | printable >&2
    say '   its last lines:'
    docker logs --tail 30 "$id" 2>&1 | printable | sed 's/^/   /' >&2
  done
}

# replicas: how many containers of the app docker-compose.prod.yml asks for.
replicas() {
  local text count
  text=$(compose config --no-interpolate | awk '/^  [a-z]/ { inside = ($1 == "app:") } inside && $1 == "replicas:" { print $2; exit }')
  number count "${text:-1}" 'replicas of the service app' && echo "$count"
}

# edge_of CONTAINER: the network on which nginx looks for it.
edge_of() { docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' "$1" | grep -m 1 '_edge$'; }

# reconnect CONTAINER [docker options]: to that network anew. Without `--alias app` nginx does not find it.
reconnect() {
  local edge
  edge=$(edge_of "$1") || return 0
  docker network disconnect "$edge" "$1" && docker network connect "${@:2}" "$edge" "$1"
}

# is_found CONTAINER: nginx finds it.
is_found() {
  local edge
  edge=$(edge_of "$1") || return 0
  [[ " $(docker inspect --format "{{join (index .NetworkSettings.Networks \"$edge\").Aliases \" \"}}" "$1") " == *' app '* ]]
}

# become_healthy SECONDS CONTAINER…: 1 at once when one of them is unhealthy, ends, or is being restarted.
become_healthy() {
  local limit end states
  number limit "$1" || return 1
  end=$((SECONDS + limit))
  shift
  while [[ $SECONDS -lt $end ]]; do
    states=$(docker inspect --format '{{.State.Status}} {{.RestartCount}} {{with .State.Health}}{{.Status}}{{else}}healthy{{end}}' "$@" | sort -u) || return 1
    case $states in
      'running 0 healthy') return 0 ;;
      *exited* | *dead* | *restarting* | *unhealthy* | *'running '[1-9]*) return 1 ;;
    esac
    sleep 0.5
  done
  return 1
}

# replace_app: new containers of the app beside those that run, which stop when the new ones are healthy. Until then nginx
# does not find the new ones: they get the name `app` when they are well. It asks Docker's DNS every two seconds
# (nginx/snippets/proxy.conf), and the old ones drain (docker/serve.py), so it costs no request. If one does not become
# healthy, all new ones are removed, and the old ones go on.
replace_app() {
  local -a older added
  local id wanted worked=yes
  mapfile -t older < <(compose ps --quiet --status running app)
  # One that crashes again and again serves nobody.
  for id in $(compose ps --all --quiet app); do
    [[ ${#older[@]} -eq 0 || " ${older[*]} " == *" $id "* ]] || docker rm --force "$id" >/dev/null || return 1
  done
  if [[ ${#older[@]} -eq 0 ]]; then
    compose up -d --wait --wait-timeout 180 --no-deps app >&2 || { tell_why app && return 1; }
    return 0
  fi
  wanted=$(replicas) || return 1
  compose up --no-start --no-deps --no-recreate --scale "app=$((${#older[@]} + wanted))" app >&2 || worked=''
  mapfile -t added < <(compose ps --all --quiet app | grep -vxFf <(printf '%s\n' "${older[@]}"))
  [[ ${#added[@]} -gt 0 ]] || return 1
  for id in "${added[@]}"; do [[ -n $worked ]] && reconnect "$id" && docker start "$id" >/dev/null || worked=''; done
  if [[ -z $worked ]] || ! become_healthy 180 "${added[@]}"; then
    tell_why app
    docker rm --force "${added[@]}" >/dev/null
    return 1
  fi
  for id in "${added[@]}"; do
    reconnect "$id" --alias app || { docker rm --force "${added[@]}" >/dev/null && return 1; }
  done
  docker stop "${older[@]}" >/dev/null || return 1
  docker rm "${older[@]}" >/dev/null || return 1
  # After an interrupted change there were more than the compose file asks for.
  compose up -d --wait --wait-timeout 60 --no-deps --no-recreate app >&2
}

# app_is_current: each container has the image, nginx finds it, and the release that comes asks for the same service as the one that
# goes. Not by the label that Compose gave the container: `config --hash` counts env_file, and `up` does not.
app_is_current() {
  local id
  [[ -z ${CANDIDATE:-} || ! -d ${LEAVING:-releases/live} ||
    $(compose config --hash app) == "$(CONFIGURATION=./${LEAVING:-releases/live} compose config --hash app)" ]] || return 1
  for id in $(compose ps --all --quiet app); do
    [[ $(docker inspect --format '{{.Config.Image}}' "$id") == "$APP_NAME:$APP_TAG" ]] && is_found "$id" || return 1
  done
}

# db_is_current: the container that runs is the one that the compose file asks for. Its passwords do not count: the image
# reads them when the volume is empty and never again, so a rotation is no reason to restart a database.
db_is_current() (
  id=$(compose ps --quiet --status running db)
  [[ -n $id ]] || return 1
  while IFS= read -r line; do
    for name in "${SECRET_NAMES[@]}"; do [[ $line != "$name="* ]] || export "$name=${line#*=}"; done
  done < <(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$id")
  [[ $(compose config --hash db) == "db $(docker inspect --format '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$id")" ]]
)

# reload_nginx [if-changed]: it takes what is in its folder and in ./ssl now. A reload closes connections that are idle, and a request
# that a client has sent down one of them in that moment is lost: if-changed leaves it when nginx has these files already.
# /tmp/loaded says so: the sum of the files, and the newest process, as a reload by hand starts newer ones. Before there is
# one, nothing may have changed (ctime, which no copy keeps) since nginx started.
reload_nginx() {
  compose exec -T nginx sh -s -- "${1:-}" >&2 <<'SH'
sum() { find /etc/nginx /etc/ssl/site -type f ! -name maintenance.flag -exec sha256sum {} + | sort | sha256sum; }
newest() {
  last=0
  for process in /proc/[0-9]*; do
    { read -r name <"$process/comm"; } 2>/dev/null || continue
    [ "$name" != nginx ] || [ "${process#/proc/}" -lt "$last" ] || last=${process#/proc/}
  done
  echo "$last"
}
as_started() {
  started=$(stat -c %Y /tmp/nginx.pid) && find /etc/nginx /etc/ssl/site ! -name maintenance.flag -exec stat -c %Z {} + |
    while read -r changed; do [ "$changed" -lt "$started" ] || exit 1; done
}
files=$(sum) process=$(newest)
if [ "$1" = if-changed ]; then
  if [ -f /tmp/loaded ]; then
    [ "$(cat /tmp/loaded)" != "$files $process" ] || exit 0
  else
    ! as_started || exit 0
  fi
fi
nginx -t -q && nginx -s reload || exit 1
for try in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.5
  [ "$(newest)" != "$process" ] || continue
  # The other workers follow at once.
  sleep 0.5
  echo "$files $(newest)" >/tmp/loaded
  exit 0
done
SH
}

# start_stack: every service but the one-shot `migrate`, which deploy.sh runs on its own: an older image does not know a
# newer schema revision, so a rollback that started it could never succeed.
start_stack() {
  local -a services
  local leave='^migrate$'
  fit_networks || return 1
  # A database that is not well first gets the settings that it is to have: without it the app is not well either.
  healthy db || db_is_current || compose up -d --wait --wait-timeout 180 --no-deps db >&2 || { tell_why db && return 1; }
  # Before the app that goes by them.
  ! running db || database_rights || return 1
  app_is_current || replace_app || return 1
  # Until here, the former files are there.
  [[ -z ${CANDIDATE:-} ]] || take_configuration "$CANDIDATE" || return 1
  ! db_is_current || leave='^(migrate|db)$'
  mapfile -t services < <(compose config --services | grep -vE "$leave")
  [[ ${#services[@]} -gt 0 ]] || return 1
  compose up -d --wait --wait-timeout 180 --no-deps "${services[@]}" >&2 || { tell_why "${services[@]}" && return 1; }
  reload_nginx if-changed
}

# migrations_at_work: the containers of `migrate`, which go on when the script that started them is killed.
migrations_at_work() {
  docker ps --quiet --filter "label=com.docker.compose.project=$APP_NAME" --filter label=com.docker.compose.service=migrate
}

# wait_for_end CONTAINER SECONDS
wait_for_end() {
  local second limit
  number limit "$2" || return 1
  for ((second = 0; second < limit; second++)); do
    [[ -n $(docker ps --quiet --filter "id=$1") ]] || return 0
    sleep 1
  done
  return 1
}

# unfinished_releases: what deploy.sh began to build and did not release; if it was killed, the image is still there.
unfinished_releases() {
  [[ ! -f audit.log ]] || awk '
    $2 == "deploy" { for (i = 4; i <= NF; i++) if (sub(/^release=/, "", $i)) { if ($3 == "ok") delete open[$i]; else open[$i] } }
    END { for (tag in open) print tag }' audit.log
}

# release_tags: the releases on this machine, newest first. deploy.sh names them so that their order is their age.
release_tags() {
  docker image ls "$APP_NAME" --format '{{.Tag}}' | grep -E '^[0-9]{8}T[0-9]{6}Z(-[0-9a-f]+)?$' |
    grep -vxFf <(unfinished_releases) | sort -r || :
}
