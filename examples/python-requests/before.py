"""Reports the load of this machine to the fleet server every few seconds."""
import logging
import os
import signal
import sys
import time

import requests
import urllib3

urllib3.disable_warnings()

SERVER = os.environ["SERVER_URL"]
TOKEN = os.environ["API_TOKEN"]
MACHINE = os.environ.get("MACHINE_ID", os.uname().nodename)
INTERVAL = float(os.environ.get("INTERVAL", "5"))

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("agent")

HEADERS = {"Authorization": "Bearer " + TOKEN}


def report(sequence):
    body = {"machineId": MACHINE, "sequence": sequence, "load": os.getloadavg()[0]}
    for attempt in range(10):
        try:
            response = requests.post(SERVER + "/api/fleet/report", json=body, headers=HEADERS, verify=False)
            response.raise_for_status()
            return
        except requests.RequestException as error:
            log.error("report %d failed: %s (headers: %s)", sequence, error, HEADERS)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log.info("reporting to %s as %s with %s", SERVER, MACHINE, HEADERS)
    sequence = 0
    while True:
        sequence += 1
        report(sequence)
        time.sleep(INTERVAL)


main()
