"""What stands behind the edge in these tests: an HTTP/1.1 server that tells what reached it, and does what it is asked.

Port 8000 is the app. A request says by its query what the answer shall be:

    status=404  header=Name: value (repeatable)  body=text  size=bytes  sleep=seconds
    close=name (the replica of this name hangs up without an answer)  events=3 (an event stream, one each half second)

Without any of them the answer is 200 and what was received. A WebSocket handshake is accepted and frames come back.
Port 9000 is for the tests alone: GET tells all that was seen, DELETE forgets it.
"""

import asyncio
import base64
import hashlib
import json
import sys
from urllib.parse import parse_qs, urlsplit

NAME = sys.argv[1]
seen: list[dict] = []
connections = 0


async def body_of(reader, headers):
    names = {name.lower(): value for name, value in headers}
    length = 0
    if "chunked" in names.get("transfer-encoding", ""):
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
            length += size
        await reader.readuntil(b"\r\n")
    else:
        length = int(names.get("content-length", "0"))
        left = length
        while left:
            left -= len(await reader.readexactly(min(left, 65536)))
    return length


async def web_socket(reader, writer, key):
    accept = base64.b64encode(hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
    )
    while True:
        first, second = await reader.readexactly(2)
        mask = await reader.readexactly(4)
        text = bytes(byte ^ mask[at % 4] for at, byte in enumerate(await reader.readexactly(second & 0x7F)))
        writer.write(bytes([first, len(text)]) + text)
        await writer.drain()


async def events(writer, count):
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Accel-Buffering: no\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    for number in range(count):
        event = f"data: {number}\n\n".encode()
        writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0.5)
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def reply(writer, request, query):
    wanted = {name: values[-1] for name, values in query.items()}
    status = int(wanted.get("status", 200))
    text = wanted["body"].encode() if "body" in wanted else json.dumps(request).encode()
    if "size" in wanted:
        text = b"x" * int(wanted["size"])
    lines = [line for line in query.get("header", [])]
    if not any(line.lower().startswith("content-type:") for line in lines):
        lines.append("Content-Type: application/json")
    if status not in (204, 304):
        lines.append(f"Content-Length: {len(text)}")
    bare = status in (204, 304) or request["method"] == "HEAD"
    head = f"HTTP/1.1 {status} As asked\r\n" + "".join(f"{line}\r\n" for line in lines) + "\r\n"
    writer.write(head.encode() + (b"" if bare else text))
    await writer.drain()


async def serve(reader, writer):
    global connections
    connections += 1
    connection = connections
    try:
        while True:
            raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = raw.removesuffix("\r\n\r\n").split("\r\n")
            method, target, version = first.split(" ")
            headers = [line.split(": ", 1) if ": " in line else [line.rstrip(":"), ""] for line in lines]
            request = {"replica": NAME, "connection": connection, "method": method, "target": target}
            request |= {"version": version, "headers": headers, "peer": writer.get_extra_info("peername")[0]}
            seen.append(request)
            request["length"] = await body_of(reader, headers)
            names = {name.lower(): value for name, value in headers}
            query = parse_qs(urlsplit(target).query, keep_blank_values=True)
            if NAME in query.get("close", []):
                return
            if "sleep" in query:
                await asyncio.sleep(float(query["sleep"][-1]))
            if names.get("upgrade", "").lower() == "websocket":
                await web_socket(reader, writer, names["sec-websocket-key"])
            if "events" in query:
                await events(writer, int(query["events"][-1]))
            else:
                await reply(writer, request, query)
            if names.get("connection", "").lower() == "close":
                return
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def tell(reader, writer):
    global connections
    forget = (await reader.readuntil(b"\r\n\r\n")).startswith(b"DELETE")
    text = json.dumps({"connections": connections, "requests": seen}).encode()
    if forget:
        seen.clear()
        connections = 0
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode() + text)
    await writer.drain()
    writer.close()


async def main():
    app = await asyncio.start_server(serve, "0.0.0.0", 8000, limit=1 << 20)
    control = await asyncio.start_server(tell, "0.0.0.0", 9000)
    async with app, control:
        await asyncio.gather(app.serve_forever(), control.serve_forever())


asyncio.run(main())
