#!/usr/bin/env node
// Starts the command on the Node that the project pins, whatever Node found this file. Plain JavaScript, because an older
// Node has to be able to read it. What was compiled once is kept, which takes two thirds off the time to start.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const pinned = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
const [major] = process.versions.node.split('.').map(Number);

if (major >= 24) {
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
  await import(main);
} else if (existsSync(pinned)) {
  const child = spawn(pinned, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    process.exitCode = code ?? 3;
  });
} else {
  console.error(
    `shaketable needs Node 24; this is ${process.version}, and ${pinned} is not there.\nRun \`npm ci\` first.`,
  );
  process.exitCode = 3;
}
