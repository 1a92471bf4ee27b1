"""What every client does here: a report, and the next one ten seconds later, whatever came of it."""
import os
import sys

URL = os.environ["SERVER_URL"] + "/api/fleet/report"
HEADERS = {"Authorization": "Bearer " + os.environ["API_TOKEN"]}
IS_DEFAULT = sys.argv[1] == "default"
CYCLE_S = 10


def report(sequence):
    return {"machineId": "m-1", "sequence": sequence}


def failed(sequence, error):
    print(f"WARN report {sequence} failed: {type(error).__name__} {error}")
