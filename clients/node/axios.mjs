import https from 'node:https';
import axios from 'axios';
import { authorization, reportForEver, settings, url } from './loop.mjs';

const headers = { authorization };
const client =
  settings === 'default'
    ? axios
    : axios.create({
        timeout: 10_000, // https://axios-http.com/docs/req_config: no time-out without it.
        httpsAgent: new https.Agent({ keepAlive: true }), // Node's own closes what was idle for 5 s.
      });

await reportForEver((report) => client.post(url, report, { headers }));
