/** The server of `fleet`, in a process of its own. */
import { systemClock } from 'shaketable-proxy/clock';
import { createFleetServer, type FleetServer } from './fleet-server.ts';
import { serveKinds } from './helper.ts';
import { memoryNow } from './memory.ts';

let fleetServer: FleetServer | undefined;

serveKinds({
  /** Listens; gives back the port. */
  listen: async ({ key, cert }) => {
    fleetServer = createFleetServer({ key: String(key), cert: String(cert), clock: systemClock() });
    return await fleetServer.listen();
  },
  restart: async ({ downMs }) => await fleetServer?.restart(Number(downMs)),
  counts: async () => fleetServer?.takeCounts(),
  memory: async () => memoryNow(),
});
