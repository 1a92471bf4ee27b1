/** `noop`: passes everything; listed like the others. */
import { defineToxic } from '../core/toxic-type.ts';

export const noop = defineToxic({ type: 'noop', summary: 'nothing', attributes: {}, start: () => ({}) });
