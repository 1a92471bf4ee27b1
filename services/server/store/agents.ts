/** Agents and their commands. An agent belongs to the client that registered it, and is invisible to others. */
import type { Database, Queries } from '../database.ts';

export type AgentStatus = 'online' | 'offline';

export interface Agent {
  readonly id: string;
  clientId: string;
  readonly logicalAgentId: string;
  readonly status: AgentStatus;
}

export interface Command {
  readonly id: number;
  readonly command: string;
  readonly arguments: unknown;
  readonly createdAt: string;
}

interface AgentRow {
  readonly id: string;
  readonly client_id: string;
  readonly logical_agent_id: string;
  readonly status: AgentStatus;
}

const columns = 'id, client_id, logical_agent_id, status';

export interface Registration {
  /** The id that the agent gets when its client has no agent of this logical id yet. */
  readonly newId: string;
  clientId: string;
  readonly logicalAgentId: string;
  readonly instanceId: string | null;
  readonly at: number;
}

/**
 * Registers an agent, or brings the one with this logical id back. `previous` is its status before, if it existed.
 */
export function registerAgent(
  database: Database,
  registration: Registration,
): Promise<{ agent: Agent; previous: AgentStatus | undefined }> {
  return database.transaction('register_agent', async (queries) => {
    const { newId, clientId, logicalAgentId, instanceId } = registration;
    const at = new Date(registration.at);
    const before = await findByLogicalId(queries, clientId, logicalAgentId);
    await queries.change(
      `INSERT INTO agents (id, client_id, logical_agent_id, instance_id, status, last_heartbeat_at, created_at)
       VALUES (?, ?, ?, ?, 'online', ?, ?)
       ON DUPLICATE KEY UPDATE instance_id = ?, status = 'online', last_heartbeat_at = ?`,
      [newId, clientId, logicalAgentId, instanceId, at, at, instanceId, at],
    );
    const agent = await findByLogicalId(queries, clientId, logicalAgentId, 'FOR UPDATE');
    if (agent === undefined) throw new Error(`agent ${logicalAgentId} is missing after its registration`);
    return { agent, previous: agent.id === newId ? undefined : (before?.status ?? 'online') };
  });
}

async function findByLogicalId(
  queries: Queries,
  clientId: string,
  logicalAgentId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Agent | undefined> {
  const sql = `SELECT ${columns} FROM agents WHERE client_id = ? AND logical_agent_id = ? ${lock}`;
  const [row] = await queries.rows<AgentRow>(sql, [clientId, logicalAgentId]);
  return row && toAgent(row);
}

export function findAgent(database: Database, clientId: string, agentId: string): Promise<Agent | undefined> {
  return database.run('find_agent', async (queries) => {
    const sql = `SELECT ${columns} FROM agents WHERE id = ? AND client_id = ?`;
    const [row] = await queries.rows<AgentRow>(sql, [agentId, clientId]);
    return row && toAgent(row);
  });
}

/** An agent with what an operator asks about it. */
export interface AgentState extends Agent {
  readonly instanceId: string | null;
  /** Milliseconds since the epoch; null for an agent that never sent one. */
  readonly lastHeartbeatAt: number | null;
}

/** The agent that has `name` as its id, or else the one that has it as its logical id. */
export function findAgentState(
  database: Database,
  clientId: string,
  name: string,
): Promise<AgentState | undefined> {
  return database.run('find_agent_state', async (queries) => {
    const [row] = await queries.rows<
      AgentRow & { instance_id: string | null; last_heartbeat_at: Date | null }
    >(
      `SELECT ${columns}, instance_id, last_heartbeat_at FROM agents
       WHERE client_id = ? AND (id = ? OR logical_agent_id = ?) ORDER BY id = ? DESC LIMIT 1`,
      [clientId, name, name, name],
    );
    return (
      row && {
        ...toAgent(row),
        instanceId: row.instance_id,
        lastHeartbeatAt: row.last_heartbeat_at?.getTime() ?? null,
      }
    );
  });
}

/** Marks the agent as online, seen at `at`. The answer is the agent as it was before. */
export function recordHeartbeat(
  database: Database,
  clientId: string,
  agentId: string,
  at: number,
): Promise<Agent | undefined> {
  return database.run('record_heartbeat', async (queries) => {
    const sql = `SELECT ${columns} FROM agents WHERE id = ? AND client_id = ?`;
    const [row] = await queries.rows<AgentRow>(sql, [agentId, clientId]);
    if (row === undefined) return undefined;
    const matched = await queries.change(
      "UPDATE agents SET status = 'online', last_heartbeat_at = ? WHERE id = ? AND client_id = ?",
      [new Date(at), agentId, clientId],
    );
    return matched === 0 ? undefined : toAgent(row);
  });
}

/** Commands that wait for the agent, oldest first. */
export function pendingCommands(database: Database, agentId: string): Promise<Command[]> {
  return database.run('pending_commands', async (queries) => {
    const rows = await queries.rows<{ id: number; command: string; arguments: unknown; created_at: Date }>(
      `SELECT id, command, arguments, created_at FROM commands
       WHERE agent_id = ? AND status = 'pending' ORDER BY id LIMIT 100`,
      [agentId],
    );
    return rows.map((row) => ({
      id: row.id,
      command: row.command,
      arguments: parseJson(row.arguments),
      createdAt: row.created_at.toISOString(),
    }));
  });
}

/** Marks agents as offline whose last heartbeat is older than `before`, and returns those. */
export async function markSilentAgentsOffline(database: Database, before: number): Promise<Agent[]> {
  const limit = new Date(before);
  return database.run('mark_offline', async (queries) => {
    const silent = "status = 'online' AND last_heartbeat_at < ?";
    const rows = await queries.rows<AgentRow>(`SELECT ${columns} FROM agents WHERE ${silent}`, [limit]);
    const marked: Agent[] = [];
    for (const row of rows) {
      const sql = `UPDATE agents SET status = 'offline' WHERE id = ? AND ${silent}`;
      if ((await queries.change(sql, [row.id, limit])) === 1) marked.push(toAgent(row));
    }
    return marked;
  });
}

/** MySQL gives JSON columns as values, MariaDB as text. */
function parseJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

function toAgent(row: AgentRow): Agent {
  return {
    id: row.id,
    clientId: row.client_id,
    logicalAgentId: row.logical_agent_id,
    status: row.status,
  };
}
