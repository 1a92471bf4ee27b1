/** Plays one subject file through all columns, by the command that anybody would use, and reads what came of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { RunResult, ScenarioResult } from '../harness/report/run-result.ts';

const root = join(import.meta.dirname, '..');
const entry = join(root, 'harness/bin/shaketable.cjs');

/** What a client came to in a column. */
export type Cell =
  | { readonly verdict: 'holds' }
  /** Every check that fails is known to, for these reasons. */
  | { readonly verdict: 'fails'; readonly why: readonly string[] }
  | { readonly verdict: 'not applicable'; readonly why: readonly string[] }
  /** Something nobody has looked into: it stands in no table. */
  | { readonly verdict: 'unexplained'; readonly why: readonly string[] };

/** Times that a scenario is played when it proves nothing, as it happens where the machine stands still. */
const mostTries = 4;

interface PlayOptions {
  readonly scenarios: readonly string[];
  /** Folders of programs to look in first. */
  readonly path: readonly string[];
  readonly seed: number;
  /** Scenarios at a time. @default by the cores that are free */
  readonly atOnce?: number;
  /** Workers that play it, as `shaketable run --on` takes them, in place of this process. */
  readonly on?: string;
  readonly signal: AbortSignal;
  /** Told what is under way. */
  readonly say: (line: string) => void;
}

/**
 * The cells of `subject`, by scenario. What proves nothing is played again, and so is, once, what nobody can explain: on a busy machine a
 * program comes too late for what it is asked.
 */
export async function playSubject(
  subject: string,
  options: PlayOptions,
): Promise<Readonly<Record<string, Cell>>> {
  const { scenarios, say } = options;
  const name = relative(root, subject);
  const cells: Record<string, Cell> = {};
  let left = scenarios;
  for (let tries = 1; tries <= mostTries && left.length > 0; tries += 1) {
    const run = await shaketable(subject, left, options);
    for (const { id, why } of run.notApplicable ?? []) cells[id] = { verdict: 'not applicable', why };
    const again: string[] = [];
    for (const result of run.scenarios) {
      const { id, inconclusive = [] } = result;
      const cell = cellOf(result);
      cells[id] = cell;
      if (cell.verdict !== 'unexplained') continue;
      say(`${name}: ${id}: ${cell.why.join('; ')}`);
      if (inconclusive.length > 0 || tries === 1) again.push(id);
    }
    left = again;
  }
  return cells;
}

function cellOf({ asExpected, inconclusive = [], subjects }: ScenarioResult): Cell {
  const checks = subjects.flatMap((subject) => subject.checks);
  const failing = checks.filter(({ outcome }) => outcome === 'fail');
  if (!asExpected) {
    const unknown = failing.filter(({ known }) => known === undefined);
    const stale = checks.filter(({ outcome, known }) => outcome === 'pass' && known !== undefined);
    return {
      verdict: 'unexplained',
      why: [
        ...unknown.map(({ id, measured }) => `fails ${id}: ${measured}`),
        ...stale.map(({ id }) => `passes ${id}, which is listed as failing`),
        ...inconclusive,
      ],
    };
  }
  if (failing.length === 0) return { verdict: 'holds' };
  return { verdict: 'fails', why: [...new Set(failing.map(({ known }) => known?.reason ?? ''))] };
}

/** `shaketable run --subject`, with what it wrote. */
async function shaketable(
  subject: string,
  scenarios: readonly string[],
  { path, seed, atOnce, on, signal }: PlayOptions,
): Promise<RunResult> {
  const out = await mkdtemp(join(tmpdir(), 'shaketable-clients-'));
  try {
    const workers = on === undefined && atOnce !== undefined ? ['--workers', String(atOnce)] : [];
    const handedOut = on === undefined ? [] : ['--on', on];
    const flags = ['--seed', String(seed), '--out', out, '--set-up', ...workers, ...handedOut];
    const args = ['run', '--subject', relative(root, subject), ...scenarios, ...flags];
    const PATH = [...path, process.env.PATH].join(':');
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: root,
      env: { ...process.env, PATH, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
    let said = '';
    const keep = (chunk: Buffer): void => {
      said = `${said}${chunk}`.slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const [code] = await once(child, 'close');
    signal.throwIfAborted();
    const written = await readFile(join(out, 'latest/run.json'), 'utf8').catch(() => undefined);
    if (written === undefined) throw new Error(`${subject} was not played (exit ${code}):\n${said}`);
    return JSON.parse(written) as RunResult;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
