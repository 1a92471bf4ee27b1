// Reports the load of this machine to the fleet server every few seconds.
import { randomUUID } from 'node:crypto';
import https from 'node:https';
import os from 'node:os';
import axios from 'axios';

const server = process.env.SERVER_URL;
const token = process.env.API_TOKEN;
const machine = process.env.MACHINE_ID ?? os.hostname();
const interval = Number(process.env.INTERVAL ?? 5) * 1000;

const log = (level, text) => console.log(`${new Date().toISOString()} ${level} ${text}`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const client = axios.create({
  baseURL: server,
  headers: { Authorization: `Bearer ${token}` },
  timeout: 10_000,
  httpsAgent: new https.Agent({ keepAlive: true, maxSockets: 2 }),
});

// Sends it until it has arrived: the key makes sure that it counts once.
async function report(sequence) {
  const body = { machineId: machine, sequence, load: os.loadavg()[0] };
  const headers = { 'Idempotency-Key': randomUUID() };
  for (let attempt = 1; ; attempt++) {
    try {
      await client.post('/api/fleet/report', body, { headers, signal: AbortSignal.timeout(15_000) });
      return;
    } catch (error) {
      const { status, headers: answered = {} } = error.response ?? {};
      const isRefused = status === 401 || status === 403;
      if (isRefused) log('ERROR', `the server refuses the token (${status}): check API_TOKEN`);
      // What is refused is refused a second later, too.
      const asked = isRefused ? 30_000 : Number(answered['retry-after']) * 1000 || 0;
      const pause = Math.max(asked, Math.min(60_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2));
      const level = attempt % 5 === 0 ? 'ERROR' : 'WARN';
      log(level, `report ${sequence}, attempt ${attempt}: ${error.message}, next in ${Math.round(pause)} ms`);
      await sleep(pause);
    }
  }
}

process.once('SIGTERM', () => process.exit(0));
log('INFO', `reporting to ${server} as ${machine}`);
for (let sequence = 1; ; sequence++) {
  await report(sequence);
  await sleep(interval);
}
