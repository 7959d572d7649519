#!/usr/bin/env bash
# Releases: the files that containers read, kept in releases/NAME beside the image. Sourced from the project root, never run.
#
# Containers mount releases/live. Its files are replaced one by one and its folders stay, so that going back costs nginx a reload.
# Which release is in there stands in .env.production (APP_RELEASE). It is written in one rename with the image (APP_TAG), when
# the site has answered: a change that was interrupted before that is taken back by the next script.
# A folder without the file RELEASE is none: it is half-made, or its deploy has not ended.
set -euo pipefail

LIVE=./releases/live
# What containers read of the project; no secrets, and nothing that a script writes.
CONTENTS=(
  docker-compose.prod.yml
  nginx
  db/init
  db/conf
)

# sums FOLDER [PATH…]: a line for each file and link, sorted: its sum, two blanks, its path.
sums() (
  cd "$1" || exit 1
  shift
  [[ $# -gt 0 ]] || set -- .
  summing=(sha256sum)
  command -v sha256sum >/dev/null || summing=(shasum -a 256)
  {
    find "$@" -type f ! -path '*nginx/maintenance.flag' ! -path ./RELEASE ! -name '.new-??????' -print0 | xargs -0 "${summing[@]}" /dev/null
    find "$@" -type l -exec sh -c 'for link; do printf "link:%s  %s\n" "$(readlink "$link" | cksum | tr " " -)" "$link"; done' sh {} +
  } | sed '/  \/dev\/null$/d; s,  \./,  ,' | LC_ALL=C sort
)

# differing FROM TO: the paths of files that the two lists of sums do not have alike.
differing() { LC_ALL=C comm -3 "$1" "$2" | sed 's/^\t//; s/^[^ ]*  //' | LC_ALL=C sort -u; }

# differs_from_project RELEASE, differs_from_live RELEASE
differs_from_project() { differing <(sums . "${CONTENTS[@]}") <(sums "$1"); }
differs_from_live() { differing <(sums "$LIVE") <(sums "$1"); }

# value_of RELEASE KEY: as its file RELEASE has it.
value_of() {
  local line
  [[ -f $1/RELEASE ]] || return 0
  while IFS= read -r line; do [[ $line != "$2="* ]] || { printf '%s\n' "${line#*=}" && return; }; done <"$1/RELEASE"
}

# release_names: those with files, with an image, or both; the newest first.
release_names() {
  local each present
  present=$(env_get APP_RELEASE)
  {
    release_tags
    for each in releases/*/RELEASE; do
      each=${each%/RELEASE}
      [[ ! $each =~ ^releases/[0-9]{8}T[0-9]{6}Z(-[0-9a-f]+)?$ ]] || echo "${each##*/}"
    done
  } | grep -vxFf <(unfinished_releases | grep -vxF -e "$present") | LC_ALL=C sort -ru || :
}

# keep_release NAME: the files of the project as they are now.
keep_release() {
  local new path odd
  odd=$(find "${CONTENTS[@]}" \( -name $'*\n*' -o -name '*\\*' \) -print -quit) || return 1
  [[ -z $odd ]] || { say "a release cannot have a file of such a name: $(printf %q "$odd")" && return 1; }
  [[ -d releases ]] || { mkdir -m 0700 releases && own_like . releases; } || return 1
  # Of a deploy that was killed.
  for path in releases/.new-?????? releases/[0-9]*; do [[ ! -d $path || -f $path/RELEASE ]] || rm -rf -- "$path"; done
  new=$(mktemp -d releases/.new-XXXXXX) || return 1
  litter+=("$new")
  for path in "${CONTENTS[@]}"; do
    mkdir -p "$new/$(dirname "$path")" && cp -RPp -- "$path" "$new/$path" || return 1
  done
  rm -f -- "$new/nginx/maintenance.flag"
  [[ $EUID -ne 0 ]] || chown -hR "$(uid_of .)" "$new"
  open_to_containers "$new"
  find "$new" -type f -exec sync -- {} + 2>/dev/null || sync
  mv -- "$new" "releases/$1" && flush releases
}

# complete_release NAME [KEY=VALUE…]: from here on it can be gone back to.
complete_release() {
  local new sum
  new=$(mktemp "releases/$1/.new-XXXXXX") && sum=$(sums "releases/$1" | sha256) || return 1
  {
    printf '%s\n' "release=$1" "${@:2}" "configuration=${sum%% *}" "names=${SITE_NAMES[*]}" "by=$(operator)" "at=$(now)" >"$new" &&
      own_like . "$new" && replace_file "$new" "releases/$1/RELEASE"
  }
}

# put_live FOLDER: releases/live becomes that. What is in the way of a folder goes first; RELEASE comes last.
put_live() {
  local from=$1 path new list
  list=$(mktemp -d) || return 1
  litter+=("$list")
  if [[ ! -d $LIVE ]]; then mkdir "$LIVE" && own_like . "$LIVE" || return 1; fi
  rm -f -- "$LIVE/RELEASE" && flush "$LIVE" || return 1
  find "$LIVE" -name '.new-??????' -exec rm -f -- {} + || return 1
  sums "$from" >"$list/new" && sums "$LIVE" >"$list/old" || return 1
  LC_ALL=C comm -23 "$list/new" "$list/old" | sed 's/^[^ ]*  //' >"$list/changed"
  LC_ALL=C comm -13 <(sed 's/^[^ ]*  //' "$list/new" | LC_ALL=C sort) <(sed 's/^[^ ]*  //' "$list/old" | LC_ALL=C sort) >"$list/gone"
  while IFS= read -r path; do rm -f -- "$LIVE/$path" || return 1; done <"$list/gone"
  (cd "$LIVE" && find . -depth -mindepth 1 -type d) | while IFS= read -r path; do
    [[ -d $from/$path ]] || rm -rf -- "${LIVE:?}/$path" || return 1
  done || return 1
  (cd "$from" && find . -mindepth 1 -type d) | while IFS= read -r path; do
    [[ -d $LIVE/$path ]] || { mkdir -m 0755 "$LIVE/$path" && own_like . "$LIVE/$path"; } || return 1
  done || return 1
  while IFS= read -r path; do
    new=$(mktemp -u "$LIVE/$(dirname "$path")/.new-XXXXXX") || return 1
    cp -RPp -- "$from/$path" "$new" && { [[ -L $new ]] || flush "$new"; } && mv -f -- "$new" "$LIVE/$path" || return 1
  done <"$list/changed"
  [[ ! -f $from/RELEASE ]] || { cp -p -- "$from/RELEASE" "$LIVE/.new-RELEAS" && replace_file "$LIVE/.new-RELEAS" "$LIVE/RELEASE"; }
}

# is_live NAME
is_live() { cmp -s "releases/$1/RELEASE" "$LIVE/RELEASE"; }

# settle_releases: releases/live is what .env.production names, where a script was killed in between.
settle_releases() {
  local name
  name=$(env_get APP_RELEASE)
  [[ $name =~ ^[0-9]{8}T[0-9]{6}Z(-[0-9a-f]+)?$ && -f releases/$name/RELEASE ]] && ! is_live "$name" || return 0
  say "the files of the release $name are put back: a change of them was interrupted"
  put_live "releases/$name" || die 'they cannot be put back' 'read the message above; is the disk full?'
  if [[ -n $(containers_of nginx 2>/dev/null) ]]; then reload_nginx if-changed || say 'nginx does not take them, see above'; fi
}

# candidate_answers NAME: nginx of that release, beside the one that serves, without a published port, answers for each name as
# the app does. It asks itself: whose certificate it is, is not the question here.
candidate_answers() {
  local id name code said worked=yes probe="$APP_NAME-candidate"
  local -a ask=(--insecure --silent --show-error --max-time 10 --retry 3 --retry-delay 1 --retry-all-errors --noproxy '*' --output /dev/null --write-out '%{http_code}')
  local path=/health
  ask+=(--fail)
  local -x CONFIGURATION=./releases/$1 MOUNTED=./releases/$1
  docker rm --force "$probe" >/dev/null 2>&1 || :
  id=$(compose --progress quiet run --detach --no-deps --name "$probe" nginx 2>&1) || { say "$id" && worked=''; }
  if [[ -n $worked ]] && ! become_healthy 30 "$probe"; then
    say "nginx does not run with the files of $1; its last lines:"
    docker logs --tail 20 "$probe" 2>&1 | printable | sed 's/^/   /' >&2
    worked=''
  fi
  for name in ${worked:+"${SITE_NAMES[@]}"}; do
    said=0
    # shellcheck disable=SC2154 # as_client is of lib.sh
    code=$(docker exec "$probe" curl ${as_client[@]+"${as_client[@]}"} "${ask[@]}" --resolve "${name/#\*./any.}:8443:127.0.0.1" "https://${name/#\*./any.}:8443$path" 2>&1) || said=$?
    case $said:$code in
      12[67]:*) say 'nginx could not be asked before it serves: its image has no curl' && break ;;
      0:*[1-4][0-9][0-9]) ;;
      *) say "nginx with the files of $1 does not answer for $name: ${code//$'\n'/ }" && worked='' ;;
    esac
  done
  docker rm --force "$probe" >/dev/null 2>&1 || :
  [[ -n $worked ]]
}

# Whether anything but the app has got other files in this run.
taken=''
# take_configuration NAME: what nginx would not serve never gets to where containers read it.
take_configuration() {
  ! is_live "$1" || return 0
  if [[ -z ${LEAVING:-} && -n $(containers_of nginx) && (-z $(env_get APP_RELEASE) || -n $(differs_from_live "releases/$1")) ]]; then
    candidate_answers "$1" || return 1
  fi
  taken=yes
  put_live "releases/$1" && database_takes_logins
}

# reload_database: by a signal, as a file of logins may let nobody in who could ask for it.
reload_database() {
  local id
  id=$(containers_of db --format '{{.ID}}')
  [[ -z $id ]] || docker kill --signal HUP "$id" >/dev/null
}

# database_takes_logins: the server reads who may log in, finds no fault, and lets the scripts and the app in. An app that is
# connected already would not notice before it is started anew.
database_takes_logins() {
  local said
  running db || return 0
  reload_database || return 1
  sleep 1
  said=$(sql postgres <<<"SELECT format('line %s: %s', line_number, error) FROM pg_hba_file_rules WHERE error IS NOT NULL;") && [[ -z $said ]] ||
    { say "db/conf/pg_hba.conf: ${said:-it does not let these scripts in}" && return 1; }
  said=$(secret_get DB_PASSWORD | login 'comicpile') || { say "db/conf/pg_hba.conf does not let the app in: $said" && return 1; }
}

