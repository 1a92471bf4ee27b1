import type { Matcher } from '../journal/matcher.ts';
import { everyWorld, type Fault, type FaultContext } from './fault.ts';
import { checked, matcher, statement, text } from './params.ts';

/** Parameters of {@link changeRows}. */
export interface ChangeRowsOptions {
  /** What the change is called in the report, as `account_disabled`. */
  readonly kind: string;
  /** Statement that makes the change; it has to touch at least one row. */
  readonly apply: string;
  /** Statement that takes it back; left out, the change stays. */
  readonly revert?: string;
  /** What shows that somebody ran into it: usually the server's answer. */
  readonly struckBy: Matcher;
}

/** Somebody changes rows behind the server's back: an account disabled, a token revoked, an agent deleted (R2.4, R2.5). */
export function changeRows(options: ChangeRowsOptions): Fault {
  const shape = { kind: text, apply: statement, revert: statement.optional(), struckBy: matcher };
  return checked('change_rows', options, shape, rowsChanged);
}

function rowsChanged({ kind, apply, revert, struckBy }: ChangeRowsOptions): Fault {
  return {
    kind,
    place: 'data',
    params: { apply, revert },
    worlds: everyWorld,
    struckBy,
    install: async (context) => {
      await run(context, apply);
      return async () => {
        if (revert !== undefined) await run(context, revert);
      };
    },
  };
}

/** Runs one statement inside the subject's own schema: `{schema}` in it is replaced by the schema's name. */
async function run(context: FaultContext, statement: string): Promise<void> {
  await context.database().query(statement.replaceAll('{schema}', `\`${context.schema().database}\``));
}
