"""The image of the app: what it is built on, what gets into it, and as whom it runs."""

from __future__ import annotations

import re

import build_file
from check import broken, check, judged, kept
from facts import Facts

NO_DOCKERFILE = "dockerfile: there is no file to build an image from"
FIX = "yo comicpile:docker"


@check("image-user", "The image runs as a user without rights", "CIS Docker 4.1; checklist: Non-root user", "USER 10001:10001 as the last USER of the build file", needs=NO_DOCKERFILE)
def image_user(facts: Facts):
    user = build_file.inherited(facts.stages, facts.stages[-1], "USER")
    return kept(f"USER {user}") if re.match(r"[1-9][0-9]*(:[1-9][0-9]*)?$", user) else broken(f"USER {user}: not by number" if user else "no USER: root")


@check("image-stages", "The image is built in stages", "checklist: Multi-stage build; CIS Docker 4.3", FIX, "medium", needs=NO_DOCKERFILE)
def image_stages(facts: Facts):
    count = len(facts.stages)
    return kept(f"{count} stages") if count > 1 else broken("one stage: compilers and installers stay in it")


@check("image-slim", "The base image is a slim one", "checklist: Minimal base image (slim); CIS Docker 4.2", "FROM python:X.Y-slim", "medium", needs=NO_DOCKERFILE)
def image_slim(facts: Facts):
    stage = facts.stages[-1]
    names = {each.name: each for each in facts.stages if each.name}
    while stage.image in names and names[stage.image] is not stage:
        stage = names[stage.image]
    return kept(stage.image) if re.search(r"slim|alpine|distroless|chainguard", stage.image) else broken(stage.image)


@check("image-version", "Every base image has a version", "CIS Docker 4.2; OWASP Docker rule 7", "name a version, not latest", "medium", needs=NO_DOCKERFILE)
def image_version(facts: Facts):
    images = build_file.external(facts.stages)
    floating = [image for image in images if "@sha256:" not in image and "$" not in image and (":" not in image.split("/")[-1] or image.endswith(":latest"))]
    return judged(floating, " ".join(images))


@check("image-health", "The image has a health check", "CIS Docker 4.6; checklist: Health checks on all containers", FIX, "medium", needs=NO_DOCKERFILE)
def image_health(facts: Facts):
    health = build_file.inherited(facts.stages, facts.stages[-1], "HEALTHCHECK")
    return broken("no HEALTHCHECK") if health in ("", "NONE") else kept(health[:80])


@check("image-copies", "The image holds what the app needs, not the whole folder", "CIS Docker 4.9; OWASP Docker rule 9", "COPY each folder by its name", needs=NO_DOCKERFILE)
def image_copies(facts: Facts):
    whole = [text for text in facts.stages[-1].of("COPY") + facts.stages[-1].of("ADD") if re.match(r"(?:--(?!from)\S+ )*\./? ", text + " ")]
    return judged((f"COPY {text}" for text in whole), f"{len(facts.stages[-1].of('COPY'))} lines of COPY, each by name")


@check("image-secrets", "No secret is written into the image", "CIS Docker 4.10; CWE-522", "give it at run time, or as a build secret (RUN --mount=type=secret)", needs=NO_DOCKERFILE)
def image_secrets(facts: Facts):
    pattern = re.compile(r"\b(\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)\w*)\b(?:[= ]\s*\S|$)", re.I)
    found = [match.group(1) for stage in facts.stages for text in stage.of("ENV") + stage.of("ARG") for match in [pattern.search(text)] if match]
    return judged((f"{name} in ENV or ARG" for name in found), "no ENV and no ARG is called like one")


@check("image-packages", "System packages leave no lists and no extras behind", "checklist: apt cache cleaned after installation; hadolint DL3009, DL3015", "apt-get install --no-install-recommends … && rm -rf /var/lib/apt/lists/*", "low", needs=NO_DOCKERFILE)
def image_packages(facts: Facts):
    installs = [text for text in facts.stages[-1].of("RUN") if re.search(r"\bapt(-get)? .*install\b", text)]
    bad = [text[:60] for text in installs if "--no-install-recommends" not in text or not ("/var/lib/apt/lists" in text)]
    return judged(bad, f"{len(installs)} installations in the last stage")


@check("image-installer", "Nothing is installed or reloaded when the container starts", "OWASP Docker rule 9; checklist: Multi-stage build", FIX, needs=NO_DOCKERFILE)
def image_installer(facts: Facts):
    text = " ".join(build_file.inherited(facts.stages, facts.stages[-1], name) for name in ("ENTRYPOINT", "CMD"))
    words = re.findall(r"[\w./-]+", text)
    pairs = list(zip(words, words[1:]))
    problems = [f"{one} {other}" for one, other in pairs if (one, other) in (("uv", "run"), ("uv", "sync"), ("poetry", "run"), ("pip", "install"))]
    problems += ["--reload"] if "--reload" in words else []
    problems += ["it starts through a shell, which passes no signal on"] if re.match(r"\s*(\[\s*\"(ba)?sh\", \"-c\"|[^\[\s])", text.strip()) else []
    return judged(problems, text.strip()[:80])


@check("image-code-owner", "The app cannot change its own code", "OWASP Docker rule 8; CIS Docker 5.13", "leave the code to root: no chown, no --chown", needs=NO_DOCKERFILE)
def image_code_owner(facts: Facts):
    last = facts.stages[-1]
    found = [text[:60] for text in last.of("RUN") if re.search(r"\bchown\b", text)] + [text[:60] for text in last.of("COPY") if "--chown" in text and not re.search(r"--chown=(0|root)\b", text)]
    return judged(found, "the code is root's")


@check("image-login", "The user of the app has no login shell", "CIS Docker 4.1", "useradd --shell /usr/sbin/nologin", "low", needs=NO_DOCKERFILE)
def image_login(facts: Facts):
    found = [match.group(0) for text in facts.stages[-1].of("RUN") for match in [re.search(r"--shell[ =]?\s*/(usr/)?bin/(ba|z)?sh|-s /bin/(ba)?sh", text)] if match]
    return judged(found, "none")


@check("image-proxy", "The app believes the address of a client from its proxy only", "checklist: Nginx acts as reverse proxy; CWE-348", FIX, needs=NO_DOCKERFILE)
def image_proxy(facts: Facts):
    text = " ".join(build_file.inherited(facts.stages, facts.stages[-1], name) for name in ("ENTRYPOINT", "CMD"))
    if not re.search(r"uvicorn|serve\.py|gunicorn|hypercorn|granian|daphne", text):
        return kept("the server is not one that is known: by hand")
    allowed = re.search(r"--forwarded-allow-ips[\"',\s=]+([^\"'\s\]]+)", text)
    if allowed is None:
        return broken("the server is told nothing of its proxy: it takes nginx for every client (--proxy-headers --forwarded-allow-ips)")
    return broken("--forwarded-allow-ips *") if allowed.group(1) == "*" else kept(allowed.group(0)[:80])
