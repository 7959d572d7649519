from alembic import context

from app.config import settings

context.configure(url=settings.SQLALCHEMY_DATABASE_URI)
