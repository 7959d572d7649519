"""The configuration of nginx: what it serves, to whom, over which TLS, and what it keeps from clients and from the app."""

from __future__ import annotations

import re
from typing import List, Tuple

import nginx
from check import broken, check, judged, kept, skipped
from facts import Facts

NO_EDGE = "edge: there is no nginx.conf"
FIX = "yo comicpile:nginx"
AEAD = re.compile(r"^(TLS_|ECDHE-|DHE-).*(GCM|CHACHA20)")


def public(facts: Facts) -> List[Tuple[nginx.Directive, tuple]]:
    """The servers that clients reach, with the blocks around them."""
    return [(server, above) for server, above in nginx.servers(facts.edge) if not nginx.is_inside(server)]


def over_tls(facts: Facts) -> List[Tuple[nginx.Directive, tuple]]:
    return [(server, above) for server, above in public(facts) if nginx.is_tls(server)]


def serving(facts: Facts) -> List[Tuple[nginx.Directive, tuple]]:
    """Those over TLS that have a name of ours."""
    return [(server, above) for server, above in over_tls(facts) if not nginx.is_default(server)] or over_tls(facts)


def early(facts: Facts) -> List[nginx.Directive]:
    """What answers before the limits count: `return` and `rewrite`, but in a named location, or with an error that leads to a path."""
    found = []
    for server, above in serving(facts):
        for each, inside in nginx.walk(server.block or [], (*above, server)):
            if any(block.name == "location" and block.words[:1] and block.words[0].startswith("@") for block in inside):
                continue
            pages = nginx.inherited(inside, facts.edge, "error_page")
            counted = {"444", *(code for page in pages if page.words[-1].startswith(("/", "$")) for code in page.words[:-1])}
            if each.name == "return" and (len(each.words) > 1 or not set(each.words) <= counted):
                found.append(each)
            elif each.name == "rewrite" and each.words[-1] in ("redirect", "permanent"):
                found.append(each)
    return found


def values_of(facts: Facts, printed: str) -> List[str]:
    """A value as it stands there, or all that a map may make of it, less what nginx leaves out for being empty."""
    if not printed.startswith("$"):
        return [printed]
    rows = [row for each in nginx.named(facts.edge, "map") if each.words[1:] == [printed] for row in each.block or []]
    return [value for row in rows for value in row.words if value and not value.startswith("$")]


def value_of(facts: Facts, name: str) -> List[str]:
    return [str(each) for each in nginx.named(facts.edge, name)]


@check("edge-valid", "nginx accepts its configuration (nginx -t in the pinned image)", "checklist: Nginx Configuration", "mend what it names", needs="nginx-test.rc: Docker is not here, or has not the image")
def edge_valid(facts: Facts):
    if facts.code("nginx-test") == 0:
        return kept("nginx -t")
    said = [line for line in facts.lines("nginx-test.err") if "[emerg]" in line] or facts.lines("nginx-test.err")[-2:]
    return broken(" ".join(said)[-300:])


@check("edge-names", "nginx serves exactly the names of the site (server_name)", "checklist: Update nginx.conf server_name", "yo comicpile with the names", needs=NO_EDGE)
def edge_names(facts: Facts):
    served = {word for server, _ in over_tls(facts) for each in nginx.direct(server.block, "server_name") for word in each.words}
    wanted = facts.expected("names").split()
    placeholders = served & {"yourdomain.com", "example.com", "www.yourdomain.com", "_", "localhost"} - set(wanted)
    problems = [f"{name} is not served" for name in wanted if name not in served]
    if not wanted and (not served or served == placeholders):
        problems.append("no server has a name of yours: " + (" ".join(sorted(served)) or "none at all"))
    return judged(problems, " ".join(sorted(served)))


