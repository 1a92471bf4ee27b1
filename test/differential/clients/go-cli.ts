/** `toxiproxy-cli`, which is built with Go beside the real server. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Driver } from './driver.ts';

const run = promisify(execFile);

export function goCli(program: string, url: string): Driver {
  const cli = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(program, ['--host', url, ...args]);
    return stdout;
  };
  const assigned = (attributes: object): string[] =>
    Object.entries(attributes).flatMap(([name, value]) => ['-a', `${name}=${value}`]);
  const isEnabled = async (proxy: string): Promise<boolean> =>
    (await cli('list')).split('\n').some((line) => line.split('\t')[0] === proxy && line.includes('enabled'));

  return {
    conflict: /proxy already exists/,
    async create({ name, listen, upstream }) {
      await cli('create', '-l', listen, '-u', upstream, name);
    },
    async remove(proxy) {
      await cli('delete', proxy);
    },
    async enable(proxy, enabled) {
      if ((await isEnabled(proxy)) !== enabled) await cli('toggle', proxy);
    },
    async addToxic(proxy, { name, type, attributes = {} }) {
      await cli('toxic', 'add', '-n', name, '-t', type, ...assigned(attributes), proxy);
    },
    async updateToxic(proxy, name, attributes) {
      await cli('toxic', 'update', '-n', name, ...assigned(attributes), proxy);
    },
    async removeToxic(proxy, name) {
      await cli('toxic', 'remove', '-n', name, proxy);
    },
    list: async () =>
      (await cli('list'))
        .split('\n')
        .map((line) => line.split('\t')[0] ?? '')
        .filter((name) => name !== ''),
    async [Symbol.asyncDispose]() {},
  };
}
