/**
 * A link: a named path through a fault proxy, driven over Toxiproxy's HTTP API so that any engine that speaks it will do.
 */
import type { FaultableLink } from '../faults/fault.ts';
import { createApiProxy } from './api-proxy.ts';

/** A link as scenarios get it. */
export type Link = FaultableLink;

/** Makes a link from a free loopback port to `upstream` in the lab's own proxy, whose API answers at `apiUrl`. */
export async function createLink(
  apiUrl: string,
  name: string,
  { host, port }: { host: string; port: number },
): Promise<Link> {
  const loopback = '127.0.0.1';
  const proxy = await createApiProxy(apiUrl, { name, host: loopback, upstream: `${host}:${port}` });
  const { addToxic, setEnabled } = proxy;
  return { name, host: loopback, port: proxy.port, addToxic, setEnabled, engineOf: () => 'shaketable' };
}
