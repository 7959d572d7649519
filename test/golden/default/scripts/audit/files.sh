#!/usr/bin/env bash
# What scripts/audit.sh collects of the files: the project, its secrets, git, the certificate, and what Compose, nginx and the
# build say of them. Sourced by it, never run.
# shellcheck disable=SC2154 # what audit.sh and lib.sh have set

mkdir "$facts/tree"
for path in "$production" "$development" "$dockerfile" 'SECURITY.md' SECURITY-REVIEWS.md .dockerignore .gitignore \
  .pre-commit-config.yaml .gitlab-ci.yml .gitlab .github .comicpile/lock.json .comicpile/images.json nginx scripts db/init \
  "$nginx_conf" renovate.json; do
  [[ -e $path ]] || continue
  mkdir -p "$facts/tree/$(dirname "$path")"
  cp -R -- "$path" "$facts/tree/$(dirname "$path")/"
done
! is_ours || rm -rf "$facts/tree/scripts/audit"
for known in "dockerfile:$dockerfile" "edge:$nginx_conf" workflows:.github/workflows scripts:scripts; do
  [[ ! -e ${known#*:} ]] || : >"$facts/${known%%:*}"
done

# row PATH: its mode and group.
row() { [[ ! -e $1 ]] || printf '%s\t%s %s\n' "$1" "$(mode_of "$1")" "$(gid_of "$1")"; }
for path in .env.production .env.app audit.log rotation.log secrets secrets/* ssl/privkey.pem backups incident; do row "$path"; done >"$facts/modes"
[[ ! -r rotation.log ]] || cp rotation.log "$facts/"
[[ ! -r audit.log ]] || wc -l <audit.log >"$facts/audit-lines"
[[ ! -r backups/status ]] || cp backups/status "$facts/backup-status"

# keys_of FILE: its keys, and whether each has a value; never the value.
keys_of() {
  local key
  local -A env=()
  read_env "$1"
  for key in "${!env[@]}"; do if [[ -n ${env[$key]} ]]; then printf '%s\tset\n' "$key"; else printf '%s\tempty\n' "$key"; fi; done | sort
}
# The values of today, for greps that read their patterns from a pipe: a value must not show up in a process list.
values=''
if [[ -r .env.production ]]; then
  keys_of .env.production >"$facts/env"
  if [[ -r .env.app ]]; then keys_of .env.app >"$facts/env-app"; fi
  for key in DOMAIN HTTP_PORT HTTPS_PORT APP_TAG; do printf '%s\t%s\n' "$key" "$(env_get "$key")"; done >"$facts/settings"
  weak_secrets >"$facts/weak-secrets"
  values=$(for name in "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"; do secret_get "$name" && echo; done | grep -E '.{8}') || :
  if [[ -n $values ]]; then
    grep -lFf <(printf '%s\n' "$values") "$development" 2>/dev/null >"$facts/secrets-in-dev" || :
    grep -rlIFf <(printf '%s\n' "$values") --exclude-dir=.git --exclude-dir=secrets --exclude-dir=backups --exclude-dir=node_modules --exclude-dir=.venv \
      --exclude='.env*' . 2>/dev/null | sed 's|^\./||' >"$facts/secrets-in-files" || :
  fi
fi

if has git && git rev-parse --git-dir >/dev/null 2>&1; then
  : >"$facts/git"
  for path in .env.production secrets/db_password ssl/privkey.pem ssl/fullchain.pem backups/any.dump incident/any.tar.gz rotation.log audit.log; do
    if git check-ignore --quiet --no-index "$path"; then printf '%s\tyes\n' "$path"; else printf '%s\tno\n' "$path"; fi
  done >"$facts/git-ignored"
  git ls-files >"$facts/git-tracked"
  # Of a shallow clone, as CI makes them, most of the history is not here, and must not pass as looked at.
  if git rev-parse --verify --quiet HEAD >/dev/null && [[ $(git rev-parse --is-shallow-repository) != true ]]; then
    git log --all --format= --name-only --diff-filter=A | sort -u >"$facts/git-history"
    if [[ -n $values ]] && git count-objects -v | awk '/^size(-pack)?:/ { all += $2 } END { exit all >= 1048576 }'; then
      { git cat-file --batch-all-objects --batch --buffer 2>/dev/null | grep -acFf <(printf '%s\n' "$values") || :; } >"$facts/git-values"
    fi
  fi
fi

# digests: each file of the lock, and whether it is as we wrote it (CRLF counts as LF), or as your team has committed it.
if is_ours; then
  sed -nE '/"files": *\{/,/\}/s/^ *"([^"]+)": *"sha256:([0-9a-f]{64})",?$/\1 \2/p' .comicpile/lock.json |
    while read -r path sum; do
      if [[ ! -f $path ]]; then
        printf '%s\tmissing\n' "$path"
      elif [[ $(sha256_of "$path") == "$sum" || $(tr -d '\r' <"$path" | sha256 | cut -d ' ' -f 1) == "$sum" ]]; then
        printf '%s\tsame\n' "$path"
      elif [[ -f $facts/git ]] && git ls-files --error-unmatch -- "$path" >/dev/null 2>&1 && git diff --quiet HEAD -- "$path" 2>/dev/null; then
        printf '%s\tcommitted\n' "$path"
      else
        printf '%s\tedited\n' "$path"
      fi
    done >"$facts/digests"
fi

mkdir "$facts/scan"
for path in scan-results/*.sarif; do
  [[ -f $path ]] || continue
  cp -- "$path" "$facts/scan/"
  printf '%s\t%s\n' "${path##*/}" "$(date -r "$path" +%s)"
done >"$facts/scans"

# ── the certificate ──────────────────────────────────────────────────────────────────────────────────────────────────

certificate=ssl/fullchain.pem
if has openssl && [[ -s $certificate && -r ssl/privkey.pem ]]; then
  {
    printf 'days\t%s\n' "$(days_left "$certificate")"
    printf 'names\t%s\n' "$(names_of "$certificate")"
    printf 'issuer\t%s\n' "$(openssl x509 -in "$certificate" -noout -issuer | cut -d= -f2-)"
    if key_fits "$certificate" ssl/privkey.pem; then printf 'key\tfits\n'; fi
    # Their dates are another check's.
    if chain_holds "$certificate" || chain_holds "$certificate" -no_check_time; then printf 'chain\tok %s certificates\n' "$chain"; else printf 'chain\t%s\n' "$chain"; fi
    if self_signed "$certificate"; then printf 'self-signed\tyes\n'; fi
    openssl x509 -in "$certificate" -noout -text | awk '
      /Public-Key:/ { gsub(/[^0-9]/, ""); print "bits\t" $0; }
      /Signature Algorithm:/ && !seen++ { print "signature\t" $3 }'
  } >"$facts/cert"
  for name in "${SITE_NAMES[@]}"; do
    openssl x509 -in "$certificate" -noout -checkhost "${name/#\*./any.}" | grep -q 'does match' || echo "$name"
  done >"$facts/cert-missing-names"
fi

# ── what Compose, nginx and the build say ────────────────────────────────────────────────────────────────────────────

# A value never comes in: nothing is interpolated, no env_file is read.
compose_json() { docker compose -f "$1" "${@:2}" --profile '*' config --no-interpolate --no-path-resolution --no-env-resolution --format json; }
quiet_config() { compose config --quiet; }
# nginx_test: with a pair of its own where there is none yet.
nginx_test() {
  local pair=$PWD/ssl
  if ! is_ours || [[ ! -s ssl/fullchain.pem || ! -s ssl/privkey.pem ]]; then
    pair=$(mktemp -d)
    litter+=("$pair")
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -keyout "$pair/privkey.pem" \
      -out "$pair/fullchain.pem" 2>/dev/null && chmod 0755 "$pair" && chmod 0644 "$pair"/*.pem
  fi
  if is_ours; then
    SSL_PAIR=$pair nginx_accepts
  else
    # Another layout: that file alone, the pair wherever it names one.
    local -a mounts=()
    local path
    while read -r path; do mounts+=(--volume "$pair/${path##*[./]}:$path:ro"); done < <(
      sed -nE 's/^ *ssl_certificate(_key)? +([^; ]+);.*/\2/p' "$nginx_conf" | sort -u | while read -r path; do
        case $path in *key*) cp "$pair/privkey.pem" "$pair/pem" 2>/dev/null ;; *) cp "$pair/fullchain.pem" "$pair/pem" 2>/dev/null ;; esac
        cp "$pair/pem" "$pair/${path##*[./]}" && chmod 0644 "$pair/${path##*[./]}" && echo "$path"
      done)
    docker run --rm --network none --add-host app:127.0.0.1 --volume "$PWD/$nginx_conf:/etc/nginx/nginx.conf:ro" ${mounts[@]+"${mounts[@]}"} \
      --entrypoint nginx 'nginxinc/nginx-unprivileged:1.30-alpine' -t
  fi
}
if has_compose; then
  if [[ -f $production ]]; then
    overlay=()
    fact compose.json compose_json "$production" ${overlay[@]+"${overlay[@]}"}
    [[ -s $facts/compose.json ]] || rm "$facts/compose.json"
    # Without the values of the server only the file itself can be judged.
    cp "$facts/compose.json.rc" "$facts/compose-valid.rc"
    cp "$facts/compose.json.err" "$facts/compose-valid"
    if [[ -r .env.production ]] && is_ours; then fact compose-valid quiet_config && cat "$facts/compose-valid.err" >>"$facts/compose-valid"; fi
  fi
  if [[ -f $development ]] && ! compose_json "$development" >"$facts/compose-dev.json" 2>/dev/null; then rm "$facts/compose-dev.json"; fi
fi
if has_docker; then
  if [[ -f $nginx_conf ]] && { ! is_ours || docker image inspect "$(image_of nginx)" >/dev/null 2>&1; }; then fact nginx-test nginx_test; fi
  # What `docker build` is sent, seen with the eyes of the build.
  if context=$(printf 'FROM scratch\nCOPY . /\n' | docker build --quiet --file - --output type=tar,dest=- . 2>/dev/null | tar -tf - 2>/dev/null); then
    grep -v '/$' <<<"$context" >"$facts/build-context" || :
  fi
fi
