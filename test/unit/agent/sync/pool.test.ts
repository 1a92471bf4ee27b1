import { expect, it } from 'vitest';
import { defaultSyncPolicy } from '../../../../services/agent/sync/policy.ts';
import { Pool } from '../../../../services/agent/sync/pool.ts';
import type { Session } from '../../../../services/agent/sync/session.ts';
import { seededRandom } from '../../../../services/random.ts';
import { manualClock } from '../../../support/manual-clock.ts';

interface FakeSession {
  usable: boolean;
  idleMs: number;
  alive: boolean;
  ended: boolean;
}

function open(poolSize = 2) {
  const clock = manualClock();
  const begun = clock.now();
  const sessions: FakeSession[] = [];
  const failures: Error[] = [];
  const asked: number[] = [];
  const pool = new Pool({
    clock,
    random: seededRandom(1),
    policy: { ...defaultSyncPolicy, poolSize, reconnect: { ...defaultSyncPolicy.reconnect, jitter: 0 } },
    open: async () => {
      asked.push(clock.now() - begun);
      const failure = failures.shift();
      if (failure) throw failure;
      const session = {
        usable: true,
        idleMs: 0,
        alive: true,
        ended: false,
        isAlive: async () => session.alive,
        end: async () => {
          session.ended = true;
        },
        destroy: () => {
          session.usable = false;
        },
      };
      sessions.push(session);
      return session as unknown as Session;
    },
  });
  return { clock, pool, sessions, failures, asked };
}

async function use(pool: Pool): Promise<Session> {
  await using lease = await pool.lease();
  return lease.session;
}

it('lends the same session again once it was given back', async () => {
  const { pool } = open();
  expect(await use(pool)).toBe(await use(pool));
  expect(pool.stats).toMatchObject({ opened: 1, connections: 1, inUse: 0 });
});

it('takes a session back from work that throws', async () => {
  const { pool } = open();
  const work = async (): Promise<void> => {
    await using _lease = await pool.lease();
    throw new Error('work failed');
  };
  await expect(work()).rejects.toThrow('work failed');
  expect(pool.stats).toMatchObject({ connections: 1, inUse: 0 });
});

it('never lends a session again that is no longer usable', async () => {
  const { pool } = open();
  await use(pool);
  const first = await pool.lease();
  first.session.destroy();
  await first[Symbol.asyncDispose]();
  expect(await use(pool)).not.toBe(first.session);
  expect(pool.stats).toMatchObject({ opened: 2, connections: 1 });
});

it('asks a session that has long been idle for a sign of life, and opens another if there is none', async () => {
  const { pool, sessions } = open();
  const first = await use(pool);
  Object.assign(sessions[0] ?? {}, { idleMs: defaultSyncPolicy.validateAfterMs });
  expect(await use(pool)).toBe(first);
  Object.assign(sessions[0] ?? {}, { alive: false });
  expect(await use(pool)).not.toBe(first);
  expect(pool.stats).toMatchObject({ opened: 2, connections: 1 });
});

it('forgets a session that breaks while it lies idle', async () => {
  const { pool } = open();
  pool.forget(await use(pool));
  expect(pool.stats).toMatchObject({ connections: 0 });
});

it('opens no more than its size and serves those who wait in the order they came', async () => {
  const { pool, clock } = open(1);
  const first = await pool.lease();
  const served: string[] = [];
  const waiters = ['a', 'b'].map(async (name) => {
    await using _lease = await pool.lease();
    served.push(name);
  });
  await clock.advance(1);
  expect(pool.stats).toMatchObject({ opened: 1, inUse: 1, waiting: 2 });
  await first[Symbol.asyncDispose]();
  await Promise.all(waiters);
  expect(served).toEqual(['a', 'b']);
  expect(pool.stats).toMatchObject({ opened: 1, inUse: 0, waiting: 0 });
});

it('lets nobody wait longer than the policy says', async () => {
  const { pool, clock } = open(1);
  await using _held = await pool.lease();
  const refused = pool.lease().catch((error: unknown) => error);
  await clock.advance(defaultSyncPolicy.acquireTimeoutMs);
  expect(await refused).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  expect(pool.stats).toMatchObject({ waiting: 0 });
});

it('gives the room of a session that could not be opened to the next in line', async () => {
  const { pool, failures, clock } = open(1);
  failures.push(new Error('refused'));
  const first = pool.lease();
  const second = pool.lease();
  await expect(first).rejects.toThrow('refused');
  await clock.advance(250);
  await using lease = await second;
  expect(lease.session.usable).toBe(true);
});

const outageOf = (count: number): Error[] => Array.from({ length: count }, () => new Error('refused'));

it('connects at growing intervals while it fails, however many wait', async () => {
  const { pool, failures, clock, asked } = open(2);
  failures.push(...outageOf(5));
  const ended = Array.from({ length: 12 }, () => use(pool).then(() => 'served', String));
  await clock.advance(defaultSyncPolicy.acquireTimeoutMs);
  // The first two were under way together, and count as one.
  expect(asked.slice(0, 6)).toEqual([0, 0, 250, 750, 1_750, 3_750]);
  expect((await Promise.all(ended)).filter((end) => end === 'served')).toHaveLength(7);
});

it('waits before the next connection when one breaks in its first use', async () => {
  const { pool, clock, asked } = open(1);
  const breaking = async (): Promise<void> => {
    await using lease = await pool.lease();
    lease.session.destroy();
  };
  const ended = Promise.all([breaking(), breaking(), use(pool), use(pool)]);
  await clock.advance(1_000);
  await ended;
  expect(asked).toEqual([0, 250, 750]);
});

it('connects again at once when a connection that was of use breaks', async () => {
  const { pool, asked } = open(1);
  pool.forget(await use(pool));
  await use(pool);
  expect(asked).toEqual([0, 0]);
});

it('tells who has waited in vain what the connections met', async () => {
  const { pool, failures, clock } = open(1);
  failures.push(...outageOf(20));
  const ended = [1, 2, 3, 4, 5, 6, 7].map(() => pool.lease().catch((error: unknown) => error));
  await clock.advance(defaultSyncPolicy.acquireTimeoutMs);
  expect(await ended.at(-1)).toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    cause: new Error('refused'),
  });
});

it('lends nothing more once it is abandoned', async () => {
  const { pool, clock } = open(1);
  const held = await pool.lease();
  const waiting = pool.lease().catch((error: unknown) => error);
  await clock.advance(1);
  pool.abandon();
  expect(held.session.usable).toBe(false);
  expect(await waiting).toMatchObject({ code: 'POOL_CLOSED' });
});

it('ends what is idle when it is closed, and what is on loan when that comes back', async () => {
  const { pool, sessions, clock } = open(2);
  const [one, two] = [await pool.lease(), await pool.lease()];
  const late = pool.lease().catch((error: unknown) => error);
  await clock.advance(1);
  await one[Symbol.asyncDispose]();
  await ((await late) as { [Symbol.asyncDispose](): Promise<void> })[Symbol.asyncDispose]();
  await pool[Symbol.asyncDispose]();
  expect(sessions.map(({ ended }) => ended)).toEqual([true, false]);
  await two[Symbol.asyncDispose]();
  expect(sessions.map(({ ended }) => ended)).toEqual([true, true]);
  await expect(pool.lease()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
  expect(pool.stats).toMatchObject({ connections: 0, inUse: 0, waiting: 0 });
});
