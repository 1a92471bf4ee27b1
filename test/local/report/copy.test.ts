import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bugReport } from '../../../harness/report/html/bug-report.ts';
import type { ScenarioResult } from '../../../harness/report/run-result.ts';
import { fixtureRun } from '../../unit/report/fixture-run.ts';
import { chromium, openPage } from './browser.ts';
import { type StoredPage, storePage, withoutChromium } from './stored-page.ts';

const fixture = fixtureRun();
const { run, journals } = fixture;
const failing = run.scenarios[1] as ScenarioResult;
const inScenario = (selector: string) =>
  `document.getElementById('${failing.id}').querySelector('${selector}')`;

describe.skipIf(withoutChromium('copying'))('copying', () => {
  let stored: StoredPage;
  const open = () => openPage(chromium ?? '', stored.url);

  beforeAll(async () => {
    stored = await storePage(fixture);
  });

  afterAll(() => stored[Symbol.asyncDispose]());

  it('puts a bug report on the clipboard, letter by letter what the run says', async () => {
    await using page = await open();
    await page.evaluate(`navigator.clipboard.writeText = async (text) => { window.copied = text; };
      ${inScenario('button.report')}.click();`);

    expect(await page.evaluate('window.copied')).toBe(bugReport(run, failing, journals));
    await page.until(`${inScenario('button.report')}.textContent === 'Copied'`);
  });

  it('copies the command that plays a scenario again', async () => {
    await using page = await open();
    await page.evaluate(`navigator.clipboard.writeText = async (text) => { window.copied = text; };
      ${inScenario('button.copy')}.click();`);

    expect(await page.evaluate('window.copied')).toBe(failing.replay);
  });

  it('shows the text, selected, where the browser forbids the clipboard', async () => {
    await using page = await open();
    await page.evaluate(`navigator.clipboard.writeText = async () => { throw new Error('forbidden'); };
      ${inScenario('button.report')}.click();`);
    await page.until(inScenario('textarea'));

    expect(
      await page.evaluate(`{ const area = ${inScenario('textarea')};
        area.value.slice(area.selectionStart, area.selectionEnd) }`),
    ).toBe(bugReport(run, failing, journals));
    expect(page.complaints).toEqual([]);
  });
});
