/**
 * What a scenario imports: the declaration, faults, checks, and the types of what it gets.
 */
export { count } from './checks/count.ts';
export { distinct } from './checks/distinct.ts';
export { each } from './checks/each.ts';
export { followed } from './checks/followed.ts';
export { gaps } from './checks/gaps.ts';
export { honestClaims } from './checks/honest-claims.ts';
export { noSecret } from './checks/no-secret.ts';
export { oneEffectEach } from './checks/one-effect.ts';
export { ratio } from './checks/ratio.ts';
export { spread } from './checks/spread.ts';
export { statistic } from './checks/statistic.ts';
export { acceptAndIgnore } from './faults/accept-and-ignore.ts';
export { bandwidth } from './faults/bandwidth.ts';
export { blackHole } from './faults/black-hole.ts';
export { changeRows } from './faults/change-rows.ts';
export { cutHandshakes } from './faults/cut-handshakes.ts';
export { latency } from './faults/latency.ts';
export { limitData } from './faults/limit-data.ts';
export { refuseConnections } from './faults/refuse-connections.ts';
export { resetAfter } from './faults/reset-after.ts';
export { resetIdle } from './faults/reset-idle.ts';
export { slicer } from './faults/slicer.ts';
export { stall } from './faults/stall.ts';
export { unresolvableName } from './faults/unresolvable-name.ts';
export type { Matcher } from './journal/matcher.ts';
export { type ScenarioDefinition, scenario } from './run/scenario.ts';
export type { StandingWorld } from './run/standing.ts';
export type { Link } from './worlds/link.ts';
export type { LabDatabase, Table } from './worlds/table.ts';
