#!/usr/bin/env bash
# Usage: scripts/generate-secrets.sh [--dry-run]
#
# Makes .env.production (mode 0600) from .env.example when there is none, and draws each secret that is missing or empty:
# 32 random bytes as base64url, the strength of `openssl rand -base64 32` without the characters that break a URL.
# A value that is there is never changed (scripts/rotate-secrets.sh does that). Prints names, never values. And secrets/backup_key,
# by which this host knows its own backups.
#
#   --dry-run   says which it would draw, and changes nothing

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/backup-sets.sh disable=SC1091
. scripts/backup-sets.sh
help_if_asked "$@"
dry=''
case "${1:-}:$#" in
  :0) ;;
  --dry-run:1) dry=yes ;;
  *) misuse "unknown argument '$1'" ;;
esac
if [[ -n $dry ]]; then
  [[ -e .env.production ]] || say 'would make .env.production'
  for name in "${SECRET_NAMES[@]}"; do
    if [[ -n $(secret_get "$name") ]]; then say "would keep $name"; else say "would draw $name"; fi
  done
  [[ -e $BACKUP_KEY ]] || say "would draw $BACKUP_KEY"
  exit 0
fi
need openssl
lock

if [[ ! -e .env.production ]]; then
  [[ -r .env.example ]] || die '.env.example does not exist' 'take it back from git: git checkout -- .env.example'
  new=$(mktemp .env.production.new-XXXXXX)
  litter+=("$new")
  cat .env.example >"$new"
  own_like . "$new"
  mv -n -- "$new" .env.production
  say 'made   .env.production'
fi
need_env
chmod 0600 .env.production
if [[ -z $(env_get DOMAIN) ]]; then env_set DOMAIN < <(printf '%s' "${SITE_NAMES[0]}"); fi
if [[ -z $(env_get HTTP_PORT) ]]; then env_set HTTP_PORT < <(printf 80); fi
if [[ -z $(env_get HTTPS_PORT) ]]; then env_set HTTPS_PORT < <(printf 443); fi

drawn=()
for name in "${SECRET_NAMES[@]}"; do
  if [[ -n $(secret_get "$name") ]]; then
    say "kept   $name"
    continue
  fi
  secrets_write < <(printf '%s=' "$name" && draw_secret && echo) || :
  [[ -n $(secret_get "$name") ]] || die "$name could not be written" 'look at the free space and the owner of the files'
  drawn+=("$name")
  say "drawn  $name"
done

draw_backup_key || die "$BACKUP_KEY cannot be drawn" 'look at the free space and the owner of secrets/'

# Compose wants the files even when there is no former value.
for name in "${GRACE_NAMES[@]}"; do [[ -f secrets/${name,,}_previous ]] || secrets_write <<<"${name}_PREVIOUS="; done

need_strong_secrets
if [[ ${#drawn[@]} -gt 0 ]]; then
  say 'If the database volume exists already, it still knows the former passwords: scripts/rotate-secrets.sh all'
fi
