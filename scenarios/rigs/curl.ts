/** A request by hand, as the troubleshooting guide suggests: what the server answers, word for word, whoever the subject is. */
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import type { Table } from 'shaketable';
import { serverHost } from './reference.ts';

/** What such a request was answered: `{ name: 'curl', path, status, body }`. */
export const answers = { kind: 'subject.note', name: 'curl' } as const;

/** The path of the guide's authentication test. */
export const testPath = '/api/agents/test-id/config';

/** Asks for the configuration of an agent that does not exist, and journals the answer. */
export async function curl(
  table: Table,
  { url, token }: { readonly url: string; readonly token: string },
): Promise<void> {
  const { port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({
    socket: table.dial({ host: serverHost, port: Number(port) }),
    ca: table.authority.certPem,
    servername: serverHost,
  });
  request(
    {
      createConnection: () => socket,
      host: serverHost,
      path: testPath,
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    },
    async (response) => {
      const body = await text(response);
      table.note('curl', { path: testPath, status: response.statusCode, body });
      resolve();
    },
  )
    .on('error', reject)
    .end();
  await promise.finally(() => socket.destroy());
}
