/** The engine in memory, by itself and through a channel to another process, keeps to the contract of engines. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../harness/queue/channel/messages.ts';
import { createRemoteEngine } from '../../harness/queue/channel/remote-engine.ts';
import { serveEngine } from '../../harness/queue/channel/serve-engine.ts';
import { createMemoryEngine } from '../../harness/queue/memory/memory-engine.ts';
import { systemClock } from '../../proxy/core/clock.ts';
import { keepsTheContract, type StartedEngine } from './queue/engine-contract.ts';

describe('in memory', () => keepsTheContract(startInMemory));

describe('in memory, from another process', () => keepsTheContract(startRemote));

it('tells who waits that the process with the engine is gone', async () => {
  const { port1, port2 } = new MessageChannel();
  const engine = createRemoteEngine(channelOf(port1));
  const runs = engine.runs();
  port2.close();

  await expect(runs).rejects.toMatchObject({ code: 'LAB_QUEUE_GONE' });
  await expect(engine.runs()).rejects.toMatchObject({ code: 'LAB_QUEUE_GONE' });
});

async function startInMemory(): Promise<StartedEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'queue-'));
  const engine = createMemoryEngine({ clock: systemClock(), directory });
  return {
    owner: engine,
    worker: engine,
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startRemote(): Promise<StartedEngine> {
  const local = await startInMemory();
  const { port1, port2 } = new MessageChannel();
  serveEngine(local.owner, channelOf(port1));
  return {
    owner: local.owner,
    worker: createRemoteEngine(channelOf(port2)),
    [Symbol.asyncDispose]: async () => {
      port1.close();
      await local[Symbol.asyncDispose]();
    },
  };
}

function channelOf(port: MessagePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', listener);
      return () => port.off('message', listener);
    },
    onGone: (listener) => void port.once('close', listener),
  };
}
