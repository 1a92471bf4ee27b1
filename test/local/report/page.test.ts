import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureRun } from '../../unit/report/fixture-run.ts';
import { chromium, openPage } from './browser.ts';
import { type StoredPage, storePage, withoutChromium } from './stored-page.ts';

describe.skipIf(withoutChromium('the page'))('the page in Chromium', () => {
  let stored: StoredPage;
  const open = (hash = '') => openPage(chromium ?? '', `${stored.url}${hash}`);

  beforeAll(async () => {
    stored = await storePage(fixtureRun());
  });

  afterAll(() => stored[Symbol.asyncDispose]());

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
    expect(await page.evaluate(`document.querySelectorAll('.cell.dim').length`)).toBe(3);
    await type('text', '');
    expect(await type('outcome', 'inconclusive')).toEqual(['silent-socket/state-is-not-proof']);
    await type('outcome', '');
    expect(await type('requirement', 'R2.1')).toEqual(['unreachable/refused']);
  });

  it('may not send anything, even if a script in it wanted to', async () => {
    await using page = await open();

    const answer = await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')`);

    expect(answer).toBe('refused');
    expect(page.complaints.join()).toContain('Content Security Policy');
  });
});
