#!/usr/bin/env bash
# Usage: scripts/certs.sh init
#        scripts/certs.sh issue [--dns] [--production]
#        scripts/certs.sh renew [certbot options]
#        scripts/certs.sh install FULLCHAIN KEY
#        scripts/certs.sh revoke [--reason REASON] [--yes]
#        scripts/certs.sh status
#        init, issue, install and revoke take --dry-run last: it says what would be done, and changes nothing; that of
#        renew is Certbot's own, which asks the staging CA
#
#   init      a self-signed certificate for 30 days, only when there is none: nginx cannot start without one. Also mends
#             what an installation left behind that was killed.
#   issue     a certificate by Certbot through the running nginx (webroot). Without --production it asks the staging CA,
#             which proves the way, has no rate limits to speak of, and installs nothing; with it, the pair goes to ./ssl
#             and nginx reloads. --dns: by a DNS record that ops/hooks/dns sets, for wildcard names and closed ports.
#   renew     twice a day from a timer (scripts/timers.sh): renews when it is due, installs and reloads when something changed
#   install   a pair from elsewhere: checked (it parses, the key fits, the names, the dates, the order of the chain),
#             then swapped; nginx reloads and never restarts, and a pair that it refuses is taken back
#   revoke    tells the CA that the certificate of Certbot must not be trusted any more, for example --reason keycompromise.
#             nginx serves it until the next `issue --production`, which draws a new key.
#   status    days left, names, chain, key, and whether nginx serves it; exit code 1 under 21 days or when something does
#             not fit
#
# In .env.production or the environment: ACME_SERVER, the directory URL of another CA; ACME_CA_FILE, the root certificate of
# that CA's own HTTPS.
#
# By hand, `certbot certonly --standalone -d app.example.test` works as well, but it needs port 80,
# which nginx holds: nginx must be stopped, now and for each renewal. Then: certs.sh install FULLCHAIN KEY
# https://eff-certbot.readthedocs.io/en/stable/using.html#webroot

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"
need openssl
need_own_where_engine

fullchain=ssl/fullchain.pem
key=ssl/privkey.pem
contact=''
# Certbot's name for it. A wildcard is none that a directory should have.
lineage=${SITE_NAMES[0]/#\*./}
# https://www.rfc-editor.org/rfc/rfc5280#section-5.3.1, as far as Certbot has them
reasons='unspecified keycompromise affiliationchanged superseded cessationofoperation'

fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256; }

# check_pair FULLCHAIN KEY: dies at the first thing that is wrong.
check_pair() {
  local name said
  [[ -s $1 ]] || die "cannot read $1" 'name the file with the certificate and its chain'
  [[ -s $2 ]] || die "cannot read $2" 'name the file with the private key'
  openssl x509 -in "$1" -noout 2>/dev/null || die "$1 is no PEM certificate" 'openssl x509 -in FILE -text'
  openssl pkey -in "$2" -noout -passin pass: 2>/dev/null || die "$2 is no PEM private key without a pass phrase" 'openssl pkey -in FILE -out NEW'
  key_fits "$1" "$2" || die 'the key does not belong to the first certificate of the chain' 'the server certificate comes first, its issuer second'
  for name in "${SITE_NAMES[@]}"; do
    cert_covers "$1" "$name" || die "the certificate is not for $name" "it is for: $(names_of "$1")"
  done
  openssl x509 -in "$1" -noout -checkend 0 >/dev/null || die 'the certificate has expired' 'scripts/certs.sh issue --production'
  said=$(openssl verify -partial_chain -trusted "$1" "$1" 2>&1) || :
  [[ $said != *'not yet valid'* ]] ||
    die 'the certificate is not valid yet' 'is the clock of this machine right? date -u'

  chain_holds "$1" || die "$chain" 'put them in order: server, intermediate, …; leave out what does not belong to it'
  if [[ $chain == 1 ]] && ! self_signed "$1"; then
    say 'note: no intermediate certificate follows; that is right only if clients trust the issuer itself'
  fi
}

