#!/usr/bin/env bash
# Usage: scripts/certs.sh init
#        scripts/certs.sh issue [--production]
#        scripts/certs.sh renew [certbot options]
#        scripts/certs.sh install FULLCHAIN KEY
#        scripts/certs.sh status
#
#   init      a self-signed certificate for 30 days, only when there is none: nginx cannot start without one
#   issue     a certificate by Certbot through the running nginx (webroot). Without --production it asks the staging CA,
#             which proves the way and installs nothing; with it, the pair goes to ./ssl and nginx reloads.
#   renew     once a day from cron or a timer: renews when it is due, installs and reloads when something changed
#   install   a pair from elsewhere: checked (it parses, the key fits, the names, the dates, the order of the chain),
#             then swapped; nginx reloads and never restarts, and a pair that it refuses is taken back
#   status    days left, names, key; exit code 1 under 21 days or when something does not fit
#
# Environment: ACME_SERVER, the directory URL of a private CA; ACME_CA_FILE, the root certificate of that CA's own HTTPS.
#
# By hand, `certbot certonly --standalone -d app.example.test -d api.example.test -d www.app.example.test` works as well, but it needs port 80,
# which nginx holds: nginx must be stopped, now and for each renewal. Then: certs.sh install FULLCHAIN KEY
# https://eff-certbot.readthedocs.io/en/stable/using.html#webroot

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"
need openssl

fullchain=ssl/fullchain.pem
key=ssl/privkey.pem
contact=''

fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256; }
names_of() { openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | tail -n +2 | tr -d ' ' || :; }
# An empty pass phrase on purpose: nginx could not ask for another one.
key_fits() { [[ $(openssl x509 -in "$1" -noout -pubkey) == "$(openssl pkey -in "$2" -pubout -passin pass: 2>/dev/null)" ]]; }
days_left() {
  local end
  end=$(openssl x509 -in "$1" -noout -enddate)
  echo $((($(date -d "${end#*=}" +%s) - $(date +%s)) / 86400))
}

# check_pair FULLCHAIN KEY: dies at the first thing that is wrong.
check_pair() {
  local name parts count position
  [[ -s $1 ]] || die "cannot read $1" 'name the file with the certificate and its chain'
  [[ -s $2 ]] || die "cannot read $2" 'name the file with the private key'
  openssl x509 -in "$1" -noout 2>/dev/null || die "$1 is no PEM certificate" 'openssl x509 -in FILE -text'
  openssl pkey -in "$2" -noout -passin pass: 2>/dev/null || die "$2 is no PEM private key without a pass phrase" 'openssl pkey -in FILE -out NEW'
  key_fits "$1" "$2" || die 'the key does not belong to the first certificate of the chain' 'the server certificate comes first, its issuer second'
  for name in "${SITE_NAMES[@]}"; do
    openssl x509 -in "$1" -noout -checkhost "${name/#\*./any.}" | grep -q 'does match' || die "the certificate is not for $name" "it is for: $(names_of "$1")"
  done
  openssl x509 -in "$1" -noout -checkend 0 >/dev/null || die 'the certificate has expired' 'scripts/certs.sh issue --production'
  [[ $(date -d "$(openssl x509 -in "$1" -noout -startdate | cut -d= -f2)" +%s) -le $(date +%s) ]] || die 'the certificate is not valid yet' 'is the clock of this machine right? date -u'

  # Each certificate must be signed by the one after it.
  parts=$(mktemp -d)
  litter+=("$parts")
  awk -v dir="$parts" '/BEGIN CERTIFICATE/ { n++ } n { print >(dir "/" n ".pem") }' "$1"
  count=$(find "$parts" -name '*.pem' | wc -l)
  for ((position = 1; position < count; position++)); do
    openssl verify -partial_chain -trusted "$parts/$((position + 1)).pem" "$parts/$position.pem" >/dev/null 2>&1 ||
      die "certificate $position of the chain is not issued by certificate $((position + 1))" 'put them in order: server, intermediate, …; leave out what does not belong to it'
  done
  if [[ $count -eq 1 ]] && ! self_signed "$1"; then
    say 'note: no intermediate certificate follows; that is right only if clients trust the issuer itself'
  fi
}

served_fingerprint() {
  openssl s_client -connect "127.0.0.1:$(https_port)" -servername "${SITE_NAMES[0]/#\*./any.}" </dev/null 2>/dev/null |
    openssl x509 -noout -fingerprint -sha256 2>/dev/null || :
}

