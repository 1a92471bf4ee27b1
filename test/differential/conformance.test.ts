/** The conformance checklist, item by item, on the real server and on ours. */
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findToxiproxyServer, toxiproxyVersion } from '../../harness/bench/rig/toxiproxy-program.ts';
import { Subjects } from './bench/subject.ts';
import { checks } from './checks/index.ts';
import { differences } from './differences.ts';
import { judge, type Verdict } from './judge.ts';
import { conformancePage } from './table.ts';

const found = await findToxiproxyServer(console.log);
if ('reason' in found) console.log(`skipped: the comparison with the real Toxiproxy: ${found.reason}`);

/** Slower, and ours has a processor of its own: `SHAKETABLE_DIFFERENTIAL=program npm run test:differential`. */
const asProgram = process.env.SHAKETABLE_DIFFERENTIAL === 'program';
const subjects = 'path' in found ? new Subjects(found.path, { asProgram }) : undefined;
const verdicts: Verdict[] = [];
const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ family }) => family === 'IPv6'),
);

it('has one check an item, and lists differences of those alone', () => {
  const items = checks.map(({ item }) => item);

  expect(new Set(items).size).toBe(items.length);
  expect(items.filter((item) => item <= 122)).toEqual(Array.from({ length: 122 }, (_, index) => index + 1));
  expect(differences.map(({ item }) => item).filter((item) => !items.includes(item))).toEqual([]);
});

describe.skipIf(!subjects)('agrees with Toxiproxy, or differs as listed', () => {
  it.each(checks)('$item: $title', async (check) => {
    if (!subjects) return;
    const verdict = await judge(check, subjects);
    verdicts.push(verdict);
    if (verdict.rounds > 1) console.log(`${check.item}: looked at ${verdict.rounds} times`);

    expect(verdict.surprises.map(({ text }) => text)).toEqual([]);
  });

  it('is described by the page as it was measured', async ({ skip }) => {
    skip(verdicts.length < checks.length, 'only some of the checks ran');
    skip(!hasIPv6, 'the page was written on a machine with IPv6');
    const surprising = verdicts.filter(({ surprises }) => surprises.length > 0);
    expect(surprising.map(({ check }) => check.item)).toEqual([]);

    await expect(conformancePage(verdicts, toxiproxyVersion)).toMatchFileSnapshot(
      '../../docs/reference/conformance.md',
    );
  });
});
