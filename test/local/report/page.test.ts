import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Recording, writeRecording } from '../../../harness/journal/store.ts';
import { writeReports } from '../../../harness/report/write-reports.ts';
import { fixtureRun } from '../../unit/report/fixture-run.ts';
import { chromium, openPage } from './browser.ts';

if (chromium === undefined) console.log('skipped: the page in a browser, since there is no Chromium here');

describe.skipIf(chromium === undefined)('the page in Chromium', () => {
  let directory = '';
  const open = (hash = '') =>
    openPage(chromium ?? '', `${pathToFileURL(join(directory, 'index.html')).href}${hash}`);

  beforeAll(async () => {
    const { run, journals } = fixtureRun();
    directory = await mkdtemp(join(tmpdir(), 'shaketable-page-'));
    await mkdir(join(directory, 'journals'));
    for (const [path, recording] of journals)
      await writeRecording(join(directory, path), recording as Recording);
    await writeReports(directory, run);
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('loads without an error, a blocked script or a request', async () => {
    await using page = await open();

    expect(await page.evaluate('document.title')).toContain('not as expected');
    expect(page.complaints).toEqual([]);
  });

  it('draws every mark inside the axis', async () => {
    await using page = await open();

    const outside = await page.evaluate(`
      [...document.querySelectorAll('details.scenario')].forEach((one) => { one.open = true; });
      [...document.querySelectorAll('.axis [data-n]')].filter((mark) => {
        const [inner, outer] = [mark, mark.closest('.axis')].map((one) => one.getBoundingClientRect());
        return inner.height === 0 || inner.left < outer.left - 9 || inner.right > outer.right + 9 ||
          inner.top < outer.top || inner.bottom > outer.bottom + 9;
      }).length`);

    expect(await page.evaluate(`document.querySelectorAll('.axis [data-n]').length`)).toBeGreaterThan(100);
    expect(outside).toBe(0);
  });

  it('shows what the filter asks for, and says how many that is', async () => {
    await using page = await open();
    const shown = `[...document.querySelectorAll('details.scenario:not([hidden]) .what code')].map((one) => one.textContent)`;
    const type = (name: string, value: string) =>
      page.evaluate(`{ const field = document.forms.filter.elements.${name}; field.value = ${JSON.stringify(value)};
        field.dispatchEvent(new Event('input', { bubbles: true })); ${shown} }`);

    expect(await type('text', 'HANDSHAKE cut')).toEqual(['fleet-resets/flaky-handshakes']);
    expect(await page.evaluate(`document.getElementById('shown').value`)).toBe('1 of 4');
    await type('text', '');
    expect(await type('outcome', 'inconclusive')).toEqual(['silent-socket/state-is-not-proof']);
    await type('outcome', '');
    expect(await type('requirement', 'R2.1')).toEqual(['unreachable/refused']);
  });

  it('opens the scenario that a link names', async () => {
    await using page = await open('#s-unreachable.refused');

    expect(await page.evaluate(`document.getElementById('s-unreachable.refused').open`)).toBe(true);
  });

  it('shows the entry behind a piece of evidence on the axis and in the list', async () => {
    await using page = await open();

    const seen = await page.evaluate(`{
      const link = document.querySelector('.is-unexpected a[data-e]');
      link.click();
      const body = link.closest('.body');
      ({ wanted: link.dataset.e,
         marked: body.querySelector('.axis .on').dataset.n.split(' '),
         told: body.querySelector('.probe').textContent,
         row: document.querySelector('.hit-row').cells[0].textContent.trim(),
         open: document.querySelector('.hit-row').closest('details').open,
         hash: location.hash }) }`);

    const { wanted, marked, told, row, ...rest } = seen as Record<string, string>;
    expect(marked).toContain(wanted);
    expect(told).toContain(`(${wanted})`);
    expect(row).toBe(wanted);
    expect(rest).toEqual({ open: true, hash: '' });
  });

  it('walks along the axis by keyboard and tells each entry without moving the page', async () => {
    await using page = await open();
    const look = `({ told: document.querySelector('.is-unexpected .probe').textContent, y: scrollY,
      height: document.documentElement.scrollHeight })`;
    await page.evaluate(`document.querySelector('.is-unexpected .axis').focus()`);
    const before = (await page.evaluate(look)) as { y: number; height: number };

    const told: string[] = [];
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'End']) {
      await page.press(key);
      const after = (await page.evaluate(look)) as { told: string; y: number; height: number };
      expect(after).toMatchObject({ y: before.y, height: before.height });
      told.push(after.told);
    }

    expect(new Set(told).size).toBe(told.length);
    expect(told[0]).toContain('fault.installed');
  });

  it('fits a phone without scrolling sideways, whatever is open', async () => {
    await using page = await open();

    await page.resize(360);
    const wide = await page.evaluate(`
      [...document.querySelectorAll('details')].forEach((one) => { one.open = true; });
      document.documentElement.scrollWidth`);

    expect(wide).toBe(360);
  });

  it('may not send anything, even if a script in it wanted to', async () => {
    await using page = await open();

    const answer = await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')`);

    expect(answer).toBe('refused');
    expect(page.complaints.join()).toContain('Content Security Policy');
  });
});
