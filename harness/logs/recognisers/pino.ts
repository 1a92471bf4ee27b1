import { jsonFormat } from '../json-format.ts';
import { levelOfTens } from '../levels.ts';

/** pino, whose level is a number, or a word with `formatters.level`. */
export const pino = jsonFormat({
  id: 'pino',
  writtenBy: 'pino, Fastify, NestJS with pino',
  test: ({ level, time, msg, pid, v }) =>
    (typeof level === 'number' || isLower(level)) &&
    (typeof time === 'number' ? time > 1e11 : typeof time === 'string' && pid !== undefined) &&
    (msg === undefined || typeof msg === 'string') &&
    v === undefined,
  level: ['level'],
  message: ['message', 'msg'],
  time: ['time'],
  numbers: levelOfTens,
  samples: [
    {
      lines:
        '{"level":50,"time":1772448827410,"pid":7,"hostname":"a","err":{"code":"ECONNRESET"},"msg":"heartbeat failed"}',
      level: 'error',
      message: 'heartbeat failed',
      time: 1_772_448_827_410,
      fields: { pid: 7, hostname: 'a', err: { code: 'ECONNRESET' } },
    },
    {
      lines: '{"level":"warn","time":1772448832411,"msg":"late"}',
      level: 'warn',
      message: 'late',
      time: 1_772_448_832_411,
    },
    {
      lines: '{"level":35,"time":1772448832411,"pid":7,"msg":"a level of its own"}',
      level: 'info',
      message: 'a level of its own',
    },
  ],
});

const isLower = (level: unknown): boolean => typeof level === 'string' && /^[a-z]+$/.test(level);
