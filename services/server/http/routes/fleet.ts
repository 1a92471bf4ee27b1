/**
 * Fleet reports, and the machines they come from.
 *
 *     POST /api/fleet/report    { machineId, sequence, … }  → 200 { accepted: true, duplicate }
 *     GET  /api/fleet/machines                              → 200 { machines: [{ machine_id, last_seen, online }] }
 *
 * With an `Idempotency-Key` header a report is applied once, however often it comes; without one, each time
 * (R1.5).
 */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../../clock.ts';
import { applyReport, listMachines } from '../../store/fleet.ts';

/** A machine is online while its last report is younger than this (R1.3). */
const onlineMs = 60_000;

interface ReportBody {
  readonly machineId: string;
  readonly sequence: number;
}

const reportSchema = {
  body: {
    type: 'object',
    required: ['machineId', 'sequence'],
    properties: {
      machineId: { type: 'string', minLength: 1, maxLength: 128 },
      sequence: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    },
  },
  headers: {
    type: 'object',
    properties: { 'idempotency-key': { type: 'string', minLength: 1, maxLength: 255 } },
  },
};

interface ReportRoute {
  readonly Body: ReportBody;
  readonly Headers: { 'idempotency-key'?: string };
}

export function fleetRoutes(app: FastifyInstance, { clock }: { clock: Clock }): void {
  app.post<ReportRoute>('/api/fleet/report', { schema: reportSchema }, async (request) => {
    const { exchange, client, body, headers } = request;
    const { machineId, sequence } = body;
    const idempotencyKey = headers['idempotency-key'];
    Object.assign(exchange.facts, { machineId, sequence, ...(idempotencyKey && { idempotencyKey }) });
    const effect = await applyReport(exchange.database, {
      clientId: client.id,
      machineId,
      sequence,
      idempotencyKey,
      receivedAt: clock.now(),
      payload: body,
    });
    exchange.facts.effect = effect;
    return { accepted: true, duplicate: effect === 'duplicate' };
  });

  app.get('/api/fleet/machines', async ({ exchange, client }) => {
    const machines = await listMachines(exchange.database, client.id);
    const now = clock.now();
    return {
      machines: machines.map(({ machineId, lastSeen }) => ({
        machine_id: machineId,
        last_seen: new Date(lastSeen).toISOString(),
        online: now - lastSeen < onlineMs,
      })),
    };
  });
}
