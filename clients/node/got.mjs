import { randomUUID } from 'node:crypto';
import https from 'node:https';
import got from 'got';
import { authorization, reportForEver, settings, url } from './loop.mjs';

const client =
  settings === 'default'
    ? got
    : got.extend({
        timeout: { request: 10_000 }, // documentation/6-timeout.md: none without it.
        // documentation/7-retry.md: not for POST without it, and no Retry-After that is longer than the time-out.
        retry: { limit: 3, methods: ['POST'], maxRetryAfter: 60_000 },
        agent: { https: new https.Agent({ keepAlive: true }) },
      });

await reportForEver((json) => {
  const headers = { authorization, ...(settings === 'default' ? {} : { 'idempotency-key': randomUUID() }) };
  return client.post(url, { json, headers });
});
