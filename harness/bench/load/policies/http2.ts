/** HTTP/2 by node:http2: every request a stream of one connection, which is made anew when it is gone. */
import http2 from 'node:http2';
import type { Clock } from 'shaketable-proxy/clock';
import { identityOf, isSuccess, StatusError } from '../server-target.ts';
import { type Ask, askOf, type PolicyClient, type Target } from './policy.ts';

export function createHttp2Client(target: Target, clock: Clock): PolicyClient {
  const { port, ca, server } = target;
  let current: http2.ClientHttp2Session | undefined;
  const open = new Set<http2.ClientHttp2Session>();
  const session = (): http2.ClientHttp2Session => {
    if (current && !current.closed && !current.destroyed) return current;
    const made = http2.connect(`https://127.0.0.1:${port}`, {
      ...(ca === undefined ? {} : { ca }),
      ...identityOf(server ?? { hostname: 'localhost' }),
    });
    open.add(made);
    made.on('error', () => {}); // Its streams are told as well.
    made.once('close', () => open.delete(made));
    current = made;
    return made;
  };
  return {
    request: (operation) => send(session(), askOf(target, operation), clock),
    async close() {
      const over = [...open].map((one) => new Promise((resolve) => one.once('close', resolve)));
      for (const one of open) one.destroy();
      await Promise.all(over);
    },
  };
}

function send(session: http2.ClientHttp2Session, ask: Ask, clock: Clock): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const begunMs = clock.now();
  const { host, ...headers } = ask.headers;
  const asked = {
    ':method': ask.method,
    ':path': ask.path,
    ...(host === undefined ? {} : { ':authority': host }),
    ...headers,
  };
  // A request without a body ends with its headers, and must not be ended again.
  const stream = session.request(asked, { endStream: ask.body === '' });
  let status: number | undefined;
  stream.setTimeout(ask.timeoutMs, () => stream.destroy(failure('ETIMEDOUT')));
  stream.once('response', (answer) => {
    status = answer[':status'];
  });
  stream.once('error', reject).resume();
  stream.once('close', () => {
    const whole = status !== undefined && stream.rstCode === http2.constants.NGHTTP2_NO_ERROR;
    if (!whole) reject(failure('ECONNRESET'));
    else if (isSuccess(status)) resolve(begunMs);
    else reject(new StatusError(status));
  });
  if (ask.body !== '') stream.end(ask.body);
  return promise;
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });
