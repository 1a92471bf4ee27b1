/**
 * What must hold of several runs before they are made one: a report of things that do not belong together would be believed.
 */
import { LabError } from '../../errors.ts';
import type { Shard } from '../run-result.ts';
import type { StoredRun } from './stored-run.ts';

/** Gives back the runs, of which there is at least one. @throws LabError `LAB_BAD_INPUT` for those that are no parts of one run */
export function refuseMisfits(parts: readonly StoredRun[]): readonly [StoredRun, ...StoredRun[]] {
  const [first, ...others] = parts;
  if (first === undefined) throw misfit('There is nothing to merge', 'Name the directories of the shards.');
  for (const part of parts) refuseBadStart(part);
  for (const other of others) refuseOtherConditions(first, other);
  refuseBrokenSet(parts);
  refuseTwice(parts);
  return [first, ...others];
}

function refuseBadStart({ directory, run }: StoredRun): void {
  if (Number.isNaN(Date.parse(run.startedAt)))
    throw misfit(
      `${directory} says no time at which it started`,
      'Restore its run.json as the run wrote it.',
    );
}

function refuseOtherConditions(first: StoredRun, other: StoredRun): void {
  const [a, b] = [facts(first), facts(other)];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const differing = [...names].find((name) => a[name] !== b[name]);
  if (differing === undefined) return;
  throw misfit(
    `${other.directory} has ${differing} ${b[differing] ?? 'none'}, but ${first.directory} has ${a[differing] ?? 'none'}`,
    'Only parts of one run can be merged: play them with one --seed, world and pace, on the same versions. `shaketable report --compare` holds different runs against each other.',
  );
}

function facts({ run }: StoredRun): Record<string, string | number> {
  const { seed, world, pace, versions, subject } = run;
  const named = Object.entries(versions).map(([name, version]) => [`version of ${name}`, version] as const);
  const judged = subject && `${subject.name} (${subject.command.join(' ')}; server ${subject.server})`;
  return {
    seed,
    world,
    pace,
    ...(judged === undefined ? {} : { 'the subject': judged }),
    ...Object.fromEntries(named),
  };
}

/** Shards have to be all of one set; without any, the runs are merged as they were given. */
function refuseBrokenSet(parts: readonly StoredRun[]): void {
  const shard = parts.find(({ run }) => run.shard !== undefined)?.run.shard;
  if (shard === undefined) return;
  const found = new Map<number, string>();
  for (const part of parts) {
    const index = indexAmong(part, shard);
    const other = found.get(index);
    if (other !== undefined)
      throw misfit(
        `${other} and ${part.directory} are both shard ${index}/${shard.of}`,
        'Name each shard once.',
      );
    found.set(index, part.directory);
  }
  if (found.size < shard.of) throw missingShards(found, shard.of);
}

/** Which of the shards it is that `like` is one of. */
function indexAmong({ directory, run }: StoredRun, like: Shard): number {
  if (run.shard === undefined)
    throw misfit(`${directory} is no shard, but others are`, 'Leave it out: the shards are the whole run.');
  const { index, of } = run.shard;
  if (of !== like.of)
    throw misfit(
      `${directory} is shard ${index}/${of}, but another is ${like.index}/${like.of}`,
      'Name the shards of one run only.',
    );
  if (!Number.isInteger(index) || !Number.isInteger(of) || index < 1 || index > of)
    throw misfit(
      `${directory} says that it is shard ${index}/${of}`,
      'Restore its run.json as the run wrote it.',
    );
  return index;
}

/** Names the first few of those missing. */
function missingShards(found: ReadonlyMap<number, string>, of: number): LabError {
  const names: string[] = [];
  for (let index = 1; index <= of && names.length < 10; index += 1)
    if (!found.has(index)) names.push(`${index}/${of}`);
  const left = of - found.size - names.length;
  const what = `${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  return misfit(
    names.length === 1 ? `Shard ${what} is missing` : `Shards ${what} are missing`,
    'Name the directories of all shards; one that was stopped has no run.json and must be played again.',
  );
}

function refuseTwice(parts: readonly StoredRun[]): void {
  const found = new Map<string, string>();
  for (const { directory, run } of parts) {
    for (const { id } of run.scenarios) {
      const other = found.get(id);
      if (other !== undefined)
        throw misfit(
          `The scenario ${id} is in ${other === directory ? `${directory} twice` : `${other} and in ${directory}`}`,
          'Every scenario can be in one part only. A second try is a run of its own.',
        );
      found.set(id, directory);
    }
  }
}

const misfit = (message: string, hint: string): LabError => new LabError('LAB_BAD_INPUT', message, { hint });
