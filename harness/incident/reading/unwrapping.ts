/**
 * Lines as the program wrote them, out of what collectors of logs make of them: records of journald's export format, lines that the container
 * runtime cut in parts, the name of the pod before each line.
 */
import type { FileLine } from './lines.ts';

/** A line, and how much of it was left out. */
type Line = Omit<FileLine, 'number'>;

/** A part of a line is held until its end comes, up to so many characters. */
const longestLine = 64 * 1024;
/** Fields of one record of the journal. */
const mostFields = 200;

const part = /^(\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr)) ([PF]) (.*)$/s;
const pod = /^\[pod\/[^\]\s]+\] /;

export class Unwrapping {
  /** The fields of a record that is not over; undefined where the log is none of journald's. */
  #fields: Map<string, string> | undefined;
  #isFirst = true;
  /** By the stream whose line they begin. */
  readonly #parts = new Map<string, { readonly begin: string; text: string }>();

  /** What is whole with this line. */
  push(line: Line): readonly Line[] {
    // systemd, Journal Export Formats: it begins with the cursor.
    if (this.#isFirst && line.text.startsWith('__CURSOR=')) this.#fields = new Map();
    if (line.text !== '') this.#isFirst = false;
    if (this.#fields !== undefined) return this.#field(this.#fields, line);
    const [, begin = '', flag, text = ''] = part.exec(line.text) ?? [];
    if (flag !== undefined) return this.#part(line, begin, flag === 'F', text);
    return [{ ...line, text: line.text.replace(pod, '') }];
  }

  /** What is left at the end. */
  end(): readonly Line[] {
    const cut = [...this.#parts.values()].map(({ begin, text }) => ({ text: `${begin} F ${text}`, cut: 0 }));
    return [...(this.#fields === undefined ? [] : this.#record(this.#fields)), ...cut];
  }

  #field(fields: Map<string, string>, { text }: Line): readonly Line[] {
    if (text === '') return this.#record(fields);
    const at = text.indexOf('=');
    if (at > 0 && fields.size < mostFields) fields.set(text.slice(0, at), text.slice(at + 1));
    return [];
  }

  #record(fields: Map<string, string>): readonly Line[] {
    if (fields.size === 0) return [];
    const text = JSON.stringify(Object.fromEntries(fields));
    fields.clear();
    return [{ text, cut: 0 }];
  }

  #part(line: Line, begin: string, isLast: boolean, text: string): readonly Line[] {
    const stream = begin.slice(begin.lastIndexOf(' '));
    const held = this.#parts.get(stream);
    const whole = { begin: held?.begin ?? begin, text: `${held?.text ?? ''}${text}`.slice(0, longestLine) };
    if (!isLast) {
      this.#parts.set(stream, whole);
      return [];
    }
    this.#parts.delete(stream);
    return [held === undefined ? line : { ...line, text: `${whole.begin} F ${whole.text}` }];
  }
}
