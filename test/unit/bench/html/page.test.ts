import { describe, expect, it } from 'vitest';
import { toBenchHtml } from '../../../../harness/bench/report/html/page.ts';
import { compareWithSaved } from '../../../../harness/bench/rounds/compare-rows.ts';
import { seededRandom } from '../../../../proxy/core/random.ts';
import { attributeNames, openTags } from '../../../unit/report/markup-structure.ts';
import { sampleBench, sampleRow, sampleWorkload } from '../sample-bench.ts';
import { matrixBench } from './matrix-bench.ts';

const page = toBenchHtml(matrixBench());
const text = (html: string) =>
  html
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

it('is the same for the same file', () => {
  expect(toBenchHtml(JSON.parse(JSON.stringify(matrixBench())))).toBe(page);
});

it('closes what it opens, and asks for nothing from anywhere', () => {
  expect(openTags(page)).toEqual([]);
  expect(page).not.toMatch(/https?:\/\//);
  expect([...attributeNames(page)].filter((name) => /^on|^src$/.test(name))).toEqual([]);
});

it('marks the fastest of a column, and says where it is not decided', () => {
  const matrix = /<table class="figures-of matrix">[\s\S]*?<\/table>/.exec(page)?.[0] ?? '';

  expect(matrix.match(/class="star"/g)).toHaveLength(1);
  expect(matrix).toMatch(/class="wins" title="near: resumed/);
  expect(text(matrix)).toContain('★ resumed');
  expect(text(matrix)).toContain('full is not told apart from resumed');
  expect(text(matrix)).toContain('✕ failed');
});

it('marks nothing where the control is restless', () => {
  const bench = matrixBench();
  const [workload] = bench.workloads;
  const [slower] = compareWithSaved([sampleRow('a', 10)], [sampleRow('a', 20)], {
    random: seededRandom(1),
    threshold: 0.05,
  });
  if (!workload || !slower) throw new Error('Expected both');

  const restless = toBenchHtml({ ...bench, workloads: [{ ...workload, control: slower }] });

  expect(restless).not.toContain('class="star"');
  expect(text(restless)).toContain('not decided: the control is restless');
});

it('shows rows that failed or are void with their reasons, at the top and in their place', () => {
  expect(text(page)).toContain('✕ handshake, near: broken failed: handshakes failed: 3 × ECONNRESET');
  expect(text(page)).toContain('∅ void miscounted');
  expect(text(page)).toContain('Not drawn, since not measured: near: broken, miscounted.');
});

it('tells of each figure the rounds that it is from', () => {
  expect(page).toMatch(
    /<td title="near: full, handshake: 30 values, p50 20[^"]*medians of 10 rounds [\d. ·]+/,
  );
  expect(text(page)).toMatch(/near: full handshake, median ms 20\.\d /);
});

it('shows ratios with the control beside, and a saved file as the hint that it is', () => {
  const comparisons = compareWithSaved([sampleRow('row', 10)], [sampleRow('row', 20)], {
    random: seededRandom(1),
    threshold: 0.05,
  });
  const baseline = {
    file: 'saved.json',
    id: 'b',
    startedAt: '2026-01-01T00:00:00.000Z',
    sameMachine: true,
    comparisons,
  };

  const html = toBenchHtml({ ...matrixBench(), outcome: 'unexpected', baseline });

  expect(text(html)).toMatch(
    /Control: the same row twice handshake interval? ?×1\.00|Control: the same row twice/,
  );
  expect(text(html)).toMatch(/row: handshake became slower: ×2\.00/);
  expect(text(html)).toContain('from another day: a hint, no proof');
});

it('draws handshakes by round where the proxy counted them, and says that time within is not kept', () => {
  expect(text(page)).toContain('times within a round are not kept');
  expect(page).toContain('<title>round 1: 5 full, 3 resumed, 1 failed</title>');
});

it('is whole for a benchmark without rows, rounds or values', () => {
  const row = sampleRow('empty', 10, { times: {} });
  const bench = sampleBench([
    sampleWorkload([], { name: 'nothing', comparisons: [], tables: [], notes: [] }),
    sampleWorkload([row], { name: 'few', rounds: 0 }),
  ]);

  expect(openTags(toBenchHtml(bench))).toEqual([]);
});

describe('text that is hostile', () => {
  const hostile = `"><script>alert(1)</script>\u202e'&<img src=x onerror=alert(1)>`;

  it('stays text wherever it stands', () => {
    const row = sampleRow(
      hostile,
      10,
      { failures: [hostile], figures: { [hostile]: 1 }, times: { [hostile]: [1, 2] } },
      hostile,
    );
    const fine = sampleRow(`${hostile}2`, 10, { times: { [hostile]: [1, 2] }, figures: {} });
    const workload = sampleWorkload([row, fine], {
      name: hostile,
      title: hostile,
      replay: hostile,
      notes: [hostile],
      tables: [{ title: hostile, columns: [{ title: hostile, of: hostile, take: 'p50', digits: 1 }] }],
      matrix: {
        title: hostile,
        lineTitle: hostile,
        of: hostile,
        cells: [{ row: fine.id, line: hostile, column: hostile }],
      },
      claims: [
        {
          id: hostile,
          figure: hostile,
          requirement: hostile,
          reportedBefore: hostile,
          reportedAfter: 1,
          naive: hostile,
          hardened: null,
          unit: hostile,
          holds: null,
        },
      ],
    });
    const bench = sampleBench([workload], {
      id: hostile,
      versions: { [hostile]: hostile },
      machine: { platform: hostile, processor: hostile, cores: 1, memoryBytes: 1 },
      baseline: { file: hostile, id: hostile, startedAt: hostile, sameMachine: false, comparisons: [] },
    });

    const html = toBenchHtml(bench);

    expect(openTags(html)).toEqual([]);
    // The theme's, and the page's own.
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202e');
    expect([...attributeNames(html)].filter((name) => name.startsWith('on'))).toEqual([]);
  });
});
