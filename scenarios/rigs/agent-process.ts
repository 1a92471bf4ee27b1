/**
 * Puts an agent on the table as a process of its own: the program that an operator starts, configured by the reported
 * environment variables (R2.11), on the wall clock, with its output in the journal.
 */
import { writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { Table } from 'shaketable';

/** The lab's names do not resolve outside its own process. */
export const loopback = '127.0.0.1';

/** A process can be stopped before the table is. */
export type AgentProcess = Awaited<ReturnType<Table['process']>>;

/**
 * Starts the subject's program against the server behind a link. `name` tells several of a run apart, `env` has the
 * variables that an operator would set differently.
 */
export async function startAgentProcess(
  table: Table,
  { link, token }: { readonly link: { readonly port: number }; readonly token: string },
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<AgentProcess> {
  const caFile = join(table.directory, 'lab-ca.pem');
  await writeFile(caFile, table.authority.certPem);
  const output = join(table.directory, `${name}.log`);
  table.follow('agent', output, { clock: 'wall' });
  return table.process(name, {
    command: process.execPath,
    args: [program(table.subject)],
    env: {
      SPOT_OPTIMIZER_SERVER_URL: `https://${loopback}:${link.port}`,
      SPOT_OPTIMIZER_CLIENT_TOKEN: token,
      SPOT_OPTIMIZER_CA_FILE: caFile,
      LOGICAL_AGENT_ID: 'agent-001',
      AWS_REGION: 'us-east-1',
      HEARTBEAT_INTERVAL: '30',
      PENDING_COMMANDS_CHECK_INTERVAL: '15',
      FLEET_REPORT_INTERVAL: '0',
      RETRY_ATTEMPTS: '1',
      ...env,
    },
    stdoutFile: output,
    stderrFile: output,
  });
}

/** The file of an agent: TypeScript in the repository, as this one is, and JavaScript in the package. */
function program(subject: string): string {
  const main = `main${extname(import.meta.filename)}`;
  return resolve(import.meta.dirname, '../../services/agent/http', subject, main);
}
