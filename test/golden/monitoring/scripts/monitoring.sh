#!/usr/bin/env bash
# Usage: scripts/monitoring.sh setup
#        scripts/monitoring.sh secret NAME
#        scripts/monitoring.sh check
#        scripts/monitoring.sh test
#        scripts/monitoring.sh status
#        scripts/monitoring.sh tunnel
#        scripts/monitoring.sh metrics
#        scripts/monitoring.sh ship
#
#   setup     the role of the exporter in the database, the files that the containers read, and what is still missing. Again
#             after a change; scripts/deploy.sh starts the services
#   secret    writes one of the files below from stdin, or asks for it; never shown, never in git
#   check     promtool and amtool on the rules, their tests and the configuration, in the pinned images
#   test      sends an alert of its own the whole way, and says that it did; look whether it arrives. It ends by itself
#   status    what Prometheus reaches, and which alerts are active; exit code 1 when something is not reached
#   tunnel    the commands that open Prometheus, Alertmanager and Grafana on your own machine, over SSH
#   metrics   what no exporter has, for the node exporter: containers, backups, drills, the age of secrets. The timers run
#             it each minute (scripts/timers.sh install): no container gets the Docker socket for it
#   ship      what is new in the logs of all containers, to monitoring/logs, from where the log-shipper sends it to Loki; each
#             known secret is replaced by its name. The timers run it each minute, and a deploy before it removes containers
#
# The names for `secret`:
#   smtp_password: of the mailbox that sends and gets the alerts
#   deadman_url: what is asked each minute, and raises the alarm when it is not
#   loki_url: where logs are sent: Loki's OTLP endpoint, https://loki.example.com/otlp
#   loki_login: USER:TOKEN for it, as Grafana Cloud wants it; leave it out where Loki asks for none

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/redact.sh disable=SC1091
. scripts/redact.sh
help_if_asked "$@"

PRIVATE=(
  smtp_password
  deadman_url
  loki_url
  loki_login
)
# nobody, as whom Prometheus and Alertmanager run.
NOBODY=65534
# As whom the log-shipper runs.
SHIPPER=10010
case "${1:-}:$#" in
  setup:1 | check:1 | test:1 | status:1 | tunnel:1 | metrics:1 | ship:1) ;;
  secret:2)
    [[ " ${PRIVATE[*]} " == *" $2 "* ]] || misuse "there is no '$2' here" "scripts/monitoring.sh secret ${PRIVATE[0]}"
    ;;
  *) misuse 'say what to do: setup, secret NAME, check, test, status, tunnel, metrics or ship' ;;
esac

# ── metrics ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Those that are to run all the time, and take no part in a migration.
SERVICES=(
  nginx
  app
  db
)

# metric NAME WHAT: the two lines above its values.
metric() { printf '# HELP comicpile_%s %s\n# TYPE comicpile_%s gauge\n' "$1" "$2" "$1"; }

