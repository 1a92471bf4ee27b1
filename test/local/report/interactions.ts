/**
 * What a reader does on the page of a long run, and what each costs.
 */
import { chromium, type OpenPage, openPage } from './browser.ts';

export const inScenario = (selector: string) => `document.getElementById('a/b').querySelector('${selector}')`;

const twoFrames = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';

const hover = (selector: string) =>
  `${inScenario(selector)}.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))`;

const wheel = `${inScenario('.axis')}.dispatchEvent(new WheelEvent('wheel', { deltaX: 90, bubbles: true, cancelable: true }))`;

/** By name: what the reader does, and how to see that it is done. */
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
  pan: [wheel, 'true'],
  'show all': [`${inScenario('[data-zoom=all]')}.click()`, `${inScenario('input[type=range]')}.disabled`],
  point: [hover('.panel rect.b-failed'), `${inScenario('.probe')}.textContent.includes('struck by')`],
  hover: [hover('.panel rect.b-secure'), `!${inScenario('.probe')}.textContent.includes('struck by')`],
  'hover a fault': [
    hover('.panel rect.b-fault'),
    `${inScenario('.probe')}.textContent.includes('▼ struck ')`,
  ],
  list: [`${inScenario('details.entries')}.open = true`, `${inScenario('.raw tr[data-i]')}`],
  scroll: [
    `${inScenario('.scroll')}.scrollTop = ${inScenario('.scroll')}.scrollHeight / 2`,
    `Number(${inScenario('tr[data-i]')}.dataset.i) > 50`,
  ],
  choose: [`${inScenario('.scroll tr[data-i]')}.cells[1].click()`, `${inScenario('.scroll .hit-row')}`],
  filter: [
    `{ const field = ${inScenario('.sift input')}; field.value = 'handshake FAILED';
       field.dispatchEvent(new Event('input', { bubbles: true })); }`,
    `${inScenario('.scroll tr[data-i]')}?.textContent.includes('failed')`,
  ],
  'filter to the end': ['', `${inScenario('.sift output')}.value !== ''`],
  'filter again': [
    `{ const field = ${inScenario('.sift input')}; field.value = 'report SENT';
       field.dispatchEvent(new Event('input', { bubbles: true })); }`,
    `${inScenario('.scroll tr[data-i]')}?.textContent.includes('report sent')`,
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

export interface Costs {
  /** Milliseconds of processor time on the main thread, by interaction. */
  readonly spent: Readonly<Record<string, number>>;
  /** What the page complained about meanwhile. */
  readonly complaints: readonly string[];
}

/** What each interaction costs on a page, one after the other. */
export async function costsOn(url: string): Promise<Costs> {
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
  return { spent: found, complaints: page.complaints };
}
