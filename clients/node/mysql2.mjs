import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
import { answered, isDefault, placeOf, serve } from './adapter.mjs';

async function connect({ url, caFile }) {
  const pool = mysql.createPool({ ...placeOf(url), ssl: { ca: readFileSync(caFile) } });
  // https://sidorares.github.io/node-mysql2/docs: a statement has no bound without it.
  const bound = isDefault ? {} : { timeout: 10_000 };
  return {
    request: ({ sql, values }) => answered(pool.query({ sql, values, ...bound }).then(([result]) => result)),
    release: () => pool.end(),
  };
}

await serve({ name: 'mysql2', kind: 'database', connect });