served_fingerprint() {
  local address port name
  read -r name < <(site_names)
  edge_port HTTPS_PORT 8443 || return 0
  openssl s_client -connect "$address:$port" -servername "$name" </dev/null 2>/dev/null |
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

# serve: the running nginx takes what is in ./ssl.
serve() { reload_nginx && served_is "$fullchain"; }

# heal: the two renames of an installation are not one; a kill between them leaves a new key beside an old certificate.
heal() {
  if [[ -s $fullchain && -s $key ]] && ! key_fits "$fullchain" "$key"; then
    if [[ -s ssl/.new-fullchain.pem ]] && key_fits ssl/.new-fullchain.pem "$key"; then
      replace_file ssl/.new-fullchain.pem "$fullchain"
      say 'finished an installation that was interrupted'
    elif [[ -s ssl/.old-privkey.pem ]] && key_fits "$fullchain" ssl/.old-privkey.pem; then
      replace_file ssl/.old-privkey.pem "$key"
      say 'took back an installation that was interrupted'
    else
      return 0
    fi
    if [[ -f .env.production ]] && running nginx; then serve || :; fi
  fi
  rm -f -- ssl/.new-* ssl/.old-*
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
  key_fits ssl/.new-fullchain.pem ssl/.new-privkey.pem || die 'the pair could not be copied to ./ssl; the present one stays' 'look at the free space'

  for old in "$fullchain" "$key"; do
    if [[ -e $old ]]; then ln -f -- "$old" "ssl/.old-${old##*/}"; fi
  done
  replace_file ssl/.new-privkey.pem "$key"
  replace_file ssl/.new-fullchain.pem "$fullchain"
  if [[ -f .env.production ]] && running nginx; then
    if ! serve; then
      [[ ! -e ssl/.old-privkey.pem ]] || mv -f -- ssl/.old-privkey.pem "$key"
      [[ ! -e ssl/.old-fullchain.pem ]] || mv -f -- ssl/.old-fullchain.pem "$fullchain"
      reload_nginx || :
      die 'nginx does not serve the new pair; the former one is back' 'docker compose -f docker-compose.prod.yml --env-file .env.production logs nginx'
    fi
    say 'nginx serves the new certificate'
  else
    say 'nginx is not running; it will read the new certificate when it starts'
  fi
  rm -f -- ssl/.old-fullchain.pem ssl/.old-privkey.pem
  say "installed $fullchain and $key, $(days_left "$fullchain") days"
  if ! self_signed "$fullchain"; then
    say 'When every host below app.example.test has HTTPS: yo comicpile --hsts full (SECURITY.md, Security headers)'
  fi
}

ACME_SERVER=${ACME_SERVER:-$(env_get ACME_SERVER)}
ACME_CA_FILE=${ACME_CA_FILE:-$(env_get ACME_CA_FILE)}

# certbot ARGUMENT…: what it says goes to stderr and, for explain, to $said. ./ops/hooks is for `issue --dns`; root in the
# container has no capability to read what only another user may, so what ops/hooks/dns needs is for group 0 as well.
said=$(mktemp)
litter+=("$said")
certbot() {
  local -a more=()
  if [[ -n $ACME_CA_FILE ]]; then
    [[ -r $ACME_CA_FILE ]] || die "cannot read $ACME_CA_FILE" 'ACME_CA_FILE names the root certificate of the CA (PEM)'
    more+=(--volume "$(cd "$(dirname "$ACME_CA_FILE")" && pwd)/${ACME_CA_FILE##*/}:/acme-ca.pem:ro" --env REQUESTS_CA_BUNDLE=/acme-ca.pem)
  fi
  if [[ -x ops/hooks/dns ]]; then
    chmod o+rx ops/hooks
    open_to_containers ops/hooks/dns
    [[ ! -f ops/hooks/dns.env ]] || grant ops/hooks/dns.env 0
    more+=(--volume "$PWD/ops/hooks:/hooks:ro")
  fi
  compose --profile certs run --rm --no-deps -T ${more[@]+"${more[@]}"} certbot "$@" </dev/null 2>&1 | printable | tee "$said" >&2
}

# refused WHAT: the end, with the cause that Certbot's words point to.
# https://www.rfc-editor.org/rfc/rfc8555#section-6.7
refused() {
  local problem name cause next
  problem=$(sed -nE 's/.*acme:error:([A-Za-z]+).*/\1/p; s/^ *Type: +([A-Za-z]+).*/\1/p' "$said" | tail -n 1)
  name=$(sed -nE 's/^ *(Domain|Identifier): +//p' "$said" | tail -n 1)
  name=${name:-${SITE_NAMES[0]}}
  # Not every CA calls it dns.
  ! grep -qiE 'could not resolve|NXDOMAIN|SERVFAIL' "$said" || problem=dns
  ! grep -q "Hook '--manual-auth-hook' .*reported error code" "$said" || problem=hook
  if [[ -z $problem ]] && grep -qE 'Max retries exceeded|NewConnectionError|NameResolutionError|Connection refused|certificate verify failed' "$said"; then problem=unreachable; fi
  case $problem in
    dns)
      cause="the CA finds no usable DNS record for $name"
      next="its A and AAAA records must be the addresses of this machine; a new record takes a while. Ask: getent ahosts $name"
      ;;
    connection)
      cause="nobody answers the CA at http://$name on port 80"
      next="open port 80 in the firewall and at the provider; and do the A and AAAA records of $name point to this machine?"
      ;;
    unauthorized)
      cause="somebody else answers for $name: not what this machine laid out"
      next="its A and AAAA records must point here, and only here; a CDN or another server in front must pass /.well-known/acme-challenge/ on"
      ;;
    caa)
      cause="a CAA record of $name forbids this CA"
      next='add the CA to it, or remove it: https://letsencrypt.org/docs/caa/'
      ;;
    rateLimited)
      cause='the CA has seen too many requests for these names'
      next='wait as long as it says above; to try the way meanwhile: scripts/certs.sh issue (the staging CA). https://letsencrypt.org/docs/rate-limits/'
      ;;
    rejectedIdentifier)
      cause="the CA issues nothing for $name"
      next='a public CA wants a public name; for a private one: ACME_SERVER and ACME_CA_FILE, or scripts/certs.sh install'
      ;;
    hook)
      cause='ops/hooks/dns failed'
      next='its own words are above; ops/hooks/dns present|cleanup is given CERTBOT_DOMAIN and CERTBOT_VALIDATION (docs/certificates.md of the generator)'
      ;;
    unreachable)
      cause='this machine cannot reach the CA, or does not trust it'
      next='does it reach the Internet? For a CA of your own: ACME_SERVER, and its root in ACME_CA_FILE'
      ;;
    *)
      cause='the CA did not do it'
      next='its own words are above'
      ;;
  esac
  die "$1: $cause" "$next"
}

