#!/usr/bin/env bash
# Usage: scripts/audit.sh [--live] [--allow-self-signed] [--only ID]… [--json | --sarif | --junit | --html] [--reports DIR]
#        scripts/audit.sh --list
#
# Tests what SECURITY.md promises and what a deployment needs besides: secrets, git, image, compose, nginx, certificate,
# scripts, supply chain; with --live also the running stack: containers as the engine and the kernel report them, the site as
# a client sees it, roles and logins of the database, backups, releases, this machine. One line a check: ok, FAIL, skip with
# the reason, or accepted. A skip is never a pass: it names what is left to do by hand. Changes nothing.
#
# Exit code 0: nothing failed. 1: something did. 2: the arguments, or .audit-baseline, make no sense.
#
#   --live                the running stack too; it sends about 80 requests to the site, 60 of them at once
#   --allow-self-signed   the bootstrap certificate of scripts/certs.sh init is a skip, not a FAIL
#   --only ID             these checks alone; 'run-*' is all whose id begins so
#   --json, --sarif, --junit, --html   that format instead of text; each has every check, its promise, source, evidence and fix
#   --reports DIR         audit.json, audit.sarif, audit.junit.xml and audit.html into DIR as well
#   --list                the checks: id, promise, source
#
# .audit-baseline has what you accept for a time, a line each: ID YYYY-MM-DD the reason. After that day it fails again.
#
# It collects facts here, computes nothing of them, and runs nothing in a container that it judges. They are judged in
# scripts/audit/ (Python's standard library alone): by this machine's python3, or in the image of Python that the app's is built
# on, without a network. No secret is among the facts.

set -euo pipefail
project=${COMICPILE_PROJECT:-$(dirname "${BASH_SOURCE[0]}")/..}
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$project"
# shellcheck source=scripts/lib.sh disable=SC1091
. "$scripts/lib.sh"
help_if_asked "$@"

live='' format=text reports='' options=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --live) live=yes ;;
    --allow-self-signed) options+=("$1") ;;
    --json | --sarif | --junit | --html | --list) format=${1#--} ;;
    --only)
      [[ ${2:-} =~ ^[a-z0-9*-]+$ ]] || misuse '--only takes the id of a check, or its beginning and a star' "scripts/audit.sh --only 'run-*'"
      options+=("$1" "$2") && shift
      ;;
    --reports)
      [[ -n ${2:-} && $2 != -* ]] || misuse '--reports takes a directory' 'scripts/audit.sh --reports audit-results'
      reports=$2 && shift
      ;;
    *) misuse "unknown argument '$1'" ;;
  esac
  shift
done
facts=$(mktemp -d)
litter+=("$facts")
has() { command -v "$1" >/dev/null; }
# within SECONDS COMMAND…: neither an engine, a repository nor a site can hold this up. macOS has no timeout, but Perl.
within() { if has timeout; then timeout -k 5 "$@"; else perl -e 'alarm shift; exec @ARGV' "$@"; fi; }
# one that did not come back is not asked again.
bounded() {
  local code=0
  [[ ! -e $facts/$1-hangs ]] || return 124
  within 60 "$@" || code=$?
  case $code in 124 | 142) : >"$facts/$1-hangs" ;; esac
  return "$code"
}
docker() { bounded docker "$@"; }
git() { bounded git "$@"; }
# Whatever writes a fact, or complains meanwhile, ends at 64 MiB (in units of 1 KiB).
MOST=65536
has_docker() { has docker && docker version >/dev/null 2>&1; }
has_compose() { has docker && docker compose version >/dev/null 2>&1; }
is_ours() { [[ -f .comicpile/lock.json ]]; }
production=${COMICPILE_PRODUCTION:-docker-compose.prod.yml}
development=${COMICPILE_DEVELOPMENT:-docker-compose.yml}
dockerfile=${COMICPILE_DOCKERFILE:-Dockerfile}
nginx_conf=${COMICPILE_NGINX:-nginx/nginx.conf}
if [[ -n $live ]]; then
  is_ours || misuse '--live is for a deployment of this generator' 'scripts/audit.sh'
  need docker openssl curl git
  need_env
fi

