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


def asked_to_wait(error):
    """Seconds that the answer asks for: what is refused is refused a second later, too."""
    if not isinstance(error, httpx.HTTPStatusError):
        return 0
    if error.response.status_code in (401, 403):
        log.error("the server refuses the token: check API_TOKEN")
        return 30
    value = error.response.headers.get("Retry-After", "")
    return int(value) if value.isdigit() else 0


async def report(client, sequence):
    """Sends it until it has arrived: the key makes sure that it counts once."""
    body = {"machineId": MACHINE, "sequence": sequence, "load": os.getloadavg()[0]}
    key = str(uuid.uuid4())
    attempt = 0
    while True:
        try:
            response = await client.post("/api/fleet/report", json=body, headers={"Idempotency-Key": key})
            response.raise_for_status()
            return
        except httpx.HTTPError as error:
            delay = max(asked_to_wait(error), min(60, 2**attempt) * random.uniform(0.5, 1))
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
asyncio.run(main())