# in_volume PATH TARGET: a file out of Certbot's volume, by `docker cp`: what a container prints would be logged.
in_volume() {
  local id code=0
  compose --profile certs up --no-start --no-deps certbot >&2
  id=$(compose --profile certs ps --all --quiet certbot)
  docker cp --quiet --follow-link "$id:/etc/letsencrypt/$1" "$2" 2>/dev/null || code=1
  docker rm "$id" >/dev/null
  return "$code"
}

# fetch NAME DIRECTORY: the pair that Certbot has under that name.
fetch() {
  local file
  for file in fullchain privkey; do
    in_volume "live/$1/$file.pem" "$2/$file.pem" ||
      die "Certbot has no certificate named $1" 'scripts/certs.sh issue --production; a pair from elsewhere is renewed there: scripts/certs.sh install'
  done
}

# uncovered: the names of the site that the pair in ./ssl is not for.
uncovered() { for name in "${SITE_NAMES[@]}"; do cert_covers "$fullchain" "$name" || echo "$name"; done; }
is_bootstrap() { self_signed "$1" && [[ $(openssl x509 -in "$1" -noout -subject) == *'self-signed bootstrap' ]]; }

need_nginx() {
  need docker
  need_env
  running nginx || die 'nginx is not running, so the CA cannot reach it' 'scripts/deploy.sh (it starts with a self-signed certificate)'
}

dry=''
case "${1:-}:${*: -1}" in
  init:--dry-run | issue:--dry-run | install:--dry-run | revoke:--dry-run)
    dry=yes
    set -- "${@:1:$#-1}"
    ;;
esac
# would WHAT: in a dry run the end.
would() {
  [[ -n $dry ]] || return 0
  say "would $1"
  exit 0
}

