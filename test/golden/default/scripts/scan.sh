#!/usr/bin/env bash
# Usage: scripts/scan.sh [--image IMAGE] [--skip CLASS]… [--ignore-unfixed] [--containers] [--output DIR]
#
# Looks for known vulnerabilities (HIGH, CRITICAL) and for secrets. Exit code 0 only if every class below was scanned and
# found nothing, or was named by --skip; 1 otherwise. A missing tool is an error, not a pass, and so is a scanner that
# cannot reach its database. Of the tools in brackets the first that is installed is used.
#
#   image          the app's image: by default the release in .env.production (trivy, grype, docker scout)
#   base           the images that it and the stack are built on (the same)
#   dependencies   the Python packages (trivy; grype; uv audit with uv.lock; pip-audit with uv.lock or requirements.txt).
#                  uv and pip-audit do not tell severities: whatever they find counts
#   secrets        the files that git would take, and all of the history (gitleaks)
#
#   --ignore-unfixed   leave out what no update mends yet (trivy, grype, docker scout)
#   --containers       trivy and gitleaks in their own images, which are pinned by digest: nothing else is installed. They see
#                      archives of the images, and copies of what they look at, and can neither write nor reach a network;
#                      trivy's database is fetched by a container that sees nothing
#   --output DIR       where the reports go (scan-results, which git ignores): CLASS.json and CLASS.sarif as the tools write
#                      them, with the name of the image for base, and -tree or -history for secrets. No secret stands in
#                      them. pip-audit has no SARIF, docker scout no JSON of its own.
#                      sbom.cdx.json: all that is in the app's image (CycloneDX; trivy)
#
# An accepted finding goes to .trivyignore, .grype.yaml (`ignore`) or .gitleaksignore, with its reason; .gitleaks.toml may have rules
# of yours. Which of these there are is said at the end. Every other file of settings in the project is left alone.
# https://trivy.dev https://github.com/anchore/grype https://github.com/gitleaks/gitleaks https://pypi.org/project/pip-audit

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

classes=(image base dependencies secrets)
image='' skipped=' ' unfixed='' containers='' output=scan-results
while [[ $# -gt 0 ]]; do
  case $1 in
    --image)
      [[ ${2:-} =~ ^[A-Za-z0-9][A-Za-z0-9._:/@-]*$ ]] || misuse "--image takes the name of an image, not '${2:-}'" 'scripts/scan.sh --image comic-pile:1'
      image=$2 && shift
      ;;
    --skip)
      [[ " ${classes[*]} " == *" ${2:-?} "* ]] || misuse "--skip takes one of: ${classes[*]}" 'scripts/scan.sh --skip base'
      skipped+="$2 " && shift
      ;;
    --ignore-unfixed) unfixed=yes ;;
    --containers) containers=yes ;;
    --output)
      [[ -n ${2:-} && $2 != -* ]] || misuse '--output takes a directory' 'scripts/scan.sh --output scan-results'
      output=$2 && shift
      ;;
    *) misuse "unknown argument '$1'" ;;
  esac
  shift
done

[[ -d $output ]] || { mkdir -p -- "$output" && own_like . "$output"; } || die "$output cannot be made" 'scripts/scan.sh --output DIR'
reports=$(cd "$output" && pwd)
failed=()
has() { command -v "$1" >/dev/null; }
get_a_scanner='install trivy (https://trivy.dev/latest/getting-started/installation/) or grype (https://github.com/anchore/grype#installation)'

# ── what the tools see ───────────────────────────────────────────────────────────────────────────────────────────────

# Copies, in a folder in which the tools run: neither the project's own settings of a tool or of git, nor what git ignores. Others of
# this machine cannot get there, a container that is somebody else can.
work=$(mktemp -d)
litter+=("$work")
shown=$work/seen
mkdir "$shown" "$shown/images" "$shown/lock" "$shown/tree"
show() { chmod -R a+rX "$shown"; }
# What the project itself wants to be left out. Of grype's settings that list alone: others name files that it writes.
left_out=()
for path in .trivyignore .gitleaksignore .gitleaks.toml .grype.yaml; do
  regular "$path" || continue
  left_out+=("$path")
  case $path in
    .trivyignore) cp -- "$path" "$shown/" ;;
    .grype.yaml) awk '/^[^[:space:]#-]/ { listed = /^ignore:/ } listed' "$path" >"$shown/$path" ;;
  esac
done

# What a tool prints for a report is no larger than one is.
report() { head -c 268435456 >"$reports/$1" && own_like . "$reports/$1"; }
# What it prints for people has names in it that others have chosen: no character of them moves the cursor.
visibly() { LC_ALL=C tr -d '\000-\010\013-\037\177'; }

