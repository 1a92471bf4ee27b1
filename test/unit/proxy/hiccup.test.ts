/** The example of docs/adding-a-toxic.md. */
import { expect, it } from 'vitest';
import { hiccup } from '../../../docs/examples/hiccup.ts';
import { registerToxic } from '../../../proxy/index.ts';
import { ToxicRig } from './toxic-rig.ts';

registerToxic(hiccup);

it('hiccup holds what arrives in its pause until the pause is over', async () => {
  const rig = new ToxicRig({ type: 'hiccup', attributes: { every: 1_000, pause: 200 } });
  for (const message of ['a', 'b', 'c']) {
    await rig.advance(150);
    rig.arrive(message);
  }
  await rig.advance(600);
  rig.arrive('d');
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['200: a', '300: b', '450: c', '1200: d']);
  expect(rig.strikes).toEqual([
    { reason: 'held for 50 ms', bytes: 1, delivered: true },
    { reason: 'held for 150 ms', bytes: 1, delivered: true },
  ]);
});

it('cannot be registered twice, nor in the place of a built-in one', () => {
  expect(() => registerToxic(hiccup)).toThrow('of the type hiccup already');
});
