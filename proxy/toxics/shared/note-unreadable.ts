/** What every toxic that reads a protocol does when a connection turns out not to speak it. */
import { type Step, wakeOther } from '../../core/steps.ts';
import type { ToxicContext } from '../../core/toxic-type.ts';

/** A reader of both directions of a connection, and why it cannot read on, once that is known. */
interface ProtocolReader {
  readonly unreadable: string | undefined;
}

/** Steps that report once what cannot be read, and make the other direction release what it holds. */
export function unreadableNotes(
  context: Pick<ToxicContext<unknown>, 'skip'>,
  reader: ProtocolReader,
): () => Generator<Step> {
  let noted: string | undefined;
  return function* note() {
    const { unreadable } = reader;
    if (unreadable === noted) return;
    noted = unreadable;
    if (unreadable === undefined) return;
    context.skip(unreadable);
    yield wakeOther;
  };
}
