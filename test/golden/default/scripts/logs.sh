#!/usr/bin/env bash
# Usage: scripts/logs.sh [WHAT]… [--since TIME | --follow | --file FILE] [summary]
#
# Searches the log of nginx, one JSON object a line, or sums it up: who sent the most requests, who was over a limit, who was
# refused or caused errors, who tried to sign in, who asked for what only scanners ask for. Needs nothing but this project.
#
#   --status 429 | 4xx  only replies with that status
#   --client ADDRESS    only what that address sent
#   --path TEXT         only paths with that text in them
#   --zone NAME         only what that rate limit counted (rate_zone)
#   --id REQUEST_ID     only that request, as X-Request-ID of its reply and error pages name it
#   --limited           only what was over a rate limit
#   --suspicious        only paths that scanners ask for (/.env, wp-login.php, ../ and the like)
#   --since TIME        how far back: 90s, 10m, 1h (default; 24h for a summary), or a time such as 2026-01-31T12:00:00
#   --follow            what comes from now on
#   --file FILE         a log that was kept instead of the running nginx's; - for standard input
#
#   scripts/logs.sh --since 168h summary
#   scripts/logs.sh --status 5xx --since 10m
#   scripts/logs.sh --client 203.0.113.7 summary
#
# Docker keeps the newest 50 MB of it: `summary` says from when. Logs of an archive: scripts/review-logs.sh.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/requests.sh disable=SC1091
. scripts/requests.sh
help_if_asked "$@"

STATUS='' CLIENT='' PATH_PART='' ZONE='' REQUEST_ID='' LIMITED='' SUSPICIOUS=''
since='' follow='' file='' summary=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --status | --client | --path | --zone | --id | --since | --file)
      [[ $# -gt 1 && -n $2 ]] || misuse "$1 needs a value" 'scripts/logs.sh --status 429 --since 1h'
      ;;&
    --status)
      [[ $2 =~ ^[1-5]([0-9][0-9]|xx)$ ]] || misuse "'$2' is no status" 'scripts/logs.sh --status 429, or --status 5xx'
      STATUS=$2 && shift
      ;;
    --client) CLIENT=$2 && shift ;;
    --path) PATH_PART=$2 && shift ;;
    --zone) ZONE=$2 && shift ;;
    --id) REQUEST_ID=$2 && shift ;;
    --since)
      [[ $2 =~ ^[0-9][0-9A-Za-z:.+-]*$ ]] || misuse "'$2' is no time" 'scripts/logs.sh --since 1h'
      since=$2 && shift
      ;;
    --file) file=$2 && shift ;;
    --limited) LIMITED=yes ;;
    --suspicious) SUSPICIOUS=yes ;;
    --follow) follow=yes ;;
    summary) summary=yes ;;
    *) misuse "unknown argument '$1'" ;;
  esac
  shift
done
[[ -z $follow || -z $summary ]] || misuse 'what is followed has no end to sum up' 'scripts/logs.sh --since 1h summary'
[[ -z $file || -z $since$follow ]] || misuse 'a file is read as a whole: --since and --follow are for the running nginx'
need awk sort

log() {
  if [[ $file == - ]]; then
    cat
  elif [[ -n $file ]]; then
    cat -- "$file"
  elif [[ -n $follow ]]; then
    compose logs --no-log-prefix --no-color --follow --since 0s nginx
  else
    compose logs --no-log-prefix --no-color --since "${since:-$([[ -z $summary ]] && echo 1h || echo 24h)}" nginx
  fi
}

if [[ -n $file ]]; then
  [[ $file == - || -r $file ]] || die "cannot read $file"
else
  need docker
  need_env
fi
if [[ -n $summary ]]; then
  log | requests_that_fit | {
    # The first and the last line tell the time that is covered; the rest goes on.
    LC_ALL=C awk "$VALUE"'
      {
        if (!lines++) first = value("time")
        last = value("time")
        print
      }
      END {
        if (lines) printf "%d requests from %s to %s\n", lines, first, last >"/dev/stderr"
        else print "no requests" >"/dev/stderr"
      }'
  } | summarise
else
  log | requests_that_fit
fi
