/**
 * A drawn mutant: a mechanical edit of one place, as the mutators of StrykerJS make it. It is applied to the text of the file,
 * so that what is played, what the type checker judges and what the report shows are one and the same program.
 */

/** An edit of one place in one file. */
export interface DrawnMutant {
  /** Unique among the mutants of the same sources. */
  readonly id: string;
  /** Path from the root of the project. */
  readonly file: string;
  /** Its kind, by StrykerJS's name: `EqualityOperator`. */
  readonly mutator: string;
  /** Where it begins; both from 1. */
  readonly line: number;
  readonly column: number;
  /** Where the original stands in the text of the file: from this offset, for its length. */
  readonly offset: number;
  readonly original: string;
  readonly replacement: string;
}

/** A mutant's place, as editors and terminals link it. */
export const placeOf = ({ file, line, column }: DrawnMutant): string => `${file}:${line}:${column}`;

/** The text of the file with the mutant in it. Throws where the original does not stand in its place. */
export function applyTo(text: string, mutant: DrawnMutant): string {
  const { offset, original } = mutant;
  const end = offset + original.length;
  if (text.slice(offset, end) !== original)
    throw new Error(`The text of ${mutant.file} has changed at ${placeOf(mutant)}`);
  return text.slice(0, offset) + inPlace(mutant) + text.slice(end);
}

/** Mutators whose replacements bind less than what they replace, or may do. */
const looser = new Set([
  'ArithmeticOperator',
  'ArrowFunction',
  'AssignmentOperator',
  'BooleanLiteral',
  'EqualityOperator',
  'LogicalOperator',
  'UnaryOperator',
  'UpdateOperator',
]);

/** The replacement as it can stand in a larger expression: in parentheses unless it holds together by itself. */
function inPlace({ mutator, original, replacement }: DrawnMutant): string {
  if (/^\w+$/.test(replacement)) return replacement;
  // `(a ?? b).trim()` leaves what stood in the parentheses.
  const isLoose = looser.has(mutator) || (mutator === 'MethodExpression' && original.startsWith('('));
  return isLoose ? `(${replacement})` : replacement;
}

/** The lines that change, as a diff has them: `-` and `+` before each. */
export function diffOf(text: string, mutant: DrawnMutant): string {
  const { offset, original } = mutant;
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const rest = text.indexOf('\n', offset + original.length);
  const to = rest === -1 ? text.length : rest;
  const after = applyTo(text, mutant);
  return [
    ...marked('-', text.slice(from, to)),
    ...marked('+', after.slice(from, to + after.length - text.length)),
  ].join('\n');
}

/** A block may be long; its first and last lines tell which one it is. */
const mostLines = 9;

function marked(mark: string, text: string): string[] {
  const lines = text.split('\n').map((line) => `${mark} ${line}`.trimEnd());
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 2), `${mark} …`, ...lines.slice(-1)];
}
