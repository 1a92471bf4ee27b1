/** `shaketable.config.ts`: what a project tells the lab of itself. Paths are relative to the file. */

/** What the file may say; every field may be left out. */
export interface ShaketableConfig {
  /**
   * Folders of scenarios. The path of a file below its folder, without the ending, is the id of its scenario.
   * @default 'scenarios'
   */
  readonly scenarios?: string | readonly string[];
  /** Globs, relative to those folders, of files that are no scenarios. @default none */
  readonly ignore?: readonly string[];
  /** Whether the lab's own scenarios are played and listed too; where they are named, they are in any case. @default true */
  readonly builtIn?: boolean;
  /** A module that exports `images`, the images of services that scenarios start in containers. @default none */
  readonly images?: string;
  /** A module whose default export starts what `shaketable up` offers. @default the lab's own */
  readonly persistentLab?: string;
  /** A module whose default export plays the incidents that `shaketable reproduce` reads. @default the lab's own */
  readonly incidents?: string;
}

/** Gives the config back; an editor then knows its fields. */
export function defineConfig(config: ShaketableConfig): ShaketableConfig {
  return config;
}
