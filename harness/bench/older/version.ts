/** An older version, ready to be started. */
export interface OlderVersion {
  /** As the user named it: a tag, a branch, a commit. */
  readonly ref: string;
  /** The commit's full id. */
  readonly commit: string;
  /** Its sources, with the packages that they need. */
  readonly directory: string;
}
