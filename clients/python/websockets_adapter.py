import asyncio
import ssl

import websockets
from adapter import IS_DEFAULT, Failed, say, serve

# https://websockets.readthedocs.io/en/stable/topics/keepalive.html: it pings every 20 s and waits 20 s for the pong by itself.
SETTINGS = {} if IS_DEFAULT else {"ping_interval": 10, "ping_timeout": 10}


class Connection:
    async def open(self, command):
        self.name = command["on"]
        try:
            self.socket = await websockets.connect(
                command["url"],
                ssl=ssl.create_default_context(cafile=command["caFile"]),
                additional_headers={"Authorization": "Bearer " + command["token"]},
                **SETTINGS,
            )
        except (OSError, websockets.WebSocketException) as error:
            raise Failed(repr(error)) from error
        self.reading = asyncio.create_task(self.read())
        return self

    async def read(self):
        try:
            async for message in self.socket:
                say({"event": "message", "on": self.name, "text": str(message)})
        except websockets.ConnectionClosed:
            pass
        say({"event": "closed", "on": self.name, "code": self.socket.close_code or 1006})

    async def send(self, command):
        try:
            await self.socket.send(command["text"])
        except websockets.ConnectionClosed as error:
            raise Failed(repr(error)) from error

    async def release(self, command):
        await self.socket.close()


asyncio.run(serve("websockets", "websocket", lambda command: Connection().open(command)))
