/**
 * The worlds that there are: the one list. A world's module is the folder of its name in worlds/. What all layers have to
 * know of a world stands here; docs/adding-a-world.md says how to add one.
 */

/** What all layers have to know of a world. */
interface WorldEntry {
  /**
   * `own`: each table gets a server and a database of its own, so any scenario can be played. `shared`: one server is there
   * already, so only scenarios that name the world can be played.
   */
  readonly server: 'own' | 'shared';
  /** `real`: MySQL or MariaDB, with its locks, its variables and all of its SQL. `memory`: what the services need of one. */
  readonly database: 'real' | 'memory';
}

/** Every world, the nearest first: `--world auto` takes the last one that can be had at once. */
const worldList = {
  simulated: { server: 'own', database: 'memory' },
  local: { server: 'own', database: 'real' },
  containers: { server: 'own', database: 'real' },
  external: { server: 'shared', database: 'real' },
} as const satisfies Readonly<Record<string, WorldEntry>>;

/** The name of a world. */
export type WorldName = keyof typeof worldList;

/** The names of all worlds. */
export const worldNames: readonly WorldName[] = Object.keys(worldList) as WorldName[];

/** What a user may ask for: `auto`, or a world. */
export type WantedWorld = 'auto' | WorldName;

/** Everything that a user may ask for. */
export const wantedWorlds: readonly WantedWorld[] = ['auto', ...worldNames];

/** The worlds that give each table a server of its own. */
export const ownWorlds: readonly WorldName[] = worldNames.filter((name) => worldList[name].server === 'own');

/** The worlds whose server is there already. */
export const sharedWorlds: readonly WorldName[] = worldNames.filter((name) => !ownWorlds.includes(name));

/** The worlds whose database, a real one, is the run's own: an administrator may misuse it. */
export const ownRealDatabases: readonly WorldName[] = ownWorlds.filter(
  (name) => worldList[name].database === 'real',
);

/** The worlds in which workers of other machines play schedules: what they need is theirs. */
export const scheduleWorlds = ['simulated', 'local'] as const satisfies readonly WorldName[];
