import { expect, it } from 'vitest';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';
import { type Rig, startRig, useDatabase } from './rig.ts';

const database = useDatabase();

async function register({ call }: Rig, logicalAgentId: string): Promise<string> {
  const { body } = await call('/api/agents/register', { body: { logicalAgentId } });
  return (body as { agentId: string }).agentId;
}

it('marks a silent agent offline after the heartbeat time-out, and online with the next heartbeat', async () => {
  const clock = scaledClock(systemClock(), 100);
  await using rig = await startRig(database(), { clock });
  const agentId = await register(rig, 'agent-001');
  const status = async () => (await rig.sql('SELECT status FROM agents WHERE id = ?', [agentId]))[0]?.status;
  const [row] = await rig.sql('SELECT last_heartbeat_at FROM agents WHERE id = ?', [agentId]);

  const offline = await rig.log.find('agent_offline', { agentId });
  const silentMs = offline.time - (row?.last_heartbeat_at as Date).getTime();
  expect(silentMs).toBeGreaterThanOrEqual(120_000);
  expect(await status()).toBe('offline');

  await rig.call(`/api/agents/${agentId}/heartbeat`, { method: 'POST' });
  expect(await status()).toBe('online');
  expect(rig.log.of('agent_online')).toMatchObject([{ agentId, logicalAgentId: 'agent-001' }]);

  const events = await rig.sql('SELECT event_type FROM system_events WHERE agent_id = ? ORDER BY id', [
    agentId,
  ]);
  expect(events.map((event) => event.event_type)).toEqual([
    'agent_registered',
    'agent_offline',
    'agent_online',
  ]);
});

it('keeps an agent online that sends heartbeats', async () => {
  const clock = scaledClock(systemClock(), 100);
  await using rig = await startRig(database(), { clock });
  const agentId = await register(rig, 'agent-lively');

  for (let beat = 0; beat < 5; beat += 1) {
    await clock.sleep(30_000);
    await rig.call(`/api/agents/${agentId}/heartbeat`, { method: 'POST' });
  }

  expect(rig.log.of('agent_offline')).toEqual([]);
});
