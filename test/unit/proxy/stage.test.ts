/** How a stage carries items through changes of its toxic. */
import { expect, it } from 'vitest';
import { ToxicRig } from './toxic-rig.ts';

it('passes no byte twice when a toxic that begins within a chunk is started anew', () => {
  const rig = new ToxicRig({ type: 'stall', only: { from_bytes: 3 } });
  rig.arrive('abcdef');

  rig.update({});
  expect(rig.output()).toBe('abc');
  rig.lift();

  expect(rig.output()).toBe('abcdef');
});

it('lets nothing overtake what a toxic holds when it should begin later from now on', () => {
  const rig = new ToxicRig({ type: 'reset_after', attributes: { bytes: 100 } });
  rig.arrive('abc');

  rig.update({ only: { from_bytes: 10 } });
  rig.arrive('def');
  rig.lift();

  expect(rig.output()).toBe('abcdef');
});
