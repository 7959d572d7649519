#!/usr/bin/env bash
# Usage: scripts/monitoring.sh setup
#        scripts/monitoring.sh secret NAME
#        scripts/monitoring.sh check
#        scripts/monitoring.sh test
#        scripts/monitoring.sh status
#        scripts/monitoring.sh tunnel
#        scripts/monitoring.sh metrics
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
#
# The names for `secret`:
#   deadman_url: what is asked each minute, and raises the alarm when it is not

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

PRIVATE=(
  deadman_url
)
# nobody, as whom Prometheus and Alertmanager run.
NOBODY=65534
case "${1:-}:$#" in
  setup:1 | check:1 | test:1 | status:1 | tunnel:1 | metrics:1) ;;
  secret:2)
    [[ " ${PRIVATE[*]} " == *" $2 "* ]] || misuse "there is no '$2' here" "scripts/monitoring.sh secret ${PRIVATE[0]}"
    ;;
  *) misuse 'say what to do: setup, secret NAME, check, test, status, tunnel or metrics' ;;
esac

# ── metrics ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Those that are to run all the time, and take no part in a migration.
SERVICES=(
  nginx
  app
  worker
  scheduler
  db
  queue
)

# metric NAME WHAT: the two lines above its values.
metric() { printf '# HELP comicpile_%s %s\n# TYPE comicpile_%s gauge\n' "$1" "$2" "$1"; }

# containers: of all of this project; a service of which none is left has its zero.
containers() {
  local service name running restarts health
  local -a ids
  local -A runs=() ill=()
  mapfile -t ids < <(project_containers --filter label=com.docker.compose.oneoff=False)
  metric container_restarts_total 'How often Docker has started it again'
  if [[ ${#ids[@]} -gt 0 ]]; then
    while read -r service name running restarts health; do
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
    service=${name#"${COMPOSE_PROJECT_NAME:-$APP_NAME}-"}
    [[ ${share%\%} =~ ^[0-9.]+$ ]] || continue
    printf 'comicpile_container_memory_ratio{service="%s",container="%s"} %s\n' "${service%-*}" "$name" "$(awk -v share="${share%\%}" 'BEGIN { print share / 100 }')"
  done
}

# second_of STAMP: since 1970; of a time as our scripts write it, or as Docker does.
second_of() {
  local stamp=${1:0:19}
  stamp=${stamp%Z}
  echo $(($(date +%s) - $(age_of "${stamp//[-:]/}Z")))
}

# tasks: of backups/status; one that never went well has 0.
tasks() {
  local task stamp
  metric task_timestamp_seconds 'When a task last ended so; 0: never'
  for task in backup drill; do
    stamp=$(sed -n "s/^$task ok \([^ ]*\) .*/\1/p" backups/status 2>/dev/null) || :
    printf 'comicpile_task_timestamp_seconds{task="%s",result="ok"} %s\n' "$task" "$(if [[ -n $stamp ]]; then second_of "$stamp"; else echo 0; fi)"
    stamp=$(sed -n "s/^$task failed \([^ ]*\) .*/\1/p" backups/status 2>/dev/null) || :
    [[ -z $stamp ]] || printf 'comicpile_task_timestamp_seconds{task="%s",result="failed"} %s\n' "$task" "$(second_of "$stamp")"
  done
}

# secrets: when each was rotated; one that never was is at least as old as the volume of the database.
secrets() {
  local name when oldest
  oldest=$(docker volume inspect --format '{{.CreatedAt}}' "$(volume_of_db)" 2>/dev/null) || return 0
  metric secret_rotated_timestamp_seconds 'When a secret got its value'
  for name in "${SECRET_NAMES[@]}"; do
    when=$(rotated_at "$name") || :
    printf 'comicpile_secret_rotated_timestamp_seconds{name="%s"} %s\n' "$name" "$(second_of "${when:-$oldest}")"
  done
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
    metric metrics_timestamp_seconds 'When this file was written'
    printf 'comicpile_metrics_timestamp_seconds %s\n' "$(date +%s)"
  } >"$new"
  chmod 0644 "$new"
  own_like monitoring/textfile "$new"
  mv -f -- "$new" monitoring/textfile/comicpile.prom
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
  lock
  prepare
  check
  compose build --quiet edge-log >&2
  if running db; then
    monitoring_role || die 'the role of the exporter could not be made' 'read the message above'
  else
    say 'the database does not run yet: scripts/deploy.sh makes the role of the exporter'
  fi
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
esac
