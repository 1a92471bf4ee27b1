import { expect, it } from 'vitest';
import { findWorkloads, workloads } from '../../../harness/bench/workloads/index.ts';

it('finds workloads by name, in the order of the list, and all without a name', () => {
  expect(findWorkloads([])).toEqual(workloads);
  expect(findWorkloads(['handshake', 'handshake']).map(({ name }) => name)).toEqual(['handshake']);
});

it('names the nearest for a name that there is not', () => {
  expect(() => findWorkloads(['handshakes'])).toThrow(
    expect.objectContaining({
      code: 'LAB_BAD_INPUT',
      hint: expect.stringContaining('Did you mean handshake?'),
    }),
  );
});
