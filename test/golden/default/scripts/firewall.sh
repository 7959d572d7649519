#!/usr/bin/env bash
# Usage: scripts/firewall.sh install [--dry-run]
#        scripts/firewall.sh remove
#        scripts/firewall.sh status
#
# Rules of this machine's firewall for the networks of this project, which Docker by itself does not limit:
#
#   no container         reaches a service of this machine (sshd, another database), or the metadata of its provider
#   nginx                answers, and opens no connection to the outside
#
#   install     puts them there, as often as it is run. A reboot loses them: scripts/timers.sh installs a unit that runs
#               this after Docker, and every five minutes
#   remove      takes them out, and nothing else
#   status      exit code 0 when all of them are there, 1 when not. root sees the rules; anybody else what the last
#               install, of the last quarter of an hour, has written down (/run/comic-pile.firewall)
#
#   --dry-run   prints the rules and changes nothing
#
# They are in chains of their own (comica83b-…), which INPUT and Docker's DOCKER-USER jump to first. It needs root, and an
# engine that keeps its rules with iptables; where that is not so, it fails and says why.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
help_if_asked "$@"

bridges='comica83b'
# A jump of ours is told by it from those of other projects, and of yours.
comment="scripts/firewall.sh of $APP_NAME"
record=/run/$APP_NAME.firewall
# Networks that lead outside, by the ends of their bridges' names.
outward=(acme)

# What a provider gives a machine to read of itself, with credentials of its role: link-local, and those of Azure, Alibaba and
# Oracle; of IPv6 that of Amazon (fd00:ec2::/32, in the rules below).
METADATA=(169.254.0.0/16 168.63.129.16/32 100.100.100.200/32 192.0.0.0/24)

# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────────

# nameservers 4|6: those of this machine. Docker's own DNS asks them for the containers, in some versions from their network.
nameservers() {
  local word address octet='(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'
  for address in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
    [[ ! -r $address ]] || head -c 65536 "$address" | tr -d '\0'
  done | while read -r word address _; do
    [[ $word == nameserver ]] || continue
    case $1 in
      4) [[ ! $address =~ ^($octet\.){3}$octet$ || $address == 127.* ]] || echo "$address/32" ;;
      6) [[ ! $address =~ ^[0-9a-fA-F:]*:[0-9a-fA-F:]+$ || $address == ::1 ]] || echo "$address/128" ;;
    esac
  done | LC_ALL=C sort -u | head -n 8
}

# rules 4|6: CHAIN RULE, in their order; RETURN leaves it to Docker's own rules, or to those of INPUT.
rules() {
  local out name server network reject=icmp-port-unreachable
  [[ $1 == 4 ]] || reject=icmp6-port-unreachable
  for out in HOST OUT; do
    printf '%s\n' "$out -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"
    for name in "${outward[@]}"; do
      while IFS= read -r server; do
        printf '%s\n' "$out -i $bridges-$name -d $server -p udp -m udp --dport 53 -j RETURN" \
          "$out -i $bridges-$name -d $server -p tcp -m tcp --dport 53 -j RETURN"
      done < <(nameservers "$1")
    done
  done
  # Without these nobody finds the gateway.
  if [[ $1 == 6 ]]; then
    for name in neighbour-solicitation neighbour-advertisement; do printf '%s\n' "HOST -p ipv6-icmp -m icmp6 --icmpv6-type $name -j RETURN"; done
  fi
  printf '%s\n' "HOST -j REJECT --reject-with $reject" "OUT -i $bridges-front -j REJECT --reject-with $reject"
  if [[ $1 == 4 ]]; then
    for network in "${METADATA[@]}"; do printf '%s\n' "OUT -d $network -j REJECT --reject-with $reject"; done
  else
    printf '%s\n' "OUT -d fd00:ec2::/32 -j REJECT --reject-with $reject"
  fi
}

# ── the firewall ─────────────────────────────────────────────────────────────────────────────────────────────────────

