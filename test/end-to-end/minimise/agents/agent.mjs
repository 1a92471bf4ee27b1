// Reports every 40 ms, with one planted bug: the first argument says which.
import http from 'node:http';

const [bug] = process.argv.slice(2);
const url = new URL('/v1/reports', process.env.SERVER_URL);
let refusedOnce = false;
let stage = 0;
const order = [429, 'ECONNRESET', 502];

function report(timeout) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', timeout, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('time-out'), { code: 'ETIMEDOUT' })));
    request.on('error', reject);
    request.end('{"ok":true}');
  });
}

for (;;) {
  const outcome = await report(bug === 'waits for ever' ? 0 : 100).catch((error) => error.code);
  // Nobody thought of a server that is busy.
  if (bug === 'dies of 503' && outcome === 503) throw new Error('unexpected status 503');
  // What was refused once is taken for a server that has moved, and its 401 for the last word.
  if (outcome === 'ECONNREFUSED') refusedOnce = true;
  if (bug === 'gives up' && refusedOnce && outcome === 401) break;
  // A breaker that opens, step by step, and never closes.
  if (outcome === order[stage]) stage += 1;
  if (bug === 'breaker' && stage === order.length) break;
  await new Promise((resolve) => setTimeout(resolve, 40));
}
// It stays, and does nothing any more.
setInterval(() => {}, 1_000);
