/** The server of `clients`, in a process of its own. */
import { once } from 'node:events';
import type net from 'node:net';
import { serveKinds } from './helper.ts';
import { createOperationServer, type OperationServer } from './operation-server.ts';

let operations: OperationServer | undefined;

serveKinds({
  /** Listens; gives back the port. */
  listen: async ({ key, cert }) => {
    operations = createOperationServer({ key: String(key), cert: String(cert) });
    operations.server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
    await once(operations.server, 'listening');
    return (operations.server.address() as net.AddressInfo).port;
  },
  seen: async () => operations?.takeSeen(),
});
