from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mail(BaseModel):
    host: str


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_", env_nested_delimiter="__")

    mail: Mail
    # An alias is the whole name: env_prefix is not put before it.
    dsn: str = Field(validation_alias="POSTGRES_URL")
    signing: str = Field(alias="COOKIE_SECRET")
    page_size: int = 20


settings = Settings()
