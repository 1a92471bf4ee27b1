/** `policy`: what it costs to open connections anew, to keep them, and to share one, and how much each suffers from faults. */
import type { Matrix, Table } from '../../bench-result.ts';
import { type PolicyName, policies } from '../../load/policies/index.ts';
import type { PolicyLoad } from '../../load/policy-load.ts';
import type { SaturateLoad } from '../../load/saturate.ts';
import { figureColumn } from '../../rounds/columns.ts';
import type { Pair } from '../../rounds/compare-rows.ts';
import { roundsWorkload } from '../../rounds/rounds-workload.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import type { Variant } from '../../rounds/take-rounds.ts';
import type { OpenOptions, OpenVariants } from '../../workload.ts';
import { type LinkKind, links } from './links.ts';
import { requestTimes } from './request-times.ts';
import { type RequestRig, startRequestRig } from './rig.ts';
import { policyUnits, takeOfPolicy, takeOfSaturated } from './take.ts';

/** Below what one connection over 20 ms can take. */
const ratePerSecond = 40;
const takeMs = { quick: 300, full: 1_500 };
const saturated = { connections: [1, 8, 64], perTake: { quick: 320, full: 3_200 } };
const names = Object.keys(policies) as PolicyName[];

export const policy = roundsWorkload({
  name: 'policy',
  title: 'policies of connections, on clean and broken links: latency, handshakes, retries',
  seconds: { quick: 20, full: 330 },
  rounds: { quick: { fewest: 1, discard: 0 }, full: { fewest: 6, discard: 1 } },
  units: policyUnits,
  control: { id: 'clean: pool of 8', of: 'service' },
  pairs,
  // There are many, and some differ by their faults alone.
  untilDecided: false,
  matrix: () => matrix(),
  tables: tables(),
  notes: [
    `An open loop sends ${ratePerSecond} requests a second by a schedule; service is from when a request is on a connection, plan from when it was due, late is how late the generator itself was (p99).`,
    'A failed request is sent again at once, three times in all. Twice are operations that the server applied more than once. Counts are of one round, KiB and processor ms of a request.',
    'Each round begins without connections. Resets are drawn each time that something arrives from the server; of the handshakes cut, the client never sees the ServerHello.',
    'The saturated rows are autocannon, on the clean link alone, which verifies no certificate; they are void unless proxy and server counted what it says.',
  ],
  open,
});

async function open({ seed, quick }: OpenOptions): Promise<OpenVariants> {
  const rig = await startRequestRig({ seed });
  return {
    variants: [
      ...links.flatMap((link) => names.map((name) => openLoopVariant(rig, link, name, quick))),
      ...saturated.connections.map((connections) => saturatedVariant(rig, connections, quick)),
    ],
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

const matrix = (): Matrix => ({
  title: 'service by policy and link',
  lineTitle: 'policy',
  of: 'service',
  cells: links.flatMap(({ name: column }) =>
    names.map((name) => ({ row: idOf(column, name), line: name, column })),
  ),
});

/** Every policy beside a new connection, on the same link. */
function pairs(): Pair[] {
  return names.slice(1).flatMap((name) =>
    links.map(({ name: link }) => ({
      base: idOf(link, 'new connection'),
      other: idOf(link, name),
      of: 'service',
      title: `${link}: new connection → ${name}`,
    })),
  );
}

const idOf = (link: string, name: string): string => `${link}: ${name}`;

function openLoopVariant(rig: RequestRig, link: LinkKind, name: PolicyName, quick: boolean): Variant<Take> {
  const durationMs = quick ? takeMs.quick : takeMs.full;
  const protocol = name === 'HTTP/2' ? 'http2' : 'http1';
  const job = { kind: 'policy', policy: name, ratePerSecond, durationMs } as const;
  return {
    id: idOf(link.name, name),
    take: async () => takeOfPolicy(link.healthy, await rig.take<PolicyLoad>({ link, protocol, job })),
  };
}

function saturatedVariant(rig: RequestRig, connections: number, quick: boolean): Variant<Take> {
  const amount = quick ? saturated.perTake.quick : saturated.perTake.full;
  const job = { kind: 'saturate', connections, amount } as const;
  return {
    id: `saturated: ${connections} kept`,
    take: async () =>
      takeOfSaturated(
        connections,
        await rig.take<SaturateLoad>({ link: links[0] as LinkKind, protocol: 'http1', job }),
      ),
  };
}

function tables(): Table[] {
  return [
    requestTimes(true),
    {
      title: 'of a round: requests/s, connections, handshakes, requests, operations twice',
      columns: [
        figureColumn('req/s', 'rate'),
        figureColumn('conn.', 'connections'),
        figureColumn('full', 'full'),
        figureColumn('resum.', 'resumed'),
        figureColumn('failed', 'failed'),
        figureColumn('retries', 'retries'),
        figureColumn('twice', 'duplicates'),
      ],
    },
    {
      title: 'a request: processor ms of client and server, KiB; MiB of either end',
      columns: [
        figureColumn('cpu C', 'clientCpu', 2),
        figureColumn('cpu S', 'serverCpu', 2),
        figureColumn('KiB', 'bytes', 1),
        figureColumn('MiB C', 'clientMemory'),
        figureColumn('MiB S', 'serverMemory'),
      ],
    },
  ];
}
