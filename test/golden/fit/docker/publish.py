"""Puts the frontend of this image where nginx serves it: `python publish.py /opt/frontend /srv/spa`.

A page that somebody has open asks for the files of its own release, so files are added first and index.html is replaced
last, each by a rename: at any moment the site is whole. The files of the release before stay until the next one, however
often this one is put; what is older goes.
"""

import os
import shutil
import sys
from pathlib import Path

LIST = ".published"
BEFORE = ".published-before"


def put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, new)
    os.chmod(new, 0o644)
    os.replace(new, target)


def names_in(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.is_file() else []


def write_names(path: Path, names: list[str]) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text("".join(f"{name}\n" for name in names))
    os.replace(new, path)


def main(source: Path, target: Path) -> None:
    names = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
    # The pages last: they name the other files.
    for name in sorted(names, key=lambda name: name.endswith(".html")):
        put(source / name, target / name)
    # Until here this was the list of the release before; unless the same is put again.
    former = names_in(target / LIST)
    if former != names:
        write_names(target / BEFORE, former)
    write_names(target / LIST, names)
    kept = {LIST, BEFORE, *names, *names_in(target / BEFORE)}
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(target).as_posix() not in kept:
            path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