@check("edge-env-domain", "DOMAIN in .env.production is a name that nginx serves", "checklist: Before deploying", "correct it in .env.production", needs="env: there is no .env.production here; look on the server")
def edge_env_domain(facts: Facts):
    domain = facts.table("settings").get("DOMAIN", "")
    return kept(domain) if domain in facts.expected("names").split() else broken(f"{domain or 'no DOMAIN'} is none of {facts.expected('names')}")


@check("edge-unknown", "A name that is not ours gets no page", "CIS NGINX 2.4.2; cache poisoning by a forged Host", "a default_server that returns 444 or 421", needs=NO_EDGE)
def edge_unknown(facts: Facts):
    ports = sorted({each.words[0].rsplit(":", 1)[-1] for server, _ in public(facts) for each in nginx.direct(server.block, "listen") if each.words})
    problems = []
    for port in ports:
        refusing = [
            server
            for server, _ in public(facts)
            for each in nginx.direct(server.block, "listen")
            if each.words and each.words[0].rsplit(":", 1)[-1] == port and "default_server" in each.words
            if any(word in ("444", "421", "400", "403", "404") for found in nginx.named(server.block or [], "return") for word in found.words)
            or any(found.words == ["on"] for found in nginx.direct(server.block, "ssl_reject_handshake"))
        ]
        if not refusing:
            problems.append(f"on port {port} any name gets the first site")
    return judged(problems, f"ports {' '.join(ports)}")


@check("edge-redirect", "The redirect to HTTPS goes to a fixed name", "checklist: SSL/TLS encryption for all traffic; CWE-601", "return 301 https://your.name$request_uri", needs=NO_EDGE)
def edge_redirect(facts: Facts):
    plain = [server for server, _ in public(facts) if not nginx.is_tls(server)]
    returns = [each for server in plain for each in nginx.named(server.block or [], "return") + nginx.named(server.block or [], "rewrite")]
    bad = [f"{each.where}: {each}" for each in returns if re.search(r"https?://\$(http_)?host", str(each))]
    if not bad and not any("https://" in str(each) for each in returns):
        bad = ["port 80 does not lead to HTTPS"]
    return judged(bad, "; ".join(str(each) for each in returns if "https://" in str(each))[:120])


@check("edge-tls", "TLS 1.2 and 1.3 only", "checklist: Nginx Configuration; Mozilla Server Side TLS; RFC 8996", "ssl_protocols TLSv1.2 TLSv1.3;", needs=NO_EDGE)
def edge_tls(facts: Facts):
    found = nginx.named(facts.edge, "ssl_protocols")
    bad = [f"{each.where}: {each}" for each in found if not set(each.words) <= {"TLSv1.2", "TLSv1.3"}]
    return judged(bad, str(found[0])) if found else broken("no ssl_protocols")


@check("edge-ciphers", "Only ciphers with forward secrecy and authenticated encryption", "checklist: Nginx Configuration; Mozilla Server Side TLS, intermediate", "ssl_ciphers of nginx/snippets/tls.conf", needs=NO_EDGE)
def edge_ciphers(facts: Facts):
    if all(set(each.words) == {"TLSv1.3"} for each in nginx.named(facts.edge, "ssl_protocols")):
        return kept("TLS 1.3 has no others")
    found = nginx.named(facts.edge, "ssl_ciphers")
    weak = sorted({name for each in found for name in ":".join(each.words).split(":") if not AEAD.match(name)})
    return judged((f"{name}" for name in weak), f"{len(':'.join(found[0].words).split(':'))} ciphers") if found else broken("no ssl_ciphers: OpenSSL's own list")


@check("edge-cipher-order", "The client chooses among the ciphers", "checklist: ssl_prefer_server_ciphers off; Mozilla Server Side TLS", "ssl_prefer_server_ciphers off;", "low", needs=NO_EDGE)
def edge_cipher_order(facts: Facts):
    on = [f"{each.where}: {each}" for each in nginx.named(facts.edge, "ssl_prefer_server_ciphers") if each.words == ["on"]]
    return judged(on, "off")


