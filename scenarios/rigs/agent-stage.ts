/**
 * The agents of the lab as programs that the page of `shaketable up` starts, and what a scenario that is saved there has: the
 * same server, the same agent, and the checks of the fleet report.
 */
import { extname, resolve } from 'node:path';
import { noMissing, oneEffectEach, type Stage, type StageProgram, type Table } from 'shaketable';
import { type AgentOptions, type AgentTarget, startAgent } from './agent.ts';
import { appliedReports } from './fleet.ts';

/** Of the server: a connection may stay idle for longer than an agent's pause. */
export const serverEnv = { KEEP_ALIVE_TIMEOUT: '65' };

type Kind = Pick<AgentOptions, 'subject' | 'session'>;

/** The programs, for this table and its server. */
export function agentStage(table: Table, target: AgentTarget): Stage {
  let started = 0;
  const program = (name: string, about: string, { subject = 'naive', session }: Kind): StageProgram => ({
    name,
    about,
    subject,
    env: { FLEET_REPORT_INTERVAL: '5', HEARTBEAT_INTERVAL: '0' },
    async start(env) {
      started += 1;
      // Each has a log of its own.
      const apart = started === 1 ? {} : { name: `agent-${String(started).padStart(3, '0')}` };
      const agent = await startAgent(table, target, { subject, ...(session && { session }), ...apart, env });
      return { [Symbol.asyncDispose]: () => agent.stop() };
    },
    inScenario: (env) => ({
      function: 'startAgent',
      names: ['table', 'reference'],
      options: { ...(session && { session }), env },
    }),
  });
  return {
    programs: [
      program('naive', 'a new connection for each request', { subject: 'naive' }),
      program('naive-session', 'naive, and keeps its connection', { subject: 'naive', session: true }),
      program('hardened', 'pools, backs off, sends again', { subject: 'hardened' }),
    ],
    setting: {
      imports: [
        { names: ['startAgent'], from: rig('agent') },
        { names: ['startReference'], from: rig('reference') },
      ],
      before: [
        `const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '${serverEnv.KEEP_ALIVE_TIMEOUT}' } });`,
      ],
      checks: {
        'nothing-lost': noMissing('the sequence of reports at the server has no gap', {
          of: appliedReports,
          field: 'sequence',
          fewest: 4,
        }),
        'nothing-twice': oneEffectEach('no report counts twice', {
          effects: appliedReports,
          key: 'sequence',
          fewest: 4,
        }),
      },
    },
  };
}

/** TypeScript in the repository, as this file is, and JavaScript in the package. */
const rig = (name: string): string => resolve(import.meta.dirname, `${name}${extname(import.meta.filename)}`);
