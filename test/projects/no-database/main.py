from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> bool:
    return True
