/** The policies by name. */
import { createHttp1Client } from './http1.ts';
import { createHttp2Client } from './http2.ts';
import type { CreateClient } from './policy.ts';

const pool =
  (size: number): CreateClient =>
  (target, clock) =>
    createHttp1Client({ pool: size, resume: true }, target, clock);

export const policies = Object.freeze({
  'new connection': ((target, clock) =>
    createHttp1Client({ pool: 0, resume: false }, target, clock)) as CreateClient,
  'new, resumed': ((target, clock) =>
    createHttp1Client({ pool: 0, resume: true }, target, clock)) as CreateClient,
  'pool of 1': pool(1),
  'pool of 8': pool(8),
  'pool of 64': pool(64),
  'HTTP/2': createHttp2Client as CreateClient,
});

export type PolicyName = keyof typeof policies;
