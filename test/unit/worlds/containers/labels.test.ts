import { expect, it } from 'vitest';
import { formatIdentity, identifyProcess } from '../../../../harness/cleanup/process-identity.ts';
import { isAbandoned, labelsOf } from '../../../../harness/worlds/containers/labels.ts';

const identity = identifyProcess(process.pid);
const alive = identity === undefined ? '' : formatIdentity(identity);
const dead = `${process.pid}-1`;

it('keeps what belongs to a process that is alive', () => {
  expect(isAbandoned(labelsOf(alive, 'stack'))).toBe(false);
});

it('gives up what belongs to a process that is gone, although its number was given out again', () => {
  expect(isAbandoned(labelsOf(dead, 'stack'))).toBe(true);
});

it('leaves alone what has no labels of the lab, or those of another machine', () => {
  const elsewhere = { ...labelsOf(dead, 'stack'), 'shaketable.space': 'another-machine boot pid:[1]' };

  expect(isAbandoned({ 'somebody.else': 'yes' })).toBe(false);
  expect(isAbandoned(elsewhere)).toBe(false);
});

it('gives up what is from before the machine was started', () => {
  const [machine, , namespace] = (labelsOf(dead, 'stack')['shaketable.space'] ?? '').split(' ');

  const before = { ...labelsOf(alive, 'stack'), 'shaketable.space': `${machine} another-boot ${namespace}` };
  expect(isAbandoned(before)).toBe(true);
});
