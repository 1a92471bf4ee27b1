import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Recording } from '../../../../harness/journal/store.ts';
import { entryList } from '../../../../harness/report/html/entry-list.ts';
import { entriesWithin } from '../../../../harness/report/html/journal-data.ts';
import { toHtml } from '../../../../harness/report/html/page.ts';
import type { RunResult } from '../../../../harness/report/run-result.ts';
import {
  check,
  fixtureRun,
  fleetJournal,
  hostile,
  recording,
  runOf,
  scenario,
  subject,
} from '../fixture-run.ts';
import { attributeNames, openTags } from '../markup-structure.ts';

const { run, journals } = fixtureRun();
const page = toHtml(run, journals);
/** Without what runs in it. */
const still = page.replaceAll(/<script>[\s\S]*?<\/script>/g, '');

it('closes every element it opens', () => {
  expect(openTags(page)).toEqual([]);
});

it('gives every id once, and every link inside it a target', () => {
  const ids = [...still.matchAll(/\sid="?([^"\s>]+)"?/g)].map(([, id]) => id);
  const targets = [...still.matchAll(/(?:href="#|data-link=")([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
});

it('has every entry of its journals, with what the logs said word for word', () => {
  for (const [index, { subjects }] of run.scenarios.slice(0, 2).entries()) {
    for (const [place, { journal: path }] of subjects.entries()) {
      const key = `e${index}${'ab'[place]}`;
      const { entries } = journals.get(path) as Recording;
      const [rows, log] = [unpacked(page, 'rows', key), unpacked(page, 'log', key)];

      expect(rows.map((line) => Number.parseInt(line, 10))).toEqual(entries.map(({ n }) => n));
      expect(log.map((line) => line.split('\t').slice(2, 3)[0])).toEqual(
        entries.filter(({ kind }) => kind.endsWith('.log')).map(({ source }) => source),
      );
      expect(JSON.parse(log[0]?.split('\t')[4] ?? '')).toMatchObject({ level: 'info' });
    }
  }
});

it('names every entry that the axis draws', () => {
  const panels = still.split('<g class="panel" data-j="').slice(1);
  const missing = panels.flatMap((panel) => {
    const key = panel.slice(0, panel.indexOf('"'));
    const present = new Set(unpacked(page, 'rows', key).map((line) => line.split('\t')[0]));
    const drawn = panel.slice(0, panel.indexOf('</svg></div>'));
    const numbers = [...drawn.matchAll(/data-n="([^"]+)"/g)].flatMap(([, list = '']) => list.split(' '));
    return numbers.filter((n) => !present.has(n)).map((n) => `${key}-${n}`);
  });

  expect(panels).toHaveLength(4);
  expect(missing).toEqual([]);
});

it('asks nothing of any network, and forbids itself to', () => {
  const addresses = [...page.matchAll(/(?:src|href|action|data)="([^"]*)"/g)].map(
    ([, address]) => address ?? '',
  );

  expect(page).toContain(
    'default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-',
  );
  expect(
    addresses.filter((address) => !address.startsWith('#') && !address.startsWith('./journals/')),
  ).toEqual([]);
  expect(page).not.toMatch(/url\((?!#)|@import/);
});

it('shows verdict, seed, replay command, versions, claims and why', () => {
  for (const text of [
    'Not as expected',
    'unreachable/refused --world local --seed 7',
    'MariaDB 10.11.14',
    'does not hold',
    'not measured',
    'never struck: no such link',
    'fails as reported',
    'reported: naive fails this',
    'evidence',
  ]) {
    expect(page).toContain(text);
  }
});

it('has a row for each worker of a run that was handed out', () => {
  const worker = { name: 'one', host: 'box', cpu: hostile, cores: 2, slots: 2, load: 9, scenarios: 3 };
  const workers = [{ ...worker, busyMs: 30_000 }];
  const handedOut = toHtml(runOf([scenario('a/b')], { workers, durationMs: 20_000 }), new Map());

  expect(handedOut).toContain('<h2 id="workers">Played by</h2>');
  expect(handedOut).toContain('30.0 s (75 %)');
  expect(handedOut).toContain('more than its cores');
  expect(handedOut).not.toContain(hostile);
  expect(page).not.toContain('id="workers"');
});

it('opens what needs a reader and folds the rest', () => {
  const open = [...page.matchAll(/<details class="scenario[^>]*data-outcome="(\w+)"[^>]* open>/g)].map(
    ([, one]) => one,
  );

  expect(open).toEqual(['unexpected', 'inconclusive']);
});

it('folds standing checks that hold, and shows those that do not with the others', () => {
  const tableOf = (outcome: 'pass' | 'fail'): string => {
    const checks = [
      check('quiet', 'pass'),
      check('standing-no-flood', 'pass'),
      check('standing-ends', outcome),
    ];
    const page = toHtml(runOf([scenario('a/b', { subjects: [subject('hardened', checks)] })]), new Map());
    return page.split('<details class="held">')[0] ?? '';
  };

  expect(tableOf('pass')).not.toContain('standing-');
  expect(tableOf('fail')).toContain('a/b/standing-ends');
  expect(tableOf('fail')).not.toContain('a/b/standing-no-flood');
});

it('lets no text of a subject become an element, an attribute or a script', () => {
  const wicked = recording(hostile, hostile, [
    [1, 'agent', 'agent.log', { level: hostile, message: hostile, [hostile]: hostile }],
    [2, 'proxy', hostile as never, { connection: hostile }],
    [3, 'proxy', 'connection.open', { link: hostile, connection: hostile }],
    [4, 'fault', 'fault.installed', { fault: hostile, faultKind: hostile }],
    [5, 'server', 'server.log', { event: 'request', status: hostile, path: hostile, method: hostile }],
  ]);
  const path = `journals/${hostile}.ndjson`;
  const failing = check(hostile, 'fail', {
    title: hostile,
    measured: hostile,
    expected: hostile,
    evidence: [1],
  });
  const everywhere = scenario(`a/${hostile}`, {
    title: hostile,
    story: hostile,
    requirements: [hostile],
    asExpected: false,
    replay: hostile,
    subjects: [subject(hostile, [failing], { journal: path, error: hostile })],
    faults: [
      {
        id: hostile,
        kind: hostile,
        link: hostile,
        strikes: 0,
        reason: hostile,
        params: { [hostile]: hostile },
      },
    ],
  });
  const versions = { ...run.versions, database: hostile };
  const claim = {
    ...(run.claims[0] as RunResult['claims'][number]),
    figure: hostile,
    unit: hostile,
    naive: hostile,
  };

  const found = toHtml(
    runOf([everywhere], { id: hostile, versions, claims: [claim] }),
    new Map([[path, wicked]]),
  );

  expect(openTags(found)).toEqual([]);
  expect(found).not.toContain('<img');
  expect(found.match(/<script/g)).toHaveLength(2);
  expect([...attributeNames(found)].filter((name) => name.startsWith('on'))).toEqual([]);
  expect(found).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
});

it('says that nothing was recorded when a journal is empty', () => {
  const path = 'journals/empty.ndjson';
  const empty = scenario('a/b', { subjects: [subject('naive', [], { journal: path })] });
  const found = toHtml(runOf([empty]), new Map([[path, recording('a/b', 'naive', [])]]));

  expect(found).toContain('nothing was recorded');
  expect(found).toContain('No check was run.');
  expect(openTags(found)).toEqual([]);
});

it('stands without any scenario', () => {
  expect(openTags(toHtml(runOf([], { outcome: 'inconclusive' }), new Map()))).toEqual([]);
});

it('stays below five megabytes for a big run, and says what it leaves out', { timeout: 30_000 }, () => {
  const big = new Map<string, Recording>();
  const recordings = {
    naive: fleetJournal('a/b', 'naive', 300),
    hardened: fleetJournal('a/b', 'hardened', 300),
  };
  const scenarios = Array.from({ length: 46 }, (_, index) => {
    const id = `group/scenario-${index}`;
    const subjects = (['naive', 'hardened'] as const).map((name) => {
      const journal = `journals/${index}.${name}.ndjson`;
      big.set(journal, recordings[name]);
      return subject(
        name,
        [check('handshakes', name === 'naive' ? 'fail' : 'pass', { evidence: [5, 900] })],
        { journal },
      );
    });
    return scenario(id, { subjects });
  });

  const found = toHtml(runOf(scenarios), big);

  expect([...big.values()][0]?.entries.length).toBeGreaterThan(2_000);
  expect(Buffer.byteLength(found)).toBeLessThan(5_000_000);
  expect(found).toMatch(/\d+ of \d+ shown/);
  // The logs word for word are the first that there is no room for.
  expect(found).toContain('<template data-log="e0a"></template>');
  expect(unpacked(found, 'rows', 'e0a').some((line) => line.startsWith('900\t'))).toBe(true);
});

it('says what it leaves out where not all entries fit', () => {
  const limits = { entries: 40, records: false, characters: 80, listed: 5, drawn: 10 };
  const journal = fleetJournal('a/b', 'naive', 60);
  const cited = new Set([5, 300]);

  const entries = entriesWithin(journal.entries, cited, limits);
  const { text } = entryList({
    ...{ subject: 'naive', key: 'e0a', anchor: 'a/b/naive', file: 'journals/x.ndjson' },
    ...{ entries, total: journal.entries.length, cited, limits },
    formats: ['agent: pino, 100 % of 2 lines'],
  });

  expect(entries).toHaveLength(40);
  expect(entries.filter(({ n }) => cited.has(n))).toHaveLength(2);
  expect(text).toContain('40 of them here');
  expect(text).toContain('The rest stands in');
  expect(text).toContain('The page would be too big with the raw log');
});

/** The lines of a part of a journal as the page's script unpacks them, block by block. */
function unpacked(text: string, part: string, key: string): string[] {
  const [, content = ''] = new RegExp(`<template data-${part}="${key}">(.*?)</template>`).exec(text) ?? [];
  return [
    ...content.matchAll(/<i data-lines="(\d+)" data-n="(\d+)" data-t="([\d.]+)">([^<]*)<\/i>/g),
  ].flatMap(([, count, n, t, packed = '']) => {
    const lines = inflateRawSync(Buffer.from(packed, 'base64')).toString().split('\n');
    expect(lines).toHaveLength(Number(count));
    expect(lines[0]?.split('\t').slice(0, 2)).toEqual([n, t]);
    return lines;
  });
}
