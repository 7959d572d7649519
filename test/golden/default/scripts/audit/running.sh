#!/usr/bin/env bash
# What scripts/audit.sh --live collects: containers, this machine, the site from outside, the database, backups and releases.
# Sourced by it, never run.
# shellcheck disable=SC2154 # what audit.sh and lib.sh have set

DESCRIBE='{"id":{{json .Id}},"name":{{json .Name}},"service":{{json (index .Config.Labels "com.docker.compose.service")}},"hash":{{json (index .Config.Labels "com.docker.compose.config-hash")}},"user":{{json .Config.User}},"image":{{json .Config.Image}},"host":{{json .HostConfig}},"state":{{json .State}},"network":{{json .NetworkSettings}},"mounts":{{json .Mounts}},"restarts":{{json .RestartCount}}}'

look_at_containers() {
  local id pid log
  local -a ids
  mapfile -t ids < <(project_containers --all --filter label=com.docker.compose.oneoff=False)
  : >"$facts/containers.jsonl"
  [[ ${#ids[@]} -eq 0 ]] || docker inspect --format "$DESCRIBE" "${ids[@]}" >"$facts/containers.jsonl"
  mkdir "$facts/proc"
  : >"$facts/log-sizes"
  while read -r id pid log; do
    # The same kernel where the engine is this machine's; else the container's own view, where it has cat.
    if [[ $pid == [1-9]* && -r /proc/$pid/cgroup && $(<"/proc/$pid/cgroup") == *"$id"* ]]; then
      cat "/proc/$pid/status" >"$facts/proc/${id:0:12}" 2>/dev/null || :
    elif [[ $pid == [1-9]* ]]; then
      docker exec "$id" cat /proc/1/status </dev/null >"$facts/proc/${id:0:12}" 2>/dev/null || rm -f "$facts/proc/${id:0:12}"
    fi
    [[ ! -r $log ]] || printf '%s\t%s\n' "${id:0:12}" "$(du -k "$log" | cut -f 1)" >>"$facts/log-sizes"
  done < <([[ ${#ids[@]} -eq 0 ]] || docker inspect --format '{{.Id}} {{.State.Pid}} {{.LogPath}}' "${ids[@]}")
  [[ -s $facts/log-sizes ]] || rm "$facts/log-sizes"
  docker network ls --quiet --filter "label=com.docker.compose.project=${COMPOSE_PROJECT_NAME:-$APP_NAME}" |
    xargs -r docker network inspect --format '{{.Name}} {{.Internal}}' >"$facts/networks"
  [[ ${#ids[@]} -eq 0 ]] || docker inspect --format '{{.Image}}' "${ids[@]}" | sort -u |
    xargs docker image inspect --format '{{if .RepoTags}}{{index .RepoTags 0}}{{else}}{{.Id}}{{end}} {{.Created}}' >"$facts/images"
  docker ps --format '{{.Names}}\t{{.Ports}}\t{{.Label "com.docker.compose.service"}}' | awk -F '\t' '$3 != "nginx"' >"$facts/published"
  { compose config --hash '*' || :; } >"$facts/hashes" 2>/dev/null
  docker volume inspect --format '{{.CreatedAt}}' "$(volume_of_db)" >"$facts/volume-created" 2>/dev/null || rm "$facts/volume-created"
  [[ -z $(containers_of backups) ]] || echo running >"$facts/backups-service"
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
  docker version --format '{{.Server.Version}}' >"$facts/engine"
  { hostname -I 2>/dev/null || :; } | tr ' ' '\n' | grep . >"$facts/addresses" || :
  for name in "${SITE_NAMES[@]}"; do
    printf '%s\t%s\n' "$name" "$(getent ahosts "${name/#\*./www.}" 2>/dev/null | awk '{ print $1 }' | sort -u | paste -sd ' ' - || :)"
  done >"$facts/dns"
  # Of another machine, where the engine is there.
  if [[ $(uname -s) == Linux && -S /var/run/docker.sock ]]; then fact firewall scripts/firewall.sh status; fi
  if has systemctl && [[ -d /run/systemd/system ]]; then fact timers scripts/timers.sh status; fi
}

# probe NAME CURL-OPTION… URL: the headers of the answer.
probe() { fact "probe/$1" curl ${as_client[@]+"${as_client[@]}"} --silent --show-error --max-time 10 --noproxy '*' --dump-header - --output /dev/null "${@:2}"; }
# too_many: requests at once that must be more than the limit lets through, even where two seconds pass meanwhile.
too_many() {
  local rate='10r/s' burst='20' count
  number count "${rate%r/*}"
  [[ $rate != */m ]] || count=$((count / 60 + 1))
  count=$((burst + 2 * count + 20))
  echo "$((count < 500 ? count : 500))"
}
look_from_outside() {
  local domain port plain site
  local -a to
  domain=$(env_get DOMAIN) port=$(https_port) plain=$(env_get HTTP_PORT)
  domain=${domain:-${SITE_NAMES[0]}} plain=${plain##*:} site=https://$domain:$port
  to=(--cacert ssl/fullchain.pem --resolve "$domain:$port:127.0.0.1")
  mkdir "$facts/probe"
  probe health "${to[@]}" "$site/health"
  probe closed "${to[@]}" "$site/.env"
  probe git "${to[@]}" "$site/.git/config"
  probe docs "${to[@]}" "$site/docs"
  probe openapi.json "${to[@]}" "$site/openapi.json"
  fact probe/security-txt curl ${as_client[@]+"${as_client[@]}"} --silent --max-time 10 --noproxy '*' "${to[@]}" "$site/.well-known/security.txt"
  probe forged "${to[@]}" --header 'Host: forged.example' "$site/"
  probe http --header "Host: ${SITE_NAMES[0]}" "http://127.0.0.1:$plain/"
  probe forged-http --header 'Host: forged.example' "http://127.0.0.1:$plain/"
  # The lowest level of security, so that it is not this machine's own library that refuses.
  probe old-tls "${to[@]}" --tlsv1.0 --tls-max 1.1 --ciphers 'DEFAULT@SECLEVEL=0' "$site/"
  probe weak-ciphers "${to[@]}" --tlsv1.2 --tls-max 1.2 --ciphers 'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:AES128-SHA:AES256-SHA:@SECLEVEL=0' "$site/"
  # Last, as this machine has to wait a little after it.
  fact probe/burst curl ${as_client[@]+"${as_client[@]}"} --silent --max-time 20 --noproxy '*' --parallel --parallel-immediate --parallel-max 30 \
    "${to[@]}" --output /dev/null --write-out '%{http_code}\n' "$site/audit-burst-[1-$(too_many)]"
}

look_at_database() {
  sql postgres >"$facts/db.new" 2>/dev/null <<'SQL' || return 0
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
SELECT 'connections', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') || '/' || current_setting('max_connections');
SQL
  # What a role or a file chose is text of others: a value must not look like one more line.
  sql postgres >"$facts/db-settings.new" 2>/dev/null <<'SQL' || return 0
SELECT format('%s %s', coalesce(r.rolname, 'everybody'), regexp_replace(c, '[^ -~]', '?', 'g'))
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
WHERE r.rolname IN ('comicpile', 'comicpile_owner');
SQL
  sql postgres >"$facts/db-hba.new" 2>/dev/null <<'SQL' || return 0
SELECT regexp_replace(concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','), address, netmask, auth_method, array_to_string(options, ','), error), '[^ -~]', '?', 'g')
FROM pg_hba_file_rules ORDER BY line_number;
SQL
  # As whoever is in another container of that network would try it.
  fact db-knock docker run --rm --network "${COMPOSE_PROJECT_NAME:-$APP_NAME}_backend" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --user 70:70 --entrypoint psql "$(image_of db)" --no-psqlrc --no-password --host db --username postgres --dbname postgres --command 'SELECT 1'
  sql 'comic_pile' >>"$facts/db.new" 2>/dev/null <<'SQL' || return 0
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
  sql 'comic_pile' >>"$facts/db.new" 2>/dev/null <<'SQL' || return 0
\pset fieldsep '\t'
SELECT 'large-objects', CASE WHEN EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_|loread$|lowrite$)' AND has_function_privilege('comicpile', oid, 'EXECUTE')) THEN 'no' ELSE 'yes' END;
SQL
  mv "$facts/db-settings.new" "$facts/db-settings"
  mv "$facts/db-hba.new" "$facts/db-hba"
  mv "$facts/db.new" "$facts/db"
  local limit each all=0 id
  # What the containers that run may open, and as much again while new ones start beside them.
  limit=$(sql postgres <<<"SELECT rolconnlimit FROM pg_roles WHERE rolname = 'comicpile';")
  for id in $(compose ps --quiet --status running app); do
    # shellcheck disable=SC2016 # the container's shell expands these
    number each "$(docker exec "$id" sh -c 'echo $((DB_POOL_SIZE + DB_MAX_OVERFLOW))')" 'the pool of the app' || return 0
    all=$((all + each))
  done
  [[ $all -eq 0 ]] || printf 'wanted\t%s\nlimit\t%s\n' "$((2 * all))" "$limit" >"$facts/pools"
  fact pitr scripts/pitr.sh status
}

look_at_recovery() {
  local newest
  newest=$(dumps | head -n 1)
  if [[ -n $newest ]]; then
    printf 'file\t%s\n' "$newest" >"$facts/backup-newest"
    if dump_verified "$newest"; then printf 'verified\tyes\n' >>"$facts/backup-newest"; fi
  fi
  release_tags >"$facts/releases"
  if [[ -r audit.log ]]; then awk '$2 == "deploy" && $3 == "ok"' audit.log | wc -l >"$facts/deploys"; fi
}

look_at_containers
look_at_host
look_at_recovery
[[ -z $(containers_of db) ]] || look_at_database
fact cert-status scripts/certs.sh status
[[ -z $(containers_of nginx) ]] || look_from_outside
