/** `toxiproxy-node-client`, as installed with the project. */
import { type ICreateToxicBody, type ToxicType, Toxiproxy } from 'toxiproxy-node-client';
import type { Driver } from './driver.ts';

export function nodeClient(url: string): Driver {
  const client = new Toxiproxy(url);
  return {
    conflict: /status code 409/,
    async create(proxy) {
      await client.createProxy(proxy);
    },
    async remove(proxy) {
      await (await client.get(proxy)).remove();
    },
    async enable(name, enabled) {
      const proxy = await client.get(name);
      await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
    },
    async addToxic(proxy, { name, type, attributes = {} }) {
      const body: ICreateToxicBody<object> = {
        name,
        type: type as ToxicType,
        attributes,
        stream: 'downstream',
        toxicity: 1,
      };
      await (await client.get(proxy)).addToxic(body);
    },
    async updateToxic(proxy, name, attributes) {
      const toxic = await (await client.get(proxy)).getToxic<object>(name);
      await toxic.update({ ...toxic.toJson(), attributes });
    },
    async removeToxic(proxy, name) {
      await (await (await client.get(proxy)).getToxic(name)).remove();
    },
    list: async () => Object.keys(await client.getAll()),
    async populate(proxies) {
      await client.populate(proxies.map((proxy) => ({ ...proxy, enabled: true })));
    },
    reset: () => client.reset(),
    async [Symbol.asyncDispose]() {},
  };
}
