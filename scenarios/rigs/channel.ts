/**
 * Puts a WebSocket channel on the table: the naive or the hardened one, whichever subject's run it is. What it claims of
 * each send stands in the journal as a note called `send`.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Table } from 'shaketable';
import {
  type Channel,
  type ChannelMessage,
  type ChannelPolicy,
  createHardenedChannel,
  createNaiveChannel,
  type Environment,
  type SendOptions,
  type SendOutcome,
} from '../../services/agent/channel/index.ts';

/** How the channel differs from its defaults. */
export interface ChannelRigOptions {
  readonly environment?: Environment;
  readonly userId?: string;
  readonly policy?: Partial<ChannelPolicy>;
}

/** A channel of the subject whose sends are journalled. */
export interface TableChannel {
  readonly channel: Channel;
  /** Sends and journals what was claimed: `{ name: 'send', id, type, status, reason?, waitedMs }`. */
  send(message: ChannelMessage & { id: string }, options?: SendOptions): Promise<SendOutcome>;
}

/** Makes the subject's channel without opening it; it is closed with the table. */
export function createChannel(
  table: Table,
  target: { url: string; token: string },
  options: ChannelRigOptions = {},
): TableChannel {
  const { environment = 'production', userId = 'user-1', policy } = options;
  const file = join(table.directory, `channel-${userId}-${environment}.log`);
  const log = createWriteStream(file, { flags: 'a' });
  table.follow('agent', file);
  const create = table.subject === 'naive' ? createNaiveChannel : createHardenedChannel;
  const channel = create({
    url: `${target.url.replace(/^http/, 'ws')}/ws`,
    token: target.token,
    ca: table.authority.certPem,
    environment,
    userId,
    clock: table.clock,
    random: table.random.fork(`channel/${userId}/${environment}`),
    dial: table.dial,
    log,
    ...(policy ? { policy } : {}),
  });
  table.use({
    [Symbol.asyncDispose]: async () => {
      await channel.close();
      await new Promise((resolve) => log.end(resolve));
    },
  });
  return {
    channel,
    async send(message, sendOptions) {
      const begun = table.clock.now();
      const outcome = await channel.send(message, sendOptions);
      const waitedMs = table.clock.now() - begun;
      table.note('send', { environment, type: message.type, ...outcome, id: message.id, waitedMs });
      return outcome;
    },
  };
}
