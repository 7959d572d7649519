"""What comes from elsewhere: images, dependencies, actions; who looks for what is wrong with them, and when somebody last did."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone

import build_file
from check import broken, check, judged, kept, skipped
from facts import DAY, Facts

SCAN_DAYS = 8
REVIEW_DAYS = 92
IMAGE_DAYS = 90
WORKFLOWS = r"^\.github/workflows/[^/]*\.ya?ml$"
GITLAB = r"^\.gitlab-ci\.ya?ml$|^\.gitlab/.*\.ya?ml$"
NO_WORKFLOW = "workflows: there is no workflow of GitHub Actions"


@check("ci", "CI scans images, dependencies and history for what is known to be wrong", "checklist: Run vulnerability scans before deployment; OWASP CICD-SEC-3", "yo comicpile:security --ci github", "medium")
def ci(facts: Facts):
    found = [path for path, text in {**facts.files(WORKFLOWS), **facts.files(GITLAB)}.items() if re.search(r"trivy|grype|gitleaks|scan\.sh|pip-audit|comicpile", text)]
    if not found and facts.expected("ci") == "none":
        return skipped("you have asked for none: by hand")
    return kept(" ".join(found)) if found else broken("no workflow does")


@check("ci-pinned", "Actions are pinned by commit", "OWASP CICD-SEC-3; zizmor unpinned-uses", "uses: owner/action@<40 hexadecimal digits> # version", needs=NO_WORKFLOW)
def ci_pinned(facts: Facts):
    uses = [(path, ref) for path, text in facts.files(WORKFLOWS).items() for ref in re.findall(r"^\s*(?:- )?uses:\s*['\"]?([^\s'\"#]+)", text, re.M)]
    bad = [f"{path}: {ref}" for path, ref in uses if not ref.startswith(("./", "docker://")) and not re.search(r"@[0-9a-f]{40}$", ref)]
    return judged(bad[:8], f"{len(uses)} uses")


@check("ci-permissions", "Workflows have no more rights than they need", "OWASP CICD-SEC-5; zizmor excessive-permissions", "permissions: {} for the workflow, what is needed for the job", "medium", needs=NO_WORKFLOW)
def ci_permissions(facts: Facts):
    found = facts.files(WORKFLOWS)
    bad = [path for path, text in found.items() if not re.search(r"^permissions:", text, re.M) or re.search(r"permissions:\s*write-all", text)]
    return judged(bad, " ".join(found))


@check("updates", "Somebody asks for updates of dependencies and images every week", "checklist: Dependabot; OWASP ASVS 15.1", "yo comicpile:security", "medium")
def updates(facts: Facts):
    found = facts.files(r"^\.github/dependabot\.ya?ml$|^(\.github/|\.gitlab/)?renovate\.json5?$|^\.renovaterc(\.json)?$")
    return kept(" ".join(found)) if found else broken("neither Dependabot nor Renovate is set up")


@check("pre-commit", "A commit with a secret is stopped before it is one", "checklist: git-secrets --scan; OWASP CICD-SEC-6", "yo comicpile:security, then: pre-commit install", "low")
def pre_commit(facts: Facts):
    text = "\n".join(facts.files(r"^\.pre-commit-config\.ya?ml$|^lefthook\.ya?ml$|^\.husky/").values())
    return kept(".pre-commit-config.yaml") if re.search(r"gitleaks|detect-secrets|git-secrets|trufflehog", text) else broken("no hook looks for one")


@check("contact", "The security document says where to report a weakness", "RFC 9116; OWASP ASVS 15.1", "yo comicpile:security --security-contact", "low")
def contact(facts: Facts):
    if facts.is_ours and facts.expected("contact") != "yes":
        return skipped("none is named yet: yo comicpile --security-contact you@example.com")
    text = facts.file(facts.expected("security"))
    section = re.search(r"^#+ [^\n]*report[^\n]*\n(.*?)(?=^#|\Z)", text, re.I | re.M | re.S)
    found = re.search(r"[\w.+-]+@[\w-]+\.\w+|https://[^\s)>]+", section.group(1)) if section else None
    return kept(found.group(0)) if found else broken("it has no section with an address for reports")


@check("images-digest", "Base images are pinned by digest", "CIS Docker 4.2; SLSA; OWASP CICD-SEC-3", "comicpile images update", "low", needs="dockerfile: there is no file to build an image from")
def images_digest(facts: Facts):
    loose = [image for image in build_file.external(facts.stages) if "@sha256:" not in image]
    if loose and not facts.has("tree/.comicpile/images.json"):
        return skipped("by version only: comicpile images update pins them where the registry can be reached")
    return judged(loose, f"{len(build_file.external(facts.stages))} images")


@check("images-age", f"The digests of the base images are younger than {IMAGE_DAYS} days", "checklist: Update to latest base images; CIS Docker 4.4", "comicpile images update, then scripts/deploy.sh", "medium", needs="tree/.comicpile/images.json: they are not pinned by digest: comicpile images update")
def images_age(facts: Facts):
    lock = json.loads(facts.file(".comicpile/images.json"))
    dates = re.findall(r"\d{4}-\d\d-\d\d(?:T[\d:]+)?", json.dumps(lock))
    if not dates:
        return broken(".comicpile/images.json has no date")
    oldest = max(facts.age_in_days(date) for date in dates)
    return broken(f"{oldest:.0f} days") if oldest > IMAGE_DAYS else kept(f"{oldest:.0f} days")


def scan(id: str, what: str, source: str) -> None:
    kind = id[len("scan-") :]

    @check(id, f"{what} was scanned within {SCAN_DAYS} days, and nothing was found", source, f"scripts/scan.sh; what it finds is mended, or stands in its ignore file with a reason")
    def judge(facts: Facts):
        reports = {name: when for name, when in facts.table("scans").items() if re.match(rf"{kind}(-.*)?\.sarif$", name)}
        if not reports:
            begun = facts.days_deployed
            if begun is not None and begun > SCAN_DAYS:
                return broken(f"never, and it has been deployed for {begun:.0f} days")
            return skipped("not yet: scripts/scan.sh")
        problems = []
        for name, when in reports.items():
            days = (facts.now - float(when)) / DAY
            try:
                results = [result for run in json.loads(facts.text(f"scan/{name}"))["runs"] for result in run.get("results") or []]
            except (ValueError, KeyError):
                problems.append(f"{name} cannot be read")
                continue
            problems += [f"{name}: {len(results)} findings, as {results[0].get('ruleId', '')}"] if results else []
            problems += [f"{name} is {days:.0f} days old"] if days > SCAN_DAYS else []
        return judged(problems, " ".join(reports))


scan("scan-image", "The image of the app", "checklist: Scan Docker image; CIS Docker 4.4")
scan("scan-base", "The images that it is built on", "checklist: Scan base image; CIS Docker 4.4")
scan("scan-dependencies", "Each dependency", "checklist: dependencies with known vulnerabilities; OWASP A06")
scan("scan-secrets", "git's tree and history for secrets", "checklist: Check for exposed secrets")


@check("review", f"Somebody has been through the security document within {REVIEW_DAYS} days", "checklist: Regular security audits (quarterly)", "go through it, and add a line to SECURITY-REVIEWS.md: - YYYY-MM-DD who, what was found", "medium")
def review(facts: Facts):
    dates = re.findall(r"^\s*[-*|]\s*(\d{4}-\d\d-\d\d)", facts.file("SECURITY-REVIEWS.md"), re.M)
    now = datetime.fromtimestamp(facts.now, timezone.utc).date().isoformat()
    past = sorted(date for date in dates if date <= now)
    if past:
        days = facts.age_in_days(past[-1])
        return broken(f"last on {past[-1]}") if days > REVIEW_DAYS else kept(past[-1])
    begun = facts.days_deployed
    if not facts.is_ours or (begun is not None and begun > REVIEW_DAYS):
        return broken("never")
    return skipped(f"not yet: the first is due {REVIEW_DAYS} days after the first deployment")
