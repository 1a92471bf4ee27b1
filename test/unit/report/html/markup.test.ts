import { expect, it } from 'vitest';
import { escapeHtml, html } from '../../../../harness/report/html/markup.ts';
import { prose } from '../../../../harness/report/html/prose.ts';
import { hostile } from '../fixture-run.ts';

it('escapes every text and leaves markup as it is', () => {
  const inner = html`<b>${'<i>'}</b>`;

  expect(html`<p title="${'"x"'}">${inner}${['&', 1]}</p>`.text).toBe(
    '<p title="&quot;x&quot;"><b>&lt;i&gt;</b>&amp;1</p>',
  );
});

it('writes nothing for what is absent', () => {
  expect(html`${undefined}${null}${false}${[]}`.text).toBe('');
});

it('leaves no character of hostile text with a meaning', () => {
  expect(escapeHtml(hostile)).not.toMatch(/[<>"']|\p{Cc}|\u202e/u);
  expect(escapeHtml('\ud800')).toBe('\ufffd');
});

it('shows names in backticks as code, and a lone backtick as itself', () => {
  expect(prose('fault `<cut>` never').text).toBe('fault <code class="said">&lt;cut&gt;</code> never');
  expect(prose('a ` b').text).toBe('a ` b');
});
