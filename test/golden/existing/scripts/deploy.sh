#!/usr/bin/env bash
# Usage: scripts/deploy.sh [--scan] [--pull]
#
# Builds a new image, dumps the database, migrates it, starts the new release beside the old one, stops the old one when
# the new one is healthy, and asks for its health through nginx. If it does not answer, the former image serves again and
# the exit code is 1. Nothing that runs is touched before the image is built, the dump is verified and the migration has
# ended well.
#
#   --scan   run scripts/scan.sh on the new image first, and stop at a HIGH or CRITICAL finding
#   --pull   fetch the newest base images for the build
#
# A migration is not undone when a release fails: write migrations that the former release can live with, or restore the
# dump that this script made (scripts/restore.sh).

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

scan='' pull=()
for argument; do
  case $argument in
    --scan) scan=yes ;;
    --pull) pull=(--pull) ;;
    *) die "unknown argument '$argument'" 'scripts/deploy.sh --help' ;;
  esac
done
lock
need docker curl openssl

# ── before anything is changed ──
need_env
need_ipv6
mode=$(stat -c %a .env.production)
[[ $mode == 600 ]] || die ".env.production has mode $mode; others may read the secrets" 'chmod 600 .env.production'
need_strong_secrets
scripts/certs.sh init
grant ssl/privkey.pem 101
open_to_containers nginx db/init

if rotation_interrupted && running db; then scripts/rotate-secrets.sh --repair || die 'an interrupted rotation cannot be finished; nothing was built'; fi

tag=$(date -u +%Y%m%dT%H%M%SZ)
revision='' source=''
if git rev-parse --verify --quiet HEAD >/dev/null 2>&1; then
  revision=$(git rev-parse HEAD)
  tag+=-$(git rev-parse --short HEAD)
  [[ -z $(git status --porcelain) ]] || revision+=-dirty
  # A remote's address may carry a token: leave it out of the image's label.
  source=$(git remote get-url origin 2>/dev/null | sed -E 's#//[^/@]*@#//#') || source=''
fi
APP_TAG=$tag compose config --quiet || die 'docker-compose.prod.yml is not valid with .env.production' 'read the message above'
nginx_accepts >&2 || die 'nginx refuses the configuration in ./nginx' 'mend the line that it names above'

# ── build ──
say "building $APP_NAME:$tag"
docker build ${pull[@]+"${pull[@]}"} --tag "$APP_NAME:$tag" --build-arg "REVISION=$revision" --build-arg "SOURCE=$source" . >&2 ||
  die 'the image could not be built; the running release is untouched' 'read the message above'
forget_image() { docker image rm "$APP_NAME:$tag" >/dev/null 2>&1 || :; }
if [[ -n $scan ]]; then
  scripts/scan.sh --image "$APP_NAME:$tag" || { forget_image && die 'the scan did not pass; the running release is untouched'; }
fi

# ── dump, then migrate, while the former release still serves ──
running db || APP_TAG=$tag compose up -d --wait --wait-timeout 120 db >&2 ||
  { forget_image && die 'the database does not start' 'docker compose -f docker-compose.prod.yml --env-file .env.production logs db'; }
dump=$(scripts/backup.sh) || { forget_image && die 'no backup, so no migration; the running release is untouched'; }

# ── switch ──
if ! switch_to "$tag"; then
  forget_image
  die "the release $tag failed" "the schema is the new one; the dump from before it: scripts/restore.sh $dump"
fi

# The last five releases stay for scripts/rollback.sh. An ended migration would hold on to its image.
release_tags | tail -n +6 | while IFS= read -r old; do
  [[ $old == "$tag" ]] || docker image rm "$APP_NAME:$old" >/dev/null || :
done

say "released $APP_NAME:$tag"
! self_signed ssl/fullchain.pem || say 'The certificate is self-signed, browsers refuse it. Next: scripts/certs.sh issue'
say "This answers: $(health_command)"
