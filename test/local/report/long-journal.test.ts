import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Journals } from '../../../harness/report/read-run.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { check, fleetJournal, runOf, scenario, subject } from '../../unit/report/fixture-run.ts';
import { chromium, type OpenPage, openPage } from './browser.ts';
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

const inScenario = (selector: string) => `document.getElementById('a/b').querySelector('${selector}')`;
const listed = `${inScenario('table.live')}?.getAttribute('aria-rowcount')`;
const twoFrames = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';

/** What a reader does, and how to see that it is done. */
const interactions: Readonly<Record<string, readonly [act: string, done: string]>> = {
  open: [
    `document.getElementById('a/b').open = true`,
    `${inScenario('.axis')}.getBoundingClientRect().width > 0`,
  ],
  'zoom in': [`${inScenario('[data-zoom=in]')}.click()`, `!${inScenario('input[type=range]')}.disabled`],
  'zoom closer': [
    `for (let step = 0; step < 5; step += 1) ${inScenario('[data-zoom=in]')}.click()`,
    `Number.parseFloat(${inScenario('.span')}.value) > 0`,
  ],
  pan: [
    `${inScenario('.axis')}.dispatchEvent(new WheelEvent('wheel', { deltaX: 90, bubbles: true, cancelable: true }))`,
    'true',
  ],
  'show all': [`${inScenario('[data-zoom=all]')}.click()`, `${inScenario('input[type=range]')}.disabled`],
  point: [
    `${inScenario('.panel rect.b-failed')}.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))`,
    `${inScenario('.probe')}.textContent.includes('struck by')`,
  ],
  list: [`${inScenario('details.entries')}.open = true`, `${inScenario('.raw tr[data-i]')}`],
  scroll: [
    `${inScenario('.scroll')}.scrollTop = ${inScenario('.scroll')}.scrollHeight / 2`,
    `Number(${inScenario('tr[data-i]')}.dataset.i) > 50`,
  ],
  filter: [
    `{ const field = ${inScenario('.sift input')}; field.value = 'handshake FAILED';
       field.dispatchEvent(new Event('input', { bubbles: true })); }`,
    `${inScenario('.sift output')}.value !== ''`,
  ],
  'filter scenarios': [
    `{ const { text } = document.forms.filter.elements; text.value = 'a/b';
       text.dispatchEvent(new Event('input', { bubbles: true })); }`,
    `document.getElementById('shown').value === '1 of 2'`,
  ],
};

/** Milliseconds of processor time that the page's main thread has spent, whatever else the machine does. */
async function spent(page: OpenPage): Promise<number> {
  await page.evaluate(twoFrames);
  const { metrics } = (await page.send('Performance.getMetrics')) as {
    metrics: { name: string; value: number }[];
  };
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

/** What each interaction costs on a page. */
async function costs(url: string): Promise<Record<string, number>> {
  await using page = await openPage(chromium ?? '', url);
  await page.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(`document.querySelectorAll('details').forEach((one) => { one.open = false; })`);
  const found: Record<string, number> = {};
  for (const [name, [act, done]] of Object.entries(interactions)) {
    const before = await spent(page);
    await page.evaluate(act);
    await page.until(done);
    found[name] = (await spent(page)) - before;
  }
  expect(page.complaints).toEqual([]);
  return found;
}

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

  it('costs the main thread little more than one of a hundredth', async () => {
    const few = await costs(small.url);
    const many = await costs(big.url);

    const table = Object.keys(interactions).map((name) => {
      const [a = 0, b = 0] = [few[name], many[name]];
      return `${name.padEnd(18)}${a.toFixed(1).padStart(8)}${b.toFixed(1).padStart(8)} ms${(b / a).toFixed(1).padStart(7)}`;
    });
    console.log([`interaction          1:100  ${entries} entries  ratio`, ...table].join('\n'));
    expect(entries).toBeGreaterThan(100_000);
    const total = (costs: Record<string, number>) => Object.values(costs).reduce((sum, ms) => sum + ms, 0);
    expect(total(many) / total(few)).toBeLessThan(8);
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
