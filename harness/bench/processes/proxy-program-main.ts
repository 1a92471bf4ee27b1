/** `shaketable proxy` as a process of its own, whatever flags it is given. */
import { proxyCommand } from 'shaketable-proxy/cli';

process.exitCode = await proxyCommand(process.argv.slice(2), 'shaketable proxy');
