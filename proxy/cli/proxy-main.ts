/** `shaketable-proxy`: the fault proxy as the whole program. */
import { proxyCommand } from './proxy.ts';

process.exitCode = await proxyCommand(process.argv.slice(2), 'shaketable-proxy');
