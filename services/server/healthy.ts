/**
 * Asks the server of this machine how it is: `node services/server/healthy.ts`, the health check of its image. It reads the
 * server's own configuration. Exit codes: 0 it answers, 1 it does not.
 */
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { readConfig } from './config.ts';

const { port, tls } = readConfig(process.env);
const options = { host: '127.0.0.1', port, path: '/health', timeout: 2000, rejectUnauthorized: false };

// Whether its certificate is a good one is for its clients to say.
const request = (tls === undefined ? getHttp : getHttps)(options, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
request.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
