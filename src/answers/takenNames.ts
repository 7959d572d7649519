/** The app's name is also an image and a distribution: one of these would shadow what the build itself needs. */
export const takenNames = new Set(
  'alembic asyncpg certbot fastapi httpx nginx postgres psycopg pydantic pydantic-settings pytest python sqlalchemy starlette template0 template1 uv uvicorn'.split(
    ' ',
  ),
);
