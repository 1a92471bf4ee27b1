/**
 * What the page can do beyond being read: filter, walk along the axis, follow evidence, copy commands. It is kept as
 * text since it runs in the reader's browser; it holds no closing script tag and makes no request.
 */
export const pageScript = String.raw`(() => {
'use strict';
const byId = (id) => document.getElementById(id);
const scenarios = [...document.querySelectorAll('details.scenario')];
const filter = byId('filter');
const fold = byId('fold');

// Filter.
function applyFilter() {
  const { text, outcome, requirement } = filter.elements;
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const scenario of scenarios) {
    const data = scenario.dataset;
    const fits = words.every((word) => data.text.includes(word)) &&
      (!outcome.value || data.outcome === outcome.value) &&
      (!requirement.value || data.req.split(' ').includes(requirement.value));
    scenario.hidden = !fits;
    if (fits) shown += 1;
    const cell = document.querySelector('.cell[href="#' + scenario.id + '"]');
    if (cell) cell.classList.toggle('dim', !fits);
  }
  for (const group of document.querySelectorAll('.group')) {
    group.hidden = !group.querySelector('details.scenario:not([hidden])');
  }
  byId('shown').value = shown + ' of ' + scenarios.length;
}
filter.addEventListener('input', applyFilter);
filter.addEventListener('submit', (event) => event.preventDefault());
fold.addEventListener('click', () => {
  const open = fold.getAttribute('aria-pressed') !== 'true';
  for (const scenario of scenarios) if (!scenario.hidden) scenario.open = open;
  fold.setAttribute('aria-pressed', String(open));
  fold.textContent = open ? 'Close all' : 'Open all';
});

// A link into something folded opens it.
function reveal() {
  const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === 'DETAILS') { part.open = true; part.hidden = false; }
  }
  target.scrollIntoView({ block: target.tagName === 'TR' ? 'center' : 'start' });
}
addEventListener('hashchange', reveal);
reveal();

// The axis: what is pointed at is told in the line below, and a cursor runs through all panels.
const numbersOf = (mark) => mark.dataset.n.split(' ');
const keyOf = (mark) => mark.closest('[data-j]').dataset.j;
const told = new WeakMap();
function line(key, n) {
  const row = byId(key + '-' + n);
  if (!row) return n;
  const cells = [...row.cells].map((cell) => cell.textContent.trim());
  return cells[1] + '  ' + cells[2] + '  ' + cells[3] + '  (' + cells[0] + ')';
}
function tell(mark) {
  const axis = mark.closest('.axis');
  const probe = axis.closest('.body').querySelector('.probe');
  axis.querySelector('.on')?.classList.remove('on');
  mark.classList.add('on');
  told.set(axis, mark);
  let cursor = axis.querySelector('.cursor');
  if (!cursor) {
    cursor = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    cursor.setAttribute('class', 'cursor');
    axis.firstElementChild.append(cursor);
  }
  const x = mark.getAttribute('x');
  for (const [name, value] of [['x1', x], ['x2', x], ['y1', '15'], ['y2', '100%']]) cursor.setAttribute(name, value);
  probe.textContent = numbersOf(mark).map((n) => line(keyOf(mark), n)).join('\n');
  probe.classList.add('told');
  probe.scrollTop = 0;
}
function showRow(key, n, movePage) {
  const row = byId(key + '-' + n);
  if (!row) return;
  document.querySelector('.hit-row')?.classList.remove('hit-row');
  row.classList.add('hit-row');
  row.closest('details').open = true;
  const box = row.closest('.scroll');
  box.scrollTop = row.offsetTop - box.clientHeight / 2;
  if (movePage) box.scrollIntoView({ block: 'nearest' });
}
document.addEventListener('pointerover', (event) => {
  const mark = event.target.closest?.('.axis [data-n]');
  if (mark) tell(mark);
});
document.addEventListener('click', (event) => {
  const mark = event.target.closest?.('.axis [data-n]');
  if (mark) { tell(mark); showRow(keyOf(mark), numbersOf(mark)[0], true); }
});
const left = (mark) => parseFloat(mark.getAttribute('x'));
function step(axis, key) {
  const lanes = [...axis.querySelectorAll('.lane')]
    .map((lane) => [...lane.querySelectorAll('rect[data-n], .lane > use:not(rect + use)')].sort((a, b) => left(a) - left(b)))
    .filter((marks) => marks.length > 0);
  if (lanes.length === 0) return undefined;
  const current = told.get(axis);
  const row = Math.max(0, lanes.findIndex((marks) => marks.includes(current)));
  const place = lanes[row].indexOf(current);
  if (place < 0) return lanes[row][0];
  if (key === 'ArrowRight') return lanes[row][Math.min(place + 1, lanes[row].length - 1)];
  if (key === 'ArrowLeft') return lanes[row][Math.max(place - 1, 0)];
  if (key === 'Home') return lanes[row][0];
  if (key === 'End') return lanes[row].at(-1);
  const next = lanes[Math.min(lanes.length - 1, Math.max(0, row + (key === 'ArrowDown' ? 1 : -1)))];
  const near = (mark) => Math.abs(left(mark) - left(current));
  return next.reduce((best, mark) => (near(mark) < near(best) ? mark : best));
}
document.addEventListener('keydown', (event) => {
  const axis = event.target.closest?.('.axis');
  if (!axis || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Enter') {
    const mark = told.get(axis);
    if (mark) showRow(keyOf(mark), numbersOf(mark)[0], true);
    return;
  }
  if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
  event.preventDefault();
  const mark = step(axis, event.key);
  if (mark) tell(mark);
});

// Evidence: shown on the axis and in the list, without losing one's place in the page.
const evidenceAt = (event) => event.target.closest?.('a[data-e]');
const markOf = (link) =>
  link.closest('.body').querySelector('.panel[data-j="' + link.dataset.j + '"] [data-n~="' + link.dataset.e + '"]');
for (const name of ['pointerover', 'focusin']) {
  document.addEventListener(name, (event) => {
    const link = evidenceAt(event);
    const mark = link && markOf(link);
    if (mark) tell(mark);
  });
}
document.addEventListener('click', (event) => {
  const link = evidenceAt(event);
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const mark = markOf(link);
  showRow(link.dataset.j, link.dataset.e, !mark);
  if (!mark) return;
  tell(mark);
  mark.closest('.time').scrollIntoView({ block: 'nearest' });
});

// Copy.
document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('.copy');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = 'Selected';
  }
});

// Print everything that is not filtered away.
let folded = [];
addEventListener('beforeprint', () => {
  folded = scenarios.filter((scenario) => !scenario.open);
  for (const scenario of folded) scenario.open = true;
});
addEventListener('afterprint', () => {
  for (const scenario of folded) scenario.open = false;
});
})();
`;
