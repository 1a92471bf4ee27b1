import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openLoop } from '../../../harness/bench/load/open-loop.ts';
import { median, quantile } from '../../../harness/bench/statistics/order.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

const clock = systemClock();

/** A server that answers once `until(arrived)` of it is due. */
async function startServer(delayMs: (arrivedMs: number) => number) {
  const server = http.createServer((_request, response) => {
    const arrivedMs = clock.now();
    void clock.sleep(delayMs(arrivedMs)).then(() => response.end('ok'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const send = async (): Promise<number> => {
    const begunMs = clock.now();
    const request = http
      .request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent })
      .end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response.resume(), 'end');
    return begunMs;
  };
  return {
    send,
    async [Symbol.asyncDispose]() {
      agent.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

it('takes 20 ms for the service of a server that sleeps 20 ms', async () => {
  await using server = await startServer(() => 20);
  // Requests of the first second compile what they need.
  await openLoop({ ratePerSecond: 50, durationMs: 1_000, clock, send: server.send });

  const { serviceMs, fromPlanMs, scheduleErrorMs, errors } = await openLoop({
    ratePerSecond: 50,
    durationMs: 4_000,
    clock,
    send: server.send,
  });

  expect(errors).toEqual({});
  expect(serviceMs).toHaveLength(200);
  expect(fromPlanMs).toHaveLength(200);
  expect(Math.min(...serviceMs)).toBeGreaterThanOrEqual(19);
  // A busy machine is late with some; half of them are on time unless nothing else is.
  expect(quantile(serviceMs, 0.25)).toBeLessThan(22 + median(scheduleErrorMs));
  expect(Math.min(...scheduleErrorMs)).toBeGreaterThanOrEqual(0);
});

it('shows a freeze of 1.5 s in 10 s from the plan on, which the median does not', async () => {
  const startMs = clock.now();
  const frozen = { fromMs: startMs + 4_000, untilMs: startMs + 5_500 };
  await using server = await startServer((arrivedMs) =>
    arrivedMs >= frozen.fromMs && arrivedMs < frozen.untilMs ? frozen.untilMs - arrivedMs : 1,
  );

  const { serviceMs, fromPlanMs } = await openLoop({
    ratePerSecond: 100,
    durationMs: 10_000,
    clock,
    send: server.send,
  });

  expect(fromPlanMs).toHaveLength(1_000);
  expect(quantile(fromPlanMs, 0.99)).toBeGreaterThanOrEqual(1_200);
  expect(median(serviceMs)).toBeLessThan(200);
});