case "${1:-}" in
  init)
    [[ $# -eq 1 ]] || misuse 'init takes no argument'
    would "$(if [[ -s $fullchain && -s $key ]]; then echo 'look whether the pair in ./ssl fits'; else echo "make a self-signed certificate for ${SITE_NAMES[*]}"; fi)"
    lock
    heal
    if [[ -s $fullchain && -s $key ]]; then
      key_fits "$fullchain" "$key" || die "$fullchain and $key do not belong together" 'remove both, then run this again'
      # One that this script has made for other names, nobody trusts.
      if ! is_bootstrap "$fullchain" || [[ -z $(uncovered) ]]; then
        say "there is a certificate already, nothing to do: scripts/certs.sh status"
        exit 0
      fi
    elif [[ -e $fullchain || -e $key ]]; then
      die "only one of $fullchain and $key is there" 'remove it, then run this again'
    fi
    work=$(mktemp -d)
    litter+=("$work")
    {
      printf '[req]\ndistinguished_name = name\nx509_extensions = extensions\nprompt = no\n[name]\nCN = self-signed bootstrap\n'
      printf '[extensions]\nbasicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth\nsubjectAltName = '
      printf 'DNS:%s\n' "${SITE_NAMES[@]}" | paste -sd, -
    } >"$work/config"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days 30 -config "$work/config" \
      -keyout "$work/key" -out "$work/cert" 2>"$work/errors" || die "openssl failed: $(tail -n 3 "$work/errors")"
    install_pair "$work/cert" "$work/key"
    say 'It is self-signed: browsers refuse it. When the stack runs: scripts/certs.sh issue --production'
    ;;
  issue)
    production='' dns=''
    for argument in "${@:2}"; do
      case $argument in
        --production) production=yes ;;
        --dns) dns=yes ;;
        *) misuse "issue does not take '$argument'" 'scripts/certs.sh issue [--dns] [--production]' ;;
      esac
    done
    would "ask ${ACME_SERVER:-$(if [[ -n $production ]]; then echo "Let's Encrypt"; else echo "the staging CA of Let's Encrypt"; fi)} for ${SITE_NAMES[*]}, by $(if [[ -n $dns ]]; then echo 'a DNS record'; else echo 'the running nginx'; fi)$(if [[ -n $production ]]; then echo ', install the pair and reload nginx'; fi)"
    lock
    need_nginx
    heal
    options=(certonly --non-interactive --agree-tos --keep-until-expiring --renew-with-new-domains --key-type ecdsa --elliptic-curve secp256r1)
    if [[ -n $dns ]]; then
      [[ -x ops/hooks/dns ]] || die 'there is no executable ops/hooks/dns' 'it sets the DNS record: docs/certificates.md of the generator has one'
      options+=(--manual --preferred-challenges dns --manual-auth-hook '/hooks/dns present' --manual-cleanup-hook '/hooks/dns cleanup')
    else
      [[ ${SITE_NAMES[*]} != *\** ]] || die 'a wildcard name needs a DNS challenge' 'scripts/certs.sh issue --dns, with an ops/hooks/dns; or get it elsewhere: scripts/certs.sh install FULLCHAIN KEY'
      options+=(--webroot --webroot-path /var/www/acme)
    fi
    for name in "${SITE_NAMES[@]}"; do options+=(--domain "$name"); done
    if [[ -n $contact ]]; then options+=(--email "$contact"); else options+=(--register-unsafely-without-email); fi
    if [[ -n $ACME_SERVER ]]; then options+=(--server "$ACME_SERVER"); fi
    if [[ -z $production ]]; then
      # Under its own name, or the staging certificate would be in the way of the real one. Anew each time: it is a test.
      [[ -n $ACME_SERVER ]] || options+=(--staging)
      certbot "${options[@]}" --force-renewal --cert-name "$lineage-staging" || refused 'no certificate, not even a test one'
      say 'The CA issued a test certificate: the way works. Nothing was installed. Next: scripts/certs.sh issue --production'
      exit 0
    fi
    certbot "${options[@]}" --cert-name "$lineage" || refused 'no certificate; the present one stays'
    work=$(mktemp -d)
    litter+=("$work")
    fetch "$lineage" "$work"
    install_pair "$work/fullchain.pem" "$work/privkey.pem"
    say 'It must be renewed: scripts/timers.sh install, or run scripts/certs.sh renew twice a day'
    ;;
  renew)
    lock
    need_nginx
    heal
    work=$(mktemp -d)
    litter+=("$work")
    # A pair from elsewhere is renewed there. The timer asks all the same, and the one for `status` tells in time.
    in_volume "live/$lineage/fullchain.pem" "$work/fullchain.pem" || {
      say 'Certbot has no certificate here, so there is nothing that it could renew: scripts/certs.sh issue --production, or install'
      exit 0
    }
    # Only the certificate that is installed; the one of a staging try is left alone.
    certbot renew --non-interactive --no-random-sleep-on-renew --cert-name "$lineage" "${@:2}" || refused 'not renewed; the present certificate stays'
    fetch "$lineage" "$work"
    if [[ ! -s $fullchain || $(fingerprint "$work/fullchain.pem") != "$(fingerprint "$fullchain")" ]]; then
      install_pair "$work/fullchain.pem" "$work/privkey.pem"
    else
      served_is "$fullchain" || serve || die 'nginx does not serve what is in ./ssl' 'docker compose -f docker-compose.prod.yml --env-file .env.production logs nginx'
      say "nothing new, $(days_left "$fullchain") days left"
    fi
    ;;
  install)
    [[ $# -eq 3 ]] || misuse 'install takes FULLCHAIN and KEY' 'scripts/certs.sh install fullchain.pem privkey.pem'
    if [[ -n $dry ]]; then check_pair "$2" "$3"; fi
    would "install this pair, $(days_left "$2") days left, and reload nginx"
    lock
    heal
    install_pair "$2" "$3"
    ;;
  revoke)
    yes='' reason=unspecified
    shift
    while [[ $# -gt 0 ]]; do
      case $1 in
        --yes) yes=yes ;;
        --reason)
          reason=${2:-}
          [[ " $reasons " == *" $reason "* && -n $reason ]] || misuse "there is no reason '$reason'" "one of: $reasons"
          shift
          ;;
        *) misuse "revoke does not take '$1'" 'scripts/certs.sh revoke --reason keycompromise' ;;
      esac
      shift
    done
    would "tell the CA not to trust the certificate of ${SITE_NAMES[*]} any more, reason: $reason"
    lock
    need docker
    need_env
    heal
    work=$(mktemp -d)
    litter+=("$work")
    if ! in_volume "live/$lineage/fullchain.pem" "$work/fullchain.pem" ||
      [[ ! -s $fullchain || $(fingerprint "$work/fullchain.pem") != "$(fingerprint "$fullchain")" ]]; then
      die 'the certificate in ./ssl is not from Certbot, so it cannot be revoked here' \
        'ask the CA that issued it; a self-signed one is replaced by scripts/certs.sh issue --production'
    fi
    # The account is the one of the CA that issued it.
    in_volume "renewal/$lineage.conf" "$work/conf" || die "Certbot has lost the settings of $lineage"
    server=$(sed -n 's/^server = //p' "$work/conf")
    say "revoking the certificate of ${SITE_NAMES[*]} ($(openssl x509 -in "$fullchain" -noout -serial)), reason: $reason"
    if [[ -z $yes ]]; then
      [[ -t 0 ]] || die 'nobody is there to confirm it' 'scripts/certs.sh revoke --yes'
      read -r -p 'It cannot be undone. Go on? [y/N] ' answer
      [[ $answer == [yY] ]] || die 'not confirmed; nothing was changed'
    fi
    certbot revoke --non-interactive --cert-name "$lineage" --server "$server" --reason "$reason" --delete-after-revoke ||
      refused 'not revoked'
    say 'Revoked. nginx still serves it; a new one, with a new key: scripts/certs.sh issue --production'
    ;;
  status)
    [[ $# -eq 1 ]] || misuse 'status takes no argument'
    # A timer's look waits for an installation that is under way; yours does not.
    [[ -z ${COMICPILE_LOCK_WAIT:-} ]] || lock
    [[ -s $fullchain && -r $key ]] || die "no readable $fullchain and $key" 'scripts/certs.sh init'
    days=$(days_left "$fullchain")
    echo "days left  $days"
    echo "names      $(names_of "$fullchain")"
    echo "issuer     $(openssl x509 -in "$fullchain" -noout -issuer | cut -d= -f2-)"
    ! self_signed "$fullchain" || echo 'trust      self-signed: browsers refuse it (scripts/certs.sh issue --production)'
    bad=''
    if key_fits "$fullchain" "$key"; then echo 'key        fits'; else bad='the key does not fit'; fi
    if chain_holds "$fullchain"; then echo "chain      $chain, each issued by the next"; else bad=$chain; fi
    for name in "${SITE_NAMES[@]}"; do
      cert_covers "$fullchain" "$name" || bad="it is not for $name"
    done
    [[ -z $bad ]] || die "$bad" 'scripts/certs.sh init mends an interrupted installation; otherwise scripts/certs.sh issue --production, or install'
    if [[ ! -f .env.production ]] || ! running nginx 2>/dev/null; then
      echo 'served     no: nginx is not running'
    elif [[ $(served_fingerprint) == "$(fingerprint "$fullchain")" ]]; then
      echo 'served     yes'
    else
      die 'nginx serves another one' 'docker compose -f docker-compose.prod.yml --env-file .env.production exec nginx nginx -s reload'
    fi
    openssl x509 -in "$fullchain" -noout -checkend 1814400 >/dev/null || die "fewer than 21 days are left ($days)" 'scripts/certs.sh renew'
    ;;
  *) misuse 'say what to do: init, issue, renew, install, revoke or status' ;;
esac
