/** The proxy from the library, with taps or without, which its command cannot choose: `tapped-proxy-main PORT on|off`. */
import { startProxy } from 'shaketable-proxy';

const [port, taps] = process.argv.slice(2);
await startProxy({ port: Number(port), taps: taps === 'on' });
process.once('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the benchmark itself ends its processes.
