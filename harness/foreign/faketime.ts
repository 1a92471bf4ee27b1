/**
 * The lab's pace for programs that know nothing of it: libfaketime, loaded into a dynamically linked program, scales its clocks and waits.
 * Whether it does is found out by a probe of the very runtime, and never guessed: a program whose time is not scaled is played at the real
 * pace. Go's runtime makes the system calls itself, and a static binary loads nothing.
 */
import { access, glob, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { startProcess } from '../subjects/process.ts';
import type { Table } from '../worlds/table.ts';
import { findProgram } from './program.ts';
import { shareClock } from './shared-clock.ts';
import type { ForeignSubject, SubjectPace } from './subject.ts';

/** Where distributions put it; several threads need the one with MT. */
const places = [
  '/usr/lib/*/faketime/libfaketimeMT.so.1',
  '/usr/lib*/faketime/libfaketimeMT.so.1',
  '/usr/local/lib/faketime/libfaketimeMT.so.1',
];

/** The variable that names it where it is elsewhere. */
const libraryVariable = 'SHAKETABLE_LIBFAKETIME';

/** A probe waits so long by its own clock, */
const probeWaitMs = 4_000;
/** which the library is told to pass so many times faster. */
const probeRate = 20;
const probeBoundMs = 30_000;

/**
 * The environment in which the subject's clock runs as the lab's does; none at the real pace. Call it before the subject is started: what its
 * processes share is removed with the table, after they have ended.
 */
export async function fasterClock(
  { how, library }: SubjectPace,
  table: Pick<Table, 'clock' | 'pace' | 'use'>,
): Promise<Record<string, string>> {
  const { clock, pace } = table;
  if (how !== 'libfaketime' || library === undefined || pace === 1) return {};
  const shared = table.use(await shareClock(library));
  return {
    ...shared.env,
    LD_PRELOAD: library,
    FAKETIME: `@${Math.round(clock.now() / 1_000)} x${pace}`,
    FAKETIME_FMT: '%s',
    FAKETIME_DONT_RESET: '1', // What it starts goes on where it is.
    FAKETIME_NO_CACHE: '1',
  };
}

/** At which pace the subject can be played. */
export async function probePace(subject: ForeignSubject): Promise<SubjectPace> {
  const real = (why: string): SubjectPace => ({ how: 'real', why });
  if (subject.pace.how === 'real' && subject.pace.why === 'its file says so') return subject.pace;
  if (process.platform !== 'linux') return real('libfaketime is used on Linux only');
  const library = await findLibrary();
  if (library === undefined)
    return real('libfaketime is not installed (Debian and Ubuntu: apt-get install faketime)');
  const { runtime } = await findProgram(subject.command[0], subject.cwd);
  const probe = probes.find(({ name }) => name.test(basename(runtime)));
  if (probe === undefined) return real(`the lab has no probe for the clock of ${basename(runtime)}`);
  const measured = await measure(runtime, probe, library);
  if ('failure' in measured) return real(`the probe of ${basename(runtime)} failed: ${measured.failure}`);
  const { ownMs, realMs } = measured;
  const shown = `${basename(runtime)} waited ${Math.round(ownMs)} ms by its own clock in ${Math.round(realMs)} ms`;
  if (!isScaled(measured))
    return real(`libfaketime does not scale the clock of ${basename(runtime)}: ${shown}`);
  return { how: 'libfaketime', why: shown, library };
}

/** How long the wait of a probe took, by the clock of the program and really. */
interface ProbedWait {
  readonly ownMs: number;
  readonly realMs: number;
}

/**
 * Whether it shows that clock and waits run faster. On a busy machine the program is late, and by its own clock as many times later: only
 * how one time compares with the other tells of the clock.
 */
export function isScaled({ ownMs, realMs }: ProbedWait): boolean {
  return ownMs >= probeWaitMs * 0.9 && realMs < probeWaitMs * 0.75 && ownMs / realMs > probeRate / 3;
}

interface Probe {
  readonly name: RegExp;
  /** Arguments of the runtime for a program that prints a line, waits `probeWaitMs` and prints how long that took by its clock, in ms. */
  args(directory: string): Promise<readonly string[]>;
}

const seconds = probeWaitMs / 1_000;

const probes: readonly Probe[] = [
  {
    name: /^python[\d.]*$/,
    args: async () => [
      '-uc',
      `import time;print("begin");a=time.monotonic();time.sleep(${seconds});print((time.monotonic()-a)*1000)`,
    ],
  },
  {
    name: /^node(js)?$/,
    args: async () => [
      '-e',
      `console.log('begin');const a=performance.now();setTimeout(()=>console.log(performance.now()-a),${probeWaitMs})`,
    ],
  },
  {
    name: /^(ba|da|z|k|a)?sh$/,
    args: async () => [
      '-c',
      `echo begin;a=$(date +%s%N);sleep ${seconds};b=$(date +%s%N);echo $(((b-a)/1000000))`,
    ],
  },
  {
    name: /^perl[\d.]*$/,
    args: async () => [
      '-MTime::HiRes=time,sleep',
      '-e',
      `$|=1;print"begin\\n";$a=time;sleep(${seconds});print((time-$a)*1000)`,
    ],
  },
  {
    name: /^ruby[\d.]*$/,
    args: async () => [
      '-e',
      `$stdout.sync=true;puts"begin";a=Process.clock_gettime(1);sleep(${seconds});puts((Process.clock_gettime(1)-a)*1000)`,
    ],
  },
  {
    name: /^php[\d.]*$/,
    args: async () => ['-r', `echo "begin\\n";$a=hrtime(true);sleep(${seconds});echo (hrtime(true)-$a)/1e6;`],
  },
  {
    name: /^java$/,
    args: async (directory) => {
      const file = join(directory, 'Probe.java');
      const wait = `System.out.println("begin");long a=System.nanoTime();Thread.sleep(${probeWaitMs});System.out.println((System.nanoTime()-a)/1e6);`;
      await writeFile(
        file,
        `public class Probe{public static void main(String[] x)throws Exception{${wait}}}`,
      );
      return [file];
    },
  },
];

/** What the probe said of its wait, and how long that took really, from line to line. */
async function measure(
  runtime: string,
  probe: Probe,
  library: string,
): Promise<ProbedWait | { readonly failure: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-probe-'));
  const lines: { readonly text: string; readonly at: number }[] = [];
  try {
    await using shared = await shareClock(library);
    const started = await startProcess({
      command: runtime,
      args: await probe.args(directory),
      env: { ...shared.env, LD_PRELOAD: library, FAKETIME: `+0 x${probeRate}`, FAKETIME_DONT_RESET: '1' },
      onStdoutLine: (text) => lines.push({ text, at: performance.now() }),
    });
    await using _stopped = started;
    const over = new AbortController();
    const late = systemClock()
      .sleep(probeBoundMs, over.signal)
      .catch(() => undefined);
    await Promise.race([started.exited, late]).finally(() => over.abort());
    const [begin, end] = lines;
    const ownMs = Number(end?.text);
    if (begin === undefined || end === undefined || !Number.isFinite(ownMs))
      return {
        failure: `it printed ${JSON.stringify(
          lines
            .map(({ text }) => text)
            .join(' ')
            .slice(0, 80),
        )}`,
      };
    return { ownMs, realMs: end.at - begin.at };
  } catch (error) {
    return { failure: (error as Error).message };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export async function findLibrary(): Promise<string | undefined> {
  const named = process.env[libraryVariable];
  const candidates = named === undefined ? places : [named];
  for (const pattern of candidates)
    for await (const path of glob(pattern))
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      )
        return path;
  return undefined;
}
