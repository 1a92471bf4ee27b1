"""Drives a Toxiproxy server with toxiproxy-python: one JSON array a line, [operation, argument, ...]; one answer a line."""

import json
import sys

from toxiproxy import Toxiproxy

client = Toxiproxy()
client.update_api_consumer(sys.argv[1], int(sys.argv[2]))

operations = {
    "create": lambda proxy: client.create(**proxy),
    "remove": lambda name: client.get_proxy(name).destroy(),
    "enable": lambda name: client.get_proxy(name).enable(),
    "disable": lambda name: client.get_proxy(name).disable(),
    "add_toxic": lambda name, toxic: client.get_proxy(name).add_toxic(**toxic),
    "remove_toxic": lambda name, toxic: client.get_proxy(name).destroy_toxic(toxic),
    "list": lambda: sorted(client.proxies()),
    "populate": lambda proxies: len(client.populate(proxies)),
    "reset": lambda: client.reset(),
}

for line in sys.stdin:
    operation, *arguments = json.loads(line)
    try:
        result = operations[operation](*arguments)
        answer = {"result": result if isinstance(result, list) else None}
    except Exception as error:
        answer = {"error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(answer), flush=True)
