/** An HTTP server behind the proxy, and the clients that the documentation of the HTTP toxics names. */
import { execFile, spawnSync } from 'node:child_process';
import http from 'node:http';
import { Agent, request } from 'undici';
import type { Rig } from './rig.ts';

/** A server that answers with the request's path, in chunks below `/chunked`, and notes what it was asked. */
export async function serveHttp(rig: Rig): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = http.createServer(async (message, response) => {
    const body = await message.toArray();
    asked.push([message.method, message.url, ...body].join(' '));
    if (message.url?.startsWith('/chunked')) response.write('answer to ');
    else response.setHeader('Content-Length', `answer to ${message.url}`.length);
    response.end(message.url?.startsWith('/chunked') ? message.url : `answer to ${message.url}`);
  });
  const port = await rig.serve((socket) => server.emit('connection', socket));
  return { port, asked };
}

/** What a client got: `200 text`, or how it failed. */
export type Got = string;

/** Asks with undici, one connection at a time, one request after the other. */
export async function viaUndici(
  port: number,
  paths: readonly string[],
  options: object = {},
): Promise<Got[]> {
  const agent = new Agent({ connections: 1, headersTimeout: 500, bodyTimeout: 500 });
  const got: Got[] = [];
  for (const path of paths) {
    const answer = request(`http://127.0.0.1:${port}${path}`, { dispatcher: agent, ...options });
    const text = answer.then(
      async ({ statusCode, body }) => `${statusCode} ${await body.text().catch(describe)}`,
    );
    got.push(await text.catch(describe));
  }
  await agent.destroy();
  return got;
}

const describe = (error: Error & { code?: string }): string => error.code ?? error.message;

/** The exit code of curl, and what it printed. */
export async function viaCurl(
  port: number,
  paths: readonly string[],
  ...options: string[]
): Promise<{ exit: number; out: string }> {
  const urls = paths.map((path) => `http://127.0.0.1:${port}${path}`);
  return run('curl', ['-sS', ...options, ...urls]);
}

/** Asks with Python's http.client, over one connection; each answer or exception is a line. */
export async function viaPython(port: number, paths: readonly string[]): Promise<Got[]> {
  const { out } = await run('python3', ['-c', PYTHON, String(port), ...paths]);
  return out.trim().split('\n');
}

const PYTHON = `
import http.client, sys
connection = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]), timeout=5)
for path in sys.argv[2:]:
    try:
        connection.request('GET', path)
        answer = connection.getresponse()
        print(answer.status, answer.read().decode())
    except Exception as error:
        print(type(error).__name__)
`;

/** Whether a program is there. */
export const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

function run(program: string, args: readonly string[]): Promise<{ exit: number; out: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (error, out) =>
      resolve({ exit: error === null ? 0 : Number(error.code), out }),
    );
  });
}
