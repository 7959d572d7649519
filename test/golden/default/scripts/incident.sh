#!/usr/bin/env bash
# Usage: scripts/incident.sh leaked-secrets [--dry-run] [--yes] [--without-evidence]
#        scripts/incident.sh compromised [--service app|nginx|db]… [--dry-run] [--yes] [--without-evidence]
#
#   leaked-secrets   keeps the evidence; rotates all secrets without grace; revokes the certificate and gets a new one; sums
#                    up the logs; checks that the new values are written; checks that the stack runs with them
#   compromised      keeps the evidence; stops the service (default: app); sums up its logs; rotates all secrets; fetches
#                    the newest base images; builds and deploys anew. With --service nginx the certificate too: its key was
#                    in there. With --service db the app stops as well, since it can do nothing without.
#
#   --dry-run            prints the steps with their commands and changes nothing
#   --yes                asks nothing. Without it each step that destroys something asks first; without a terminal
#                        nothing is done, and the exit code is 2
#   --without-evidence   goes on when the evidence cannot be kept (a full disk)
#
# A step that fails or that you decline is noted, and the others go on where that makes sense: run it again by hand.
# incident/TIME-report.md (0600) says what was done when, by whom and how it ended, and what is left to you. The exit code
# is 1 when a step is open. What is done may be done again: the whole script may be run twice.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

# ── what is asked for ────────────────────────────────────────────────────────────────────────────────────────────────

kind=${1:-}
[[ $kind == leaked-secrets || $kind == compromised ]] || misuse 'say what happened: leaked-secrets or compromised' 'scripts/incident.sh leaked-secrets --dry-run'
shift
affected=() dry='' yes='' without_evidence=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --service)
      [[ $kind == compromised ]] || misuse '--service goes with compromised' 'scripts/incident.sh compromised --service nginx'
      [[ ${2:-} =~ ^(app|nginx|db)$ ]] || misuse "--service takes app, nginx or db, not '${2:-}'" 'scripts/incident.sh compromised --service app'
      [[ " ${affected[*]-} " == *" $2 "* ]] || affected+=("$2")
      shift
      ;;
    --dry-run) dry=yes ;;
    --yes) yes=yes ;;
    --without-evidence) without_evidence=yes ;;
    *) misuse "unknown argument '$1'" ;;
  esac
  shift
