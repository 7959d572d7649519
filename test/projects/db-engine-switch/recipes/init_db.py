from pathlib import Path

from alembic import command
from alembic.config import Config


def migrate() -> None:
    command.upgrade(Config(str(Path(__file__).parent / "alembic.ini")), "head")
