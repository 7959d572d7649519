#!/usr/bin/env bash
# What scripts/audit.sh --live collects: containers, this machine, the site from outside, the database, backups and releases.
# Sourced by it, never run.
# shellcheck disable=SC2154 # what audit.sh and lib.sh have set

DESCRIBE='{"id":{{json .Id}},"name":{{json .Name}},"service":{{json (index .Config.Labels "com.docker.compose.service")}},"hash":{{json (index .Config.Labels "com.docker.compose.config-hash")}},"user":{{json .Config.User}},"image":{{json .Config.Image}},"host":{{json .HostConfig}},"state":{{json .State}},"network":{{json .NetworkSettings}},"mounts":{{json .Mounts}},"restarts":{{json .RestartCount}}}'
# The sizes of the pools that a container was started with, and nothing else of its environment.
# shellcheck disable=SC2016 # variables of Docker's template
POOLS='{{range .Config.Env}}{{$pair := split . "="}}{{$name := index $pair 0}}{{if or (eq $name "DB_POOL_SIZE") (eq $name "DB_MAX_OVERFLOW")}}{{println $name (index $pair 1)}}{{end}}{{end}}'

# look_at_processes ID…: each process of a container as the kernel of this machine reports it; not only the first, as what came
# later may have had more rights. Nothing where the engine is another machine's.
look_at_processes() {
  local id path found
  found=$(grep -HoE '[0-9a-f]{64}' /proc/[0-9]*/cgroup 2>/dev/null) || :
  for id; do
    while IFS= read -r path; do
      cat "${path%/cgroup:*}/status" 2>/dev/null || :
    done < <(grep -F ":$id" <<<"$found" | sort -u) >"$facts/proc/$id"
  done
}
image_times() {
  local -a found
  mapfile -t found < <(docker inspect --format '{{.Image}}' "$@" | sort -u)
  docker image inspect --format '{{if .RepoTags}}{{index .RepoTags 0}}{{else}}{{.Id}}{{end}} {{.Created}}' "${found[@]}"
}
own_networks() {
  local -a found
  mapfile -t found < <(docker network ls --quiet --filter "label=com.docker.compose.project=$APP_NAME")
  docker network inspect --format '{{.Name}} {{.Internal}}' "${found[@]}"
}
other_ports() { docker ps --format '{{.Names}}\t{{.Ports}}\t{{.Label "com.docker.compose.service"}}' | awk -F '\t' '$3 != "nginx"'; }
# log_sizes ID…: in KiB; nothing for whom the logs of Docker are closed.
log_sizes() {
  local id log size
  docker inspect --format '{{.Id}} {{.LogPath}}' "$@" | while read -r id log; do
    [[ ! -r $log ]] || { size=$(du -k "$log") && printf '%s\t%s\n' "${id:0:12}" "${size%%[!0-9]*}"; }
  done
}

