import asyncio
import itertools

import aiohttp
from loop import CYCLE_S, HEADERS, IS_DEFAULT, URL, failed, report

# https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts: five minutes without it.
SETTINGS = {} if IS_DEFAULT else {"timeout": aiohttp.ClientTimeout(total=10)}


async def main():
    async with aiohttp.ClientSession(raise_for_status=True, **SETTINGS) as session:
        for sequence in itertools.count(1):
            try:
                async with session.post(URL, headers=HEADERS, json=report(sequence)) as answer:
                    await answer.read()
            except (aiohttp.ClientError, TimeoutError) as error:
                failed(sequence, error)
            await asyncio.sleep(CYCLE_S)


asyncio.run(main())
