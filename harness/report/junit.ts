/**
 * A run as JUnit XML: a test suite for each field report, a test case for each scenario. What is not as expected is a
 * `failure`; what proves nothing is an `error`, since readers of JUnit know no third outcome and it must not pass.
 */
import type { RunOutcome, RunResult, ScenarioResult } from './run-result.ts';
import {
  aloneInWords,
  byFieldReport,
  firstTryInWords,
  measuredAgainstExpected,
  reasons,
  scenarioOutcome,
  talkedPastInWords,
} from './scenario-outcome.ts';
import { oneLine, visible } from './text.ts';

/** The run as a JUnit document. Times are seconds of wall clock. */
export function toJunit(run: RunResult): string {
  const suites = [...byFieldReport(run)].map(([name, scenarios]) => suite(run, name, scenarios));
  const head = `<testsuites name="shaketable ${attribute(run.id)}" ${totals(run.scenarios)} time="${seconds(run.durationMs)}">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n');
}

function suite(run: RunResult, name: string, scenarios: readonly ScenarioResult[]): string {
  const durationMs = scenarios.reduce((sum, scenario) => sum + scenario.durationMs, 0);
  const started = attribute(run.startedAt.replace(/(\.\d+)?Z$/, ''));
  const facts = { seed: run.seed, world: run.world, pace: run.pace, ...run.versions };
  return [
    `  <testsuite name="${attribute(name)}" ${totals(scenarios)} skipped="0" time="${seconds(durationMs)}" timestamp="${started}">`,
    properties(Object.entries(facts)),
    ...scenarios.map((scenario) => testcase(name, scenario)),
    '  </testsuite>',
  ].join('\n');
}

function testcase(suiteName: string, scenario: ScenarioResult): string {
  const name = scenario.id.split('/').slice(1).join('/') || scenario.id;
  return [
    `    <testcase name="${attribute(name)}" classname="${attribute(suiteName)}" time="${seconds(scenario.durationMs)}">`,
    ...problem(scenario),
    `      <system-out>${content(listing(scenario))}</system-out>`,
    '    </testcase>',
  ].join('\n');
}

function problem(scenario: ScenarioResult): string[] {
  const outcome = scenarioOutcome(scenario);
  if (outcome === 'expected') return [];
  const element = outcome === 'unexpected' ? 'failure' : 'error';
  const lines = reasons(scenario);
  const text = [...lines, '', `Replay: ${scenario.replay}`].join('\n');
  return [
    `      <${element} type="${outcome}" message="${attribute(lines.join('; '))}">${content(text)}</${element}>`,
  ];
}

/**
 * What the scenario is, and each check of each subject on a line, with what was measured. The schema of Jenkins' xUnit plugin
 * has no properties for a test case.
 */
function listing(scenario: ScenarioResult): string {
  const { title, requirements, replay } = scenario;
  const alone = aloneInWords([scenario]);
  const firstTry = firstTryInWords(scenario);
  const talkedPast = talkedPastInWords([scenario]);
  const head = [
    title,
    ...(alone === undefined ? [] : [alone]),
    ...(firstTry === undefined ? [] : [firstTry]),
    ...(talkedPast === undefined ? [] : [talkedPast]),
    ...(requirements.length === 0 ? [] : [requirements.join(' ')]),
    replay,
  ].map(oneLine);
  const lines = scenario.subjects.flatMap((subject) =>
    subject.checks.map(
      (check) => `${subject.name} ${check.outcome} ${check.id}: ${measuredAgainstExpected(check)}`,
    ),
  );
  return [...head, '', ...lines].join('\n');
}

function totals(scenarios: readonly ScenarioResult[]): string {
  const having = (outcome: RunOutcome): number =>
    scenarios.filter((scenario) => scenarioOutcome(scenario) === outcome).length;
  return `tests="${scenarios.length}" failures="${having('unexpected')}" errors="${having('inconclusive')}"`;
}

function properties(facts: readonly (readonly [string, string | number])[]): string {
  const lines = facts.map(
    ([name, value]) => `      <property name="${attribute(name)}" value="${attribute(String(value))}"/>`,
  );
  return ['    <properties>', ...lines, '    </properties>'].join('\n');
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

const content = (text: string): string =>
  visible(text).toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const attribute = (text: string): string =>
  content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
