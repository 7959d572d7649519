"""An example to replace: list comics, add one.

Anybody may read; who writes needs a token (app/tokens.py). Before real data goes in, put your
authentication on the router: `APIRouter(..., dependencies=[Depends(current_user)])`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import get_session
from app.models import Comic
from app.tokens import need_token

router = APIRouter(prefix="/api/comics", tags=["comics"])


class ComicIn(BaseModel):
    """What a client may send: each value has a limit, and unknown names are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    # No control characters: PostgreSQL cannot store NUL, and a log should not hold the others.
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
    issue: Annotated[int, Field(ge=1, le=100_000)] = 1


class ComicOut(BaseModel):
    """What a client gets: named here, so that a new column is not published by accident."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    issue: int
    created_at: datetime


@router.get("", response_model=list[ComicOut])
async def list_comics(
    session: Annotated[AsyncSession, Depends(get_session)],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Sequence[Comic]:
    found = await session.scalars(select(Comic).order_by(Comic.id).limit(limit).offset(offset))
    return found.all()


@router.post("", response_model=ComicOut, status_code=201, dependencies=[Depends(need_token)])
async def add_comic(comic: ComicIn, session: Annotated[AsyncSession, Depends(get_session)]) -> Comic:
    row = Comic(title=comic.title, issue=comic.issue)
    session.add(row)
    await session.commit()
    return row
