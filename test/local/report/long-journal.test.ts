import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Journals } from '../../../harness/report/read-run.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { check, fleetJournal, runOf, scenario, subject } from '../../unit/report/fixture-run.ts';
import { chromium, openPage } from './browser.ts';
import { type Costs, costsOn, inScenario } from './interactions.ts';
import { type StoredPage, storePage, withoutChromium } from './stored-page.ts';

/** A run of one folded scenario and another; naive's journal has that of `cycles` reports. */
function runWith(cycles: number): { run: RunResult; journals: Journals; entries: number } {
  const journal = { naive: 'journals/a__b.naive.ndjson', hardened: 'journals/a__b.hardened.ndjson' };
  const naive = fleetJournal('a/b', 'naive', cycles);
  const hardened = fleetJournal('a/b', 'hardened', Math.min(cycles, 1_000));
  const subjects = [
    subject('naive', [check('handshakes', 'fail', { evidence: [5] })], { journal: journal.naive }),
    subject('hardened', [check('handshakes', 'pass', { evidence: [5] })], { journal: journal.hardened }),
  ];
  return {
    run: runOf([scenario('a/b', { subjects }), scenario('a/c')]),
    journals: new Map([
      [journal.naive, naive],
      [journal.hardened, hardened],
    ]),
    entries: naive.entries.length,
  };
}

const listed = `${inScenario('table.live')}?.getAttribute('aria-rowcount')`;

/**
 * What a hundred times the entries may add to an interaction: so many times what an interaction costs on the short journal, on
 * average. Unpacking a whole journal for one entry added four.
 */
const mostAdded = 2.5;

/** A filter looks through all entries, in slices. */
const mostAddedByFilter = 8;

describe.skipIf(withoutChromium('a journal of 100,000 entries'))('a journal of 100,000 entries', () => {
  const { entries, ...long } = runWith(12_500);
  let small: StoredPage;
  let big: StoredPage;

  beforeAll(async () => {
    small = await storePage(runWith(120));
    big = await storePage(long);
  });

  afterAll(async () => {
    await small[Symbol.asyncDispose]();
    await big[Symbol.asyncDispose]();
  });

  it('costs the main thread little more than one of a hundredth', { timeout: 240_000 }, async () => {
    const [few, many]: [Costs[], Costs[]] = [[], []];
    for (let round = 0; round < 2; round += 1) {
      few.push(await costsOn(small.url));
      many.push(await costsOn(big.url));
    }

    const lowest = (costs: readonly Costs[], name: string) =>
      Math.min(...costs.map(({ spent }) => spent[name] ?? 0));
    const names = Object.keys(few[0]?.spent ?? {});
    const mean = names.reduce((sum, name) => sum + lowest(few, name), 0) / names.length;
    const table = names.map((name) => {
      const [a, b] = [lowest(few, name), lowest(many, name)];
      return {
        name,
        a,
        b,
        added: (b - a) / mean,
        most: name.startsWith('filter') ? mostAddedByFilter : mostAdded,
      };
    });
    const lines = table.map(
      ({ name, a, b, added }) =>
        `${name.padEnd(18)}${a.toFixed(1).padStart(8)}${b.toFixed(1).padStart(9)} ms${added.toFixed(1).padStart(8)}`,
    );
    console.log([`interaction          1:100   ${entries} entries, added means`, ...lines].join('\n'));
    expect(entries).toBeGreaterThan(100_000);
    expect([...few, ...many].flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(names.length).toBeGreaterThan(10);
    expect(table.filter(({ added, most }) => !(added < most))).toEqual([]);
  });

  it('is all there, to the last entry', async () => {
    await using page = await openPage(chromium ?? '', `${big.url}#a/b/naive/${entries}`);
    await page.until(`document.querySelector('tr.linked')`);

    expect(await page.evaluate(`document.querySelector('tr.linked').cells[0].textContent`)).toBe(
      String(entries),
    );
    expect(await page.evaluate(listed)).toBe(String(entries + 1));
    expect(await page.evaluate(`document.querySelectorAll('*').length`)).toBeLessThan(5_000);
  });
});
