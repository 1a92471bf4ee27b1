/**
 * The theme that the reader chose: put on the page before anything is drawn, and remembered where storage is allowed.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

const themes = ['system', 'light', 'dark'];

/** A page opened from a file shares its origin, and so its storage, with others. */
const storageKey = 'shaketable.theme';

function storedTheme(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function rememberTheme(theme: string): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

function showTheme(theme: string): void {
  document.documentElement.dataset.theme = theme;
  const button = document.getElementById('theme');
  if (button) button.textContent = `Theme: ${theme}`;
}

let theme = themes.find((one) => one === storedTheme()) ?? 'system';
showTheme(theme);

document.addEventListener('DOMContentLoaded', () => {
  showTheme(theme);
  document.getElementById('theme')?.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
    rememberTheme(theme);
    showTheme(theme);
  });
});
