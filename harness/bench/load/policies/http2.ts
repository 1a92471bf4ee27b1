/** HTTP/2 by node:http2: every request a stream of one connection, which is made anew when it is gone. */
import http2 from 'node:http2';
import type { Clock } from 'shaketable-proxy/clock';
import { body, operationHeader, type PolicyClient, type Target, timeoutMs } from './policy.ts';

export function createHttp2Client({ port, ca }: Target, clock: Clock): PolicyClient {
  let current: http2.ClientHttp2Session | undefined;
  const open = new Set<http2.ClientHttp2Session>();
  const session = (): http2.ClientHttp2Session => {
    if (current && !current.closed && !current.destroyed) return current;
    const made = http2.connect(`https://127.0.0.1:${port}`, { ca, servername: 'localhost' });
    open.add(made);
    made.on('error', () => {}); // Its streams are told as well.
    made.once('close', () => open.delete(made));
    current = made;
    return made;
  };
  return {
    request: (operation) => post(session(), operation, clock),
    async close() {
      const over = [...open].map((one) => new Promise((resolve) => one.once('close', resolve)));
      for (const one of open) one.destroy();
      await Promise.all(over);
    },
  };
}

function post(session: http2.ClientHttp2Session, operation: string, clock: Clock): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const begunMs = clock.now();
  const stream = session.request({
    ':method': 'POST',
    ':path': '/report',
    'content-type': 'application/json',
    [operationHeader]: operation,
  });
  let status: number | undefined;
  stream.setTimeout(timeoutMs, () => stream.destroy(failure('ETIMEDOUT')));
  stream.once('response', (headers) => {
    status = headers[':status'];
  });
  stream.once('error', reject).resume();
  stream.once('close', () => {
    if (status === 200 && stream.rstCode === http2.constants.NGHTTP2_NO_ERROR) resolve(begunMs);
    else reject(failure(status === undefined || status === 200 ? 'ECONNRESET' : `status ${status}`));
  });
  stream.end(body);
  return promise;
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });
