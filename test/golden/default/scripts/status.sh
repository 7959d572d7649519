#!/usr/bin/env bash
# Usage: scripts/status.sh
#
# What runs: the release, its image, the digest of its files and the schema; since when and by whom; whether the files here and git
# are those of it; whether each container is well and the site answers; what the certificate lacks; what the releases take on the disk.
# Changes nothing. Exit code 0 when all containers are well and the site answers, else 1.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/releases.sh disable=SC1091
. scripts/releases.sh
help_if_asked "$@"
[[ $# -eq 0 ]] || misuse "status.sh takes no argument, such as '$1'"
need docker curl openssl
need_env

# row NAME TEXT: what is read is shown, not obeyed.
row() { plain "$(printf '%-14s %s' "$1" "$2")"; }
# of KEY: as the release that is live says; of one whose files were not kept, as audit.log says of the last deploy or rollback.
of() {
  if [[ -n $release ]]; then
    value_of "$LIVE" "$1"
  elif [[ -r audit.log ]]; then
    awk -v key="$1" '($2 == "deploy" || $2 == "rollback") && $3 == "ok" {
        found = key == "at" ? $1 : ""
        for (i = 4; i <= NF; i++) if (index($i, key "=") == 1) found = substr($i, length(key) + 2)
      } END { print found }' audit.log
  fi
}

tag=$(env_get APP_TAG) release=$(env_get APP_RELEASE) well=yes
row deployment "$APP_NAME in $PWD"
if has_deployed; then
  at=$(of at)
  row release "${release:-$tag}${at:+, since $at, by $(of by)}"
else
  row release 'none yet: scripts/deploy.sh'
fi
id=$(docker image inspect --format '{{.Id}}' "$APP_NAME:$tag" 2>/dev/null) || id='is not on this machine'
row image "$APP_NAME:$tag $id"
if [[ -n $release ]]; then
  row configuration "$(of configuration)"
  row schema "$(of migration)"
elif has_deployed; then
  row configuration 'is not kept: the containers have the files here, until the next deploy'
fi
if has_deployed; then
  revision=$(of revision)
  if head=$(safe_git rev-parse --verify --quiet HEAD 2>/dev/null); then
    if [[ $revision == "$head" ]]; then
      row git "$revision, which is HEAD"
    else
      row git "${revision:-not known}; HEAD is $head"
    fi
  else
    row git "${revision:-not known}; the files here are in no git history"
  fi
fi
if [[ -n $release ]]; then
  mapfile -t others < <(differs_from_project "$LIVE")
  if [[ ${#others[@]} -eq 0 ]]; then
    row 'files here' 'are those of the release'
  else
    row 'files here' "${#others[@]} are others, and the next deploy takes them: $(printf '%s\n' "${others[@]}" | head -n 5 | paste -sd ' ' -)"
  fi
  row disk "$(du -sh releases | cut -f 1) in releases/, $(release_names | wc -l) releases"
fi

while IFS=$'\t' read -r service name state; do
  [[ -n $name ]] || continue
  row "$service" "$name: $state"
  case $state in *unhealthy* | Restarting* | Dead* | Paused*) well='' ;; Exited*) [[ $state == 'Exited (0)'* ]] || well='' ;; esac
done < <(docker ps --all --filter "label=com.docker.compose.project=$APP_NAME" --filter label=com.docker.compose.oneoff=False \
  --format '{{.Label "com.docker.compose.service"}}\t{{.Names}}\t{{.Status}}' | LC_ALL=C sort)

strange=0
for each in $(containers_of app --format '{{.ID}}'); do
  [[ $(docker inspect --format '{{.Image}}' "$each") == "$id" ]] || strange=$((strange + 1))
done
if [[ $strange -gt 0 ]]; then
  row app "$strange of its containers run another image than that of the release: a change was interrupted; scripts/deploy.sh, or scripts/rollback.sh image $tag"
  well=''
elif has_deployed && [[ -z $(containers_of app) ]]; then
  row app 'has no container that runs'
  well=''
fi

if said=$(site_answers 3 2>&1); then
  row site "answers: $(health_command)"
else
  row site "does not answer: ${said//$'\n'/; }"
  well=''
fi
found=$(certificate_findings 2>&1) || :
row certificate "${found:+${found//$'\n'/; }}$([[ -n $found ]] || echo "$(days_left ssl/fullchain.pem) days left, for all names")"
[[ -n $well ]] || exit 1
