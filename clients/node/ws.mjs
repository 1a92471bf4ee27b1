import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { Failed, isDefault, say, serve } from './adapter.mjs';

const pingEveryMs = 15_000;

/** https://github.com/websockets/ws#how-to-detect-and-close-broken-connections: a ping, and an end when no pong comes. */
function heartbeat(socket) {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const pinging = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingEveryMs);
  socket.on('close', () => clearInterval(pinging));
}

async function connect({ url, token, caFile, on }) {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, { ca: readFileSync(caFile), headers });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(new Failed(error.message)));
  });
  if (!isDefault) heartbeat(socket);
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

await serve({ name: 'ws', kind: 'websocket', connect });
