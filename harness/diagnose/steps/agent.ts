/** Is the agent registered? The server is asked first, then the database. */
import { type Answer, waitOf, wordsOf } from '../answer.ts';
import { ask } from '../ask.ts';
import {
  type AgentFacts,
  broken,
  brokenForNow,
  type Finding,
  holds,
  type Step,
  type StepContext,
  skipped,
  unknown,
} from '../step.ts';
import { explainNoAnswer } from './no-answer.ts';
import { rowsOf, tokenHeaders } from './token.ts';

export const agentStep: Step = { id: 'agent', look };

async function look(context: StepContext): Promise<Finding> {
  const { target, known, clock } = context;
  if (target.agent === undefined) return skipped('give --agent to look for it');
  const { name, page } = target.agent;
  const answer = await ask(context, page.path, tokenHeaders(context));
  if ('failure' in answer) return explainNoAnswer(context, `GET ${page.path}`, answer);
  const { status, json } = answer;
  if (status >= 200 && status < 300 && json !== undefined) {
    known.agent = factsOf(answer, clock.now());
    return holds(`${name}${known.agent.status === undefined ? '' : ` is ${known.agent.status}`}`);
  }
  const said = `GET ${page.path} is answered ${status}${wordsOf(answer)}`;
  if (status === 429 || status >= 500)
    return brokenForNow(`${said}${waitOf(answer)}`, 'Look at the log of the server, and at its database');
  if (status === 401 || status === 403)
    return broken(
      `${said}: the token may not see this agent`,
      'Check that the agent belongs to the same client as the token',
    );
  const rows = await agentRows(context);
  const own = rows?.find((row) => row.id === name || row.logical_agent_id === name);
  if (own !== undefined) {
    known.agent = {
      from: 'database',
      status: own.status,
      lastHeartbeatAt: own.last_heartbeat_at?.getTime() ?? null,
      now: own.now.getTime(),
    };
    return holds(`${name} is ${own.status} in the database`, [
      `${said}: the server does not tell of agents this way`,
    ]);
  }
  const isMissing = rows !== undefined || (status === 404 && (page.given || /agent/i.test(wordsOf(answer))));
  if (!isMissing)
    return unknown(
      `${said}, which says nothing of the agent`,
      'This server has another API: name the page of an agent with --agent-path, or its database with --db',
    );
  const others = rows?.slice(0, 5).map(({ logical_agent_id }) => logical_agent_id) ?? [];
  return brokenForNow(
    `${said}: this client has no agent ${name}${others.length > 0 ? `; it has ${others.join(', ')}${(rows?.length ?? 0) > 5 ? ' …' : ''}` : ''}`,
    'See that the agent runs and registers itself, with this id and this client’s token; an agent that is deleted has to register again',
  );
}

interface AgentRow {
  readonly id: string;
  readonly logical_agent_id: string;
  readonly status: string;
  readonly last_heartbeat_at: Date | null;
  readonly now: Date;
}

/** Agents of the token's client, the one that is looked for first; undefined where there is no database to ask. */
async function agentRows(context: StepContext): Promise<AgentRow[] | undefined> {
  const { known, target } = context;
  if (!known.client) return undefined;
  const name = target.agent?.name ?? '';
  return await rowsOf<AgentRow>(
    context,
    `SELECT id, logical_agent_id, status, last_heartbeat_at, UTC_TIMESTAMP(3) AS now FROM agents
     WHERE client_id = ? ORDER BY id = ? DESC, logical_agent_id = ? DESC, logical_agent_id LIMIT 6`,
    [known.client.id, name, name],
  );
}

/** What an answer tells, in the usual spellings. */
function factsOf({ json = {}, headers }: Answer, here: number): AgentFacts {
  const { status, state, online, heartbeatTimeoutSeconds } = json;
  const word = [status, state].find((value) => typeof value === 'string') as string | undefined;
  const theirs = Date.parse(String(headers.date));
  return {
    from: 'server',
    status: word ?? (typeof online === 'boolean' ? (online ? 'online' : 'offline') : undefined),
    lastHeartbeatAt: timeOf(
      [
        'lastHeartbeatAt',
        'last_heartbeat_at',
        'lastHeartbeat',
        'last_heartbeat',
        'lastSeenAt',
        'last_seen_at',
        'lastSeen',
        'last_seen',
      ]
        .map((key) => json[key])
        .find((value) => value !== undefined),
    ),
    heartbeatTimeoutMs:
      typeof heartbeatTimeoutSeconds === 'number' ? heartbeatTimeoutSeconds * 1_000 : undefined,
    // Ages are told by the clock that the times come from.
    now: Number.isNaN(theirs) ? here : theirs,
  };
}

/** ISO 8601, or seconds or milliseconds since 1970. */
function timeOf(value: unknown): number | null | undefined {
  if (value === null || value === undefined) return value;
  if (typeof value === 'number') return value < 100_000_000_000 ? value * 1_000 : value;
  const ms = Date.parse(String(value));
  return Number.isNaN(ms) ? undefined : ms;
}