@check("edge-tickets", "Session tickets do not weaken forward secrecy", "Mozilla Server Side TLS", "ssl_session_tickets off;", "medium", needs=NO_EDGE)
def edge_tickets(facts: Facts):
    return judged([] if value_of(facts, "ssl_session_tickets") == ["ssl_session_tickets off"] else ["ssl_session_tickets is not off"], "off")


def header_check(id: str, header: str, fits: str, promise: str, source: str, severity: str = "medium") -> None:
    """Every server over TLS sends that header, with errors too (`always`), with a value that fits."""

    @check(id, promise, source, f"nginx/snippets/security-headers.conf: add_header {header} … always;", severity, needs=NO_EDGE)
    def judge(facts: Facts):
        problems = []
        seen = ""
        for server, above in serving(facts):
            found = [each for each in nginx.inherited((*above, server), facts.edge, "add_header") if each.words[:1] and each.words[0].lower() == header.lower()]
            if not found:
                problems.append(f"{server.where}: none")
            for each in found:
                if each.words[-1] != "always":
                    problems.append(f"{each.where}: not with errors (always)")
                for value in values_of(facts, each.words[1]) if len(each.words) > 1 else [""]:
                    seen = value
                    if not re.search(fits, value):
                        problems.append(f"{each.where}: {value}")
        if not serving(facts):
            problems.append("there is no server over TLS")
        return judged(problems, seen[:100])


header_check("edge-hsts", "Strict-Transport-Security", r"max-age=(3153[6-9]|315[4-9]|3[2-9]|[4-9])\d+|max-age=\d{9,}", "Browsers keep to HTTPS for a year and more", "checklist: HSTS; RFC 6797; OWASP Secure Headers", "high")
header_check("edge-frame", "X-Frame-Options", r"^(SAMEORIGIN|DENY)\b", "No foreign page may frame the site", "checklist: X-Frame-Options; OWASP Secure Headers")
header_check("edge-nosniff", "X-Content-Type-Options", r"^nosniff\b", "Browsers do not guess types", "checklist: X-Content-Type-Options; OWASP Secure Headers")
header_check("edge-xss", "X-XSS-Protection", r"^(0|1; mode=block)\b", "Old browsers' XSS filter does not leak", "checklist: X-XSS-Protection", "low")
header_check("edge-referrer", "Referrer-Policy", r"^(no-referrer|same-origin|strict-origin(-when-cross-origin)?|no-referrer-when-downgrade)\b", "Addresses of pages stay with the site", "checklist: Referrer-Policy; OWASP Secure Headers", "low")
header_check("edge-permissions", "Permissions-Policy", r"=", "Pages have no camera, no microphone and no location by default", "OWASP Secure Headers", "low")


@check("edge-csp", "There is a Content-Security-Policy", "OWASP Secure Headers; CWE-79", "yo comicpile --csp server-rendered", "medium", needs=NO_EDGE)
def edge_csp(facts: Facts):
    problems = []
    for server, above in serving(facts):
        found = [each for each in nginx.inherited((*above, server), facts.edge, "add_header") if each.words[:1] and each.words[0].lower() == "content-security-policy"]
        if not found or found[0].words[-1] != "always":
            problems.append(f"{server.where}: none, or not with errors (always)")
        elif "'unsafe-eval'" in str(found[0]) or re.search(r"(default|script)-src[^;]* \*( |;|$)", str(found[0])):
            problems.append(f"{found[0].where}: it lets scripts from everywhere run")
    return judged(problems, f"{len(serving(facts))} servers")


@check("edge-headers-kept", "No location loses the security headers", "one add_header in a location drops all inherited ones; gixy", "a map instead of an add_header in a location", needs=NO_EDGE)
def edge_headers_kept(facts: Facts):
    lost = []
    for each, above in nginx.walk(facts.edge):
        if each.name == "add_header" and above and above[-1].name in ("location", "if"):
            here = {found.words[0].lower() for found in nginx.direct(above[-1].block, "add_header")}
            if "strict-transport-security" not in here and any(block.name == "server" for block in above):
                lost.append(f"{each.where}: {each.words[0]}")
    return judged(lost, "no location has one of its own")


