/**
 * All mutants of files, by StrykerJS's instrumenter, and the files with a mark at each place that has some. Of the
 * instrumented text only the marks are used: they tell which scenario reaches which mutant.
 */
import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { DrawnMutant } from './mutant.ts';
import { isWording } from './wording.ts';

/** A file of the project, by its path from the root. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** What can be done to files. */
export interface Instrumented {
  /** In the order of files and places. */
  readonly mutants: readonly DrawnMutant[];
  /** How many places are wording, and so have no mutants. */
  readonly wording: number;
  /** The files with marks; mutants have their ids in them. */
  readonly files: readonly SourceFile[];
}

/** Makes the mutants. The same files give the same ids. */
export async function instrument(sources: readonly SourceFile[]): Promise<Instrumented> {
  const files = sources.map(({ file, text }) => ({ name: file, content: text, mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const result = await new Instrumenter(silentLogger).instrument(files, options);
  const lines = new Map(sources.map((source) => [source.file, linesOf(source)]));
  const all = result.mutants.map(({ id, fileName, mutatorName: mutator, replacement, location }) => {
    const { start, end } = location;
    const source = lines.get(fileName) ?? linesOf({ file: fileName, text: '' });
    const original = source.text.slice(source.at(start), source.at(end));
    const mutant: DrawnMutant = {
      id,
      file: fileName,
      mutator,
      line: start.line + 1,
      column: start.column + 1,
      offset: source.at(start),
      original,
      replacement,
    };
    const before = source.text.slice(source.at({ line: start.line, column: 0 }), source.at(start));
    return { mutant, wording: mutator === 'StringLiteral' && isWording(original, before) };
  });
  return {
    mutants: all.filter(({ wording }) => !wording).map(({ mutant }) => mutant),
    wording: all.filter(({ wording }) => wording).length,
    files: result.files.map(({ name, content }) => ({ file: name, text: content })),
  };
}

/** The text of a source, and the offset of a place that is told by line and column, both from 0. */
function linesOf({ text }: SourceFile) {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return {
    text,
    at: ({ line, column }: { line: number; column: number }) => (starts[line] ?? text.length) + column,
  };
}

const no = (): boolean => false;
const nothing = (): void => undefined;

/** What the instrumenter tells is nothing that the command would pass on. */
const silentLogger = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};
