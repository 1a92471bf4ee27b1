/** `shaketable proxy`, without what the other commands need. */
import { proxyCommand } from 'shaketable-proxy/cli';

process.exitCode = await proxyCommand(process.argv.slice(3), 'shaketable proxy');
