/** What works and what does not, as `shaketable doctor` shows it. */

export interface Facility {
  readonly name: string;
  readonly works: boolean;
  readonly detail: string;
  /** Whether a run needs it. */
  readonly needed: boolean;
}

/** A line for each, or more where the detail has more. */
export function printFacilities(facilities: readonly Facility[]): void {
  for (const { name, works, detail, needed } of facilities) {
    const mark = works ? '✓' : needed ? '✕' : '–';
    console.log(`${mark} ${name.padEnd(18)} ${detail.replaceAll('\n', `\n${' '.repeat(21)}`)}`);
  }
}
