// An adapter in Node: undici, ws and mysql2, as they come. docs/adapters.md has the protocol.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import mysql from 'mysql2/promise';
import { Pool } from 'undici';
import { WebSocket } from 'ws';

/** What is open, by the lab's names: each does some of send, request and release. */
const connections = new Map();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Thrown for what certainly had no effect. */
class Failed extends Error {}

function http({ url, token, caFile }) {
  const client = new Pool(url, { connect: { ca: caFile && readFileSync(caFile) } });
  return {
    async request({ method, path, headers = {}, body, withinMs }) {
      try {
        const answer = await client.request({
          method,
          path,
          headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
          body,
          signal: withinMs === undefined ? undefined : AbortSignal.timeout(withinMs),
        });
        return { status: answer.statusCode, body: (await answer.body.text()).slice(0, 10_000) };
      } catch (error) {
        // Before the connection stands nothing has left.
        if (
          error.code === 'ECONNREFUSED' ||
          error.code === 'ENOTFOUND' ||
          /CERT|SSL|TLS|SIGNATURE/.test(error.code)
        )
          throw new Failed(error.message);
        throw error;
      }
    },
    release: () => client.destroy(),
  };
}

async function webSocket({ url, token, caFile, withinMs, on }) {
  const socket = new WebSocket(url, {
    ca: caFile && readFileSync(caFile),
    headers: token && { authorization: `Bearer ${token}` },
    handshakeTimeout: withinMs,
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(new Failed(error.message)));
  });
  socket.on('error', () => {}); // `close` follows.
  socket.on('message', (data) => say({ event: 'message', on, text: String(data) }));
  socket.on('close', (code) => say({ event: 'closed', on, code }));
  return {
    send: ({ text }) =>
      new Promise((resolve, reject) => {
        socket.send(text, (error) => (error ? reject(new Failed(error.message)) : resolve({})));
      }),
    release: () => socket.close(),
  };
}

async function database({ url, caFile, withinMs }) {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: 4,
    connectTimeout: withinMs,
    ...(caFile && { ssl: { ca: readFileSync(caFile) } }),
  });
  return {
    async request({ sql, values, withinMs: timeout }) {
      try {
        const [result] = await pool.query({ sql, values, timeout });
        return Array.isArray(result) ? { rows: result } : { affected: result.affectedRows };
      } catch (error) {
        // The server's own refusal of a statement, but for the loss of its connection; or there never was one.
        if (
          (error.sqlState && !error.fatal) ||
          error.code === 'ECONNREFUSED' ||
          error.code === 'ER_ACCESS_DENIED_ERROR'
        )
          throw new Failed(error.message);
        throw error;
      }
    },
    release: () => pool.end(),
  };
}

const open = { http, websocket: webSocket, database };

async function carryOut(command) {
  const { do: what, on } = command;
  if (what === 'hello')
    return { version: 1, name: `undici, ws, mysql2 on Node ${process.version}`, kinds: Object.keys(open) };
  if (what === 'connect') {
    if (!(command.kind in open)) throw new Failed(`there is no kind ${command.kind}`);
    connections.set(on, await open[command.kind](command));
    return {};
  }
  const connection = connections.get(on);
  if (typeof connection?.[what] !== 'function') throw new Failed(`nothing called ${on} can ${what}`);
  if (what === 'release') connections.delete(on);
  return (await connection[what](command)) ?? {};
}

async function answer(command) {
  try {
    say({ id: command.id, answer: 'ok', ...(await carryOut(command)) });
  } catch (error) {
    say({ id: command.id, answer: error instanceof Failed ? 'failed' : 'unknown', error: error.message });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const command = JSON.parse(line);
    if (typeof command.id !== 'number') throw new Error('it has no id');
    void answer(command); // Not awaited: commands are carried out at the same time.
  } catch (error) {
    console.error('not understood:', error.message);
  }
}
process.exit(0);
