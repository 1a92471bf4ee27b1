/** `noop`: passes everything; listed like the others. */
import { defineToxic } from './contract.ts';

export const noop = defineToxic({ type: 'noop', attributes: {}, start: () => ({}) });
