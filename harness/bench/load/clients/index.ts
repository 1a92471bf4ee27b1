/** The libraries by name. Packages that the lab does not bring are loaded when they are used. */

import { bodyOf, headersOf, type SendRequest } from './client.ts';
import { createFetchClient } from './fetches.ts';
import { createHttpsClient } from './node-https.ts';

/** How a library is made ready, and the package it needs that the lab does not bring. */
interface Library {
  readonly package?: string;
  create(): Promise<SendRequest>;
}

export const libraries = Object.freeze({
  'https keep-alive': { create: async () => createHttpsClient(true) },
  'https no keep-alive': { create: async () => createHttpsClient(false) },
  fetch: { create: async () => createFetchClient(globalThis.fetch) },
  'undici fetch': { create: async () => createFetchClient((await import('undici')).fetch) },
  'undici Pool': { create: async () => (await import('./undici-pool.ts')).createPoolClient() },
  axios: { package: 'axios', create: createAxiosClient },
  got: { package: 'got', create: createGotClient },
} satisfies Record<string, Library>);

export type LibraryName = keyof typeof libraries;

export const libraryNames = Object.keys(libraries) as LibraryName[];

/** The package that has to be installed for a library; undefined where there is none. */
export function packageOf(name: LibraryName): string | undefined {
  const library: Library = libraries[name];
  return library.package;
}

async function createAxiosClient(): Promise<SendRequest> {
  const { default: axios } = await import('axios');
  return async (request) => {
    const { url, method } = request;
    const { status } = await axios.request({
      url,
      method,
      headers: headersOf(request),
      data: bodyOf(request),
    });
    return status;
  };
}

async function createGotClient(): Promise<SendRequest> {
  const { default: got } = await import('got');
  return async (request) => {
    const { url, method } = request;
    const body = bodyOf(request);
    const { statusCode } = await got(url, {
      method,
      headers: headersOf(request),
      ...(body === undefined ? {} : { body }),
    });
    return statusCode;
  };
}
