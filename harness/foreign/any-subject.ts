/**
 * How a scenario plays a subject that it has never seen: its faults, its story and its checks, all of them from outside. What it needs of
 * subject and server is data, so that it can be told before anything is played.
 */
import type { ConnectionKind } from '../adapter/protocol.ts';
import type { CheckSpec } from '../checks/check.ts';
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { Table } from '../worlds/table.ts';
import type { ForeignSubject } from './subject.ts';

/** What a scenario can need, each with what is said where it is not there. */
export const needs = {
  tls: 'the subject speaks no TLS (`tls`)',
  requests:
    'requests are not seen: the server is the user’s own, and its TLS passes unopened (`server.open`)',
  effects: 'nothing counts how often a request took effect (`server`)',
  stays: 'the subject ends by itself (`exits`)',
  reference: 'it plays on the reference server only (`server`)',
} as const;

export type Need = keyof typeof needs;

/** A check that is only judged where the run has an entry, or has none. */
export interface AppliesWhere {
  readonly there?: Matcher;
  readonly unless?: Matcher;
  /** Why it is not judged else, in words. */
  readonly else: string;
}

/** A scenario for one foreign subject. */
export interface SubjectPart {
  readonly faults?: Readonly<Record<string, PlannedFault>>;
  readonly play: (table: Table) => Promise<void>;
  readonly checks: Readonly<Record<string, CheckSpec>>;
  /** Checks that depend on what the run shows, by id. */
  readonly appliesWhere?: Readonly<Record<string, AppliesWhere>>;
  /** Checks that cannot be judged of this subject, each with the reason. */
  readonly notApplicable?: Readonly<Record<string, string>>;
}

/** How a scenario plays any subject. */
export interface AnySubject {
  readonly needs?: readonly Need[];
  /** How many lab milliseconds pass in a real one, where its clock can be scaled; @default that of the scenario */
  readonly fastPace?: number;
  /** `faults` are those that the scenario plans for the lab's own agents. */
  readonly part: (subject: ForeignSubject, faults: NonNullable<SubjectPart['faults']>) => SubjectPart;
}

/** How a scenario plays a client library, through an adapter that does what the lab tells it. */
export interface AnyAdapter {
  /** What the adapter has to connect to. */
  readonly kind: ConnectionKind;
  /** How many lab milliseconds pass in a real one, where its clock can be scaled; @default that of the scenario */
  readonly fastPace?: number;
  readonly part: (subject: ForeignSubject) => SubjectPart;
}

/** What of a scenario is for subjects of the user's own; nothing where it looks inside the lab's. */
export interface SubjectParts {
  /** Needs of a program that works by itself. */
  readonly anySubject?: readonly Need[] | undefined;
  /** What an adapter has to connect to. */
  readonly anyAdapter?: ConnectionKind | undefined;
}

/** Why the subject cannot be played, a sentence each; none when it can. */
export function obstaclesTo({ anySubject, anyAdapter }: SubjectParts, subject: ForeignSubject): string[] {
  if (subject.adapter.length === 0)
    return anySubject === undefined
      ? ['it looks inside the lab’s own agents']
      : unmetNeeds(anySubject, subject);
  if (anyAdapter === undefined) return ['it asks nothing of an adapter'];
  return subject.adapter.includes(anyAdapter)
    ? []
    : [`it asks for a connection of the kind ${anyAdapter} (\`adapter\`)`];
}

/** Why a scenario cannot be played with this subject, a sentence each; none when it can. */
function unmetNeeds(wanted: readonly Need[], subject: ForeignSubject): string[] {
  const met = capabilities(subject);
  return wanted.filter((need) => !met[need]).map((need) => needs[need]);
}

/** What subject and server have to offer. */
export function capabilities(subject: ForeignSubject): Readonly<Record<Need, boolean>> {
  const { server, tls, exits } = subject;
  const isReference = server === 'reference';
  const isOpen = isReference || 'routes' in server || server.open === true || !tls;
  const hasEffects =
    isReference ||
    ('routes' in server
      ? Object.values(server.routes).some(({ effect }) => effect !== undefined)
      : server.effect !== undefined);
  return { tls, requests: isOpen, effects: isOpen && hasEffects, stays: !exits, reference: isReference };
}