# tidily COMMAND…: what it would leave for the end of this script is removed at its own end, as a subshell's list is lost.
tidily() {
  local -a litter=()
  local code=0
  "$@" || code=$?
  sweep
  return "$code"
}
# fact NAME COMMAND…: what it prints, with its exit code in NAME.rc and its complaints in NAME.err. Nothing of it is computed here.
fact() {
  local code=0 name=$facts/$1
  shift
  (ulimit -f "$MOST" && tidily "$@") >"$name" 2>"$name.err" </dev/null || code=$?
  echo "$code" >"$name.rc"
}
# tell KEY <VALUE: a line KEY<tab>VALUE; whoever wrote the value adds no line of his own.
tell() {
  local value
  value=$({ head -c 4096 && cat >/dev/null; } | LC_ALL=C tr -d '\000')
  printf '%s\t%s\n' "$1" "${value//[[:cntrl:]]/ }"
}

# ── what is to be expected ───────────────────────────────────────────────────────────────────────────────────────────

date -u +%s >"$facts/now"
[[ -z $live ]] || : >"$facts/live"
[[ " ${options[*]-} " != *' --allow-self-signed '* ]] || : >"$facts/allow-self-signed"
expect() { printf '%s\t%s\n' "$1" "$2" >>"$facts/expected"; }
expect production "$production"
expect development "$development"
expect dockerfile "$dockerfile"
expect nginx "$nginx_conf"
expect security 'SECURITY.md'
expect app "$APP_NAME"
expect secrets "${SECRET_NAMES[*]}"
expect overlap '2'
if is_ours; then
  expect names "${SITE_NAMES[*]}"
  expect health '/health'
  expect headers 'Strict-Transport-Security X-Frame-Options X-Content-Type-Options X-XSS-Protection Referrer-Policy Content-Security-Policy Permissions-Policy Cross-Origin-Opener-Policy Cross-Origin-Resource-Policy Cross-Origin-Embedder-Policy X-Permitted-Cross-Domain-Policies'
  expect app-services 'app'
  expect no-health ''
  expect required ''
fi

# shellcheck source=scripts/audit/files.sh disable=SC1091
. "$scripts/audit/files.sh"
if [[ -n $live ]]; then
  # shellcheck source=scripts/audit/running.sh disable=SC1091
  . "$scripts/audit/running.sh"
fi

# ── what is yours ────────────────────────────────────────────────────────────────────────────────────────────────────

# check PROMISE COMMAND…: one of your own, kept when the command succeeds; report VERDICT PROMISE says it itself.
report() { printf '%s\t%s\n' "$1" "$2" >>"$facts/own"; }
check() {
  local promise=$1
  shift
  if "$@" >/dev/null 2>&1; then report ok "$promise"; else report FAIL "$promise"; fi
}
if [[ -d $facts/probe ]]; then look_at_limits; fi
copy .audit-baseline baseline

# ── judged ───────────────────────────────────────────────────────────────────────────────────────────────────────────

tar -C "$facts" -cf "$facts.tar" .
litter+=("$facts.tar")
# judge FORMAT: the same program on this machine, isolated from where it runs and from what is installed for this user, or in an
# image that has nothing of the app, whose own could lie.
judge() {
  if has python3 && (cd / && python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 8))') 2>/dev/null; then
    (cd / && exec python3 -I -B "$scripts/audit" --format "$1" ${options[@]+"${options[@]}"}) <"$facts.tar"
  else
    has_docker || die 'neither python3 nor Docker is here to judge what was found' 'install python3 with the package manager of this machine'
    within 600 docker run --rm --interactive --network none --read-only --cap-drop ALL --security-opt no-new-privileges \
      --memory 1g --pids-limit 16 --user "$(uid_of "$scripts/audit"):$(gid_of "$scripts/audit")" \
      --mount "type=bind,source=$scripts/audit,target=/audit,readonly" --entrypoint python \
      'python:3.13-slim' -I -B /audit --format "$1" ${options[@]+"${options[@]}"} <"$facts.tar"
  fi
}
if [[ -n $reports ]]; then
  [[ -d $reports ]] || { mkdir -p -- "$reports" && own_like . "$reports"; } || die "$reports cannot be made" 'scripts/audit.sh --reports DIR'
  for kind in json:json sarif:sarif junit:junit.xml html:html; do
    code=0
    judge "${kind%%:*}" >"$facts/report" || code=$?
    [[ $code -le 1 ]] || exit "$code"
    chmod 0644 "$facts/report" && mv -- "$facts/report" "$reports/audit.${kind#*:}" && own_like . "$reports/audit.${kind#*:}"
  done
fi
judge "$format"
