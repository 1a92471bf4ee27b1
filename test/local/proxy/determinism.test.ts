/** The same seed and the same traffic meet the same strikes: whole connections, and every type of toxic. */
import net from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { ListedConnection } from '../../../proxy/index.ts';
import { toxicTypes } from '../../../proxy/toxics/index.ts';
import { allSamples as samples } from '../../contract/proxy/all-samples.ts';
import { type Message, plainDialogue, type Sample } from '../../contract/proxy/samples/sample.ts';
import { Rig } from './rig.ts';

const connectionCount = 6;
/** How long the proxy may take to read what was sent. */
const longestWaitMs = 2_000;
/** What it is given once a toxic has struck, which may have ended all reading and handing on. */
const patienceStruckMs = 150;

type Played = Required<Pick<Sample, 'type' | 'stream' | 'attributes' | 'dialogue'>>;

/** They strike by the clock, at whatever offset the bytes are by then. */
const timedTypes = ['lifetime', 'reset_idle', 'reset_peer', 'timeout'];
/** So does one that needs a dialogue to begin with, in which a busy machine may make a pause. */
const idleTypes = ['mysql_kill_idle'];
/** They have no effect that could strike here. */
const harmlessTypes = ['noop', 'observe'];

/** Each type once, with all the chance it can have, and no more waiting than it needs. */
const played = [...toxicTypes.values()].map(({ type, attributes }): Played => {
  const sample = samples.find((candidate) => candidate.type === type);
  const often = { share: 0.6, nth: 0, first: 0, every: 0, opcode: 'any', delay: 1, rto: 1 };
  const overridden = Object.entries(often).filter(([name]) => name in attributes);
  return {
    type,
    stream: sample?.stream ?? 'downstream',
    attributes: { ...sample?.attributes, ...Object.fromEntries(overridden) },
    dialogue: timedTypes.includes(type) ? [] : (sample?.dialogue ?? plainDialogue),
  };
});

/** One connection under play. */
class Play {
  readonly #rig: Rig;
  readonly #number: number;

  constructor(rig: Rig, number: number) {
    this.#rig = rig;
    this.#number = number;
  }

  /** Waits until it is dialled for, or the toxic keeps it from that. */
  async begun(): Promise<void> {
    await this.#until(() => this.#has('upstream-open') || this.#has('strike'), longestWaitMs);
  }

  /** Sends messages, each when the proxy has read the one before, for as long as it reads. */
  async send(client: net.Socket, server: net.Socket, dialogue: readonly Message[]): Promise<void> {
    const sent = { upstream: 0, downstream: 0 };
    const isRead = (): boolean => {
      const { receivedUp = 0, receivedDown = 0 } = this.#facts ?? {};
      return this.#has('close') || (receivedUp >= sent.upstream && receivedDown >= sent.downstream);
    };
    for (const { stream, bytes } of dialogue) {
      const socket = stream === 'upstream' ? client : server;
      if (!socket.writable) return;
      sent[stream] += bytes.length;
      socket.write(bytes);
      const patience = this.#has('strike') ? patienceStruckMs : longestWaitMs;
      if (!(await this.#until(isRead, patience))) return;
    }
  }

  /** Waits until nothing is held any more, and a toxic that acts by the clock has struck. */
  async settled(): Promise<void> {
    const isSettled = (): boolean => {
      const { receivedUp, bytesUp, receivedDown, bytesDown, toxics = [] } = this.#facts ?? {};
      const isThrough = receivedUp === bytesUp && receivedDown === bytesDown;
      return this.#has('close') || (isThrough && (toxics.length === 0 || this.#has('strike')));
    };
    await this.#until(isSettled, patienceStruckMs);
  }

  get #facts(): ListedConnection | undefined {
    return this.#rig.server.listConnections().find(({ connection }) => connection === this.#number);
  }

  #has(type: 'upstream-open' | 'strike' | 'close'): boolean {
    return this.#rig.eventsOf(type, this.#number).length > 0;
  }

  /** False when it does not come to hold in time. */
  #until(holds: () => boolean, timeout: number): Promise<boolean> {
    return vi
      .waitFor(() => expect(holds()).toBe(true), { interval: 1, timeout })
      .then(
        () => true,
        () => false,
      );
  }
}

/** All that struck in a run of several connections, in order. */
async function strikesOf({ dialogue, ...toxic }: Played, seed: number): Promise<object[]> {
  await using rig = await Rig.start({ seed });
  const accepted: net.Socket[] = [];
  const server = await rig.serve((socket) => void accepted.push(socket.resume()));
  const port = await rig.proxy(server, [{ ...toxic, toxicity: 0.8, only: { share: 0.8 } }]);

  for (let number = 1; number <= connectionCount; number++) {
    const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    socket.on('error', () => {}).resume();
    const play = new Play(rig, number);
    await play.begun();
    await vi.waitFor(() => expect(accepted).toHaveLength(rig.eventsOf('upstream-open').length));
    const upstream = rig.eventsOf('upstream-open', number).length > 0 ? accepted.at(-1) : undefined;
    if (upstream) await play.send(socket, upstream, dialogue);
    await play.settled();
    socket.destroy();
    upstream?.destroy();
  }
  const strikes = rig.eventsOf('strike').map(({ at: _, ...strike }) => strike);
  return idleTypes.includes(toxic.type) ? strikes.map(({ offset: _, ...strike }) => strike) : strikes;
}

describe.concurrent('the same seed and the same traffic', () => {
  it.for(played)('meet the same strikes of $type', async (toxic, { expect }) => {
    const strikes = await strikesOf(toxic, 7);
    expect(await strikesOf(toxic, 7)).toEqual(strikes);
    expect(strikes.length > 0).toBe(!harmlessTypes.includes(toxic.type));
  });
});

it.concurrent('another seed meets other strikes', async ({ expect }) => {
  const meetsOthers = async (toxic: Played): Promise<boolean> =>
    !isDeepStrictEqual(await strikesOf(toxic, 8), await strikesOf(toxic, 7));
  const types = ['corrupt', 'http_headers', 'mysql_error', 'tls_cut', 'websocket_drop'];

  const others = await Promise.all(played.filter(({ type }) => types.includes(type)).map(meetsOthers));

  expect(others).toEqual(types.map(() => true));
});
