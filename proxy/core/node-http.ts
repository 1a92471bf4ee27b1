/**
 * Node's HTTP. An `import` of `node:http` names all that it exports, which loads Node's WebSocket client with it: a quarter of
 * the time that the program takes to start.
 */
export const { createServer, METHODS, STATUS_CODES } = process.getBuiltinModule('node:http');
