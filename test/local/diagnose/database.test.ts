/** A diagnosis that looks at the database too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../harness/diagnose/diagnose.ts';
import { freePort } from '../../../harness/free-port.ts';
import { type Rig, startRig, tokens, useDatabase } from '../server/rig.ts';
import { blackHole, diagnosisOf, serveTcp } from './servers.ts';

const database = useDatabase();
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(database());
});

afterAll(() => rig?.[Symbol.asyncDispose]());

const asked = (db: string, more: { token?: string; agent?: string } = {}) =>
  diagnosisOf({ url: rig.server.url, ca: rig.authority, db, ...more });

function ended({ outcome, step, steps }: Diagnosis): {
  outcome: string;
  step: string | undefined;
  said: string;
} {
  const last = steps.find(({ id }) => id === step);
  const said = last && 'cause' in last ? `${last.cause} → ${last.remedy}` : '';
  return { outcome, step, said };
}

/** The rig's access with another part. */
const changed = (part: (url: URL) => void): string => {
  const url = new URL(rig.databaseUrl);
  part(url);
  return url.href;
};

it('tells whose token it is, and that all is well', async () => {
  await rig.call('/api/agents/register', { body: { logicalAgentId: 'agent-db' } });

  const diagnosis = await asked(rig.databaseUrl, { token: tokens.acme, agent: 'agent-db' });

  expect(diagnosis).toMatchObject({ outcome: 'works' });
  expect(diagnosis.steps.every(({ outcome }) => outcome === 'holds')).toBe(true);
  expect(JSON.stringify(diagnosis)).toContain('belongs to the client Acme (acme)');
  expect(JSON.stringify(diagnosis)).not.toContain(new URL(rig.databaseUrl).password);
});

describe('names', () => {
  it('a database that refuses connections', async () => {
    const port = String(await freePort());

    expect(ended(await asked(changed((url) => (url.port = port))))).toMatchObject({
      outcome: 'broken',
      step: 'database',
      said: expect.stringContaining('refuses connections: nothing listens there'),
    });
  });

  it('a password that is denied, without showing it', async () => {
    const ends = ended(await asked(changed((url) => (url.password = 'a-wrong-password'))));

    expect(ends).toMatchObject({
      step: 'database',
      said: expect.stringMatching(/denies access to the user 'lab\w+'/),
    });
    expect(ends.said).not.toContain('a-wrong-password');
  });

  it('a schema that is not there, or not for this user', async () => {
    expect(ended(await asked(changed((url) => (url.pathname = '/no_such_schema'))))).toMatchObject({
      step: 'database',
      said: expect.stringMatching(/schema no_such_schema/),
    });
  });

  it('a schema without the tables', async () => {
    const { user, password, database: schema } = await database().createSchema();

    const db = changed((url) => Object.assign(url, { username: user, password, pathname: `/${schema}` }));

    expect(ended(await asked(db))).toMatchObject({
      step: 'database',
      said: expect.stringContaining('has no table agents and no table clients'),
    });
  });

  it('a database whose packets disappear, and one that says nothing', async () => {
    await using hole = await blackHole();
    await using silent = await serveTcp(() => {});

    for (const { port } of [hole, silent])
      expect(
        ended(
          await diagnosisOf(
            { url: rig.server.url, ca: rig.authority, db: changed((url) => (url.port = String(port))) },
            { timeoutMs: 2_000 },
          ),
        ),
      ).toMatchObject({ step: 'database', said: expect.stringContaining('does not answer within 2 s') });
  });

  it('what is no MySQL', async () => {
    await using other = await serveTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));

    expect(ended(await asked(changed((url) => (url.port = String(other.port)))))).toMatchObject({
      step: 'database',
      outcome: 'broken',
    });
  });

  it('a token that the database has and the server does not: it keeps tokens', async () => {
    await using keeping = await startRig(database(), { env: { AUTH_CACHE_TTL: '3600' } });
    await keeping.call('/api/fleet/machines');
    await keeping.sql("UPDATE clients SET client_token = 'new-token-of-acme-0123456789' WHERE id = 'acme'");

    const diagnosis = await diagnosisOf({
      url: keeping.server.url,
      ca: keeping.authority,
      db: keeping.databaseUrl,
      token: 'new-token-of-acme-0123456789',
    });

    expect(ended(diagnosis)).toMatchObject({
      step: 'token',
      said: expect.stringContaining('though the database has this token for the client Acme'),
    });
  });

  it('the agents that there are, where one is not registered', async () => {
    await rig.call('/api/agents/register', { body: { logicalAgentId: 'agent-there' } });

    expect(ended(await asked(rig.databaseUrl, { token: tokens.acme, agent: 'agent-their' }))).toMatchObject({
      step: 'agent',
      said: expect.stringMatching(/no agent agent-their; it has .*agent-there/),
    });
  });

  it('the client that is not active', async () => {
    expect(ended(await asked(rig.databaseUrl, { token: tokens.inactive }))).toMatchObject({
      step: 'account',
      said: expect.stringContaining('refuses the account Inactive (inactive) → Switch the account on again'),
    });
  });
});
