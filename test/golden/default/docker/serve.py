"""uvicorn with an end that loses no request: `python serve.py app.main:app …`, with uvicorn's own options.

At SIGTERM uvicorn closes its listener and every idle connection at once. nginx cannot know that yet
and sends a request into one of them; a POST that was sent is never repeated, so its client gets 502.
Here everything goes on for some seconds first, but each response ends its connection: nginx is left
without idle ones, and when the listener closes it is refused before it has sent anything, and goes
to another container. (The sleep that many put into Kubernetes' preStop is for the same.)

One process a container: several would share one listener, and what they have not accepted when they
end is lost. For more, raise `replicas` in docker-compose.prod.yml.
"""

import asyncio
import contextlib
import socket
from typing import Any

import uvicorn

# Seconds: longer than nginx keeps an idle connection (4) or an address (2), see its proxy.conf.
DRAIN = 5
# Seconds for a connection that was accepted last to send its request.
LAST = 1

end_at_once = uvicorn.Server.shutdown


async def stop_listening(server: uvicorn.Server) -> None:
    """The kernel accepts before we do, and resets what waits when the listener closes: take that first."""
    loop = asyncio.get_running_loop()
    config = server.config

    def protocol() -> asyncio.Protocol:
        return config.http_protocol_class(
            config=config, server_state=server.server_state, app_state=server.lifespan.state
        )

    for listener in server.servers:
        spare = [socket.fromfd(own.fileno(), own.family, own.type) for own in listener.sockets]
        listener.close()
        for waiting in spare:
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    await loop.connect_accepted_socket(protocol, waiting.accept()[0])
            waiting.close()


async def drain_first(server: uvicorn.Server, *arguments: Any, **options: Any) -> None:
    state = server.server_state
    state.default_headers = [*state.default_headers, (b"connection", b"close")]
    await asyncio.sleep(DRAIN)
    await stop_listening(server)
    for _ in range(LAST * 20):
        if not state.connections:
            break
        await asyncio.sleep(1 / 20)
    await end_at_once(server, *arguments, **options)


if __name__ == "__main__":
    uvicorn.Server.shutdown = drain_first  # type: ignore[method-assign]
    uvicorn.main()
