/** `policy` of a server that is not ours: GET requests by each policy, on clean and broken links. */
import { lookup } from 'node:dns/promises';
import type { Table } from '../../bench-result.ts';
import { type PolicyName, policies } from '../../load/policies/index.ts';
import { figureColumn } from '../../rounds/columns.ts';
import { judgeRows } from '../../rounds/judge-rows.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds, type Variant } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { type LinkKind, links } from '../policy/links.ts';
import { requestTimes } from '../policy/request-times.ts';
import { policyUnits } from '../policy/take.ts';
import { expectRounds, type OpenedServer, openServer } from './server.ts';
import { takeOfServer } from './take.ts';

export const urlPolicy: Workload = {
  name: 'policy',
  title: 'policies of connections against your server, on clean and broken links',
  seconds: { quick: 20, full: 60 },
  run,
};

/** Half of what is allowed, so that there is room for what is sent again. */
const shareOfCap = 0.5;
const takeMs = { quick: 300, full: 500 };
const fewestRequests = 3;

async function run(context: BenchContext): Promise<Measured> {
  const { quick } = context;
  await using server = await openServer(context, lookup);
  const names = namesOf(server, context.server?.url ?? '');
  const kinds =
    server.abilities.versions.length > 0 ? links : links.filter(({ name }) => name !== '30 % cut');
  const plan = planOf(server, quick);
  const variants = kinds.flatMap((link) => names.map((name) => variant(server, link, name, plan)));
  const again = variant(server, links[0] as LinkKind, 'pool of 8', plan);
  const takes = await takeRounds({
    ...context,
    variants: [...variants, { ...again, id: 'control' }],
    fewest: quick ? 1 : 6,
    discard: quick ? 0 : 1,
    enough: () => true,
    mayTake: () => server.fits(plan.durationMs),
    onProgress: ({ done, of, variant: id }) => context.progress.step(done, of, id),
  });
  const rounds = takes.get(again.id)?.length ?? 0;
  expectRounds(rounds, context.server);
  const rows = [...takes].map(([id, all]) => summarizeRow(id, all, policyUnits));
  const pairs = names.slice(1).flatMap((name) =>
    kinds.map(({ name: link }) => ({
      base: idOf(link, names[0] ?? name),
      other: idOf(link, name),
      of: 'service',
      title: `${link}: ${names[0]} → ${name}`,
    })),
  );
  return {
    rounds,
    tables: tables(),
    matrix: {
      title: 'service by policy and link',
      lineTitle: 'policy',
      of: 'service',
      cells: kinds.flatMap(({ name: column }) =>
        names.map((line) => ({ row: idOf(column, line), line, column })),
      ),
    },
    ...judgeRows(rows, { id: again.id, again: 'control', of: 'service' }, pairs, context),
    notes: [
      ...server.notes,
      `An open loop sends ${plan.ratePerSecond} requests a second by a schedule. A failed request is sent again, three times in all, within the cap; one that was answered is not, whatever its status.`,
      'Whether something was applied twice, and what the server spends, cannot be known from here. Without autocannon, which knows no caps.',
    ],
  };
}

/** Of policies that differ by TLS alone, a server without it has one. */
function namesOf({ abilities }: OpenedServer, url: string): PolicyName[] {
  const secure = url.startsWith('https:');
  return (Object.keys(policies) as PolicyName[]).filter(
    (name) => (name !== 'HTTP/2' || abilities.http2) && (name !== 'new, resumed' || secure),
  );
}

interface Plan {
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

/** A take has a few requests, however low the cap. */
function planOf({ perSecond }: OpenedServer, quick: boolean): Plan {
  const ratePerSecond = perSecond * shareOfCap;
  const durationMs = Math.max(quick ? takeMs.quick : takeMs.full, (fewestRequests / ratePerSecond) * 1_000);
  return { ratePerSecond, durationMs };
}

const idOf = (link: string, name: string): string => `${link}: ${name}`;

function variant({ rig }: OpenedServer, link: LinkKind, policy: PolicyName, plan: Plan): Variant<Take> {
  return {
    id: idOf(link.name, policy),
    take: async () => takeOfServer(link.healthy, await rig.request(link, { policy, ...plan })),
  };
}

function tables(): Table[] {
  return [
    requestTimes(false),
    {
      title: 'of a round: connections, handshakes, requests; a request: KiB, processor ms',
      columns: [
        figureColumn('conn.', 'connections'),
        figureColumn('full', 'full'),
        figureColumn('resum.', 'resumed'),
        figureColumn('failed', 'failed'),
        figureColumn('retries', 'retries'),
        figureColumn('unansw.', 'unanswered'),
        figureColumn('KiB', 'bytes', 1),
        figureColumn('cpu C', 'clientCpu', 2),
      ],
    },
  ];
}