# switch_to TAG [RELEASE]: the stack with that image and the files of that release; without one, the files stay. .env.production
# gets both only after the site has answered; if it does not, what ran before is started again and the result is 1.
switch_to() {
  local former release=${2:-} former_release
  former=$(env_get APP_TAG) former_release=$(env_get APP_RELEASE)
  release=${release:-$former_release}
  [[ $1 == "$former" ]] || did image "$former"
  [[ $release == "$former_release" ]] || did configuration "$former_release"
  if CONFIGURATION=${release:+./releases/$release} CANDIDATE=$release APP_TAG=$1 start_stack && CONFIGURATION=${release:+./releases/$release} site_answers; then
    ! env_write < <(printf 'APP_TAG=%s\n' "$1" && { [[ -z $release ]] || printf 'CONFIGURATION=%s\nAPP_RELEASE=%s\n' "$LIVE" "$release"; }) || return 0
    say '.env.production cannot be written: look at the free space, and at the owner of the file'
  else
    say "$APP_NAME:$1${release:+ with the files of $release} does not answer"
  fi
  if [[ -z $former ]] || ! docker image inspect "$APP_NAME:$former" >/dev/null 2>&1; then
    say 'There is no former image to go back to: the stack is left as it is, for you to look at.'
  elif go_back "$former" "$former_release" "$release"; then
    undid image
    undid configuration
    undid rights
    say "Back on $APP_NAME:$former${former_release:+ and the files of $former_release}, which answers."
  else
    say "Went back to $APP_NAME:$former${former_release:+ and the files of $former_release}; it does not answer either, or not all could be put back: see above."
  fi
  return 1
}

# go_back TAG RELEASE FAILED: nginx first, as it is what everybody sees. Asked for the names that were served then.
go_back() {
  local LEAVING=${3:+releases/$3}
  if [[ -n $2 ]]; then
    local -a SITE_NAMES=("${SITE_NAMES[@]}")
    [[ -z $(value_of "releases/$2" names) ]] || read -r -a SITE_NAMES <<<"$(value_of "releases/$2" names)"
    is_live "$2" || { put_live "releases/$2" && reload_database; } || return 1
    [[ -z $(containers_of nginx) ]] || reload_nginx if-changed || :
  elif [[ -z $taken && -n $(containers_of nginx) ]]; then
    # Nothing was kept before, and nginx still has in memory what it was started with. Its folder may hold what it would not serve.
    local -x APP_TAG=$1 CANDIDATE='' CONFIGURATION=''
    { app_is_current || replace_app; } && site_answers
    return
  fi
  local CONFIGURATION=${2:+./releases/$2}
  CANDIDATE=$2 APP_TAG=$1 start_stack && site_answers
}

# prune_releases KEEP NAME…: only the newest stay, and those that are named; an image stays while one of these has it.
prune_releases() {
  local name keep count=0 kept=' ' images=' '
  number keep "$1" || return 1
  shift
  while IFS= read -r name; do
    count=$((count + 1))
    if [[ $count -le $keep || " $* " == *" $name "* ]]; then
      kept+="$name "
      images+="$(value_of "releases/$name" tag) $name "
    elif [[ -d releases/$name ]]; then
      rm -f -- "releases/$name/RELEASE" && rm -rf -- "releases/$name"
    fi
  done < <(release_names)
  for name in $(release_tags); do [[ $images == *" $name "* ]] || docker image rm "$APP_NAME:$name" >/dev/null || :; done
}
