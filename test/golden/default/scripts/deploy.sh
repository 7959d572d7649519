#!/usr/bin/env bash
# Usage: scripts/deploy.sh [--image REFERENCE | --pull | --configuration] [--audit] [--scan] [--keep N] [--allow-restart] [--dry-run | --moved]
#
# Looks whether everything is in order, builds a new image, dumps the database, migrates it, starts the new release beside
# the old one, stops the old one when the new one is healthy, and asks for its health through nginx. If it does not
# answer, the former image serves again, with the files that nginx and the others had, and the exit code is 1. Nothing that
# runs is touched before the image is built, the dump is verified and the migration has ended well. audit.log gets a line
# with who, when, the git revision, the image and the result.
#
# What containers read (docker-compose.prod.yml, nginx/, db/ and so on) is kept as releases/NAME, and mounted from releases/live: an
# edit here reaches the site by a deploy, never by itself.
#
#   --image REFERENCE   pull that image from its registry instead of building one here
#   --pull              fetch the newest base images for the build
#   --configuration     only what containers read: the image stays, nothing is built, dumped or migrated
#   --audit             run scripts/audit.sh on the files first, and stop where a promise is broken
#   --scan              run scripts/scan.sh on the new image first, and stop at a HIGH or CRITICAL finding
#   --keep N            how many releases stay on this machine for scripts/rollback.sh (5)
#   --allow-restart     start nginx or the database anew where their settings have changed: some requests fail meanwhile
#   --dry-run           look whether everything is in order, say what would be done, and change nothing
#   --moved             this directory was elsewhere before, or on another machine: what runs, or the volumes, are taken over
#
# Hooks: an executable file of one of these names in ops/hooks is run here, with RELEASE, REVISION and, once it is built,
# IMAGE in its environment. The first two stop the deploy if they fail.
#   pre-build  pre-deploy (before the dump)  post-deploy  deploy-failed (STEP says where)
#
# A migration is not undone when a release fails: write migrations that the former release can live with, or restore the
# dump that this script made (scripts/restore.sh).

set -euo pipefail
# `comicpile doctor` has scripts of its own look at a project.
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${COMICPILE_PROJECT:-$scripts/..}"
# shellcheck source=scripts/lib.sh disable=SC1091
. "$scripts/lib.sh"
# shellcheck source=scripts/releases.sh disable=SC1091
. "$scripts/releases.sh"
# shellcheck source=scripts/preflight.sh disable=SC1091
. "$scripts/preflight.sh"
# shellcheck source=scripts/schema.sh disable=SC1091
. "$scripts/schema.sh"
help_if_asked "$@"

image='' pull=() only='' audit='' scan='' keep=5 allow_restart='' dry_run=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --image) image=${2:-} && [[ -n $image ]] && shift ;;
    --pull) pull=(--pull) ;;
    --configuration) only=yes ;;
    --audit) audit=yes ;;
    --scan) scan=yes ;;
    --keep) [[ ${2:-} =~ ^[1-9][0-9]{0,2}$ ]] && number keep "$2" && shift ;;
    --allow-restart) allow_restart=yes ;;
    --dry-run) dry_run=yes ;;
    --moved) moved=yes ;;
    *) misuse "unknown argument '$1'" ;;
  esac || misuse "$1 needs a value: an image's name, or a number from 1" 'scripts/deploy.sh --keep 5'
  shift
