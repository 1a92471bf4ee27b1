/** The hardened agent as a program. */
import { runAgent } from '../run-agent.ts';
import { createHardenedAgent } from './agent.ts';

process.exitCode = await runAgent(
  {
    name: 'hardened',
    purpose: 'Registers with the server, sends heartbeats and fleet reports, polls for commands.',
    exits: `\
0   stopped as asked
64  the command line makes no sense
69  the server cannot be reached, is not to be trusted, or cannot work
70  an error in the agent
76  something answers at the server's address, but it is not the server
77  the server does not accept the client token
78  the configuration is not valid`,
    create: createHardenedAgent,
  },
  process.argv.slice(2),
  process.env,
);
