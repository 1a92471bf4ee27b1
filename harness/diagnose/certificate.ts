/** What is wrong with the certificates that a server presents: everything at once, not the first thing alone. */
import { checkServerIdentity, type DetailedPeerCertificate, type PeerCertificate } from 'node:tls';

/** Something wrong, and what to do about it. */
export interface Flaw {
  readonly cause: string;
  readonly remedy: string;
}

export interface Presented {
  /** The server's own certificate; the others follow by `issuerCertificate`. */
  readonly leaf: DetailedPeerCertificate;
  /** What OpenSSL says of the chain: `CERT_HAS_EXPIRED`; undefined where it trusts it. */
  readonly chainError: string | undefined;
  readonly hostname: string;
  readonly ownCa: boolean;
  /** This machine's time, epoch ms. */
  readonly now: number;
}

/** The certificates from the server's to the last that it sent or that is trusted. */
export function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (
    let next: DetailedPeerCertificate | undefined = leaf;
    next?.fingerprint256 !== undefined &&
    !chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256);
    next = next.issuerCertificate
  )
    chain.push(next);
  return chain;
}

export function flawsOf(presented: Presented): Flaw[] {
  const { leaf, hostname } = presented;
  const dates = chainOf(leaf).flatMap((certificate, index) =>
    dateFlaw(certificate, index === 0, presented.now),
  );
  const identity = checkServerIdentity(hostname, leaf);
  const name: Flaw[] = identity
    ? [
        {
          cause: `The certificate is for ${namesOf(leaf).join(', ') || 'no name at all'}, not for ${hostname}`,
          remedy: `Use a name that it is for in the URL, or get a certificate that names ${hostname}`,
        },
      ]
    : [];
  return [...dates, ...name, ...chainFlaw(presented, dates.length > 0)];
}

function dateFlaw(certificate: PeerCertificate, isLeaf: boolean, now: number): Flaw[] {
  const which = isLeaf ? 'The certificate' : `The certificate of the authority ${nameOf(certificate)}`;
  const [from, to] = [Date.parse(certificate.valid_from), Date.parse(certificate.valid_to)];
  const clock = `if this machine’s clock is right (it says ${day(now)})`;
  if (now > to)
    return [
      {
        cause: `${which} expired ${span(now - to)} ago, on ${day(to)}`,
        remedy: `Renew it, have the server load the new one, and see why renewal was missed; ${clock}`,
      },
    ];
  if (now < from)
    return [
      {
        cause: `${which} is not valid yet: it begins on ${day(from)}, in ${span(from - now)}`,
        remedy: `Wait, or have it issued with an earlier beginning; ${clock}`,
      },
    ];
  return [];
}

function chainFlaw({ leaf, chainError, ownCa }: Presented, datesAreWrong: boolean): Flaw[] {
  const issuer = leaf.issuer?.O ?? leaf.issuer?.CN ?? 'an authority without a name';
  const trust = ownCa
    ? 'Give the right authority with --ca: the file that was given does not have it'
    : 'Give its authority with --ca FILE if it is your own, and to the agent as well (SSL_CERT_FILE, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS)';
  switch (chainError) {
    case undefined:
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [];
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return datesAreWrong
        ? []
        : [
            {
              cause: 'A certificate of the chain is out of its dates',
              remedy: 'Renew the certificates of the authorities',
            },
          ];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return [
        {
          cause: 'The certificate is signed with its own key, so that anybody could have made it',
          remedy: `${trust}; or get one from an authority`,
        },
      ];
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return [{ cause: `The certificate is from ${issuer}, whose root is not trusted here`, remedy: trust }];
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return [
        {
          cause: `The certificate is from ${issuer}, which is not trusted here, and the server sends nothing that leads to an authority which is`,
          remedy: `Have the server send the whole chain with the intermediate certificates, if ${issuer} is one; else: ${trust[0]?.toLowerCase()}${trust.slice(1)}`,
        },
      ];
    default:
      return [
        {
          cause: `The certificate is not accepted (${chainError})`,
          remedy: 'Look at it with `openssl s_client -showcerts -connect HOST:PORT`',
        },
      ];
  }
}

/** Names and addresses that a certificate is for. */
export function namesOf({ subjectaltname, subject }: PeerCertificate): string[] {
  const names = [...(subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,]+)/g)].map(
    ([, name = '']) => name,
  );
  return names.length > 0 ? names : [subject?.CN].flat().filter((name) => name !== undefined);
}

/** How a certificate is called in a chain. */
export const nameOf = (certificate: PeerCertificate): string =>
  [certificate.subject?.CN ?? certificate.subject?.O ?? namesOf(certificate)[0] ?? 'without a name']
    .flat()
    .join(' ');

const soonMs = 30 * 24 * 60 * 60_000;

/** What will be wrong soon: within a month, and within the last tenth of the certificate's life. */
export function soonExpired(leaf: PeerCertificate, now: number): string[] {
  const [from, to] = [Date.parse(leaf.valid_from), Date.parse(leaf.valid_to)];
  return to - now < Math.min(soonMs, (to - from) / 10)
    ? [`The certificate expires in ${span(to - now)}, on ${day(to)}`]
    : [];
}

export const day = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\.\d+Z$/, ' UTC');

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A stretch of time in the unit that fits. */
export function span(ms: number): string {
  const [size, unit] =
    ms >= 2 * dayMs
      ? [dayMs, 'days']
      : ms >= 120 * minuteMs
        ? [60 * minuteMs, 'hours']
        : ms >= 2 * minuteMs
          ? [minuteMs, 'minutes']
          : [1_000, 's'];
  return `${Math.floor(ms / size)} ${unit}`;
}
