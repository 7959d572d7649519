from typing import Literal

from pydantic_settings import BaseSettings


class AppSettings(BaseSettings):
    API_PORT: int = 9000
    DB_ENGINE: Literal["sqlite", "postgres"] = "sqlite"
    POSTGRES_USER: str = "recipes"
    POSTGRES_PASSWORD: str = ""
    POSTGRES_SERVER: str = "postgres"
    POSTGRES_PORT: str = "5432"
    POSTGRES_DB: str = "recipes"

    @property
    def DB_URL(self) -> str:
        if self.DB_ENGINE == "sqlite":
            return "sqlite:///recipes.db"
        credentials = f"{self.POSTGRES_USER}:{self.POSTGRES_PASSWORD}"
        return f"postgresql://{credentials}@{self.POSTGRES_SERVER}:{self.POSTGRES_PORT}/{self.POSTGRES_DB}"
