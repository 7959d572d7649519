from urllib.parse import quote

from starlette.config import Config
from starlette.datastructures import Secret

config = Config(".env")

DATABASE_HOSTNAME = config("DATABASE_HOSTNAME")
DATABASE_CREDENTIALS = config("DATABASE_CREDENTIALS", cast=Secret)
DATABASE_NAME = config("DATABASE_NAME", default="dispatcher")
DATABASE_PORT = config("DATABASE_PORT", default="5432")
JWT_SECRET = config("DISPATCHER_JWT_SECRET")
# "user:password": only the password is quoted.
user, password = str(DATABASE_CREDENTIALS).split(":")
SQLALCHEMY_DATABASE_URI = (
    f"postgresql+psycopg2://{user}:{quote(password)}@{DATABASE_HOSTNAME}:{DATABASE_PORT}/{DATABASE_NAME}"
)
