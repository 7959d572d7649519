#!/usr/bin/env bash
# Usage: scripts/scan.sh [--image IMAGE] [--skip CLASS]… [--ignore-unfixed]
#
# Looks for known vulnerabilities (HIGH, CRITICAL) and for secrets. Exit code 0 only if every class below was scanned and
# found nothing, or was named by --skip. A missing tool is an error, not a pass.
#
#   image          the app's image (trivy, or docker scout): by default the release in .env.production
#   base           the images that it and the stack are built on
#   dependencies   the Python packages (trivy, or pip-audit with requirements.txt)
#   secrets        the files that git would take, and all of the history (gitleaks, or git-secrets)
#
#   --ignore-unfixed   leave out what no update mends yet (trivy, docker scout)
#
# An accepted finding goes to .trivyignore or .gitleaksignore, with its reason.
# https://trivy.dev https://github.com/gitleaks/gitleaks

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

classes=(image base dependencies secrets)
image='' skipped=' ' unfixed=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --image) image=${2:-} && shift ;;
    --skip)
      [[ " ${classes[*]} " == *" ${2:-?} "* ]] || die "--skip takes one of: ${classes[*]}" 'scripts/scan.sh --skip base'
      skipped+="$2 " && shift
      ;;
    --ignore-unfixed) unfixed=yes ;;
    *) die "unknown argument '$1'" 'scripts/scan.sh --help' ;;
  esac
  shift || die "an argument is missing" 'scripts/scan.sh --help'
done

failed=()
copy=$(mktemp -d)
litter+=("$copy")
trivy_options=(--quiet --severity 'HIGH,CRITICAL' --exit-code 1 --scanners vuln ${unfixed:+--ignore-unfixed})

scan_image() {
  if command -v trivy >/dev/null; then
    trivy image "${trivy_options[@]}" "$1"
  elif docker scout version >/dev/null 2>&1; then
    docker scout cves --exit-code --only-severity high,critical ${unfixed:+--only-fixed} "$1"
  else
    say 'neither trivy nor docker scout is installed: https://trivy.dev/latest/getting-started/installation/'
    return 1
  fi
}

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
  local reference
  need docker
  reference=$(app_image) || return 1
  docker image inspect "$reference" >/dev/null 2>&1 || { say "$reference is not on this machine: scripts/deploy.sh" && return 1; }
  scan_image "$reference"
}

# The FROM lines that name an image, not an earlier stage, and what docker-compose.prod.yml pins.
class_base() {
  local reference found='' bad=''
  while IFS= read -r reference; do
    found=yes
    say "  $reference"
    scan_image "$reference" </dev/null || bad=yes
  done < <({
    awk 'toupper($1) == "FROM" { from = ($2 ~ /^--/) ? $3 : $2
        if (!(from in stage) && from != "scratch" && from !~ /\$/) print from
        stage[$NF] }' Dockerfile
    image_of nginx
    image_of db
  } | sort -u)
  [[ -n $found && -z $bad ]]
}

class_dependencies() {
  local lock_file=''
  for lock_file in uv.lock poetry.lock Pipfile.lock pylock.toml requirements.txt ''; do
    [[ ! -f $lock_file ]] || break
  done
  if command -v trivy >/dev/null; then
    if [[ -n $lock_file ]]; then
      say "  $lock_file"
      trivy fs "${trivy_options[@]}" "$lock_file"
    else
      # Without a lock file trivy would find nothing to look at, and pass: look at what is installed in the image.
      lock_file=$(app_image) || return 1
      say "  no lock file, so the packages in $lock_file"
      trivy image "${trivy_options[@]}" --pkg-types library "$lock_file"
    fi
  elif command -v pip-audit >/dev/null && [[ $lock_file == requirements.txt ]]; then
    # --strict: a package that could not be looked up is a failure.
    pip-audit --strict --requirement requirements.txt
  else
    say 'trivy is not installed: https://trivy.dev/latest/getting-started/installation/'
    return 1
  fi
}

class_secrets() {
  local bad=''
  need git tar
  git rev-parse --verify --quiet HEAD >/dev/null || { say 'there is no git history here to look at: git init, git commit' && return 1; }
  if [[ $(git rev-parse --is-shallow-repository) == true ]]; then
    say 'the history is shallow, most of it is not here: git fetch --unshallow'
    return 1
  fi
  if command -v gitleaks >/dev/null; then
    gitleaks git --help >/dev/null 2>&1 || { say 'this gitleaks is too old: 8.19 or newer is needed' && return 1; }
    # A copy of what git would take: .env.production and ./ssl hold real secrets, where they belong.
    git ls-files -z --cached --others --exclude-standard --deduplicate |
      while IFS= read -r -d '' path; do [[ ! -f $path ]] || printf '%s\0' "$path"; done |
      tar --null --files-from - --create --file - | tar --extract --file - --directory "$copy"
    [[ ! -f .gitleaksignore ]] || cp .gitleaksignore "$copy/"
    (cd "$copy" && gitleaks dir --no-banner --redact --exit-code 1 .) || bad=yes
    gitleaks git --no-banner --redact --exit-code 1 --log-opts=--all . || bad=yes
    [[ -z $bad ]]
  elif command -v git-secrets >/dev/null; then
    git secrets --list | grep -q 'secrets.patterns' || { say 'git-secrets has no patterns, it would find nothing: git secrets --register-aws' && return 1; }
    git secrets --scan && git secrets --scan --untracked && git secrets --scan-history
  else
    say 'neither gitleaks nor git-secrets is installed: https://github.com/gitleaks/gitleaks#installing'
    return 1
  fi
}

for class in "${classes[@]}"; do
  if [[ $skipped == *" $class "* ]]; then
    continue
  fi
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
[[ -z $unfixed ]] || echo 'left out: what no update mends yet (--ignore-unfixed)'
[[ ${#failed[@]} -eq 0 ]] || die "not passed: ${failed[*]}" 'mend the findings or install the tool; --skip CLASS leaves one out by name'
