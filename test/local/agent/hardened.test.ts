import { expect, it } from 'vitest';
import { createHardenedAgent } from '../../../services/agent/agent.ts';
import { benchAgent, TOKEN, until } from './start-agent.ts';
import { startTestServer } from './test-server.ts';

const REPORTS_ONLY = {
  HEARTBEAT_INTERVAL: '0',
  PENDING_COMMANDS_CHECK_INTERVAL: '0',
  HEALTH_CHECK_INTERVAL: '0',
};

it('makes one handshake and one report per cycle, and logs nothing above INFO', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url);

  await bench.agent.start();
  await until(() => server.requestsTo('/api/fleet/report').length >= 20, 'twenty reports');
  await bench.agent.stop();

  const sequences = server.requestsTo('/api/fleet/report').map(({ body }) => JSON.parse(body).sequence);
  expect(server.handshakes).toBe(1);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  expect(bench.above('info')).toEqual([]);
  expect(bench.agent.facts).toEqual({ machineId: 'agent-001', agentId: 'agent-1' });
  expect(bench.text).not.toContain(TOKEN);
  expect(bench.openSockets).toBe(0);
});
