/**
 * What a run leaves in `run.json`, version 1. Everything that a report says about a run stands here or in the
 * journals; reports are pure functions of the two, so they can be written again years later.
 */
import type { Json, JsonObject } from '../journal/entry.ts';
import type { WorldName } from '../world-list.ts';

/** The version of `run.json` that this code reads and writes. */
export const runVersion = 1;

/** `expected`: naive failed as reported and hardened passed, everywhere. `inconclusive`: something proved nothing. */
export type RunOutcome = 'expected' | 'unexpected' | 'inconclusive';

/** What one check, or one subject (its worst check), came to. */
export type Outcome = 'pass' | 'fail' | 'unknown';

export interface RunResult {
  readonly version: typeof runVersion;
  readonly id: string;
  readonly seed: number;
  readonly world: WorldName;
  /** How many times faster than the wall clock the lab clock ran; 1 keeps the reported intervals. */
  readonly pace: number;
  /** Wall-clock start, ISO 8601. */
  readonly startedAt: string;
  /** Wall-clock milliseconds. */
  readonly durationMs: number;
  readonly versions: Readonly<Record<VersionName, string>>;
  readonly outcome: RunOutcome;
  readonly scenarios: readonly ScenarioResult[];
  readonly claims: readonly Claim[];
  /** Which part of a whole run this is (`--shard`); absent in a whole one, merged or not. */
  readonly shard?: Shard;
  /** Who played it, where that was handed out to workers. */
  readonly workers?: readonly WorkerRow[];
  /** The user's own program that was judged, where one was. */
  readonly subject?: SubjectFacts;
  /** Scenarios that were asked for and say nothing of that program. */
  readonly notApplicable?: readonly NotApplicable[];
}

/** A worker and its part of a run. */
export interface WorkerRow {
  readonly name: string;
  readonly host: string;
  /** Model of its processor. */
  readonly cpu: string;
  readonly cores: number;
  /** How many scenarios it played at a time. */
  readonly slots: number;
  /** Running processes in the last minute, as it was last heard of. */
  readonly load: number;
  /** How many scenarios it played to a result. */
  readonly scenarios: number;
  /** Milliseconds that these took, added up. */
  readonly busyMs: number;
}

/** A user's own program. */
export interface SubjectFacts {
  readonly name: string;
  /** Its subject file; empty where there was none. */
  readonly file: string;
  /** Program and arguments, placeholders unfilled. */
  readonly command: readonly string[];
  /** `reference`, `routes`, or the URL of the user's own server. */
  readonly server: string;
  /** How its clock kept up with the lab's, and why so. */
  readonly pace: { readonly how: 'libfaketime' | 'real'; readonly why: string };
}

/** A scenario that could not be played with the program at hand. */
export interface NotApplicable {
  readonly id: string;
  readonly title: string;
  /** What it needs that is not there, a sentence each. */
  readonly why: readonly string[];
}

/** One of the parts that a run was divided into, with what it takes to put them together again in order. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
  /** For each of `scenarios`, its place in the whole run, from 0. */
  readonly places: readonly number[];
  /** For each of `claims`, the place of the scenario that measured it. */
  readonly claimPlaces: readonly number[];
}

/** What a result depends on besides seed and timeline. */
export type VersionName = 'node' | 'shaketable' | 'undici' | 'ws' | 'mysql2' | 'database' | 'proxy';

export interface ScenarioResult {
  /** A path: `fleet-resets/one-handshake-per-request`. */
  readonly id: string;
  readonly title: string;
  /** What happens and why it matters, in plain text; blank lines part paragraphs. */
  readonly story?: string;
  /** Requirement ids: `R1.1`. */
  readonly requirements: readonly string[];
  readonly world: WorldName;
  readonly seed: number;
  /** Wall-clock milliseconds. */
  readonly durationMs: number;
  readonly asExpected: boolean;
  /** The command that plays this scenario again. */
  readonly replay: string;
  /** The file that declares it, as the replay command would name it. */
  readonly file?: string;
  /** Ids of the checks that the naive subject must fail, as the field reported. */
  readonly reported?: readonly string[];
  /** Why the scenario proves nothing, a sentence each. */
  readonly inconclusive?: readonly string[];
  /** How long this machine stood still, or a call held the lab's thread, wall-clock milliseconds; absent where neither did. */
  readonly stalledMs?: number;
  /** What it came to at first, beside other work, and why; then it was played again alone, which is what counts. */
  readonly firstTry?: {
    readonly outcome: RunOutcome;
    readonly reasons: readonly string[];
    /** Checks that failed then, and did not when it was alone. */
    readonly onlyUnderLoad?: readonly string[];
  };
  /** It judges a program of the user's own, and its own pair failed and passed on this machine as it should. */
  readonly pairHeld?: boolean;
  readonly subjects: readonly SubjectResult[];
  readonly faults: readonly FaultResult[];
}

export interface SubjectResult {
  readonly name: string;
  readonly expected: 'pass' | 'fail';
  readonly outcome: Outcome;
  /** The journal's path, relative to the run directory; empty when the subject left none. */
  readonly journal: string;
  readonly checks: readonly CheckResult[];
  /** Checks that cannot be judged of it, each with the reason. */
  readonly notApplicable?: readonly { readonly check: string; readonly why: string }[];
  /** Addresses, as `192.0.2.7:443`, to which a program of the user's own talked past the lab. */
  readonly talkedPast?: readonly string[];
  /** Why the subject could not be played to the end. */
  readonly error?: string;
}

export interface CheckResult {
  readonly id: string;
  /** What is checked, in words; the id stands in when it is absent. */
  readonly title?: string;
  readonly outcome: Outcome;
  readonly measured: Json;
  /** The measurement as a number, where it is one. */
  readonly value?: number;
  readonly expected: Json;
  /** Why it fails, where that is known and listed: then it has to fail. */
  readonly known?: { readonly reason: string; readonly since: string };
  /** Numbers of the journal entries that show it. */
  readonly evidence: readonly number[];
}

export interface FaultResult {
  readonly id: string;
  readonly kind: string;
  /** The link it was installed on; for a fault elsewhere, that place. */
  readonly link: string;
  readonly strikes: number;
  /** The subject whose run it belongs to; absent when it stands for all. */
  readonly subject?: string;
  /** Where it strikes: `name`, `connect`, `bytes`, `answer`, `database`, `process`. */
  readonly place?: string;
  /** Who made it, for a fault on a link: the real Toxiproxy or the lab's own proxy. */
  readonly engine?: 'toxiproxy' | 'shaketable';
  /** Why it did not strike. */
  readonly reason?: string;
  readonly params?: JsonObject;
}

/** A figure of the field reports beside the one measured. */
export interface Claim {
  readonly id: string;
  readonly figure: string;
  readonly requirement: string;
  readonly reportedBefore: string | number | null;
  readonly reportedAfter: string | number | null;
  readonly naive: string | number | null;
  readonly hardened: string | number | null;
  readonly unit: string;
  /** Whether the measurement bears the report out; null when this run did not measure it. */
  readonly holds: boolean | null;
}
