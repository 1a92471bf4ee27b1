/** The programs that the page can start, with the environment that each is started with. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ProgramRow } from '../messages.ts';
import { keep, make, part, setText } from './dom.ts';
import { askAndTell, tellUser } from './server.ts';

export function showPrograms(programs: readonly ProgramRow[]): void {
  part('programs-section').hidden = programs.length === 0;
  keep(part('programs'), programs, {
    key: ({ name }) => name,
    create: createProgram,
    update(card, { name, running }) {
      card.classList.toggle('runs', running);
      const button = card.querySelector('button');
      if (!button) return;
      button.dataset.runs = String(running);
      setText(button, running ? 'Stop' : 'Start');
      button.setAttribute('aria-label', `${running ? 'Stop' : 'Start'} ${name}`);
    },
  });
}

function createProgram({ name, about, env }: ProgramRow): HTMLElement {
  const variables = make('textarea', { 'aria-label': `Environment of ${name}`, spellcheck: 'false' });
  variables.value = Object.entries(env)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
  const button = make('button', { type: 'button' });
  button.addEventListener(
    'click',
    () => void startOrStop(name, button.dataset.runs === 'true', variables.value),
  );
  return make(
    'li',
    { class: 'program' },
    make('div', { class: 'program-line' }, make('b', {}, name), make('small', {}, about), button),
    make('details', {}, make('summary', {}, 'Environment'), variables),
  );
}

async function startOrStop(name: string, runs: boolean, variables: string): Promise<void> {
  if (runs) return void (await askAndTell('stop-program', { name }, `${name} is stopped.`));
  const lines = variables.split('\n').filter((line) => line.trim() !== '');
  const wrong = lines.find((line) => !/^\s*[A-Za-z_]\w*=/.test(line));
  if (wrong !== undefined) return tellUser(`${wrong} is no NAME=value.`, true);
  const env = Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals).trim(), line.slice(equals + 1)];
    }),
  );
  tellUser(`${name} is starting…`);
  await askAndTell('start-program', { name, env }, `${name} is started.`);
}
