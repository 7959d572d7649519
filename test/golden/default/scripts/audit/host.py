"""The machine itself: what Docker has opened past the firewall, what is full, what is old."""

from __future__ import annotations

import json
import re

from check import broken, check, judged, kept, skipped
from facts import Facts, count

NOT_LIVE = "live"


@check("host-ports", "Docker has opened no other port of this machine past its firewall", "checklist: hiding app details; CIS Docker 5.8; docker/for-linux#777", 'publish it on 127.0.0.1: "127.0.0.1:8080:80"', live="published")
def host_ports(facts: Facts):
    own = {each["name"].lstrip("/") for each in facts.containers}
    # Another stack of this generator, such as a database that is being upgraded, publishes nothing, or its nginx.
    bad = []
    for line in facts.all_lines("published"):
        name, _, ports = line.partition("\t")
        open_ports = re.findall(r"(?:0\.0\.0\.0|\[::\]):([\d-]+)->", ports)
        if name not in own and open_ports:
            bad.append(f"{name}: {' '.join(sorted(set(open_ports)))}")
    return judged(bad[:8], f"{len(facts.lines('published'))} containers of this machine were looked at")


@check("host-disk", "The disk is less than 85 % full", "moby#27957: images and logs fill disks", "docker image prune; scripts/backup.sh --keep", live="disk")
def host_disk(facts: Facts):
    full = []
    for line in facts.lines("disk"):
        fields = line.split()
        percent = next((int(field[:-1]) for field in fields if re.match(r"\d+%$", field)), 0)
        if percent >= 85:
            full.append(f"{fields[-1]}: {percent} %")
    return judged(sorted(set(full)), "; ".join(" ".join(line.split()[-2:]) for line in facts.lines("disk")))


@check("host-logs", "No log of a container has outgrown its limit", "moby#27957", "scripts/deploy.sh --allow-restart starts them with rotation", "medium", live="log-sizes: the logs of Docker are root's: run this as root to see them")
def host_logs(facts: Facts):
    big = [f"{name}: {count(size) // 1024} MiB" for name, size in facts.table("log-sizes").items() if count(size) > 100 * 1024]
    return judged(big, f"{len(facts.table('log-sizes'))} logs")


@check("host-updates", "This machine installs security updates by itself, and needs no reboot for one", "CIS Controls 7.3; checklist: latest security patches", "apt install unattended-upgrades; reboot", "medium", live=NOT_LIVE)
def host_updates(facts: Facts):
    said = facts.table("host")
    if said.get("reboot") == "yes":
        return broken("a reboot is due for an update")
    return kept(said["updates"]) if said.get("updates") else skipped("this machine does not tell: by hand")


@check("host-firewall", "This machine has a firewall", "CIS Docker 1.1; checklist: Topology", "ufw allow 22,80,443/tcp; ufw enable", "medium", live=NOT_LIVE)
def host_firewall(facts: Facts):
    said = facts.table("host").get("firewall", "")
    if said == "off":
        return broken("ufw is installed, and off")
    return kept(said) if said else skipped("none that is seen from here; perhaps that of the provider: by hand")


@check("host-egress", "The firewall keeps the containers from this machine's services, its networks and its provider's metadata", "OWASP Docker rule 5; OWASP SSRF: cloud metadata", "sudo scripts/timers.sh install", live="firewall: the engine is not on this machine, or this is no Linux")
def host_egress(facts: Facts):
    if facts.code("firewall") == 0:
        return kept(facts.text("firewall.err").strip())
    return broken(facts.text("firewall.err").strip().partition("\n")[0])


@check("host-docker", "Only root and the group docker may talk to the engine", "CIS Docker 2.7, 3.15, 3.16", "no tcp:// listener without TLS; the socket 0660, root:docker", live="socket")
def host_docker(facts: Facts):
    said = facts.table("socket")
    problems = [f"the socket has mode {said['mode']}"] if said.get("mode") and said["mode"][-1] != "0" else []
    problems += [f"the engine listens on port {port}" for port in said.get("tcp", "").split()]
    return judged(problems, said.get("mode", "a remote engine"))


@check("host-userns", "Root in a container is not root on this machine (userns-remap or rootless)", "CIS Docker 2.9", 'user namespaces in the security document: what they change comes first', "medium", live="security-options")
def host_userns(facts: Facts):
    options = json.loads(facts.text("security-options").strip() or "null")
    if not isinstance(options, list):
        return skipped("the engine does not tell")
    on = [name for name in ("rootless", "userns") if f"name={name}" in options]
    if not on:
        return skipped("neither is on, as with most engines; the containers run as others than root, without capabilities: worth it where other software shares the engine")
    bad = [each["name"].lstrip("/") for each in facts.running if each["host"].get("UsernsMode") == "host"]
    return judged((f"{name} is left out of it (userns_mode: host)" for name in bad), " ".join(on))


@check("host-engine", "The engine is of a line that gets security fixes", "CIS Docker 1.2; moby releases", "https://docs.docker.com/engine/install/", "medium", live="engine")
def host_engine(facts: Facts):
    version, _, maker = facts.text("engine").strip().partition(" ")
    known = re.match(r"(\d+)\.(\d+)", version, re.A)
    line = [count(part) for part in known.groups()] if known else []
    # Docker's own builds name their maker; one without is of the distribution, which mends it in its line.
    least = "27" if maker else "26.1"
    if line < [count(part) for part in least.split(".")]:
        return broken(version or "unknown")
    return kept(version if maker else f"{version}, of the distribution, which mends it: host-updates")
