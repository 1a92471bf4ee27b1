/**
 * What a scenario imports: the declaration, faults, checks, and the types of what it gets.
 */

export { type CertificateFlaw, certificateFlaws, issueFlawed } from 'shaketable-proxy/certificates';
export type { CheckSpec } from './checks/check.ts';
export * from './checks/index.ts';
export { defineConfig, type ShaketableConfig } from './config/config.ts';
export { type Exploration, type ExplorationSource, exploration } from './explore/exploration.ts';
export { type Budget, ExplorationFailed, type ExploreOptions, explore } from './explore/explore.ts';
export { found } from './explore/found.ts';
export type { Storm } from './explore/storm.ts';
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
export { serverGone } from './faults/server-gone.ts';
export { slowQueries } from './faults/slow-queries.ts';
export type { BuiltInToxic, OwnToxic } from './faults/toxic.ts';
export { toxic } from './faults/toxic.ts';
export { unresolvableName } from './faults/unresolvable-name.ts';
export { wrongService } from './faults/wrong-service.ts';
export type { AnyAdapter, AnySubject, SubjectPart } from './foreign/any-subject.ts';
export {
  type LaunchedSubject,
  type LaunchTarget,
  launchSubject,
  subjectNotes,
} from './foreign/launch.ts';
export {
  adapterAnswers,
  adapterEvents,
  type LaunchedAdapter,
  launchAdapter,
} from './foreign/launch-adapter.ts';
export { passiveChecks } from './foreign/passive-checks.ts';
export { type PassiveContext, usualRecoveryMs } from './foreign/passive-makers.ts';
export { startSubjectServer } from './foreign/route-server.ts';
export { goodRequestsOf, requestsOf, signOfLife, subjectLink, tellsTrouble } from './foreign/signs.ts';
export type { ForeignSubject } from './foreign/subject.ts';
export { type CheckName, defineSubject, type SubjectFile } from './foreign/subject-file.ts';
export type { IncidentPlan } from './incident/plan.ts';
export { anyIncident, playIncident } from './incident/play-incident.ts';
export type { Entry, EntryKind, EntryOf, FactsOf } from './journal/entry.ts';
export type { Matcher, MatcherOf, Patterns } from './journal/matcher.ts';
export type { LogFormat, OwnLogFormat } from './logs/own-format.ts';
export { readLog } from './logs/read-log.ts';
export type { LogLevel, LogRecord } from './logs/record.ts';
export { type MinimisedSource, minimised } from './minimise/minimised.ts';
export type { Stage, StageProgram } from './page/index.ts';
export { pollQuery } from './probes/database-poller.ts';
export { sampleProcess } from './probes/process-sampler.ts';
export type { PersistentLab } from './run/persistent-lab.ts';
export { type ScenarioDefinition, scenario } from './run/scenario.ts';
export { ownWorlds } from './world-list.ts';
export type { Link } from './worlds/link.ts';
export type { ServiceImage, ServiceProgram, StartedService } from './worlds/service.ts';
export type { LabDatabase, Table } from './worlds/table.ts';
