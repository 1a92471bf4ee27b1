/** Another site in the same browser, which even knows the address of the page, and tries what sites can. */
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, type OpenPage, openPage } from '../report/browser.ts';
import { withoutChromium } from '../report/stored-page.ts';
import { type PageRig, startRig, token } from './rig.ts';

describe.skipIf(withoutChromium('another site beside the page'))('another site', () => {
  let rig: PageRig;
  let site: http.Server;
  let page: OpenPage;
  let origin: string;

  beforeAll(async () => {
    rig = await startRig();
    origin = new URL(rig.url).origin;
    site = http.createServer((_, response) =>
      response.setHeader('Content-Type', 'text/html').end('<title>evil</title>'),
    );
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    page = await openPage(chromium ?? '', `http://127.0.0.1:${(site.address() as net.AddressInfo).port}/`);
  });

  afterAll(async () => {
    await page[Symbol.asyncDispose]();
    await rig[Symbol.asyncDispose]();
    site.close();
  });

  const act = JSON.stringify({ link: 'api', enabled: false });

  it.each([
    [
      'an act with the token',
      `fetch('ORIGIN/act/switch-link', { method: 'POST', headers: { Authorization: 'Bearer TOKEN', 'Content-Type': 'application/json' }, body: ACT })`,
    ],
    [
      'an act without a preflight',
      `fetch('ORIGIN/act/switch-link?token=TOKEN', { method: 'POST', body: ACT })`,
    ],
    ['the page', `fetch('ORIGIN/?token=TOKEN')`],
    ['the stream', `fetch('ORIGIN/live?token=TOKEN')`],
    [
      'the stream as an event source',
      `new Promise((resolve, reject) => { const source = new EventSource('ORIGIN/live?token=TOKEN'); source.onmessage = resolve; source.onerror = () => { source.close(); reject(new Error('refused')); }; })`,
    ],
    [
      'the stream as a WebSocket',
      `new Promise((resolve, reject) => { const socket = new WebSocket('ORIGIN/live?token=TOKEN'.replace('http', 'ws')); socket.onopen = resolve; socket.onerror = () => reject(new Error('refused')); })`,
    ],
  ])('cannot have %s', async (_, attempt) => {
    const expression = attempt
      .replaceAll('ORIGIN', origin)
      .replaceAll('TOKEN', token)
      .replaceAll('ACT', JSON.stringify(act));
    expect(await page.evaluate(`(${expression}).then(() => 'had it', () => 'refused')`)).toBe('refused');
    expect(rig.proxies.proxy('api').enabled).toBe(true);
  });

  it('cannot send an act blindly, as a form or without reading the answer', async () => {
    const sent = (): number =>
      page.complaints.filter((text) => text.includes('/act/switch-link') && text.includes('"method":"POST"'))
        .length;
    const before = sent();
    await page.evaluate(
      `fetch('${origin}/act/switch-link', { method: 'POST', mode: 'no-cors', body: ${JSON.stringify(act)} }).catch(() => {})`,
    );
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.name = 'sink';
      document.body.append(frame);
      const form = document.body.appendChild(document.createElement('form'));
      Object.assign(form, { method: 'POST', action: '${origin}/act/switch-link?token=${token}', target: 'sink', enctype: 'text/plain' });
      const field = form.appendChild(document.createElement('input'));
      field.name = ${JSON.stringify(act.slice(0, -1))} + ',"x":"';
      field.value = '"}';
      frame.onload = resolve;
      form.submit();
    })`);
    // Both were sent, or this would prove nothing.
    await expect.poll(() => sent() - before).toBe(2);
    expect(rig.proxies.proxy('api').enabled).toBe(true);
  });

  it('cannot frame the page', async () => {
    const shown = await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.onload = () => { try { resolve(frame.contentDocument === null ? 'an error page' : 'itself'); } catch { resolve('an error page'); } };
      frame.src = '${rig.url}';
      document.body.append(frame);
    })`);
    expect(shown).toBe('an error page');
    const refusals = page.complaints.filter((text) => /X-Frame-Options|frame-ancestors|403/.test(text));
    expect(refusals.length).toBeGreaterThan(0);
  });

  it('is let through by nothing that it sent: the page works as before', async () => {
    await using own = await openPage(chromium ?? '', rig.url);
    await own.until(`document.querySelectorAll('.link-card').length === 2`);
    expect(own.complaints).toEqual([]);
  });
});
