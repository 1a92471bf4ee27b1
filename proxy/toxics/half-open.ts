/**
 * `half_open`: one end is gone, as after a crash, and the other does not learn of it (a half-open connection, RFC 9293,
 * 3.5.1). It happens at the moment the toxic begins on a connection: at once, or as `only.after_ms` and
 * `only.from_bytes` say. The `gone` end's connection is reset or closed there; the other stays open and silent, and
 * what it sends later vanishes, or with `answer: reset` is answered by an RST, as by a host that is up again.
 */

import { choice } from '../core/attributes.ts';
import { forget } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const halfOpen = defineToxic({
  type: 'half_open',
  summary: 'one end is gone, the other does not learn of it',
  attributes: {
    gone: choice(['server', 'client']),
    gone_by: choice(['reset', 'close']),
    answer: choice(['silence', 'reset']),
  },
  start: (context) => ({
    *meanwhile() {
      const { gone, gone_by, answer } = context.attributes;
      if (!context.strike({ reason: `the ${gone} is gone`, bytes: 0, delivered: false })) return;
      yield forget(answer, { side: gone, how: gone_by === 'close' ? 'fin' : 'reset' });
    },
  }),
});
