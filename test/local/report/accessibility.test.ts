import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureRun } from '../../unit/report/fixture-run.ts';
import { chromium, type OpenPage, openPage } from './browser.ts';
import { type StoredPage, storePage, withoutChromium } from './stored-page.ts';

/** What axe finds wrong, with where. */
async function violations(page: OpenPage): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]))`);
}

const openAll = `[...document.querySelectorAll('details')].forEach((one) => { one.open = true; })`;

describe.skipIf(withoutChromium('accessibility'))('a reader', () => {
  let stored: StoredPage;
  const open = (hash = '') => openPage(chromium ?? '', `${stored.url}${hash}`);

  beforeAll(async () => {
    stored = await storePage(fixtureRun());
  });

  afterAll(() => stored[Symbol.asyncDispose]());

  it.each(['light', 'dark'])('meets nothing that axe finds wrong, in the %s theme', async (value) => {
    await using page = await open();
    await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
    await page.evaluate(openAll);
    await page.until(`document.querySelectorAll('table.live').length === 8`);
    await page.evaluate(`document.querySelector('a[data-e]').click()`);
    await page.until(`document.querySelector('.probe.told') && document.querySelector('.hit-row')`);

    expect(await violations(page)).toEqual([]);
  });

  it.each([375, 1_024, 1_920])('never scrolls sideways at %d pixels, whatever is open', async (width) => {
    await using page = await open();
    await page.resize(width);
    await page.evaluate(openAll);
    await page.until(`document.querySelectorAll('table.live').length === 8`);
    await page.evaluate(`document.querySelectorAll('[data-zoom=in]').forEach((one) => one.click())`);

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(
      await page.evaluate(`[...document.querySelectorAll('button, input, select, summary, .axis, .scroll')]
        .filter((one) => one.checkVisibility())
        .filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < 0 || right > innerWidth + 0.5; })
        .map((one) => one.outerHTML.slice(0, 100))`),
    ).toEqual([]);
  });

  it('reaches everything by Tab, in the order of the page, and sees where the focus is', async () => {
    await using page = await open();

    const seen: { tag: string; top: number; outline: string }[] = [];
    for (let step = 0; step < 60; step += 1) {
      await page.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Tab', code: 'Tab' });
      seen.push(
        (await page.evaluate(`(() => { const one = document.activeElement; return {
          tag: one.closest('.axis') ? 'axis' : (one.className || one.id || one.tagName).toString(),
          top: one.getBoundingClientRect().top + scrollY,
          outline: getComputedStyle(one).outlineStyle }; })()`)) as {
          tag: string;
          top: number;
          outline: string;
        },
      );
    }

    const end = seen.findIndex(({ tag }, index) => index > 0 && tag === 'BODY');
    const met = (end < 0 ? seen : seen.slice(0, end)).filter(({ tag }) => tag !== 'BODY');
    const tags = met.map(({ tag }) => tag);
    for (const tag of ['theme js', 'copy js', 'link js', 'report js', 'axis']) expect(tags).toContain(tag);
    expect(met.filter(({ outline }) => outline === 'none')).toEqual([]);
    expect(met.filter(({ top }, index) => top < (met[index - 1]?.top ?? 0) - 200)).toEqual([]);
  });
});
