"""The services of production, as Compose itself reads them, and those of development."""

from __future__ import annotations

import re
from typing import Callable, Iterable, List

from check import broken, check, judged, kept, skipped
from facts import Facts, without_comments

NO_COMPOSE = "compose.json: there is no compose file of production that Compose can read"
FIX = "yo comicpile:compose puts the line back"


def each_service(facts: Facts, rule: Callable[[dict], bool], without: Iterable[str] = ()):
    """Broken by each service that does not keep the rule."""
    looked_at = [name for name in facts.services if name not in set(without)]
    return judged((name for name in looked_at if not rule(facts.services[name])), f"{len(looked_at)} services: {' '.join(looked_at)}")


def networks(facts: Facts, service: str) -> set:
    return set(facts.services.get(service, {}).get("networks") or {"default": None})


def user_of(service: dict) -> str:
    user = str(service.get("user", ""))
    # ${NAME:-1000:1000} is a user of your own, by number.
    default = re.match(r"\$\{\w+:?-(\d+)", user)
    return default.group(1) if default else user.split(":")[0]


def limits(service: dict) -> dict:
    return ((service.get("deploy") or {}).get("resources") or {}).get("limits") or {}


@check("compose-valid", "Compose accepts the files and values of production", "checklist: Before deploying", "mend what it names", needs="compose-valid.rc: Docker Compose is not here, or there is no compose file of production")
def compose_valid(facts: Facts):
    return kept("docker compose config") if facts.code("compose-valid") == 0 else broken(facts.text("compose-valid").strip()[-300:])


@check("compose-required", "Production does not start without a value that it needs", "checklist: Production uses environment variables", "write ${NAME:?} instead of ${NAME}", needs=NO_COMPOSE)
def compose_required(facts: Facts):
    text = without_comments(facts.file(facts.expected("production")))
    bare = sorted(set(re.findall(r"(?<!\$)\$\{?([A-Z_][A-Z0-9_]*)(?:\}|(?![A-Z0-9_:?+-]))", text)))
    # COMPOSE_PROJECT_NAME is Compose's own word for the name of the project.
    return judged((f"{name} may be empty" for name in bare if name != "COMPOSE_PROJECT_NAME"), "each is required or has a default")


@check("svc-published", "Only nginx publishes ports", "checklist: App port 8000 not exposed publicly; CIS Docker 5.8", FIX, needs=NO_COMPOSE)
def svc_published(facts: Facts):
    bad = [name for name, each in facts.services.items() if each.get("ports") and name != "nginx"]
    return judged(bad, "nginx alone") if facts.services.get("nginx", {}).get("ports") else broken("nginx publishes nothing")


@check("svc-db-internal", "The database is on an internal network only", "checklist: PostgreSQL only accessible within Docker network", "internal: true for that network", needs=NO_COMPOSE)
def svc_db_internal(facts: Facts):
    if "db" not in facts.services:
        return skipped("there is no service db")
    configured = facts.production.get("networks") or {}
    bad = [name for name in sorted(networks(facts, "db")) if not (configured.get(name) or {}).get("internal")]
    return judged((f"{name} leads outside" for name in bad), " ".join(sorted(networks(facts, "db"))))


@check("svc-nginx-apart", "nginx and the database share no network", "checklist: Internet → Nginx → App → PostgreSQL; OWASP Docker rule 5", FIX, needs=NO_COMPOSE)
def svc_nginx_apart(facts: Facts):
    return judged(sorted(networks(facts, "db") & networks(facts, "nginx")), "none")


@check("svc-egress", "The app and nginx have no way out that was not asked for", "OWASP Docker rule 5; OWASP SSRF; NIST SP 800-190 4.3.3", "internal: true; --egress internet is the answer that gives the app one", needs=NO_COMPOSE)
def svc_egress(facts: Facts):
    if not facts.is_ours:
        return skipped("by hand: whether the app has to reach anything but its database")
    configured = facts.production.get("networks") or {}
    asked_for = {"egress"} if facts.expected("egress") else set()

    def silent(name: str) -> bool:
        options = (configured.get(name) or {}).get("driver_opts") or {}
        return str(options.get("com.docker.network.bridge.enable_ip_masquerade")) == "false"

    bad = []
    for service in ["nginx", *facts.expected("app-services").split()]:
        for name in sorted(networks(facts, service)):
            # nginx has to be on one that can publish: what it would send of itself keeps an address that no answer finds.
            fine = silent(name) if service == "nginx" else name in asked_for
            if not fine and not (configured.get(name) or {}).get("internal"):
                bad.append(f"{service}: {name} leads outside")
    return judged(bad, "the app has one, as asked for" if asked_for else "none")


