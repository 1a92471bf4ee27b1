/** `node:https` with an agent that keeps connections, or one that does not. */
import https from 'node:https';
import { bodyOf, headersOf, type SendRequest } from './client.ts';

export function createHttpsClient(keepAlive: boolean): SendRequest {
  const agent = new https.Agent({ keepAlive });
  return (request) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const { url, method } = request;
    const sent = https.request(url, { agent, method, headers: headersOf(request) });
    sent.once('response', (answer) => {
      answer.once('error', reject).resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject).end(bodyOf(request));
    return promise;
  };
}
