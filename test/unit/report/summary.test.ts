import { expect, it } from 'vitest';
import { toSummaryMarkdown } from '../../../harness/report/summary.ts';
import { check, fixtureRun, hostile, runOf, scenario, subject } from './fixture-run.ts';

it('begins with the verdict, then what needs a reader', () => {
  const lines = toSummaryMarkdown(fixtureRun().run).split('\n');

  expect(lines[0]).toBe('## ✕ Shaketable: not as expected');
  expect(lines[2]).toContain('2 of 4 scenarios as expected, 1 not as expected, 1 inconclusive');
  expect(lines.filter((line) => line.startsWith('### '))).toEqual([
    '### ✕ `fleet-resets/flaky-handshakes`: not as expected',
    '### ? `silent-socket/state-is-not-proof`: inconclusive',
    '### Reported figures beside measured ones',
  ]);
  expect(lines).toContain('npm run lab -- fleet-resets/flaky-handshakes --seed 7');
});

it('has a row for each scenario and says what naive fails', () => {
  const text = toSummaryMarkdown(fixtureRun().run);

  expect(text).toContain(
    '| `unreachable/refused` | ✓ as expected | fails `handshakes` | passes | 1 | R2.1 R2.10 |',
  );
});

it('says of each claim whether it holds', () => {
  const text = toSummaryMarkdown(fixtureRun().run);

  expect(text).toContain(
    '| mean request latency | 50–200 ms | 10–20 ms | 18.4 ms | 4.1 ms | ✕ does not hold | R1.7 |',
  );
  expect(text).toContain('| – | – | not measured |');
});

it('has a column for whatever subject was played', () => {
  const own = subject('my-agent', [check('handshakes', 'pass')], { expected: 'pass' });

  expect(toSummaryMarkdown(runOf([scenario('a/b', { subjects: [own] })]))).toContain('| my-agent |');
});

it('says who played what was handed out, and whose machine had too much to do', () => {
  const worker = { host: 'box', cpu: 'EPYC', cores: 2, slots: 2, load: 0.5, scenarios: 3, busyMs: 30_000 };
  const workers = [
    { ...worker, name: 'one' },
    { ...worker, name: 'two', host: hostile, load: 7.25 },
  ];
  const lines = toSummaryMarkdown(runOf([scenario('a/b')], { workers, durationMs: 20_000 })).split('\n');

  expect(lines).toContain('| one | box, 2 cores, EPYC | 2 | 3 | 30.0 s (75 %) | 0.5 |');
  expect(lines.find((line) => line.startsWith('| two '))).toMatch(/\| 7\.3 \(more than its cores\) \|$/);
  expect(toSummaryMarkdown(runOf([scenario('a/b')]))).not.toContain('Played by');
});

it('lets no text of a subject become markup, a table cell or an end of code', () => {
  const failing = subject('hardened', [check(`id|${hostile}`, 'fail', { measured: hostile })]);
  const text = toSummaryMarkdown(
    runOf([
      scenario('a/b', {
        title: hostile,
        asExpected: false,
        subjects: [failing],
        replay: `${hostile}\n\`\`\`\n# x`,
      }),
    ]),
  );
  const rows = text.split('\n').filter((line) => line.startsWith('| `a/b`'));

  expect(text.replaceAll(/```+sh[\s\S]*?\n```+/g, '').replaceAll(/`[^`\n]*`/g, '')).not.toMatch(
    /<(?!\/?sub>)/,
  );
  expect(rows[0]?.split('|')).toHaveLength(7);
  expect(text).not.toContain('\n# x');
});

it('stays far below the mebibyte that a job summary may have', () => {
  const long = 'x'.repeat(100_000);
  const failing = subject('hardened', [check('id', 'fail', { measured: long })]);
  const many = Array.from({ length: 50 }, (_, n) =>
    scenario(`a/${n}`, { asExpected: false, subjects: [failing] }),
  );

  expect(toSummaryMarkdown(runOf(many)).length).toBeLessThan(200_000);
});

it('tells of what was played again alone, and why', () => {
  const firstTry = { outcome: 'inconclusive', reasons: ['soon is unknown'] } as const;

  expect(toSummaryMarkdown(runOf([scenario('a/late', { firstTry })]))).toContain(
    '- `a/late`: at first, while this machine stood still, inconclusive: soon is unknown; played again alone',
  );
});
