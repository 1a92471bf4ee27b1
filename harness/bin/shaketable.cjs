#!/usr/bin/env node
// Starts the command; in the repository on the Node that it pins, whatever Node found this file. Plain JavaScript that Node 10
// can read: an old Node has to get as far as the message. What was compiled once is kept, which takes two thirds off the start.
'use strict';

// biome-ignore lint/style/useNodejsImportProtocol: Node before 14.18 does not know `node:fs`.
const { existsSync } = require('fs');

const pinned = `${__dirname}/../../node_modules/node/bin/node`;

if (Number(process.versions.node.split('.')[0]) >= 24) {
  require('node:module').enableCompileCache();
  // The proxy listens at once, before what the other commands need is loaded.
  import(process.argv[2] === 'proxy' ? '#proxy' : '#cli').catch((error) => {
    console.error(error);
    process.exitCode = 3;
  });
} else if (existsSync(pinned)) {
  const child = require('node:child_process').spawn(pinned, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    process.exitCode = code === null ? 3 : code;
  });
} else {
  console.error(`shaketable needs Node 24 or newer; this is ${process.version}.`);
  console.error('→ For this project alone: npm install --save-dev node@24');
  process.exitCode = 3;
}