done
[[ -z $image || ${#pull[@]} -eq 0 ]] || misuse '--image builds nothing, so --pull has no base images to fetch'
[[ -z $only || -z $image$scan && ${#pull[@]} -eq 0 ]] || misuse '--configuration leaves the image as it is: no --image, --pull or --scan with it'
[[ $image =~ ^([A-Za-z0-9][A-Za-z0-9._:/@-]*)?$ ]] || misuse "'$image' is no image" 'scripts/deploy.sh --image registry.example.com/team/comic-pile:1.4.2'
[[ -z $dry_run || -z $moved ]] || misuse '--moved takes over what is there, --dry-run changes nothing: take one of them'
[[ -z ${COMICPILE_PROJECT:-} || -n $dry_run ]] || misuse 'COMICPILE_PROJECT is for --dry-run' 'unset COMICPILE_PROJECT'
need_env
need docker curl openssl
[[ -n ${COMICPILE_PROJECT:-} ]] || lock

tag=$(date -u +%Y%m%dT%H%M%SZ)
revision='' source=''
if safe_git rev-parse --verify --quiet HEAD >/dev/null 2>&1; then
  revision=$(safe_git rev-parse HEAD)
  tag+=-$(safe_git rev-parse --short HEAD)
  [[ -z $(safe_git status --porcelain) ]] || revision+=-dirty
  # A remote's address may carry a token: leave it out of the image's label.
  source=$(safe_git remote get-url origin 2>/dev/null | sed -E 's#//[^/@]*@#//#') || source=''
fi
former=$(env_get APP_TAG) former_release=$(env_get APP_RELEASE)
# The image of this release: of its own, unless only the configuration changes.
new_image=$tag
if [[ -n $only ]]; then
  new_image=$former
  docker image inspect "$APP_NAME:$former" >/dev/null 2>&1 || die "there is no image $APP_NAME:$former that could stay" 'scripts/deploy.sh'
fi
# What is judged, and then started: the files here, kept under the name of the release.
CONFIGURATION=.

if [[ -n $dry_run ]]; then
  preflight
  if [[ -z $only ]]; then
    say "would $(if [[ -n $image ]]; then echo "pull $image"; else echo "build ${revision:-the files here, which are in no git history}"; fi) as $APP_NAME:$tag"
    say "would ${audit:+audit the files, }${scan:+scan it, }dump the database"
    say 'would run the migrations that the image has and the database has not'
    say "would replace $APP_NAME:${former:-nothing} without a failed request, and ask $(health_command)"
  fi
  if [[ -n $former_release ]]; then
    differing <(sums "$LIVE") <(sums . "${CONTENTS[@]}") | while IFS= read -r path; do say "would change $path for the containers"; done
  fi
  release_names | tail -n +"$keep" | while IFS= read -r old; do [[ $old == "$former" || $old == "$former_release" ]] || say "would delete the release $old"; done
  [[ $problems -eq 0 ]] || die "not in order: $problems, see above"
  exit 0
fi

# Before anything of this name is made or started.
own_deployment || die 'this deployment cannot be marked as the one of this directory' 'read the message above'

# What a deploy that was killed has left: nobody may roll back to it.
docker rm --force "$APP_NAME-candidate" >/dev/null 2>&1 || :
for old in $(unfinished_releases); do
  [[ $old =~ ^[0-9]{8}T[0-9]{6}Z(-[0-9a-f]+)?$ && $old != "$former" && $old != "$former_release" ]] || continue
  docker image rm "$APP_NAME:$old" >/dev/null 2>&1 || :
  rm -rf -- "releases/$old"
done

step=preflight away=''
ended() {
  local code=$?
  trap - EXIT
  if [[ $code -ne 0 ]]; then
    # New networks have cost the former release its containers. A switch that failed has gone back by itself.
    if [[ -n $away && -n $former && $step != switch ]]; then
      say "starting $APP_NAME:$former again"
      CONFIGURATION='' APP_TAG=$former start_stack || say "$APP_NAME:$former does not start, see above"
    fi
    # Those of the release that runs.
    if [[ $step != switch && -n ${run_changed[rights]-} ]]; then CONFIGURATION='' database_rights && undid rights; fi
    # Nothing is rolled back to it. Docker keeps an image that a container has.
    [[ $(env_get APP_RELEASE) == "$tag" ]] || rm -rf -- "releases/$tag"
    docker image rm "$APP_NAME:$tag" >/dev/null 2>&1 || :
    disown_deployment
    [[ $step == preflight ]] || what_now
    audit deploy failed "release=$tag" "revision=${revision:-none}" "step=$step"
    run_hook deploy-failed "RELEASE=$tag" "REVISION=$revision" "STEP=$step" || say 'ops/hooks/deploy-failed failed as well'
  fi
  sweep
  exit "$code"
}
trap ended EXIT

scripts/certs.sh init
# Before nginx is asked: under umask 077 it could not read its own configuration.
grant ssl/privkey.pem 101
open_to_containers nginx db
keep_release "$tag" || die 'the files that containers read cannot be kept as releases/NAME; nothing was built' 'read the message above'
CONFIGURATION=./releases/$tag
say 'Is everything in order?'
preflight
[[ $problems -eq 0 ]] || die "not in order: $problems, see above; nothing was built, the running release is untouched"
if [[ -n $audit ]]; then
  step=audit
  scripts/audit.sh --allow-self-signed >&2 ||
    die 'promises are broken, see above; nothing was built, the running release is untouched' 'mend them, or accept one for a time in .audit-baseline'
fi
for name in "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"; do grant "secrets/${name,,}" 10001; done
if [[ -n $(env_get DB_CHANGE) ]]; then scripts/upgrade-postgres.sh --repair || die 'an interrupted change of the database cannot be finished; nothing was built'; fi
if rotation_interrupted && running db; then scripts/rotate-secrets.sh --repair || die 'an interrupted rotation cannot be finished; nothing was built'; fi

# Nothing is mounted from there yet.
if [[ -z $former_release ]]; then
  put_live "releases/$tag" || die 'releases/live cannot be written; nothing was built' 'read the message above'
  [[ ! -e nginx/maintenance.flag ]] || cp -p nginx/maintenance.flag "$LIVE/nginx/"
fi

# ── the image ────────────────────────────────────────────────────────────────────────────────────────────────────────

step=build
run_hook pre-build "RELEASE=$tag" "REVISION=$revision" || die 'ops/hooks/pre-build stopped the deploy; nothing was built'
audit deploy started "release=$tag" "revision=${revision:-none}"
if [[ -n $only ]]; then
  say "the image stays $APP_NAME:$former"
elif [[ -n $image ]]; then
  say "pulling $image as $APP_NAME:$tag"
  docker pull --quiet "$image" >&2 || die "$image could not be pulled; the running release is untouched" 'read the message above; docker login'
  docker tag "$image" "$APP_NAME:$tag"
  revision=$(docker image inspect --format '{{with .Config.Labels}}{{index . "org.opencontainers.image.revision"}}{{end}}' "$APP_NAME:$tag")
else
  say "building $APP_NAME:$tag"
  build() {
    docker build ${pull[@]+"${pull[@]}"} --tag "$APP_NAME:$tag" --build-arg "REVISION=$revision" --build-arg "SOURCE=$source" "$@" . >&2
  }
  # What is in the image (SBOM) and how it was made (provenance) goes with it, where the engine's store can hold that. The list is
  # made by one more image, which a registry must give: without it the release is as good.
  # https://docs.docker.com/build/metadata/attestations/
  attested=''
  if docker info --format '{{.DriverStatus}}' | grep -q 'io\.containerd\.snapshotter'; then
    if build --sbom=true --provenance=mode=max; then attested=yes; else say 'no build with attestations; once more, without'; fi
  fi
  [[ -n $attested ]] || build ||
    die 'the image could not be built; the running release is untouched' 'read the message above'
  [[ -n $attested ]] || say 'the image has no SBOM of its own: scripts/scan.sh lists what is in it'
fi
image_id=$(docker image inspect --format '{{.Id}}' "$APP_NAME:$new_image")
if [[ -n $scan ]]; then
  step=scan
  scripts/scan.sh --image "$APP_NAME:$tag" || die 'the scan did not pass; the running release is untouched'
fi

# ── dump, then migrate, while the former release still serves ────────────────────────────────────────────────────────

step=networks
networks_fit || [[ -n $(network_guests) ]] || away=yes
[[ -z $away ]] || did networks
fit_networks || die 'the networks could not be made anew' 'read the message above'
step=database
running db || APP_TAG=$new_image compose up -d --wait --wait-timeout 120 db >&2 ||
  { tell_why db && die 'the database does not start' 'read its lines above'; }
# Whatever the roles were given or took since, and what this version has and the former one had not.
[[ -z $former_release ]] || cmp -s "$(rights_file)" "$LIVE/db/init/20-rights.sql" || did rights "$former_release"
database_rights || die 'the rights of the roles cannot be set; the running release is untouched' 'read the message above'
# One that a killed deploy has left at work in the engine.
for id in $(migrations_at_work); do
  say 'the migration of an interrupted deploy is still at work; waiting for it'
  wait_for_end "$id" 600 || die 'the migration of an interrupted deploy does not end' "docker logs $id, then docker stop $id"
done
take_revisions revisions_in_database
look_at "$new_image" ${revisions[@]+"${revisions[@]}"}
case $verdict in
  fits) say "no migration is pending, the database is at ${heads[*]}" ;;
  behind) say "migrations are pending, from ${revisions[*]:-nothing} to ${heads[*]}" ;;
  *) [[ -n $only ]] || die "the database is at ${revisions[*]}, which this version does not know; the running release is untouched" 'is this an older checkout? scripts/rollback.sh goes back' ;;
esac
step=pre-deploy
run_hook pre-deploy "RELEASE=$tag" "REVISION=$revision" "IMAGE=$image_id" || die 'ops/hooks/pre-deploy stopped the deploy; the running release is untouched'
dump=''
if [[ -z $only ]]; then
  step=backup
  dump=$(scripts/backup.sh --local) || die 'no backup, so no migration; the running release is untouched'
  did dump "$dump"
  step=migrate
  schema=$(revisions_in_database) migrated=yes
  APP_TAG=$tag compose run --rm --no-deps -T migrate >&2 </dev/null || migrated=''
  # Of several, those before the one that failed may stay.
  [[ $(revisions_in_database) == "$schema" ]] || did migration "${heads[*]}"
  [[ -n $migrated ]] || die 'the migration failed; the former release still runs' 'mend the migration'
fi

# ── switch ───────────────────────────────────────────────────────────────────────────────────────────────────────────

step=switch
migration=$(IFS=, && echo "${heads[*]}")
complete_release "$tag" "image=$image_id" "tag=$new_image" "revision=${revision:-none}" "migration=$migration" || die 'the release cannot be written down' 'read the message above'
switch_to "$new_image" "$tag" || die "the release $tag failed" 'read the messages above'
audit deploy ok "release=$tag" "revision=${revision:-none}" "image=$image_id" ${dump:+"dump=$dump"} "former=${former:-none}" \
  "configuration=$(value_of "releases/$tag" configuration)" "migration=$migration"
[[ -n $former_release ]] || rm -f nginx/maintenance.flag

# An ended migration would hold on to its image.
APP_TAG=$new_image compose rm --force migrate >/dev/null 2>&1 || :
prune_releases "$keep" "$tag" "${former_release:-$former}"
trap sweep EXIT
run_hook post-deploy "RELEASE=$tag" "REVISION=$revision" "IMAGE=$image_id" || say 'ops/hooks/post-deploy failed; the release runs'

say "released $tag, of the image $APP_NAME:$new_image; $(du -sh releases | cut -f 1) hold the files of $(release_names | wc -l) releases"
scripts/firewall.sh status >/dev/null 2>&1 ||
  say 'The containers reach this machine, and more: the firewall for them is not there. Next: sudo scripts/timers.sh install, or sudo scripts/firewall.sh install'
tell_certificate
say "This answers: $(health_command)"
