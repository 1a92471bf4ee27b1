/**
 * The thread that loads scenario files for what they declare: code of theirs that never returns can be ended with it, and the
 * command goes on.
 */
import { enableCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { ConnectionKind } from '../adapter/protocol.ts';
import { importModule } from '../config/import-module.ts';
import type { Need } from '../foreign/any-subject.ts';
import type { ScenarioDefinition } from '../run/scenario.ts';
import type { WorldName } from '../world-list.ts';

/** What a scenario declares, as far as it is told before the scenario is played. */
export interface Declaration {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  readonly worlds: readonly WorldName[];
  /** Why it cannot be played elsewhere, where it says so. */
  readonly except: Readonly<Partial<Record<WorldName, string>>>;
  readonly faults: readonly {
    readonly id: string;
    readonly kind: string;
    readonly link: string | undefined;
  }[];
  readonly reported: readonly string[];
  /** What it needs of a program that the lab has never seen; undefined where it cannot play one. */
  readonly anySubject: readonly Need[] | undefined;
  /** What an adapter has to connect to; undefined where it asks nothing of one. */
  readonly anyAdapter: ConnectionKind | undefined;
  /** It has a naive and a hardened subject of its own. */
  readonly isPair: boolean;
  /** How many figures of its report it measures. */
  readonly claims: number;
}

/** What became of one file: what it declares, or why it could not be loaded. */
export type Loaded = { readonly declarations: readonly Declaration[] } | { readonly why: string };

enableCompileCache(); // Of this thread: what is loaded from here on comes from the cache.
const { declaredScenarios, worldsOf } = await import('../run/scenario.ts');

parentPort?.on('message', async (file: string) => {
  parentPort?.unref(); // Where all that is left is a promise that nothing settles, the thread ends.
  const before = declaredScenarios.length;
  const loaded: Loaded = await importModule(file).then(
    () => ({ declarations: declaredScenarios.slice(before).map(declarationOf) }),
    (error: Error) => ({ why: error.message }),
  );
  parentPort?.postMessage(loaded);
  parentPort?.ref();
});

function declarationOf(definition: ScenarioDefinition): Declaration {
  const { id, title, requirements, reported, faults = {}, claims = [] } = definition;
  return {
    id,
    title,
    requirements,
    worlds: worldsOf(definition),
    except: definition.except ?? {},
    faults: Object.entries(faults).map(
      ([
        fault,
        {
          fault: { kind },
          link,
        },
      ]) => ({ id: fault, kind, link }),
    ),
    reported,
    anySubject: definition.anySubject && (definition.anySubject.needs ?? []),
    anyAdapter: definition.anyAdapter?.kind,
    isPair: definition.subjects === undefined,
    claims: claims.length,
  };
}
