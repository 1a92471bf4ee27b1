/** A link: a named path through a fault proxy. */
import type { StartedProxy } from 'shaketable-proxy';
import type { FaultableLink } from '../faults/fault.ts';
import { createInProcessProxy, type InProcessProxyOptions } from './in-process-proxy.ts';

/** A link as scenarios get it. */
export type Link = FaultableLink;

/** Makes a link from a free loopback port to `upstream` in the lab's own proxy. */
export async function createLink(
  proxies: StartedProxy,
  name: string,
  upstream: { readonly host: string; readonly port: number },
  options: Pick<InProcessProxyOptions, 'tls' | 'arrived'> = {},
): Promise<Link> {
  const proxy = await createInProcessProxy(proxies, { name, upstream, ...options });
  const { port, addToxic, setEnabled } = proxy;
  return { name, host: '127.0.0.1', port, addToxic, setEnabled, engineOf: () => 'shaketable' };
}