@check("edge-version", "nginx does not tell its version", "CIS NGINX 2.5.1", "server_tokens off;", "low", needs=NO_EDGE)
def edge_version(facts: Facts):
    return judged([] if value_of(facts, "server_tokens")[:1] == ["server_tokens off"] else ["server_tokens is not off"], "server_tokens off")


@check("edge-limit-zones", "Rate limits have a zone with a rate", "checklist: Rate limiting on API; CIS NGINX 5.2.5", "limit_req_zone … zone=api:10m rate=10r/s;", needs=NO_EDGE)
def edge_limit_zones(facts: Facts):
    zones = nginx.named(facts.edge, "limit_req_zone")
    bad = [f"{each.where}: no rate" for each in zones if "rate=" not in str(each)]
    return judged(bad, "; ".join(" ".join(each.words[-2:]) for each in zones)) if zones else broken("no limit_req_zone")


@check("edge-limit-all", "Every path has a rate limit", "checklist: Rate limits defined per endpoint", "limit_req at http level; a `return` in a named location, behind try_files", needs=NO_EDGE)
def edge_limit_all(facts: Facts):
    bare = [server.where for server, above in serving(facts) if not nginx.inherited((*above, server), facts.edge, "limit_req")]
    problems = [f"{where}: only some locations, or none" for where in bare]
    problems += [f"{each.where}: `{each}` answers before any limit" for each in early(facts)]
    return judged(problems, "limit_req holds for the whole server")


@check("edge-limit-login", "Logins have a stricter limit than other paths", "checklist: Rate limits defined per endpoint; OWASP ASVS 6.3.1; CWE-307", "a second zone: yo comicpile --login-rate-limit 10r/m", needs=NO_EDGE)
def edge_limit_login(facts: Facts):
    rates = [match for each in nginx.named(facts.edge, "limit_req_zone") for match in [re.search(r"rate=(\d+)r/([sm])", str(each))] if match]
    per_minute = sorted({int(match.group(1)) * (60 if match.group(2) == "s" else 1) for match in rates})
    return kept(f"from {per_minute[0]} to {per_minute[-1]} a minute") if len(per_minute) > 1 else broken("there is one rate for all")


@check("edge-limit-status", "A refused request gets 429", "RFC 6585", "limit_req_status 429;", "low", needs=NO_EDGE)
def edge_limit_status(facts: Facts):
    found = value_of(facts, "limit_req_status")
    return judged([] if found and set(found) == {"limit_req_status 429"} else [found[0] if found else "503, which reads as an outage"], "429")


@check("edge-limit-enforced", "Rate limits are enforced", "checklist: Rate limiting on API", "yo comicpile --rate-limit-mode enforce", "medium", needs=NO_EDGE)
def edge_limit_enforced(facts: Facts):
    trial = [each.where for each in nginx.named(facts.edge, "limit_req_dry_run") if each.words == ["on"]]
    if trial and facts.expected("dry-run") == "yes":
        return skipped("they are on trial, as you asked for: yo comicpile --rate-limit-mode enforce")
    return judged((f"{where}: on trial" for where in trial), "no dry run")


@check("edge-connections", "A client has a limit of connections", "CIS NGINX 5.2.4", "limit_conn addr 100;", "medium", needs=NO_EDGE)
def edge_connections(facts: Facts):
    found = value_of(facts, "limit_conn")
    return kept(found[0]) if found else broken("no limit_conn")


