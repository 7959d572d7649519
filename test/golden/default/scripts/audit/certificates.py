"""The certificate and its key, as they are in ./ssl."""

from __future__ import annotations

from check import broken, check, judged, kept, skipped
from facts import Facts, count

NO_CERT = "cert: there is no certificate in ssl/: scripts/certs.sh init"
SOURCE = "checklist: Obtain SSL certificates for domain"
WARN_DAYS = 21


@check("cert-there", "There is a certificate, and its key", "checklist: Place certificates in ./ssl/ directory", "scripts/certs.sh init, then issue", live="live")
def cert_there(facts: Facts):
    return kept("ssl/fullchain.pem, ssl/privkey.pem") if facts.has("cert") else broken("ssl/fullchain.pem or ssl/privkey.pem is missing or cannot be read")


@check("cert-names", "The certificate is for every name of the site", SOURCE, "scripts/certs.sh issue --production", needs=NO_CERT)
def cert_names(facts: Facts):
    return judged((f"not for {name}" for name in facts.lines("cert-missing-names")), facts.table("cert").get("names", ""))


@check("cert-key", "The key belongs to the certificate", SOURCE, "scripts/certs.sh init mends an interrupted installation", needs=NO_CERT)
def cert_key(facts: Facts):
    return kept("public keys are equal") if facts.table("cert").get("key") == "fits" else broken("it belongs to another one")


@check("cert-chain", "Each certificate of the chain is signed by the next", "Mozilla Server Side TLS", "scripts/certs.sh install FULLCHAIN KEY with the whole chain", needs=NO_CERT)
def cert_chain(facts: Facts):
    said = facts.table("cert").get("chain", "")
    return kept(said[3:]) if said.startswith("ok ") else broken(said or "it cannot be read")


@check("cert-days", f"The certificate lasts {WARN_DAYS} days and more", "checklist: Monitor SSL certificate expiration", "scripts/certs.sh renew", needs=NO_CERT)
def cert_days(facts: Facts):
    days = count(facts.table("cert").get("days", "0"))
    return kept(f"{days} days") if days >= WARN_DAYS else broken(f"{days} days are left")


@check("cert-strength", "The key and the signature are of today's strength", "Mozilla Server Side TLS; CA/B Forum BR 6.1.5", "scripts/certs.sh issue --production draws a new key", needs=NO_CERT)
def cert_strength(facts: Facts):
    table = facts.table("cert")
    bits = count(table.get("bits") or "0")
    problems = [f"{bits} bits" for minimum in [2048 if bits >= 1000 else 256] if bits < minimum]
    signature = table.get("signature", "")
    problems += [signature] if "sha1" in signature.lower() or "md5" in signature.lower() else []
    return judged(problems, f"{bits} bits, {signature}")


@check("cert-ca", "The certificate is from a CA that browsers know", SOURCE, "scripts/certs.sh issue --production", needs=NO_CERT)
def cert_ca(facts: Facts):
    if facts.table("cert").get("self-signed") != "yes":
        return kept(facts.table("cert").get("issuer", ""))
    return skipped("it is self-signed, which you allow (--allow-self-signed)") if facts.has("allow-self-signed") else broken("it is self-signed")


@check("cert-key-mode", "The key is readable for its owner and nginx only (0640, group 101)", "CIS NGINX 4.1.3", "scripts/deploy.sh sets it", needs=NO_CERT)
def cert_key_mode(facts: Facts):
    mode = facts.table("modes").get("ssl/privkey.pem", "")
    return kept(mode) if mode in ("640 101", "600 101") or mode.startswith("600 ") and not facts.is_ours else broken(f"{mode or 'unknown'} (mode, group)")


@check("cert-served", "nginx serves the certificate that is in ./ssl", SOURCE, "docker compose exec nginx nginx -s reload", live="cert-status.rc")
def cert_served(facts: Facts):
    said = facts.text("cert-status")
    if "served     yes" in said:
        return kept("it is the same")
    return broken((facts.text("cert-status.err").strip() or said.strip())[-200:])


@check("dns", "Every name of the site leads to this machine", "checklist: Update nginx.conf server_name if needed", "correct the A and AAAA records", "medium", live="dns")
def dns(facts: Facts):
    own = set(facts.lines("addresses"))
    problems, absent = [], []
    for name, addresses in facts.table("dns").items():
        found = addresses.split()
        if not found:
            absent.append(name)
        elif facts.expected("behind-proxy") != "yes" and not set(found) & own:
            problems.append(f"{name} leads to {' '.join(found[:3])}")
    if problems:
        # A machine behind a router does not have the address that others see.
        private = all(address.split(".")[0] in ("10", "127", "172", "192") or ":" in address for address in own)
        return skipped(f"{'; '.join(problems)}, and this machine has private addresses only: by hand") if private else broken("; ".join(problems))
    if absent and facts.has("allow-self-signed"):
        return skipped(f"no entry yet for {' '.join(absent)}")
    return judged((f"{name} has no entry" for name in absent), f"{len(facts.table('dns'))} names")
