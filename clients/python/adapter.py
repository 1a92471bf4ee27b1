"""What every adapter in Python does: reads commands, has `connect` make what the library has, and says what came of it."""
import asyncio
import json
import os
import sys

IS_DEFAULT = sys.argv[1] == "default"


class Failed(Exception):
    """What certainly had no effect."""


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def serve(name, kind, connect):
    """`connect` gives an object that does some of send, request and release."""
    connections = {}

    async def carry_out(command):
        what = command["do"]
        if what == "hello":
            return {"version": 1, "name": name, "kinds": [kind]}
        if what == "connect":
            connections[command["on"]] = await connect(command)
            return {}
        connection = connections.get(command.get("on"))
        method = getattr(connection, what, None) if what in ("send", "request", "release") else None
        if method is None:
            raise Failed(f"nothing of that name can {what}")
        return await method(command) or {}

    async def answer(command):
        try:
            say({"id": command["id"], "answer": "ok", **await carry_out(command)})
        except Failed as error:
            say({"id": command["id"], "answer": "failed", "error": str(error)})
        except Exception as error:
            say({"id": command["id"], "answer": "unknown", "error": repr(error)})

    reader = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        task = asyncio.create_task(answer(json.loads(line)))
        running.add(task)  # Not awaited: commands are carried out at the same time.
        task.add_done_callback(running.discard)
    sys.stdout.flush()
    # What a thread still waits for holds up nobody.
    os._exit(0)
