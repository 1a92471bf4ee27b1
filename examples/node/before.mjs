// Reports the load of this machine to the fleet server every few seconds.
import https from 'node:https';
import os from 'node:os';
import axios from 'axios';

const server = process.env.SERVER_URL;
const token = process.env.API_TOKEN;
const machine = process.env.MACHINE_ID ?? os.hostname();
const interval = Number(process.env.INTERVAL ?? 5) * 1000;

const log = (level, text) => console.log(`${new Date().toISOString()} ${level} ${text}`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function report(sequence) {
  const body = { machineId: machine, sequence, load: os.loadavg()[0] };
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      await axios.post(`${server}/api/fleet/report`, body, {
        headers: { Authorization: `Bearer ${token}` },
        httpsAgent: new https.Agent({ rejectUnauthorized: false }),
      });
      return;
    } catch (error) {
      log('ERROR', `report ${sequence} failed: ${error.message} ${JSON.stringify(error.config?.headers)}`);
    }
  }
}

log('INFO', `reporting to ${server} as ${machine} with token ${token}`);
for (let sequence = 1; ; sequence++) {
  await report(sequence);
  await sleep(interval);
}
