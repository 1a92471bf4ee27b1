/** The proxy from the library, with taps or without, which its command cannot choose: `library-main.ts PORT on|off`. */
import { startProxy } from '../../proxy/index.ts';

const [port, taps] = process.argv.slice(2);
await startProxy({ port: Number(port), taps: taps === 'on' });
process.once('SIGTERM', () => process.exit(0));
