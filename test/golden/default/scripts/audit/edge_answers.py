"""The site as a client sees it, asked through the published ports of this machine."""

from __future__ import annotations

import re

from check import broken, check, judged, kept, skipped
from facts import Facts

NO_ANSWER = "probe/health"


def headers(facts: Facts, probe: str) -> dict:
    """Of the last answer; a name that comes twice has both values."""
    found: dict = {}
    for line in facts.text(f"probe/{probe}").split("\n"):
        if line.startswith("HTTP/"):
            found = {}
        name, colon, value = line.partition(":")
        if colon and not line.startswith("HTTP/"):
            found[name.strip().lower()] = (found.get(name.strip().lower(), "") + " " + value.strip()).strip()
    return found


def status(facts: Facts, probe: str) -> str:
    """Nothing where there was no answer at all."""
    found = re.findall(r"^HTTP/\S+ (\d+)", facts.text(f"probe/{probe}"), re.M)
    return found[-1] if found else ""


@check("out-health", "The app answers its health check through nginx, with a certificate that fits", "checklist: Test health checks locally", "docker compose logs app nginx", live=NO_ANSWER)
def out_health(facts: Facts):
    if facts.code("probe/health") != 0:
        return broken(facts.text("probe/health.err").strip()[-200:] or "no answer")
    code = status(facts, "health")
    return kept(code) if code[:1] in ("2", "3") or (facts.expected("health") == "" and code[:1] == "4") else broken(f"status {code}")


@check("out-redirect", "HTTP leads to HTTPS, by a fixed name", "checklist: SSL/TLS encryption for all traffic", "yo comicpile:nginx", live=NO_ANSWER)
def out_redirect(facts: Facts):
    code, location = status(facts, "http"), headers(facts, "http").get("location", "")
    good = code in ("301", "308") and re.match(rf"https://({'|'.join(map(re.escape, facts.expected('names').split()))})/", location)
    return kept(location) if good else broken(f"status {code or 'none'}, location {location or 'none'}")


@check("out-headers", "Every security header is sent, each once", "checklist: Security headers in Nginx; OWASP Secure Headers", "yo comicpile:nginx", live=NO_ANSWER)
def out_headers(facts: Facts):
    sent = headers(facts, "health")
    return judged((f"no {name}" for name in facts.expected("headers").split() if name.lower() not in sent), f"{len(facts.expected('headers').split())} headers")


@check("out-headers-errors", "Errors carry the security headers too", "OWASP Secure Headers", "always at the end of add_header", live=NO_ANSWER)
def out_headers_errors(facts: Facts):
    if status(facts, "closed")[:1] != "4":
        return skipped(f"the path that was to be refused got {status(facts, 'closed') or 'no answer'}")
    sent = headers(facts, "closed")
    return judged((f"no {name}" for name in facts.expected("headers").split() if name.lower() not in sent), f"with status {status(facts, 'closed')}")


@check("out-version", "No answer tells the version of nginx or of the app's server", "CIS NGINX 2.5.1", "server_tokens off; proxy_hide_header", "low", live=NO_ANSWER)
def out_version(facts: Facts):
    said = [f"{name}: {value}" for probe in ("health", "closed") for name, value in headers(facts, probe).items() if (name == "server" and re.search(r"\d|uvicorn|gunicorn", value)) or name in ("x-powered-by", "x-aspnet-version")]
    return judged(sorted(set(said)), headers(facts, "health").get("server", "no Server"))


@check("out-forged-host", "A request with a foreign Host gets no page and no redirect", "CWE-601, CWE-644", "nginx/sites/unknown-names.conf", live=NO_ANSWER)
def out_forged_host(facts: Facts):
    problems = [f"{probe}: status {status(facts, probe)}" for probe in ("forged", "forged-http") if status(facts, probe)[:1] in ("2", "3")]
    return judged(problems, f"status {status(facts, 'forged') or 'none'} over TLS, {status(facts, 'forged-http') or 'none'} without")


@check("out-dotfiles", "/.env and /.git are not given out", "CWE-538; OWASP A05", "nginx/snippets/closed-paths.conf", live=NO_ANSWER)
def out_dotfiles(facts: Facts):
    return judged((f"/{path} got {status(facts, probe)}" for probe, path in (("closed", ".env"), ("git", ".git/config")) if status(facts, probe)[:1] == "2"), "both refused")


@check("out-docs", "The description of the API is not given out", "OWASP API9", "yo comicpile --api-docs closed", "medium", live=NO_ANSWER)
def out_docs(facts: Facts):
    if facts.expected("api-docs") == "open":
        return skipped("it is open, as you asked for")
    return judged((f"{path} got {status(facts, path)}" for path in ("docs", "openapi.json") if status(facts, path)[:1] == "2"), "refused")


@check("out-old-tls", "TLS 1.0 and 1.1 are refused", "RFC 8996; checklist: ssl_protocols TLSv1.2 TLSv1.3", "nginx/snippets/tls.conf", live=NO_ANSWER)
def out_old_tls(facts: Facts):
    # curl: 35 the handshake failed, 4 and 59 it cannot offer that itself.
    code = facts.code("probe/old-tls")
    if code in (2, 4, 59) or re.search(r"no protocols available|not built|unsupported", facts.text("probe/old-tls.err")):
        return skipped("this curl has no TLS 1.1 itself: by hand, e.g. by https://www.ssllabs.com/ssltest/")
    return kept("refused") if code == 35 else broken("a handshake with TLS 1.1 went well" if code == 0 else f"curl ended with {code}")


@check("out-weak-ciphers", "A client that knows only old ciphers (CBC, no forward secrecy) is refused", "Mozilla Server Side TLS", "nginx/snippets/tls.conf", live=NO_ANSWER)
def out_weak_ciphers(facts: Facts):
    code = facts.code("probe/weak-ciphers")
    if code in (2, 4, 59):
        return skipped("this curl has no such ciphers itself")
    return kept("refused") if code == 35 else broken("a handshake with AES128-SHA or the like went well" if code == 0 else f"curl ended with {code}")


@check("out-limits", "A client that sends too much gets 429", "checklist: Rate limiting on API; CWE-770", "nginx/snippets/rate-limits.conf", live="probe/burst")
def out_limits(facts: Facts):
    codes = facts.lines("probe/burst")
    refused = codes.count("429")
    if facts.expected("dry-run") == "yes":
        return skipped("they are on trial, as you asked for")
    if facts.expected("exempt") == "yes" and not refused:
        return skipped("networks are exempt, this machine perhaps too: by hand")
    return kept(f"{refused} of {len(codes)}") if refused else broken(f"none of {len(codes)} requests at once was refused")


@check("out-security-txt", "/.well-known/security.txt says where to report a weakness, and has not expired", "RFC 9116", "yo comicpile --security-contact", "low", live=NO_ANSWER)
def out_security_txt(facts: Facts):
    body = facts.text("probe/security-txt")
    if facts.expected("security-txt") != "yes":
        return skipped("there is none: yo comicpile --security-contact you@example.com")
    expires = re.search(r"^Expires:\s*(\S+)", body, re.M)
    if not re.search(r"^Contact:", body, re.M) or expires is None:
        return broken("it is not served, or has no Contact or no Expires")
    days = -facts.age_in_days(expires.group(1))
    return kept(f"for {days:.0f} days more") if days > 0 else broken(f"expired at {expires.group(1)}")
