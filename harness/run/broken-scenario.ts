/**
 * What stands in the reports for a scenario without a result: it could not be loaded, hung, or the lab broke under it. What
 * was asked for is always there, and it proves nothing.
 */
import { basename, dirname, relative, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestModule } from 'vitest/node';
import { loadWorld } from '../worlds/load-world.ts';
import { isOwnFile } from './own-lines.ts';
import type { RunScenarioOptions } from './play-subject.ts';
import { replayCommand, shortPath } from './replay.ts';
import type { JudgedScenario } from './run-scenario.ts';

type TestError = ReturnType<TestModule['errors']>[number];

/**
 * The result of a file from which none came, with why: messages and the scenario's own lines of their stacks, or `known` where its
 * process was ended for a reason.
 */
export async function brokenScenario(
  module: TestModule,
  options: RunScenarioOptions,
  known?: readonly string[],
): Promise<JudgedScenario> {
  const file = module.moduleId;
  const [testCase] = [...module.children.allTests()];
  const id = testCase?.name ?? idOf(file, options.folders);
  const { name, facts } = options.world;
  const reasons = known ?? [...module.errors().flatMap(inWords), ...(testCase ? reasonsOf(testCase) : [])];
  return {
    id,
    title: testCase ? 'It could not be played to a result' : 'It could not be loaded',
    requirements: [],
    world: name,
    seed: options.seed,
    durationMs: Math.round(module.diagnostic().duration),
    asExpected: false,
    outcome: 'inconclusive',
    inconclusive: reasons.length > 0 ? reasons : ['It ended without a result.'],
    replay: replayCommand(id, file, { ...options, module: await loadWorld(name), facts }),
    subjects: [],
    faults: [],
    claims: [],
  };
}

/** The id that the file's place gives it; outside all folders of scenarios its name and its directory's. */
function idOf(file: string, folders: readonly string[]): string {
  const folder = folders.find((candidate) => file.startsWith(candidate + sep)) ?? dirname(dirname(file));
  const path = relative(folder, file) || basename(file);
  return path
    .split(sep)
    .join('/')
    .replace(/\.m?[jt]s$/, '');
}

function reasonsOf(testCase: TestCase): string[] {
  const { labFailure } = testCase.meta();
  const errors = testCase.result().errors ?? [];
  if (labFailure) return [`${labFailure.code}: ${labFailure.message}`, ...errors.flatMap(ownFrames)];
  return errors.flatMap(inWords);
}

/** Line by line: what a parser says has a drawing of the place. */
const inWords = (error: TestError): string[] => [...linesOf(error), ...ownFrames(error)];

/** The message without colours, and in the words of scenarios instead of tests. */
function linesOf({ message }: TestError): string[] {
  if (message.startsWith('No test suite found')) return ['The file declares no scenario.'];
  return stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** Where it happened, without what lies in the lab and in libraries. */
function ownFrames({ stacks = [] }: TestError): string[] {
  return stacks
    .filter(({ file }) => isOwnFile(file))
    .map(
      ({ file, line, column, method }) =>
        `at ${method || 'top level'} (${shortPath(file)}:${line}:${column})`,
    );
}
