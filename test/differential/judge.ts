/** Runs a check on all servers in turn and says how they compare. */
import { Bench } from './bench/bench.ts';
import type { Check } from './bench/check.ts';
import { differing, type Facts, toFact } from './bench/facts.ts';
import type { SubjectName, Subjects } from './bench/subject.ts';
import { type Difference, differences } from './differences.ts';

/** Ours with its switch off and on. */
export const modes = ['ours', 'compatible'] as const;
export type Mode = (typeof modes)[number];

/** An observation that is not as it should be. */
export interface Surprise {
  readonly text: string;
  /** The machine's noise could have done it. */
  readonly timed: boolean;
}

/** What a check came to. */
export interface Verdict {
  readonly check: Check;
  /** What the real server showed, or has to be shown where it is not asked. */
  readonly wanted: Facts;
  readonly shown: Readonly<Record<Mode, Facts>>;
  /** The listed differences of this check. */
  readonly listed: readonly Difference[];
  /** What differs and is not listed, or is listed and does not differ; empty when all is as it should be. */
  readonly surprises: readonly Surprise[];
  /** How often it was looked at. */
  readonly rounds: number;
}

/** A machine that is busy with other things changes times, so that those are looked at again. */
const rounds = 6;

/** Runs a check on each of the servers. Looks again only when nothing but times are not as they should be. */
export async function judge(check: Check, subjects: Subjects): Promise<Verdict> {
  for (let round = 1; ; round += 1) {
    const verdict = { ...compare(check, await observe(check, subjects)), rounds: round };
    const noisy = verdict.surprises.length > 0 && verdict.surprises.every(({ timed }) => timed);
    if (!noisy || round === rounds) return verdict;
  }
}

type Observations = Pick<Verdict, 'wanted' | 'shown'>;

/** The servers are looked at one after the other, so that the same noise meets all of them. */
async function observe(check: Check, subjects: Subjects): Promise<Observations> {
  const wanted = check.expected ? facts(check.expected) : await look(check, 'real', subjects);
  const ours = await look(check, 'ours', subjects);
  const compatible = await look(check, 'compatible', subjects);
  return { wanted, shown: { ours, compatible } };
}

async function look(check: Check, name: SubjectName, subjects: Subjects): Promise<Facts> {
  await using subject = await subjects.start(name);
  await using bench = new Bench(subject.url, {
    serve: (flags) => subjects.serve(name, flags),
    run: (flags) => subjects.run(name, flags),
  });
  try {
    return facts(await check.run(bench));
  } catch (error) {
    throw new Error(`The check could not be carried out on ${name}`, { cause: error });
  }
}

function facts(observed: Awaited<ReturnType<Check['run']>>): Facts {
  return Object.fromEntries(Object.entries(observed).map(([name, value]) => [name, toFact(value)]));
}

function compare(check: Check, { wanted, shown }: Observations): Omit<Verdict, 'rounds'> {
  const listed = differences.filter(({ item }) => item === check.item);
  const surprises = modes.flatMap((mode) => {
    const due = listed.flatMap(({ facts, always }) => (mode === 'ours' || always ? facts : []));
    return surprisesOf(mode, wanted, shown[mode], due);
  });
  return { check, wanted, shown, listed, surprises };
}

/** What differs and is not due to, and what is due to differ and does not. */
export function surprisesOf(mode: Mode, wanted: Facts, shown: Facts, due: readonly string[]): Surprise[] {
  const differ = differing(wanted, shown);
  const timed = (name: string): boolean => wanted[name]?.timed === true || shown[name]?.timed === true;
  const unlisted = differ.filter((name) => !due.includes(name));
  const vanished = due.filter((name) => !differ.includes(name));
  return [
    ...unlisted.map((name) => ({
      timed: timed(name),
      text: `${mode}, ${name}: ${shown[name]?.exact} instead of ${wanted[name]?.exact}`,
    })),
    ...vanished.map((name) => ({ timed: timed(name), text: `${mode}, ${name}: no longer differs` })),
  ];
}
