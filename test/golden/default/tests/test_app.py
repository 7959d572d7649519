"""The app without a database: the session is a stand-in, the rest is real.

Run: `uv run pytest`, or `docker compose exec app pytest`.
"""

import os
import re
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr, ValidationError
from sqlalchemy import QueuePool

# Before the import: the module builds an app, and the default is the strict production.
os.environ["ENVIRONMENT"] = "development"

from app.database import create_engine, get_session
from app.main import create_app
from app.models import Comic
from app.settings import DatabaseSettings, Settings
from app.tokens import issue

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell or the container has set must not decide a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


class Session:
    """As much of a session as the routes use."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.rows: list[Comic] = []

    async def execute(self, _: Any) -> None:
        if not self.works:
            raise ConnectionRefusedError("db.internal:5432 refused comicpile")

    async def scalars(self, _: Any) -> SimpleNamespace:
        return SimpleNamespace(all=lambda: self.rows)

    def add(self, row: Comic) -> None:
        self.rows.append(row)

    async def commit(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            row.id, row.created_at = number, datetime.now(UTC)


def development(**values: Any) -> Settings:
    return Settings(environment="development", **values)


def production(**values: Any) -> Settings:
    drawn = {"db_password": secrets.token_urlsafe(32), "secret_key": secrets.token_urlsafe(32)}
    return Settings(environment="production", **{**drawn, **values})


def with_token(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue(settings)}"}


def client_of(app: FastAPI, session: Session | None = None, headers: dict[str, str] | None = None) -> AsyncClient:
    async def stand_in() -> AsyncIterator[Session]:
        yield session or Session()

    app.dependency_overrides[get_session] = stand_in
    return AsyncClient(transport=ASGITransport(app), base_url="http://test", headers=headers)


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    settings = development(secret_key="a-key-of-these-tests")
    async with client_of(create_app(settings), Session(), with_token(settings)) as client:
        yield client


async def test_health_is_ok_when_the_database_answers(client: AsyncClient) -> None:
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert (await client.head("/health")).status_code == 200


async def test_health_is_503_without_detail_when_it_does_not() -> None:
    async with client_of(create_app(development()), Session(works=False)) as client:
        answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


async def test_a_comic_is_added_and_listed() -> None:
    session, settings = Session(), production()
    async with client_of(create_app(settings), session, with_token(settings)) as client:
        added = await client.post("/api/comics", json={"title": "  Saga ", "issue": 7})
        listed = await client.get("/api/comics", params={"limit": 10})
    assert added.status_code == 201
    assert {key: added.json()[key] for key in ("id", "title", "issue")} == {"id": 1, "title": "Saga", "issue": 7}
    assert listed.json() == [added.json()]


async def status_with(settings: Settings, headers: dict[str, str]) -> int:
    session = Session()
    async with client_of(create_app(settings), session, headers) as client:
        answer = await client.post("/api/comics", json={"title": "Saga"})
    # Whatever is refused has left nothing.
    assert bool(session.rows) is (answer.status_code == 201)
    return answer.status_code


async def test_nobody_writes_without_a_token_and_the_answer_says_what_is_needed() -> None:
    async with client_of(create_app(production())) as client:
        answer = await client.post("/api/comics", json={"title": "Saga"})
        assert (await client.get("/api/comics")).status_code == 200
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json() == {"detail": "This needs a token that still counts."}


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer .", "Basic eDp5", "Bearer 9999999999.", "Bearer \u00b2.x", "Bearer " + "9" * 5000],
)
async def test_what_is_no_token_is_refused(authorization: str) -> None:
    headers = [(b"authorization", authorization.encode())]
    async with client_of(create_app(production())) as client:
        assert (await client.post("/api/comics", json={"title": "Saga"}, headers=headers)).status_code == 401


async def test_a_token_is_of_this_app_unchanged_and_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = production()
    token = issue(settings)
    ends, _, signed = token.partition(".")
    assert await status_with(settings, {"Authorization": f"Bearer {token}"}) == 201
    for other in (issue(production()), f"{int(ends) + 1}.{signed}", token[:-1], f"{token}0"):
        assert await status_with(settings, {"Authorization": f"Bearer {other}"}) == 401
    monkeypatch.setattr("app.tokens.time.time", lambda: float(ends))
    assert await status_with(settings, {"Authorization": f"Bearer {token}"}) == 401


async def test_a_token_by_the_key_before_counts_until_the_grace_has_ended() -> None:
    old, new = (secrets.token_urlsafe(32) for _ in range(2))
    headers = with_token(production(secret_key=old))
    assert await status_with(production(secret_key=new, secret_key_previous=old), headers) == 201
    assert await status_with(production(secret_key=new), headers) == 401


async def test_without_a_key_nobody_writes() -> None:
    forged = production(secret_key=secrets.token_urlsafe(32))
    assert await status_with(development(), with_token(forged)) == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "   "},
        {"title": "x" * 201},
        {"title": "nul\x00"},
        {"title": "Saga", "issue": 0},
        {"title": "Saga", "issue": 100_001},
        {"title": "Saga", "id": 5},
    ],
)
async def test_a_bad_comic_is_refused(client: AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post("/api/comics", json=body)).status_code == 422


@pytest.mark.parametrize("body", [rb'{"title": "\ud800"}', rb'{"title": "Saga", "\ud800": 1}', b"{"])
async def test_odd_json_is_refused_and_not_echoed(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/api/comics", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert "input" not in answer.json()["detail"][0]


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"offset": -1}])
async def test_a_page_has_limits(client: AsyncClient, params: dict[str, int]) -> None:
    assert (await client.get("/api/comics", params=params)).status_code == 422


async def test_the_page_and_all_that_it_names_are_served(client: AsyncClient) -> None:
    page = await client.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>comic-pile</title>" in page.text
    named = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert named
    for path in ("/", *named):
        for answer in (await client.get(path), await client.head(path)):
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), path


async def test_the_page_has_nothing_inline(client: AsyncClient) -> None:
    """The Content-Security-Policy refuses it, and only a browser would tell."""
    page = (await client.get("/")).text
    assert re.findall(r"<style|<script(?![^>]* src=)|\s(?:style|on\w+)=|javascript:", page) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("site.js", "text/javascript"), ("site.css", "text/css"), ("favicon.svg", "image/svg+xml")],
)
async def test_a_static_file_has_its_type_and_is_not_sent_twice(client: AsyncClient, name: str, kind: str) -> None:
    first = await client.get(f"/static/{name}")
    # nosniff: a browser runs no script of another type.
    assert first.headers["content-type"].split(";")[0] == kind
    again = await client.get(f"/static/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/", "/static/none.js", "/static/%2e%2e/main.py", "/static/..%2fmain.py"])
async def test_nothing_else_is_a_static_file(client: AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
@pytest.mark.parametrize(
    ("settings", "status"),
    [(development, 200), (production, 404), (lambda: production(api_docs="open"), 200)],
    ids=["development", "production", "production with API_DOCS=open"],
)
async def test_production_has_the_docs_only_where_they_are_opened(settings: Any, status: int, path: str) -> None:
    async with client_of(create_app(settings())) as client:
        assert (await client.get(path)).status_code == status


def test_the_docs_are_opened_by_one_word_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_DOCS", "open")
    assert production().shows_docs
    monkeypatch.setenv("API_DOCS", "yes")
    with pytest.raises(ValidationError):
        production()


@pytest.mark.parametrize(("origin", "allowed"), [("https://app.test", True), ("https://evil.test", False)])
async def test_only_the_public_origin_may_call_from_a_page(origin: str, allowed: bool) -> None:
    async with client_of(create_app(production(public_origin="https://app.test"))) as client:
        answer = await client.get("/", headers={"Origin": origin})
    assert ("access-control-allow-origin" in answer.headers) is allowed


@pytest.mark.parametrize("origin", ["*", "app.test", "https://app.test/path"])
def test_the_public_origin_is_an_origin(origin: str) -> None:
    with pytest.raises(ValidationError):
        development(public_origin=origin)


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ("", "is missing"),
        ("short", "is shorter than 43 characters"),
        ("local-development-only-placeholder-not-a-secret", "is a placeholder"),
        ("change-me-change-me-change-me-change-me-change-me", "is a placeholder"),
        ("0" * 43, "has fewer than 12 different characters"),
        (secrets.token_urlsafe(32) + "/", "has characters besides letters"),
    ],
)
@pytest.mark.parametrize("name", ["db_password", "secret_key"])
def test_production_refuses_a_weak_secret(name: str, secret: str, problem: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        production(**{name: secret})
    assert f"{name.upper()} {problem}" in str(refusal.value)


def test_production_refuses_one_value_for_two_secrets() -> None:
    value = secrets.token_urlsafe(32)
    with pytest.raises(ValidationError, match="SECRET_KEY is the same as DB_PASSWORD"):
        production(db_password=value, secret_key=value)


def test_production_is_the_default_and_needs_its_secrets() -> None:
    with pytest.raises(ValidationError, match="DB_PASSWORD is missing, SECRET_KEY is missing"):
        Settings()


def test_no_secret_is_printed() -> None:
    good, short = secrets.token_urlsafe(32), "0123456789abcdef"
    settings = production(db_password=good)
    with pytest.raises(ValidationError) as refusal:
        production(db_password=good, secret_key=short)
    for shown in (settings, settings.database_url, refusal.value):
        for text in (repr(shown), str(shown)):
            assert good not in text
            assert short not in text


async def test_the_environment_decides_about_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_POOL_SIZE", "3")
    monkeypatch.setenv("DB_MAX_OVERFLOW", "0")
    pool = create_engine(development()).pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool._max_overflow) == (3, 0)
    monkeypatch.setenv("DB_POOL_SIZE", "0")
    with pytest.raises(ValidationError):
        development()


def test_any_password_fits_into_the_url() -> None:
    password = SecretStr("p%40/ss:w@rd#?" + secrets.token_urlsafe(32))
    settings = DatabaseSettings(environment="development", db_password=password)
    assert settings.database_url.password == password.get_secret_value()


class Refused(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


class Dialect:
    """As much of SQLAlchemy's as connects: a server that knows one password."""

    def __init__(self, password: str, sqlstate: str = "28P01") -> None:
        self.password, self.sqlstate = password, sqlstate
        self.tried: list[str] = []

    def connect(self, *, password: str) -> str:
        self.tried.append(password)
        if password != self.password:
            raise Refused(self.sqlstate)
        return "connection"


