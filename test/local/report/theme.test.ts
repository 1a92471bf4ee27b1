import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureRun } from '../../unit/report/fixture-run.ts';
import { chromium, type OpenPage, openPage } from './browser.ts';
import { type StoredPage, storePage, withoutChromium } from './stored-page.ts';

const systemIs = (page: OpenPage, value: 'light' | 'dark') =>
  page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });

/** Whether the paper is dark. */
const isDark = `Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)) < 128`;

const choose = `document.getElementById('theme').click()`;

describe.skipIf(withoutChromium('the theme'))('the theme', () => {
  let stored: StoredPage;
  const open = () => openPage(chromium ?? '', stored.url);

  beforeAll(async () => {
    stored = await storePage(fixtureRun());
  });

  afterAll(() => stored[Symbol.asyncDispose]());

  it('follows the system until the reader chooses', async () => {
    await using page = await open();

    const seen: unknown[] = [];
    for (const system of ['light', 'dark'] as const) {
      await systemIs(page, system);
      seen.push(await page.evaluate(isDark));
    }
    await page.evaluate(choose);
    seen.push(await page.evaluate(isDark));
    await systemIs(page, 'light');
    await page.evaluate(choose);
    seen.push(await page.evaluate(isDark));

    expect(seen).toEqual([false, true, false, true]);
    expect(await page.evaluate(`document.getElementById('theme').textContent`)).toBe('Theme: dark');
  });

  it('is remembered where storage is allowed', async () => {
    await using page = await open();
    await systemIs(page, 'light');
    await page.evaluate(`${choose}; ${choose};`);

    await page.send('Page.reload');
    await page.until(`performance.now() < 4000 && document.readyState === 'complete'`);

    expect(await page.evaluate(`document.documentElement.dataset.theme`)).toBe('dark');
    expect(await page.evaluate(isDark)).toBe(true);
  });

  it('is chosen also where storage is forbidden', async () => {
    await using page = await open();
    await page.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });`,
    });
    await page.send('Page.reload');
    await page.until(`performance.now() < 4000 && document.readyState === 'complete'`);
    await page.evaluate(`${choose}; ${choose};`);

    expect(await page.evaluate(isDark)).toBe(true);
    expect(page.complaints).toEqual([]);
  });
});
