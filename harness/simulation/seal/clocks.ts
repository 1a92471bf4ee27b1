/** `Date`, `performance` and the process's clocks: while a simulation runs they read its time. */
import { current } from './current.ts';

const nsOfUs = 1_000n;

export function sealClocks(): void {
  const RealDate = globalThis.Date;
  const nowMs = (): number => Math.floor(current()?.clock.now() ?? RealDate.now());
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [nowMs()] : args, newTarget) as object,
    apply: () => new RealDate(nowMs()).toString(),
    get: (target, key) => (key === 'now' ? nowMs : Reflect.get(target, key)),
  });

  const realNow = performance.now.bind(performance);
  const now = (): number => {
    const simulation = current();
    return simulation ? simulation.queue.nowUs / 1_000 : realNow();
  };
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true });
  Object.defineProperty(performance, 'timeOrigin', {
    get: () => (current() ? nowMs() - now() : RealDate.now() - realNow()),
    configurable: true,
  });

  const { hrtime, uptime } = process;
  const sealedHrtime = (since?: [number, number]): [number, number] => {
    const simulation = current();
    if (!simulation) return hrtime(since);
    const ns =
      BigInt(simulation.queue.nowUs) * nsOfUs -
      (since ? BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]) : 0n);
    return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  };
  const { bigint } = hrtime;
  process.hrtime = Object.assign(sealedHrtime, {
    bigint: () => {
      const simulation = current();
      return simulation ? BigInt(simulation.queue.nowUs) * nsOfUs : bigint();
    },
  });
  process.uptime = () => {
    const simulation = current();
    return simulation ? simulation.queue.nowUs / 1_000_000 : uptime.call(process);
  };
}
