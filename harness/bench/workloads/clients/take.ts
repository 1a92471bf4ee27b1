/** From what load, proxy and server saw to one round of a row. What libraries say of themselves is not believed. */
import type { Outcome } from '../../load/clients/ask.ts';
import type { Operation, Seen } from '../../processes/operation-server.ts';
import { errorsInWords } from '../../rig/judge-counts.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import type { Behaviour, Method } from './behave.ts';
import type { RateBatch } from './rig.ts';

/** The unit of each figure. */
export const clientsUnits = Object.freeze({
  requests: 'requests',
  connections: 'connections',
  full: 'handshakes',
  resumed: 'handshakes',
  clientCpu: 'ms',
  idleGet: 'requests',
  idlePost: 'requests',
  again503Get: 'requests',
  again503Post: 'requests',
  twiceGet: 'operations',
  twicePost: 'operations',
});

/** On a link that breaks nothing, so that each request is answered, arrives once, and each connection shakes hands. */
export function takeOfRate({ load, proxy, server, clientCpuMs }: RateBatch): Take {
  const asked = load.scheduleErrorMs.length;
  const unanswered = asked - load.serviceMs.length;
  const arrived = server.operations.reduce((sum, { arrivedMs }) => sum + arrivedMs.length, 0);
  const { connections, full, resumed, failed } = proxy;
  const doubt = (what: string, is: number, expected: number): string[] =>
    is === expected ? [] : [`${what}: ${is} instead of ${expected}`];
  return {
    times: { service: load.serviceMs, fromPlan: load.fromPlanMs, scheduleError: load.scheduleErrorMs },
    figures: { requests: arrived, connections, full, resumed, clientCpu: clientCpuMs / asked },
    failures:
      unanswered > 0
        ? [`on a link that breaks nothing, ${unanswered} requests failed (${errorsInWords(load.errors)})`]
        : [],
    doubts: [
      ...doubt('requests at the server', arrived, asked),
      ...doubt('operations at the server', server.operations.length, asked),
      ...doubt('connections at the server', server.connections, connections),
      ...doubt('handshakes at the proxy', full + resumed + failed, connections),
      ...doubt('handshakes that failed', failed, 0),
    ],
  };
}

/** Of what was done to one library; `seen` has all operations of the server. */
export function takeOfBehaviour(library: string, behaviour: Behaviour, seen: Seen): Take {
  const { idle, lost, silent, nobody, forgotten } = behaviour;
  const operationOf = (name: string): Operation | undefined =>
    seen.operations.find((operation) => operation.name === `${library}/${name}`);
  const twice = (method: Method): number =>
    lost[method].filter((_, number) => (operationOf(`lost/${method}/${number}`)?.applied ?? 0) > 1).length;
  const busyGet = operationOf('busy/GET/0')?.arrivedMs ?? [];
  const busyPost = operationOf('busy/POST/0')?.arrivedMs ?? [];
  const waited = [busyGet, busyPost].flatMap(([first, second]) =>
    first === undefined || second === undefined ? [] : [second - first],
  );
  return {
    times: {
      ...errorTime('silent', silent),
      ...errorTime('nobody', nobody),
      ...(waited.length > 0 ? { wait503: waited } : {}),
    },
    figures: {
      ...(forgotten > 0 ? { idleGet: failedOf(idle.GET), idlePost: failedOf(idle.POST) } : {}),
      again503Get: busyGet.length - 1,
      again503Post: busyPost.length - 1,
      twiceGet: twice('GET'),
      twicePost: twice('POST'),
    },
    failures: [],
    doubts: doubtsOf(library, behaviour, seen),
    remarks: remarksOf(behaviour),
  };
}

const failedOf = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ status }) => status !== 200).length;

const errorTime = (name: string, { code, tookMs }: Outcome): Record<string, readonly number[]> =>
  code === undefined ? {} : { [name]: [tookMs] };

/** What contradicts the server: an answer of 200 to what it never had, or what could not happen. */
function doubtsOf(library: string, { idle, lost, busy, silent, nobody }: Behaviour, seen: Seen): string[] {
  const had = new Set(seen.operations.map(({ name }) => name));
  const all = [...idle.GET, ...idle.POST, ...lost.GET, ...lost.POST, busy.GET, busy.POST, silent, nobody];
  const invented = all.filter(({ status, operation }) => status !== undefined && !had.has(operation)).length;
  const arriving = [...lost.GET, ...lost.POST, busy.GET, busy.POST];
  const unseen = arriving.filter(({ operation }) => !had.has(operation)).length;
  const answeredInSilence = [silent, nobody].filter(({ status }) => status !== undefined).length;
  return [
    ...(invented > 0
      ? [`${library} says that ${invented} requests were answered that the server never had`]
      : []),
    ...(unseen > 0 ? [`${unseen} requests did not arrive where nothing was to stop them`] : []),
    ...(answeredInSilence > 0 ? ['there was an answer where all was silent'] : []),
  ];
}

function remarksOf({ idle, lost, silent, nobody, forgotten }: Behaviour): string[] {
  const codes = (outcomes: readonly Outcome[]): string =>
    [...new Set(outcomes.flatMap(({ code }) => code ?? []))].join(', ');
  const reset = codes([...idle.GET, ...idle.POST]);
  const unanswered = codes([...lost.GET, ...lost.POST]);
  const none = [silent, nobody].filter(({ code }) => code === undefined);
  const late = codes([silent, nobody]);
  return [
    [
      ...(forgotten === 0 ? ['keeps no connection that could be reset'] : []),
      ...(reset === '' ? [] : [`reset while idle: ${reset}`]),
      ...(unanswered === '' ? [] : [`answer lost: ${unanswered}`]),
      ...(late === '' ? [] : [`silence: ${late}`]),
      ...(none.length === 0 ? [] : [`no time-out of its own within ${seconds(none)} s`]),
    ].join(' · '),
  ];
}

const seconds = (outcomes: readonly Outcome[]): string =>
  (Math.min(...outcomes.map(({ tookMs }) => tookMs)) / 1_000).toFixed(0);
