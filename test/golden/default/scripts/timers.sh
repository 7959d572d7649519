#!/usr/bin/env bash
# Usage: scripts/timers.sh install [--dry-run]
#        scripts/timers.sh remove
#        scripts/timers.sh status
#
#   install    writes systemd timers for the jobs below to /etc/systemd/system and starts them; needs root. They run in this
#              directory as its owner, who must be allowed to use Docker. Again: changes only what differs.
#   --dry-run  prints the units and changes nothing
#   remove     stops the timers and deletes their units
#   status     when each runs next and how it ended last; exit code 1 when one failed or is not installed
#
# A job that fails is a failed unit: `systemctl --failed` lists it. To be told, add OnFailure= by `systemctl edit`.
# https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

# name | when | spread | script | what it does
jobs='renew|*-*-* 04,16:00:00|1h|scripts/certs.sh renew|renews the certificate when it is due
certificate|*-*-* 07:00:00|15m|scripts/certs.sh status|fails when the certificate ends within 21 days or does not fit'

units=/etc/systemd/system
marker="# Written by scripts/timers.sh in $PWD; another run replaces it. Changes of your own: systemctl edit"
owner=$(stat -c %U .)

# each COMMAND: called with the fields of each job.
each() {
  local name when spread script what
  while IFS='|' read -r name when spread script what; do
    "$1" "$APP_NAME-$name" "$when" "$spread" "$script" "$what" </dev/null || return 1
  done <<<"$jobs"
}

# What the docker command does not need is closed. Not ProtectHome: the project, or ~/.docker, may lie there.
service_of() {
  cat <<UNIT
$marker
[Unit]
Description=$APP_NAME: $5
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=oneshot
User=$owner
WorkingDirectory=${PWD//%/%%}
ExecStart=/usr/bin/env bash $4
TimeoutStartSec=15min
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectClock=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
UNIT
}

# Persistent: a machine that was off at that time makes up for it.
timer_of() {
  cat <<UNIT
$marker
[Unit]
Description=$APP_NAME: $5

[Timer]
OnCalendar=$2
RandomizedDelaySec=$3
Persistent=true

[Install]
WantedBy=timers.target
UNIT
}

show() {
  printf '── %s\n' "$1.service" && service_of "$@" && printf '\n── %s\n' "$1.timer" && timer_of "$@" && echo
}

cron_line() {
  local hours=${2#* } path
  hours=$(sed -E 's/(^|,)0/\1/g' <<<"${hours%%:*}")
  printf -v path '%q' "$PWD"
  # cron takes a bare % for a line break.
  say "  17 $hours * * *  $owner  cd ${path//%/\\%} && ./$4"
}

need_systemd() {
  [[ -d /run/systemd/system ]] && command -v systemctl >/dev/null && return
  say 'For /etc/cron.d, instead:'
  each cron_line
  die 'systemd does not run on this machine' 'let cron do it, with the lines above'
}

ours() { [[ -f $1 && $(head -n 1 "$1") == '# Written by scripts/timers.sh in '* ]]; }
not_foreign() {
  local unit
  for unit in "$units/$1.service" "$units/$1.timer"; do
    [[ ! -e $unit ]] || ours "$unit" || die "$unit exists and is not from this script" 'rename or remove it; nothing was changed'
  done
}

changed=''
# put FILE <TEXT
put() {
  local new
  new=$(mktemp "$units/.timers-XXXXXX")
  litter+=("$new")
  cat >"$new"
  ! cmp -s "$new" "$1" || return 0
  chmod 0644 "$new"
  replace_file "$new" "$1"
  changed=yes
}
write() {
  put "$units/$1.service" < <(service_of "$@")
  put "$units/$1.timer" < <(timer_of "$@")
}
enable() {
  systemctl is-active --quiet "$1.timer" && systemctl is-enabled --quiet "$1.timer" && return
  systemctl enable --now --quiet "$1.timer"
  changed=yes
}

disable() {
  local unit
  for unit in "$1.timer" "$1.service"; do
    ours "$units/$unit" || continue
    [[ $unit != *.timer ]] || systemctl disable --now --quiet "$unit"
    rm -f -- "${units:?}/$unit"
    changed=yes
  done
}

bad=''
tell() {
  local next result
  if ! systemctl is-active --quiet "$1.timer"; then
    bad=yes
    printf '%-36s not installed\n' "$1"
    return
  fi
  next=$(systemctl show --property NextElapseUSecRealtime --value "$1.timer")
  result=$(systemctl show --property Result --value "$1.service")
  [[ $result == success ]] || bad=yes
  printf '%-36s next %s, last %s\n' "$1" "${next:-soon}" "$result"
}

need_root() { [[ $EUID -eq 0 ]] || die 'only root may write systemd units' "sudo scripts/timers.sh $1"; }

case "${1:-}:${2:-}:$#" in
  install:--dry-run:2) each show ;;
  install::1)
    need_systemd
    need_root install
    [[ $PWD != *$'\n'* ]] || die 'the path of this directory has a line break in it' 'move it to /srv, for example'
    if [[ $owner == root ]]; then need docker; else
      runuser -u "$owner" -- docker version >/dev/null 2>&1 ||
        die "$owner, who owns this directory, cannot talk to the Docker engine" "usermod --append --groups docker $owner"
    fi
    each not_foreign
    each write
    [[ -z $changed ]] || systemctl daemon-reload
    each enable
    if [[ -n $changed ]]; then say 'installed; scripts/timers.sh status shows them'; else say 'all of it is installed already'; fi
    ;;
  remove::1)
    need_systemd
    need_root remove
    each disable
    [[ -z $changed ]] || systemctl daemon-reload
    if [[ -n $changed ]]; then say 'removed'; else say 'there was nothing to remove'; fi
    ;;
  status::1)
    need_systemd
    each tell
    [[ -z $bad ]] || die 'not all of it works' "sudo scripts/timers.sh install, or: journalctl -u '$APP_NAME-*' -n 50"
    ;;
  *) die 'say what to do: install, remove or status' 'scripts/timers.sh --help' ;;
esac
