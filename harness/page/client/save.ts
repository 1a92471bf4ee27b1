/** Saving what was done: a look at the file first, then the file. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { RecordingRow, Saved } from '../messages.ts';
import { make, part, setText } from './dom.ts';
import { ask, askAndTell } from './server.ts';
import { timeText } from './words.ts';

const kinds = {
  scenario: {
    title: 'Save as scenario',
    about: 'A file that plays the same again, at the same times, and judges it.',
    act: 'save-scenario',
  },
  incident: {
    title: 'Save as incident',
    about: 'A ticket with the logs since the recording began, as `shaketable reproduce` reads it.',
    act: 'save-incident',
  },
} as const;

let saving: keyof typeof kinds = 'scenario';
let recordingText = '';

const saveForm = (): HTMLFormElement => part<HTMLFormElement>('save-form');
const saveField = (name: string): HTMLInputElement => saveForm().elements.namedItem(name) as HTMLInputElement;

export function showRecording({ since, deeds }: RecordingRow): void {
  recordingText = `Recorded since ${timeText(since).slice(0, 8)}: ${deeds} ${deeds === 1 ? 'thing' : 'things'} done.`;
}

export function startSave(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-save]'))
    button.addEventListener('click', () =>
      openSave(button.dataset.save === 'incident' ? 'incident' : 'scenario'),
    );
  saveForm().addEventListener('change', () => void look(false));
  saveForm().addEventListener('submit', (event) => {
    // Enter in a field is a look at the file, not the end of the dialog.
    if (event.submitter?.getAttribute('value') !== 'close') event.preventDefault();
  });
  part('save-write').addEventListener('click', () => void look(true));
  part('save-copy').addEventListener('click', () => void copyText());
  part('save-anew').addEventListener('click', () => {
    void askAndTell('record-anew', {}, 'The recording begins anew, with what is in force.').then(() =>
      look(false),
    );
  });
}

function openSave(kind: keyof typeof kinds): void {
  saving = kind;
  const { title, about } = kinds[kind];
  setText(part('save-title'), title);
  setText(part('save-about'), `${about} ${recordingText}`);
  saveField('file').value = '';
  part('save-command').hidden = kind === 'incident' || !part('programs-section').hidden;
  part<HTMLDialogElement>('save').showModal();
  void look(false);
}

/** Asks for the file as it would be; with `write` it is written. */
async function look(write: boolean): Promise<void> {
  setText(part('save-done'), '');
  const answer = await ask<Saved>(kinds[saving].act, {
    title: saveField('title').value,
    file: saveField('file').value,
    write,
    ...(saving === 'scenario' && { command: saveField('command').value, ends: saveField('ends').checked }),
  });
  const wrong = part('save-wrong');
  wrong.hidden = !('wrong' in answer);
  part('save-shown').hidden = 'wrong' in answer && !write;
  if ('wrong' in answer) return setText(wrong, answer.wrong);
  showSaved(answer.value);
  const { file, next } = answer.value;
  if (write) setText(part('save-done'), `${file} is written. Next: ${next}`);
}

function showSaved({ file, text, deeds, judged }: Saved): void {
  setText(part('save-file'), file);
  setText(part('save-text'), text);
  part('save-deeds').replaceChildren(...deeds.map((deed) => make('li', {}, deed)));
  part('save-judged-title').hidden = judged.length === 0;
  part('save-judged').replaceChildren(
    ...judged.map(({ id, outcome, measured }) =>
      make(
        'li',
        { class: outcome === 'pass' ? 'tone-good' : outcome === 'fail' ? 'tone-bad' : 'tone-unsure' },
        `${outcome}  ${id}: ${measured}`,
      ),
    ),
  );
}

async function copyText(): Promise<void> {
  try {
    await navigator.clipboard.writeText(part('save-text').textContent ?? '');
    setText(part('save-done'), 'Copied.');
  } catch {
    const range = document.createRange();
    range.selectNodeContents(part('save-text'));
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    setText(part('save-done'), 'Selected: copy it with the keyboard.');
  }
}