# served_is FILE: nginx hands out that certificate. A reload takes a moment.
served_is() {
  local try want
  want=$(fingerprint "$1")
  for ((try = 0; try < 20; try++)); do
    [[ $(served_fingerprint) != "$want" ]] || return 0
    sleep 0.5
  done
  return 1
}

# install_pair FULLCHAIN KEY: beside the old pair, then two renames; nginx reads them only when it reloads.
install_pair() {
  local old
  check_pair "$1" "$2"
  # The directory is mounted into nginx; the key in it is protected by its own mode.
  [[ -d ssl ]] || { mkdir ssl && own_like . ssl; }
  chmod 0755 ssl
  rm -f -- ssl/.new-* ssl/.old-*
  litter+=(ssl/.new-fullchain.pem ssl/.new-privkey.pem)
  cat "$1" >ssl/.new-fullchain.pem
  cat "$2" >ssl/.new-privkey.pem
  chmod 0644 ssl/.new-fullchain.pem
  own_like ssl ssl/.new-fullchain.pem
  own_like ssl ssl/.new-privkey.pem
  grant ssl/.new-privkey.pem 101

  for old in "$fullchain" "$key"; do
    if [[ -e $old ]]; then ln -f -- "$old" "ssl/.old-${old##*/}"; fi
  done
  mv -f -- ssl/.new-privkey.pem "$key"
  mv -f -- ssl/.new-fullchain.pem "$fullchain"
  if [[ -f .env.production ]] && running nginx; then
    if ! compose exec -T nginx nginx -t -q >&2 || ! compose exec -T nginx nginx -s reload >&2 || ! served_is "$fullchain"; then
      [[ ! -e ssl/.old-privkey.pem ]] || mv -f -- ssl/.old-privkey.pem "$key"
      [[ ! -e ssl/.old-fullchain.pem ]] || mv -f -- ssl/.old-fullchain.pem "$fullchain"
      compose exec -T nginx nginx -s reload >&2 || :
      die 'nginx does not serve the new pair; the former one is back' 'docker compose -f docker-compose.prod.yml --env-file .env.production logs nginx'
    fi
    say 'nginx serves the new certificate'
  else
    say 'nginx is not running; it will read the new certificate when it starts'
  fi
  rm -f -- ssl/.old-fullchain.pem ssl/.old-privkey.pem
  say "installed $fullchain and $key, $(days_left "$fullchain") days"
}

certbot() {
  local -a more=()
  if [[ -n ${ACME_CA_FILE:-} ]]; then
    more=(--volume "$(realpath "$ACME_CA_FILE"):/acme-ca.pem:ro" --env REQUESTS_CA_BUNDLE=/acme-ca.pem)
  fi
  compose --profile certs run --rm --no-deps -T ${more[@]+"${more[@]}"} certbot "$@" </dev/null >&2
}

# fetch NAME DIRECTORY: the pair out of Certbot's volume, by `docker cp`: what a container prints would be logged.
fetch() {
  local id file
  compose --profile certs up --no-start --no-deps certbot >&2
  id=$(compose --profile certs ps --all --quiet certbot)
  for file in fullchain privkey; do
    docker cp --quiet --follow-link "$id:/etc/letsencrypt/live/$1/$file.pem" "$2/$file.pem" 2>/dev/null || {
      docker rm "$id" >/dev/null
      die "Certbot has no certificate named $1" 'scripts/certs.sh issue --production'
    }
  done
  docker rm "$id" >/dev/null
}

need_nginx() {
  need docker
  need_env
  running nginx || die 'nginx is not running, so the CA cannot reach it' 'scripts/deploy.sh (it starts with a self-signed certificate)'
}

