/** How a stage carries items through changes of its toxic. */
import { expect, it } from 'vitest';
import { ToxicRig } from './toxic-rig.ts';

it('passes no byte twice when a toxic that begins within a chunk is started anew', async () => {
  const rig = new ToxicRig({ type: 'stall', only: { from_bytes: 3 } });
  rig.arrive('abcdef');

  rig.update({ only: { from_bytes: 5 } });
  expect(rig.output()).toBe('abcde');
  rig.update({ only: {} });
  rig.lift();

  expect(rig.output()).toBe('abcdef');
});
