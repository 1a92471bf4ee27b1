/**
 * `claims` of a server that is not ours: the one latency among the figures of the reports. The others are of the reference
 * server and the agents, which play no part here.
 */
import { lookup } from 'node:dns/promises';
import type { Figure } from '../../bench-result.ts';
import type { PolicyName } from '../../load/policies/index.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds, type Variant } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { roundTrip } from '../handshake/rig.ts';
import { policyUnits } from '../policy/take.ts';
import { expectRounds, type OpenedServer, openServer } from './server.ts';
import { takeOfServer } from './take.ts';

export const urlClaims: Workload = {
  name: 'claims',
  title: 'the reported latency of a request (R1.7) with your server, before and after',
  seconds: { quick: 4, full: 20 },
  run,
};

const link = { name: '10 ms', toxics: roundTrip(10) };
const before: PolicyName = 'new connection';
const after: PolicyName = 'pool of 1';
/** Slow enough for a connection of its own each. */
const ratePerSecond = 5;
/** What the report says, ms. */
const reported = { before: [50, 200], after: [10, 20] } as const;

async function run(context: BenchContext): Promise<Measured> {
  const { quick } = context;
  await using server = await openServer(context, lookup);
  const durationMs = quick ? 600 : 1_000;
  const takes = await takeRounds({
    ...context,
    variants: [before, after].map((policy) => variant(server, policy, durationMs)),
    fewest: quick ? 2 : 8,
    discard: quick ? 0 : 1,
    enough: () => true,
    mayTake: () => server.fits(durationMs),
    onProgress: ({ done, of, variant: id }) => context.progress.step(done, of, id),
  });
  const rounds = takes.get(before)?.length ?? 0;
  expectRounds(rounds, context.server);
  const rows = [...takes].map(([id, all]) => summarizeRow(id, all, { ...policyUnits, mean: 'ms' }));
  const [naive, hardened] = [before, after].map((id) => rows.find((row) => row.id === id)?.figures.mean);
  return {
    rounds,
    tables: [
      {
        title: 'a request over 10 ms of added round trip, ms, and handshakes of a round',
        columns: [
          { title: 'mean', of: 'mean', digits: 1 },
          { title: 'p50', of: 'service', take: 'p50', digits: 1 },
          { title: 'p90', of: 'service', take: 'p90', digits: 1 },
          { title: 'full', of: 'full', digits: 0 },
        ],
      },
    ],
    rows,
    comparisons: [],
    claims: [
      {
        id: 'latency-of-a-request',
        figure: 'mean latency of a request over 10 ms of added round trip',
        requirement: 'R1.7',
        reportedBefore: reported.before.join('–'),
        reportedAfter: reported.after.join('–'),
        naive: shown(naive),
        hardened: shown(hardened),
        unit: 'ms',
        holds: naive && hardened ? within(naive, reported.before) && within(hardened, reported.after) : null,
      },
    ],
    notes: [
      ...server.notes,
      'Before is a new connection for each request, after one that is kept. The other figures of the reports are of the reference server and the agents, and are left out here.',
    ],
  };
}

function variant({ rig, perSecond }: OpenedServer, policy: PolicyName, durationMs: number): Variant<Take> {
  const plan = { policy, ratePerSecond: Math.min(ratePerSecond, perSecond), durationMs };
  return {
    id: policy,
    take: async () => {
      const take = takeOfServer(true, await rig.request(link, plan));
      const { service = [] } = take.times;
      if (service.length === 0) return take;
      const mean = service.reduce((sum, ms) => sum + ms, 0) / service.length;
      return { ...take, figures: { ...take.figures, mean } };
    },
  };
}

const shown = (figure: Figure | undefined): number | null =>
  figure ? Math.round(figure.median * 10) / 10 : null;

const within = ({ median }: Figure, [low, high]: readonly [number, number]): boolean =>
  median >= low && median <= high;
