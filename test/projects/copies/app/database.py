import os

from sqlalchemy import create_engine

URL = os.getenv("DATABASE_URL", "postgresql+psycopg://localhost/comics")
engine = create_engine(URL)
