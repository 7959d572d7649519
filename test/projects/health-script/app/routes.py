from fastapi import FastAPI


async def about() -> dict[str, str]:
    return {"version": "1"}


def register(app: FastAPI) -> None:
    for name in ("about",):
        app.add_api_route(f"/api/app/{name}", globals()[name])