# Nothing runs in a container that is judged, as its own code could answer: all of this the engine and the kernel say.
look_at_containers() {
  local -a ids
  mapfile -t ids < <(project_containers --all --filter label=com.docker.compose.oneoff=False)
  mkdir "$facts/proc"
  : >"$facts/containers.jsonl"
  if [[ ${#ids[@]} -gt 0 ]]; then
    fact containers.jsonl docker inspect --format "$DESCRIBE" "${ids[@]}"
    look_at_processes "${ids[@]}"
    fact log-sizes log_sizes "${ids[@]}"
    [[ -s $facts/log-sizes ]] || rm "$facts/log-sizes"
    fact images image_times "${ids[@]}"
  fi
  fact networks own_networks
  fact published other_ports
  fact hashes compose config --hash '*'
  fact volume-created docker volume inspect --format '{{.CreatedAt}}' "$(volume_of_db)"
  [[ -s $facts/volume-created ]] || rm "$facts/volume-created"
  [[ -z $(containers_of backups) ]] || echo running >"$facts/backups-service"
  fact security-options docker info --format '{{json .SecurityOptions}}'
  local -a apps
  mapfile -t apps < <(containers_of app --format '{{.ID}}')
  [[ ${#apps[@]} -eq 0 ]] || fact pools docker inspect --format "$POOLS" "${apps[@]}"
  [[ -s $facts/pools ]] || rm -f "$facts/pools"
}

look_at_host() {
  local name port
  {
    [[ ! -e /var/run/reboot-required ]] || printf 'reboot\tyes\n'
    if [[ -e /etc/apt/apt.conf.d/20auto-upgrades ]] && grep -q 'Unattended-Upgrade "1"' /etc/apt/apt.conf.d/20auto-upgrades; then printf 'updates\tunattended-upgrades\n'; fi
    if [[ -e /etc/dnf/automatic.conf ]] && grep -qE '^apply_updates *= *(yes|true)' /etc/dnf/automatic.conf; then printf 'updates\tdnf-automatic\n'; fi
    if [[ -r /etc/ufw/ufw.conf ]] && grep -q '^ENABLED=yes' /etc/ufw/ufw.conf; then
      printf 'firewall\tufw\n'
    elif [[ -r /etc/ufw/ufw.conf ]]; then
      printf 'firewall\toff\n'
    elif has systemctl && systemctl is-active --quiet firewalld nftables 2>/dev/null; then
      printf 'firewall\tfirewalld or nftables\n'
    fi
  } >"$facts/host"
  { df -Pk . && df -Pk "$(docker info --format '{{.DockerRootDir}}')" 2>/dev/null | tail -n +2; } >"$facts/disk" || :
  {
    [[ ! -S /var/run/docker.sock ]] || printf 'mode\t%s\n' "$(mode_of /var/run/docker.sock)"
    if has ss; then
      port=$(ss -Hltn 2>/dev/null | awk '{ n = split($4, part, ":"); if (part[n] == 2375) print part[n] }' | sort -u | paste -sd ' ' -)
      printf 'tcp\t%s\n' "$port"
    fi
  } >"$facts/socket"
  fact engine docker version --format '{{.Server.Version}} {{.Server.Platform.Name}}'
  { hostname -I 2>/dev/null || :; } | tr ' ' '\n' | grep . >"$facts/addresses" || :
  for name in "${SITE_NAMES[@]}"; do
    { getent ahosts "${name/#\*./www.}" 2>/dev/null || :; } | awk '{ print $1 }' | sort -u | paste -sd ' ' - | tell "$name"
  done >"$facts/dns"
  # Of another machine, where the engine is there.
  if [[ $(uname -s) == Linux && -S /var/run/docker.sock ]]; then fact firewall within 120 scripts/firewall.sh status; fi
  if has systemctl && [[ -d /run/systemd/system ]]; then fact timers within 120 scripts/timers.sh status; fi
}

# ask CURL-OPTION…: without the settings of whoever runs this.
ask() { within 60 curl --disable ${as_client[@]+"${as_client[@]}"} --noproxy '*' "$@"; }
# probe NAME CURL-OPTION… URL: the headers of the answer.
probe() { fact "probe/$1" ask --silent --show-error --max-time 10 --dump-header - --output /dev/null "${@:2}"; }
# site_from_here: its address, and how curl finds it on this machine.
site_from_here() {
  local domain address port
  domain=$(env_get DOMAIN)
  edge_port HTTPS_PORT 8443 || return 1
  domain=${domain:-${SITE_NAMES[0]}} site=https://$domain:$port
  to=(--cacert ssl/fullchain.pem --resolve "$domain:$port:$address")
}
look_from_outside() {
  local plain site address port
  local -a to
  site_from_here || return 0
  edge_port HTTP_PORT 8080 || return 0
  plain=$address:$port
  mkdir "$facts/probe"
  probe health "${to[@]}" "$site/health"
  probe closed "${to[@]}" "$site/.env"
  probe git "${to[@]}" "$site/.git/config"
  probe docs "${to[@]}" "$site/docs"
  probe openapi.json "${to[@]}" "$site/openapi.json"
  fact probe/security-txt ask --silent --max-time 10 "${to[@]}" "$site/.well-known/security.txt"
  probe forged "${to[@]}" --header 'Host: forged.example' "$site/"
  probe http --header "Host: ${SITE_NAMES[0]}" "http://$plain/"
  probe forged-http --header 'Host: forged.example' "http://$plain/"
  # The lowest level of security, so that it is not this machine's own library that refuses.
  probe old-tls "${to[@]}" --tlsv1.0 --tls-max 1.1 --ciphers 'DEFAULT@SECLEVEL=0' "$site/"
  probe weak-ciphers "${to[@]}" --tlsv1.2 --tls-max 1.2 --ciphers 'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:AES128-SHA:AES256-SHA:@SECLEVEL=0' "$site/"
}
# look_at_limits: last of all, as this machine has to wait a little after it.
look_at_limits() {
  local site
  local -a to
  site_from_here || return 0
  fact probe/burst ask --silent --max-time 20 --parallel --parallel-immediate --parallel-max 30 \
    "${to[@]}" --output /dev/null --write-out '%{http_code}\n' "$site/audit-burst-[1-60]"
}

# Of the database its own container is believed, as the superuser over the socket: whoever can forge that has all of it already.
# The answers are words, a number or a share, and nothing but these is taken for one.
ask_database() {
  sql postgres <<'SQL' || return 1
\pset fieldsep '\t'
SELECT 'role', CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'comicpile' AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) AND NOT EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)) THEN 'yes' ELSE 'no' END;
SELECT 'superuser', CASE WHEN (SELECT count(*) FROM pg_roles WHERE rolsuper) = 1 THEN 'yes' ELSE 'no' END;
SELECT 'login', CASE WHEN EXISTS (SELECT FROM pg_hba_file_rules WHERE type LIKE 'host%' AND auth_method NOT IN ('scram-sha-256', 'reject', 'cert')) THEN 'no' ELSE 'yes' END;
SELECT 'hash', CASE WHEN EXISTS (SELECT FROM pg_authid WHERE rolcanlogin AND (rolpassword IS NULL OR rolpassword NOT LIKE 'SCRAM-SHA-256$%')) THEN 'no' ELSE 'yes' END;
SELECT 'public', CASE WHEN EXISTS (SELECT FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS acl WHERE datname = 'comic_pile' AND acl.grantee = 0) THEN 'no' ELSE 'yes' END;
SELECT 'checksums', CASE WHEN current_setting('data_checksums') = 'on' THEN 'yes' ELSE 'no' END;
SELECT 'logged', CASE WHEN current_setting('log_connections') NOT IN ('off', '') AND current_setting('log_disconnections') = 'on' THEN 'yes' ELSE 'no' END;
SELECT 'spare', CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'comicpile' AND rolconnlimit BETWEEN 1 AND current_setting('max_connections')::int - 14) THEN 'yes' ELSE 'no' END;
SELECT 'idle', CASE WHEN current_setting('idle_in_transaction_session_timeout') <> '0' THEN 'yes' ELSE 'no' END;
SELECT 'hba', CASE WHEN (pg_stat_file(current_setting('hba_file'))).modification > pg_conf_load_time() THEN 'stale' ELSE 'loaded' END;
SELECT 'limit', (SELECT rolconnlimit FROM pg_roles WHERE rolname = 'comicpile');
SELECT 'connections', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') || '/' || current_setting('max_connections');
SQL
  sql 'comic_pile' <<'SQL' || return 1
\pset fieldsep '\t'
SELECT 'schema', CASE WHEN EXISTS (SELECT FROM pg_namespace WHERE nspname <> 'pg_toast' AND has_schema_privilege('comicpile', oid, 'CREATE')) THEN 'no' ELSE 'yes' END;
SELECT 'code', coalesce(string_agg(what, ', '), 'yes') FROM (
  SELECT 'functions in ' || lanname FROM pg_language WHERE lanpltrusted AND has_language_privilege('comicpile', oid, 'USAGE')
  UNION ALL SELECT 'temporary tables' WHERE has_database_privilege('comicpile', current_database(), 'TEMPORARY')
  UNION ALL SELECT 'schemas' WHERE has_database_privilege('comicpile', current_database(), 'CREATE')) it (what);
SELECT 'versions', coalesce(string_agg(regexp_replace(c.oid::regclass::text, '[^ -~]', '?', 'g'), ', '), 'yes') FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text !~ '^pg_' AND
  (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) = '{version_num}' AND
  (has_any_column_privilege('comicpile', c.oid, 'INSERT, UPDATE') OR has_table_privilege('comicpile', c.oid, 'DELETE, TRUNCATE, TRIGGER'));
SQL
  sql 'comic_pile' <<'SQL'
\pset fieldsep '\t'
SELECT 'large-objects', CASE WHEN EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_|loread$|lowrite$)' AND has_function_privilege('comicpile', oid, 'EXECUTE')) THEN 'no' ELSE 'yes' END;
SQL
}
# What a role or a file chose is text of others: a value must not look like one more line.
ask_settings() {
  sql postgres <<'SQL'
SELECT format('%s %s', coalesce(r.rolname, 'everybody'), regexp_replace(c, '[^ -~]', '?', 'g'))
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
WHERE r.rolname IN ('comicpile', 'comicpile_owner');
SQL
}
ask_logins() {
  sql postgres <<'SQL'
SELECT regexp_replace(concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','), address, netmask, auth_method, array_to_string(options, ','), error), '[^ -~]', '?', 'g')
FROM pg_hba_file_rules ORDER BY line_number;
SQL
}
look_at_database() {
  local asked
  fact db ask_database
  fact db-settings ask_settings
  fact db-hba ask_logins
  for asked in db db-settings db-hba; do [[ $(<"$facts/$asked.rc") == 0 ]] || rm "$facts/$asked"; done
  # As whoever is in another container of that network would try it.
  fact db-knock within 60 docker run --rm --network "${APP_NAME}_backend" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --user 70:70 --entrypoint psql "$(image_of db)" --no-psqlrc --no-password --host db --username postgres --dbname postgres --command 'SELECT 1'
  fact pitr within 120 scripts/pitr.sh status
}

look_at_recovery() {
  local newest
  newest=$(dumps | head -n 1)
  if [[ -n $newest ]]; then
    printf 'file\t%s\n' "$newest" >"$facts/backup-newest"
    if dump_verified "$newest"; then printf 'verified\tyes\n' >>"$facts/backup-newest"; fi
  fi
  fact releases release_tags
  if regular audit.log; then awk '$2 == "deploy" && $3 == "ok"' audit.log | wc -l >"$facts/deploys"; fi
}

look_at_containers
look_at_host
look_at_recovery
[[ -z $(containers_of db) ]] || look_at_database
fact cert-status within 120 scripts/certs.sh status
[[ -z $(containers_of nginx) ]] || look_from_outside
