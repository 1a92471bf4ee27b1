/** What the agent asks of its server, as data: each operation names its request and how its failure is to be taken. */
import { HttpStatusError, UnexpectedAnswerError } from '../shared/errors.ts';
import { parseJson, parseServerHealth, type ServerHealth } from './server-health.ts';

/** One kind of request with what makes this one special. */
export interface Operation<Result> {
  /** How the log calls it. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Lets the server recognise a repetition; the same for every attempt at one piece of work (R1.5). */
  readonly idempotencyKey?: string;
  /** Whether doing it twice is the same as doing it once; an idempotency key makes it so. */
  readonly idempotent: boolean;
  /** Whether the token goes along. */
  readonly authenticated: boolean;
  /** Every reference server has this path: a 404 means that another kind of server answers. */
  readonly alwaysThere?: boolean;
  /** The caller takes care of the answer "Agent not found", so that it is no failure yet. */
  readonly agentMayBeMissing?: boolean;
  /** Failures are of interest to the health monitor alone. */
  readonly quiet?: boolean;
  /** Done when the need arises, not at intervals: how it went says nothing about how things go on. */
  readonly once?: boolean;
  /** Overrides the number of attempts of the retry policy. */
  readonly attempts?: number;
  /** Reads the answer's text. Throws `UnexpectedAnswerError` if it makes no sense. */
  readonly parse: (text: string) => Result;
}

/** The path of an operation on this server, below the path of the server's URL. */
export const pathOn = (serverUrl: URL, { path }: { path: string }): string =>
  `${serverUrl.pathname.replace(/\/$/, '')}${path}`;

/** What a record calls it: the URL that is asked for, without name and password that the server's URL may have. */
export const urlOn = (serverUrl: URL, operation: { path: string }): string =>
  `${serverUrl.origin}${pathOn(serverUrl, operation)}`;

/** A fleet report as it is sent, every time the same. */
export interface FleetReport {
  readonly machineId: string;
  readonly sequence: number;
  readonly idempotencyKey: string;
  /** The state of the machine when the report was made. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Asks the server how it is. */
export const checkHealth = (
  name: string,
  extra: { quiet?: true; once?: true; attempts?: number } = {},
): Operation<ServerHealth> => ({
  name,
  method: 'GET',
  path: '/health',
  idempotent: true,
  authenticated: false,
  alwaysThere: true,
  parse: (text) => parseServerHealth(parseJson(text)),
  ...extra,
});

/** Registers the agent, or finds it again by its logical id. */
export const registerAgent = (body: {
  logicalAgentId: string;
  instanceId: string;
  region: string;
}): Operation<string> => ({
  name: 'register',
  method: 'POST',
  path: '/api/agents/register',
  body,
  idempotent: true,
  authenticated: true,
  once: true,
  parse: (text) => readAgentId(parseJson(text)),
});

/** Tells the server that the agent lives. */
export const sendHeartbeat = (agentId: string): Operation<unknown> => ({
  name: 'heartbeat',
  method: 'POST',
  path: `${agentPath(agentId)}/heartbeat`,
  body: { status: 'online' },
  idempotent: true,
  authenticated: true,
  agentMayBeMissing: true,
  parse: parseJson,
});

/** Fetches the agent's configuration. */
export const fetchConfig = (agentId: string): Operation<unknown> => ({
  name: 'config',
  method: 'GET',
  path: `${agentPath(agentId)}/config`,
  idempotent: true,
  authenticated: true,
  agentMayBeMissing: true,
  once: true,
  parse: parseJson,
});

/** Asks for commands that wait for the agent. */
export const fetchCommands = (agentId: string): Operation<readonly unknown[]> => ({
  name: 'pending_commands',
  method: 'GET',
  path: `${agentPath(agentId)}/commands`,
  idempotent: true,
  authenticated: true,
  agentMayBeMissing: true,
  parse: (text) => readCommands(parseJson(text)),
});

/** Delivers a report; a report that the server has already is a success as well. */
export const sendReport = (report: FleetReport): Operation<unknown> => ({
  name: 'fleet_report',
  method: 'POST',
  path: '/api/fleet/report',
  body: { machineId: report.machineId, sequence: report.sequence, ...report.payload },
  idempotencyKey: report.idempotencyKey,
  idempotent: true,
  authenticated: true,
  parse: parseJson,
});

/** Whether the server says that it does not know the agent (R2.5). */
export function saysAgentNotFound(error: unknown): boolean {
  return error instanceof HttpStatusError && error.status === 404 && error.body.includes('Agent not found');
}

const agentPath = (agentId: string): string => `/api/agents/${encodeURIComponent(agentId)}`;

function readAgentId(answer: unknown): string {
  const agentId = (answer as { agentId?: unknown } | null)?.agentId;
  if (typeof agentId === 'string' && agentId !== '') return agentId;
  throw new UnexpectedAnswerError('The answer to the registration has no agentId');
}

function readCommands(answer: unknown): readonly unknown[] {
  const commands = Array.isArray(answer) ? answer : (answer as { commands?: unknown } | null)?.commands;
  return Array.isArray(commands) ? commands : [];
}
