/**
 * What a scenario imports: the declaration, faults, checks, and the types of what it gets.
 */

export { type CertificateFlaw, certificateFlaws, issueFlawed } from 'shaketable-proxy/certificates';
export { accounted } from './checks/accounted.ts';
export type { CheckSpec } from './checks/check.ts';
export { count } from './checks/count.ts';
export { countsAgree } from './checks/counts-agree.ts';
export { distinct } from './checks/distinct.ts';
export { each } from './checks/each.ts';
export { followed } from './checks/followed.ts';
export { honestClaims } from './checks/honest-claims.ts';
export { intervals } from './checks/intervals.ts';
export { jitter } from './checks/jitter.ts';
export { noMissing } from './checks/no-missing.ts';
export { noSecret } from './checks/no-secret.ts';
export { oneEffectEach } from './checks/one-effect.ts';
export { ratio } from './checks/ratio.ts';
export { statistic } from './checks/statistic.ts';
export { trueBeliefs } from './checks/true-beliefs.ts';
export { defineConfig, type ShaketableConfig } from './config/config.ts';
export { changeRows } from './faults/change-rows.ts';
export { connectionLimit } from './faults/connection-limit.ts';
export { deadlocks } from './faults/deadlocks.ts';
export { flawedCertificate } from './faults/flawed-certificate.ts';
export { holdLocks } from './faults/hold-locks.ts';
export { holdTable } from './faults/hold-table.ts';
export { idleTimeout } from './faults/idle-timeout.ts';
export { killConnections } from './faults/kill-connections.ts';
export { loseAnswers } from './faults/lose-answers.ts';
export { occupyServer } from './faults/occupy-server.ts';
export { readOnly } from './faults/read-only.ts';
export { refuseConnections } from './faults/refuse-connections.ts';
export { restartDatabase } from './faults/restart-database.ts';
export { slowQueries } from './faults/slow-queries.ts';
export type { BuiltInToxic, OwnToxic } from './faults/toxic.ts';
export { toxic } from './faults/toxic.ts';
export { unresolvableName } from './faults/unresolvable-name.ts';
export { wrongService } from './faults/wrong-service.ts';
export type { Entry, EntryKind, EntryOf, FactsOf } from './journal/entry.ts';
export type { Matcher, MatcherOf, Patterns } from './journal/matcher.ts';
export { pollQuery } from './probes/database-poller.ts';
export { sampleProcess } from './probes/process-sampler.ts';
export type { PersistentLab } from './run/persistent-lab.ts';
export { type ScenarioDefinition, scenario } from './run/scenario.ts';
export type { Link } from './worlds/link.ts';
export type { ServiceImage, ServiceProgram, StartedService } from './worlds/service.ts';
export type { LabDatabase, Table } from './worlds/table.ts';
