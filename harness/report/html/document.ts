/**
 * A page as one HTML file that needs nothing else. The content security policy forbids every script but those in it, and every
 * request; a page that a server serves may ask that server.
 */
import { createHash } from 'node:crypto';
import { html, Markup } from './markup.ts';
import { pageStyles } from './styles.ts';
import { themeScript } from './theme.ts';

export interface PageDocument {
  readonly title: string;
  readonly description: string;
  readonly body: Markup;
  /** What runs when the body is there; see browser-script.ts. */
  readonly script: string;
  /** Styles besides those that every page has. */
  readonly styles?: string;
  /** Whether it may ask the server that it came from. @default false, a file that needs no server */
  readonly asksItsServer?: boolean;
}

/** The file's text. */
export function documentOf(page: PageDocument): string {
  const { title, description, body, script, styles = '', asksItsServer = false } = page;
  const hashes = [themeScript(), script].map((text) => `'sha256-${hashOf(text)}'`).join(' ');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes}; img-src data:${asksItsServer ? "; connect-src 'self'" : ''}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="description" content="${description}">
<title>${title}</title>
${asksItsServer && html`<link rel="icon" href="data:,">\n`}<style>${new Markup(pageStyles + styles)}</style>
<noscript><style>.js{display:none!important}</style></noscript>
<script>${new Markup(themeScript())}</script>
</head>
<body>
${body}
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

const hashOf = (script: string): string => createHash('sha256').update(script).digest('base64');
