#!/usr/bin/env bash
# What scripts/audit.sh collects of the files: the project, its secrets, git, the certificate, and what Compose, nginx and the
# build say of them. Sourced by it, never run.
# shellcheck disable=SC2154 # what audit.sh and lib.sh have set

# copy PATH FACT [BYTES]: its beginning.
copy() { ! regular "$1" || head -c "${3:-1048576}" <"$1" >"$facts/$2"; }

# What else is there than files, and what is too large to have been written by hand, is named and not read.
mkdir "$facts/tree"
trees=()
for path in "$production" "$development" "$dockerfile" 'SECURITY.md' SECURITY-REVIEWS.md .dockerignore .gitignore \
  .pre-commit-config.yaml .gitlab-ci.yml .gitlab .github .comicpile/lock.json .comicpile/images.json nginx scripts db/init db/conf \
  "$nginx_conf" renovate.json; do
  if regular "$path" || [[ -d $path && $(cd "./$path" && pwd -P) == "$(pwd -P)/$path" ]]; then
    trees+=("./$path")
  elif [[ -e $path || -L $path ]]; then
    printf '%s\n' "$path"
  fi
done >"$facts/unread"
by_hand=(-type f -size -8192k)
if [[ ${#trees[@]} -gt 0 ]]; then
  judge=./scripts/audit
  is_ours || judge=none
  find "${trees[@]}" -path "$judge" -prune -o "${by_hand[@]}" -print0 | tar --null -T - -cf - | tar -xf - -C "$facts/tree"
  fact unread-below find "${trees[@]}" ! -type d ! \( "${by_hand[@]}" \) -print
fi
for known in "dockerfile:$dockerfile" "edge:$nginx_conf" workflows:.github/workflows scripts:scripts; do
  [[ ! -e ${known#*:} ]] || : >"$facts/${known%%:*}"
done

# row PATH: its mode and group; of the folder that a link leads to (`backups` on another disk), as a link has none of its own.
row() {
  local path=$1
  [[ -e $1 ]] || return 0
  if [[ -L $1 && -d $1 ]]; then path=$1/.; fi
  printf '%s %s' "$(mode_of "$path")" "$(gid_of "$path")" | tell "$(printf %q "$1")"
}
for path in .env.production .env.app audit.log rotation.log secrets secrets/* ssl/privkey.pem backups incident; do row "$path"; done >"$facts/modes"
copy rotation.log rotation.log 67108864
! regular audit.log || head -c 67108864 <audit.log | wc -l >"$facts/audit-lines"
copy backups/status backup-status

# keys_of FILE: its keys, and whether each has a value; never the value.
keys_of() {
  local key
  local -A env=()
  read_env "$1"
  for key in "${!env[@]}"; do if [[ -n ${env[$key]} ]]; then printf '%s\tset\n' "$key"; else printf '%s\tempty\n' "$key"; fi; done | sort
}
# The values of today, for greps that read their patterns from a pipe: a value must not show up in a process list.
values=''
# settings_in FILE: it has no more of them than a person writes.
settings_in() { [[ -r $1 && -n $(find -L "$1" -type f -size -1025k 2>/dev/null) ]]; }
if settings_in .env.production; then
  keys_of .env.production >"$facts/env"
  if settings_in .env.app; then keys_of .env.app >"$facts/env-app"; fi
  for key in DOMAIN HTTP_PORT HTTPS_PORT APP_TAG; do env_get "$key" | tell "$key"; done >"$facts/settings"
  if [[ ! -e $development || -f $facts/tree/$development ]]; then weak_secrets; else echo "$development cannot be read"; fi >"$facts/weak-secrets"
  values=$(for name in "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"; do secret_get "$name" && echo; done | grep -E '.{8}') || :
  if [[ -n $values ]]; then
    if grep -qFf <(printf '%s\n' "$values") "$facts/tree/$development" 2>/dev/null; then echo "$development" >"$facts/secrets-in-dev"; fi
    fact secrets-in-files within 300 grep -rlIFf <(printf '%s\n' "$values") -D skip --exclude-dir=.git --exclude-dir=secrets \
      --exclude-dir=backups --exclude-dir=releases --exclude-dir=node_modules --exclude-dir=.venv --exclude='.env*' .
  fi
fi

# small_history: less than 1 GB of objects, which can be looked through.
small_history() { safe_git count-objects -v | awk '/^size(-pack)?:/ { all += $2 } END { exit (all >= 1048576) }'; }
# values_in_objects: how many lines of all objects have one of today.
values_in_objects() { safe_git cat-file --batch-all-objects --batch --buffer 2>/dev/null | { LC_ALL=C grep -acFf <(printf '%s\n' "$values") || [[ $? -eq 1 ]]; }; }
added_paths() { safe_git log --all --format= --name-only --diff-filter=A | LC_ALL=C sort -u; }
if has git && safe_git rev-parse --git-dir >/dev/null 2>&1; then
  : >"$facts/git"
  closed=(.env.production secrets/db_password ssl/privkey.pem ssl/fullchain.pem backups/any.dump incident/any.tar.gz rotation.log audit.log)
  ignored=''
  if [[ ! -e .gitignore || -f $facts/tree/.gitignore ]]; then
    ignored=$(for path in "${closed[@]}"; do [[ -L ${path%%/*} ]] || echo "$path"; done | safe_git check-ignore --no-index --stdin) || :
  fi
  for path in "${closed[@]}"; do
    # git never follows a link, so nothing beyond one can be committed.
    if [[ -L ${path%%/*} || $'\n'$ignored$'\n' == *$'\n'$path$'\n'* ]]; then printf '%s\tyes\n' "$path"; else printf '%s\tno\n' "$path"; fi
  done >"$facts/git-ignored"
  fact git-tracked safe_git ls-files
  # Of a shallow clone, as CI makes them, most of the history is not here, and must not pass as looked at.
  if safe_git rev-parse --verify --quiet HEAD >/dev/null && [[ $(safe_git rev-parse --is-shallow-repository) != true ]]; then
    fact git-history added_paths
    if [[ -n $values ]] && small_history; then fact git-values values_in_objects; fi
  fi
fi

# digests: each file of the lock, and whether it is as we wrote it (CRLF counts as LF), or as your team has committed it.
if is_ours; then
  sed -nE '/"files": *\{/,/\}/s/^ *"([^"]+)": *"sha256:([0-9a-f]{64})",?$/\1 \2/p' .comicpile/lock.json |
    while read -r path sum; do
      if ! regular "$path"; then
        printf '%s\tmissing\n' "$path"
      elif [[ -n $(find "$path" -size +8192k) ]]; then
        printf '%s\tedited\n' "$path"
      elif [[ $(sha256_of "$path") == "$sum" || $(tr -d '\r' <"$path" | sha256 | cut -d ' ' -f 1) == "$sum" ]]; then
        printf '%s\tsame\n' "$path"
      elif [[ -f $facts/git ]] && safe_git ls-files --error-unmatch -- ":(literal)$path" >/dev/null 2>&1 && safe_git diff --quiet HEAD -- ":(literal)$path" 2>/dev/null; then
        printf '%s\tcommitted\n' "$path"
      else
        printf '%s\tedited\n' "$path"
      fi
    done >"$facts/digests"
fi

mkdir "$facts/scan"
for path in scan-results/*.sarif; do
  regular "$path" || continue
  copy "$path" "scan/${path##*/}" 67108864
  date -r "$path" +%s | tell "${path##*/}"
done >"$facts/scans"

# ── the certificate ──────────────────────────────────────────────────────────────────────────────────────────────────

# Of a chain that is longer than any is only the beginning.
certificate=$facts.pem
litter+=("$certificate")
! regular ssl/fullchain.pem || head -c 65536 <ssl/fullchain.pem >"$certificate"
if has openssl && [[ -s $certificate ]] && regular ssl/privkey.pem && [[ -n $(find ssl/privkey.pem -size -64k) ]]; then
  {
    days_left "$certificate" | tell days
    names_of "$certificate" | tell names
    openssl x509 -in "$certificate" -noout -issuer | cut -d= -f2- | tell issuer
    if key_fits "$certificate" ssl/privkey.pem; then echo fits | tell key; fi
    # Their dates are another check's.
    if chain_holds "$certificate" || chain_holds "$certificate" -no_check_time; then chain="ok $chain certificates"; fi
    tell chain <<<"$chain"
    if self_signed "$certificate"; then echo yes | tell self-signed; fi
    openssl x509 -in "$certificate" -noout -text | awk '
      /^ *(RSA )?Public-Key:/ && !bits++ { gsub(/[^0-9]/, ""); print "bits\t" $0 }
      /^ *Signature Algorithm:/ && !seen++ { print "signature\t" $3 }'
  } >"$facts/cert"
  for name in "${SITE_NAMES[@]}"; do
    openssl x509 -in "$certificate" -noout -checkhost "${name/#\*./any.}" | grep -q 'does match' || echo "$name"
  done >"$facts/cert-missing-names"
fi

# ── what Compose, nginx and the build say ────────────────────────────────────────────────────────────────────────────

# A value never comes in: nothing is interpolated, no env_file is read. Nor does anything come from elsewhere, as an `include` can
# ask for.
export COMPOSE_EXPERIMENTAL_GIT_REMOTE=0 COMPOSE_EXPERIMENTAL_OCI_REMOTE=0 COMPOSE_DISABLE_ENV_FILE=1
# compose_json FILE…: an older Compose cannot be told to leave an env_file alone: none of a project of ours is where it looks.
# Another project's may be anywhere: it is not looked at. Nor can that one take a mount apart whose path is a variable with a
# default (`${X:-.}/a:/b` has too many colons for it): it reads copies that have `${X-.}`.
compose_json() {
  local help file
  local -a options=(--no-interpolate --no-path-resolution --format json) files=()
  help=$(docker compose config --help) || return
  if [[ $help == *--no-env-resolution* ]]; then
    options+=(--no-env-resolution)
    for file; do files+=(-f "$file"); done
  else
    is_ours || { echo 'this Compose would read the env_file of the project: docker compose version 2.35 or newer does not' >&2 && return 1; }
    mkdir -p "$facts/older"
    files=(--project-directory "$facts/older")
    for file; do
      # shellcheck disable=SC2016 # sed, not shell
      within 60 sed -E '/^ *- .*:\//s/\$\{([A-Za-z0-9_]+):([-?+])/${\1\2/g' "$file" >"$facts/older/${file##*/}" || return
      files+=(-f "$facts/older/${file##*/}")
    done
  fi
  docker compose "${files[@]}" --profile '*' config "${options[@]}"
}
quiet_config() { CONFIGURATION=. compose config --quiet; }
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
    CONFIGURATION=. SSL_PAIR=$pair nginx_accepts
  else
    # Another layout: that file alone, the pair wherever it names one.
    local -a mounts=()
    local path
    while read -r path; do [[ ! $path =~ ^/[A-Za-z0-9_./-]+$ ]] || mounts+=(--volume "$pair/${path##*[./]}:$path:ro"); done < <(
      sed -nE 's/^ *ssl_certificate(_key)? +([^; ]+);.*/\2/p' "$nginx_conf" | sort -u | while read -r path; do
        case $path in *key*) cp "$pair/privkey.pem" "$pair/pem" 2>/dev/null ;; *) cp "$pair/fullchain.pem" "$pair/pem" 2>/dev/null ;; esac
        cp "$pair/pem" "$pair/${path##*[./]}" && chmod 0644 "$pair/${path##*[./]}" && echo "$path"
      done)
    # The image may have to be fetched.
    within 300 docker run --rm --network none --add-host app:127.0.0.1 --read-only --tmpfs /run --tmpfs /var/cache/nginx --cap-drop ALL \
      --security-opt no-new-privileges --memory 256m --pids-limit 64 --volume "$PWD/$nginx_conf:/etc/nginx/nginx.conf:ro" ${mounts[@]+"${mounts[@]}"} \
      --entrypoint nginx 'nginxinc/nginx-unprivileged:1.30-alpine' -t
  fi
}
# build_context: the paths of what a build is sent, but for the folders. No file of 1 GiB or more is, nor are rules that nobody has
# written by hand.
build_context() {
  [[ ! -e .dockerignore || -f $facts/tree/.dockerignore ]] || return 1
  [[ -z $(within 60 find . -type f -size +1048576k | head -n 1) ]] || return 1
  printf 'FROM scratch\nCOPY . /\n' | within 120 docker build --quiet --file - --output type=tar,dest=- . | tar -tf - | { grep -v '/$' || [[ $? -eq 1 ]]; }
}
if has_compose; then
  if [[ -f $facts/tree/$production ]]; then
    overlay=()
    fact compose.json compose_json "$production" ${overlay[@]+"${overlay[@]}"}
    [[ -s $facts/compose.json ]] || rm "$facts/compose.json"
    # Without the values of the server only the file itself can be judged.
    cp "$facts/compose.json.rc" "$facts/compose-valid.rc"
    cp "$facts/compose.json.err" "$facts/compose-valid"
    # What Compose could not read there is what it says, whatever it makes of the values.
    if [[ $(<"$facts/compose.json.rc") == 0 && -r .env.production ]] && is_ours; then fact compose-valid quiet_config && cat "$facts/compose-valid.err" >>"$facts/compose-valid"; fi
  fi
  if [[ -f $facts/tree/$development ]]; then
    fact compose-dev.json compose_json "$development"
    [[ $(<"$facts/compose-dev.json.rc") == 0 ]] || rm "$facts/compose-dev.json"
  fi
fi
if has_docker; then
  if [[ -f $facts/tree/$nginx_conf ]] && { ! is_ours || docker image inspect "$(CONFIGURATION=. image_of nginx)" >/dev/null 2>&1; }; then fact nginx-test nginx_test; fi
  # What `docker build` is sent, seen with the eyes of the build.
  fact build-context build_context
  [[ $(<"$facts/build-context.rc") == 0 ]] || rm "$facts/build-context"
fi
