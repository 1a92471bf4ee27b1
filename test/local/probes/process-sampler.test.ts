import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { expect, it } from 'vitest';
import {
  type ProcessSample,
  sampleProcess,
  startProcessSampler,
} from '../../../harness/probes/process-sampler.ts';

const here = it.skipIf(platform() !== 'linux');

here('measures memory, threads and processor time of a process', async () => {
  const sample = (await sampleProcess(process.pid)) as ProcessSample;

  expect(sample.rssBytes).toBeGreaterThan(10 * 1024 * 1024);
  expect(sample.rssBytes).toBeLessThan(2 * process.resourceUsage().maxRSS * 1024);
  expect(sample.threads).toBeGreaterThan(1);
  const { user, system } = process.cpuUsage();
  expect(Math.abs(sample.cpuMs - (user + system) / 1_000)).toBeLessThan(100);
});

here('counts a socket that is opened, and no longer when it is closed', async () => {
  const count = async () => (await sampleProcess(process.pid))?.sockets ?? Number.NaN;
  const before = await count();

  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  expect(await count()).toBe(before + 1);

  server.close();
  await once(server, 'close');
  expect(await count()).toBe(before);
});

it('gives nothing for a process that is gone', async () => {
  const child = spawn('true');
  await once(child, 'exit');

  expect(await sampleProcess(child.pid as number)).toBeUndefined();
});

here('samples until it is disposed of, from the first moment on', async () => {
  const samples: ProcessSample[] = [];
  const sampler = startProcessSampler({
    pid: process.pid,
    everyMs: 1,
    onSample: (sample) => samples.push(sample),
  });
  await expect.poll(() => samples.length).toBeGreaterThan(3);

  await sampler[Symbol.asyncDispose]();
  const count = samples.length;
  await new Promise((resolve) => setImmediate(resolve));

  expect(samples).toHaveLength(count);
});

here('ends by itself with the process', async () => {
  const child = spawn('sleep', ['600']);
  const samples: ProcessSample[] = [];
  await using sampler = startProcessSampler({
    pid: child.pid as number,
    everyMs: 1,
    onSample: (sample) => samples.push(sample),
  });
  await expect.poll(() => samples.length).toBeGreaterThan(0);
  child.kill('SIGKILL');

  await sampler[Symbol.asyncDispose]();
  expect(samples[0]?.fds).toBeGreaterThan(0);
});
