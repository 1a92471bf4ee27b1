import itertools
import time
import uuid

import requests
from loop import CYCLE_S, HEADERS, IS_DEFAULT, URL, failed, report
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

if IS_DEFAULT:
    post = requests.post
else:
    # https://requests.readthedocs.io/en/latest/user/advanced/: sessions keep connections; time-outs; retries by urllib3.
    session = requests.Session()
    retry = Retry(3, backoff_factor=1, status_forcelist=[503], allowed_methods=None)
    session.mount("https://", HTTPAdapter(max_retries=retry))

    def post(url, headers, json):
        return session.post(url, headers={**headers, "Idempotency-Key": str(uuid.uuid4())}, json=json, timeout=(5, 10))


for sequence in itertools.count(1):
    try:
        post(URL, headers=HEADERS, json=report(sequence)).raise_for_status()
    except requests.RequestException as error:
        failed(sequence, error)
    time.sleep(CYCLE_S)
