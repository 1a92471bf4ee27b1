/**
 * Plays an incident that `shaketable reproduce` found in somebody’s logs: an agent, a WebSocket or a database worker of the lab takes the
 * part of the program, in the rhythm of the incident, and meets its faults one after the other.
 */
import {
  type CertificateFlaw,
  certificateFlaws,
  type ForeignSubject,
  type IncidentPlan,
  issueFlawed,
  launchSubject,
  type Matcher,
  type Table,
} from 'shaketable';
import { createAgent, startAgent } from './rigs/agent.ts';
import { takeSeat, worksFor } from './rigs/any-subject.ts';
import { createChannel } from './rigs/channel.ts';
import { appliedReports } from './rigs/fleet.ts';
import { serverHost, startReference, startTwin } from './rigs/reference.ts';
import { createSync } from './rigs/sync.ts';
import { goodHeartbeats } from './rigs/unreachable.ts';

/** Lets the lab’s own programs live through the plan. */
export default async function play(table: Table, plan: IncidentPlan): Promise<void> {
  if (plan.certificate !== undefined) await playFlawed(table, plan);
  else if (plan.part === 'channel') await playChannel(table, plan);
  else if (plan.part === 'sync') await playSync(table, plan);
  else await playAgent(table, plan);
}

/** Lets a program of the user’s own live through it: it works, meets the faults, and works again. */
export async function playSubject(table: Table, plan: IncidentPlan, subject: ForeignSubject): Promise<void> {
  const { seesInside = false, server = {} } = plan;
  const seat = await takeSeat(table, subject, { env: server, open: seesInside });
  const launched = await launchSubject(table, subject, seat);
  if (launched.isReady) {
    await worksFor(table, subject, launched, 2);
    await meetFaults(table, plan);
    await worksFor(table, subject, launched, 2);
  }
  await launched.stop();
}

/** Faults come one after the other, while something else works. */
async function meetFaults(table: Table, { steps }: IncidentPlan): Promise<void> {
  for (const { fault, afterMs = 0, forMs, strikes, restMs = 0 } of steps) {
    if (afterMs > 0) await table.sleep(afterMs);
    await table.inject(fault);
    if (strikes === undefined) await table.sleep(forMs);
    else await table.until({ kind: 'fault.strike', fault }, { nth: strikes, withinMs: forMs });
    await table.lift(fault);
    if (restMs > 0) await table.sleep(restMs);
  }
}

async function playAgent(table: Table, plan: IncidentPlan): Promise<void> {
  const { part, work, everyMs, timeoutMs, attempts, waits, seesInside = false, server = {} } = plan;
  const reference = await startReference(table, { env: server, linkAnswersTls: seesInside });
  const every = String(everyMs / 1_000);
  const done: Matcher = work === 'heartbeat' ? goodHeartbeats : appliedReports;
  await startAgent(table, reference, {
    session: part === 'session',
    retrying: part === 'retrying',
    env: {
      ...(work === 'heartbeat' ? { HEARTBEAT_INTERVAL: every } : { FLEET_REPORT_INTERVAL: every }),
      ...(timeoutMs === undefined ? {} : { REQUEST_TIMEOUT: String(timeoutMs / 1_000) }),
      ...(attempts === undefined ? {} : { RETRY_ATTEMPTS: String(attempts) }),
      ...(waits === undefined ? {} : { RETRY_POLICY: waits }),
    },
  });
  await table.until(done, { withinMs: 60_000 });
  await meetFaults(table, plan);
  await table.until(done, { nth: table.count(done) + 1, withinMs: 2 * everyMs + 30_000 });
}

/** An agent is started against a server whose certificate it has to refuse. */
async function playFlawed(table: Table, { certificate, everyMs }: IncidentPlan): Promise<void> {
  const flaw = Object.keys(certificateFlaws).find((known) => known === certificate) as
    | CertificateFlaw
    | undefined;
  if (flaw === undefined) throw new Error(`There is no flaw called ${certificate}`);
  const reference = await startReference(table);
  const { chainPem, keyPem } = await issueFlawed(table.authority, flaw, [serverHost, 'localhost']);
  const { url } = await startTwin(table, reference, {
    linkName: 'agent→flawed',
    tls: { cert: chainPem, key: keyPem },
  });
  const env = { FLEET_REPORT_INTERVAL: String(everyMs / 1_000) };
  const agent = await createAgent(table, { url, token: reference.token }, { env });
  await agent.start().catch(() => undefined);
  await table.until({ kind: 'tls.client-hello', link: 'agent→flawed' }, { withinMs: 60_000 });
}

async function playChannel(table: Table, plan: IncidentPlan): Promise<void> {
  const reference = await startReference(table, {
    env: plan.server ?? {},
    linkAnswersTls: plan.seesInside ?? false,
  });
  const { channel, send } = createChannel(table, reference);
  await channel.open();
  const over = new AbortController();
  const sending = (async () => {
    for (let number = 1; !over.signal.aborted; number += 1) {
      void send({ type: 'user_message', id: `message-${number}`, text: 'does this arrive?' }).catch(() => {});
      await table.sleep(plan.everyMs);
    }
  })();
  await table.sleep(plan.everyMs);
  await meetFaults(table, plan);
  await table.sleep(plan.everyMs);
  over.abort();
  await sending;
}

const accounts = ['account-1', 'account-2'];
const archive = Array.from({ length: 40 }, (_, index) => `archive-${index + 10}`);

async function playSync(table: Table, plan: IncidentPlan): Promise<void> {
  const worker = await createSync(table, { settings: { ...plan.database } });
  if (plan.atStart) await Promise.all([meetFaults(table, plan), table.sleep(500).then(() => worker.start())]);
  else await worker.start();
  await worker.sync('before', { shared: [...accounts, ...archive] });
  const over = new AbortController();
  const syncing = (async () => {
    for (let number = 1; number === 1 || !over.signal.aborted; number += 1) {
      await worker.sync(`batch-${number}`, { shared: accounts });
      await table.sleep(plan.everyMs);
    }
  })();
  if (!plan.atStart) await meetFaults(table, plan);
  over.abort();
  await syncing;
  await worker.audit();
}
