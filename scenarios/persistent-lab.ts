/**
 * What `shaketable up` puts on the table: the reference server behind its links, accounts for each answer that the
 * field reports name, and agents that its page can start.
 */
import { writeFile } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import type { PersistentLab, Stage } from 'shaketable';
import { agentStage, serverEnv } from './rigs/agent-stage.ts';
import { startReference } from './rigs/reference.ts';

/** Starts what the persistent lab serves and returns what to tell its user. */
export default async function openPersistentLab(
  lab: PersistentLab,
  { port }: { port: number },
): Promise<{ facts: string[]; stage: Stage }> {
  const { table, proxyUrl } = lab;
  const reference = await startReference(table, { env: { ...serverEnv, PORT: String(port) } });
  const { token, link, server, database } = reference;
  const caFile = join(table.directory, 'lab-ca.pem');
  await writeFile(caFile, table.authority.certPem);
  const disabled = `${token}-disabled`;
  await database.server.query(
    `INSERT INTO ${database.schema.database}.clients (id, name, email, client_token, is_active) VALUES (?, ?, ?, ?, 0)`,
    ['client-disabled', 'Disabled Ltd', 'disabled@example.test', disabled],
  );
  const url = `https://localhost:${link.port}`;
  const { schema } = database;
  // TypeScript in the repository, as this file is, and JavaScript in the package.
  const main = resolve(
    import.meta.dirname,
    `../services/agent/http/hardened/main${extname(import.meta.filename)}`,
  );
  const agent = relative(process.cwd(), main);
  const facts = [
    `server       ${url} (through the link agent→server; directly: https://localhost:${server.port})`,
    `CA           ${caFile}`,
    `token        ${token}`,
    `             ${disabled} (its account is not active)`,
    `database     mysql -h 127.0.0.1 -P ${database.server.port} -u ${schema.user} -p${schema.password} ${schema.database}`,
    `faults       ${proxyUrl} speaks Toxiproxy's API; links: agent→server, server→mysql`,
    '',
    'Try each answer:',
    `  curl --cacert ${caFile} ${url}/health`,
    `  curl --cacert ${caFile} -H "Authorization: Bearer ${token}" ${url}/api/fleet/machines                     # 200`,
    `  curl --cacert ${caFile} -H "Authorization: Bearer wrong" ${url}/api/fleet/machines                        # 401`,
    `  curl --cacert ${caFile} -H "Authorization: Bearer ${disabled}" ${url}/api/fleet/machines   # 403`,
    `  curl --cacert ${caFile} -H "Authorization: Bearer ${token}" ${url}/api/agents/nobody/config               # 404`,
    '',
    'Start an agent by hand (naive or hardened):',
    `  SPOT_OPTIMIZER_SERVER_URL=${url} SPOT_OPTIMIZER_CLIENT_TOKEN=${token} \\`,
    `  SPOT_OPTIMIZER_CA_FILE=${caFile} node ${agent}`,
    '',
    'Play a fault (100 ms more on every answer), and lift it:',
    `  curl -X POST ${proxyUrl}/proxies/agent→server/toxics -d '{"type":"latency","attributes":{"latency":100}}'`,
    `  curl -X DELETE ${proxyUrl}/proxies/agent→server/toxics/latency_downstream`,
  ];
  return { facts, stage: agentStage(table, reference) };
}