case "${1:-}" in
  init)
    [[ $# -eq 1 ]] || die "init takes no argument" 'scripts/certs.sh --help'
    lock
    if [[ -s $fullchain && -s $key ]]; then
      key_fits "$fullchain" "$key" || die "$fullchain and $key do not belong together" 'remove both, then run this again'
      say "there is a certificate already, nothing to do: scripts/certs.sh status"
      exit 0
    fi
    [[ ! -e $fullchain && ! -e $key ]] || die "only one of $fullchain and $key is there" 'remove it, then run this again'
    work=$(mktemp -d)
    litter+=("$work")
    {
      printf '[req]\ndistinguished_name = name\nx509_extensions = extensions\nprompt = no\n[name]\nCN = self-signed bootstrap\n'
      printf '[extensions]\nbasicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth\nsubjectAltName = '
      printf 'DNS:%s\n' "${SITE_NAMES[@]}" | paste -sd, -
    } >"$work/config"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -days 30 -config "$work/config" \
      -keyout "$work/key" -out "$work/cert" 2>"$work/errors" || die "openssl failed: $(tail -n 3 "$work/errors")"
    install_pair "$work/cert" "$work/key"
    say 'It is self-signed: browsers refuse it. When the stack runs: scripts/certs.sh issue --production'
    ;;
  issue)
    case "${2:-}:$#" in
      :1) production='' ;;
      --production:2) production=yes ;;
      *) die 'issue takes --production or nothing' 'scripts/certs.sh --help' ;;
    esac
    lock
    need_nginx
    [[ ${SITE_NAMES[*]} != *\** ]] || die 'a wildcard name needs a DNS challenge' 'get it elsewhere, then scripts/certs.sh install FULLCHAIN KEY'
    options=(certonly --webroot --webroot-path /var/www/acme --non-interactive --agree-tos
      --key-type ecdsa --elliptic-curve secp256r1)
    for name in "${SITE_NAMES[@]}"; do options+=(--domain "$name"); done
    if [[ -n $contact ]]; then options+=(--email "$contact"); else options+=(--register-unsafely-without-email); fi
    if [[ -n ${ACME_SERVER:-} ]]; then
      options+=(--server "$ACME_SERVER")
    elif [[ -z $production ]]; then
      # Under its own name, or the staging certificate would be in the way of the real one.
      certbot "${options[@]}" --staging --cert-name "${SITE_NAMES[0]}-staging" ||
        die 'the CA did not issue a certificate' 'do the names point to this machine, and is port 80 open? Read its message above'
      say 'The staging CA issued a certificate: the way works. Nothing was installed. Next: scripts/certs.sh issue --production'
      exit 0
    fi
    certbot "${options[@]}" --cert-name "${SITE_NAMES[0]}" ||
      die 'the CA did not issue a certificate; the present one stays' 'do the names point to this machine, and is port 80 open? Read its message above'
    work=$(mktemp -d)
    litter+=("$work")
    fetch "${SITE_NAMES[0]}" "$work"
    install_pair "$work/fullchain.pem" "$work/privkey.pem"
    say 'Renewal: run scripts/certs.sh renew once a day'
    ;;
  renew)
    lock
    need_nginx
    work=$(mktemp -d)
    litter+=("$work")
    # Only the certificate that is installed; the one of a staging try is left alone.
    fetch "${SITE_NAMES[0]}" "$work"
    certbot renew --non-interactive --no-random-sleep-on-renew --cert-name "${SITE_NAMES[0]}" "${@:2}" ||
      die 'the renewal failed; the present certificate stays' 'read its message above; scripts/certs.sh status tells how long it lasts'
    fetch "${SITE_NAMES[0]}" "$work"
    if [[ -s $fullchain && $(fingerprint "$work/fullchain.pem") == "$(fingerprint "$fullchain")" ]]; then
      say "nothing new, $(days_left "$fullchain") days left"
    else
      install_pair "$work/fullchain.pem" "$work/privkey.pem"
    fi
    ;;
  install)
    [[ $# -eq 3 ]] || die 'install takes FULLCHAIN and KEY' 'scripts/certs.sh install fullchain.pem privkey.pem'
    lock
    install_pair "$2" "$3"
    ;;
  status)
    [[ $# -eq 1 ]] || die "status takes no argument" 'scripts/certs.sh --help'
    [[ -s $fullchain && -r $key ]] || die "no readable $fullchain and $key" 'scripts/certs.sh init'
    days=$(days_left "$fullchain")
    echo "days left  $days"
    echo "names      $(names_of "$fullchain")"
    echo "issuer     $(openssl x509 -in "$fullchain" -noout -issuer | cut -d= -f2-)"
    ! self_signed "$fullchain" || echo 'trust      self-signed: browsers refuse it (scripts/certs.sh issue --production)'
    bad=''
    if key_fits "$fullchain" "$key"; then echo 'key        fits'; else bad='the key does not fit'; fi
    for name in "${SITE_NAMES[@]}"; do
      openssl x509 -in "$fullchain" -noout -checkhost "${name/#\*./any.}" | grep -q 'does match' || bad="it is not for $name"
    done
    [[ -z $bad ]] || die "$bad" 'scripts/certs.sh issue --production'
    openssl x509 -in "$fullchain" -noout -checkend 1814400 >/dev/null || die "fewer than 21 days are left ($days)" 'scripts/certs.sh renew'
    ;;
  *) die 'say what to do: init, issue, renew, install or status' 'scripts/certs.sh --help' ;;
esac
