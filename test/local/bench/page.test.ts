import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBenchReports } from '../../../harness/bench/report/write-bench.ts';
import { matrixBench } from '../../unit/bench/html/matrix-bench.ts';
import { chromium, openPage } from '../report/browser.ts';

if (chromium === undefined)
  console.log('skipped: the page of a benchmark in a browser, since there is no Chromium here');

describe.skipIf(chromium === undefined)('the page of a benchmark in Chromium', () => {
  let directory = '';
  const open = () => openPage(chromium ?? '', pathToFileURL(join(directory, 'index.html')).href);
  const openAll = `[...document.querySelectorAll('details')].forEach((one) => { one.open = true; });`;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'shaketable-bench-page-'));
    await writeBenchReports(directory, matrixBench());
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('loads without an error, a blocked script or a request', async () => {
    await using page = await open();

    expect(await page.evaluate('document.title')).toContain('not as expected');
    expect(page.complaints).toEqual([]);
  });

  it('may not send anything, even if a script in it wanted to', async () => {
    await using page = await open();

    expect(await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')`)).toBe(
      'refused',
    );
  });

  it.each([
    375, 768, 1_280, 1_920,
  ])('fits %i pixels without scrolling sideways, whatever is open', async (width) => {
    await using page = await open();

    await page.resize(width);

    expect(await page.evaluate(`${openAll} document.documentElement.scrollWidth`)).toBe(width);
  });

  it('draws curves, marks, intervals and bars within their charts', async () => {
    await using page = await open();

    const outside = await page.evaluate(`${openAll}
      [...document.querySelectorAll('.plot path, .plot use, .forest .reach, .bars rect')].filter((part) => {
        const [inner, outer] = [part, part.ownerSVGElement.closest('.plot, td')].map((one) => one.getBoundingClientRect());
        return inner.left < outer.left - 6 || inner.right > outer.right + 6 || inner.top < outer.top - 6 ||
          inner.bottom > outer.bottom + 6;
      }).map((part) => part.outerHTML)`);
    const drawn = `['.plot .line', '.plot .mark', '.forest .reach', '.bars rect'].map((one) => document.querySelectorAll(one).length)`;

    expect(outside).toEqual([]);
    for (const count of (await page.evaluate(drawn)) as number[]) expect(count).toBeGreaterThan(1);
  });

  it('brings the line of a pressed key forward', async () => {
    await using page = await open();
    const dim = `[...document.querySelector('.chart').querySelectorAll('.plot [data-s]')].map((line) => line.classList.contains('dim'))`;
    await page.evaluate(`document.querySelector('.key').focus()`);

    const before = await page.evaluate(dim);
    await page.evaluate(`document.activeElement.click()`);
    const after = await page.evaluate(dim);

    expect(before).toEqual([false, false]);
    expect(after).toEqual([false, true]);
    expect(await page.evaluate(`document.activeElement.getAttribute('aria-pressed')`)).toBe('true');
  });

  it('opens what a link leads into', async () => {
    await using page = await open();
    await page.evaluate(`document.querySelector('details:not([open]) > :not(summary)').id = 'in here';
      location.hash = 'in%20here'`);

    await page.until(`document.getElementById('in here').closest('details').open`);
  });

  it('copies a command, or shows it selected where the browser forbids that', async () => {
    await using page = await open();
    await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))`);

    await page.evaluate(`document.querySelector('.workload .copy').click()`);
    await page.until(`document.querySelector('.workload .copy').textContent === 'Selected'`);

    expect(await page.evaluate(`document.activeElement.value`)).toBe(matrixBench().workloads[0]?.replay);
  });

  it('prints what is folded, and folds it again', async () => {
    await using page = await open();
    const folded = `document.querySelectorAll('details:not([open])').length`;
    const before = await page.evaluate(folded);

    expect(await page.evaluate(`dispatchEvent(new Event('beforeprint')); ${folded}`)).toBe(0);
    expect(await page.evaluate(`dispatchEvent(new Event('afterprint')); ${folded}`)).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  it('gives the command to copy, as it is in the file', async () => {
    await using page = await open();

    const texts = await page.evaluate(
      `[...document.querySelectorAll('.workload .copy')].map((one) => one.dataset.copy)`,
    );

    expect(texts).toEqual(matrixBench().workloads.map(({ replay }) => replay));
  });

  it('has a table or words for each chart that is drawn', async () => {
    await using page = await open();

    const mute = await page.evaluate(`[...document.querySelectorAll('main svg')].filter((chart) =>
      chart.ownerSVGElement === null && chart.getAttribute('aria-hidden') !== 'true' &&
      !(chart.getAttribute('role') === 'img' && chart.getAttribute('aria-label'))).length`);

    expect(mute).toBe(0);
    expect(
      await page.evaluate(
        `document.querySelectorAll('.chart').length - document.querySelectorAll('.chart table').length`,
      ),
    ).toBe(
      await page.evaluate(
        `[...document.querySelectorAll('summary')].find((one) => one.textContent === 'Medians by round').parentElement.querySelectorAll('.chart').length`,
      ),
    );
  });

  it.each(['light', 'dark'])('violates no rule of axe, %s', async (scheme) => {
    await using page = await open();
    await page.evaluate(axe.source);
    await page.colorScheme(scheme);

    const violations =
      await page.evaluate(`${openAll} axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')))`);

    expect(violations).toEqual([]);
  });
});
