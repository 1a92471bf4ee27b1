/** `shaketable bench`: measures, compares, and writes `bench.json` with its reports. */
import { randomInt } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import type { BenchResult } from '../bench/bench-result.ts';
import { checkOut } from '../bench/older/check-out.ts';
import type { OlderVersion } from '../bench/older/version.ts';
import { outcomeMeanings } from '../bench/report/figures.ts';
import { parseBench } from '../bench/report/parse-bench.ts';
import { benchLines } from '../bench/report/text.ts';
import { runBench } from '../bench/run-bench.ts';
import type { BenchContext, Workload } from '../bench/workload.ts';
import { findWorkloads, urlWorkloads, workloads } from '../bench/workloads/index.ts';
import { cacheDirectory } from '../databases/cache-directory.ts';
import { fileError, LabError } from '../errors.ts';
import { packageRoot } from '../own-files.ts';
import { expectWritable } from '../report/expect-writable.ts';
import { outcomeWords } from '../report/scenario-outcome.ts';
import { createProgress } from '../report/terminal/progress.ts';
import { showDuration } from '../report/text.ts';
import { writeWhole } from '../report/whole-file.ts';
import { versions } from '../run/versions.ts';
import { claimScenarios } from './claim-scenarios.ts';
import { interruptible } from './interrupt.ts';
import { expectSameServer, userServer } from './user-server.ts';

interface BenchFlags {
  readonly list: boolean;
  readonly quick: boolean;
  readonly json: boolean;
  readonly seed?: number;
  readonly pace: 'fast' | 'real';
  readonly budget: number;
  readonly threshold: number;
  readonly out: string;
  readonly setUp: boolean;
  readonly save?: string;
  readonly baseline?: string;
  readonly against?: string;
  readonly url?: string;
  readonly ca?: string;
  readonly maxRate: number;
  readonly maxDuration: number;
  readonly agents?: number;
  readonly duration?: number;
  readonly measures?: string;
  readonly on?: string;
  readonly slices?: number;
}

export async function benchCommand(names: string[], flags: BenchFlags): Promise<number> {
  if (flags.list) return list(flags.json, flags.url === undefined ? workloads : urlWorkloads);
  const chosen = findWorkloads(names, flags.url === undefined ? workloads : urlWorkloads);
  if (flags.against !== undefined) needRounds(chosen);
  const fleet = fleetFlags(flags, chosen);
  const measures = measuresOf(flags.measures, chosen);
  const server = await userServer(flags, chosen.length);
  const saved = flags.baseline === undefined ? undefined : await readSaved(flags.baseline);
  if (saved) expectSameServer(saved, server);
  if (flags.save !== undefined) await expectWritable(flags.save, 'file');
  await expectWritable(flags.out, 'folder');
  return await interruptible(async (signal) => {
    const older = flags.against === undefined ? undefined : await olderVersion(flags.against, signal);
    await using spread = await spreadOver(flags, chosen);
    using progress = createProgress({ stream: process.stderr });
    const { bench, directory, notes } = await runBench({
      workloads: spread ? [spread.workload] : chosen,
      out: resolve(flags.out),
      seed: flags.seed ?? randomInt(1, 1_000_000),
      clock: systemClock(),
      signal,
      quick: flags.quick,
      pace: flags.pace,
      budgetMs: flags.quick ? 0 : flags.budget * 1_000,
      threshold: flags.threshold / 100,
      scenarios: server ? [] : await claimScenarios(),
      ...server,
      ...(fleet ? { fleet } : {}),
      ...(measures ? { measures } : {}),
      setUp: flags.setUp,
      versions: await versionsHere(),
      progressOf: ({ name }) => progress.of(name),
      ...(saved ? { saved } : {}),
      ...(older ? { older } : {}),
    });
    progress[Symbol.dispose]();
    tell(bench, directory, flags);
    for (const note of notes) console.error(note);
    if (flags.save !== undefined) {
      await mkdir(dirname(resolve(flags.save)), { recursive: true });
      await writeWhole(resolve(flags.save), `${JSON.stringify(bench, null, 2)}\n`);
      console.error(`  saved as ${flags.save}`);
    }
    return outcomeWords[bench.outcome].exitCode;
  });
}

