/**
 * What the page of a benchmark can do beyond being read: bring a line of a chart forward, and copy commands. It is kept as
 * text since it runs in the reader's browser; it holds no closing script tag and makes no request.
 */
export const benchScript = `(() => {
'use strict';
document.documentElement.classList.add('scripted');
// Lines: the ones whose keys are pressed stand out, or the one that is pointed at.
function show(chart, chosen) {
  for (const line of chart.querySelectorAll('.plot [data-s]')) {
    line.classList.toggle('dim', chosen.length > 0 && !chosen.includes(line.dataset.s));
  }
}
const pressed = (chart) =>
  [...chart.querySelectorAll('.key[aria-pressed="true"]')].map((key) => key.dataset.s);
for (const key of document.querySelectorAll('.key')) {
  const chart = key.closest('.chart');
  key.addEventListener('click', () => {
    key.setAttribute('aria-pressed', String(key.getAttribute('aria-pressed') !== 'true'));
    show(chart, pressed(chart));
  });
  key.addEventListener('pointerenter', () => show(chart, [...pressed(chart), key.dataset.s]));
  key.addEventListener('pointerleave', () => show(chart, pressed(chart)));
}

// A link into something folded opens it.
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) if (part.tagName === 'DETAILS') part.open = true;
  if (target) target.scrollIntoView();
}
addEventListener('hashchange', reveal);
reveal();

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

// Print what is folded.
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')];
  for (const one of folded) one.open = true;
});
addEventListener('afterprint', () => {
  for (const one of folded) one.open = false;
});
})();
`;
