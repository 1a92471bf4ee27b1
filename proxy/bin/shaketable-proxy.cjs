#!/usr/bin/env node
// Starts the command. Plain JavaScript that Node 10 can read: an old Node has to get as far as the message.
'use strict';

if (Number(process.versions.node.split('.')[0]) >= 24) {
  require('node:module').enableCompileCache();
  import('#main').catch((error) => {
    console.error(error);
    process.exitCode = 3;
  });
} else {
  console.error(`shaketable-proxy needs Node 24 or newer; this is ${process.version}.`);
  console.error('→ For this project alone: npm install --save-dev node@24');
  process.exitCode = 3;
}
