"""The containers that run, as the engine and the kernel report them: what was asked for is not always what is."""

from __future__ import annotations

import re
from typing import Callable, Dict, List

from check import broken, check, judged, kept, skipped
from facts import Facts, count

NO_CONTAINERS = "containers.jsonl"
FIX = "scripts/deploy.sh --allow-restart starts them as the compose file says"


def name_of(container: dict) -> str:
    return container["name"].lstrip("/")


def each_container(facts: Facts, problem: Callable[[dict], str]):
    """problem: what is wrong with it, or nothing."""
    found = [f"{name_of(each)}: {said}" for each in facts.running for said in [problem(each)] if said]
    return judged(found, f"{len(facts.running)} containers") if facts.running else broken("none runs")


def processes(facts: Facts, container: dict) -> List[Dict[str, str]]:
    """/proc/PID/status of each process of the container, the oldest first; none where it cannot be read."""
    parts = re.split(r"^(?=Name:\t)", facts.text(f"proc/{container['id']}"), flags=re.M)
    found = [dict(line.split(":\t", 1) for line in part.split("\n") if ":\t" in line) for part in parts if part.strip()]
    return sorted(found, key=lambda each: count(each["Pid"]))


def each_process(facts: Facts, container: dict, problem: Callable[[Dict[str, str]], str]) -> str:
    """What is wrong with the first process that has a fault, and which it is."""
    for number, status in enumerate(processes(facts, container)):
        said = problem(status)
        if said:
            return said if number == 0 else f"{said} ({status['Name']}, process {status['Pid']})"
    return ""


@check("run-services", "Every service of production runs", "checklist: Test health checks locally", FIX, live=NO_CONTAINERS)
def run_services(facts: Facts):
    wanted = [name for name in facts.services if name not in facts.once]
    there = {each["service"] for each in facts.running}
    return judged((f"{name} does not run" for name in wanted if name not in there), " ".join(sorted(there)))


@check("run-healthy", "Every container is healthy", "checklist: Health checks on all containers; CIS Docker 5.27", "docker compose logs SERVICE", live=NO_CONTAINERS)
def run_healthy(facts: Facts):
    return each_container(facts, lambda each: "" if (each["state"].get("Health") or {}).get("Status", "healthy") == "healthy" else each["state"]["Health"]["Status"])


@check("run-user", "No process of a container is root", "CIS Docker 4.1, 5.31; checklist: Non-root user", FIX, live=NO_CONTAINERS)
def run_user(facts: Facts):
    def problem(each: dict) -> str:
        if processes(facts, each):
            return each_process(facts, each, lambda status: "runs as root" if "0" in status["Uid"].split() else "")
        return "" if re.match(r"[1-9][0-9]*", each["user"] or "") else f"user {each['user'] or 'root'}"

    return each_container(facts, problem)


@check("run-capabilities", "No process of a container has a capability", "CIS Docker 5.4; PSS restricted", FIX, live=NO_CONTAINERS)
def run_capabilities(facts: Facts):
    def problem(each: dict) -> str:
        host = each["host"]
        if [str(name).upper() for name in host.get("CapDrop") or []] != ["ALL"] or host.get("CapAdd"):
            return f"CapDrop {host.get('CapDrop')}, CapAdd {host.get('CapAdd')}"
        sets = ("CapPrm", "CapEff", "CapBnd")
        return each_process(facts, each, lambda status: "; ".join(f"{key} {status[key]}" for key in sets if int(status[key], 16)))

    return each_container(facts, problem)


@check("run-no-new-privileges", "No process of a container can gain privileges", "CIS Docker 5.26; PSS restricted", FIX, live=NO_CONTAINERS)
def run_no_new_privileges(facts: Facts):
    def problem(each: dict) -> str:
        if processes(facts, each):
            return each_process(facts, each, lambda status: "" if status["NoNewPrivs"] == "1" else "NoNewPrivs 0")
        return "" if any(str(option).startswith("no-new-privileges") for option in each["host"].get("SecurityOpt") or []) else "no-new-privileges is not set"

    return each_container(facts, problem)


