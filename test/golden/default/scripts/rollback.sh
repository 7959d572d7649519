#!/usr/bin/env bash
# Usage: scripts/rollback.sh list | to TAG | previous
#
# Starts an earlier image of the app, which is still on this machine, and asks for its health through nginx. If it does
# not answer, the image that ran before is started again and the exit code is 1.
#
#   list        the releases here, newest first; * marks the one that .env.production names
#   to TAG      that release
#   previous    the release before the present one
#
# The schema is never downgraded: that would drop columns with their data. If the earlier release cannot live with the
# present schema, restore the dump that scripts/deploy.sh made before the migration: scripts/restore.sh FILE

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"
need docker
need_env
present=$(env_get APP_TAG)

case "${1:-}:$#" in
  list:1)
    while IFS= read -r tag; do
      [[ -n $tag ]] || die "no release of $APP_NAME is on this machine" 'scripts/deploy.sh'
      if [[ $tag == "$present" ]]; then echo "* $tag"; else echo "  $tag"; fi
    done <<<"$(release_tags)"
    exit 0
    ;;
  previous:1)
    [[ -n $present ]] || die '.env.production names no APP_TAG' 'scripts/deploy.sh'
    tag=$(release_tags | awk -v present="$present" '$0 < present { print; exit }')
    [[ -n $tag ]] || die "there is no release before $present on this machine" 'scripts/rollback.sh list'
    ;;
  to:2) tag=$2 ;;
  *) die 'say what to do: list, to TAG, or previous' 'scripts/rollback.sh --help' ;;
esac

[[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || die "'$tag' is no image tag" 'scripts/rollback.sh list'
docker image inspect "$APP_NAME:$tag" >/dev/null 2>&1 || die "$APP_NAME:$tag is not on this machine" 'scripts/rollback.sh list'
[[ $tag != "$present" ]] || die "$tag is the present release" 'scripts/rollback.sh list'
lock
need openssl
say "rolling $APP_NAME back from ${present:-nothing} to $tag; the database schema stays as it is"
switch_to "$tag" || die "the rollback to $tag failed" 'if it cannot live with the present schema: scripts/restore.sh FILE'
say "$APP_NAME:$tag runs and answers"
