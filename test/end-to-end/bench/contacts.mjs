/** Loaded before a command, with `--import`: notes in the file CONTACTS every name that is looked up and every place connected to. */
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const note = (line) => appendFileSync(process.env.CONTACTS, `${line}\n`);

for (const [api, name] of [dns, dns.promises].flatMap((api) =>
  Object.keys(api)
    .filter((key) => /^(lookup|resolve|reverse)/.test(key) && typeof api[key] === 'function')
    .map((key) => [api, key]),
)) {
  const original = api[name];
  api[name] = function (hostname, ...rest) {
    note(`name ${hostname}`);
    return original.call(this, hostname, ...rest);
  };
}
syncBuiltinESMExports();

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const first = Array.isArray(given[0]) ? given[0][0] : given[0];
  const { host, port, path } = typeof first === 'object' ? first : { port: first, host: given[1] };
  note(typeof path === 'string' ? `path ${path}` : `connect ${host ?? 'localhost'}:${port}`);
  return connect.apply(this, given);
};
