import { randomUUID } from 'node:crypto';
import { Agent, getGlobalDispatcher, interceptors, request } from 'undici';
import { authorization, reportForEver, settings, url } from './loop.mjs';

const dispatcher =
  settings === 'default'
    ? getGlobalDispatcher()
    : new Agent({
        headersTimeout: 10_000, // docs/api/Client.md: 300 s without it, as bodyTimeout.
        bodyTimeout: 10_000,
        keepAliveTimeout: 60_000,
      }).compose(interceptors.retry({ maxRetries: 3, methods: ['POST'] })); // Not for POST without it.

await reportForEver(async (report) => {
  const headers = {
    authorization,
    'content-type': 'application/json',
    ...(settings === 'default' ? {} : { 'idempotency-key': randomUUID() }),
  };
  const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(report), dispatcher });
  const text = await answer.body.text();
  if (answer.statusCode >= 400) throw new Error(`${answer.statusCode} ${text}`);
});
