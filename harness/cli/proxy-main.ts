/** `shaketable proxy`, without what the other commands need. */
import { proxyCommand } from 'shaketable-proxy/cli';
import { serveProxyPage } from './proxy-page.ts';

process.exitCode = await proxyCommand(process.argv.slice(3), 'shaketable proxy', serveProxyPage);
