import { expect, it } from 'vitest';
import { Authentication } from '../../../../services/agent/http/authentication.ts';
import { classify, HttpStatusError } from '../../../../services/agent/shared/errors.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { recordingLog } from '../recording-log.ts';

const token = 'abc12345-0000-4000-8000-00000000xyz9';
const body = '{"error":"Invalid client token"}';
const failure = classify(new HttpStatusError(401, body));
const refusal = { method: 'POST', url: 'https://server/api/fleet/report', failure, body };

function setUp() {
  const log = recordingLog();
  const clock = manualClock();
  const authentication = new Authentication(log, clock, token, 2_500);
  const written = () => log.records.map(({ level, fields }) => [level, fields.event, fields.confirmed]);
  return { log, clock, authentication, written };
}

it('believes a refusal that was preceded by no success', () => {
  const { log, authentication, written } = setUp();

  authentication.refused(refusal);

  expect(written()).toEqual([['error', 'auth_refused', true]]);
  expect(log.records[0]?.message.split('\n')).toEqual([
    'HTTP error 401: POST https://server/api/fleet/report',
    `Response: ${body}`,
    'Authentication failed - check CLIENT_TOKEN configuration',
    'Current token: abc12345...xyz9',
  ]);
  expect(JSON.stringify(log.records)).not.toContain(token);
});

it('suspects a race first, is not convinced by the same moment, and confirms in a later cycle', async () => {
  const { clock, authentication, written } = setUp();
  authentication.accepted();

  authentication.refused(refusal);
  await clock.advance(4);
  authentication.refused(refusal);
  expect(written()).toEqual([['debug', 'auth_refused', false]]);
  await clock.advance(5_000);
  authentication.refused(refusal);

  expect(written().at(-1)).toEqual(['error', 'auth_refused', true]);
});

it('forgets its suspicion after a success', async () => {
  const { clock, authentication, written } = setUp();
  authentication.accepted();
  authentication.refused(refusal);
  authentication.accepted();
  await clock.advance(60_000);

  authentication.refused(refusal);

  expect(written().map(([level]) => level)).toEqual(['debug', 'debug']);
});

it('reports once however long it lasts, and says at the end how long it was', () => {
  const { log, authentication } = setUp();
  for (let n = 0; n < 50; n += 1) authentication.refused(refusal);

  authentication.accepted();

  expect(log.records).toHaveLength(2);
  expect(log.records[1]).toMatchObject({
    level: 'info',
    fields: { event: 'operation_recovered', operation: 'authentication', failures: 50 },
  });
});

it('counts what it did not report if the agent stops meanwhile', () => {
  const { log, authentication } = setUp();
  for (let n = 0; n < 50; n += 1) authentication.refused(refusal);

  authentication[Symbol.dispose]();

  expect(log.records.at(-1)?.fields).toMatchObject({ event: 'suppressed', key: 'auth_refused', count: 49 });
});
