/**
 * Tells at the end of a run which tests were skipped, file by file: a line a file, `skipped: …`, so that a green run cannot
 * hide what it left out. Silent when tests were chosen by name, since all others are skipped then.
 */
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

export default class SkipReporter implements Reporter {
  #chosen = false;

  onInit({ config }: Vitest): void {
    this.#chosen = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#chosen) return;
    for (const module of modules) {
      const skipped = [...module.children.allTests('skipped')].map(nameOf);
      if (skipped.length > 0) console.log(lineOf(module.relativeModuleId, skipped));
    }
  }
}

/** How many titles a line shows. */
const shown = 2;

function lineOf(file: string, titles: readonly string[]): string {
  const more = titles.length > shown ? `; and ${titles.length - shown} more` : '';
  return `skipped: ${titles.length} in ${file}: ${titles.slice(0, shown).join('; ')}${more}`;
}

/** The title, with the reason where the test gave one. */
function nameOf(test: TestCase): string {
  const result = test.result();
  return result.state === 'skipped' && result.note ? `${test.name} (${result.note})` : test.name;
}
