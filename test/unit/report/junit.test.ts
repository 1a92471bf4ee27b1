import { expect, it } from 'vitest';
import { toJunit } from '../../../harness/report/junit.ts';
import { check, fixtureRun, hostile, runOf, scenario, subject } from './fixture-run.ts';
import { openTags } from './markup-structure.ts';

it('counts failures and errors, a suite for each field report', () => {
  const xml = toJunit(fixtureRun().run);

  expect(xml).toContain('tests="4" failures="1" errors="1"');
  expect(xml.match(/<testsuite name="[^"]+"/g)).toEqual([
    '<testsuite name="fleet-resets"',
    '<testsuite name="silent-socket"',
    '<testsuite name="unreachable"',
  ]);
  expect(xml).toContain('<testcase name="one-handshake-per-request" classname="fleet-resets" time="2.100">');
});

it('closes every element it opens, whatever subjects say', () => {
  const failing = subject('hardened', [check('quiet', 'fail', { measured: hostile, title: hostile })]);
  const run = runOf([
    scenario('a/b', { title: hostile, asExpected: false, subjects: [failing], replay: hostile }),
  ]);

  expect(openTags(toJunit(run))).toEqual([]);
});

it('holds no character that XML 1.0 forbids', () => {
  const lone = `${hostile}\ud800\uffff`;
  const xml = toJunit(runOf([scenario('a/b', { title: lone, replay: lone })]));

  expect(xml).not.toMatch(/(?![\n\t])\p{Cc}|[\ufffe\uffff]|\p{Cs}/u);
});

it('gives the replay command and the reason with a failure', () => {
  const run = runOf([scenario('a/b', { asExpected: false, inconclusive: ['fault `cut` never struck'] })]);

  expect(toJunit(run)).toContain(
    '<error type="inconclusive" message="fault `cut` never struck">fault `cut` never struck\n\nReplay: npm run lab -- a/b --seed 7</error>',
  );
});

it('tells of what was played again alone, and why', () => {
  const firstTry = { outcome: 'inconclusive', reasons: ['soon is unknown'] } as const;

  expect(toJunit(runOf([scenario('a/late', { firstTry })]))).toContain(
    'at first, while this machine stood still, inconclusive: soon is unknown; played again alone',
  );
});
