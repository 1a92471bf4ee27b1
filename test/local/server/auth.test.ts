import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Call, type Rig, startRig, tokens, useDatabase } from './rig.ts';

const database = useDatabase();
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(database());
});

afterAll(() => rig?.[Symbol.asyncDispose]());

const machines = '/api/fleet/machines';

async function latestRefusal(): Promise<Record<string, unknown>> {
  const [row] = await rig.sql(
    "SELECT * FROM system_events WHERE event_type = 'auth_failed' ORDER BY id DESC LIMIT 1",
  );
  const details = row?.details;
  return { ...row, details: typeof details === 'string' ? JSON.parse(details) : details };
}

const refusals: [string, Call, { reason: string; tokenPreview: string }][] = [
  ['no token', { token: null }, { reason: 'missing_token', tokenPreview: '' }],
  [
    'a token that nobody has',
    { token: 'wrong123-0000-1111-2222-33334444nope' },
    { reason: 'invalid_token', tokenPreview: 'wrong123...nope' },
  ],
  [
    'a token in other letters',
    { token: tokens.acme.toUpperCase() },
    { reason: 'invalid_token', tokenPreview: 'ABC12345...XYZ9' },
  ],
  [
    'another scheme',
    { token: null, headers: { authorization: 'Basic cGxhbnRlZDpzZWNyZXQ=' } },
    { reason: 'invalid_token', tokenPreview: '***' },
  ],
  ['SQL as a token', { token: "x' OR '1'='1" }, { reason: 'invalid_token', tokenPreview: '***' }],
];

it.each(
  refusals,
)('answers 401 as reported to %s, and keeps it in system_events', async (_what, call, facts) => {
  const answer = await rig.call(machines, call);

  expect(answer).toMatchObject({ status: 401, body: { error: 'Invalid client token' } });
  expect(answer.headers['www-authenticate']).toBe('Bearer');
  expect(await latestRefusal()).toMatchObject({ client_id: null, details: { ...facts, path: machines } });
  expect(rig.log.of('auth_failed').at(-1)).toMatchObject({ level: 'warn', ...facts, path: machines });
});

it('answers 403 as reported to a client that is switched off, and keeps it', async () => {
  const answer = await rig.call(machines, { token: tokens.inactive });

  expect(answer).toMatchObject({ status: 403, body: { error: 'Client account is not active' } });
  expect(await latestRefusal()).toMatchObject({
    client_id: 'inactive',
    details: { reason: 'inactive_client', tokenPreview: 'off12345...rst7', path: machines },
  });
});

it('changes its answer with the row, and back', async () => {
  const status = async () => (await rig.call(machines, { token: tokens.other })).status;

  expect(await status()).toBe(200);
  await rig.sql("UPDATE clients SET is_active = 0 WHERE id = 'other'");
  expect(await status()).toBe(403);
  await rig.sql("UPDATE clients SET is_active = 1 WHERE id = 'other'");
  expect(await status()).toBe(200);
});

it('refuses before it reads the body', async () => {
  const answer = await rig.call('/api/fleet/report', { token: null, body: '{broken' });

  expect(answer.status).toBe(401);
});

it('has no token in its log or events', async () => {
  const events = JSON.stringify(await rig.sql('SELECT * FROM system_events'));

  for (const secret of [...Object.values(tokens), 'cGxhbnRlZDpzZWNyZXQ=']) {
    expect(rig.log.text()).not.toContain(secret);
    expect(events).not.toContain(secret);
  }
});

it('answers 200 and 401 to one good token while it renews its tokens in place', async () => {
  await using racing = await startRig(database(), {
    env: { AUTH_CACHE_TTL: '0.001', AUTH_CACHE_REFRESH: 'in_place' },
  });

  const statuses = await manyAnswers(racing);

  expect(statuses).toContain(200);
  expect(statuses).toContain(401);
});

it('answers 200 alone while it renews its tokens atomically', async () => {
  await using calm = await startRig(database(), { env: { AUTH_CACHE_TTL: '0.001' } });

  expect(new Set(await manyAnswers(calm))).toEqual(new Set([200]));
});

/** Statuses of requests in pairs, each pair at once, over connections that are open. */
async function manyAnswers({ call }: Rig): Promise<number[]> {
  const statuses: number[] = [];
  for (let pair = 0; pair < 30; pair += 1) {
    const answers = await Promise.all([call(machines), call(machines)]);
    statuses.push(...answers.map(({ status }) => status));
  }
  return statuses;
}
