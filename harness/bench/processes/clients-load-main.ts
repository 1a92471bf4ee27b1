/** The load of `clients`, in a process of its own: one library. */
import tls from 'node:tls';
import { systemClock } from 'shaketable-proxy/clock';
import { ask, codeOf, type Question } from '../load/clients/ask.ts';
import type { SendRequest } from '../load/clients/client.ts';
import { type LibraryName, libraries } from '../load/clients/index.ts';
import { openLoop } from '../load/open-loop.ts';
import { serveKinds } from './helper.ts';

const clock = systemClock();
let send: SendRequest = () => Promise.reject(new Error('Expected a library to be chosen first'));

/** A proxy of the machine is not between the load and ours. */
process.env.NO_PROXY = '127.0.0.1';

serveKinds({
  /** Takes a library, which trusts the authority in the place of the usual ones. */
  library: async ({ library, ca }) => {
    tls.setDefaultCACertificates([String(ca)]);
    send = await libraries[library as LibraryName].create();
  },
  /** One request after the other. */
  warm: async ({ url, count }) => {
    for (let index = 0; index < Number(count); index += 1)
      await send({ method: 'POST', url: String(url), operation: 'warm' });
  },
  /** By a schedule. */
  rate: ({ url, ratePerSecond, durationMs, prefix }) =>
    openLoop({
      ratePerSecond: Number(ratePerSecond),
      durationMs: Number(durationMs),
      clock,
      async send(index) {
        const begunMs = clock.now();
        const status = await send({
          method: 'POST',
          url: String(url),
          operation: `${prefix}${index}`,
        }).catch((error: unknown) => {
          throw Object.assign(new Error('no answer', { cause: error }), { code: codeOf(error) });
        });
        if (status !== 200) throw Object.assign(new Error('refused'), { code: `status ${status}` });
        return begunMs;
      },
    }),
  /** All questions at once. */
  ask: ({ questions }) =>
    Promise.all((questions as readonly Question[]).map((question) => ask(send, question, clock))),
});
