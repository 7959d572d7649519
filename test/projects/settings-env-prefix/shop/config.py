from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL


class DatabaseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_DB_", env_file=".env")

    host: str
    port: int = 5432
    name: str = "shop"
    user: str = "shop"
    password: str

    @property
    def url(self) -> URL:
        return URL.create("postgresql+psycopg2", self.user, self.password, self.host, self.port, self.name)


class MailSettings(BaseSettings):
    class Config:
        env_prefix = "SHOP_MAIL_"

    host: str
    port: int = 25


database = DatabaseSettings()
mail = MailSettings()
