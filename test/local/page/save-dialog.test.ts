import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { count } from '../../../harness/checks/index.ts';
import type { Env, Stage } from '../../../harness/page/index.ts';
import { chromium, type OpenPage, openPage } from '../report/browser.ts';
import { withoutChromium } from '../report/stored-page.ts';
import { type PageRig, startRig } from './rig.ts';
import { violations } from './violations.ts';

/** A stage with one program that does nothing, and another one that does not start. */
function stageOf(started: Env[]): Stage {
  const program = (name: string, start: (env: Env) => Promise<AsyncDisposable>) => ({
    name,
    about: 'does nothing',
    env: { EVERY: '5' },
    subject: 'naive' as const,
    start,
    inScenario: (env: Env) => ({ function: 'startIdler', names: ['table'], options: { env } }),
  });
  return {
    programs: [
      program('idler', async (env) => {
        started.push(env);
        return { [Symbol.asyncDispose]: async () => void started.pop() };
      }),
      program('broken', () => Promise.reject(new Error('EVERY has to be a number'))),
    ],
    setting: {
      imports: [{ names: ['startIdler'], from: '/elsewhere/idler.ts' }],
      before: [],
      checks: {
        heard: count('something is heard', {
          of: { kind: 'fault.strike' },
          atLeast: 1,
          given: { kind: 'fault.installed' },
        }),
      },
    },
  };
}

const press = (label: string): string => `document.querySelector('[aria-label="${label}"]').click()`;

describe.skipIf(withoutChromium('saving what was played by hand'))('programs and saving', () => {
  let directory: string;
  let rig: PageRig;
  let page: OpenPage;
  const started: Env[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'page-'));
    rig = await startRig({ stage: stageOf(started), directory });
    page = await openPage(chromium ?? '', rig.url);
    await page.until(`document.querySelectorAll('.program').length === 2`);
  });

  afterEach(async () => {
    await page[Symbol.asyncDispose]();
    await rig[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
    started.length = 0;
  });

  it('starts a program with the environment that was given, and stops it, with the page too', async () => {
    await page.evaluate(
      `document.querySelector('[aria-label="Environment of idler"]').value = 'EVERY=7\\n A_B=x=y\\n'`,
    );
    await page.evaluate(press('Start idler'));
    await page.until(`document.querySelector('.program.runs')`);
    expect(started).toEqual([{ EVERY: '7', A_B: 'x=y' }]);
    await page.evaluate(press('Stop idler'));
    await page.until(`!document.querySelector('.program.runs')`);
    expect(started).toEqual([]);

    await page.evaluate(press('Start idler'));
    await page.until(`document.querySelector('.program.runs')`);
    await rig[Symbol.asyncDispose]();
    expect(started).toEqual([]);
  });

  it('says why a program does not start', async () => {
    await page.evaluate(press('Start broken'));
    await page.until(
      `document.getElementById('said').textContent === 'broken did not start: EVERY has to be a number'`,
    );
    await page.evaluate(`document.querySelector('[aria-label="Environment of broken"]').value = 'nonsense'`);
    await page.evaluate(press('Start broken'));
    await page.until(`document.getElementById('said').textContent === 'nonsense is no NAME=value.'`);
  });

  it('shows the file and how it is judged, writes it, and writes nothing over', async () => {
    await page.evaluate(`document.querySelector('[data-save=scenario]').click()`);
    await page.until(`document.getElementById('save-wrong').textContent.includes('Nothing was done')`);
    await page.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Escape',
      code: 'Escape',
      windowsVirtualKeyCode: 27,
    });
    await page.until(`!document.getElementById('save').open`);

    await page.evaluate(press('Start idler'));
    await rig.act('add-toxic', { link: 'api', toxic: { type: 'latency', attributes: { latency: 5 } } });
    await page.evaluate(`document.querySelector('[data-save=scenario]').click()`);
    await page.until(
      `document.getElementById('save-text').textContent.includes("await startIdler(table, { env: { EVERY: '5' } });")`,
    );
    expect(await page.evaluate(`document.getElementById('save-judged').textContent`)).toBe('fail  heard: 0');
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#save-deeds li')].map((one) => one.textContent.replace(/^\\S+ s /, ''))`,
      ),
    ).toEqual([' idler started', ' latency_downstream (latency) on api']);

    await page.evaluate(
      `document.getElementById('save-form').elements.namedItem('title').value = 'An idler idles'`,
    );
    await page.evaluate(`document.getElementById('save-write').click()`);
    await page.until(
      `document.getElementById('save-done').textContent.startsWith('by-hand/an-idler-idles.ts is written.')`,
    );
    const text = await readFile(join(directory, 'by-hand/an-idler-idles.ts'), 'utf8');
    expect(text).toContain("id: 'by-hand/an-idler-idles'");
    expect(text).toContain("reported: ['heard']");

    await page.evaluate(`document.getElementById('save-write').click()`);
    await page.until(`document.getElementById('save-wrong').textContent.includes('is there already')`);
  });

  it.each([
    ['light', 375],
    ['dark', 1_920],
  ])('has nothing that axe finds wrong while saving, %s, %d pixels wide', async (scheme, width) => {
    await page.colorScheme(scheme);
    await page.resize(width);
    await page.evaluate(press('Start idler'));
    await rig.act('add-toxic', { link: 'api', toxic: { type: 'latency' } });
    await page.until(`document.querySelector('.toxic')`);
    await page.evaluate(`document.querySelector('[data-save=scenario]').click()`);
    await page.until(`document.getElementById('save-text').textContent !== ''`);

    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(
      await page.evaluate(`document.getElementById('save').getBoundingClientRect().right <= innerWidth`),
    ).toBe(true);
  });
});
