"""Is the app able to serve? It is only when its database answers.

Asked by the container's health check, by nginx and by the deployment; public, so the answer
holds no detail.
"""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import get_session

logger = logging.getLogger("uvicorn.error")
router = APIRouter()

# Seconds. With the 2 that it takes to give up a connection that hangs, below the 8 of the
# container's health check: a slow database must not look like a dead app.
TIMEOUT = 3


# HEAD as well: many uptime monitors ask so.
@router.api_route("/health", methods=["GET", "HEAD"], include_in_schema=False)
async def health(session: Annotated[AsyncSession, Depends(get_session)]) -> JSONResponse:
    try:
        async with asyncio.timeout(TIMEOUT):
            await session.execute(text("SELECT 1"))
    except Exception as error:  # whatever it is, the app cannot serve
        # The class only: the message may name hosts and users.
        logger.warning("health: the database does not answer (%s)", type(error).__name__)
        return JSONResponse({"status": "unavailable"}, status_code=503)
    return JSONResponse({"status": "ok"})
