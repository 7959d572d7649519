from alembic import context

from app.core.config import settings

context.configure(url=settings.DATABASE_URI)