@check("edge-forwarded", "What a client claims of its address is replaced", "CWE-348; OWASP ASVS 4.1.3", "proxy_set_header X-Forwarded-For $remote_addr;", needs=NO_EDGE)
def edge_forwarded(facts: Facts):
    found = [each for each in nginx.named(facts.edge, "proxy_set_header") if each.words[:1] and each.words[0].lower() == "x-forwarded-for"]
    bad = [f"{each.where}: {each.words[-1]}" for each in found if "proxy_add_x_forwarded_for" in each.words[-1] or "http_x_forwarded_for" in each.words[-1]]
    return judged(bad, str(found[0])) if found else broken("X-Forwarded-For goes to the app as the client sent it")


@check("edge-health", "The health that the public sees is the app's", "nginx answered healthy with the app dead", "proxy_pass to the app", needs=NO_EDGE)
def edge_health(facts: Facts):
    path = facts.expected("health") or "/health"
    bad = []
    for server, _ in public(facts):
        for each, above in nginx.walk(server.block or []):
            if each.name == "return" and each.words[:1] == ["200"] and any(block.name == "location" and path in block.words for block in above):
                bad.append(f"{each.where}: {each}")
    return judged(bad, f"{path} goes to the app")


@check("edge-upgrade", "Only WebSockets may upgrade a connection", "CWE-444: h2c smuggling", "a map of $http_upgrade", "medium", needs=NO_EDGE)
def edge_upgrade(facts: Facts):
    bad = [f"{each.where}: {each}" for each in nginx.named(facts.edge, "proxy_set_header") if [word.lower() for word in each.words] == ["connection", "upgrade"] or each.words[:1] == ["Upgrade"] and each.words[-1] == "$http_upgrade"]
    return judged(bad, "through a map")


@check("edge-http2", "HTTP/2 is on, in today's syntax", "`listen … http2` goes away", "http2 on;", "low", needs=NO_EDGE)
def edge_http2(facts: Facts):
    old = [each.where for each in nginx.named(facts.edge, "listen") if "http2" in each.words]
    off = [server.where for server, above in serving(facts) if not any(each.words == ["on"] for each in nginx.inherited((*above, server), facts.edge, "http2"))]
    return judged([f"{where}: in the listen line" for where in old] or [f"{where}: off" for where in off], "http2 on")


@check("edge-timeouts", "Slow clients do not hold connections", "CIS NGINX 2.4.3, 5.2.1", "client_header_timeout and client_body_timeout of 10s", "medium", needs=NO_EDGE)
def edge_timeouts(facts: Facts):
    names = ("client_header_timeout", "client_body_timeout", "send_timeout")
    return judged((f"no {name}" for name in names if not value_of(facts, name)), "; ".join(value for name in names for value in value_of(facts, name)[:1]))


@check("edge-app-timeouts", "A slow app does not hold connections for ever", "experience: what a hand-written setup got wrong", "proxy_connect_timeout, proxy_read_timeout, proxy_send_timeout", "low", needs=NO_EDGE)
def edge_app_timeouts(facts: Facts):
    names = ("proxy_connect_timeout", "proxy_read_timeout", "proxy_send_timeout")
    return judged((f"no {name}" for name in names if not value_of(facts, name)), "; ".join(value for name in names for value in value_of(facts, name)[:1]))


@check("edge-body", "The size of a request body is limited", "CIS NGINX 5.2.2", "client_max_body_size 10m;", "medium", needs=NO_EDGE)
def edge_body(facts: Facts):
    found = value_of(facts, "client_max_body_size")
    return judged((each for each in found if each.endswith(" 0")), found[0]) if found else broken("no client_max_body_size")


@check("edge-acme", "The certificate can be renewed while nginx runs", "checklist: Obtain certificates using Certbot", "location ^~ /.well-known/acme-challenge/ on port 80", needs=NO_EDGE)
def edge_acme(facts: Facts):
    # That of names which are not served is for certificates to come.
    ours = [server for server, _ in public(facts) if not nginx.is_tls(server) and not any("default_server" in each.words for each in nginx.named(server.block or [], "listen"))]
    found = [each for server in ours for each in nginx.named(server.block or [], "location") if any("acme-challenge" in word for word in each.words)]
    return kept(found[0].where) if found else broken("port 80 has no place for the challenges of a CA")


