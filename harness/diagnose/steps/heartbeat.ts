/** Has the agent been heard of lately? The answer that told of the agent tells. */
import { day, span } from '../certificate.ts';
import { brokenForNow, type Finding, holds, type Step, type StepContext, skipped, unknown } from '../step.ts';

export const heartbeatStep: Step = { id: 'heartbeat', look };

/** The time-out of the field reports (R2.8). */
const usualTimeoutMs = 120_000;

async function look({ known, target }: StepContext): Promise<Finding> {
  const { agent } = known;
  if (agent === undefined || target.agent === undefined) return skipped('needs --agent');
  const { lastHeartbeatAt, status, heartbeatTimeoutMs, now, from } = agent;
  if (lastHeartbeatAt === undefined)
    return unknown(
      `The ${from} does not tell when the agent was last heard of`,
      'Name its database with --db, or a page with --agent-path that tells `lastHeartbeatAt`',
    );
  const remedy =
    'See whether the agent runs, and read the end of its log; a clock of the server that jumped looks the same';
  if (lastHeartbeatAt === null)
    return brokenForNow(`No heartbeat ever came from ${target.agent.name}`, remedy);
  const limitMs = target.freshMs ?? heartbeatTimeoutMs ?? usualTimeoutMs;
  const ageMs = Math.max(0, now - lastHeartbeatAt);
  const told = `the last one came ${span(ageMs)} ago, on ${day(lastHeartbeatAt)}`;
  if (ageMs > limitMs)
    return brokenForNow(`The heartbeat is stale: ${told}, and ${span(limitMs)} are allowed`, remedy);
  if (status !== undefined && /^offline$/i.test(status))
    return brokenForNow(`The agent counts as offline, though ${told}`, remedy);
  return holds(told);
}
