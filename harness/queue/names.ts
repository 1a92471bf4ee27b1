/** Names that go into subjects, streams and paths. */
import { LabError } from '../errors.ts';

const runName = /^[\w-]{1,64}$/;
const unitName = /^[0-9a-f]{1,64}$/;
const blobName = /^[\w.=-]{1,200}$/;

/** @throws LabError `LAB_BAD_INPUT` for what cannot be the name of a run */
export function checkRun(run: string): string {
  return checked(run, runName, 'a run', 'letters, digits, - and _');
}

/** @throws LabError `LAB_BAD_INPUT` for what cannot be the id of a unit */
export function checkUnit(unit: string): string {
  return checked(unit, unitName, 'a unit', 'hexadecimal digits');
}

/** @throws LabError `LAB_BAD_INPUT` for what cannot be the name of a blob */
export function checkBlob(name: string): string {
  return checked(name, blobName, 'a blob', 'letters, digits, and _ . = -');
}

function checked(name: string, pattern: RegExp, of: string, made: string): string {
  if (pattern.test(name)) return name;
  throw new LabError('LAB_BAD_INPUT', `${JSON.stringify(name.slice(0, 80))} is no name of ${of}`, {
    hint: `It is made of ${made}.`,
  });
}