@check("svc-user", "Every long-running service has a numeric user, not root", "CIS Docker 4.1; PSS restricted: runAsNonRoot", "user: by number", needs=NO_COMPOSE)
def svc_user(facts: Facts):
    once = [name for name in facts.once if name != "backups"]
    return each_service(facts, lambda each: user_of(each).isdigit() and user_of(each) != "0", once)


@check("svc-read-only", "Every root file system is read-only", "checklist: Read-only file system where possible; CIS Docker 5.13", "read_only: true", needs=NO_COMPOSE)
def svc_read_only(facts: Facts):
    return each_service(facts, lambda each: each.get("read_only") is True)


@check("svc-capabilities", "Every capability is dropped", "CIS Docker 5.4; PSS restricted: capabilities", "cap_drop: [ALL], no cap_add", needs=NO_COMPOSE)
def svc_capabilities(facts: Facts):
    return each_service(facts, lambda each: [str(name).upper() for name in each.get("cap_drop") or []] == ["ALL"] and not each.get("cap_add"))


@check("svc-no-new-privileges", "No process can gain privileges", "CIS Docker 5.26; PSS restricted: allowPrivilegeEscalation", "security_opt: [no-new-privileges:true]", needs=NO_COMPOSE)
def svc_no_new_privileges(facts: Facts):
    return each_service(facts, lambda each: any(re.match(r"no-new-privileges(:true)?$", str(option)) for option in each.get("security_opt") or []))


@check("svc-confined", "No service switches a wall of the engine off", "CIS Docker 5.2, 5.22; PSS baseline: seccomp, AppArmor", "take that line of security_opt out", needs=NO_COMPOSE)
def svc_confined(facts: Facts):
    return each_service(facts, lambda each: not any("unconfined" in str(option) or "disable" in str(option) for option in each.get("security_opt") or []))


@check("svc-privileged", "No service is privileged, shares a namespace of the host or has a device", "CIS Docker 5.5, 5.10, 5.16, 5.17, 5.18; PSS baseline", "take that line out", needs=NO_COMPOSE)
def svc_privileged(facts: Facts):
    return each_service(facts, lambda each: not each.get("privileged") and not each.get("devices") and "host" not in [each.get(key) for key in ("network_mode", "pid", "ipc", "uts", "userns_mode")])


@check("svc-socket", "No service has the Docker socket", "CIS Docker 5.32; OWASP Docker rule 1", "take that volume out", needs=NO_COMPOSE)
def svc_socket(facts: Facts):
    return each_service(facts, lambda each: not any("docker.sock" in str(volume) for volume in each.get("volumes") or []))


@check("svc-mounts", "No service has a folder of the system", "CIS Docker 5.6; PSS baseline: hostPath", "mount a folder of the project, or a volume", needs=NO_COMPOSE)
def svc_mounts(facts: Facts):
    # /proc, /sys and / of a metrics exporter are read-only, and it is on no network that leads outside.
    def system(volume) -> bool:
        source = str(volume.get("source", "")) if isinstance(volume, dict) else str(volume).split(":")[0]
        read_only = isinstance(volume, dict) and volume.get("read_only")
        return bool(re.match(r"/(etc|usr|boot|dev|root|var|home)?(/|$)", source)) and not read_only

    return each_service(facts, lambda each: not any(system(volume) for volume in each.get("volumes") or []))


def limited(id: str, kind: str, promise: str, source: str) -> None:
    @check(id, promise, source, f"deploy.resources.limits.{kind}", "medium", needs=NO_COMPOSE)
    def judge(facts: Facts):
        return each_service(facts, lambda each: bool(limits(each).get(kind)))


limited("svc-memory", "memory", "Every service has a limit of memory", "CIS Docker 5.11; OWASP Docker rule 7")
limited("svc-cpus", "cpus", "Every service has a limit of CPU", "CIS Docker 5.12; OWASP Docker rule 7")
limited("svc-pids", "pids", "Every service has a limit of processes", "CIS Docker 5.29; OWASP Docker rule 7")


@check("svc-logs", "The logs of every service are rotated", "CIS Docker 2.13; moby#27957", "logging.options: max-size, max-file", "medium", needs=NO_COMPOSE)
def svc_logs(facts: Facts):
    return each_service(facts, lambda each: bool(((each.get("logging") or {}).get("options") or {}).get("max-size")))