# before TEXT <LINES: each with the text before it.
before() { local line && while IFS= read -r line; do printf '%s\n' "$1$line"; done; }

# families: 4, and 6 where the kernel has it.
families() {
  echo 4
  [[ ! -e /proc/net/if_inet6 ]] || echo 6
}

# tables 4|6 ARGUMENT…: iptables of that IP version, which waits for whoever else is at it.
tables() {
  local program=iptables
  [[ $1 == 4 ]] || program=ip6tables
  "$program" --wait 20 "${@:2}"
}

# jumps 4|6: FROM CHAIN, of each chain that leads to one of ours. Without IPv6 of its own Docker has no DOCKER-USER for it,
# and forwards nothing.
jumps() {
  echo "INPUT $bridges-HOST"
  echo "DOCKER-USER $bridges-OUT"
}

need_iptables() {
  local family
  [[ $(uname -s) == Linux ]] || die 'this machine has no iptables' 'on macOS the containers are in a machine of their own: --egress none needs no firewall'
  need docker iptables ip6tables
  ! docker info --format '{{.SecurityOptions}}' | grep -q rootless ||
    die 'this engine runs without root, so its networks are not in this firewall' 'the namespace of RootlessKit has its own: docs.docker.com/engine/security/rootless'
  ! docker info --format '{{json .}}' 2>/dev/null | grep -q '"FirewallBackend":{"Driver":"nftables' ||
    die 'this engine keeps its rules with nftables, which has no DOCKER-USER' 'firewall-backend: iptables in /etc/docker/daemon.json'
  for family in $(families); do
    ! jumps "$family" | grep -q DOCKER-USER || tables "$family" -C FORWARD -j DOCKER-USER 2>/dev/null ||
      die "Docker keeps no rules of IPv$family here: FORWARD does not jump to DOCKER-USER" \
        '"iptables": true (ip6tables) in /etc/docker/daemon.json, and the same iptables for Docker and for this script: update-alternatives --display iptables'
  done
}

# is_first 4|6 FROM CHAIN: the jump is there, and nothing before it but jumps of this kind.
is_first() {
  local line
  while IFS= read -r line; do
    [[ $line == "-A $2 "* ]] || continue
    [[ $line != *"-j $3" ]] || return 0
    [[ $line == *'"scripts/firewall.sh of '* ]] || return 1
  done < <(tables "$1" -S "$2")
  return 1
}

# unjump 4|6 FROM CHAIN: every jump to it.
unjump() {
  local line
  while IFS= read -r line; do
    [[ $line == "-A $2 "*"-j $3" ]] || continue
    tables "$1" -D "$2" -i "$bridges-+" -m comment --comment "$comment" -j "$3" || return 1
  done < <(tables "$1" -S "$2" 2>/dev/null)
}

# put 4|6: the chains in one step, so that they are never half there; then the jumps.
put() {
  local program=iptables-restore from chain
  [[ $1 == 4 ]] || program=ip6tables-restore
  {
    printf '%s\n' '*filter' ":$bridges-HOST - [0:0]" ":$bridges-OUT - [0:0]"
    rules "$1" | before "-A $bridges-"
    echo COMMIT
  } | "$program" --wait 20 --noflush || return 1
  while read -r from chain; do
    is_first "$1" "$from" "$chain" && continue
    unjump "$1" "$from" "$chain" &&
      tables "$1" -I "$from" 1 -i "$bridges-+" -m comment --comment "$comment" -j "$chain" || return 1
  done < <(jumps "$1")
}