function list(json: boolean, of: readonly Workload[]): number {
  const rows = of.map(({ name, title, seconds }) => ({ name, title, seconds }));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else
    for (const { name, title, seconds } of rows) {
      console.log(`${name.padEnd(11)}${title}`);
      console.log(`${' '.repeat(11)}about ${showDuration(seconds.full * 1_000)}, --quick ${seconds.quick} s`);
    }
  return 0;
}

/** @throws LabError `LAB_BAD_INPUT` when nothing of what was chosen can be measured beside an older version */
function needRounds(chosen: readonly Workload[]): void {
  if (chosen.some(({ open }) => open)) return;
  const able = workloads.flatMap(({ name, open }) => (open ? [name] : []));
  throw new LabError(
    'LAB_BAD_INPUT',
    'What was chosen is not measured in rounds, and so not beside an older version',
    {
      hint: `--against is for ${able.join(', ')}.`,
    },
  );
}

/** The fleet over workers, where it is asked for; nothing else is measured on them. */
async function spreadOver({ on, slices }: BenchFlags, chosen: readonly Workload[]) {
  if (on !== undefined && chosen.length === 1 && chosen[0]?.name === 'fleet') {
    const { openSpread } = await import('./fleet-on.ts');
    return await openSpread(on, slices);
  }
  if (on === undefined && slices === undefined) return undefined;
  throw new LabError('LAB_BAD_INPUT', '--on and --slices are for fleet alone', {
    hint: 'As in `shaketable bench fleet --on nats://127.0.0.1:4222 --agents 4000`.',
  });
}

/** @throws LabError `LAB_BAD_INPUT` when a fleet is described and none was chosen */
function fleetFlags(
  { agents, duration }: BenchFlags,
  chosen: readonly Workload[],
): BenchContext['fleet'] | undefined {
  if (agents === undefined && duration === undefined) return undefined;
  if (!chosen.some(({ name }) => name === 'fleet')) {
    const flag = agents === undefined ? '--duration' : '--agents';
    throw new LabError('LAB_BAD_INPUT', `${flag} is for fleet, which was not chosen`, {
      hint: 'Name it: `shaketable bench fleet --agents 1000 --duration 30`.',
    });
  }
  return {
    ...(agents === undefined ? {} : { agents }),
    ...(duration === undefined ? {} : { steadyMs: duration * 1_000 }),
  };
}

/** @throws LabError `LAB_BAD_INPUT` when nothing that was chosen has measures of these names */
function measuresOf(list: string | undefined, chosen: readonly Workload[]): string[] | undefined {
  if (list === undefined) return undefined;
  const names = list.split(',').map((name) => name.trim());
  const known = chosen.flatMap(({ measures }) => measures ?? []);
  if (known.length === 0) {
    throw new LabError('LAB_BAD_INPUT', '--measures is for proxy, which was not chosen', {
      hint: 'Name it: `shaketable bench proxy --measures bulk`.',
    });
  }
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new LabError('LAB_BAD_INPUT', `There is no measure called "${unknown}"`, {
      hint: `--measures takes some of ${known.join(',')}.`,
    });
  }
  return names;
}

const olderVersion = (ref: string, signal: AbortSignal): Promise<OlderVersion> =>
  checkOut(ref, {
    repository: packageRoot,
    cache: cacheDirectory(process.env, 'versions'),
    announce: (line) => console.error(line),
    signal,
  });

async function readSaved(file: string): Promise<{ file: string; bench: BenchResult }> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw fileError(cause, file, 'give another file');
  });
  return { file, bench: parseBench(text, file) };
}

/** What was measured, and where it went; with `--json` on standard error, since the other is the file's. */
function tell(bench: BenchResult, directory: string, { json }: BenchFlags): void {
  const { symbol, word, exitCode } = outcomeWords[bench.outcome];
  const lines = [
    ...benchLines(bench),
    '',
    `${symbol} ${word} (exit ${exitCode}): ${outcomeMeanings[bench.outcome]}`,
    `  written to ${directory}/index.html, with bench.json, summary.md, histograms.hlog`,
  ];
  const say = json ? console.error : console.log;
  for (const line of lines) say(line);
  if (json) process.stdout.write(`${JSON.stringify(bench, null, 2)}\n`);
}

async function versionsHere(): Promise<BenchResult['versions']> {
  const { node, shaketable } = await versions('');
  return { node, shaketable, openssl: process.versions.openssl };
}
