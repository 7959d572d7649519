"""How many secrets each parser reads back otherwise than they were written.

stdin: a JSON list of batches, each a list of values. stdout: a JSON list, for each batch the count by parser. A parser that
raises has read it otherwise. No value is ever printed.
"""

import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from asyncpg import connect_utils
from psycopg.conninfo import conninfo_to_dict
from pydantic import PostgresDsn, SecretStr
from pydantic_settings import BaseSettings
from sqlalchemy import make_url

WORK = Path(tempfile.mkdtemp())


def url(value: str) -> str:
    return f"postgresql://keeper:{value}@db:5432/comics"


def libpq_uri(value: str) -> bool:
    parts = conninfo_to_dict(url(value))
    return parts == {"user": "keeper", "password": value, "host": "db", "port": "5432", "dbname": "comics"}


def libpq_key_value(value: str) -> bool:
    parts = conninfo_to_dict(f"host=db user=keeper password={value} dbname=comics")
    return parts == {"user": "keeper", "password": value, "host": "db", "dbname": "comics"}


# What asyncpg.connect() calls with its arguments; most of them are None by default.
PARSE_DSN = connect_utils._parse_connect_dsn_and_args
NO_ARGUMENTS = dict.fromkeys(inspect.signature(PARSE_DSN).parameters)


def asyncpg_dsn(value: str) -> bool:
    addresses, parameters = PARSE_DSN(**{**NO_ARGUMENTS, "dsn": url(value) + "?sslmode=disable"})
    read = (addresses, parameters.user, parameters.password, parameters.database)
    return read == ([("db", 5432)], "keeper", value, "comics")


def urllib_parse(value: str) -> bool:
    parts = urlsplit(url(value))
    return (parts.username, parts.password, parts.hostname, parts.port, parts.path) == (
        "keeper",
        value,
        "db",
        5432,
        "/comics",
    ) and unquote(value) == value


def sqlalchemy_url(value: str) -> bool:
    parts = make_url(url(value))
    shown = parts.render_as_string(hide_password=False)
    return (parts.password, parts.host, shown) == (value, "db", url(value))


class FromEnvironment(BaseSettings):
    database_url: PostgresDsn
    secret_key: SecretStr


class FromFiles(BaseSettings):
    secret_key: SecretStr


def pydantic_environment(value: str) -> bool:
    os.environ["DATABASE_URL"] = url(value)
    os.environ["SECRET_KEY"] = value
    try:
        settings = FromEnvironment()
    finally:
        del os.environ["DATABASE_URL"], os.environ["SECRET_KEY"]
    host = settings.database_url.hosts()[0]
    return (host["password"], host["host"], settings.secret_key.get_secret_value()) == (value, "db", value)


def pydantic_secret_file(value: str) -> bool:
    (WORK / "secret_key").write_text(value)
    return FromFiles(_secrets_dir=WORK).secret_key.get_secret_value() == value


def config_parser(value: str) -> bool:
    # As alembic reads alembic.ini: with interpolation, and `here` for it.
    ini = ConfigParser({"here": "/app"})
    ini.read_string(f"[alembic]\nsqlalchemy.url = {url(value)}\n")
    return ini.get("alembic", "sqlalchemy.url") == url(value)


def in_shell(shell: Sequence[str]) -> Callable[[Sequence[str]], int]:
    """An environment file that is sourced; then each value through a command line, quoted and not, and a here-document."""

    def judge(values: Sequence[str]) -> int:
        (WORK / "env").write_text("".join(f"S{index}={value}\n" for index, value in enumerate(values)))
        wrong = 0
        for start in range(0, len(values), 500):
            part = range(start, min(start + 500, len(values)))
            printf = "/usr/bin/printf '%s\\n'"
            script = [
                f". {WORK}/env",
                " ".join([printf, *(f'"$S{index}"' for index in part)]),
                " ".join([printf, *(f"$S{index}" for index in part)]),
                " ".join([printf, *(values[index] for index in part)]),
                "cat <<END",
                *(f"$S{index}" for index in part),
                "END",
            ]
            ran = subprocess.run([*shell, "-s"], input="\n".join(script) + "\n", capture_output=True, text=True, check=False)
            wanted = [values[index] for index in part] * 4
            read = ran.stdout.split("\n")[:-1]
            if ran.returncode or ran.stderr or len(read) != len(wanted):
                wrong += len(part)
            else:
                wrong += len({want for want, got in zip(wanted, read, strict=True) if want != got})
        return wrong

    return judge


def one_by_one(reads_back: Callable[[str], bool]) -> Callable[[Sequence[str]], int]:
    def is_wrong(value: str) -> bool:
        try:
            return not reads_back(value)
        except Exception:
            return True

    return lambda values: sum(map(is_wrong, values))


PARSERS: dict[str, Callable[[Sequence[str]], int]] = {
    "libpq, URI": one_by_one(libpq_uri),
    "libpq, key=value": one_by_one(libpq_key_value),
    "asyncpg": one_by_one(asyncpg_dsn),
    "urllib.parse": one_by_one(urllib_parse),
    "SQLAlchemy": one_by_one(sqlalchemy_url),
    "pydantic, environment": one_by_one(pydantic_environment),
    "pydantic, secret file": one_by_one(pydantic_secret_file),
    "ConfigParser": one_by_one(config_parser),
    "dash": in_shell(["/bin/dash"]),
    "busybox sh": in_shell(["/bin/busybox", "sh"]),
}

print(json.dumps([{name: judge(values) for name, judge in PARSERS.items()} for values in json.load(sys.stdin)]))
