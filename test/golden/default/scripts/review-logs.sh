#!/usr/bin/env bash
# Usage: scripts/review-logs.sh ARCHIVE [app|nginx|db]…
#
# Sums up the logs in an archive of scripts/evidence.sh: what time they cover, who sent the most requests, who was refused
# or caused errors, who asked for what is closed, who tried to sign in, who logged in to the database and from where, and
# what the app complained about. Of the named services only, or of all three. What is not as it should be begins with !.
#
# A summary shows where to look; the logs themselves: tar -xzf ARCHIVE -C DIRECTORY

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/requests.sh disable=SC1091
. scripts/requests.sh
help_if_asked "$@"
[[ $# -gt 0 ]] || misuse 'which archive?' 'scripts/review-logs.sh incident/20260131T235959Z.tar.gz'
[[ $1 != -* ]] || misuse "unknown argument '$1'"
archive=$1
shift
services=("$@")
[[ $# -gt 0 ]] || services=(nginx db app)
for service in "${services[@]}"; do
  [[ $service =~ ^(app|nginx|db)$ ]] || misuse "there are no logs of '$service' to sum up" 'one of: app nginx db'
done
need tar awk sort
[[ -s $archive ]] || die "cannot read $archive" 'scripts/evidence.sh makes one'
sha256_fits "$archive.sha256" ||
  die "$archive does not fit its checksum" 'was it changed? Look for another copy'
members=$(tar -tzf "$archive")

# contents PATTERN: of all members whose name fits, one after the other.
contents() {
  local -a found
  mapfile -t found < <(grep -E "$1" <<<"$members")
  [[ ${#found[@]} -eq 0 ]] || tar -xzOf "$archive" "${found[@]}"
}
log_of() { contents "^[^/]*/logs/$1\\.[^/]*\\.log$"; }

# covers SERVICE: the time from its first to its last line.
covers() {
  printf '\n%s: ' "$2"
  log_of "$1" | LC_ALL=C awk '
    $1 ~ /^20[0-9][0-9]-/ {
      lines++
      if (first == "" || $1 < first) first = $1
      if ($1 > last) last = $1
    }
    END { if (lines) printf "%d lines from %s to %s\n", lines, substr(first, 1, 19), substr(last, 1, 19); else print "no log" }'
}

requests() {
  covers nginx 'requests (nginx)'
  log_of nginx | summarise
}

logins() {
  local networks
  covers db 'logins (PostgreSQL)'
  # Only what the app, the migrations and nginx of this project can have.
  networks=$(contents '^[^/]*/subnets\.txt$' | awk '$1 ~ /_backend$/ { print $2 }' | paste -sd ' ' -)
  [[ -n $networks ]] || echo '  ! the backend network is not in the archive: no address can be told from a foreign one'
  log_of db | LC_ALL=C awk -v networks="$networks" '
    function number(address,  part) { split(address, part, "."); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }
    function known(address,  i, n, list, slash, size) {
      if (address == "[local]" || address ~ /^127\./ || address == "::1") return 1
      n = split(networks, list, " ")
      for (i = 1; i <= n; i++) {
        slash = index(list[i], "/")
        size = 2 ^ (32 - substr(list[i], slash + 1))
        if (address !~ /:/ && list[i] !~ /:/ && int(number(address) / size) == int(number(substr(list[i], 1, slash - 1)) / size)) return 1
      }
      return !n
    }
    # A line of the server itself: engine time, its own time, [pid] LEVEL:  text. What a client sent can only follow.
    !match($0, /^[^ ]+ [0-9-]+ [0-9:.]+ [A-Z]+ \[[0-9]+\] [A-Z]+:  /) { next }
    {
      text = substr($0, RLENGTH + 1)
      pid = substr($5, 2)
    }
    text ~ /^connection received: host=/ {
      from[pid] = substr(text, 27)
      sub(/ port=.*/, "", from[pid])
      if (!known(from[pid])) print "foreign\t" from[pid]
    }
    text ~ /^connection authorized: user=/ {
      sub(/^connection authorized: user=/, "", text)
      sub(/ (database|application_name)=.*/, "", text)
      print "in\t" text " from " from[pid]
    }
    text ~ /authentication failed for user "/ || text ~ /^no pg_hba\.conf entry for / || text ~ /^role ".*" (does not exist|is not permitted to log in)$/ {
      print "out\t" substr(text, 1, 100) ", from " from[pid]
    }
    text ~ /^disconnection:/ || $6 == "FATAL:" { delete from[pid] }' |
    most 'in=logins by role and address' 'out=refused logins' 'foreign=! connections from OUTSIDE the backend network'
}

complaints() {
  covers app 'the app'
  log_of app | LC_ALL=C awk '
    /Traceback \(most recent call last\)/ { print "lines\ttracebacks"; next }
    match($0, /ERROR|CRITICAL|FATAL|WARNING/) { print "lines\tlines with " substr($0, RSTART, RLENGTH) }' |
    most 'lines=errors and warnings'
}

# changes SERVICE: what differs from the image, without what Docker itself puts into a container: mounts, its init, and
# the directories above them.
changes() {
  local member container
  for member in $members; do
    [[ $member == */logs/$1.*.log ]] || continue
    container=${member#*/logs/"$1".}
    container=${container%.log}
    printf '\nfiles changed in %s (docker diff)\n' "$container"
    {
      contents "^[^/]*/containers/$container/mounts\\.txt$" | sed 's/^/mount /'
      contents "^[^/]*/containers/$container/diff\\.txt$"
    } | awk '
      BEGIN { own["/usr/sbin/docker-init"]; own["/sbin/docker-init"] }
      $1 == "mount" { own[$2]; next }
      NF == 0 { next }
      {
        path = substr($0, 3)
        for (mount in own) if (path == mount || index(mount, path "/") == 1) next
        found = 1
        print "  ! " $0
      }
      END { if (!found) print "  none" }'
  done
}

{
  for service in "${services[@]}"; do
    case $service in
      nginx) requests ;;
      db) logins ;;
      app) complaints ;;
    esac
    changes "$service"
  done
} | LC_ALL=C tr -d '\000-\010\013-\037\177'