@check("run-seccomp", "The kernel filters the system calls of every container", "CIS Docker 5.22; PSS baseline", "take seccomp=unconfined out; the engine itself: docker info", live=NO_CONTAINERS)
def run_seccomp(facts: Facts):
    def problem(each: dict) -> str:
        if any("unconfined" in str(option) for option in each["host"].get("SecurityOpt") or []):
            return "unconfined"
        return each_process(facts, each, lambda status: "" if status["Seccomp"] == "2" else f"Seccomp {status['Seccomp']}")

    return each_container(facts, problem)


@check("run-read-only", "No container can write to its image", "CIS Docker 5.13; checklist: Read-only file system", FIX, live=NO_CONTAINERS)
def run_read_only(facts: Facts):
    return each_container(facts, lambda each: "" if each["host"].get("ReadonlyRootfs") else "its root file system can be written to")


@check("run-limits", "Every container has limits on memory, CPU and processes", "CIS Docker 5.11, 5.12, 5.29", FIX, "medium", live=NO_CONTAINERS)
def run_limits(facts: Facts):
    keys = (("Memory", "memory"), ("NanoCpus", "CPU"), ("PidsLimit", "processes"))
    return each_container(facts, lambda each: " ".join(f"no limit of {name}" for key, name in keys if (each["host"].get(key) or 0) <= 0))


@check("run-privileged", "No container is privileged, shares a namespace of the host or has a device", "CIS Docker 5.5, 5.10, 5.16, 5.17, 5.18", FIX, live=NO_CONTAINERS)
def run_privileged(facts: Facts):
    def problem(each: dict) -> str:
        host = each["host"]
        shared = [key for key in ("NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode") if host.get(key) == "host"]
        return " ".join((["privileged"] if host.get("Privileged") else []) + shared + (["devices"] if host.get("Devices") else []))

    return each_container(facts, problem)


@check("run-socket", "No container has the Docker socket or a folder of the system", "CIS Docker 5.6, 5.32; OWASP Docker rule 1", FIX, live=NO_CONTAINERS)
def run_socket(facts: Facts):
    def problem(each: dict) -> str:
        sources = [(str(mount.get("Source", "")), mount.get("RW")) for mount in each["mounts"] or [] if mount.get("Type") == "bind"]
        return " ".join(source for source, can_write in sources if "docker.sock" in source or (can_write and re.match(r"/(etc|usr|boot|dev|proc|sys)?(/|$)", source)))

    return each_container(facts, problem)


@check("run-ports", "Only nginx is published, on the ports for HTTP and HTTPS", "checklist: App port 8000 not exposed publicly; CIS Docker 5.8", FIX, live=NO_CONTAINERS)
def run_ports(facts: Facts):
    settings = facts.table("settings")
    wanted = {settings.get(key, default).rsplit(":", 1)[-1] for key, default in (("HTTP_PORT", "80"), ("HTTPS_PORT", "443"))}

    def problem(each: dict) -> str:
        bound = [(port, binding.get("HostPort")) for port, bindings in (each["network"].get("Ports") or {}).items() for binding in bindings or []]
        return " ".join(f"{port} on {host}" for port, host in bound if each["service"] != "nginx" or host not in wanted)

    return each_container(facts, problem)


@check("run-networks", "The database is on internal networks only, and nginx on none of them", "checklist: PostgreSQL only accessible within Docker network", FIX, live=NO_CONTAINERS)
def run_networks(facts: Facts):
    internal = {line.split()[0]: line.split()[1] == "true" for line in facts.lines("networks")}
    of = {service: {name for each in facts.running if each["service"] == service for name in each["network"].get("Networks") or {}} for service in ("db", "nginx")}
    problems = [f"db is on {name}, which leads outside" for name in sorted(of["db"]) if not internal.get(name)]
    problems += [f"nginx and db are both on {name}" for name in sorted(of["db"] & of["nginx"])]
    return judged(problems, " ".join(sorted(of["db"]))) if of["db"] else broken("db does not run")


