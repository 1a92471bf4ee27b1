/** undici's `Pool`, one for each origin. */
import { Pool } from 'undici';
import { bodyOf, headersOf, type SendRequest } from './client.ts';

export function createPoolClient(): SendRequest {
  const pools = new Map<string, Pool>();
  return async (request) => {
    const { origin, pathname: path } = new URL(request.url);
    const pool = pools.get(origin) ?? new Pool(origin);
    pools.set(origin, pool);
    const { method } = request;
    const answer = await pool.request({
      method,
      path,
      headers: headersOf(request),
      body: bodyOf(request) ?? null,
    });
    await answer.body.text();
    return answer.statusCode;
  };
}