@check("edge-docs", "The description of the API is closed", "OWASP API9", "yo comicpile --api-docs closed", "medium", needs=NO_EDGE)
def edge_docs(facts: Facts):
    if facts.expected("api-docs") == "open":
        return skipped("it is open, as you asked for: yo comicpile --api-docs closed")
    found = [each for each in nginx.named(facts.edge, "location") if any("openapi" in word for word in each.words) and any(word in ("404", "403") for found in nginx.named(each.block or [], "return") for word in found.words)]
    return kept(found[0].where) if found else broken("/docs and /openapi.json go to the app")


@check("edge-dotfiles", "Files that begin with a dot are closed", "CIS NGINX 2.5.3; CWE-538", "location ~ /\\. { return 404; }", "medium", needs=NO_EDGE)
def edge_dotfiles(facts: Facts):
    found = [each for each in nginx.named(facts.edge, "location") if each.words[:1] in (["~"], ["~*"]) and re.search(r"(^|[^A-Za-z0-9])\\\.", each.words[-1]) and any(found.name in ("return", "deny") for found in each.block or [])]
    return kept(found[0].where) if found else broken("/.git and /.env are asked for like any file")


@check("edge-log", "Each request is logged as JSON, without what may hold a token", "checklist: Monitor container logs; OWASP Logging; CWE-532", "nginx/snippets/logging.conf", "medium", needs=NO_EDGE)
def edge_log(facts: Facts):
    formats = nginx.named(facts.edge, "log_format")
    problems = [] if any("escape=json" in each.words for each in formats) else ["no log_format with escape=json"]
    problems += [f"{each.where}: {name}" for each in formats for name in re.findall(r"\$(?:request(?![_\w])|request_uri|args|query_string|http_referer|http_authorization|http_cookie)\b", " ".join(each.words))]
    off = [each.where for server, _ in serving(facts) for each in nginx.named(server.block or [], "access_log") if each.words == ["off"]]
    return judged(problems + [f"{where}: a part is not logged" for where in off], formats[0].where if formats else "")


@check("edge-cache", "No line of the cache is without effect", "experience: what a hand-written setup got wrong", "take proxy_cache_valid out, or name a proxy_cache", "low", needs=NO_EDGE)
def edge_cache(facts: Facts):
    idle = nginx.named(facts.edge, "proxy_cache_valid") if not nginx.named(facts.edge, "proxy_cache") else []
    return judged((each.where for each in idle), "none")


@check("edge-resolve", "nginx finds the app again after each restart", "experience: what a hand-written setup got wrong", "zone in the upstream, resolve at the server", "medium", needs=NO_EDGE)
def edge_resolve(facts: Facts):
    problems = []
    for upstream in nginx.named(facts.edge, "upstream"):
        resolves = any("resolve" in each.words for each in nginx.direct(upstream.block, "server"))
        if resolves and not nginx.direct(upstream.block, "zone"):
            problems.append(f"{upstream.where}: resolve without a zone")
        elif not resolves and any(re.match(r"[a-z]", each.words[0]) and not each.words[0].startswith("unix:") for each in nginx.direct(upstream.block, "server")):
            problems.append(f"{upstream.where}: a name is looked up once")
    return judged(problems, f"{len(nginx.named(facts.edge, 'upstream'))} upstreams")


@check("edge-listing", "nginx lists no folder", "CIS NGINX 2.5.2; CWE-548", "take autoindex out", "medium", needs=NO_EDGE)
def edge_listing(facts: Facts):
    return judged((each.where for each in nginx.named(facts.edge, "autoindex") if each.words == ["on"]), "no autoindex")
