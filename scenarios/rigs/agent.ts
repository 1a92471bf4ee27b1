/**
 * Puts an agent on the table: the naive or the hardened one, whichever subject's run it is, in the lab's own process on the
 * lab clock, with its log in the journal.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from 'shaketable';
import {
  type Agent,
  createHardenedAgent,
  createNaiveAgent,
  createRetryingAgent,
  createSessionAgent,
  readConfig,
} from '../../services/agent/http/index.ts';
import { meter } from './meter.ts';

/** Where the agent connects to, and as whom. */
export interface AgentTarget {
  readonly url: string;
  readonly token: string;
}

/** How the agent differs from its defaults. */
export interface AgentOptions {
  /** Environment variables of the agent, as its operator would set them. */
  readonly env?: Readonly<Record<string, string>>;
  /** The naive agent after the first report's own fix: it keeps its connection. Default false. */
  readonly session?: boolean;
  /** The naive agent of the second report's version 4.0.1: it has a time-out and announces its attempts. Default false. */
  readonly retrying?: boolean;
  /** Which of the two it is; default the table's subject. */
  readonly subject?: 'naive' | 'hardened';
  /** Tells several agents of one run apart; default `agent-001`. */
  readonly name?: string;
  /** Which start of this agent it is: each draws anew. Default 1. */
  readonly start?: number;
}

/** The variables that every agent of the lab gets. All loops are off unless a scenario turns them on. */
async function environment(
  table: Table,
  target: AgentTarget,
  options: AgentOptions,
): Promise<Record<string, string>> {
  const { name = 'agent-001', env = {} } = options;
  const caFile = join(table.directory, 'lab-ca.pem');
  await writeFile(caFile, table.authority.certPem);
  return {
    SPOT_OPTIMIZER_SERVER_URL: target.url,
    SPOT_OPTIMIZER_CLIENT_TOKEN: target.token,
    SPOT_OPTIMIZER_CA_FILE: caFile,
    LOGICAL_AGENT_ID: name,
    HEARTBEAT_INTERVAL: '0',
    PENDING_COMMANDS_CHECK_INTERVAL: '0',
    FLEET_REPORT_INTERVAL: '0',
    HEALTH_CHECK_INTERVAL: '0',
    LOG_LEVEL: 'DEBUG',
    LOG_FILE: join(table.directory, `${name}.log`),
    ...env,
  };
}

/** Makes the subject's agent without starting it; it is stopped with the table. */
export async function createAgent(
  table: Table,
  target: AgentTarget,
  options: AgentOptions = {},
): Promise<Agent> {
  const { name = 'agent-001', start = 1 } = options;
  const config = readConfig(await environment(table, target, options));
  const file = join(table.directory, `${name}.log`);
  table.follow('agent', file);
  const create = (options.subject ?? table.subject) === 'naive' ? naiveOf(options) : createHardenedAgent;
  const metered = meter(table, name, { tellSockets: false });
  // A name of its own says that there are several.
  const who = options.name === undefined ? {} : { as: name };
  const dial: Table['dial'] = (there) => metered.dial({ ...there, ...who });
  const { clock } = metered;
  const random = table.random.fork(start === 1 ? `agent/${name}` : `agent/${name}/start ${start}`);
  const agent = create({ config, clock, dial, random, log: { file } });
  metered.stopWithTable(() => agent.stop());
  return agent;
}

function naiveOf({ session, retrying }: AgentOptions): typeof createNaiveAgent {
  if (session) return createSessionAgent;
  return retrying ? createRetryingAgent : createNaiveAgent;
}

/** Starts the subject's agent. What a failed start does is up to the scenario. */
export async function startAgent(
  table: Table,
  target: AgentTarget,
  options: AgentOptions = {},
): Promise<Agent> {
  const agent = await createAgent(table, target, options);
  await agent.start();
  return agent;
}
