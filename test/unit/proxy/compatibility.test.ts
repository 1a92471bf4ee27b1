/** What `compatibility: 'toxiproxy'` changes in toxics; the rest is measured in `test/differential`. */
import { expect, it } from 'vitest';
import { ToxicRig } from './toxic-rig.ts';

it('reset_peer leaves an idle connection alone, and closes it by FIN when it is no longer idle', async () => {
  const rig = new ToxicRig(
    { type: 'reset_peer', attributes: { timeout: 300 } },
    { compatibility: 'toxiproxy', foundOpen: true },
  );
  await rig.advance(1_000);
  rig.arrive('dropped');
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['1300: close fin']);
});
