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
#   secrets        the files that git would take, and all of the history (gitleaks, git-secrets)
#
#   --ignore-unfixed   leave out what no update mends yet (trivy, grype, docker scout)
#   --containers       trivy and gitleaks in their own images, which are pinned by digest: nothing else is installed
#   --output DIR       where the reports go (scan-results, which git ignores): CLASS.json and CLASS.sarif as the tools write
#                      them, with the name of the image for base, and -tree or -history for secrets. No secret stands in
#                      them. pip-audit has no SARIF, docker scout no JSON of its own, git-secrets neither.
#                      sbom.cdx.json: all that is in the app's image (CycloneDX; trivy)
#
# An accepted finding goes to .trivyignore, .grype.yaml or .gitleaksignore, with its reason.
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
copy=$(mktemp -d)
litter+=("$copy")
has() { command -v "$1" >/dev/null; }
get_a_scanner='install trivy (https://trivy.dev/latest/getting-started/installation/) or grype (https://github.com/anchore/grype#installation)'

# in_container IMAGE [docker run options] -- ARGUMENT…: the tool of an image, on the files that it may see, where they are here.
in_container() {
  local tool=$1
  local -a options=()
  shift
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  docker run --rm --security-opt no-new-privileges --volume "$root:$root" --volume "$reports:$reports" --volume "$copy:$copy" \
    --workdir "$PWD" ${options[@]+"${options[@]}"} "$tool" "${@:2}"
}
root=$PWD
if [[ -n $containers ]]; then
  need docker
  # The engine's socket, for the image that is on this machine; a volume, so that the database is fetched once.
  trivy() {
    in_container aquasec/trivy:0.72.0@sha256:cffe3f5161a47a6823fbd23d985795b3ed72a4c806da4c4df16266c02accdd6f \
      --volume /var/run/docker.sock:/var/run/docker.sock --volume "$APP_NAME-trivy:/root/.cache/trivy" -- "$@"
  }
  gitleaks() {
    in_container ghcr.io/gitleaks/gitleaks:v8.30.1@sha256:c00b6bd0aeb3071cbcb79009cb16a60dd9e0a7c60e2be9ab65d25e6bc8abbb7f \
      --network none -- "$@"
  }
fi

# ── the scanners ─────────────────────────────────────────────────────────────────────────────────────────────────────

# trivy_scan REPORT ARGUMENT…: once, as JSON; the other forms are made of that.
trivy_scan() {
  local code=0 report=$reports/$1
  trivy "${@:2}" --quiet --severity 'HIGH,CRITICAL' --exit-code 1 --scanners vuln ${unfixed:+--ignore-unfixed} \
    --format json --output "$report.json" || code=1
  [[ -s $report.json ]] || return 1
  trivy convert --quiet --format sarif --output "$report.sarif" "$report.json" || code=1
  trivy convert --quiet --format table "$report.json" || code=1
  return "$code"
}

grype_scan() {
  grype "$2" --quiet --fail-on high ${unfixed:+--only-fixed} --output table --output "json=$reports/$1.json" \
    --output "sarif=$reports/$1.sarif" "${@:3}"
}

# scan_image REPORT IMAGE
scan_image() {
  local -a options=(--only-severity 'high,critical' ${unfixed:+--only-fixed})
  if has trivy; then
    trivy_scan "$1" image "$2"
  elif has grype; then
    grype_scan "$1" "$2"
  elif docker scout version >/dev/null 2>&1; then
    docker scout cves --exit-code "${options[@]}" --format sarif --output "$reports/$1.sarif" "$2" ||
      { docker scout cves "${options[@]}" "$2" || :; return 1; }
  else
    say "neither trivy, grype nor docker scout is installed: $get_a_scanner"
    return 1
  fi
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
  local reference bad=''
  need docker
  reference=$(app_image) || return 1
  docker image inspect "$reference" >/dev/null 2>&1 || { say "$reference is not on this machine: scripts/deploy.sh" && return 1; }
  rm -f -- "$reports/sbom.cdx.json"
  scan_image image "$reference" || bad=yes
  ! has trivy || trivy image --quiet --format cyclonedx --output "$reports/sbom.cdx.json" "$reference" || bad=yes
  [[ -z $bad ]]
}

# The FROM lines that name an image, not an earlier stage, and what docker-compose.prod.yml pins.
class_base() {
  local reference found='' bad=''
  while IFS= read -r reference; do
    found=yes
    say "  $reference"
    scan_image "base-${reference//[!A-Za-z0-9.]/-}" "$reference" </dev/null || bad=yes
  done < <({
    awk 'toupper($1) == "FROM" { from = ($2 ~ /^--/) ? $3 : $2
        if (!(from in stage) && from != "scratch" && from !~ /\$/) print from
        stage[$NF] }' Dockerfile
    image_of nginx
    image_of db
  } | sort -u)
  [[ -n $found && -z $bad ]]
}

