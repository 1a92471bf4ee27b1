/** The WebSocket channel of the agents: as it was reported, and as it has to be. */
export type {
  Channel,
  ChannelMessage,
  ChannelOptions,
  ChannelState,
  ChannelStats,
  Environment,
  FailedReason,
  SendOptions,
  SendOutcome,
  UnknownReason,
} from './channel.ts';
export { ChannelClosed, createHardenedChannel } from './hardened.ts';
export { createNaiveChannel } from './naive.ts';
export { type ChannelPolicy, defaultChannelPolicy } from './policy.ts';
