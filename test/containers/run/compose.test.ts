/** The persistent lab of docker-compose.yml, and scenarios on it as on a server of somebody else's. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../harness/free-port.ts';
import { reportDirectory, runCommand } from '../../local/run/command.ts';
import { isOutOfReach } from '../engine.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
/** Where test/containers/images/compose-plugin puts Compose on machines that have none. */
const ownConfig = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'shaketable/images/docker-config',
);
const config = existsSync(ownConfig) ? { DOCKER_CONFIG: ownConfig } : {};
const base = { ...process.env, ...config };

const hasCompose = await run('docker', ['compose', 'version'], { env: base }).then(
  () => true,
  () => false,
);
if (!hasCompose) console.log('skipped: the tests of docker-compose.yml, since there is no `docker compose`');

/** The file that tells of the lab, with its ports. */
async function configFor(
  directory: string,
  project: string,
  ports: { server: number; mysql: number; api: number },
) {
  const text = await readFile(join(root, 'compose/external.json'), 'utf8');
  const told = text
    .replaceAll('127.0.0.1:5443', `127.0.0.1:${ports.server}`)
    .replaceAll('3306', String(ports.mysql))
    .replaceAll('127.0.0.1:8474', `127.0.0.1:${ports.api}`)
    .replace('"../docker-compose.yml"', `"${root}/docker-compose.yml", "--project-name", "${project}"`);
  const file = join(directory, 'external.json');
  await writeFile(file, told);
  return file;
}

describe.skipIf(isOutOfReach || !hasCompose)('the persistent lab with Compose', () => {
  it('comes up by itself, and scenarios are played on it', async () => {
    await using out = await reportDirectory();
    const project = `shaketable-test-${process.pid}`;
    const ports = { server: await freePort(), mysql: await freePort(), api: await freePort() };
    const env = {
      ...base,
      SERVER_PORT: String(ports.server),
      MYSQL_PORT: String(ports.mysql),
      API_PORT: String(ports.api),
      TOXIPROXY_PORT: String(await freePort()),
    };
    const compose = (...args: string[]) =>
      run('docker', ['compose', '--project-name', project, ...args], { cwd: root, env });
    try {
      await compose('up', '--build', '--wait');
      await compose('cp', 'server:/certificates/ca.pem', join(out.path, 'ca.pem'));
      const file = await configFor(out.path, project, ports);

      const args = [
        'run',
        'silent-socket/send-to-a-silent-peer',
        '--world',
        'external',
        '--config',
        file,
        '--out',
        out.path,
      ];
      const { code, output } = await runCommand(args, config);

      expect(code, output).toBe(0);
      expect(output).toContain('world external');
    } finally {
      await compose('down', '--volumes');
    }
  });
});

it('says what is wrong with the file that tells of a server', async () => {
  await using out = await reportDirectory();
  const file = join(out.path, 'external.json');
  await writeFile(file, '{ "server": "http://127.0.0.1:1" }');
  const args = ['run', 'silent-socket/send-to-a-silent-peer', '--world', 'external', '--out', out.path];

  const without = await runCommand(args);
  const wrong = await runCommand([...args, '--config', file]);

  expect([without.code, wrong.code]).toEqual([64, 64]);
  expect(without.output).toContain('--config');
  expect(wrong.output).toContain('"server" has to be an URL that begins with https://');
});
