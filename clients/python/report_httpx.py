import itertools
import time

import httpx
from loop import CYCLE_S, HEADERS, IS_DEFAULT, URL, failed, report

if IS_DEFAULT:
    post = httpx.post
else:
    # https://www.python-httpx.org/advanced/clients/, …/resource-limits/, …/transports/
    limits = httpx.Limits(keepalive_expiry=60)
    post = httpx.Client(timeout=10, transport=httpx.HTTPTransport(retries=3, limits=limits)).post

for sequence in itertools.count(1):
    try:
        post(URL, headers=HEADERS, json=report(sequence)).raise_for_status()
    except httpx.HTTPError as error:
        failed(sequence, error)
    time.sleep(CYCLE_S)
