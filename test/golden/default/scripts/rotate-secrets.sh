#!/usr/bin/env bash
# Usage: scripts/rotate-secrets.sh [--no-grace] [--older-than 90d] [--dry-run] NAME… | all
#        scripts/rotate-secrets.sh --end-grace
#        scripts/rotate-secrets.sh --repair
#
# Gives each named secret a new value, while the site serves: the new value is written, new containers of the app start
# beside the old ones, the database role gets its new password, and a login over TCP proves that the new password opens
# and the old one is refused. If any of it fails, the old values come back and the exit code is 1. rotation.log (0600)
# gets when and what, never a value.
#
# First of all the roles get back what is written and what db/init/20-rights.sql says: a role can set settings and a password
# on itself, and lock what the app waits for. An app that is down for that is up again before the rotation begins.
#
# The names:
#   POSTGRES_PASSWORD
#   DB_OWNER_PASSWORD
#   DB_PASSWORD
#   SECRET_KEY
#
#   --no-grace        for a secret that leaked: what the old SECRET_KEY signed is refused at once, and database sessions
#                     that the old password opened are ended. Without it the app goes on accepting the old SECRET_KEY
#                     (SECRET_KEY_PREVIOUS), so that nobody is logged out.
#   --end-grace       a day or a week later: the old SECRET_KEY is accepted no more
#   --older-than 90d  only those of the names that were not rotated within that time, according to rotation.log
#   --repair          after this script was killed or the machine lost its power: finishes what had begun, so that the
#                     database and the app have what is written. Any later rotation or deploy.sh does this by itself.
#   --dry-run         says what would be done, and changes nothing; with the other two as well
#
# If the app is stopped (an incident), it stays so, and gets the new values when it starts.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

# ── what is asked for ────────────────────────────────────────────────────────────────────────────────────────────────

example="scripts/rotate-secrets.sh all, or one of: ${SECRET_NAMES[*]}"
names=() job=rotate grace=yes days='' dry=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --no-grace) grace='' ;;
    --end-grace | --repair) job=${1#--} ;;
    --dry-run) dry=yes ;;
    --older-than)
      [[ ${2:-} =~ ^([1-9][0-9]{0,4})d$ ]] || misuse "--older-than takes days, not '${2:-}'" 'scripts/rotate-secrets.sh --older-than 90d all'
      number days "${BASH_REMATCH[1]}"
      shift
      ;;
    all) names=("${SECRET_NAMES[@]}") ;;
    *)
      [[ " ${SECRET_NAMES[*]} " == *" $1 "* ]] || misuse "there is no secret named '$1'" "$example"
      [[ " ${names[*]-} " == *" $1 "* ]] || names+=("$1")
      ;;
  esac
  shift
