#!/usr/bin/env bash
# Usage: scripts/maintenance.sh on | off | status [--dry-run]
#
# While it is on, nginx answers everything but /health with 503, Retry-After and
# nginx/pages/maintenance.html, which is yours to edit (maintenance.json for programs). Takes effect within two seconds;
# nothing is restarted, requests under way end as they would.
# The exit code of `status` is 0 while the site is open, 1 during maintenance. --dry-run changes nothing.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"
need_own_where_engine

flag=$(configuration)/nginx/maintenance.flag
flag=${flag#./}
dry=''
[[ ${2:-} != --dry-run ]] || { dry=yes && set -- "$1"; }
case "${1:-}:$#" in
  on:1 | off:1)
    if [[ -n $dry ]]; then
      say "would $(if [[ $1 == on ]]; then echo make; else echo delete; fi) $flag, if it is not so already"
      exit 0
    fi
    ;;&
  on:1)
    : >"$flag"
    # nginx runs as another user; it only has to see the file.
    chmod 0644 "$flag"
    own_like "${flag%/*}" "$flag"
    say 'maintenance is on; scripts/maintenance.sh off ends it'
    ;;
  off:1)
    rm -f -- "$flag"
    say 'maintenance is off'
    ;;
  status:1)
    if [[ -e $flag ]]; then echo on && exit 1; fi
    echo off
    ;;
  *) misuse 'say what to do: on, off or status' ;;
esac
