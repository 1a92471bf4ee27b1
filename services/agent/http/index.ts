/** The HTTP agents: the naive one as reported, the hardened one with the fixes. */
export type { Dial } from '../shared/dial.ts';
export type { Agent, AgentFacts, AgentOptions } from './agent.ts';
export { type AgentConfig, ConfigError, readConfig } from './config.ts';
export { createHardenedAgent } from './hardened/agent.ts';
export { createNaiveAgent, createRetryingAgent, createSessionAgent } from './naive/agent.ts';
export { AgentStartError } from './start-error.ts';
