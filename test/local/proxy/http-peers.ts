/** An HTTP server behind the proxy, and the clients that the documentation of the HTTP toxics names. */
import http from 'node:http';
import { Agent, request } from 'undici';
import { runProgram } from './programs.ts';
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

/** Asks with undici, one connection at a time, one request after the other; `connect` is for TLS. */
export async function viaUndici(
  port: number,
  paths: readonly string[],
  { connect, ...options }: Parameters<typeof request>[1] & { readonly connect?: TlsOptions } = {},
): Promise<Got[]> {
  const agent = new Agent({
    connections: 1,
    headersTimeout: 500,
    bodyTimeout: 500,
    ...(connect && { connect }),
  });
  const origin = `${connect ? 'https' : 'http'}://127.0.0.1:${port}`;
  const got: Got[] = [];
  for (const path of paths) {
    const answer = request(`${origin}${path}`, { dispatcher: agent, ...options });
    const text = answer.then(
      async ({ statusCode, body }) => `${statusCode} ${await body.text().catch(describe)}`,
    );
    got.push(await text.catch(describe));
  }
  await agent.destroy();
  return got;
}

interface TlsOptions {
  readonly ca: string;
  readonly servername: string;
}

const describe = (error: Error & { code?: string }): string => error.code ?? error.message;

/** The exit code of curl, and what it printed. */
export async function viaCurl(
  port: number,
  paths: readonly string[],
  ...options: string[]
): Promise<{ exit: number; out: string }> {
  const urls = paths.map((path) => `http://127.0.0.1:${port}${path}`);
  const { code, stdout } = await runProgram('curl', ['-sS', ...options, ...urls]);
  return { exit: code, out: stdout };
}

/** Asks with Python's http.client, over one connection; each answer or exception is a line. */
export async function viaPython(port: number, paths: readonly string[]): Promise<Got[]> {
  const { stdout } = await runProgram('python3', ['-c', python, String(port), ...paths]);
  return stdout.trim().split('\n');
}

const python = `
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
