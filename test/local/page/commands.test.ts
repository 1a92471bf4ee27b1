/** The commands that serve the page, as a user calls them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startCommand } from '../run/command.ts';

const alone = resolve(import.meta.dirname, '../../../proxy/bin/shaketable-proxy.cjs');

describe('`shaketable proxy -ui`', () => {
  it('says where the page is, beside its log and not in it', async () => {
    const command = startCommand(['proxy', '-ui', '-port', '0'], {
      SHAKETABLE_PAGE_TOKEN: 'a-token-of-my-own',
    });
    await command.printed('Play faults by hand: ');
    const [, url = ''] = /^Play faults by hand: (\S+)$/m.exec(command.output()) ?? [];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=a-token-of-my-own$/);

    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('the fault proxy on port');
    const logged = command
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.join()).not.toContain('a-token-of-my-own');

    command.child.kill('SIGTERM');
    expect((await command.ended).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('is refused in words with a port that is none, one that is taken, or a token that could be guessed', async () => {
    await using taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    const ui = ['proxy', '-ui', '-port', '0', '-ui-port'];
    const refused = [
      { ...(await startCommand([...ui, 'x']).ended), why: 'invalid value "x" for flag -ui-port' },
      {
        ...(await startCommand([...ui, String(port)]).ended),
        why: `LAB_PORT_TAKEN: The page cannot listen on 127.0.0.1:${port}`,
      },
      {
        ...(await startCommand([...ui, '0'], { SHAKETABLE_PAGE_TOKEN: 'short' }).ended),
        why: 'LAB_BAD_INPUT: The token of the page is too short',
      },
    ];

    for (const { output, why } of refused) expect(output).toContain(why);
    expect(refused.map(({ code }) => code)).toEqual([2, 3, 3]);
  });

  it('is not there in the proxy alone, which says where it is', async () => {
    const child = spawn(process.execPath, [alone, '-ui', '-port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(said).toContain('the page comes with the lab: npm install --save-dev shaketable');
    expect(child.exitCode).toBe(2);
  });
});
