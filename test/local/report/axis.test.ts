import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureRun } from '../../unit/report/fixture-run.ts';
import { chromium, type OpenPage, openPage } from './browser.ts';
import { type StoredPage, storePage, withoutChromium } from './stored-page.ts';

const scenario = 'fleet-resets/one-handshake-per-request';
const inScenario = (selector: string) =>
  `document.getElementById('${scenario}').querySelector('${selector}')`;

/** Seconds of lab time that the axis begins and ends at. */
async function span(page: OpenPage): Promise<[from: number, to: number]> {
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
  const text = String(await page.evaluate(`${inScenario('.span')}.value`));
  const [from = 0, to = 0] = text.split(' to ').map(Number.parseFloat);
  return [from, to];
}

/** Where naive and hardened have the entry that begins each, in pixels. */
const firstConnections = `[...document.getElementById('${scenario}').querySelectorAll('.panel')].map((panel) =>
  Math.round(panel.querySelector('rect.b-secure').getBoundingClientRect().left))`;

describe.skipIf(withoutChromium('the time axis'))('the time axis', () => {
  let stored: StoredPage;
  const open = async () => {
    const page = await openPage(chromium ?? '', `${stored.url}#${scenario}`);
    await page.until(`document.querySelector('.linked')`);
    await page.evaluate(`${inScenario('.axis')}.scrollIntoView({ block: 'center' })`);
    return page;
  };

  beforeAll(async () => {
    stored = await storePage(fixtureRun());
  });

  afterAll(() => stored[Symbol.asyncDispose]());

  it('zooms and pans by buttons, keys and slider, and shows all again', async () => {
    await using page = await open();
    const [, end] = await span(page);

    await page.evaluate(`${inScenario('[data-zoom=in]')}.click()`);
    const [from, to] = await span(page);
    expect(to - from).toBeCloseTo(end / 2, 1);

    await page.evaluate(`${inScenario('.axis')}.focus()`);
    await page.press('+');
    expect((await span(page)).reduce((a, b) => b - a)).toBeCloseTo(end / 4, 1);
    const before = await span(page);
    await page.press('ArrowRight', 8);
    expect((await span(page))[0]).toBeGreaterThan(before[0]);
    await page.press('-');
    expect((await span(page)).reduce((a, b) => b - a)).toBeCloseTo(end / 2, 1);

    await page.evaluate(`{ const range = ${inScenario('input[type=range]')};
      range.value = 1000; range.dispatchEvent(new Event('input', { bubbles: true })); }`);
    expect((await span(page))[1]).toBe(end);
    await page.press('0');
    expect(await span(page)).toEqual([0, end]);
  });

  it('zooms around the pointer with Ctrl and the wheel, and pans with Shift and the wheel', async () => {
    await using page = await open();
    const [, end] = await span(page);
    const box = (await page.evaluate(`${inScenario('.axis')}.getBoundingClientRect().toJSON()`)) as DOMRect;
    const wheel = (modifiers: number, deltaY: number) =>
      page.send('Input.dispatchMouseEvent', {
        ...{ type: 'mouseWheel', x: box.left + box.width / 4, y: box.top + 80, deltaX: 0, deltaY, modifiers },
      });

    await wheel(2, -100);
    const [from, to] = await span(page);
    expect([from / end, to / end].map((share) => Math.round(share * 1_000))).toEqual([125, 625]);

    await wheel(8, 200);
    expect((await span(page))[0]).toBeGreaterThan(from);
    expect(await page.evaluate('devicePixelRatio')).toBe(1);
  });

  it('is dragged without anything being clicked', async () => {
    await using page = await open();
    await page.evaluate(`${inScenario('[data-zoom=in]')}.click()`);
    const [from] = await span(page);
    const box = (await page.evaluate(`${inScenario('.axis')}.getBoundingClientRect().toJSON()`)) as DOMRect;
    const at = (type: string, x: number) =>
      page.send('Input.dispatchMouseEvent', {
        ...{ type, x, y: box.top + 60, button: 'left', buttons: 1, clickCount: 1 },
      });

    await at('mousePressed', box.left + 300);
    await at('mouseMoved', box.left + 250);
    await at('mouseMoved', box.left + 200);
    await at('mouseReleased', box.left + 200);

    expect((await span(page))[0]).toBeGreaterThan(from);
    expect(await page.evaluate(`${inScenario('details.entries')}.open`)).toBe(false);
  });

  it('keeps naive and hardened under one scale, whatever it shows', async () => {
    await using page = await open();

    for (const zoom of ['in', 'in', 'out']) {
      const [naive, hardened] = (await page.evaluate(firstConnections)) as number[];
      expect(naive).toBe(hardened);
      await page.evaluate(`${inScenario(`[data-zoom=${zoom}]`)}.click()`);
      await page.evaluate(`${inScenario('.axis')}.focus()`);
      for (let step = 0; step < 8; step += 1) await page.press('ArrowLeft', 8);
      await span(page);
    }
  });

  it('shows the fault that struck what is pointed at, and what a strike struck', async () => {
    await using page = await open();
    const hover = (selector: string) =>
      page.evaluate(
        `${inScenario(selector)}.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))`,
      );
    const told = `${inScenario('.probe')}.textContent`;

    await hover('.panel rect.b-failed');
    await page.until(`${told}.includes('struck by')`);
    expect(await page.evaluate(told)).toMatch(
      /▼ struck by {2}\d+\.\d+ s {2}fault\.strike {2}fault cut strikes/,
    );
    expect(await page.evaluate(`${inScenario('.axis')}.querySelectorAll('.striking').length`)).toBe(1);
    const strike = await page.evaluate(`${inScenario('.striking')}.dataset.n`);

    await hover(`use[data-n="${strike}"]`);
    await page.until(`${told}.includes('▼ struck 4 entries')`);
    expect(await page.evaluate(`${inScenario('.struck')}.getAttribute('class')`)).toContain('b-failed');

    await hover('.panel rect.b-fault');
    await page.until(`${told}.includes('▼ struck 12 entries')`);
    expect(await page.evaluate(`document.querySelectorAll('.panel rect.struck').length`)).toBe(3);
    expect(await page.evaluate(`${inScenario('.probe')}.getAttribute('aria-live')`)).toBe('polite');
  });

  it('walks by keyboard through what happened, also beyond the view, and tells each entry', async () => {
    await using page = await open();
    const probe = `${inScenario('.probe')}.textContent`;
    await page.evaluate(`${inScenario('.axis')}.focus()`);
    for (let step = 0; step < 3; step += 1) await page.press('+');
    for (let step = 0; step < 8; step += 1) await page.press('ArrowLeft', 8);
    const [, to] = await span(page);
    const y = await page.evaluate('scrollY');

    const told = new Set<unknown>();
    let before = await page.evaluate(probe);
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowDown', ...Array(6).fill('ArrowRight')]) {
      await page.press(key);
      await page.until(`${probe} !== ${JSON.stringify(before)}`);
      before = await page.evaluate(probe);
      told.add(before);
    }

    expect(told.size).toBe(10);
    expect((await span(page))[1]).toBeGreaterThan(to);
    expect(await page.evaluate('scrollY')).toBe(y);
  });

  it.each([
    ['Enter', (page: OpenPage) => page.press('Enter')],
    [
      'a click',
      (page: OpenPage) =>
        page.evaluate(`${inScenario('.axis .on')}.dispatchEvent(new MouseEvent('click', { bubbles: true }))`),
    ],
  ])('opens the list at what is pointed at, by %s', async (_how, act) => {
    await using page = await open();
    await page.evaluate(`${inScenario('.axis')}.focus()`);
    await page.press('ArrowRight');
    await page.until(inScenario('.axis .on'));

    await act(page);

    await page.until(inScenario('.rows .hit-row'));
    expect(await page.evaluate(`${inScenario('.rows .hit-row')}.cells[0].textContent`)).toBe(
      await page.evaluate(`${inScenario('.axis .on')}.dataset.n.split(' ')[0]`),
    );
  });

  it('has lanes for what the process held', async () => {
    await using page = await open();

    const names = await page.evaluate(
      `[...${inScenario('.panel')}.querySelectorAll('.lane-name')].map((one) => one.textContent)`,
    );

    expect(names).toEqual(
      expect.arrayContaining(['memory 61 MB', 'open sockets 2 to 13', 'open descriptors 21']),
    );
  });

  it('lets the raw log follow the selected time', async () => {
    await using page = await open();
    await page.evaluate(`${inScenario('details.entries')}.open = true`);
    await page.until(inScenario('.raw tr[data-i]'));
    const logAt = async (n: number) => {
      const link = inScenario('details.entries .pane:not(.raw) .scroll');
      await page.evaluate(`${link}.scrollTop = ${(n - 1) * 22}`);
      await page.until(inScenario(`.pane:not(.raw) tr[data-i="${n - 1}"]`));
      await page.evaluate(`${inScenario(`.pane:not(.raw) tr[data-i="${n - 1}"] td:nth-child(2)`)}.click()`);
      await page.until(`${inScenario('.probe')}.textContent.includes('(${n})')`);
      return Number.parseFloat(
        String(await page.evaluate(`${inScenario('.raw .hit-row')}.cells[0].textContent`)),
      );
    };

    const [early, late] = [await logAt(20), await logAt(100)];

    expect(late).toBeGreaterThan(early);
    expect(await page.evaluate(`${inScenario('.raw .hit-row')}.cells[2].textContent`)).toContain(
      '{"level":"',
    );
  });
});
