"""Reports the load of this machine to the fleet server every few seconds."""
import asyncio
import logging
import os
import random
import signal
import ssl
import sys
import uuid

import httpx

SERVER = os.environ["SERVER_URL"]
TOKEN = os.environ["API_TOKEN"]
MACHINE = os.environ.get("MACHINE_ID", os.uname().nodename)
INTERVAL = float(os.environ.get("INTERVAL", "5"))

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s:%(name)s:%(message)s")
logging.getLogger("httpx").setLevel(logging.WARNING)
log = logging.getLogger("agent")


class Refused(Exception):
    """The server does not want us, and will not want us in a second either."""


async def send(client, body, key):
    response = await client.post("/api/fleet/report", json=body, headers={"Idempotency-Key": key})
    if response.status_code in (401, 403):
        raise Refused(f"the server refuses the token ({response.status_code}): check API_TOKEN")
    response.raise_for_status()


def retry_after(error):
    if isinstance(error, httpx.HTTPStatusError):
        value = error.response.headers.get("Retry-After", "")
        return int(value) if value.isdigit() else 0
    return 0


async def report(client, sequence):
    """Sends it until it has arrived: the key makes sure that it counts once."""
    body = {"machineId": MACHINE, "sequence": sequence, "load": os.getloadavg()[0]}
    key = str(uuid.uuid4())
    attempt = 0
    while True:
        try:
            return await send(client, body, key)
        except httpx.HTTPError as error:
            delay = max(retry_after(error), min(60, 2**attempt) * random.uniform(0.5, 1))
            attempt += 1
            level = logging.ERROR if attempt % 5 == 0 else logging.WARNING
            log.log(level, "report %d, attempt %d: %r, next in %.1f s", sequence, attempt, error, delay)
            await asyncio.sleep(delay)


async def main():
    log.info("reporting to %s as %s", SERVER, MACHINE)
    async with httpx.AsyncClient(
        base_url=SERVER,
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=httpx.Timeout(10, connect=5),
        verify=ssl.create_default_context(),
        # Longer than the pause between two reports, and than the usual five seconds.
        limits=httpx.Limits(max_connections=2, keepalive_expiry=30),
    ) as client:
        sequence = 0
        while True:
            sequence += 1
            await report(client, sequence)
            await asyncio.sleep(INTERVAL)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
try:
    asyncio.run(main())
except Refused as error:
    log.critical("%s", error)
    sys.exit(1)
