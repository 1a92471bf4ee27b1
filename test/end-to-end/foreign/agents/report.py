"""A fleet agent as people write it: a session, a timeout, a retry with back-off, a log. It knows nothing of any lab."""
import logging
import os
import random
import signal
import sys
import time

import requests

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("fleet")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

url = os.environ["SERVER_URL"]
session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['TOKEN']}"


def send(sequence):
    body = {"machineId": "py-1", "sequence": sequence}
    key = {"Idempotency-Key": f"py-1/{sequence}"}
    wait = 1.0
    for attempt in range(1, 6):
        try:
            answer = session.post(f"{url}/api/fleet/report", json=body, headers=key, timeout=10)
            if answer.status_code in (429, 503):
                wait = float(answer.headers.get("Retry-After", wait))
                raise requests.ConnectionError(f"busy, asks for {wait:.0f} s")
            if answer.status_code >= 400:
                log.error("report %s refused: %s", sequence, answer.status_code)
                return
            return
        except requests.RequestException as error:
            log.warning("report %s, attempt %s failed: %s", sequence, attempt, error)
            time.sleep(wait * random.uniform(1, 1.2))
            wait = min(wait * 2, 20)
    log.error("report %s given up", sequence)


log.info("started")
sequence = 0
while True:
    sequence += 1
    started = time.monotonic()
    send(sequence)
    time.sleep(max(0, 5 - (time.monotonic() - started)))
