import os

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"])


def run(statement: str, **values: object) -> list[dict]:
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []
