import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromium, type OpenPage, openPage } from '../report/browser.ts';
import { withoutChromium } from '../report/stored-page.ts';
import { hostileName, type PageRig, startRig } from './rig.ts';
import { violations } from './violations.ts';

const play = (type: string, values: Readonly<Record<string, string>> = {}): string => `{
  const form = document.getElementById('play');
  const set = (name, value) => {
    const field = form.elements.namedItem(name);
    field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  set('type', ${JSON.stringify(type)});
  for (const [name, value] of Object.entries(${JSON.stringify(values)})) set(name, value);
  form.requestSubmit();
}`;

const click = (label: string): string =>
  `document.querySelector(${JSON.stringify(`[aria-label=${JSON.stringify(label)}]`)}).click()`;

/** Milliseconds so far. */
async function spentBy(page: OpenPage): Promise<number> {
  const { metrics } = (await page.send('Performance.getMetrics')) as {
    readonly metrics: readonly { readonly name: string; readonly value: number }[];
  };
  return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

describe.skipIf(withoutChromium('the page to play faults by hand'))('the page', () => {
  let rig: PageRig;
  let page: OpenPage;

  beforeEach(async () => {
    rig = await startRig();
    page = await openPage(chromium ?? '', rig.url);
    await page.until(`document.querySelectorAll('.link-card').length === 2`);
  });

  afterEach(async () => {
    await page[Symbol.asyncDispose]();
    await rig[Symbol.asyncDispose]();
  });

  it('shows links and connections as they are, and plays, changes and lifts a fault', async () => {
    await rig.dial('api');
    await page.until(`document.querySelector('#connections tr')?.textContent.includes('open')`);

    await page.evaluate(play('latency', { 'attribute.latency': '40' }));
    await page.until(`document.querySelector('.toxic')?.textContent.includes('latency 40 ms')`);
    expect(rig.proxies.proxy('api').toxics).toMatchObject([{ type: 'latency', attributes: { latency: 40 } }]);
    expect(await page.evaluate(`document.getElementById('said').textContent`)).toBe(
      'latency_downstream is in force on api.',
    );

    await page.evaluate(click('Change latency_downstream on api'));
    await page.evaluate(play('latency', { 'attribute.latency': '90', 'only.strikes': '2' }));
    await page.until(`document.querySelector('.toxic')?.textContent.includes('only strikes 2')`);
    expect(rig.proxies.proxy('api').toxics).toMatchObject([
      { attributes: { latency: 90 }, only: { strikes: 2 } },
    ]);

    await page.evaluate(click('Lift latency_downstream on api'));
    await page.until(`!document.querySelector('.toxic')`);
    expect(rig.proxies.proxy('api').toxics).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  it('tells of strikes on the link, on the connection, and in what happens', async () => {
    await page.evaluate(play('reset_idle', { 'attribute.after': '50' }));
    await page.until(`document.querySelector('.toxic')`);
    await rig.dial('api');

    await page.until(`document.querySelector('.toxic .strikes')?.textContent === '1 strike'`);
    await page.until(
      `document.querySelector('#connections tr.is-over')?.textContent.includes('reset by toxic')`,
    );
    await page.until(
      `document.querySelector('#connections tr')?.textContent.includes('▼ reset_idle_downstream')`,
    );
    await page.until(
      `document.querySelector('#events .lv-strike')?.textContent.includes('#1 on api: fault reset_idle_downstream strikes')`,
    );
  });

  it('holds, releases and ends one connection', async () => {
    const socket = await rig.dial('api');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await page.until(`document.querySelector('[aria-label="Pause api:1"]:not([hidden])')`);
    await page.evaluate(click('Pause api:1'));
    await page.until(`document.querySelector('#connections tr.is-paused')?.textContent.includes('paused')`);
    await page.evaluate(click('Release api:1'));
    await page.until(`!document.querySelector('#connections tr.is-paused')`);
    await page.evaluate(click('Reset api:1'));
    await closed;
    await page.until(`document.querySelector('#connections tr.is-over')`);
    expect(page.complaints).toEqual([]);
  });

  it('has a form for every toxic, and all that it sends by default is taken', async () => {
    const types = (await page.evaluate(
      `[...document.querySelectorAll('#play [name=type] option')].map(({ value }) => value)`,
    )) as string[];
    expect(types.length).toBeGreaterThan(50);
    for (const type of types) {
      await page.evaluate(play(type, { name: `of-${type}` }));
      await page.until(
        `document.getElementById('said').textContent.startsWith('of-${type} is in force') || !document.getElementById('play-wrong').hidden`,
      );
      expect([type, await page.evaluate(`document.getElementById('play-wrong').textContent`)]).toEqual([
        type,
        '',
      ]);
      rig.proxies.proxy('api').removeToxic(`of-${type}`);
    }
  });

  it('says what the proxy has against a toxic, beside the form', async () => {
    await page.evaluate(play('latency', { 'only.clients': 'nonsense' }));
    await page.until(`document.getElementById('play-wrong').textContent.includes('only.clients')`);
    expect(rig.proxies.proxy('api').toxics).toEqual([]);
  });

  it('shows names of others as text', async () => {
    await rig.dial(hostileName);
    await page.evaluate(play('noop', { link: hostileName, name: '<b>bold</b>' }));
    await page.until(`document.querySelector('.toxic b')?.textContent === '<b>bold</b>'`);
    await page.until(`document.querySelector('#connections tr')?.textContent.includes('<img')`);
    expect(
      await page.evaluate(
        `[document.title, document.images.length, document.querySelectorAll('.toxic b b').length]`,
      ),
    ).toEqual(['Shaketable · a test', 0, 0]);
    expect(page.complaints).toEqual([]);
  });

  it.each(['light', 'dark'])('has nothing that axe finds wrong, in the %s theme', async (scheme) => {
    await page.colorScheme(scheme);
    await rig.dial('api');
    await page.evaluate(play('latency', { 'attribute.latency': '40' }));
    await page.evaluate(`document.getElementById('play-only').open = true`);
    await page.until(`document.querySelector('.toxic') && document.querySelector('#connections tr')`);
    await page.evaluate(click('Pause api:1'));
    await page.until(`document.querySelector('#connections tr.is-paused')`);

    expect(await violations(page)).toEqual([]);
  });

  it.each([375, 1_024, 1_920])('never scrolls sideways at %d pixels', async (width) => {
    await page.resize(width);
    await rig.dial('api');
    await rig.dial(hostileName);
    await page.evaluate(play('latency_distribution', {}));
    await page.evaluate(`document.getElementById('play-only').open = true`);
    await page.until(
      `document.querySelector('.toxic') && document.querySelectorAll('#connections tr').length === 2`,
    );

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(
      await page.evaluate(`[...document.querySelectorAll('button, input, select, summary, .scroll')]
        .filter((one) => one.checkVisibility())
        .filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < 0 || right > innerWidth + 0.5; })
        .map((one) => one.outerHTML.slice(0, 100))`),
    ).toEqual([]);
  });

  it('is played from the keyboard alone', async () => {
    await rig.dial('api');
    await page.until(`document.querySelector('[aria-label="Pause api:1"]:not([hidden])')`);
    const seen: string[] = [];
    for (let step = 0; step < 80; step += 1) {
      await page.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Tab', code: 'Tab' });
      const at = (await page.evaluate(`(() => { const one = document.activeElement;
        return [one.getAttribute('aria-label') ?? one.name ?? one.id, getComputedStyle(one).outlineStyle, one.tagName]; })()`)) as string[];
      if (at[2] === 'BODY' && step > 0) break;
      expect([at[0], at[1]]).not.toEqual([at[0], 'none']);
      seen.push(at[0] ?? '');
      if (at[0] === 'Pause api:1') break;
    }
    expect(seen).toEqual(
      expect.arrayContaining(['Take down api', 'link', 'type', 'attribute.latency', 'Pause api:1']),
    );

    await page.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key: 'Enter',
      code: 'Enter',
      text: '\r',
      windowsVirtualKeyCode: 13,
    });
    await page.until(`document.querySelector('#connections tr.is-paused')`);
  });

  it('keeps the focus on a button while rows come and go', async () => {
    await rig.dial('api');
    await page.until(`document.querySelector('[aria-label="Pause api:1"]:not([hidden])')`);
    await page.evaluate(`document.querySelector('[aria-label="Pause api:1"]').focus()`);
    const second = await rig.dial('api');
    await page.until(`document.querySelectorAll('#connections tr').length === 2`);
    second.destroy();
    await page.until(`document.querySelector('#connections tr.is-over')`);
    expect(await page.evaluate(`document.activeElement.getAttribute('aria-label')`)).toBe('Pause api:1');
  });

  it('stays fluid and short with a thousand connections', { timeout: 150_000 }, async () => {
    const counted = (wanted: RegExp) =>
      expect
        .poll(() => page.evaluate(`document.getElementById('connections-count').textContent`), {
          timeout: 60_000,
        })
        .toMatch(wanted);
    const sockets = await Promise.all(Array.from({ length: 1_000 }, () => rig.dial('api')));
    await counted(/^1000 open, the first 100 of 1000/);
    expect(await page.evaluate(`document.querySelectorAll('#connections tr').length`)).toBe(100);
    // Processor time of the page's main thread, whatever else the machine does.
    await page.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await spentBy(page);
    for (let number = 1_001; number <= 1_005; number += 1) {
      sockets.push(await rig.dial('api'));
      await expect
        .poll(() => page.evaluate(`document.querySelector('#connections b').textContent`), {
          timeout: 30_000,
        })
        .toBe(`#${number}`);
    }
    expect(((await spentBy(page)) - before) / 5).toBeLessThan(100);
    for (const socket of sockets) socket.destroy();
    await counted(/^0 open/);
    expect(await page.evaluate(`document.querySelectorAll('#events li').length`)).toBeLessThanOrEqual(400);
    expect(page.complaints).toEqual([]);
  });

  it('says that the lab is closed, and goes on with the next one', async () => {
    const { port } = new URL(rig.url);
    await rig[Symbol.asyncDispose]();
    await page.until(`document.documentElement.dataset.lab === 'gone'`);
    expect(await page.evaluate(`document.getElementById('lab').textContent`)).toMatch(
      /goes on when it is there again/,
    );

    rig = await startRig({ port: Number(port) });
    await page.until(`document.documentElement.dataset.lab === 'here'`);
  });
});
