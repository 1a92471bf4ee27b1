/** Answers 405 with `Allow` where a path exists but not for the method (RFC 9110, section 15.5.6). */
import type { FastifyInstance, HTTPMethods } from 'fastify';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Collects the routes that are added to `app` from now on; the returned function adds the 405 answers to them. */
export function answerWrongMethods(app: FastifyInstance): () => void {
  const allowed = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = allowed.get(url) ?? new Set();
    for (const name of [method].flat()) known.add(name);
    allowed.set(url, known);
  });

  return () => {
    for (const [url, known] of [...allowed]) {
      const allow = [...known].sort().join(', ');
      app.route({
        url,
        method: methods.filter((method) => !known.has(method)),
        // Answered before a body is read or a token is looked at.
        onRequest: async (_request, reply) =>
          reply.code(405).header('allow', allow).send({ error: 'Method not allowed' }),
        handler: async () => {},
      });
    }
  };
}