@check("svc-version", "Every image has a version", "CIS Docker 4.2; OWASP Docker rule 7", "name a version, not latest", "medium", needs=NO_COMPOSE)
def svc_version(facts: Facts):
    def fixed(each: dict) -> bool:
        image = str(each.get("image", ""))
        return "@sha256:" in image or "$" in image or (":" in image.split("/")[-1] and not image.endswith(":latest")) if image else bool(each.get("build"))

    return each_service(facts, lambda each: fixed(each) and not re.match(r"(nginx|postgres|redis):(alpine|slim|stable|mainline)$", str(each.get("image", ""))))


@check("svc-health", "Every long-running service has a health check", "checklist: Health checks on all containers; CIS Docker 5.27", FIX, "medium", needs=NO_COMPOSE)
def svc_health(facts: Facts):
    own = [name for name, each in facts.services.items() if name in facts.once or name in facts.expected("no-health").split()]
    return each_service(facts, lambda each: bool(each.get("healthcheck")) and not each["healthcheck"].get("disable"), own)


@check("svc-restart", "Every long-running service comes back after a crash or a reboot", "CIS Docker 5.15", "restart: unless-stopped", "medium", needs=NO_COMPOSE)
def svc_restart(facts: Facts):
    return each_service(facts, lambda each: str(each.get("restart", "")) in ("unless-stopped", "always") or str(each.get("restart", "")).startswith("on-failure"), facts.once)


@check("svc-order", "What needs another service waits until that is healthy", "checklist: Health checks on all containers", "depends_on with condition: service_healthy", "low", needs=NO_COMPOSE)
def svc_order(facts: Facts):
    checked = {name for name, each in facts.services.items() if each.get("healthcheck") or each.get("build")}
    return each_service(facts, lambda each: all((condition or {}).get("condition") != "service_started" or other not in checked for other, condition in (each.get("depends_on") or {}).items()))


@check("svc-names", "No container has a fixed name: two can run side by side", "experience: what a hand-written setup got wrong", "take container_name out", "low", needs=NO_COMPOSE)
def svc_names(facts: Facts):
    return each_service(facts, lambda each: not each.get("container_name"))


@check("svc-secrets", "No password stands in the compose file of production", "checklist: Secrets in environment variables (not code)", "${NAME:?} and a line in .env.production", needs=NO_COMPOSE)
def svc_secrets(facts: Facts):
    problems: List[str] = []
    for name, each in facts.services.items():
        environment = each.get("environment") or {}
        items = environment.items() if isinstance(environment, dict) else (str(line).partition("=")[::2] for line in environment)
        for key, value in items:
            if re.search(r"PASSWORD|SECRET|TOKEN|API_?KEY", str(key)) and value and "$" not in str(value) and not str(value).startswith("/run/secrets/"):
                problems.append(f"{key} of {name}")
            if re.search(r"://[^:/@\s$]+:[^@\s$]+@", str(value)):
                problems.append(f"{key} of {name} has one in its URL")
    return judged(problems, "every value comes from outside")


@check("svc-superuser", "The app is not given the superuser of the database", "checklist: No direct database exposure; OWASP ASVS 1.4", "a role of its own: db/init/10-roles.sh", needs=NO_COMPOSE)
def svc_superuser(facts: Facts):
    def text(name: str) -> str:
        return str(facts.services.get(name, {}).get("environment") or {})

    if "app" not in facts.services or "db" not in facts.services:
        return skipped("there is no service app, or no db")
    if re.search(r"['\"]?(?:DB_PASSWORD|POSTGRES_PASSWORD)['\"]?: ['\"]?\$\{POSTGRES_PASSWORD|://\$\{POSTGRES_USER", text("app")):
        return broken("the app logs in as the user that the image makes, who is superuser")
    return kept("it has a role of its own")


@check("dev-loopback", "Development publishes on this machine only", "checklist: for local development only; CIS Docker 5.14", '"127.0.0.1:8000:8000"', "medium", needs="compose-dev.json: there is no compose file of development that Compose can read")
def dev_loopback(facts: Facts):
    problems = []
    for name, each in (facts.development.get("services") or {}).items():
        for port in each.get("ports") or []:
            host = port.get("host_ip", "") if isinstance(port, dict) else str(port)
            if not re.match(r"(\$\{\w+:-)?(127\.|\[?::1|localhost)", host):
                problems.append(f"{name}: {port.get('published') if isinstance(port, dict) else port}")
    return judged(problems, "127.0.0.1")


@check("dev-reload", "Development does not ask for workers and reload at once", "uvicorn ignores --workers with --reload", "take one of them out", "low", needs="compose-dev.json: there is no compose file of development that Compose can read")
def dev_reload(facts: Facts):
    def both(each: dict) -> bool:
        command = str(each.get("command") or "")
        return "--reload" in command and "--workers" in command

    return judged((name for name, each in (facts.development.get("services") or {}).items() if both(each)), "no service")
