from app.database import engine
