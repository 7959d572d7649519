#!/usr/bin/env bash
# Usage: scripts/timers.sh install [--dry-run]
#        scripts/timers.sh remove [--dry-run]
#        scripts/timers.sh status
#        scripts/timers.sh uses-certbot
#
#   install        systemd units into /etc/systemd/system, one timer a job of the table below, enabled and started. They run
#                  as the owner of this directory, who must reach Docker; the firewall alone as root. Again after an update
#                  or a move of the project.
#   remove         stops and deletes what install wrote, nothing else
#   status         when each job runs next, and how its last run ended; exit code 1 when one failed or is not installed
#   uses-certbot   exit code 0 when the installed certificate is one of Certbot's, or none that counts (self-signed) while
#                  Certbot has one; 1 when not; 255 when Docker does not tell. The renewal asks it before each run: a pair
#                  from elsewhere (certs.sh install) is never replaced, and is no failure either.
#
#   --dry-run      prints the units and changes nothing; needs neither root nor systemd
#
# install and remove need root. A failed unit is the alarm: systemctl --failed, or a mail by OnFailure= in
# /etc/systemd/system/comic-pile-.service.d/alarm.conf, which holds for all of them and stays yours.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

# THE table: a row a job. Times are the server's own; a timer comes up to an hour later, a run that was missed is made up
# for. The command runs only if the one before it says so (nothing: always).
#
# name        | cron          | OnCalendar        | only if                        | command                 | what for
jobs() {
  cat <<'JOBS'
renew         | 17 3,15 * * * | *-*-* 03,15:17:00 | scripts/timers.sh uses-certbot | scripts/certs.sh renew  | renews the certificate when it is due
backup        | 41 * * * *    | *-*-* *:41:00     |                                | scripts/backup.sh       | dumps the database
drill         | 23 4 * * 0    | Sun *-*-* 04:23:00 |                               | scripts/restore.sh --test | restores the newest dump into a scratch database
backups       | 35 7 * * *    | *-*-* 07:35:00    |                                | scripts/backup.sh --status --max-age 4 | fails when a backup or a drill failed or is missing
certificate   | 5 7 * * *     | *-*-* 07:05:00    |                                | scripts/certs.sh status | fails when the certificate ends soon or does not fit
audit         | 50 6 * * *    | *-*-* 06:50:00    |                                | scripts/audit.sh --live | fails when a promise of SECURITY.md is broken
firewall      | */5 * * * *   | *-*-* *:0/5:00    |                                | scripts/firewall.sh install | keeps the containers from this machine's services and networks
JOBS
}

units=/etc/systemd/system
root=$(pwd -P)
owner=$(owner_of .)
dry_run=''
marker="# $APP_NAME: written by scripts/timers.sh of "

# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# each_job FUNCTION: called with the row's six fields.
each_job() {
  local line field
  local -a fields
  while IFS= read -r line; do
    IFS='|' read -r -a fields <<<"$line"
    for ((field = 0; field < ${#fields[@]}; field++)); do read -r "fields[field]" <<<"${fields[field]}"; done
    "$1" "${fields[@]}"
  done < <(jobs)
}

# systemd expands % everywhere; the rest has no form that is right in all the lines where the path stands.
need_plain_path() {
  local LC_ALL=C
  [[ $root != *[[:cntrl:]\"\'\\]* && $root != *' ' ]] ||
    die "the path of this project has a character that cannot stand in a unit: $(printf %q "$root")" \
      'move it, for example to /srv/comic-pile (a blank inside is fine; quotes and backslashes are not)'
}

timer_of() {
  local delay=1h at_once=''
  case $1 in
    # A machine that has just started has no rules.
    firewall) delay=5s at_once=$'OnActiveSec=0\n' ;;
  esac
  cat <<UNIT
$marker$root
[Unit]
Description=$APP_NAME: $6

[Timer]
${at_once}OnCalendar=$3
RandomizedDelaySec=$delay
Persistent=true

[Install]
WantedBy=timers.target
UNIT
}

# What a job may do is what the docker command and a script that writes in the project need. Who may talk to Docker is as
# good as root: the limits are against accidents and for what a script reads from elsewhere, they do not hold a thief.
#   ProtectSystem=full, not strict: a dump may go to another disk. Sockets can be reached on a read-only mount.
#   ProtectHome=read-only, not yes: ~/.docker/config.json, and projects in /home (ReadWritePaths opens this one).
#   Capabilities: a project of root's gives its files to others (chown, chgrp); another user has none anyway.
# One at a time: COMICPILE_LOCK_WAIT waits for a deploy that is at work, where the script would fail at once (lib.sh: lock).
# The firewall is the kernel's: root without the right to write another's file, and with that to set rules.
service_of() {
  local user=$owner system=full writes="\"${root//%/%%}\"" capabilities='CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER'
  if [[ $1 == firewall ]]; then user=root system=strict writes=/run capabilities='CAP_DAC_READ_SEARCH CAP_NET_ADMIN CAP_NET_RAW'; fi
  cat <<UNIT
$marker$root
[Unit]
Description=$APP_NAME: $6
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=oneshot
User=$user
WorkingDirectory=${root//%/%%}
Environment=COMICPILE_LOCK_WAIT=3600
${4:+ExecCondition=/bin/bash $4
}ExecStart=/bin/bash $5
TimeoutStartSec=4h
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=$capabilities
ProtectSystem=$system
ProtectHome=read-only
ReadWritePaths=$writes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
UNIT
}

cron_line() {
  local user=$owner
  [[ $1 != firewall ]] || user=root
  # cron takes a bare % for the end of the line.
  printf "%s  %s  cd '%s' && %s%s\n" "$2" "$user" "${root//%/\\%}" "${4:+$4 && }" "COMICPILE_LOCK_WAIT=3600 $5"
}

# ── ours and others' ─────────────────────────────────────────────────────────────────────────────────────────────────

# project_of FILE: the directory whose timers.sh wrote it; nothing when none of this app did.
project_of() {
  local line=''
  { read -r line <"$1"; } 2>/dev/null || :
  [[ $line != "$marker"* ]] || printf '%s' "${line#"$marker"}"
}

# ours FILE: of this directory, or of one that is gone, as after a move.
ours() {
  local project
  project=$(project_of "$1")
  [[ $project == "$root" || (-n $project && ! -e $project/scripts/timers.sh) ]]
}

need_ours() {
  local file project
  for file in "$units/$APP_NAME-$1.timer" "$units/$APP_NAME-$1.service"; do
    if [[ ! -e $file && ! -L $file ]] || ours "$file"; then continue; fi
    project=$(project_of "$file")
    [[ -z $project ]] || die "$file belongs to $project" "$project/scripts/timers.sh remove, if the timers are to run here"
    die "$file is not from this script, so it stays as it is" 'rename or remove it, then run this again'
  done
}

# our_units: the names of what is installed, of jobs that have left the table too.
our_units() {
  local file
  for file in "$units/$APP_NAME-"*.timer "$units/$APP_NAME-"*.service; do
    [[ ! -f $file ]] || ! ours "$file" || echo "${file##*/}"
  done
}

# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────

need_systemd() {
  [[ ! -d /run/systemd/system ]] || return 0
  say 'Without systemd, these lines in /etc/cron.d/comic-pile do the same:'
  say ''
  each_job cron_line >&2
  say ''
  die 'systemd does not run on this machine' 'the lines above, in /etc/cron.d/comic-pile'
}

need_root() { [[ $EUID -eq 0 ]] || die "$1 needs root" "sudo scripts/timers.sh $1 (or $1 --dry-run, which only shows)"; }

# as_owner COMMAND…: with the environment that systemd gives, not that of whoever installs.
as_owner() {
  local home
  home=$(getent passwd "$owner" | cut -d: -f6)
  runuser -u "$owner" -- env -i HOME="$home" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

need_owner() {
  local file
  # The units have a /tmp of their own.
  [[ $root/ != /tmp/* && $root/ != /var/tmp/* ]] || die "$root does not last" 'move the project, for example to /srv/comic-pile'
  [[ $owner != UNKNOWN ]] || die "the owner of $root has no account here ($(uid_of .))" 'chown -R SOMEBODY the project'
  for file in scripts/lib.sh .env.production ssl/privkey.pem; do
    [[ ! -e $file ]] || as_owner test -r "$root/$file" ||
      die "$owner, whom this project belongs to, may not read $file" "chown $owner $file"
  done
  as_owner docker version >/dev/null 2>&1 ||
    die "$owner, whom this project belongs to, cannot talk to the Docker engine" \
      "is it running? usermod -aG docker $owner (that is as good as root), or chown the project to somebody who can"
  as_owner docker compose version >/dev/null 2>&1 ||
    die "$owner has no Docker Compose v2" 'https://docs.docker.com/compose/install/linux/'
}

altered=()
# put UNIT: from stdin, when it differs from what is there.
put() {
  local new
  new=$(mktemp "$units/.$1.new-XXXXXX")
  litter+=("$new")
  cat >"$new"
  if [[ -f $units/$1 ]] && cmp --silent "$new" "$units/$1"; then
    rm -f -- "$new"
    return
  fi
  chmod 0644 "$new"
  replace_file "$new" "$units/$1"
  altered+=("$1")
}
install_job() {
  # No pipe: what put notes down would be lost in its own process.
  put "$APP_NAME-$1.service" < <(service_of "$@")
  put "$APP_NAME-$1.timer" < <(timer_of "$@")
}
start_timer() {
  local timer=$APP_NAME-$1.timer
  # A timer that runs knows only the times that it was started with.
  if [[ " ${altered[*]} " == *" $timer "* ]]; then
    systemctl enable --quiet "$timer" && systemctl restart "$timer"
  elif ! systemctl is-enabled --quiet "$timer" || ! systemctl is-active --quiet "$timer"; then
    altered+=("$timer")
    systemctl enable --quiet --now "$timer"
  fi || die "systemd does not start $timer" "systemctl status $timer"
}
unit_names() { printf '%s\n' "$APP_NAME-$1.timer" "$APP_NAME-$1.service"; }

# delete UNIT…: the timers first, so that nothing starts while the rest goes.
delete() {
  local unit
  for unit; do
    [[ $unit != *.timer ]] || systemctl disable --quiet --now "$unit"
  done
  for unit; do rm -f -- "$units/$unit"; done
  systemctl daemon-reload
  # What failed and has no file any more would stay in `systemctl --failed`.
  for unit; do systemctl reset-failed "$unit" 2>/dev/null || :; done
}

failed=''
status_of() {
  local service=$APP_NAME-$1.service timer=$APP_NAME-$1.timer result ended
  if [[ ! -f $units/$timer || ! -f $units/$service ]] || ! ours "$units/$timer" || ! ours "$units/$service" ||
    ! systemctl is-enabled --quiet "$timer" || ! systemctl is-active --quiet "$timer"; then
    printf '%-13s FAIL  not installed, or its timer does not run\n' "$1"
    failed=yes
    return
  fi
  result=$(systemctl show --property Result --value "$service")
  ended=$(systemctl show --property ExecMainExitTimestamp --value "$service")
  if [[ $(systemctl show --property ActiveState --value "$service") == activating ]]; then
    printf '%-13s ok    running now\n' "$1"
  elif [[ $result == exec-condition ]]; then
    printf '%-13s ok    had nothing to do (%s)\n' "$1" "$4"
  elif [[ $result != success ]]; then
    printf '%-13s FAIL  %s %s; journalctl --unit %s\n' "$1" "$result" "$ended" "$service"
    failed=yes
  else
    printf '%-13s ok    %s\n' "$1" "${ended:-has not run yet}"
  fi
}

show_job() {
  printf '%s\n' "── $units/$APP_NAME-$1.timer"
  timer_of "$@"
  printf '\n%s\n' "── $units/$APP_NAME-$1.service"
  service_of "$@"
  echo
}

# Certbot keeps the certificates that it had, so one whose successor could not be installed is known as well. They are
# public, the keys stay where they are.
uses_certbot() {
  local all parts part
  all=$(compose --progress quiet --profile certs run --rm --no-deps -T --entrypoint sh certbot -c \
    "test ! -d '/etc/letsencrypt/archive/${SITE_NAMES[0]}' || cat '/etc/letsencrypt/archive/${SITE_NAMES[0]}'/cert*.pem" </dev/null) || return 255
  [[ -n $all ]] || return 1
  if [[ ! -s ssl/fullchain.pem ]] || self_signed ssl/fullchain.pem; then return 0; fi
  parts=$(mktemp -d)
  litter+=("$parts")
  awk -v dir="$parts" '/BEGIN CERTIFICATE/ { n++ } n { print >(dir "/" n ".pem") }' <<<"$all"
  for part in "$parts"/*.pem; do
    [[ $(openssl x509 -in "$part" -noout -fingerprint) != "$(openssl x509 -in ssl/fullchain.pem -noout -fingerprint)" ]] || return 0
  done
  return 1
}

case "${1:-}:${2:-}:$#" in
  install::1 | remove::1 | status::1 | uses-certbot::1) ;;
  install:--dry-run:2 | remove:--dry-run:2) dry_run=yes ;;
  *) misuse 'say what to do: install, remove or status; --dry-run after the first two' ;;
esac
case $1 in
  install)
    need_plain_path
    if [[ -n $dry_run ]]; then
      each_job show_job
      exit 0
    fi
    need_systemd
    need_root install
    need runuser getent cmp
    need_owner
    lock
    each_job need_ours
    each_job install_job
    mapfile -t stale < <(our_units | grep -vxFf <(each_job unit_names) || :)
    # In any case: an install that was killed may have left files that systemd has not read.
    systemctl daemon-reload
    each_job start_timer
    if [[ ${#stale[@]} -gt 0 ]]; then
      delete "${stale[@]}"
      altered+=("${stale[@]}")
    fi
    if [[ ${#altered[@]} -eq 0 ]]; then
      say 'nothing to change: the timers are installed, and they run'
    else
      say "changed: ${altered[*]}"
      say "The jobs run as $owner, the firewall as root. Try one now: systemctl start comic-pile-certificate.service; then: scripts/timers.sh status"
    fi
    ;;
  remove)
    if [[ -n $dry_run ]]; then
      our_units
      exit 0
    fi
    need_systemd
    need_root remove
    lock
    mapfile -t installed < <(our_units)
    if [[ ${#installed[@]} -eq 0 ]]; then
      say 'nothing to remove'
    else
      delete "${installed[@]}"
      say "removed: ${installed[*]}"
    fi
    ;;
  status)
    need_systemd
    mapfile -t timers < <(each_job unit_names | grep '\.timer$')
    systemctl list-timers --all --no-pager "${timers[@]}"
    echo
    each_job status_of
    [[ -z $failed ]] || die 'not all is well with the timers' 'journalctl --unit of what failed; scripts/timers.sh install puts back what is missing'
    ;;
  uses-certbot)
    # For systemd's ExecCondition, 1 is "not now" and only 255 is a failure.
    (need docker openssl && need_env) || exit 255
    uses_certbot
    ;;
esac