done
if [[ $job == rotate ]]; then
  [[ ${#names[@]} -gt 0 ]] || misuse 'which secret?' "$example"
elif [[ ${#names[@]} -gt 0 || -z $grace || -n $days ]]; then
  misuse "--$job stands alone" "scripts/rotate-secrets.sh --$job"
fi

# is_older NAME: its last rotation is more than so many days ago, or not known. Such times compare as text.
is_older() {
  local when limit
  when=$(rotated_at "$1") || :
  TZ=UTC0 printf -v limit '%(%Y-%m-%dT%H:%M:%SZ)T' $(($(date +%s) - days * 86400))
  [[ -z $when || $when < $limit ]]
}
if [[ -n $days ]]; then
  due=()
  for name in "${names[@]}"; do ! is_older "$name" || due+=("$name"); done
  [[ ${#due[@]} -gt 0 ]] || { say "nothing is older than $days days" && exit 0; }
  names=("${due[@]}")
fi

if [[ -n $dry ]]; then
  case $job in
    rotate)
      say "would draw and write new values: ${names[*]}"
      say "would replace the containers of the app, and change the passwords of the database's roles among them"
      say 'would prove by a login that the new passwords open and the old ones are refused, or put everything back'
      ;;
    end-grace) say 'would write an empty SECRET_KEY_PREVIOUS and replace the containers of the app' ;;
    repair) say 'would give the database and the app what is written' ;;
  esac
  exit 0
fi

# ── the database ─────────────────────────────────────────────────────────────────────────────────────────────────────

# role_of NAME: the database role whose password it is, or nothing.
role_of() {
  case $1 in
    POSTGRES_PASSWORD) echo postgres ;;
    DB_PASSWORD) echo 'comicpile' ;;
    DB_OWNER_PASSWORD) echo 'comicpile_owner' ;;
  esac
}

# set_password ROLE <PASSWORD: in the text on psql's stdin, so no process list shows it; the settings keep it out of the
# server's log.
set_password() {
  local value
  value=$(cat)
  {
    printf '%s\n' '\set VERBOSITY terse' "SET log_statement = 'none'; SET log_min_error_statement = 'panic';" \
      "SET log_min_duration_statement = -1; SET password_encryption TO 'scram-sha-256';"
    printf "ALTER ROLE \"%s\" PASSWORD '%s';\n" "$1" "${value//\'/\'\'}"
  } | sql postgres
}

opens() { login "$1" >/dev/null; }
# Refused must mean refused for the password, not an unreachable server.
refused() {
  local answer
  ! answer=$(login "$1") && [[ $answer == *'password authentication failed'* ]]
}

# set_roles: each role of the names gets the password that is written, and can log in with it.
set_roles() {
  local name role
  for name in "${names[@]}"; do
    role=$(role_of "$name")
    [[ -n $role ]] || continue
    set_password "$role" < <(secret_get "$name") || return 1
    opens "$role" < <(secret_get "$name") || { say "$role cannot log in with its $name"; return 1; }
  done
}

# heal: what is written and what db/init/20-rights.sql says, whatever a role has set on itself.
heal() {
  local name role
  database_rights || return 1
  for name in "${SECRET_NAMES[@]}"; do
    role=$(role_of "$name")
    [[ -n $role && -n $(secret_get "$name") ]] || continue
    opens "$role" < <(secret_get "$name") && continue
    say "$role does not log in with the $name that is written; it gets it again"
    set_password "$role" < <(secret_get "$name") || return 1
  done
}

# end_sessions: those of the names' roles that began before SINCE; a session outlives the password that opened it.
end_sessions() {
  local name role
  for name in "${names[@]}"; do
    role=$(role_of "$name")
    [[ -z $role ]] || sql postgres >/dev/null <<SQL || return 1
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE usename = '$role' AND backend_start < '$1' AND pid <> pg_backend_pid();
SQL
  done
}

# ── the app ──────────────────────────────────────────────────────────────────────────────────────────────────────────

app_uses() { [[ " ${names[*]} " == *' DB_PASSWORD '* || " ${names[*]} " == *' SECRET_KEY '* ]]; }
replaced='' repairing=''
renew_app() {
  if [[ -n $app_runs ]] && app_uses; then
    replaced=yes
    did app
    replace_app || return 1
    answers_as_before && return 0
    # Each role has logged in and the app is healthy: that is all that a repair is for.
    [[ -n $repairing ]] && say 'The app is healthy with what is written, so it is nginx that does not give its answer on.'
  fi
}

# apply: the app and the roles get what is written. An app that accepts the former password as well comes first, as it
# then serves whichever of the two the database knows; another one can start only when the database knows the new.
apply() {
  local since
  if [[ -n $grace && " ${GRACE_NAMES[*]} " == *' DB_PASSWORD '* ]]; then
    renew_app && set_roles || return 1
  else
    set_roles && since=$(sql postgres <<<'SELECT clock_timestamp();') && renew_app || return 1
    [[ -n $grace ]] || end_sessions "$since" || return 1
  fi
}

# ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────────────

log() {
  if [[ ! -e rotation.log ]]; then : >rotation.log && own_like . rotation.log || return 1; fi
  chmod 0600 rotation.log && printf '%s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "${names[*]}" >>rotation.log
}

# ── before anything is changed ───────────────────────────────────────────────────────────────────────────────────────

need openssl
need_env_app
lock
need_db
need_database_names
app_runs=''
! running app || app_runs=yes

repair() {
  local -a names=("${SECRET_NAMES[@]}")
  local grace=yes repairing=yes
  say 'finishing what an earlier rotation had begun'
  { database_rights && apply; } || fails 'the database and the app do not have what is written' 'read the messages above, mend that, then: scripts/rotate-secrets.sh --repair'
  log repaired
  replaced=''
}
if [[ $job == repair ]]; then
  repair
  say 'The database and the app have what is written.'
  exit 0
fi
if rotation_interrupted; then
  repair
else
  heal || die 'the roles cannot be given their rights and passwords; nothing was rotated' 'read the messages above'
fi

# recovers: what its sessions began with lasts as long as they do, and so do the locks that they hold.
recovers() {
  local -a names=(DB_PASSWORD)
  say 'the app is not healthy; its sessions in the database are ended, and it opens new ones'
  end_sessions "$(now)" && wait_healthy app 90
}
[[ -z $app_runs ]] || wait_healthy app 30 || recovers || die 'the app is not healthy, so nothing could prove that a rotation worked' \
  'mend it or stop it first: docker compose -f docker-compose.prod.yml --env-file .env.production stop app'

[[ -z $app_runs ]] || look_before

if [[ $job == end-grace ]]; then
  names=(SECRET_KEY)
  secrets_write <<<'SECRET_KEY_PREVIOUS=' || die 'the old SECRET_KEY cannot be removed; it is still accepted' 'look at the free space and the owner of the files'
  did secrets 'SECRET_KEY_PREVIOUS, which is empty now'
  renew_app || fails 'the app is not well without the old SECRET_KEY' 'read the messages above, then run this again'
  log 'ended the grace of'
  say 'The old SECRET_KEY is accepted no more.'
  exit 0
fi

declare -A old new
for name in "${names[@]}"; do
  old[$name]=$(secret_get "$name")
  [[ -n ${old[$name]} ]] || die "$name has no value yet" 'scripts/generate-secrets.sh'
  new[$name]=$(draw_secret)
  [[ ${#new[$name]} -ge 43 ]] || die 'openssl drew no secret' 'openssl rand -base64 32'
done
for name in "${GRACE_NAMES[@]}"; do old[${name}_PREVIOUS]=$(secret_get "${name}_PREVIOUS"); done

# ── the rotation ─────────────────────────────────────────────────────────────────────────────────────────────────────

has_grace() { [[ " ${GRACE_NAMES[*]} " == *" $1 "* ]]; }

# The former value first: secret files are written one by one, and an app that starts in between must know it.
new_values() {
  local name
  for name in "${names[@]}"; do
    if has_grace "$name"; then
      if [[ $name == SECRET_KEY && -z $grace ]]; then printf '%s_PREVIOUS=\n' "$name"; else printf '%s_PREVIOUS=%s\n' "$name" "${old[$name]}"; fi
    fi
    printf '%s=%s\n' "$name" "${new[$name]}"
  done
}
old_values() {
  local name
  for name in "${names[@]}"; do
    printf '%s=%s\n' "$name" "${old[$name]}"
    ! has_grace "$name" || printf '%s_PREVIOUS=%s\n' "$name" "${old[${name}_PREVIOUS]}"
  done
}
old_are_written() {
  local name
  for name in "${names[@]}"; do [[ $(secret_get "$name") == "${old[$name]}" ]] || return 1; done
}

rotate() {
  local name role
  did secrets "${names[*]}"
  secrets_write < <(new_values) || { say 'the new values cannot be written'; return 1; }
  apply || return 1
  for name in "${names[@]}"; do
    role=$(role_of "$name")
    [[ -z $role ]] || refused "$role" < <(printf '%s' "${old[$name]}") || { say "$role is not refused with the old $name"; return 1; }
  done
}

# put_back: whatever happens to this script, what is written is the one set that counts, and repair leads back to it.
put_back() {
  local worked=yes bad=''
  trap '' INT TERM HUP
  say 'putting the old values back'
  secrets_write < <(old_values) || :
  wait_healthy db 60 || compose up -d --wait --wait-timeout 120 --no-deps --no-recreate db >&2 || bad='the database is not healthy'
  if old_are_written; then
    set_roles || bad='the database has not got them'
    [[ -z $replaced ]] || renew_app || bad+="${bad:+, and }the app is not well with them"
    [[ -z $bad ]] || fails "the rotation failed; the old values are written, but $bad" \
      'read the messages above, mend that, then: scripts/rotate-secrets.sh --repair'
    undid secrets
    log failed
    fails 'the rotation failed; the old values are back and the stack works' 'read the messages above, then run this again'
  fi
  apply || worked=''
  [[ -n $worked ]] || fails 'the rotation failed; the old values cannot be written, and the stack does not work with the new ones' \
    'read the messages above, mend that, then: scripts/rotate-secrets.sh --repair'
  log rotated
  die 'the old values could not be written, so the new ones stay; the stack works with them' 'look at the free space'
}

log started || die 'rotation.log cannot be written, so nothing was changed' 'look at the free space and the owner of the file'
trap put_back INT TERM HUP
rotate || put_back
trap - INT TERM HUP
log rotated
say "rotated: ${names[*]}"
[[ -n $app_runs ]] || say 'The app is not running; it gets the new values when it starts.'
tell_certificate
if [[ " ${names[*]} " == *' SECRET_KEY '* ]]; then
  if [[ -n $grace ]]; then
    say 'The app is still given the old SECRET_KEY, for what it signed; to end that: scripts/rotate-secrets.sh --end-grace'
  else
    say 'Every session that the old SECRET_KEY signed has ended.'
  fi
fi
