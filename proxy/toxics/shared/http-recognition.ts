/** What toxics of HTTP do with connections that carry something else: they report it, and hold nothing back. */
import { type Step, send, wakeOther } from '../../core/steps.ts';
import type { ToxicContext } from '../../core/toxic-type.ts';
import type { HttpDialogue } from '../../protocols/http-dialogue.ts';
import { recognise } from './recognition.ts';

export class HttpRecognition {
  readonly #context: Pick<ToxicContext<unknown>, 'skip' | 'now'>;
  readonly #dialogue: HttpDialogue;
  #noted: string | undefined;

  constructor(context: Pick<ToxicContext<unknown>, 'skip' | 'now'>, dialogue: HttpDialogue) {
    this.#context = context;
    this.#dialogue = dialogue;
  }

  /** To be called behind each chunk: reports what cannot be read, and makes the other direction release what it holds. */
  *note(): Generator<Step> {
    const { unreadable } = this.#dialogue;
    if (unreadable === this.#noted) return;
    this.#noted = unreadable;
    if (unreadable === undefined) return;
    this.#context.skip(unreadable);
    yield wakeOther;
  }

  /** The `idle()` of the upstream direction. */
  idleRequests(): Generator<Step> {
    const dialogue = this.#dialogue;
    return this.#release(dialogue.requestsUndecided, () => dialogue.takeRequestRest());
  }

  /** The `idle()` of the downstream direction. */
  idleResponses(): Generator<Step> {
    const dialogue = this.#dialogue;
    return this.#release(dialogue.responsesUndecided, () => dialogue.takeResponseRest());
  }

  *#release(undecided: boolean, takeRest: () => Buffer): Generator<Step> {
    yield* recognise(this.#context, { undecided, giveUp: () => this.#dialogue.giveUp() });
    yield* this.note();
    if (this.#dialogue.unreadable === undefined) return;
    const rest = takeRest();
    if (rest.length > 0) yield send(rest, this.#context.now());
  }
}