@check("run-egress", "No container of the app or of nginx is on a network with a way out that was not asked for", "OWASP Docker rule 5; OWASP SSRF", FIX, live=NO_CONTAINERS)
def run_egress(facts: Facts):
    internal = {line.split()[0]: line.split()[1] == "true" for line in facts.lines("networks")}
    asked_for = ("_egress",) if facts.expected("egress") else ()
    bad = []
    for each in facts.running:
        exempt = ("_front",) if each["service"] == "nginx" else asked_for
        if each["service"] in ["nginx", *facts.expected("app-services").split()]:
            bad += [f"{name_of(each)} is on {name}" for name in sorted(each["network"].get("Networks") or {}) if not internal.get(name) and not name.endswith(exempt)]
    return judged(bad, "the app has one, as asked for" if facts.expected("egress") else "none")


@check("run-logs", "Docker rotates the log of every container", "moby#27957; CIS Docker 2.13", FIX, "medium", live=NO_CONTAINERS)
def run_logs(facts: Facts):
    def problem(each: dict) -> str:
        config = each["host"].get("LogConfig") or {}
        # The other drivers rotate by themselves, or send the lines elsewhere.
        return "it grows for ever" if config.get("Type") == "json-file" and not (config.get("Config") or {}).get("max-size") else ""

    return each_container(facts, problem)


@check("run-restarts", "No container is started again and again, or was killed for want of memory", "checklist: Set up alerts for health check failures", "docker compose logs SERVICE; more memory in its limits", "medium", live=NO_CONTAINERS)
def run_restarts(facts: Facts):
    def problem(each: dict) -> str:
        return " ".join(([f"{each['restarts']} restarts"] if each["restarts"] >= 3 else []) + (["killed for want of memory"] if each["state"].get("OOMKilled") else []))

    return each_container(facts, problem)


@check("run-current", "What runs is what the files say", "checklist: documents describe the files", FIX, "medium", live="hashes: Compose does not tell")
def run_current(facts: Facts):
    if facts.code("hashes") != 0 or not facts.services:
        return skipped("Compose does not tell")
    wanted = dict(line.split() for line in facts.lines("hashes"))
    # The database does not start anew for a password that it reads once only. Of a service with an env_file Compose makes
    # another sum when it starts it than when it is asked for the sum: run-release looks at those.
    own = {name for name, each in facts.services.items() if each.get("env_file")} | {"db"}
    old = [name_of(each) for each in facts.running if each["service"] not in own and wanted.get(each["service"]) not in (None, each["hash"])]
    return judged((f"{name} runs with other settings" for name in old), f"{len(facts.running)} containers")


@check("run-release", "Every container of the app runs the release in .env.production", "checklist: Rebuild and redeploy containers", "scripts/deploy.sh, or scripts/rollback.sh", "medium", live=NO_CONTAINERS)
def run_release(facts: Facts):
    tag = facts.table("settings").get("APP_TAG", "")
    other = [f"{name_of(each)} runs {each['image']}" for each in facts.running if each["service"] in facts.expected("app-services").split() and not each["image"].endswith(f":{tag}")]
    return judged(other, tag) if tag else skipped("there is no release yet")


@check("run-image-age", "No image that runs is older than 180 days", "checklist: Update to latest base images with security patches; CIS Docker 4.4", "docker compose pull, scripts/deploy.sh", "medium", live="images")
def run_image_age(facts: Facts):
    old = []
    for line in facts.all_lines("images"):
        name, created = line.split(" ", 1)
        # A build that can be repeated has no date: 1970, or 1980.
        if facts.age_in_days(created) > 180 and created[:4] > "2000":
            old.append(f"{name}: {created[:10]}")
    return judged(old, f"{len(facts.lines('images'))} images")
