"""An adapter in Python: httpx, websockets and PyMySQL, as they come. docs/adapters.md has the protocol."""
import asyncio
import json
import platform
import ssl
import sys
from urllib.parse import unquote, urlparse

import httpx
import pymysql
import websockets


class Failed(Exception):
    """What certainly had no effect."""


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def trust(ca_file):
    return ssl.create_default_context(cafile=ca_file)


def seconds(command):
    return command["withinMs"] / 1000 if "withinMs" in command else None


def authorization(command):
    return {"Authorization": "Bearer " + command["token"]} if "token" in command else {}


class Http:
    async def connect(self, command):
        headers = authorization(command)
        self.client = httpx.AsyncClient(base_url=command["url"], headers=headers, verify=trust(command.get("caFile")))

    async def request(self, command):
        limit = {"timeout": seconds(command)} if "withinMs" in command else {}
        try:
            answer = await asyncio.wait_for(
                self.client.request(
                    command["method"],
                    command["path"],
                    headers=command.get("headers"),
                    content=command.get("body"),
                    **limit,
                ),
                seconds(command),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Failed(repr(error)) from error  # Before the connection stands nothing has left.
        return {"status": answer.status_code, "body": answer.text[:10_000]}

    async def release(self, command):
        await self.client.aclose()


class WebSocket:
    async def connect(self, command):
        self.name = command["on"]
        limit = {"open_timeout": seconds(command)} if "withinMs" in command else {}
        try:
            self.socket = await websockets.connect(
                command["url"],
                ssl=trust(command.get("caFile")),
                additional_headers=authorization(command),
                **limit,
            )
        except (OSError, websockets.WebSocketException) as error:
            raise Failed(repr(error)) from error
        self.reading = asyncio.create_task(self.read())

    async def read(self):
        try:
            async for message in self.socket:
                say({"event": "message", "on": self.name, "text": str(message)})
        except websockets.ConnectionClosed:
            pass
        say({"event": "closed", "on": self.name, "code": self.socket.close_code or 1006})

    async def send(self, command):
        try:
            await asyncio.wait_for(self.socket.send(command["text"]), seconds(command))
        except websockets.ConnectionClosed as error:
            raise Failed(repr(error)) from error
        return {}

    async def release(self, command):
        await self.socket.close()


class Database:
    """PyMySQL blocks: it works in threads, a connection for each statement at a time."""

    async def connect(self, command):
        url = urlparse(command["url"])
        self.options = {
            "host": url.hostname,
            "port": url.port or 3306,
            "user": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "database": url.path.lstrip("/"),
            "autocommit": True,
            "ssl": trust(command.get("caFile")),
            "cursorclass": pymysql.cursors.DictCursor,
            **({"connect_timeout": max(1, command["withinMs"] // 1000)} if "withinMs" in command else {}),
        }
        self.idle = [await asyncio.to_thread(self.open)]

    def open(self):
        try:
            return pymysql.connect(**self.options)
        except pymysql.MySQLError as error:
            raise Failed(repr(error)) from error

    async def request(self, command):
        return await asyncio.wait_for(asyncio.to_thread(self.run, command), seconds(command))

    def run(self, command):
        connection = self.idle.pop() if self.idle else self.open()
        try:
            with connection.cursor() as cursor:
                affected = cursor.execute(command["sql"].replace("?", "%s"), command.get("values"))
                rows = cursor.fetchall()
            self.idle.append(connection)
            return {"rows": list(rows)} if cursor.description else {"affected": affected}
        except (pymysql.ProgrammingError, pymysql.IntegrityError, pymysql.DataError) as error:
            self.idle.append(connection)  # The server refused the statement, and the connection is sound.
            raise Failed(repr(error)) from error

    async def release(self, command):
        for connection in self.idle:
            connection.close()


KINDS = {"http": Http, "websocket": WebSocket, "database": Database}
connections = {}


async def carry_out(command):
    what = command["do"]
    if what == "hello":
        name = f"httpx, websockets, PyMySQL on Python {platform.python_version()}"
        return {"version": 1, "name": name, "kinds": list(KINDS)}
    if what == "connect":
        connection = KINDS[command["kind"]]()
        await connection.connect(command)
        connections[command["on"]] = connection
        return {}
    connection = connections.get(command.get("on"))
    method = getattr(connection, what, None) if what in ("send", "request", "release") else None
    if method is None:
        raise Failed(f"nothing of that name can {what}")
    if what == "release":
        del connections[command["on"]]
    return await method(command) or {}


async def answer(command):
    try:
        say({"id": command["id"], "answer": "ok", **await carry_out(command)})
    except Failed as error:
        say({"id": command["id"], "answer": "failed", "error": str(error)})
    except Exception as error:
        say({"id": command["id"], "answer": "unknown", "error": repr(error)})


async def main():
    reader = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        try:
            command = json.loads(line)
            task = asyncio.create_task(answer(command if isinstance(command, dict) else {}))
        except ValueError as error:
            print("not understood:", error, file=sys.stderr)
            continue
        running.add(task)  # Not awaited: commands are carried out at the same time.
        task.add_done_callback(running.discard)


asyncio.run(main())
