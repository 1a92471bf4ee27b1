import { readFileSync } from 'node:fs';
import mariadb from 'mariadb';
import { answered, isDefault, placeOf, serve } from './adapter.mjs';

async function connect({ url, caFile }) {
  // https://mariadb.com/docs/connectors/mariadb-connector-nodejs: 0, which is none, without it.
  const bound = isDefault ? {} : { socketTimeout: 10_000 };
  const pool = mariadb.createPool({ ...placeOf(url), ssl: { ca: readFileSync(caFile) }, ...bound });
  return {
    request: ({ sql, values }) => answered(pool.query(sql, values)),
    release: () => pool.end(),
  };
}

await serve({ name: 'mariadb', kind: 'database', connect });
