/**
 * Walks from the name of a server to the heartbeat of an agent, and stops at the first step that is broken.
 *
 *     name → tcp → tls → health → database → token → account → agent → heartbeat
 */
import { lookup } from 'node:dns/promises';
import type { Clock } from 'shaketable-proxy/clock';
import { createMask } from './mask.ts';
import { type Finding, type Known, type Step, type StepContext, type StepId, stepTitles } from './step.ts';
import { accountStep } from './steps/account.ts';
import { agentStep } from './steps/agent.ts';
import { databaseStep } from './steps/database.ts';
import { healthStep } from './steps/health.ts';
import { heartbeatStep } from './steps/heartbeat.ts';
import { nameStep } from './steps/name.ts';
import { tcpStep } from './steps/tcp.ts';
import { tlsStep } from './steps/tls.ts';
import { tokenStep } from './steps/token.ts';
import type { Target } from './target.ts';

const steps: readonly Step[] = [
  nameStep,
  tcpStep,
  tlsStep,
  healthStep,
  databaseStep,
  tokenStep,
  accountStep,
  agentStep,
  heartbeatStep,
];

/** A step and what came of it; `ms` is what looking took. */
export type StepResult = { readonly id: StepId; readonly title: string } & (
  | (Finding & { readonly ms?: number })
  | { readonly outcome: 'not tried' }
);

export interface Diagnosis {
  readonly version: 1;
  readonly url: string;
  /** `works`: nothing that was looked at is broken. */
  readonly outcome: 'works' | 'broken' | 'unknown' | 'interrupted';
  /** The first step that is broken, or could not be told. */
  readonly step?: StepId;
  readonly steps: readonly StepResult[];
}

export interface DiagnoseOptions {
  readonly clock: Clock;
  /** Longest time for one answer, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly lookup?: StepContext['lookup'];
  /** Told of each step when it is done. */
  readonly onStep?: (result: StepResult) => void;
}

/** One walk. Never rejects because of what it finds: an aborted one ends as `interrupted`. No secret is in what it gives. */
export async function diagnose(target: Target, options: DiagnoseOptions): Promise<Diagnosis> {
  const { clock, signal, onStep = () => {} } = options;
  await using resources = new AsyncDisposableStack();
  const known: Known = {};
  const context: StepContext = { lookup: allAddresses, ...options, target, known, resources };
  const mask = createMask(target);
  const results: StepResult[] = [];
  let ending: Pick<Diagnosis, 'outcome' | 'step'> = { outcome: 'works' };
  for (const { id, look } of steps) {
    const asked = { id, title: stepTitles[id] };
    let result: StepResult = { ...asked, outcome: 'not tried' };
    if (ending.outcome === 'works') {
      const startMs = clock.now();
      try {
        const finding = mask(await look(context));
        const ms = rounded(clock.now() - startMs);
        result = {
          ...asked,
          ...(finding.outcome === 'skipped' ? finding : { ...withPace(finding, ms), ms }),
        };
        if (finding.outcome === 'broken' || finding.outcome === 'unknown')
          ending = { outcome: finding.outcome, step: id };
      } catch (error) {
        if (!signal.aborted) throw error;
        ending = { outcome: 'interrupted', step: id };
      }
    }
    results.push(result);
    onStep(result);
  }
  return { version: 1, url: target.shown, ...ending, steps: results };
}

const slowMs = 1_000;

/** What holds and took long is worth a word: somebody's time-out is shorter. */
function withPace(finding: Finding, ms: number): Finding {
  if (finding.outcome !== 'holds' || ms < slowMs) return finding;
  return {
    ...finding,
    remarks: [...(finding.remarks ?? []), 'Slow: an agent with a shorter time-out fails here'],
  };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

const allAddresses: StepContext['lookup'] = (hostname) => lookup(hostname, { all: true, order: 'verbatim' });

/** How long to wait before the next walk, ms: longer each time, up to ten seconds. */
const pauseMs = (walk: number): number => Math.min(10_000, 1_000 * 2 ** (walk - 1));

/**
 * Walks again and again until everything works, `waitMs` are over, or what is broken will not mend by itself: a refused token
 * is not sent a second time.
 */
export async function diagnoseUntil(
  waitMs: number,
  target: Target,
  options: DiagnoseOptions & { readonly onWait?: (diagnosis: Diagnosis, walk: number) => void },
): Promise<Diagnosis> {
  const { clock, signal, onWait } = options;
  const endMs = clock.now() + waitMs;
  for (let walk = 1; ; walk += 1) {
    const diagnosis = await diagnose(target, options);
    const last = diagnosis.steps.find(({ id }) => id === diagnosis.step);
    const leftMs = endMs - clock.now();
    if (last?.outcome !== 'broken' || !last.mayPass || leftMs <= 0) return diagnosis;
    onWait?.(diagnosis, walk);
    try {
      await clock.sleep(Math.min(leftMs, pauseMs(walk)), signal);
    } catch {
      return { ...diagnosis, outcome: 'interrupted' };
    }
  }
}
