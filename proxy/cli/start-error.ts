/** Why the program could not start, with a code of the lab's catalogue (`docs/errors.md`) and what to do next. */

/** The codes of the catalogue that the proxy alone can end with. */
export type StartErrorCode = 'LAB_BAD_INPUT' | 'LAB_NO_PERMISSION' | 'LAB_PORT_TAKEN';

/** Match on `code`, as with every error of the lab. */
export class StartError extends Error {
  readonly code: StartErrorCode;
  readonly hint: string;

  constructor(code: StartErrorCode, message: string, { hint, cause }: { hint: string; cause: unknown }) {
    super(message, { cause });
    this.name = 'StartError';
    this.code = code;
    this.hint = hint;
  }
}
