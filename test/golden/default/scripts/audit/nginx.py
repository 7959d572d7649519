"""nginx's own syntax, as far as a check needs it: directives with their words and blocks, includes put in their place."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

# A comment, a quoted word, a bracket or the end of a directive, or a bare word; `${name}` and `\;` belong to a word.
TOKEN = re.compile(r"""\s+|\#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])|((?:\\.|\$\{|[^\s;{"'\\])(?:\\.|\$\{[^}]*\}|[^\s;{\\])*)""", re.S)


class Directive(NamedTuple):
    name: str
    words: List[str]
    block: Optional[List["Directive"]]
    where: str

    def __str__(self) -> str:
        return " ".join([self.name, *self.words])


def _tokens(text: str) -> Iterator[Tuple[str, bool, int]]:
    """(word, is it a bracket or the end, line)"""
    at, line = 0, 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        double, single, sign, bare = match.groups()
        word = next((each for each in (double, single, bare) if each is not None), None)
        if sign is not None:
            yield sign, True, line
        elif word is not None:
            yield word, False, line
        line += text.count("\n", at, match.end())
        at = match.end()


def parse(text: str, path: str) -> List[Directive]:
    root: List[Directive] = []
    open_blocks = [root]
    words: List[str] = []
    begun = 1
    for word, is_sign, line in _tokens(text):
        if not is_sign:
            if not words:
                begun = line
            words.append(word)
            continue
        if word == "}":
            if len(open_blocks) > 1:
                open_blocks.pop()
        elif words:
            block: Optional[List[Directive]] = [] if word == "{" else None
            open_blocks[-1].append(Directive(words[0], words[1:], block, f"{path}:{begun}"))
            if block is not None:
                open_blocks.append(block)
        words = []
    return root


def load(main: str, files: Dict[str, str], depth: int = 0) -> List[Directive]:
    """main: the path of nginx.conf. An include of a file that the project has not (mime.types of the image) stays as it is."""
    home = posixpath.dirname(main)

    def placed(directives: List[Directive], depth: int) -> List[Directive]:
        out: List[Directive] = []
        for each in directives:
            if each.name == "include" and len(each.words) == 1 and depth < 10:
                wanted = each.words[0]
                wanted = wanted[len("/etc/nginx/") :] if wanted.startswith("/etc/nginx/") else wanted
                found = [path for path in sorted(files) if fnmatch.fnmatch(path, posixpath.join(home, wanted))]
                for path in found:
                    out.extend(placed(parse(files[path], path), depth + 1))
                if not found:
                    out.append(each)
            elif each.block is None:
                out.append(each)
            else:
                out.append(each._replace(block=placed(each.block, depth)))
        return out

    return placed(parse(files.get(main, ""), main), depth)


def walk(directives: List[Directive], above: Tuple[Directive, ...] = ()) -> Iterator[Tuple[Directive, Tuple[Directive, ...]]]:
    """Every directive with the blocks around it, the outermost first."""
    for each in directives:
        yield each, above
        if each.block is not None:
            yield from walk(each.block, (*above, each))


def named(directives: List[Directive], name: str) -> List[Directive]:
    """All of that name, at any depth."""
    return [each for each, _ in walk(directives) if each.name == name]


def direct(block: Optional[List[Directive]], name: str) -> List[Directive]:
    """Those that stand in this very block."""
    return [each for each in block or [] if each.name == name]


def inherited(above: Tuple[Directive, ...], root: List[Directive], name: str) -> List[Directive]:
    """What holds inside of the innermost of these blocks: nginx takes the nearest block that has any of that name."""
    for block in [each.block for each in reversed(above)] + [root]:
        found = direct(block, name)
        if found:
            return found
    return []


def servers(root: List[Directive]) -> List[Tuple[Directive, Tuple[Directive, ...]]]:
    return [(each, above) for each, above in walk(root) if each.name == "server" and each.block is not None]


def is_tls(server: Directive) -> bool:
    return any("ssl" in each.words or "quic" in each.words for each in direct(server.block, "listen"))


def is_inside(server: Directive) -> bool:
    """Whether it is heard inside of the container, or of the networks of the stack, only."""
    listens = direct(server.block, "listen")
    return bool(listens) and all(re.match(r"(127\.0\.0\.1|\[::1\]|localhost|unix:)", each.words[0]) for each in listens if each.words)


def is_default(server: Directive) -> bool:
    return any("default_server" in each.words for each in direct(server.block, "listen"))
