import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { count } from '../../../../harness/checks/index.ts';
import type { Deed } from '../../../../harness/page/recorder.ts';
import { handPlayedScenario, type ScenarioFile } from '../../../../harness/page/saving/scenario-file.ts';
import { timelineOf } from '../../../../harness/page/saving/timeline.ts';
import { program, recordingOf, strikeOf, toxicOf } from './rig.ts';

const hostile = `a'b"c\`\${process.exit()}*/ // \u2028\n<script>`;

function fileOf(deeds: readonly Deed[], given: Partial<ScenarioFile> = {}): string {
  return handPlayedScenario({
    path: '/project/by-hand/played.ts',
    id: 'by-hand/played',
    title: 'Played',
    played: 'Played by hand on some day.',
    timeline: timelineOf(recordingOf(deeds, 60_000), [strikeOf('idle', 30_000)], 0),
    imports: [{ names: ['startAgent'], from: '/project/scenarios/rigs/agent.ts' }],
    before: ['const reference = 1;'],
    after: [],
    checks: {
      quiet: count('nothing is said', {
        of: { kind: 'agent.log' },
        atMost: 0,
        given: { kind: 'fault.strike' },
      }),
    },
    reported: ['quiet'],
    alone: undefined,
    ...given,
  });
}

const start: Deed = { at: 0, did: 'start', program: program('agent'), env: { EVERY: '5' } };
const idle: Deed = {
  at: 10_000,
  did: 'add',
  link: 'agent→server',
  toxic: toxicOf('idle', {
    type: 'reset_idle',
    attributes: { after: 4_000, action: 'forget', forget_answer: 'silence' },
    only: { connections: [7] },
  }),
};

describe('a scenario file of what was done by hand', () => {
  it('reads as somebody would have written it', () => {
    expect(fileOf([start, idle])).toMatchInlineSnapshot(`
      "/** Played. Played by hand on some day. */
      import { count, scenario, toxic } from 'shaketable';
      import { startAgent } from '../scenarios/rigs/agent.ts';

      scenario({
        id: 'by-hand/played',
        title: 'Played',
        requirements: [],
        story: 'What was done by hand, in the same order and with the same time between. Played by hand on some day.',
        fastPace: 10,
        faults: {
          idle: {
            fault: toxic({
              type: 'reset_idle',
              attributes: { after: 4_000, action: 'forget' },
              only: { connections: [2] },
            }),
            link: 'agent→server',
            from: 'manual',
          },
        },
        play: async (table) => {
          const reference = 1;
          await startAgent(table, reference, { env: { EVERY: '5' } });
          await table.sleep(10_000);
          await table.inject('idle');
          await table.until({ kind: 'fault.strike', fault: 'idle' }, { nth: 1, withinMs: 40_000 });
          await table.sleep(30_000);
        },
        checks: {
          quiet: count('nothing is said', { of: { kind: 'agent.log' }, atMost: 0, given: { kind: 'fault.strike' } }),
        },
        waives: {
          'standing-expected-errors': 'recorded by hand: what its programs say of the faults is not judged yet',
        },
        reported: ['quiet'],
      });
      "
    `);
  });

  it('is alone, and stops what was stopped', () => {
    const stop: Deed = {
      at: 20_000,
      did: 'stop',
      program: (start as { program: ReturnType<typeof program> }).program,
    };
    const text = fileOf([start, stop], { alone: 'hardened', reported: [] });

    expect(text).toContain("subjects: ['hardened'],");
    expect(text).toContain("const agent1 = await startAgent(table, reference, { env: { EVERY: '5' } });");
    expect(text).toContain('await agent1.stop();');
    expect(text).not.toContain('reported');
    expect(text).not.toContain('toxic');
  });

  it('plays no faster than its shortest time allows, and not for longer than a story may take', () => {
    const paceOf = (after: number): string => {
      const toxic = toxicOf('x', {
        type: 'reset_idle',
        attributes: { after, action: 'reset', forget_answer: 'silence' },
      });
      return /fastPace: (\d+)/.exec(fileOf([start, { ...idle, toxic } as Deed]))?.[1] ?? '';
    };
    expect([50, 450, 4_000, 60_000].map(paceOf)).toEqual(['1', '4', '10', '10']);
  });

  it('holds names of any kind as text, and stays one module that means the same', async () => {
    const toxic = toxicOf(hostile, { type: 'http_status', attributes: { status: 503, body: hostile } });
    const off: Deed = { at: 11_000, did: 'switch', link: hostile, enabled: false };
    const text = fileOf([start, { at: 10_000, did: 'add', link: hostile, toxic }, off], {
      title: hostile,
      id: hostile,
      played: hostile,
      alone: hostile,
    });
    const directory = await mkdtemp(join(resolve(import.meta.dirname), 'tmp-'));
    try {
      const stub = `export const scenario = (one) => { globalThis.playedByHand = one; };
        export const toxic = (one) => one; export const count = () => ({}); export const refuseConnections = () => 'down'; export const startAgent = () => {};`;
      await writeFile(join(directory, 'stub.mjs'), stub);
      const code = stripTypeScriptTypes(text).replaceAll(/from '[^']+'/g, "from './stub.mjs'");
      await writeFile(join(directory, 'played.mjs'), code);
      await import(join(directory, 'played.mjs'));
      const { playedByHand } = globalThis as unknown as { playedByHand: Record<string, unknown> };
      expect(playedByHand).toMatchObject({
        id: hostile,
        title: hostile,
        subjects: [hostile],
        faults: {
          [hostile]: { link: hostile, fault: { type: 'http_status', attributes: { body: hostile } } },
          [`${hostile} down`]: { link: hostile, fault: 'down' },
        },
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
