/** `shaketable proxy -ui`: the page for the fault proxy alone. What it takes is loaded when somebody asks for it. */
import type { PageServer } from 'shaketable-proxy/cli';

export const serveProxyPage: PageServer = async (proxies, { port }) => {
  const { startPage } = await import('../page/index.ts');
  return startPage({ proxies, title: `the fault proxy on port ${proxies.port}`, port });
};
