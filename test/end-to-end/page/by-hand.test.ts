/**
 * A scripted browser does by hand what the scenario fleet-resets/idle-connection-reset does, saves it, and the saved file comes to the
 * same verdict. By hand a second is a second, so this waits for most of a minute.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, type OpenPage, openPage } from '../../local/report/browser.ts';
import { withoutChromium } from '../../local/report/stored-page.ts';
import { type RunningCommand, reportDirectory, runCommand, startCommand } from '../../local/run/command.ts';

const root = resolve(import.meta.dirname, '../../..');
const field = (name: string): string => `document.getElementById('play').elements.namedItem('${name}')`;
const press = (label: string): string => `document.querySelector('[aria-label="${label}"]').click()`;

interface RunJson {
  readonly scenarios: readonly {
    readonly outcome: string;
    readonly subjects: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly checks: readonly { readonly id: string; readonly outcome: string }[];
    }[];
    readonly faults: readonly { readonly kind: string; readonly strikes: number }[];
  }[];
}

describe.skipIf(withoutChromium('faults played by hand'))('what is played by hand', () => {
  let temporary: string;
  let directory: string;
  let lab: RunningCommand;
  let page: OpenPage;

  beforeAll(async () => {
    // A persistent lab of the test's own, whatever else is up.
    temporary = await mkdtemp(join(tmpdir(), 'by-hand-'));
    await mkdir(join(root, 'reports'), { recursive: true });
    directory = await mkdtemp(join(root, 'reports/by-hand-'));
    lab = startCommand(['up', '--foreground'], { TMPDIR: temporary });
    await lab.printed('Ctrl-C');
    const url = /^page +(http:\S+)/m.exec(lab.output())?.[1] ?? '';
    page = await openPage(chromium ?? '', url);
    await page.until(`document.querySelectorAll('.link-card').length === 2`);
  }, 120_000);

  afterAll(async () => {
    await page?.[Symbol.asyncDispose]();
    lab?.child.kill('SIGTERM');
    await lab?.ended;
    await rm(directory, { recursive: true, force: true });
    await rm(temporary, { recursive: true, force: true });
  }, 60_000);

  /** Waits for what takes its time. */
  const comes = (expression: string, value: unknown = true) =>
    expect.poll(() => page.evaluate(expression), { timeout: 90_000, interval: 500 }).toEqual(value);

  const reports = `[...document.querySelectorAll('#logs li')].filter((line) => /fleet\\/report → 200.*applied/.test(line.textContent)).length`;
  const save = async (kind: string, file: string): Promise<string> => {
    await page.evaluate(`document.querySelector('[data-save=${kind}]').click()`);
    await page.evaluate(
      `document.getElementById('save-form').elements.namedItem('file').value = ${JSON.stringify(file)}`,
    );
    await page.evaluate(`document.getElementById('save-write').click()`);
    await comes(
      `document.getElementById('save-done').textContent !== '' || !document.getElementById('save-wrong').hidden`,
    );
    expect(await page.evaluate(`document.getElementById('save-wrong').textContent`)).toBe('');
    const done = String(await page.evaluate(`document.getElementById('save-done').textContent`));
    await page.evaluate(`document.getElementById('save').close()`);
    return done;
  };

  it('is saved as a scenario that comes to the same verdict', { timeout: 300_000 }, async () => {
    await page.evaluate(press('Start naive-session'));
    await comes(`${reports} >= 2`);

    await page.evaluate(`{
      ${field('link')}.value = 'agent→server';
      ${field('type')}.value = 'reset_idle';
      ${field('type')}.dispatchEvent(new Event('change', { bubbles: true }));
      ${field('attribute.after')}.value = '4000';
      ${field('attribute.action')}.value = 'forget';
      ${field('attribute.forget_answer')}.value = 'reset';
      ${field('name')}.value = 'forgotten';
      document.getElementById('play').requestSubmit();
    }`);
    await comes(`document.querySelector('.toxic .strikes')?.textContent`, '3 strikes');
    await page.evaluate(press('Lift forgotten on agent→server'));
    const lifted = Number(await page.evaluate(reports));
    await comes(`${reports} >= ${lifted + 2}`);

    const file = relative(root, join(directory, 'idle.ts'));
    expect(await save('scenario', file)).toBe(`${file} is written. Next: shaketable run ${file}`);
    expect(page.complaints).toEqual([]);
    const text = await readFile(join(root, file), 'utf8');
    expect(text).toContain("reported: ['nothing-lost'");

    await using out = await reportDirectory();
    const played = await runCommand([
      'run',
      'fleet-resets/idle-connection-reset',
      file,
      '--seed',
      '1',
      '--out',
      out.path,
    ]);
    expect(played.output).toContain('2 of 2 scenarios as expected');
    expect(played.code).toBe(0);
    const { scenarios } = JSON.parse(await readFile(join(out.path, 'latest/run.json'), 'utf8')) as RunJson;
    for (const { subjects, faults } of scenarios) {
      expect(subjects.map(({ name, outcome }) => [name, outcome])).toEqual([
        ['naive', 'fail'],
        ['hardened', 'pass'],
      ]);
      expect(subjects[0]?.checks.find(({ id }) => id === 'nothing-lost')?.outcome).toBe('fail');
      expect(faults.map(({ kind, strikes }) => [kind, strikes > 0])).toEqual([
        ['reset_idle', true],
        ['reset_idle', true],
      ]);
    }
  });

  it('is saved as a ticket with both logs, and without a secret', { timeout: 100_000 }, async () => {
    const file = relative(root, join(directory, 'idle.md'));
    await save('incident', file);

    const text = await readFile(join(root, file), 'utf8');
    expect(text).toMatch(/^Agent log:$/m);
    expect(text).toMatch(/^Server log:$/m);
    expect(text).toContain('ECONNRESET');
    expect(text).toContain('forgotten lifted from agent→server');
    const token = /^token +(\S+)/m.exec(lab.output())?.[1] ?? '-';
    expect(text).not.toContain(token);
    const { output } = await runCommand(['reproduce', file, '--dry-run']);
    expect(output).toMatch(/agent log: \d+ lines, .*of the client/);
    expect(output).toMatch(/server log: \d+ lines, .*of the server/);
    expect(output).toMatch(/events .*× reset/);
  });
});
