import { authorization, reportForEver, settings, url } from './loop.mjs';

const headers = { authorization, 'content-type': 'application/json' };

await reportForEver(async (report) => {
  // https://nodejs.org/api/globals.html#fetch: what a time-out is left to.
  const bound = settings === 'default' ? {} : { signal: AbortSignal.timeout(10_000) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(report), ...bound });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
});