# in_container IMAGE FOLDER NETWORK [docker run options] -- ARGUMENT…: the tool of an image, as nobody, in a folder of what is seen.
in_container() {
  local image=$1 folder=$2 network=$3
  local -a options=()
  shift 3
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  docker run --rm --network "$network" --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --user 65534:65534 \
    --memory 4g --pids-limit 512 --env HOME=/tmp --workdir "$folder" ${options[@]+"${options[@]}"} "$image" "${@:2}" 2> >(visibly >&2)
}
if [[ -n $containers ]]; then
  need engine
  trivy_image=aquasec/trivy:0.72.0@sha256:cffe3f5161a47a6823fbd23d985795b3ed72a4c806da4c4df16266c02accdd6f
  cache=type=volume,source=$APP_NAME-trivy,target=/cache
  # The database is fetched once a day: by a container that sees nothing else, for another that has no network.
  fetch_database() {
    docker run --rm --network none --read-only --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges --user 0 --mount "$cache" \
      --entrypoint chown "$trivy_image" -R 65534:65534 /cache &&
      in_container "$trivy_image" /tmp bridge --env TRIVY_CACHE_DIR=/cache --mount "$cache" -- image --download-db-only --quiet | visibly
  }
  trivy() {
    local -a offline=()
    [[ $database != missing ]] || return 1
    show
    [[ $1 == convert ]] || offline=(--cache-backend memory --skip-db-update --offline-scan)
    in_container "$trivy_image" /shown none --env TRIVY_CACHE_DIR=/cache --env TRIVY_DISABLE_TELEMETRY=true --env TRIVY_SKIP_VERSION_CHECK=true \
      --mount "$cache,readonly" --mount "type=bind,source=$shown,target=/shown,readonly" -- "$@" ${offline[@]+"${offline[@]}"}
  }
  # git refuses the files of another user until it is told.
  gitleaks() {
    show
    in_container ghcr.io/gitleaks/gitleaks:v8.30.1@sha256:c00b6bd0aeb3071cbcb79009cb16a60dd9e0a7c60e2be9ab65d25e6bc8abbb7f "/shown/${PWD##*/}" none --env GIT_CONFIG_COUNT=1 --env GIT_CONFIG_KEY_0=safe.directory --env 'GIT_CONFIG_VALUE_0=*' \
      --mount "type=bind,source=$shown,target=/shown,readonly" -- "$@"
  }
fi
# ── the scanners ─────────────────────────────────────────────────────────────────────────────────────────────────────

# trivy_scan REPORT ARGUMENT…: once, as JSON; the other forms are made of that.
trivy_scan() {
  local code=0 name=$1
  (cd "$shown" && trivy "${@:2}" --quiet --severity 'HIGH,CRITICAL' --exit-code 1 --scanners vuln ${unfixed:+--ignore-unfixed} --format json) |
    report "$name.json" || code=1
  grep -q '"SchemaVersion"' "$reports/$name.json" || return 1
  cp -- "$reports/$name.json" "$shown/report.json"
  (cd "$shown" && trivy convert --quiet --format sarif report.json) | report "$name.sarif" || code=1
  (cd "$shown" && trivy convert --quiet --format table report.json) | visibly || code=1
  return "$code"
}

grype_scan() {
  (cd "$shown" && grype "$2" --quiet --fail-on high ${unfixed:+--only-fixed} --output table --output "json=$reports/$1.json" \
    --output "sarif=$reports/$1.sarif" "${@:3}") | visibly
}

