/** The naive agent as a program. */
import { runAgent } from '../run-agent.ts';
import { createNaiveAgent } from './agent.ts';

process.exitCode = await runAgent(
  {
    name: 'naive',
    purpose: 'The agent as the field reports found it, with all its faults. For comparison only.',
    exits: `\
0   stopped as asked; also when the server was never there
64  the command line makes no sense
70  an error in the agent
78  the configuration is not valid`,
    create: createNaiveAgent,
  },
  process.argv.slice(2),
  process.env,
);
