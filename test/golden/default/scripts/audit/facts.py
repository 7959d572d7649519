"""What scripts/audit.sh has collected: a tar of small files. No secret is among them.

Most of it was written by others: a repository, a container, a client. It is data here, each fact as large as MOST at the most.
"""

from __future__ import annotations

import json
import re
import tarfile
from datetime import datetime, timezone
from functools import cached_property
from typing import BinaryIO, Dict, List, Optional, Set

import build_file
import nginx

DAY = 86400
MOST = 64 * 1024 * 1024


def seconds_of(text: str) -> float:
    """Of a time as Docker, the scripts' logs and RFC 3339 write it, in seconds since 1970."""
    match = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d))?", text)
    if match is None:
        raise ValueError(f"no time: {text}")
    parts = [int(part or 0) for part in match.groups()]
    return datetime(*parts, tzinfo=timezone.utc).timestamp()  # type: ignore[misc]


def count(text: str) -> int:
    """Of digits alone, and no more of them than a count has; what is more, or less, is no number."""
    if re.fullmatch(r"[0-9]{1,18}", text, re.A) is None:
        raise ValueError(f"no number: {text[:40]!r}")
    return int(text)


def without_comments(text: str) -> str:
    """Of a file whose comments are lines that begin with #."""
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))


class Facts:
    def __init__(self, stream: BinaryIO) -> None:
        self._files: Dict[str, bytes] = {}
        self._cut: Set[str] = set()
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                name = member.name[2:] if member.name.startswith("./") else member.name
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    self._files[name] = content.read(MOST)
                    if member.size >= MOST:
                        self._cut.add(name)
        self.now = float(self.text("now").strip() or 0)

    def has(self, name: str) -> bool:
        return name in self._files

    def text(self, name: str) -> str:
        # Half of a list would be judged as if it were all of it.
        if name in self._cut:
            raise ValueError(f"{name} is larger than {MOST // 1024 // 1024} MiB")
        return self._files.get(name, b"").decode("utf-8", "replace").replace("\r\n", "\n")

    def lines(self, name: str) -> List[str]:
        # By \n alone: a value may have other characters that Python takes for the end of a line.
        return [line for line in self.text(name).split("\n") if line]

    def all_lines(self, name: str, *good: int) -> List[str]:
        """Of what only a command that ended well tells whole, by one of these exit codes (0)."""
        if self.code(name) not in (good or (0,)):
            raise ValueError(f"{name} could not be collected (exit code {self.code(name)}): {self.text(name + '.err').strip()[-200:]}")
        return self.lines(name)

    def code(self, name: str) -> int:
        """The exit code of what wrote that fact."""
        said = self.text(f"{name}.rc").strip()
        return count(said) if said else -1

    def table(self, name: str) -> Dict[str, str]:
        """Lines KEY<tab>VALUE."""
        return dict(line.split("\t", 1) for line in self.lines(name) if "\t" in line)

    def file(self, path: str) -> str:
        return self.text(f"tree/{path}")

    def files(self, pattern: str) -> Dict[str, str]:
        """Files of the project whose path fits, by path."""
        fits = re.compile(pattern)
        return {name[5:]: self.text(name) for name in sorted(self._files) if name.startswith("tree/") and fits.search(name[5:])}

    def expected(self, key: str) -> str:
        return self.table("expected").get(key, "")

    @property
    def is_ours(self) -> bool:
        """Whether the project was generated, and not written by hand."""
        return self.has("tree/.comicpile/lock.json")

    @cached_property
    def production(self) -> dict:
        return json.loads(self.text("compose.json") or "{}")

    @property
    def services(self) -> Dict[str, dict]:
        return self.production.get("services") or {}

    @property
    def once(self) -> List[str]:
        """Services that run to an end, or only when they are asked for."""
        return [name for name, each in self.services.items() if str(each.get("restart")) == "no" or each.get("profiles")]

    @cached_property
    def development(self) -> dict:
        return json.loads(self.text("compose-dev.json") or "{}")

    @cached_property
    def stages(self) -> List[build_file.Stage]:
        return build_file.parse(self.file(self.expected("dockerfile")))

    @cached_property
    def edge(self) -> List[nginx.Directive]:
        """The configuration of nginx with its includes in place."""
        return nginx.load(self.expected("nginx"), self.files(r"(^|/)[^/]*\.conf$|^nginx/"))

    @cached_property
    def containers(self) -> List[dict]:
        """As the engine reports them, one a container of this project."""
        if self.code("containers.jsonl") not in (-1, 0):
            raise ValueError(f"docker inspect failed: {self.text('containers.jsonl.err').strip()[-200:]}")
        return [json.loads(line) for line in self.lines("containers.jsonl")]

    @property
    def running(self) -> List[dict]:
        return [each for each in self.containers if each["state"].get("Running")]

    def age_in_days(self, time: str) -> float:
        return (self.now - seconds_of(time)) / DAY

    @property
    def days_deployed(self) -> Optional[float]:
        """How long the database's volume exists: since then there is something to lose."""
        created = self.text("volume-created").strip()
        return self.age_in_days(created) if created else None
