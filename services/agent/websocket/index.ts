/** The WebSocket channels: the naive one as reported, the hardened one with the fixes. */
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
