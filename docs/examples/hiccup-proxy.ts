/** A proxy server that knows `hiccup` beside all that are built in: `node hiccup-proxy.ts [port]`. */
import { registerToxic, startProxy } from 'shaketable/proxy';
import { hiccup } from './hiccup.ts';

registerToxic(hiccup);
const { url } = await startProxy({ port: Number(process.argv[2] ?? 8_474) });
console.log(`Listening on ${url}`);
