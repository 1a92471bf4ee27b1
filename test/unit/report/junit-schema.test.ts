/** junit.xml as its readers take it: judged by libxml2 with the schema of Jenkins' xUnit plugin. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { toJunit } from '../../../harness/report/junit.ts';
import { check, fixtureRun, hostile, runOf, scenario, subject } from './fixture-run.ts';

const schema = readFileSync(new URL('../../support/jenkins-junit-10.xsd', import.meta.url), 'utf8');

/** What the schema has against `xml`. */
async function objections(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'junit.xml', contents: xml }, schema });
  return errors.map(({ message }) => message);
}

const everywhere = `${hostile}\n\t]]>\ud800\uffff|'`;
const odd = runOf(
  [
    scenario(everywhere, {
      title: everywhere,
      replay: everywhere,
      requirements: [everywhere],
      asExpected: false,
      subjects: [
        subject(everywhere, [check(everywhere, 'fail', { measured: everywhere, title: everywhere })]),
      ],
    }),
    scenario(`${everywhere}/b`, { asExpected: false, inconclusive: [everywhere] }),
  ],
  { id: everywhere, versions: { ...runOf([]).versions, database: everywhere } },
);

it.each([
  ['a run of every outcome', fixtureRun().run],
  ['a run of nothing', runOf([])],
  ['a run of hours', runOf([scenario('a/b', { durationMs: 12_345_678 })], { durationMs: 123_456_789 })],
  ['a run in which everybody says everything', odd],
])('fits for %s', async (_what, run) => {
  expect(await objections(toJunit(run))).toEqual([]);
});

it.each([
  ['a test case with properties', '</testcase>', '<properties/></testcase>'],
  ['a time that is none', /time="[\d.]+" timestamp/, 'time="long" timestamp'],
  ['a suite without a name', '<testsuite name="fleet-resets"', '<testsuite'],
  ['an unknown element', '<system-out>', '<system-in/><system-out>'],
])('does not fit with %s', async (_what, from, to) => {
  const xml = toJunit(fixtureRun().run);

  expect(await objections(xml.replace(from, to))).not.toEqual([]);
});
