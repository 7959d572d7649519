from litestar import Litestar, Router

from shop.controllers import SystemController

app = Litestar(route_handlers=[Router(path="/api", route_handlers=[SystemController])])