# containers: of all of this project; a service of which none is left has its zero.
containers() {
  local service name running text restarts health plain='^[A-Za-z0-9_./-]+$'
  local -a ids
  local -A runs=() ill=()
  mapfile -t ids < <(project_containers --all --filter label=com.docker.compose.oneoff=False)
  metric container_restarts_total 'How often Docker has started it again'
  if [[ ${#ids[@]} -gt 0 ]]; then
    while read -r service name running text health; do
      if [[ ! $service =~ $plain || ! $name =~ $plain ]] || ! number restarts "$text"; then continue; fi
      [[ $running != true ]] || runs[$service]=$((${runs[$service]:-0} + 1))
      [[ $health != unhealthy ]] || ill[$service]=$((${ill[$service]:-0} + 1))
      printf 'comicpile_container_restarts_total{service="%s",container="%s"} %s\n' "$service" "${name#/}" "$restarts"
      # One that is removed meanwhile is not there.
    done < <(docker inspect --format '{{if ne .HostConfig.RestartPolicy.Name "no"}}{{index .Config.Labels "com.docker.compose.service"}} {{.Name}} {{and .State.Running (not .State.Restarting)}} {{.RestartCount}} {{with .State.Health}}{{.Status}}{{else}}none{{end}}{{end}}' "${ids[@]}" 2>/dev/null | grep .)
  fi
  metric service_running 'Containers of a service that run'
  for service in "${SERVICES[@]}"; do printf 'comicpile_service_running{service="%s"} %s\n' "$service" "${runs[$service]:-0}"; done
  metric service_unhealthy 'Containers of a service whose health check fails'
  for service in "${SERVICES[@]}"; do printf 'comicpile_service_unhealthy{service="%s"} %s\n' "$service" "${ill[$service]:-0}"; done
  [[ ${#ids[@]} -gt 0 ]] || return 0
  metric container_memory_ratio 'Memory in use, of what it may have'
  docker stats --no-stream --format '{{.Name}} {{.MemPerc}}' "${ids[@]}" 2>/dev/null | while read -r name share; do
    # project-service-number
    service=${name#"$APP_NAME-"}
    [[ $name =~ $plain && ${share%\%} =~ ^[0-9.]+$ ]] || continue
    printf 'comicpile_container_memory_ratio{service="%s",container="%s"} %s\n' "${service%-*}" "$name" "$(awk -v share="${share%\%}" 'BEGIN { print share / 100 }')"
  done
}

# second_of STAMP: since 1970; of a time as our scripts write it, or as Docker does.
second_of() {
  local stamp=${1:0:19} age
  stamp=${stamp%Z}
  age=$(age_of "${stamp//[-:]/}Z") && echo $(($(date +%s) - age))
}

# tasks: of backups/status; one that never went well has 0.
tasks() {
  local task stamp
  metric task_timestamp_seconds 'When a task last ended so; 0: never'
  for task in backup drill; do
    stamp=$(sed -n "s/^$task ok \([^ ]*\) .*/\1/p" backups/status 2>/dev/null) || :
    printf 'comicpile_task_timestamp_seconds{task="%s",result="ok"} %s\n' "$task" "$(second_of "$stamp" || echo 0)"
    stamp=$(sed -n "s/^$task failed \([^ ]*\) .*/\1/p" backups/status 2>/dev/null) || :
    ! stamp=$(second_of "$stamp") || printf 'comicpile_task_timestamp_seconds{task="%s",result="failed"} %s\n' "$task" "$stamp"
  done
}

# secrets: when each was rotated; one that never was is at least as old as the volume of the database.
secrets() {
  local name when oldest
  oldest=$(docker volume inspect --format '{{.CreatedAt}}' "$(volume_of_db)" 2>/dev/null) || return 0
  metric secret_rotated_timestamp_seconds 'When a secret got its value'
  for name in "${SECRET_NAMES[@]}"; do
    when=$(rotated_at "$name") || :
    ! when=$(second_of "${when:-$oldest}") || printf 'comicpile_secret_rotated_timestamp_seconds{name="%s"} %s\n' "$name" "$when"
  done
}

# logs_taken: up to when the lines are in monitoring/logs; before the first time, nothing is said.
logs_taken() {
  local taken
  taken=$(cat monitoring/logs/.taken 2>/dev/null) && taken=$(second_of "$taken") || return 0
  metric logs_taken_timestamp_seconds 'Up to when the lines of the containers are taken for Loki'
  printf 'comicpile_logs_taken_timestamp_seconds %s\n' "$taken"
}

# write_metrics: all or nothing, in one rename; Prometheus sees by the time when nobody writes any more.
write_metrics() {
  local new
  new=$(mktemp monitoring/textfile/.new-XXXXXX)
  litter+=("$new")
  {
    containers
    tasks
    secrets
    logs_taken
    metric metrics_timestamp_seconds 'When this file was written'
    printf 'comicpile_metrics_timestamp_seconds %s\n' "$(date +%s)"
  } >"$new"
  chmod 0644 "$new"
  own_like monitoring/textfile "$new"
  mv -f -- "$new" monitoring/textfile/comicpile.prom
}

# ── ship ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

# Docker gives each line the time when it got it. A run takes the lines of all containers after the time in .taken, up to a
# time that has passed, in the order of their times, and writes that time to .taken: no line is lost and none is there twice,
# whenever containers come and go. What is taken goes to .next first, and from there to the newest file: a run that is killed
# in between is finished by the next one.

# A run takes that much at most, and the next one goes on: Docker keeps the rest. Of files that full a new one is begun, and
# the oldest are deleted when all are that large together: a Loki that is away for long costs the oldest lines, not the disk.
RUN_BYTES=33554432
ALL_BYTES=268435456
FREE_KIB=524288
LOGS=monitoring/logs
LOG_TIME='^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z$'

# time_of SECOND, as Docker writes it.
time_of() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%S.000000000Z 2>/dev/null || date -u -r "$1" +%Y-%m-%dT%H:%M:%S.000000000Z; }

# lines_between AFTER UNTIL: TIME SERVICE CONTAINER TEXT, of each container of this project. Not of the log-shipper: when it
# fails, its own complaints would be the next that fail. A long line comes from Docker in parts of 16 KiB, each with the time.
lines_between() {
  local id service name
  while read -r id; do
    read -r service name < <(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}} {{slice .Name 1}}' "$id" 2>/dev/null) || continue
    [[ $service != log-shipper ]] || continue
    docker logs --timestamps --since "$1" "$id" 2>&1 |
      FROM="$service $name " LC_ALL=C awk -v after="$1" -v until="$2" '
        BEGIN { from = ENVIRON["FROM"] }
        substr($0, 11, 1) != "T" || substr($0, 30, 2) != "Z " { next }
        {
          time = substr($0, 1, 30)
          text = substr($0, 32)
          while (part = index(text, time " ")) text = substr(text, 1, part - 1) substr(text, part + 31)
          sub(/[ \t\r]+$/, "", text)
          if (time "" > after "" && time "" <= until "" && text != "") print time " " from text
        }' ||
      # One that is removed meanwhile is not there.
      ! docker inspect "$id" >/dev/null 2>&1 || return 1
  done < <(project_containers --all --filter label=com.docker.compose.oneoff=False)
}

# take_next: of .next to its file what is not there yet, and its time to .taken. Its first line: TIME FILE SIZE-BEFORE.
take_next() {
  local until file text before had=0 there
  { read -r until file text <$LOGS/.next && [[ $until =~ $LOG_TIME && $file =~ ^[0-9]{8}T[0-9]{6}Z\.log$ ]] && number before "$text"; } ||
    die "$LOGS/.next cannot be read" "look at it, and remove it"
  [[ ! -f $LOGS/$file ]] || had=$(size_of "$LOGS/$file")
  there=$((had > before ? had - before : 0))
  tail -n +2 $LOGS/.next | tail -c "+$((there + 1))" >>"$LOGS/$file"
  grant "$LOGS/$file" "$SHIPPER"
  flush "$LOGS/$file"
  note_taken "$until"
  rm -f -- $LOGS/.next
}
note_taken() {
  local new
  new=$(mktemp $LOGS/.new-XXXXXX)
  litter+=("$new")
  printf '%s\n' "$1" >"$new" && own_like $LOGS "$new" && replace_file "$new" $LOGS/.taken
}

# begin: what was written before this is there is not for Loki.
begin() { [[ -s $LOGS/.taken ]] || note_taken "$(time_of "$(date +%s)")"; }

# bounded: the files of the last seven days (Loki takes no older lines by default), and of these the newest.
bounded() {
  local file bytes all=0
  find $LOGS -maxdepth 1 -name '*.log' -mtime +7 -exec rm -f -- {} +
  while IFS= read -r file; do
    bytes=$(size_of "$file") || continue
    all=$((all + bytes))
    [[ $all -le $ALL_BYTES ]] || rm -f -- "$file"
  done < <(find $LOGS -maxdepth 1 -name '*.log' | sort -r)
}

ship() {
  local after until now new next file bytes before=0 end=$((SECONDS + 120))
  local -a containers
  # One run at a time; a deploy has the lock of the scripts, and calls this one.
  open_lock ship
  until take_lock; do
    [[ $SECONDS -lt $end ]] || die 'another run does not end' "pgrep -af 'monitoring.sh ship'"
    sleep 1
  done
  [[ ! -f $LOGS/.next ]] || take_next
  rm -f -- $LOGS/.new-??????
  bounded
  [[ $(free_kib $LOGS) -ge $FREE_KIB ]] || die 'less than 512 MiB are free: no line is taken' "monitoring/RUNBOOK.md, DiskFillsUp"
  now=$(date +%s)
  until=$(time_of $((now + 1)))
  # What a container has written until then is in its log two seconds later.
  sleep 3
  begin
  after=$(<$LOGS/.taken)
  [[ $after =~ $LOG_TIME ]] || die "$LOGS/.taken has no time" "remove it: what is newer than the next run is taken"
  # A clock that was ahead was set back.
  [[ ! $after > $until ]] || after=$(time_of "$now")

  mapfile -t containers < <(project_containers --all)
  learn_secrets ${containers[@]+"${containers[@]}"}
  new=$(mktemp $LOGS/.new-XXXXXX)
  litter+=("$new")
  # Sorted by time; what comes after the last one that fits waits. A line is no longer than Loki takes.
  lines_between "$after" "$until" | redact | LC_ALL=C sort -s -k 1,1 |
    LC_ALL=C awk -v limit=$RUN_BYTES 'bytes > limit && $1 "" != last { exceeded = 1 }
      exceeded { next }
      length > 65536 { $0 = substr($0, 1, 65536) " [cut]" }
      { print; last = $1 ""; bytes += length + 1 }' >"$new" || die 'a log cannot be read; nothing was taken' 'the next run takes it'
  [[ -s $new ]] || {
    note_taken "$until"
    return
  }
  [[ $(size_of "$new") -le $RUN_BYTES ]] || until=$(tail -n 1 "$new" | cut -d ' ' -f 1)

  file=$(find $LOGS -maxdepth 1 -name '*.log' | sort | tail -n 1)
  file=${file##*/}
  if [[ -z $file || ${file:0:8} != "$(date -u +%Y%m%d)" || $(size_of "$LOGS/$file") -ge $RUN_BYTES ]]; then
    file=$(date -u +%Y%m%dT%H%M%SZ).log
  fi
  [[ ! -f $LOGS/$file ]] || before=$(size_of "$LOGS/$file")
  next=$(mktemp $LOGS/.new-XXXXXX)
  litter+=("$next")
  { printf '%s %s %s\n' "$until" "$file" "$before" && cat "$new"; } >"$next"
  own_like $LOGS "$next"
  replace_file "$next" $LOGS/.next
  take_next
}

# ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# tool IMAGE PROGRAM ARGUMENT…: in a container that has the configuration, and nothing else.
tool() {
  docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges --user "$NOBODY:$NOBODY" \
    --tmpfs /tmp:mode=1777 --mount "type=bind,source=$PWD/monitoring/prometheus,target=/etc/prometheus,readonly" \
    --mount "type=bind,source=$PWD/monitoring/alertmanager,target=/etc/alertmanager,readonly" --entrypoint "$2" "$1" "${@:3}"
}
PROMETHEUS='prom/prometheus:v3.5.3'
ALERTMANAGER='prom/alertmanager:v0.33.1'

check() {
  local file
  local -a tests=()
  for file in monitoring/prometheus/tests/*.yml; do tests+=("/etc/prometheus/tests/${file##*/}"); done
  if ! tool "$PROMETHEUS" promtool check config /etc/prometheus/prometheus.yml >&2 ||
    ! tool "$PROMETHEUS" promtool test rules "${tests[@]}" >&2 ||
    ! tool "$ALERTMANAGER" amtool check-config /etc/alertmanager/alertmanager.yml >&2; then
    die 'Prometheus or Alertmanager would not take this' 'mend what is named above; nothing that runs was changed'
  fi
  say 'the configuration, the rules and their tests are in order'
}

# prepare: the containers run as others than the owner of these files.
prepare() {
  open_monitoring
  local name
  for name in "${PRIVATE[@]}"; do
    place "$name"
    [[ ! -f $folder/$name ]] || grant "$folder/$name" "$group"
  done
}

# place NAME: the folder of that secret, and who may read it; no service sees another's.
place() {
  folder=monitoring/private group=$NOBODY reader='Alertmanager reads it at its next message'
  case $1 in
    loki_*) folder=monitoring/loki group=$SHIPPER reader='the log-shipper reads it when it starts: docker compose … restart log-shipper' ;;
  esac
}

write_secret() {
  local value new
  if [[ -t 0 ]]; then
    read -r -s -p "$1: " value
    say ''
  else
    IFS= read -r value || [[ -n $value ]] || die 'nothing came in' "printf '%s' … | scripts/monitoring.sh secret $1"
  fi
  case $1 in
    loki_url)
      [[ $value =~ ^https?://[^[:space:]@]+/otlp$ ]] || die 'that is no OTLP endpoint of Loki' 'one line that ends with /otlp, and without a login: https://loki.example.com/otlp'
      [[ $value != http://* ]] || say 'http:// is not encrypted: only for a Loki on a network of your own'
      ;;
    loki_login)
      [[ $value =~ ^[^:[:space:]]+:[^[:space:]]+$ ]] || die 'that is no login' 'one line: USER:TOKEN'
      value="Basic $(printf '%s' "$value" | base64 | tr -d '\n')"
      ;;
    *_url) [[ $value =~ ^https?://[^[:space:]]+$ ]] || die 'that is no URL' 'one line that begins with https://' ;;
    *) [[ -n $value ]] || die 'that is empty' ;;
  esac
  place "$1"
  new=$(mktemp "$folder/.new-XXXXXX")
  litter+=("$new")
  printf '%s' "$value" >"$new"
  own_like "$folder" "$new"
  grant "$new" "$group"
  replace_file "$new" "$folder/$1"
  chmod o+x monitoring "$folder"
  audit monitoring ok "secret=$1"
  say "written: $folder/$1; $reader"
}

missing() {
  local name
  for name in "${PRIVATE[@]}"; do
    place "$name"
    # Not each Loki asks for a login.
    [[ -s $folder/$name || $name == loki_login ]] || say "missing: scripts/monitoring.sh secret $name"
  done
}

setup() {
  need docker
  need_env
  need_env_app
  lock
  prepare
  check
  compose build --quiet edge-log >&2
  compose build --quiet log-shipper >&2
  if running db; then
    monitoring_role || die 'the role of the exporter could not be made' 'read the message above'
  else
    say 'the database does not run yet: scripts/deploy.sh makes the role of the exporter'
  fi
  begin
  write_metrics
  missing
  say 'Ready. scripts/deploy.sh starts it, or: docker compose -f docker-compose.prod.yml -f docker-compose.monitoring.yml --env-file .env.production up -d --wait'
  say 'The metrics of containers and backups come by a timer: sudo scripts/timers.sh install'
}

amtool() { compose exec -T alertmanager amtool --alertmanager.url http://127.0.0.1:9093 "$@"; }
prometheus() { compose exec -T prometheus wget -qO- "http://127.0.0.1:9090/api/v1/$1"; }

status() {
  local down alerts
  running prometheus || die 'Prometheus does not run' 'scripts/monitoring.sh setup, then scripts/deploy.sh'
  down=$(prometheus 'targets?state=active' | grep -oE '"job":"[a-z-]+"[^}]*\}[^}]*"health":"(down|unknown)"' | grep -oE '"job":"[a-z-]+"' | sort -u | cut -d '"' -f 4) || :
  alerts=$(prometheus alerts | grep -oE '"alertname":"[A-Za-z0-9]+"[^]]*' | grep -oE '"alertname":"[A-Za-z0-9]+"|"state":"[a-z]+"' | cut -d '"' -f 4 | paste -s -d ' \n' -) || :
  say "active alerts:"
  say "${alerts:-none, not even Watchdog}"
  missing
  [[ -z $down ]] || die "Prometheus does not reach: ${down//$'\n'/, }" 'monitoring/RUNBOOK.md, TargetDown'
  [[ $alerts == *Watchdog* ]] || die 'the alert Watchdog is missing, which is always there' 'scripts/monitoring.sh check'
  say 'all is reached'
}

# address_of SERVICE: in the network of monitoring.
address_of() {
  local id
  id=$(containers_of "$1" --format '{{.ID}}')
  [[ -z $id ]] || docker inspect --format '{{range $name, $network := .NetworkSettings.Networks}}{{println $name $network.IPAddress}}{{end}}' "$id" |
    awk '$1 ~ /_monitoring$/ { print $2 }'
}

tunnel() {
  local service port address
  say 'On your own machine; the addresses change when the containers are made anew:'
  for service in prometheus:9090 alertmanager:9093 grafana:3000; do
    port=${service#*:} service=${service%:*}
    address=$(address_of "$service")
    if [[ -n $address ]]; then
      printf 'ssh -L 127.0.0.1:%s:%s:%s %s   # %s: http://127.0.0.1:%s\n' "$port" "$address" "$port" "$(operator)" "$service" "$port"
    else
      say "$service does not run"
    fi
  done
  say "Grafana's login is admin, with GRAFANA_ADMIN_PASSWORD"
}

case $1 in
  setup) setup ;;
  secret) write_secret "$2" ;;
  check) need docker && prepare && check ;;
  test)
    need docker && need_env
    amtool alert add alertname=Test severity=warning service=monitoring --end "$(date -u -d '+2 minutes' +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -v +2M +%Y-%m-%dT%H:%M:%SZ)" \
      --annotation 'summary=a test of scripts/monitoring.sh' --annotation runbook=monitoring/RUNBOOK.md#test >&2 ||
      die 'Alertmanager does not take it' 'scripts/monitoring.sh status'
    say 'sent: it should arrive within a minute, and be resolved two minutes later. If not: the log of the service alertmanager'
    ;;
  status) need docker && need_env && status ;;
  tunnel) need docker && tunnel ;;
  metrics) need docker && write_metrics ;;
  ship) need docker && ship ;;
esac
