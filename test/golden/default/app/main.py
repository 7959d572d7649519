"""The application: `uvicorn app.main:app`.

The security headers, TLS, rate limits and the access log are nginx's (see nginx/); the app
sends none of those headers, because a header that comes twice is a header that differs.
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import async_sessionmaker

from app.database import create_engine
from app.routes import comics, health
from app.settings import Settings

STATIC = Path(__file__).parent / "static"

# Browsers keep the file and ask each time whether it is still the same: without this they guess
# how long it is good, and a new page meets an old script after a release.
FRESH = {"Cache-Control": "no-cache"}


class FreshFiles(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(FRESH)
        return response


def create_app(settings: Settings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = create_engine(settings)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
        await engine.dispose()

    # The map of the API is for its developers: closed where strangers are.
    closed: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    app = FastAPI(
        title="comic-pile",
        lifespan=lifespan,
        **({} if settings.shows_docs else closed),
    )

    app.state.settings = settings

    # The site's own pages need no CORS. Never "*": it would open the API to every page.
    if settings.public_origin:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[settings.public_origin],
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )

    app.add_exception_handler(RequestValidationError, refuse)
    app.include_router(health.router)
    app.include_router(comics.router)

    app.mount("/static", FreshFiles(directory=STATIC), name="static")

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def index() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers=FRESH)

    return app


async def refuse(_: Request, error: Exception) -> Response:
    """422 that says what is wrong and where, without the input that FastAPI would echo."""
    assert isinstance(error, RequestValidationError)
    detail = [{key: problem[key] for key in ("loc", "msg", "type")} for problem in error.errors()]
    # json.dumps escapes what is not ASCII: half a surrogate pair in a key would be a 500 otherwise.
    return Response(json.dumps({"detail": detail}), status_code=422, media_type="application/json")


def settings_or_exit() -> Settings:
    """The settings, or the end with a message: there is nothing to serve without them."""
    try:
        return Settings()
    except ValidationError as error:
        print(error, file=sys.stderr)
        # uvicorn's own status for "cannot start".
        sys.exit(3)


app = create_app(settings_or_exit())
