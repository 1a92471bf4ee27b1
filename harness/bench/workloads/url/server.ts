/** What every workload needs to measure a server that is not ours, within its caps. */
import { LabError } from '../../../errors.ts';
import { createPace } from '../../load/server-target.ts';
import type { BenchContext, ServerUnderTest } from '../../workload.ts';
import { type Lookup, parseAddress, type ServerAddress, upstreamOf } from './address.ts';
import { type Abilities, probe } from './probe.ts';
import { startUrlRig, type UrlRig } from './rig.ts';

export interface OpenedServer extends AsyncDisposable {
  readonly rig: UrlRig;
  readonly abilities: Abilities;
  readonly perSecond: number;
  /** Whether something that takes so long still fits. */
  fits(ms: number): boolean;
  readonly notes: readonly string[];
}

/** So long nothing is waited for without an answer. */
const usualTimeoutMs = 10_000;
export const clean = { name: 'clean', toxics: [] } as const;

/** Connects to the server for the first time. @throws LabError as `parseAddress`, `upstreamOf` and `probe` do */
export async function openServer(
  context: Pick<BenchContext, 'seed' | 'clock' | 'server' | 'progress'>,
  lookup: Lookup,
): Promise<OpenedServer> {
  const { seed, clock, progress } = context;
  const server = needed(context.server);
  const { ca, timeoutMs = usualTimeoutMs, maxPerSecond: perSecond } = server;
  const address = parseAddress(server.url);
  const upstream = await upstreamOf(address, lookup);
  const startedMs = clock.now();
  await using resources = new AsyncDisposableStack();
  const rig = resources.use(await startUrlRig({ seed, address, upstream, ca, timeoutMs, perSecond, clock }));
  const caps = `At most ${perSecond} requests a second for ${server.maxMs / 1_000} s (--max-rate, --max-duration).`;
  progress.note(`${address.shown} at ${upstream}. ${caps}`);
  const abilities = await probe({
    address,
    port: await rig.portOf(clean),
    ca,
    timeoutMs,
    refusal: rig.refusal,
    pace: createPace(perSecond, clock),
  });
  const owned = resources.move();
  return {
    rig,
    abilities,
    perSecond,
    fits: (ms) => clock.now() - startedMs + ms <= server.maxMs,
    notes: [`${describe(address)}. ${caps}`, ...abilities.notes],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const describe = ({ shown, secure }: ServerAddress): string =>
  `Asked by GET: ${shown}${secure ? ', its certificate verified' : ''}; redirects are not followed`;

function needed(server: ServerUnderTest | undefined): ServerUnderTest {
  if (!server) throw new LabError('LAB_INTERNAL', 'Expected a server to measure');
  return server;
}

/** A round that did not fit measures nothing. @throws LabError `LAB_BAD_INPUT` */
export function expectRounds(rounds: number, server: ServerUnderTest | undefined): void {
  if (rounds > 0) return;
  throw new LabError('LAB_BAD_INPUT', `${(server?.maxMs ?? 0) / 1_000} s are too few for a single round`, {
    hint: 'Allow more with --max-duration or --max-rate, or measure less with --quick.',
  });
}
