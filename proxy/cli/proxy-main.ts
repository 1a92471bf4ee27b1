/** The fault proxy as the whole program, for its image: what `shaketable proxy` runs, without the rest of the command line. */
import { proxyCommand } from './proxy.ts';

process.exitCode = await proxyCommand(process.argv.slice(2));