# source_of REFERENCE: for trivy, what it looks at: with --containers an archive, since it cannot ask the engine.
source_of() {
  local archive=images/${1//[!A-Za-z0-9.]/-}.tar
  [[ -n $containers ]] || { printf '%s' "$1" && return; }
  docker image inspect "$1" >/dev/null 2>&1 || docker pull --quiet "$1" >/dev/null || return 1
  [[ -f $shown/$archive ]] || docker save --output "$shown/$archive" "$1" || return 1
  printf '%s' "--input=$archive"
}

# scan_image REPORT REFERENCE
scan_image() {
  local source code=0
  local -a options=(--only-severity 'high,critical' ${unfixed:+--only-fixed})
  if has trivy; then
    source=$(source_of "$2") && trivy_scan "$1" image "$source" || code=1
  elif has grype; then
    grype_scan "$1" "$2" || code=1
  elif docker scout version >/dev/null 2>&1; then
    docker scout cves --exit-code "${options[@]}" --format sarif --output "$reports/$1.sarif" "$2" ||
      { docker scout cves "${options[@]}" "$2" || :; code=1; }
  else
    say "neither trivy, grype nor docker scout is installed: $get_a_scanner"
    code=1
  fi
  return "$code"
}

# ── the classes ──────────────────────────────────────────────────────────────────────────────────────────────────────

app_image() {
  local tag
  if [[ -n $image ]]; then
    echo "$image"
    return
  fi
  tag=$(env_get APP_TAG)
  [[ -n $tag ]] || { say 'there is no release yet: scripts/scan.sh --image IMAGE' && return 1; }
  echo "$APP_NAME:$tag"
}

class_image() {
  local reference source bad=''
  need engine
  reference=$(app_image) || return 1
  docker image inspect "$reference" >/dev/null 2>&1 || { say "$reference is not on this machine: scripts/deploy.sh" && return 1; }
  rm -f -- "$reports/sbom.cdx.json"
  scan_image image "$reference" || bad=yes
  if has trivy; then
    source=$(source_of "$reference") && (cd "$shown" && trivy image --quiet --format cyclonedx "$source") | report sbom.cdx.json || bad=yes
  fi
  rm -f -- "$shown"/images/*
  [[ -z $bad ]]
}

# The FROM lines that name an image, not an earlier stage, and what docker-compose.prod.yml pins.
class_base() {
  local reference found='' bad=''
  while IFS= read -r reference; do
    found=yes
    [[ $reference =~ ^[A-Za-z0-9][A-Za-z0-9._:/@-]*$ ]] || { say "  no name of an image: $(printf %q "$reference")" && bad=yes && continue; }
    say "  $reference"
    scan_image "base-${reference//[!A-Za-z0-9.]/-}" "$reference" </dev/null || bad=yes
    rm -f -- "$shown"/images/*
  done < <({
    awk 'toupper($1) == "FROM" { from = ($2 ~ /^--/) ? $3 : $2
        if (!(from in stage) && from != "scratch" && from !~ /\$/) print from
        stage[$NF] }' Dockerfile
    image_of nginx
    image_of db
  } | sort -u)
  [[ -n $found && -z $bad ]]
}

# pip_audit FILE: --strict, since a package that could not be looked up is a failure. Twice: for programs, then for people. Nothing is
# installed or built for it, so of a file without hashes it looks at what stands there, as trivy does.
pip_audit() {
  local -a options=(--strict --progress-spinner off --disable-pip --requirement "$1")
  if grep -q -- '--hash=' "$1"; then options+=(--require-hashes); else options+=(--no-deps); fi
  pip-audit "${options[@]}" --format json --output "$reports/dependencies.json" || { pip-audit "${options[@]}" || :; return 1; }
}

class_dependencies() {
  local lock_file='' packages='' source bad=''
  for lock_file in uv.lock poetry.lock Pipfile.lock pylock.toml requirements.txt ''; do
    ! regular "$lock_file" || break
  done
  if [[ -n $lock_file ]]; then
    say "  $lock_file"
    cp -- "$lock_file" "$shown/lock/"
    ! regular pyproject.toml || cp pyproject.toml "$shown/lock/"
  else
    packages=$(app_image) || return 1
    say "  no lock file, so the packages in $packages"
  fi
  if has trivy; then
    # Without a lock file trivy would find nothing to look at, and pass: look at what is installed in the image.
    [[ -n $lock_file ]] || { source=$(source_of "$packages") && trivy_scan dependencies image "$source" --pkg-types library; return; }
    trivy_scan dependencies fs "lock/$lock_file" || return 1
    grep -q '"lang-pkgs"' "$reports/dependencies.json" || { say "this trivy does not know $lock_file: a newer one" && return 1; }
  elif has grype; then
    [[ -n $lock_file ]] || { grype_scan dependencies "$packages"; return; }
    grype_scan dependencies dir:lock --output "cyclonedx-json=$work/packages" || return 1
    grep -q 'pkg:pypi/' "$work/packages" || { say "this grype does not know $lock_file: a newer one" && return 1; }
  elif [[ $lock_file == uv.lock ]] && uv audit --help >/dev/null 2>&1; then
    # --frozen: the lock as it is; uv needs no Python for that.
    cd "$shown/lock"
    uv audit --no-config --quiet --frozen --no-dev --output-format json | report dependencies.json || bad=yes
    uv audit --no-config --quiet --frozen --no-dev --output-format sarif | report dependencies.sarif || bad=yes
    [[ -z $bad ]] || { uv audit --no-config --frozen --no-dev | visibly || :; return 1; }
  elif [[ $lock_file == uv.lock ]] && has uv && has pip-audit; then
    (cd "$shown/lock" && uv export --no-config --quiet --frozen --no-dev --no-emit-project --format requirements-txt \
      --output-file "$work/requirements.txt" >/dev/null) || return 1
    pip_audit "$work/requirements.txt"
  elif [[ $lock_file == requirements.txt ]] && has pip-audit; then
    pip_audit requirements.txt
  else
    say "nothing that can read ${lock_file:-an image} is installed: $get_a_scanner; for uv.lock and requirements.txt: uv tool install pip-audit"
    return 1
  fi
}

# leaks_in FOLDER ARGUMENT…: gitleaks writes one report at a time. Redacted: a report must not be the next leak.
leaks_in() {
  local code=0 name=secrets-${1%.git} file
  local -a options=("${@:2}" --no-banner --no-color --redact --exit-code 1 --report-path -)
  for file in .gitleaksignore .gitleaks.toml; do ! regular "$file" || cp -- "$file" "$shown/$1/"; done
  (cd "$shown/$1" && gitleaks "${options[@]}" --report-format json) | report "$name.json" || code=1
  (cd "$shown/$1" && gitleaks "${options[@]}" --log-level error --report-format sarif) | report "$name.sarif" || code=1
  grep -q '^ *\[' "$reports/$name.json" || code=1
  # For people, of each: what it is, where, and since which commit.
  sed -nE 's/^ *"(RuleID|File|StartLine|Commit)": *"?([^"]*[^",]).*/  \1: \2/p' "$reports/$name.json" | visibly
  return "$code"
}

# take_tree: what git would take of the files. .env.production and ./ssl hold real secrets, where they belong.
take_tree() {
  local path
  safe_git ls-files -z --cached --others --exclude-standard --deduplicate |
    while IFS= read -r -d '' path; do ! regular "$path" || printf './%s\0' "$path"; done |
    tar --null -T - -cf - | tar -xf - -C "$shown/tree"
}

# take_history: all of it, in a repository without the settings of this one.
take_history() {
  safe_git bundle create --quiet "$work/history" --all HEAD &&
    (cd "$work" && git -c protocol.file.allow=always -c core.hooksPath=/dev/null clone --quiet --mirror --template= history "$shown/history.git")
}

class_secrets() {
  local bad=''
  need git tar
  safe_git rev-parse --verify --quiet HEAD >/dev/null || { say 'there is no git history here to look at: git init, git commit' && return 1; }
  if [[ $(safe_git rev-parse --is-shallow-repository) == true ]]; then
    say 'the history is shallow, most of it is not here: git fetch --unshallow'
    return 1
  fi
  if has gitleaks; then
    [[ -n $containers ]] || gitleaks git --help >/dev/null 2>&1 || { say 'this gitleaks is too old: 8.19 or newer is needed' && return 1; }
    take_tree && leaks_in tree dir . || bad=yes
    take_history && leaks_in history.git git --log-opts=--all . || bad=yes
    [[ -z $bad ]]
  else
    say 'gitleaks is not installed: https://github.com/gitleaks/gitleaks#installing'
    return 1
  fi
}

database=''
for class in image base dependencies; do
  [[ -z $containers || -n $database || $skipped == *" $class "* ]] || database=needed
done
if [[ -n $database ]]; then
  say '── the database of trivy'
  fetch_database || { database=missing && say "it cannot be fetched, so trivy cannot look at anything"; }
fi

for class in "${classes[@]}"; do
  # Of an earlier scan: a report that is there is of this one.
  rm -f -- "$reports/$class".json "$reports/$class".sarif "$reports/$class"-*.json "$reports/$class"-*.sarif
  [[ $skipped != *" $class "* ]] || continue
  say "── $class"
  # In a subshell with its own exit code: `need` may end it, and set -e stays on inside.
  set +e
  (set -e && "class_$class")
  code=$?
  set -e
  [[ $code -eq 0 ]] || failed+=("$class")
done

for class in "${classes[@]}"; do
  if [[ $skipped == *" $class "* ]]; then
    echo "skip  $class (asked for)"
  elif [[ " ${failed[*]-} " == *" $class "* ]]; then
    echo "FAIL  $class"
  else
    echo "ok    $class"
  fi
done
echo "reports: $output"
[[ ${#left_out[@]} -eq 0 ]] || echo "left out: what ${left_out[*]} of this project says"
[[ -z $unfixed ]] || echo 'left out: what no update mends yet (--ignore-unfixed)'
[[ ${#failed[@]} -eq 0 ]] || die "not passed: ${failed[*]}" 'mend the findings or install the tool; --skip CLASS leaves one out by name'
