/** The commands that pages of the fault proxy show, run as they stand against a running one. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { isThere } from './programs.ts';
import { Rig } from './rig.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The shell commands of a page. */
async function commands(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** Runs a block of commands in a folder and gives back what it printed; rejects when one of them fails. */
async function run(block: string, cwd?: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-ec', block], { cwd, timeout: 20_000 })).stdout;
}

const withCurl = it.skipIf(!isThere('curl'));

withCurl.each(['docs/proxy/tcp.md', 'docs/proxy/selectors.md'])(
  '%s shows toxics that are taken',
  async (page) => {
    await using rig = await Rig.start();
    const folder = await mkdtemp(join(tmpdir(), 'delays-'));
    await writeFile(join(folder, 'delays.txt'), '12\n15\n240\n');
    for (const name of ['mysql', 'api']) await rig.proxy(1, [], name);
    const blocks = await commands(page);

    for (const block of blocks) {
      const answer = await run(block.replaceAll('http://localhost:8474', rig.server.url), folder);
      expect(JSON.parse(answer)).toMatchObject({ type: expect.any(String), name: expect.any(String) });
    }
    expect(blocks.length).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  },
);

/** Of a block what is asked of the API, by whatever ports are free: no server is behind the proxies, and no file beside the page. */
const ofTheApi = (block: string, url: string): string =>
  block
    .replaceAll(/^(?:npx|curl (?!.*localhost:8474)|curl .*@toxiproxy\.json).*\n/gm, '')
    .replaceAll(/"listen": "[^"]*"/g, '"listen": "127.0.0.1:0"')
    .replaceAll('localhost:8474', new URL(url).host);

withCurl.each([
  'docs/proxy/README.md',
  'docs/proxy/http.md',
  'docs/proxy/http2.md',
  'docs/proxy/mysql.md',
  'docs/proxy/tls.md',
  'docs/proxy/websocket.md',
  'proxy/README.md',
])('%s shows requests that the API takes', async (page) => {
  const folder = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  const blocks = await commands(page);

  for (const block of blocks) {
    await using rig = await Rig.start();
    const answers = await run(ofTheApi(block, rig.server.url), folder);
    expect(answers).not.toContain('"error"');
    expect(answers).toContain('"listen":"127.0.0.1:');
  }
  expect(blocks.length).toBeGreaterThan(0);
  await rm(folder, { recursive: true });
});

withCurl('docs/adding-a-toxic.md shows a toxic of one’s own at work', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => {
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nhello'));
  });
  const program = spawn(process.execPath, [join(root, 'docs/examples/hiccup-proxy.ts'), '0']);
  await using _ = { [Symbol.asyncDispose]: async () => void program.kill() };
  const [line] = (await once(program.stdout, 'data')) as [Buffer];
  const url = String(line).trim().split(' ').at(-1) ?? '';
  const [block = ''] = await commands('docs/adding-a-toxic.md');
  const answers = await run(
    block
      .replaceAll('http://localhost:8474', url)
      .replaceAll('localhost:3000', `localhost:${upstream}`)
      .replaceAll('localhost:8475', `localhost:${await freePort(rig)}`),
  );

  expect(answers).toContain('"type":"hiccup"');
  expect(answers).toMatch(/hello$/);
});

/** A port that nothing listens on just now. */
async function freePort(rig: Rig): Promise<number> {
  const port = await rig.proxy(1, [], 'free');
  await rig.api('DELETE', '/proxies/free');
  return port;
}
