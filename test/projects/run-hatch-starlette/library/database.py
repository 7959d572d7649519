from sqlalchemy import URL, create_engine, text
from starlette.config import Config
from starlette.datastructures import Secret

config = Config()

engine = create_engine(
    URL.create(
        "postgresql+psycopg",
        username=config("DB_USER", default="library"),
        password=str(config("DB_PASSWORD", cast=Secret)),
        host=config("DB_HOST", default="localhost"),
        port=config("DB_PORT", cast=int, default=5432),
        database=config("DB_NAME", default="library"),
    )
)


def run(statement: str, **values: object) -> list[dict]:
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []
