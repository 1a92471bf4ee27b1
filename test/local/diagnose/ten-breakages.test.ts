/** The ten breakages that a diagnosis has to name, planted one by one, on real sockets and the reference server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../harness/diagnose/diagnose.ts';
import { freePort } from '../../../harness/free-port.ts';
import { certificateFlaws, issueFlawed } from '../../../proxy/certificates/index.ts';
import { type Rig, startRig, tokens, useDatabase } from '../server/rig.ts';
import { authority, blackHole, diagnosisOf, serveHttps } from './servers.ts';

const database = useDatabase();
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(database());
});

afterAll(() => rig?.[Symbol.asyncDispose]());

/** What a diagnosis names: the step, and all that holds before it; nothing behind it is tried. */
function expectBroken(diagnosis: Diagnosis, step: string, cause: RegExp, remedy: RegExp): void {
  const index = diagnosis.steps.findIndex(({ id }) => id === step);
  const [before, named, behind] = [
    diagnosis.steps.slice(0, index),
    diagnosis.steps[index],
    diagnosis.steps.slice(index + 1),
  ];
  expect(diagnosis).toMatchObject({ outcome: 'broken', step });
  expect(named).toMatchObject({
    outcome: 'broken',
    cause: expect.stringMatching(cause),
    remedy: expect.stringMatching(remedy),
    ms: expect.any(Number),
  });
  expect(before.filter(({ outcome }) => outcome !== 'holds' && outcome !== 'skipped')).toEqual([]);
  expect(behind.every(({ outcome }) => outcome === 'not tried')).toBe(true);
}

const ca = async (): Promise<string> => (await authority()).certPem;

it('names a name that does not resolve', async () => {
  const diagnosis = await diagnosisOf({ url: 'https://no-such-host.invalid' });

  expectBroken(
    diagnosis,
    'name',
    /no-such-host\.invalid (does not resolve|could not be looked up)/,
    /DNS|name servers/,
  );
});

it('names a refused connection', async () => {
  const port = await freePort();

  const diagnosis = await diagnosisOf({ url: `https://127.0.0.1:${port}` });

  expectBroken(
    diagnosis,
    'tcp',
    new RegExp(`Nothing listens at 127\\.0\\.0\\.1:${port}`),
    /Start the server/,
  );
});

it('names a black hole', async () => {
  await using hole = await blackHole();

  const diagnosis = await diagnosisOf({ url: `https://127.0.0.1:${hole.port}` }, { timeoutMs: 500 });

  expectBroken(diagnosis, 'tcp', /Nobody answers at .* packets disappear/, /firewalls/);
});

describe('with a certificate that is to be refused', () => {
  const expected = {
    expired: [/expired 24 hours ago/, /Renew/],
    not_yet_valid: [/not valid yet: it begins/, /clock/],
    wrong_host: [/is for another-host\.invalid, not for 127\.0\.0\.1/, /name/],
    self_signed: [/signed with its own key/, /--ca/],
    unknown_ca: [/not trusted here/, /right authority/],
  } as const;

  it.each(Object.keys(certificateFlaws) as (keyof typeof certificateFlaws)[])('names %s', async (flaw) => {
    const { chainPem, keyPem } = await issueFlawed(await authority(), flaw, ['127.0.0.1']);
    await using server = await serveHttps(undefined, { cert: chainPem, key: keyPem });

    const diagnosis = await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() });

    expectBroken(diagnosis, 'tls', ...expected[flaw]);
  });
});

it('names a server that says it is not well', async () => {
  await using server = await serveHttps((_request, response) => {
    response.writeHead(503, { 'retry-after': '30' }).end('{"error":"starting up"}');
  });

  const diagnosis = await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() });

  expectBroken(
    diagnosis,
    'health',
    /answered 503 “starting up”, and asks to wait \(Retry-After: 30\)/,
    /log of the server/,
  );
});

describe('of the reference server', () => {
  const asked = (token: string, agent?: string) =>
    diagnosisOf({
      url: rig.server.url,
      ca: rig.authority,
      token,
      ...(agent === undefined ? {} : { agent }),
    });

  it('names a token that it does not know', async () => {
    expectBroken(
      await asked('xyz98765-nobody-has-this-one-0123456'),
      'token',
      /401 “Invalid client token”: the server does not know this token/,
      /clients\.client_token/,
    );
  });

  it('names an account that is not active', async () => {
    expectBroken(await asked(tokens.inactive), 'account', /403 “Client account is not active”/, /is_active/);
  });

  it('names an agent that is not registered', async () => {
    expectBroken(
      await asked(tokens.acme, 'agent-nobody'),
      'agent',
      /404 “Agent not found”: this client has no agent agent-nobody/,
      /registers itself/,
    );
  });

  it('names a heartbeat that is stale', async () => {
    await rig.call('/api/agents/register', { body: { logicalAgentId: 'agent-stale' } });
    await rig.sql(
      "UPDATE agents SET last_heartbeat_at = UTC_TIMESTAMP(3) - INTERVAL 10 MINUTE WHERE logical_agent_id = 'agent-stale'",
    );

    expectBroken(
      await asked(tokens.acme, 'agent-stale'),
      'heartbeat',
      /stale: the last one came (9|10) minutes ago, .* and 2 minutes are allowed/,
      /agent runs/,
    );
  });

  it('finds nothing where all is well, by id and by logical id', async () => {
    const { body } = await rig.call('/api/agents/register', { body: { logicalAgentId: 'agent-well' } });

    for (const agent of ['agent-well', (body as { agentId: string }).agentId]) {
      const diagnosis = await asked(tokens.acme, agent);
      expect(diagnosis).toMatchObject({ outcome: 'works' });
      expect(diagnosis.steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
        'name holds',
        'tcp holds',
        'tls holds',
        'health holds',
        'database skipped',
        'token holds',
        'account holds',
        'agent holds',
        'heartbeat holds',
      ]);
    }
  });
});
