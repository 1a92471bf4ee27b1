import asyncio
import ssl
from urllib.parse import unquote, urlparse

import pymysql
from adapter import IS_DEFAULT, Failed, serve

# https://pymysql.readthedocs.io/en/latest/modules/connections.html: no bound without them.
SETTINGS = {} if IS_DEFAULT else {"read_timeout": 10, "write_timeout": 10}


class Connection:
    """One connection, since the library has no pool; it blocks, and so works in a thread."""

    def __init__(self, command):
        url = urlparse(command["url"])
        self.connection = pymysql.connect(
            host=url.hostname,
            port=url.port,
            user=unquote(url.username),
            password=unquote(url.password),
            database=url.path.lstrip("/"),
            autocommit=True,
            ssl=ssl.create_default_context(cafile=command["caFile"]),
            **SETTINGS,
        )

    async def request(self, command):
        return await asyncio.to_thread(self.run, command)

    def run(self, command):
        if not IS_DEFAULT:
            self.connection.ping(reconnect=True)  # The same page: connects again where the connection is gone.
        try:
            with self.connection.cursor() as cursor:
                affected = cursor.execute(command["sql"].replace("?", "%s"), command.get("values"))
                rows = cursor.fetchall()
            return {"rows": list(rows)} if cursor.description else {"affected": affected}
        except (pymysql.ProgrammingError, pymysql.IntegrityError, pymysql.DataError) as error:
            raise Failed(repr(error)) from error

    async def release(self, command):
        self.connection.close()


asyncio.run(serve("PyMySQL", "database", lambda command: asyncio.to_thread(Connection, command)))
