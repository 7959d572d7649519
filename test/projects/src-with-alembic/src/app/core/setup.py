from fastapi import APIRouter, FastAPI


def create_application(router: APIRouter, **kwargs: object) -> FastAPI:
    application = FastAPI(**kwargs)
    application.include_router(router)
    return application