# missing 4|6: what is not as it should be, a line each.
missing() {
  local from chain rule count
  local -a words
  while read -r from chain; do
    is_first "$1" "$from" "$chain" || echo "IPv$1: $from does not begin with a jump to $chain"
  done < <(jumps "$1")
  while read -r chain rule; do
    read -r -a words <<<"$rule"
    tables "$1" -C "$bridges-$chain" "${words[@]}" 2>/dev/null || echo "IPv$1: $bridges-$chain lacks $rule"
  done < <(rules "$1")
  for chain in HOST OUT; do
    count=$(tables "$1" -S "$bridges-$chain" 2>/dev/null | grep -c '^-A') || :
    [[ $count == "$(rules "$1" | grep -c "^$chain ")" ]] || echo "IPv$1: $bridges-$chain has other rules as well, or not all"
  done
}

all_missing() { for family in $(families); do missing "$family"; done; }
# few: the first three lines; where nothing is there, all would be as long as the rules.
few() { awk 'NR <= 3 { print } END { if (NR > 3) print "and " NR - 3 " more" }'; }
all_rules() { for family in $(families); do rules "$family" | before "IPv$family "; done; }

# write_down: for those who may not see the rules.
write_down() {
  local new
  new=$(mktemp "$record.XXXXXX") || return 1
  litter+=("$new")
  all_rules | sha256 >"$new" && chmod 0644 "$new" && mv -f -- "$new" "$record"
}

# written_down: root has found them, not long ago, and they are those of today.
written_down() {
  [[ -f $record && ! -L $record && $(uid_of "$record") == 0 && -n $(find "$record" -mmin -15) ]] || return 1
  [[ $(head -c 200 "$record") == "$(all_rules | sha256)" ]]
}

# can_see: root alone is not enough, as the units of scripts/timers.sh take most of its rights away.
can_see() { [[ $EUID -eq 0 ]] && command -v iptables >/dev/null && tables 4 -S INPUT >/dev/null 2>&1; }
need_root() { [[ $EUID -eq 0 ]] || die "$1 needs root" "sudo scripts/firewall.sh $1"; }

case "${1:-}:${2:-}:$#" in
  install:--dry-run:2)
    all_rules
    ;;
  install::1)
    need_root install
    need_iptables
    if [[ -z $(all_missing) ]]; then
      write_down || die "$record cannot be written"
      # Not a line each five minutes.
      [[ ! -t 2 ]] || say 'nothing to change: all rules are there'
      exit 0
    fi
    for family in $(families); do put "$family" || die "the rules of IPv$family could not be installed" 'read the message above'; done
    wrong=$(all_missing | few)
    [[ -z $wrong ]] || die "not all is there: ${wrong//$'\n'/; }" 'does something else write rules here?'
    write_down || die "$record cannot be written"
    say "the firewall keeps the networks $bridges-…: $(all_rules | grep -c .) rules"
    ;;
  remove::1)
    need_root remove
    need iptables ip6tables
    # The rules go by the name, as all of it: those of the deployment in another directory stay. Without an engine there is none.
    ! docker version >/dev/null 2>&1 || need docker
    for family in $(families); do
      for from in INPUT DOCKER-USER; do
        for chain in HOST OUT; do unjump "$family" "$from" "$bridges-$chain" || die "a jump from $from could not be removed"; done
      done
      for chain in HOST OUT; do
        tables "$family" -S "$bridges-$chain" >/dev/null 2>&1 || continue
        { tables "$family" -F "$bridges-$chain" && tables "$family" -X "$bridges-$chain"; } || die "$bridges-$chain could not be removed"
      done
    done
    rm -f -- "$record"
    say 'removed'
    ;;
  status::1)
    if ! can_see; then
      written_down || die 'root has not found the rules in the last quarter of an hour' 'sudo scripts/timers.sh install; or ask as root'
      say 'the rules are there, as root has found'
      exit 0
    fi
    need_iptables
    wrong=$(all_missing | few)
    [[ -z $wrong ]] || die "not all is there: ${wrong//$'\n'/; }" 'scripts/firewall.sh install'
    say "all $(all_rules | grep -c .) rules are there"
    ;;
  *) misuse 'say what to do: install, remove or status' ;;
esac
