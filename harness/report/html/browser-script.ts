/**
 * Code for the reader's browser: TypeScript modules of this repository, made one classic script. So the page's script is
 * checked by the compiler, split by ideas, and may share with the code that writes the page.
 */
import { readFileSync } from 'node:fs';
import nodeModule from 'node:module';

/** What our own modules import a value with. The names are the same everywhere, since all modules share one scope. */
const importLine = /^import\s+\{[^}]*\}\s+from\s+'([^']+)';$/gm;

/** Where a module gives a name to all others. */
const topLevelName = /^(?:const|let|class|(?:async )?function\*?) (\w+)/gm;

/** A comment that has its lines to itself, also on a last line without an end, as compilers put them. */
const commentLines = /^[ \t]*(?:\/\*\*[\s\S]*?\*\/|\/\/.*)[ \t]*(?:\n|(?![\s\S]))/gm;

/**
 * The module at `entrance` and all that it imports, each once and after what it needs, in a scope of their own.
 * @throws Error for a module that imports or exports in another way than by a list of names or a declaration, and for a name that two
 * modules give: the last function of a name would take the place of the others
 */
export function browserScript(entrance: URL): string {
  const parts: string[] = [];
  const seen = new Set<string>();
  const names = new Set<string>();
  const add = (file: URL): void => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    const source = withoutTypes(readFileSync(file, 'utf8'), file);
    for (const [, path = ''] of source.matchAll(importLine)) add(new URL(path, file));
    const code = withoutModule(source, file);
    for (const [, name = ''] of code.matchAll(topLevelName)) {
      if (names.has(name)) throw new Error(`${file.pathname} gives a name that is taken: ${name}`);
      names.add(name);
    }
    parts.push(code);
  };
  add(entrance);
  return `(() => {\n'use strict';\n${parts.join('')}})();\n`;
}

/**
 * The script of a module beside the one at `importer`: TypeScript in the repository, JavaScript in the package. It is made when
 * it is first asked for, since most commands write no page.
 */
export function scriptBeside(importer: string, name: string): () => string {
  let script: string | undefined;
  return () => {
    script ??= browserScript(new URL(`${name}${importer.endsWith('.ts') ? '.ts' : '.js'}`, importer));
    return script;
  };
}

function withoutModule(source: string, file: URL): string {
  const code = source
    .replaceAll(importLine, '')
    // What the compiler marks a module with that exports nothing.
    .replaceAll(/^export \{\};$/gm, '')
    .replaceAll(/^export (?=(?:const|let|function|function\*|async function|class) )/gm, '')
    .replaceAll(commentLines, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trimStart();
  const other = /^(?:import|export)\b.*/m.exec(code)?.[0];
  if (other !== undefined) throw new Error(`${file.pathname} is no module for a page: ${other}`);
  if (/<\/script|<!--/i.test(code)) throw new Error(`${file.pathname} has what would end the page's script`);
  return code;
}

/** Node warns that its function is new; that is ours to know and not of interest to who runs the lab. */
function withoutTypes(source: string, file: URL): string {
  if (!file.pathname.endsWith('.ts')) return source;
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return nodeModule.stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