done
[[ $kind != compromised || ${#affected[@]} -gt 0 ]] || affected=(app)
is_affected() { [[ " ${affected[*]-} " == *" $1 "* ]]; }
if is_affected db && ! is_affected app; then affected=(app "${affected[@]}"); fi

terminal=''
[[ ! -t 0 || ! -t 2 ]] || terminal=yes
if [[ -z $dry$yes$terminal ]]; then
  misuse 'there is no terminal to ask on, so nothing was done' "scripts/incident.sh $kind --dry-run shows the steps, --yes takes them all"
fi
need docker openssl curl
[[ -n $dry ]] || lock

# ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────────

time=$(date -u +%Y%m%dT%H%M%SZ)
archive=incident/$time.tar.gz
report=incident/$time-report.md
lines=() open=() steps_open='' summary=''

report_text() {
  local line
  printf '# Incident: %s, %s\n\n' "$kind" "$APP_NAME"
  printf -- '- begun %s by %s on %s, in %s\n' "$begun" "$who" "$(uname -n)" "$PWD"
  [[ ${#affected[@]} -eq 0 ]] || printf -- '- affected: %s\n' "${affected[*]}"
  printf '\n## What was done\n'
  printf '%s\n' ${lines[@]+"${lines[@]}"}
  printf '\n## Open\n\n'
  if [[ ${#open[@]} -eq 0 ]]; then echo 'Nothing of these steps.'; else printf -- '- [ ] %s\n' "${open[@]}"; fi
  printf '\n## What no script can do\n\n'
  by_hand | while IFS= read -r line; do printf -- '- [ ] %s\n' "$line"; done
  # Indented, so that nothing in it reads as Markdown.
  [[ -z $summary ]] || printf '\n## What the logs say\n\n%s\n' "    ${summary//$'\n'/$'\n'    }"
}
begun=$(now)
who="$(id -un 2>/dev/null || :)${SUDO_USER:+ (as ${SUDO_USER//[^A-Za-z0-9._-]/})}"

# After each step: a machine that goes down in the middle leaves a report up to there.
save_report() {
  local new
  [[ -z $dry ]] || return 0
  [[ -d incident ]] || { mkdir incident && own_like . incident; } || return 1
  chmod 0700 incident && new=$(mktemp incident/.report-XXXXXX) || return 1
  litter+=("$new")
  report_text >"$new" && own_like incident "$new" && mv -f -- "$new" "$report"
}

by_hand() {
  local names
  local -A env=()
  echo 'Tell those whom it concerns: the users whose data may have been read or changed and, for personal data in the EU, the supervisory authority within 72 hours (GDPR, article 33).'
  echo 'Other copies of the secrets: password manager, CI, checkouts of colleagues, backups of this machine, messages.'
  if [[ -r .env.app ]]; then
    read_env .env.app
    names=$(printf '%s\n' "${!env[@]}" | sort | paste -sd ' ' -)
    [[ -z $names ]] || echo "The app's own values in .env.app are not rotated here. Change those that are secrets where they come from: $names"
  fi
  echo 'Find the way it happened, and close it. A secret in git or in its history: scripts/scan.sh finds it.'
  echo 'The host itself: whoever was root, or in the group docker, could read and change everything. Look at its logins, keys, timers and users; in doubt, set up a new machine and restore the data there.'
  echo 'The data: compare with a backup from before (scripts/restore.sh --test FILE).'
  echo "Copy incident/ to another machine, closed to others: it names addresses and users. Delete it when it is not needed."
}

# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# step NUMBER TITLE COMMAND…
current=''
step() {
  current="$1. $2"
  say "── $current"
  lines+=('' "### $current" '')
  "${@:3}" || outcome failed 'it ended unexpectedly; read the messages above'
}
# record TEXT: on the terminal and in the report.
record() {
  say "   $1"
  lines+=("- $1")
}
# outcome done|declined|failed|left [WHAT IS OPEN]
outcome() {
  [[ -z $dry ]] || return 0
  record "$(now) **$1**"
  [[ $1 == 'done' ]] || { steps_open=yes && open+=("$current ($1)${2:+: $2}"); }
  save_report || say "incident.sh: $report cannot be written"
}

# act COMMAND…: shows it and runs it; what our own scripts say of a failure goes to the report.
words=$(mktemp)
litter+=("$words")
act() {
  local shown=$*
  [[ $1 != compose ]] || shown="docker compose -f docker-compose.prod.yml --env-file .env.production ${*:2}"
  take "$shown" "$@"
}
# prove WHAT COMMAND…: a check of ours.
prove() { take "(checks that $1)" "${@:2}"; }
take() {
  local code=0 line
  set -- "${1% }" "${@:2}"
  if [[ $1 == \(* ]]; then say "   $1"; else say "   \$ $1"; fi
  [[ -z $dry ]] || return 0
  lines+=("- $(now) \`$1\`")
  # Whoever reads must outlive an interrupt: a script that puts things right at its end would die of its first word.
  "${@:2}" 2>&1 </dev/null | (trap '' INT TERM HUP && exec tee -- "$words" >&2) || code=${PIPESTATUS[0]}
  [[ $code -ne 0 ]] || return 0
  lines+=("  - exit code $code")
  while IFS= read -r line; do lines+=("  - ${line//\`/\'}"); done < <(grep -aE '^([a-z-]+\.sh: |  next: |FAIL  )' "$words" | tail -n 8)
  return 1
}

# agree QUESTION
agree() {
  local answer=''
  if [[ -n $dry || -n $yes ]]; then
    [[ -z $dry || -n $yes ]] || say "   (asks first: $1)"
    return 0
  fi
  read -r -p "   $1 [y/N] " answer || :
  [[ $answer == [yY] || $answer == [yY][eE][sS] ]]
}

# finish: 1 when a step is open.
finish() {
  local item
  trap '' INT TERM HUP
  [[ -z $dry ]] || return 0
  if save_report; then
    say "report $report"
  else
    say "incident.sh: $report cannot be written. It would say:"
    report_text >&2
  fi
  for item in ${open[@]+"${open[@]}"}; do say "  OPEN: $item"; done
  [[ -z $steps_open ]] || { say 'incident.sh: not every step is done' && return 1; }
  say 'All steps are done. What is left to you is in the report.'
}
interrupted() {
  outcome failed 'interrupted; run the step again by hand'
  finish || exit 1
}

# ── the containers ───────────────────────────────────────────────────────────────────────────────────────────────────

# ids_of_affected: those that must not be there any more at the end.
ids_of_affected() {
  local service
  for service in "${affected[@]}"; do containers_of "$service" --all --no-trunc --format '{{.ID}}'; done
}

evidence() {
  local line
  if act scripts/evidence.sh --as "$time"; then
    [[ -z $dry ]] || return 0
    record "\`$archive\`, sha256 $(cut -d ' ' -f 1 "$archive.sha256")"
    while IFS= read -r line; do [[ -z $line ]] || record "missing: $line"; done < <(tar -xzOf "$archive" "$time/missing.txt")
    while IFS= read -r line; do
      [[ -z $line ]] || { record "FINDING: $line" && open+=("A secret is in a log: $line. Find what writes it there."); }
    done < <(tar -xzOf "$archive" "$time/findings.txt")
    outcome 'done'
    return
  fi
  outcome failed 'there is no evidence of the time before the steps below'
  if [[ -n $without_evidence ]] || { [[ -z $yes ]] && agree 'There is no evidence, and the next steps destroy what could be some. Go on?'; }; then
    archive=''
    record 'going on without evidence, as asked for'
    return
  fi
  open+=('Nothing else was done. Make room and run this again, or add --without-evidence.')
  finish || exit 1
}

# start_database: a rotation needs it. One that was broken into starts as a new container.
start_database() {
  if is_affected db; then
    act compose up -d --wait --wait-timeout 120 --no-deps --force-recreate db
  elif [[ -z $(containers_of db) ]]; then
    act compose up -d --wait --wait-timeout 120 --no-deps db
  fi
}

rotation='' rotation_began=''
declare -A before
rotate() {
  local name
  agree 'Give every secret a new value? All sessions end.' || { rotation=declined && outcome declined 'scripts/rotate-secrets.sh --no-grace all' && return; }
  for name in "${SECRET_NAMES[@]}"; do before[$name]=$(secret_get "$name"); done
  rotation_began=$(now)
  if start_database && act scripts/rotate-secrets.sh --no-grace all; then
    rotation='done'
    outcome 'done'
  else
    rotation=failed
    outcome failed 'the old secrets are still valid. scripts/rotate-secrets.sh --no-grace all'
  fi
}

certificate() {
  local issuer
  if [[ ! -s ssl/fullchain.pem ]]; then
    record 'there is no certificate to revoke'
    outcome 'done'
  elif self_signed ssl/fullchain.pem; then
    agree 'Replace the self-signed certificate and its key?' || { outcome declined 'rm ssl/fullchain.pem ssl/privkey.pem; scripts/certs.sh init' && return; }
    if act rm -f -- ssl/fullchain.pem ssl/privkey.pem && act scripts/certs.sh init; then outcome 'done'; else outcome failed 'scripts/certs.sh init'; fi
  elif ! docker volume inspect "${APP_NAME}_letsencrypt" >/dev/null 2>&1; then
    issuer=$(openssl x509 -in ssl/fullchain.pem -noout -issuer | tr -d '`')
    record "the certificate is from elsewhere ($issuer), so only its issuer can revoke it"
    outcome left 'let the issuer revoke the certificate for a compromised key, get one for a NEW key, then: scripts/certs.sh install FULLCHAIN KEY'
  else
    agree 'Revoke the certificate and get a new one?' ||
      { outcome declined 'scripts/certs.sh revoke --reason keycompromise, then scripts/certs.sh issue --production' && return; }
    act scripts/certs.sh revoke --yes --reason keycompromise ||
      { outcome failed 'read its message; scripts/certs.sh revoke --reason keycompromise, then scripts/certs.sh issue --production' && return; }
    if act scripts/certs.sh issue --production; then
      outcome 'done'
    else
      outcome failed 'nginx serves the REVOKED certificate until this succeeds: scripts/certs.sh issue --production'
    fi
  fi
}

# review [SERVICE…]
review() {
  [[ -n $archive ]] || { outcome left 'without evidence there is nothing to look through; what is still there: docker compose -f docker-compose.prod.yml --env-file .env.production logs' && return; }
  if act scripts/review-logs.sh "$archive" "$@"; then
    [[ -z $dry ]] || return 0
    summary=$(<"$words")
    record 'the summary is at the end of the report; what begins with ! is not as it should be'
    outcome 'done'
  else
    outcome failed "scripts/review-logs.sh $archive $*"
  fi
}

# values_are_new: written, different from before, and the former SECRET_KEY is not accepted any more.
values_are_new() {
  local name bad=''
  for name in "${SECRET_NAMES[@]}"; do
    if [[ -z $(secret_get "$name") || $(secret_get "$name") == "${before[$name]-}" ]]; then
      say "incident.sh: $name has no new value"
      bad=yes
    fi
  done
  if [[ -n ${before[SECRET_KEY]-} && $(secret_get SECRET_KEY_PREVIOUS) == "${before[SECRET_KEY]-}" ]]; then
    say 'incident.sh: the former SECRET_KEY is still accepted'
    bad=yes
  fi
  if [[ $(mode_of .env.production) != 600 ]]; then
    say 'incident.sh: .env.production is readable for others'
    bad=yes
  fi
  [[ -z $bad && -z $(weak_secrets) ]]
}
values() {
  local place='secrets/'
  if [[ -n $dry || $rotation == 'done' ]] && prove "$place holds new values" values_are_new; then
    outcome 'done'
  else
    outcome left "$place does not hold a new value for every secret: scripts/rotate-secrets.sh --no-grace all"
  fi
}

# uses_new_values: every container of the app began after the rotation.
uses_new_values() {
  local name started
  [[ -n $(containers_of app) ]] || { say 'incident.sh: the app does not run' && return 1; }
  for name in $(containers_of app); do
    # Both are UTC, and compare as text: 2026-01-31T23:59:59
    started=$(docker inspect --format '{{.State.StartedAt}}' "$name") && [[ ! ${started:0:19} < ${rotation_began:0:19} ]] ||
      { say "incident.sh: $name has not started since" && return 1; }
  done
}
are_healthy() {
  local service
  for service; do
    running "$service" || { say "incident.sh: $service does not run" && return 1; }
    wait_healthy "$service" 30 || { say "incident.sh: $service is not healthy" && return 1; }
  done
}
# runs_well: what both incidents end with.
runs_well() {
  local worked=yes
  if ! prove 'every service is healthy' are_healthy db app nginx || ! take "$(health_command)" site_answers; then worked=''; fi
  # What runs, who may log in, what is sent: not when the last review was.
  act scripts/audit.sh --live --allow-self-signed --only 'secrets-*' --only 'svc-*' --only 'edge-*' --only 'run-*' --only 'out-*' \
    --only 'db-*' || worked=''
  [[ -n $worked ]]
}

restarted() {
  local worked=yes
  if [[ -z $dry && $rotation != 'done' ]] || ! prove 'the app started after the rotation' uses_new_values; then worked=''; fi
  runs_well || worked=''
  if [[ -n $worked ]]; then outcome 'done'; else outcome left 'mend what is named above, then scripts/deploy.sh and scripts/audit.sh --live'; fi
}

stop() {
  local service
  local -a running=()
  for service in "${affected[@]}"; do mapfile -t -O "${#running[@]}" running < <(containers_of "$service"); done
  if [[ ${#running[@]} -eq 0 ]]; then
    record "none of them runs: ${affected[*]}"
    outcome 'done'
  elif ! agree "Stop ${affected[*]}? The site is down until the new deployment."; then
    outcome declined "docker stop ${running[*]}"
  elif act docker stop "${running[@]}"; then
    outcome 'done'
  else
    outcome failed "docker stop ${running[*]}"
  fi
}

update() {
  if act compose pull --ignore-buildable; then
    outcome 'done'
  else
    outcome failed 'docker compose -f docker-compose.prod.yml --env-file .env.production pull --ignore-buildable, then scripts/deploy.sh --pull --allow-restart'
  fi
}

former=''
redeploy() {
  local service
  local -a stopped=()
  if [[ $rotation == failed ]]; then
    record "not deployed: ${affected[*]} would serve again with secrets that are known"
    outcome left 'scripts/rotate-secrets.sh --no-grace all, then scripts/deploy.sh --pull --allow-restart'
    return
  fi
  agree 'Build anew from the newest base images and deploy?' || { outcome declined 'scripts/deploy.sh --pull --allow-restart' && return; }
  # A container that only starts again would be the one that was broken into.
  for service in "${affected[@]}"; do
    [[ $service == db ]] || mapfile -t -O "${#stopped[@]}" stopped < <(containers_of "$service" --all ${dry:+--filter status=running} --filter status=exited)
  done
  if [[ ${#stopped[@]} -gt 0 ]]; then
    act docker rm "${stopped[@]}" || { outcome failed "docker rm ${stopped[*]}, then scripts/deploy.sh --pull --allow-restart" && return; }
  fi
  if act scripts/deploy.sh --pull --allow-restart; then
    outcome 'done'
  else
    outcome failed 'scripts/deploy.sh --pull --allow-restart; look what runs now: docker compose -f docker-compose.prod.yml --env-file .env.production ps'
  fi
}

are_replaced() {
  local id bad=''
  for id in $(ids_of_affected); do
    [[ $'\n'$former$'\n' != *$'\n'"$id"$'\n'* ]] || { say "incident.sh: the container ${id:0:12} is still the one from before" && bad=yes; }
  done
  [[ -z $bad ]]
}
verify() {
  local worked=yes
  prove "no container of ${affected[*]} is one from before" are_replaced || worked=''
  runs_well || worked=''
  if [[ -n $worked ]]; then outcome 'done'; else outcome left 'mend what is named above, then scripts/audit.sh --live'; fi
}

# ── the order ────────────────────────────────────────────────────────────────────────────────────────────────────────

[[ -n $dry ]] || save_report || [[ -n $without_evidence ]] ||
  die "$report cannot be written, so nothing was done" 'make room (df -h .), or add --without-evidence'
trap interrupted INT TERM HUP
[[ -z $dry ]] || say "The steps of $kind; nothing is done now."
former=$([[ ${#affected[@]} -eq 0 ]] || ids_of_affected)

step 0 'Keep the evidence' evidence
if [[ $kind == leaked-secrets ]]; then
  step 1 'Rotate all secrets' rotate
  step 2 'Revoke the certificate and get a new one' certificate
  step 3 'Check the logs for access that was not yours' review
  step 4 'The new values are where production reads them' values
  step 5 'The containers run with the new secrets' restarted
else
  step 1 "Stop ${affected[*]}" stop
  # What reached the app, and what it did, is in the logs of its neighbours too.
  if is_affected app; then looks=(app nginx db); else looks=(nginx); fi
  step 2 'Look through the logs' review "${looks[@]}"
  step 3 'Rotate all secrets' rotate
  step 4 'Get the newest base images' update
  step 5 'Build and deploy anew' redeploy
  last=6
  if is_affected nginx; then
    step 6 'A new certificate: nginx had the key of this one' certificate
    last=7
  fi
  step "$last" 'What runs is new, and well' verify
fi
finish
