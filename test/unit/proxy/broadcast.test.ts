import { afterEach, expect, it, vi } from 'vitest';
import { Broadcast } from '../../../proxy/core/broadcast.ts';

afterEach(() => void vi.unstubAllGlobals());

it('tells the others too when a listener throws, which comes up as an uncaught error', () => {
  const tasks: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (task: () => void) => tasks.push(task));
  const broadcast = new Broadcast();
  const told: [string, number][] = [];
  broadcast.subscribe(() => {
    throw new Error('a listener’s own mistake');
  });
  broadcast.subscribe((event, number) => told.push([event.type, number]));

  broadcast.emit({ type: 'proxy-stopped', at: 0, proxy: 'p' });

  expect(told).toEqual([['proxy-stopped', 1]]);
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toThrow('a listener’s own mistake');
});
