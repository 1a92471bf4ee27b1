/**
 * Puts a WebSocket channel on the table: the naive or the hardened one, whichever subject's run it is. What it claims of
 * each send stands in the journal as a note called `send`, what it believes of its connection as one called `state`.
 */
import { join } from 'node:path';
import { honestClaims, type Table, tallied } from 'shaketable';
import {
  type Channel,
  type ChannelMessage,
  type ChannelPolicy,
  createHardenedChannel,
  createNaiveChannel,
  type Environment,
  type SendOptions,
  type SendOutcome,
} from '../../services/agent/websocket/index.ts';
import type { Witness } from './control-socket.ts';
import { type Held, meter } from './meter.ts';
import { openRecords } from './records.ts';
import { webSocketUrl } from './web-socket-url.ts';

/** What the channel claimed of each send. */
export const sends = { kind: 'subject.note', name: 'send' } as const;
/** Messages that reached the server. */
export const received = { kind: 'server.log', event: 'ws_message' } as const;

/** No send is claimed to have arrived that did not, nor denied that did (R4.1). */
export const honestSuccess = honestClaims('every message reported as delivered was received', {
  claims: { ...sends, status: 'acknowledged' },
  denials: { ...sends, status: 'failed' },
  received,
  key: 'id',
  given: sends,
});

/** What the channel says of itself when its owner has closed it: how many sends ended how, and the most bytes that it held. */
export const closedChannels = { kind: 'subject.note', name: 'channel' } as const;

const countOf = (status: SendOutcome['status']) =>
  tallied(`a channel counts its sends that ended as ${status}`, {
    sums: closedChannels,
    field: status,
    of: { ...sends, status },
    by: ['user', 'environment'],
  });

/** What a channel counts of its sends is what became of them. */
export const honestCounts = {
  'counts-acknowledged': countOf('acknowledged'),
  'counts-failed': countOf('failed'),
  'counts-unknown': countOf('unknown'),
};

/** How the channel differs from its defaults. */
export interface ChannelRigOptions {
  /** Default `production`. */
  readonly environment?: Environment;
  /** Tells several channels of one run apart, at the server too; default `user-1`. */
  readonly userId?: string;
  readonly policy?: Partial<ChannelPolicy>;
}

/** On a busy machine a connection takes its time, which no scenario judges: 3 s of real time rather than half a second. */
const patience: Partial<ChannelPolicy> = { connectTimeoutMs: 60_000 };

/** A channel of the subject whose sends are journalled. */
export interface TableChannel {
  readonly channel: Channel;
  /** Sends and journals what was claimed: `{ name: 'send', user, environment, id, type, status, reason?, waitedMs }`. */
  send(message: ChannelMessage & { id: string }, options?: SendOptions): Promise<SendOutcome>;
  /**
   * Journals what the channel believes of its connection, `{ name: 'state', user, moment, claimed, id, witness? }`, and
   * finds out the truth: sends a message over it and lets the witness send one beside it.
   */
  observe(moment: string, witness?: Witness, options?: SendOptions): Promise<SendOutcome>;
  /** What it holds at this moment, seen from outside. */
  held(): Held;
  /** How many records it has logged. */
  records(): number;
}

/** Makes the subject's channel without opening it; it is closed with the table. */
export function createChannel(
  table: Table,
  target: { readonly url: string; readonly token: string },
  options: ChannelRigOptions = {},
): TableChannel {
  const { environment = 'production', userId: user = 'user-1', policy } = options;
  const records = openRecords(table, 'agent', join(table.directory, `channel-${environment}.log`));
  const { clock, dial, held, stopWithTable } = meter(table, user);
  const who = options.userId === undefined ? {} : { as: `${user}/${environment}` };
  const create = table.subject === 'naive' ? createNaiveChannel : createHardenedChannel;
  const channel = create({
    url: webSocketUrl(target.url, user),
    token: target.token,
    ca: table.authority.certPem,
    environment,
    userId: user,
    clock,
    random: table.random.fork(`channel/${user}/${environment}`),
    dial: (there) => dial({ ...there, ...who }),
    log: records.stream,
    policy: { ...patience, ...policy },
  });
  stopWithTable(
    () => channel.close(),
    () => {
      const {
        pending: unsettled,
        bufferedBytes,
        acknowledged,
        failed,
        unknown,
        peakBufferedBytes,
      } = channel.stats();
      table.note('channel', { user, environment, acknowledged, failed, unknown, peakBufferedBytes });
      return { unsettled, bufferedBytes };
    },
  );

  async function send(message: ChannelMessage & { id: string }, sendOptions?: SendOptions) {
    const begun = table.clock.now();
    const outcome = await channel.send(message, sendOptions);
    const waitedMs = table.clock.now() - begun;
    table.note('send', { user, environment, type: message.type, ...outcome, id: message.id, waitedMs });
    return outcome;
  }
  return {
    channel,
    send,
    held,
    records: records.count,
    observe(moment, witness, sendOptions) {
      const id = `${moment}/${user}`;
      const fact = { user, environment, moment, claimed: channel.state, id };
      table.note('state', witness ? { ...fact, witness: witness.say(id) } : fact);
      return send({ type: 'user_message', id, text: 'does this arrive?' }, sendOptions);
    },
  };
}
