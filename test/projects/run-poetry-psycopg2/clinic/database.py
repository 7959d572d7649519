from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, create_engine, text


class DatabaseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CLINIC_DB_")

    host: str = "localhost"
    port: int = 5432
    name: str = "clinic"
    user: str = "clinic"
    password: SecretStr


settings = DatabaseSettings()
engine = create_engine(
    URL.create(
        "postgresql+psycopg2",
        username=settings.user,
        password=settings.password.get_secret_value(),
        host=settings.host,
        port=settings.port,
        database=settings.name,
    )
)


def run(statement: str, **values: object) -> list[dict]:
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []
