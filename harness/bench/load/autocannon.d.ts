/** What is used of autocannon 9, which has no types of its own. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly servername?: string;
    readonly connections: number;
    readonly amount: number;
  }
  interface Result {
    readonly errors: number;
    readonly requests: { readonly sent: number };
  }
  interface Run extends PromiseLike<Result> {
    on(
      event: 'response',
      listener: (client: object, status: number, bytes: number, responseMs: number) => void,
    ): this;
  }
  export default function autocannon(options: Options): Run;
}
