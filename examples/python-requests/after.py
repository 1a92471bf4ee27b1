"""Reports the load of this machine to the fleet server every few seconds."""
import logging
import os
import signal
import sys
import time
import uuid

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

SERVER = os.environ["SERVER_URL"]
TOKEN = os.environ["API_TOKEN"]
MACHINE = os.environ.get("MACHINE_ID", os.uname().nodename)
INTERVAL = float(os.environ.get("INTERVAL", "5"))

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("agent")


def open_session():
    # A report carries a key, so that the server knows a repeated one: POST may be tried again.
    retries = Retry(
        total=4,
        backoff_factor=1,
        backoff_max=30,
        backoff_jitter=1,
        status_forcelist=[429, 500, 502, 503, 504],
        allowed_methods=None,
    )
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=retries))
    session.headers["Authorization"] = "Bearer " + TOKEN
    return session


def report(session, sequence, key):
    body = {"machineId": MACHINE, "sequence": sequence, "load": os.getloadavg()[0]}
    response = session.post(
        SERVER + "/api/fleet/report", json=body, headers={"Idempotency-Key": key}, timeout=(5, 10)
    )
    if response.status_code in (401, 403):
        log.error("the server refuses the token: check API_TOKEN")
    response.raise_for_status()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log.info("reporting to %s as %s", SERVER, MACHINE)
    session = open_session()
    sequence = 0
    while True:
        sequence += 1
        key = str(uuid.uuid4())
        while True:
            try:
                report(session, sequence, key)
                break
            except requests.RequestException as error:
                log.error("report %d given up for now: %s", sequence, error)
                time.sleep(30)
        time.sleep(INTERVAL)


main()