# pip_audit FILE: --strict, since a package that could not be looked up is a failure. Twice: for programs, then for people.
pip_audit() {
  local -a options=(--strict --progress-spinner off --requirement "$1" "${@:2}")
  pip-audit "${options[@]}" --format json --output "$reports/dependencies.json" || { pip-audit "${options[@]}" || :; return 1; }
}

class_dependencies() {
  local lock_file='' packages='' bad=''
  for lock_file in uv.lock poetry.lock Pipfile.lock pylock.toml requirements.txt ''; do
    [[ ! -f $lock_file ]] || break
  done
  if [[ -n $lock_file ]]; then
    say "  $lock_file"
  else
    packages=$(app_image) || return 1
    say "  no lock file, so the packages in $packages"
  fi
  if has trivy; then
    # Without a lock file trivy would find nothing to look at, and pass: look at what is installed in the image.
    [[ -n $lock_file ]] || { trivy_scan dependencies image "$packages" --pkg-types library; return; }
    trivy_scan dependencies fs "$lock_file" || return 1
    grep -q '"lang-pkgs"' "$reports/dependencies.json" || { say "this trivy does not know $lock_file: a newer one" && return 1; }
  elif has grype; then
    [[ -n $lock_file ]] || { grype_scan dependencies "$packages"; return; }
    mkdir "$copy/lock" && cp -- "$lock_file" "$copy/lock/"
    grype_scan dependencies "dir:$copy/lock" --output "cyclonedx-json=$copy/packages" || return 1
    grep -q 'pkg:pypi/' "$copy/packages" || { say "this grype does not know $lock_file: a newer one" && return 1; }
  elif [[ $lock_file == uv.lock ]] && uv audit --help >/dev/null 2>&1; then
    # --frozen: the lock as it is; uv needs no Python for that.
    uv audit --quiet --frozen --no-dev --output-format json >"$reports/dependencies.json" || bad=yes
    uv audit --quiet --frozen --no-dev --output-format sarif >"$reports/dependencies.sarif" || bad=yes
    [[ -z $bad ]] || { uv audit --frozen --no-dev || :; return 1; }
  elif [[ $lock_file == uv.lock ]] && has uv && has pip-audit; then
    uv export --quiet --frozen --no-dev --no-emit-project --format requirements-txt --output-file "$copy/requirements.txt" >/dev/null || return 1
    pip_audit "$copy/requirements.txt" --disable-pip --require-hashes
  elif [[ $lock_file == requirements.txt ]] && has pip-audit; then
    pip_audit requirements.txt
  else
    say "nothing that can read ${lock_file:-an image} is installed: $get_a_scanner; for uv.lock and requirements.txt: uv tool install pip-audit"
    return 1
  fi
}

# leaks_in REPORT ARGUMENT…: gitleaks writes one report at a time. Redacted: a report must not be the next leak.
leaks_in() {
  local code=0
  local -a options=("${@:2}" --no-banner --redact --exit-code 1)
  gitleaks "${options[@]}" --verbose --report-format json --report-path "$reports/$1.json" || code=1
  gitleaks "${options[@]}" --log-level error --report-format sarif --report-path "$reports/$1.sarif" || code=1
  return "$code"
}

class_secrets() {
  local bad=''
  need git tar
  git rev-parse --verify --quiet HEAD >/dev/null || { say 'there is no git history here to look at: git init, git commit' && return 1; }
  if [[ $(git rev-parse --is-shallow-repository) == true ]]; then
    say 'the history is shallow, most of it is not here: git fetch --unshallow'
    return 1
  fi
  if has gitleaks; then
    gitleaks git --help >/dev/null 2>&1 || { say 'this gitleaks is too old: 8.19 or newer is needed' && return 1; }
    # A copy of what git would take: .env.production and ./ssl hold real secrets, where they belong.
    mkdir "$copy/tree"
    git ls-files -z --cached --others --exclude-standard --deduplicate |
      while IFS= read -r -d '' path; do [[ ! -f $path ]] || printf '%s\0' "$path"; done |
      tar --null -T - -cf - | tar -xf - -C "$copy/tree"
    [[ ! -f .gitleaksignore ]] || cp .gitleaksignore "$copy/tree/"
    (cd "$copy/tree" && leaks_in secrets-tree dir .) || bad=yes
    leaks_in secrets-history git --log-opts=--all . || bad=yes
    [[ -z $bad ]]
  elif has git-secrets; then
    git secrets --list | grep -q 'secrets.patterns' || { say 'git-secrets has no patterns, it would find nothing: git secrets --register-aws' && return 1; }
    git secrets --scan && git secrets --scan --untracked && git secrets --scan-history
  else
    say 'neither gitleaks nor git-secrets is installed: https://github.com/gitleaks/gitleaks#installing'
    return 1
  fi
}

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
[[ -z $unfixed ]] || echo 'left out: what no update mends yet (--ignore-unfixed)'
[[ ${#failed[@]} -eq 0 ]] || die "not passed: ${failed[*]}" 'mend the findings or install the tool; --skip CLASS leaves one out by name'
