/** `shaketable-proxy`: the fault proxy as the whole program. */
import { proxyCommand } from './start.ts';

process.exitCode = await proxyCommand(process.argv.slice(2), 'shaketable-proxy');
