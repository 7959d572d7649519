#!/usr/bin/env bash
# Usage: scripts/backup.sh [--keep N] [--no-prune]
#
# Dumps the database to backups/ (0700) as a file (0600) that pg_restore has read to its end, with its sha256 beside it,
# and prints its path on stdout. Older dumps are deleted only while N (default 7) newer verified ones exist; a dump that
# does not verify is never counted and never deleted. Without a finished dump: exit code 1 and no file.
#
#   --keep N     how many verified dumps stay, at least 1
#   --no-prune   delete nothing
#
# The dump lies on this machine: copy it to another one. It holds the data in clear text and no role passwords.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

keep=7
prune=yes
while [[ $# -gt 0 ]]; do
  case $1 in
    --keep) keep=${2:-} && shift ;;
    --no-prune) prune='' ;;
    *) die "unknown argument '$1'" 'scripts/backup.sh --help' ;;
  esac
  shift || die '--keep needs a number' 'scripts/backup.sh --keep 7'
done
[[ $keep =~ ^[1-9][0-9]{0,3}$ ]] || die "--keep takes a number from 1, not '$keep'" 'scripts/backup.sh --keep 7'
lock
need sha256sum
need_db

[[ -d backups ]] || { mkdir backups && own_like . backups; }
chmod 0700 backups
file=backups/$DATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump
[[ ! -e $file ]] || die "$file exists already" 'run this again in a second'
part=$(mktemp "backups/.part.XXXXXX")
litter+=("$part" "$part.sha256")

# Only pg_dump's stdout is the dump; what it says on stderr stays on stderr.
compose exec -T db pg_dump --format custom --username postgres --dbname "$DATABASE" >"$part" </dev/null ||
  die 'pg_dump failed, no backup was made' 'read its message above; is the disk full?'
[[ -s $part ]] || die 'pg_dump wrote nothing, no backup was made' 'docker compose -f docker-compose.prod.yml --env-file .env.production logs db'
archive_reads "$part" || die 'pg_restore cannot read the new dump, no backup was made' 'is the disk full? df -h .'

sum=$(sha256sum <"$part")
printf '%s  %s\n' "${sum%% *}" "${file##*/}" >"$part.sha256"
own_like backups "$part"
own_like backups "$part.sha256"
# The checksum first: a dump that is visible is complete.
mv -- "$part.sha256" "$file.sha256"
mv -- "$part" "$file"
dump_verified "$file" || die "$file does not verify" 'the disk may be failing: look at dmesg'
say "backup $file, $(stat -c %s "$file") bytes, verified"

if [[ -n $prune ]]; then
  good=0
  while IFS= read -r dump; do
    if [[ $dump == "$file" ]] || dump_verified "$dump"; then
      good=$((good + 1))
      if [[ $good -gt $keep ]]; then
        rm -f -- "$dump" "$dump.sha256"
        say "deleted $dump, $keep newer ones are verified"
      fi
    else
      say "not verified, not counted, left alone: $dump"
    fi
  done < <(printf '%s\n' backups/"$DATABASE"-*.dump | sort -r)
fi
echo "$file"
