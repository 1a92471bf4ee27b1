/** `shaketable proxy` as a process of its own, so that its memory and its share of the processor are its own. */
import { fileURLToPath } from 'node:url';
import {
  type ListeningProcess,
  startListeningProcess,
} from '../../harness/bench/processes/listening-process.ts';
import { freePort } from '../../harness/free-port.ts';

/** A running proxy server. */
export interface ProxyProcess extends ListeningProcess {
  /** `http://host:port` of the API. */
  readonly url: string;
}

const command = fileURLToPath(new URL('../../harness/bin/shaketable.cjs', import.meta.url));

/** Starts one that draws from `seed`; `nodeFlags` go to its Node. Only errors are logged. */
export async function startProxyProcess({
  seed = 0,
  nodeFlags = [],
}: {
  readonly seed?: number;
  readonly nodeFlags?: readonly string[];
} = {}): Promise<ProxyProcess> {
  const port = await freePort();
  const args = [command, 'proxy', '-host', '127.0.0.1', '-port', String(port), '-seed', String(seed)];
  const env = { LOG_LEVEL: 'error' };
  const started = await startListeningProcess(process.execPath, [...nodeFlags, ...args], { port, env });
  return { ...started, url: `http://127.0.0.1:${port}` };
}
