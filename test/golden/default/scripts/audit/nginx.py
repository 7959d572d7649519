"""nginx's own syntax, as far as a check needs it: directives with their words and blocks, includes put in their place."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

# As src/core/ngx_conf_file.c reads it: blanks, a comment, a quoted word, a bracket or the end of a directive, a bare word. In a
# bare word a backslash takes the next character with it, whatever that is, and `${` opens no block.
TOKEN = re.compile(
    r"""[ \t\r\n]+|\#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])"""
    r"""|((?:\\.|\$\{*(?!\{)|[^ \t\r\n;{}\#"'\\$])(?:\\.|\$\{*(?!\{)|[^ \t\r\n;{\\$])*)(?=[ \t\r\n;{])""",
    re.S,
)
ESCAPES = {"t": "\t", "r": "\r", "n": "\n"}
# A block of Lua (OpenResty) is no configuration: strings and comments of its own, in which braces may stand alone.
LUA = re.compile(r"""--\[(=*)\[.*?\]\1\]|--[^\n]*|\[(=*)\[.*?\]\2\]|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]|.""", re.S)


class Refused(ValueError):
    """nginx does not start with such a file either, and says why in these words."""


def _unexpected(character: str, path: str, line: int) -> Refused:
    return Refused(f'unexpected "{character}" in {path}:{line}')


def _ended(wanted: str, path: str, text: str) -> Refused:
    return Refused("unexpected end of file, expecting {} in {}:{}".format(wanted, path, text.count("\n") + 1))


class Directive(NamedTuple):
    name: str
    words: List[str]
    block: Optional[List["Directive"]]
    where: str

    def __str__(self) -> str:
        return " ".join([self.name, *self.words])


def _end_of_lua(text: str, at: int) -> int:
    """Where the block ends whose bracket is before `at`."""
    depth = 1
    while at < len(text):
        match = LUA.match(text, at)
        assert match is not None
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return at
        at = match.end()
    return at


def _tokens(text: str, path: str) -> Iterator[Tuple[str, bool, int]]:
    """(word, is it a bracket or the end, line)"""
    at, line, name, after_quote = 0, 1, "", False
    while at < len(text):
        if after_quote and text[at] not in " \t\r\n;{)":
            raise _unexpected(text[at], path, line)
        match = TOKEN.match(text, at)
        if match is None:
            break
        double, single, sign, bare = match.groups()
        word = next((each for each in (double, single, bare) if each is not None), None)
        if sign is not None:
            yield sign, True, line
        elif word is not None:
            word = re.sub(r"""\\(["'\\trn])""", lambda found: ESCAPES.get(found.group(1), found.group(1)), word)
            name = name or word
            yield word, False, line
        after_quote = double is not None or single is not None
        end = match.end()
        if sign is not None:
            end = _end_of_lua(text, end) if sign == "{" and name.endswith("_by_lua_block") else end
            name = ""
        line += text.count("\n", at, end)
        at = end
    if at < len(text):
        raise _ended('";" or "}"', path, text)


def parse(text: str, path: str) -> List[Directive]:
    root: List[Directive] = []
    open_blocks = [root]
    words: List[str] = []
    begun = 1
    for word, is_sign, line in _tokens(text, path):
        if not is_sign:
            if not words:
                begun = line
            words.append(word)
            continue
        if (word == "}") == bool(words) or (word == "}" and len(open_blocks) == 1):
            raise _unexpected(word, path, line)
        if word == "}":
            open_blocks.pop()
        else:
            block: Optional[List[Directive]] = [] if word == "{" else None
            open_blocks[-1].append(Directive(words[0], words[1:], block, f"{path}:{begun}"))
            if block is not None:
                open_blocks.append(block)
        words = []
    if words or len(open_blocks) > 1:
        raise _ended('";" or "}"' if words else '"}"', path, text)
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
                wanted = posixpath.normpath(posixpath.join(home, wanted))
                # As the shell's, a star stops at a slash, and finds no name that begins with a dot.
                found = [path for path in sorted(files) if path.count("/") == wanted.count("/") and fnmatch.fnmatchcase(path, wanted) and (path == wanted or not posixpath.basename(path).startswith("."))]
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
