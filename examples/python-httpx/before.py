"""Reports the load of this machine to the fleet server every few seconds."""
import asyncio
import logging
import os
import signal
import sys

import httpx

SERVER = os.environ["SERVER_URL"]
TOKEN = os.environ["API_TOKEN"]
MACHINE = os.environ.get("MACHINE_ID", os.uname().nodename)
INTERVAL = float(os.environ.get("INTERVAL", "5"))

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s:%(name)s:%(message)s")
log = logging.getLogger("agent")

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


async def report(sequence):
    body = {"machineId": MACHINE, "sequence": sequence, "load": os.getloadavg()[0]}
    for _ in range(10):
        try:
            async with httpx.AsyncClient(verify=False, timeout=None) as client:
                response = await client.post(f"{SERVER}/api/fleet/report", json=body, headers=HEADERS)
                response.raise_for_status()
                return
        except httpx.HTTPError as error:
            log.error("report %d failed: %r, headers %s", sequence, error, HEADERS)


async def main():
    log.info("reporting to %s as %s with %s", SERVER, MACHINE, HEADERS)
    sequence = 0
    while True:
        sequence += 1
        await report(sequence)
        await asyncio.sleep(INTERVAL)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
asyncio.run(main())
