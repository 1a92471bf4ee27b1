import { expect, it } from 'vitest';
import { worldTable } from '../../../harness/report/world-table.ts';
import { runOf, scenario } from './fixture-run.ts';

const slow = { id: 'slow', kind: 'latency', link: 'agent→server', place: 'link' };

it('puts the worlds of the same scenario side by side, with strikes and engines', () => {
  const faults = (engine: 'toxiproxy' | 'shaketable', naive: number, hardened: number) => [
    { ...slow, subject: 'naive', strikes: naive, engine },
    { ...slow, subject: 'hardened', strikes: hardened, engine },
  ];
  const local = runOf([scenario('fleet/one', { asExpected: true, faults: faults('shaketable', 3, 1) })]);
  const containers = runOf([scenario('fleet/one', { asExpected: true, faults: faults('toxiproxy', 5, 2) })], {
    world: 'containers',
  });

  expect(worldTable([local, containers])).toContain(
    '| fleet/one | as expected; latency 3+1 (shaketable) | as expected; latency 5+2 (toxiproxy) |',
  );
});

it('says why a scenario is not as expected, and shows one that a run lacks', () => {
  const run = runOf([
    scenario('fleet/one', { asExpected: false, inconclusive: ['nothing struck'], faults: [] }),
  ]);
  const other = runOf([scenario('fleet/two', { asExpected: true, faults: [] })], { world: 'containers' });

  const table = worldTable([run, other]);

  expect(table).toContain('| fleet/one | **nothing struck** | – |');
  expect(table).toContain('| fleet/two | – | as expected |');
});
