/** Bearer tokens in requests, and how they may be shown. */

/** The characters of a bearer token (RFC 6750, section 2.1), in at most as many as the database keeps. */
const bearer = /^bearer +([A-Za-z0-9\-._~+/]{1,255}=*) *$/i;

/** The token of an `Authorization` header, if the header has one that could be valid. */
export function readBearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : bearer.exec(header)?.[1];
}

/**
 * What may be shown of a token: `abc12345...xyz9` (R2.3). Of one that is too short to keep its secret that way,
 * nothing is shown.
 */
export function previewToken(token: string): string {
  return token.length < 20 ? '***' : `${token.slice(0, 8)}...${token.slice(-4)}`;
}
