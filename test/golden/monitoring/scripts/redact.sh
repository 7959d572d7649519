#!/usr/bin/env bash
# How each known secret is replaced by its name, as in [DB_PASSWORD], before a log leaves this server. Sourced from the
# project root after scripts/lib.sh, never run. Asks GNU's sed for what that of macOS does not know.
set -euo pipefail

# What is hidden, and as what.
names=() values=()
# learn NAME VALUE
learn() {
  local known
  [[ -n $2 ]] || return 0
  for known in ${values[@]+"${values[@]}"}; do [[ $known != "$2" ]] || return 0; done
  names+=("$1")
  values+=("$2")
}

# learn_if_secret NAME VALUE: by its name; a password inside a URL on its own as well.
learn_if_secret() {
  local telling='PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|PRIVATE|SALT|AUTH|DSN|WEBHOOK' login='://[^/@[:space:]]*:([^/@[:space:]]+)@'
  if [[ $1 != *_FILE && $2 != /run/secrets/* && ${1^^} =~ $telling && ${#2} -ge 8 ]]; then learn "$1" "$2"; fi
  if [[ $2 =~ $login && ${#BASH_REMATCH[1]} -ge 4 ]]; then learn "$1" "${BASH_REMATCH[1]}"; fi
}

# learn_from FILE: an environment file. What is long in .env.app is hidden whatever its name: better a host name too many
# than a key too few.
learn_from() {
  local name line
  local -A env=()
  read_env "$1"
  # Of a key of several lines, each: logs are read line by line.
  while IFS= read -r name && [[ -n $name ]]; do
    while IFS= read -r line; do
      learn_if_secret "$name" "$line"
      [[ $1 != .env.app || ${#line} -lt 16 ]] || learn "$name" "$line"
    done <<<"${env[$name]}"
  done < <(printf '%s\n' "${!env[@]}" | sort)
}

# learn_secrets CONTAINER…: those that the project has, and those that the containers were started with, which are the ones
# from before a rotation too.
learn_secrets() {
  local name file line
  for name in "${SECRET_NAMES[@]}" "${SECRET_NAMES[@]/%/_PREVIOUS}"; do learn "$name" "$(secret_get "$name")"; done
  for file in .env.production .env.app; do [[ ! -r $file ]] || learn_from "$file"; done
  if [[ -r ssl/privkey.pem ]]; then
    while IFS= read -r line; do [[ $line == -* || ${#line} -lt 32 ]] || learn TLS_KEY "$line"; done <ssl/privkey.pem
  fi
  for file in monitoring/private/* monitoring/loki/*; do
    name=${file##*/}
    [[ ! -f $file || ! -r $file ]] || learn "${name^^}" "$(<"$file")"
  done
  [[ $# -eq 0 ]] || while IFS= read -r line; do learn_if_secret "${line%%=*}" "${line#*=}"; done \
    < <(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$@")
  # The longest first: one may be a part of another. Byte by byte, whatever the language of this machine.
  program=$(
    LC_ALL=C
    for ((index = 0; index < ${#values[@]}; index++)); do
      while IFS= read -r way; do printf '%d s/%s/[%s]/g\n' "${#way}" "$(quoted "$way")" "${names[index]}"; done \
        < <(ways "${values[index]}" | sort -u)
    done | sort -rn | cut -d ' ' -f 2-
  )
  printf 'probe\n' | redact >/dev/null || die 'sed cannot hide the secrets' 'GNU sed 4.3 or newer'
}

# quoted VALUE: for the left side of sed's s///.
quoted() {
  local value=$1 character
  for character in \\ / . '*' '[' ']' '^' '$'; do value=${value//"$character"/"\\$character"}; done
  printf '%s' "$value"
}

# ways VALUE: as it is, as Compose prints it, as JSON has it (twice: the engine hides & < > as well), as a URL has it.
ways() {
  local value=$1 json url='' position code
  json=${value//\\/\\\\}
  json=${json//\"/\\\"}
  printf '%s\n' "$value" "${value//\$/\$\$}" "$json"
  json=${json//&/"\\u0026"}
  json=${json//</"\\u003c"}
  printf '%s\n' "${json//>/"\\u003e"}"
  for ((position = 0; position < ${#value}; position++)); do
    case ${value:position:1} in
      [A-Za-z0-9_.~-]) url+=${value:position:1} ;;
      *) printf -v code %d "'${value:position:1}" && printf -v url '%s%%%02X' "$url" $((code & 255)) ;;
    esac
  done
  printf '%s\n' "$url"
}

# redact: from stdin to stdout, one line at a time in memory. The program comes through a pipe: a value must not show up in a
# process list.
redact() { LC_ALL=C sed --sandbox --file <(printf '%s\n' "$program"); }