def connect_with(dialect: Dialect, **values: Any) -> Any:
    engine = create_engine(production(**values)).sync_engine
    (connect,) = engine.dialect.dispatch.do_connect
    return connect(dialect, None, (), {"password": engine.url.password})


def test_while_a_rotation_goes_on_either_password_opens() -> None:
    new, old, other = (secrets.token_urlsafe(32) for _ in range(3))
    values = {"db_password": new, "db_password_previous": old}
    for known, tried in ((new, [new]), (old, [new, old])):
        dialect = Dialect(known)
        assert connect_with(dialect, **values) == "connection"
        assert dialect.tried == tried
    with pytest.raises(Refused):
        connect_with(Dialect(other), **values)
    # Only a wrong password is a reason to try the other one.
    busy = Dialect(old, sqlstate="53300")
    with pytest.raises(Refused):
        connect_with(busy, **values)
    assert busy.tried == [new]


def test_without_a_former_password_there_is_one() -> None:
    assert not create_engine(production()).sync_engine.dialect.dispatch.do_connect


def test_both_keys_are_accepted_until_the_grace_has_ended() -> None:
    new, old = (secrets.token_urlsafe(32) for _ in range(2))
    assert production(secret_key=new, secret_key_previous=old).signing_keys == [new, old]
    assert production(secret_key=new).signing_keys == [new]


def test_secrets_are_read_from_files(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {name: secrets.token_urlsafe(32) for name in ("db_password", "secret_key")}
    for name, value in drawn.items():
        (tmp_path / name).write_text(f"{value}\n")
    settings = Settings(_secrets_dir=tmp_path)
    assert {name: getattr(settings, name).get_secret_value() for name in drawn} == drawn
    # The variable wins.
    monkeypatch.setenv("SECRET_KEY", secrets.token_urlsafe(32))
    assert Settings(_secrets_dir=tmp_path).secret_key.get_secret_value() != drawn["secret_key"]
