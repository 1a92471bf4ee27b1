/** Plays one unit that a worker claimed, from the claim to what is said of it. */
import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from 'shaketable-proxy/clock';
import { labTemporaryDirectory, type ResourceLedger } from '../../cleanup/index.ts';
import { isLabError } from '../../errors.ts';
import type { JsonObject } from '../../journal/fields.ts';
import type { Engine, Lease, RunManifest } from '../../queue/engine.ts';
import type { Slot } from '../slot/slot.ts';
import type { KeptFile, Outcome } from '../unit.ts';
import type { Insist } from './insist.ts';

/** So many children may die of a unit before it is set aside. */
const mostDeaths = 2;

/** So often a unit may vanish together with its worker, whoever was to blame for that. */
const mostAttempts = 5;

/** A file larger than this is not kept, in bytes. */
const mostFileBytes = 64 * 2 ** 20;

const compress = promisify(gzip);

interface PlayOptions {
  readonly engine: Engine;
  readonly manifest: RunManifest;
  readonly slot: Slot;
  readonly clock: Clock;
  readonly ledger: ResourceLedger;
  readonly insist: Insist;
  readonly signal: AbortSignal;
}

/** Gives in words what went wrong, if anything did. */
export async function playLease(lease: Lease, options: PlayOptions): Promise<string | undefined> {
  const { engine, manifest, slot, clock, insist, signal } = options;
  const complete = (outcome: Outcome): Promise<void> =>
    insist(() => engine.complete(lease, outcome as unknown as JsonObject));
  if (lease.failures >= mostDeaths || lease.attempt > (manifest.mostAttempts ?? mostAttempts)) {
    const reason =
      lease.failures >= mostDeaths
        ? `${lease.failures} workers failed at it`
        : `${lease.attempt - 1} ${lease.attempt === 2 ? 'worker' : 'workers'} vanished while at it`;
    await complete({ kind: 'aside', reason, files: await remains(lease, options) });
    return `${lease.unit.id} is set aside: ${reason}`;
  }
  await using directory = await labTemporaryDirectory('unit', { ledger: options.ledger });
  const begunMs = clock.now();
  const lost = new AbortController();
  const message = { kind: manifest.kind, payload: lease.unit.payload, directory: directory.path };
  const { unit, worker, run } = lease;
  const playing = slot.play(message, AbortSignal.any([signal, lost.signal]), (said) => {
    void engine.broadcast(run, { said: { ...said, unit: unit.id, worker } }).catch(() => undefined);
  });
  const extending = keepExtending(lease, options, playing, lost);
  const ending = await playing;
  await extending;
  if (lost.signal.aborted) return `${lease.unit.id} was given to another worker: its lease lapsed`;
  if (ending.kind === 'stopped') {
    await engine.fail(lease).catch(() => undefined);
    return undefined;
  }
  if (ending.kind !== 'played') {
    await keepRemains(lease, directory.path, options);
    await insist(() => engine.fail(lease, ending.reason));
    return `${lease.unit.id} failed: ${ending.reason}`;
  }
  const { digest, value, files: left } = ending.played;
  const files = await keepFiles(lease, left, directory.path, options);
  await complete({ kind: 'done', digest, value, files, durationMs: Math.round(clock.now() - begunMs) });
  return undefined;
}

/** Every third of the lease, until the unit is played. A server out of reach is no reason to stop: its word is. */
async function keepExtending(
  lease: Lease,
  { engine, manifest, clock }: PlayOptions,
  playing: Promise<unknown>,
  lost: AbortController,
): Promise<void> {
  const over = new AbortController();
  void playing.finally(() => over.abort());
  for (;;) {
    const waited = await clock.sleep(manifest.leaseMs / 3, over.signal).then(
      () => true,
      () => false,
    );
    if (!waited) return;
    if (await engine.extend(lease).catch(() => true)) continue;
    lost.abort();
    return;
  }
}

/** The blob that lists the files of a unit that died. */
const remainsOf = ({ unit }: Lease): string => `${unit.id}.remains`;

/** Keeps what lies in the directory of a unit that died: whoever sets it aside tells of it. */
async function keepRemains(lease: Lease, directory: string, options: PlayOptions): Promise<void> {
  const found: string[] = [];
  for await (const entry of glob('**', { cwd: directory, withFileTypes: true }))
    if (entry.isFile()) found.push(relative(directory, join(entry.parentPath, entry.name)));
  if (found.length === 0) return;
  const kept = await keepFiles(lease, found.toSorted(), directory, options);
  await options.insist(() =>
    options.engine.putBlob(lease.run, remainsOf(lease), Buffer.from(JSON.stringify(kept))),
  );
}

/** The files of the last child that left any. */
async function remains(lease: Lease, { engine, insist }: PlayOptions): Promise<KeptFile[]> {
  try {
    const list = await insist(() => engine.getBlob(lease.run, remainsOf(lease)));
    return JSON.parse(Buffer.from(list).toString()) as KeptFile[];
  } catch (error) {
    if (isLabError(error, 'LAB_RUN_NOT_FOUND')) return [];
    throw error;
  }
}

async function keepFiles(
  lease: Lease,
  files: readonly string[],
  directory: string,
  { engine, insist }: PlayOptions,
): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const [index, path] of files.entries()) {
    const content = await readFile(join(directory, path));
    if (content.length > mostFileBytes)
      throw new Error(`${path} has ${content.length} bytes; ${mostFileBytes} are kept at most`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const blob = `${lease.unit.id}.${lease.attempt}.${index}.gz`;
    const compressed = await compress(content);
    await insist(() => engine.putBlob(lease.run, blob, compressed));
    kept.push({ path, blob, sha256, bytes: content.length });
  }
  return kept;
}
