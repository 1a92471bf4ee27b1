import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recording } from '../../../harness/journal/store.ts';
import { check, fixtureRun, runOf, scenario as scenarioOf, subject } from '../../unit/report/fixture-run.ts';
import { chromium, openPage } from './browser.ts';
import { type StoredPage, storePage, withoutChromium } from './stored-page.ts';

const scenario = 'fleet-resets/one-handshake-per-request';

/** The number of an entry that the axis draws. */
function handshakeNumber(): string {
  const { entries } = fixtureRun().journals.get(
    `journals/${scenario.replaceAll('/', '__')}.naive.ndjson`,
  ) as Recording;
  return String(entries.find(({ kind }) => kind === 'tls.handshake')?.n);
}

/** Where the focus is, what is marked, and whether that is in sight. */
const place = `(() => {
  const marked = document.querySelector('.linked');
  const { top, bottom } = marked.getBoundingClientRect();
  return {
    id: marked.id,
    open: marked.closest('details.scenario').open,
    focused: marked.contains(document.activeElement),
    inSight: top >= 0 && top < innerHeight && bottom > 0,
  };
})()`;

describe.skipIf(withoutChromium('links into the page'))('links into the page', () => {
  let stored: StoredPage;
  const open = (hash = '') => openPage(chromium ?? '', `${stored.url}${hash}`);

  beforeAll(async () => {
    stored = await storePage(fixtureRun());
  });

  afterAll(() => stored[Symbol.asyncDispose]());

  it.each([
    ['a scenario', scenario],
    ['a check', `${scenario}/machine-online`],
  ])('open %s, bring it into sight, and give it focus and a mark', async (_, id) => {
    await using page = await open(`#${id}`);
    await page.until(`document.querySelector('.linked')`);

    expect(await page.evaluate(place)).toEqual({ id, open: true, focused: true, inSight: true });
  });

  it('unfold a standing check that holds', async () => {
    const held = check('standing-no-flood', 'pass', { title: 'no log is flooded' });
    const subjects = [
      subject('naive', [check('quiet', 'fail')]),
      subject('hardened', [check('quiet', 'pass'), held]),
    ];
    await using one = await storePage({ run: runOf([scenarioOf('a/b', { subjects })]), journals: new Map() });

    await using folded = await openPage(chromium ?? '', one.url);
    await using linked = await openPage(chromium ?? '', `${one.url}#a/b/standing-no-flood`);
    await linked.until(`document.querySelector('.linked')`);

    expect(await folded.evaluate(`document.querySelector('.held').open`)).toBe(false);
    expect(await linked.evaluate(place)).toMatchObject({
      id: 'a/b/standing-no-flood',
      focused: true,
      inSight: true,
    });
    expect(await linked.evaluate(`document.querySelector('.held').open`)).toBe(true);
  });

  it('open an entry in the list, on the axis and in words', async () => {
    const n = handshakeNumber();
    await using page = await open(`#${scenario}/naive/${n}`);
    await page.until(`document.querySelector('tr.linked') && document.querySelector('.probe.told')`);

    expect(await page.evaluate(place)).toMatchObject({ open: true, focused: true, inSight: true });
    expect(await page.evaluate(`document.querySelector('tr.linked').cells[0].textContent`)).toBe(n);
    expect(await page.evaluate(`document.querySelector('.axis .on').dataset.n.split(' ')`)).toContain(n);
    expect(await page.evaluate(`document.querySelector('.probe').textContent`)).toContain(`(${n})`);
  });

  it('go to the next target when the address changes', async () => {
    await using page = await open(`#${scenario}`);
    await page.evaluate(`location.hash = '#unreachable/refused'`);
    await page.until(`document.querySelector('.linked')?.id === 'unreachable/refused'`);

    expect(await page.evaluate(`document.querySelectorAll('.linked').length`)).toBe(1);
  });

  it('still lead to a scenario as older pages wrote them', async () => {
    await using page = await open('#s-unreachable.refused');
    await page.until(`document.querySelector('.linked')`);

    expect(await page.evaluate(`document.querySelector('.linked').id`)).toBe('unreachable/refused');
  });

  it('to nothing, or to an entry that is not there, do no harm', async () => {
    for (const hash of ['#no/such', '#%E0%A4%A', `#${scenario}/naive/99999`]) {
      await using page = await open(hash);

      expect(await page.evaluate('document.title')).toContain('not as expected');
      expect(page.complaints).toEqual([]);
    }
  });

  it('are copied by keyboard: of a scenario, a check, an entry', async () => {
    await using page = await open(`#${scenario}/naive/14`);
    await page.until(`document.querySelector('tr.linked')`);
    await page.evaluate(`window.copied = [];
      navigator.clipboard.writeText = async (text) => { window.copied.push(text); };`);

    for (const button of ['.actions .link', '.checks .link', '.pointed .link']) {
      await page.evaluate(`document.getElementById('${scenario}').querySelector('${button}').focus()`);
      await page.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', text: '\r' });
      await page.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter' });
    }

    expect(await page.evaluate('window.copied')).toEqual(
      [scenario, `${scenario}/handshakes`, `${scenario}/naive/14`].map((id) => `${stored.url}#${id}`),
    );
  });

  it('from evidence show the entry on the axis and in the list, and keep the address', async () => {
    await using page = await open();
    const wanted = await page.evaluate(`{
      const link = document.querySelector('.is-unexpected a[data-e]');
      link.click();
      link.dataset.e }`);
    await page.until(`document.querySelector('.hit-row') && document.querySelector('.probe.told')`);

    expect(
      await page.evaluate(`({
        marked: document.querySelector('.axis .on').dataset.n.split(' ').includes('${wanted}'),
        told: document.querySelector('.probe.told').textContent.includes('(${wanted})'),
        row: document.querySelector('.hit-row').cells[0].textContent,
        open: document.querySelector('.hit-row').closest('details').open,
        hash: location.hash })`),
    ).toEqual({ marked: true, told: true, row: wanted, open: true, hash: '' });
  });
});
