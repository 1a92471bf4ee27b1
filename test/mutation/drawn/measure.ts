/** A measurement from end to end: what is reached, which mutants, what comes of each, the report. */
import { resolve } from 'node:path';
import { checksOf } from '../mutant.ts';
import { mutants as planted } from '../mutants.ts';
import { copyProject } from '../scratch-copy.ts';
import { equivalents } from './equivalents.ts';
import { instrument } from './instrument.ts';
import { isNoticed } from './judge.ts';
import { matchEquivalents } from './match-equivalents.ts';
import { openMeasurement, type Plan } from './measurement.ts';
import type { DrawnMutant } from './mutant.ts';
import { type Around, playDry, playMutants } from './play-all.ts';
import { type Report, toMarkdown } from './report.ts';
import { reportOn } from './report-on.ts';
import { drawSample, type Objection, type Sample } from './sample.ts';
import { copyOf, defaultPaths, fingerprint, isWithin, readSources } from './sources.ts';
import { stages } from './stage.ts';
import { createTypeChecker } from './type-checker.ts';

/** What to measure, and where the measurement is kept. */
export interface MeasureOptions {
  readonly paths: readonly string[];
  readonly size: number;
  readonly seed: number;
  /** How many mutants are played at a time. */
  readonly jobs: number;
  readonly out: string;
  readonly resume: boolean;
}

/** Measures. Throws a RangeError for options that cannot be followed. */
export async function measure(options: MeasureOptions, around: Around): Promise<Report> {
  const { paths, seed, size, resume } = options;
  const sources = await readSources(defaultPaths);
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const textOf = (file: string): string => texts.get(file) ?? '';
  const instrumented = await instrument(sources);
  const reasons = matchEquivalents(equivalents, instrumented.mutants, textOf);
  const population = instrumented.mutants.filter(({ file }) => isWithin(file, paths));
  if (population.length === 0) throw new RangeError(`No mutant is at or below ${paths.join(', ')}`);
  const jobs = { jobs: options.jobs, code: await fingerprint() };
  const plan = { code: jobs.code, paths, seed, size };
  const measurement = await openMeasurement(resolve(options.out), plan, { resume });
  const sample = await measurement.sample(() => draw(population, reasons, plan, around));
  const results = measurement.results.all;
  const dryRuns = measurement.dryRuns.all;
  for (const stage of stages) {
    await stage.prepare(around.announce);
    await playDry(stage, measurement.dryRuns, instrumented, jobs, around);
    const noticedBefore = (mutant: DrawnMutant): boolean =>
      results.some(
        (result) => result.id === mutant.id && result.stage !== stage.name && isNoticed(result.outcome),
      );
    const members = sample.mutants.filter((mutant) => !reasons.has(mutant.id) && !noticedBefore(mutant));
    const playing = {
      members,
      all: instrumented.mutants,
      dryRuns: dryRuns.filter((dry) => dry.stage === stage.name),
    };
    await playMutants(stage, measurement.results, playing, jobs, around);
  }
  const noticePlanted = planted.flatMap(checksOf);
  const of = { paths, seed, instrumented, population };
  const measured = { ...of, sample, reasons, dryRuns, results, noticePlanted, textOf };
  const report = reportOn(measured);
  await measurement.finish({
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.md': toMarkdown(report),
  });
  return report;
}

/** Draws the members; none is equivalent as far as anybody knows, and each compiles. */
async function draw(
  population: readonly DrawnMutant[],
  reasons: ReadonlyMap<string, string>,
  { code, size, seed }: Plan,
  { signal, announce }: Around,
): Promise<Sample> {
  announce(`drawing ${size} of ${population.length} mutants`);
  await using copy = await copyOf(code, copyProject);
  const complaintsAbout = await createTypeChecker(copy, signal);
  const judged = new Map<DrawnMutant, Objection | undefined>();
  // Drawn again with what the compiler says of those that were drawn, until it has been asked about all of them.
  for (;;) {
    const unasked: DrawnMutant[] = [];
    const object = (mutant: DrawnMutant): Objection | undefined => {
      const reviewed = reasons.get(mutant.id);
      if (reviewed !== undefined) return { by: 'review', because: reviewed };
      if (!judged.has(mutant)) unasked.push(mutant);
      return judged.get(mutant);
    };
    const sample = drawSample(population, { size, seed, object });
    if (unasked.length === 0) return sample;
    const complaints = await complaintsAbout(unasked);
    for (const mutant of unasked) {
      const because = complaints.get(mutant.id);
      judged.set(mutant, because === undefined ? undefined : { by: 'compiler', because });
    }
  }
}
