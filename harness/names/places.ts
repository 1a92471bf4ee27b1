/** Where something is: hosts, addresses, paths on a disk, databases, packages of somebody’s own code. */
import { extname } from 'node:path';
import { gap, isOrdinary, type Rule, value } from './rule.ts';

/** File endings and words with a dot that no host has. */
const noHost =
  /\.(?:py|js|ts|mjs|cjs|tsx|jsx|go|rs|java|kt|rb|php|cs|cpp|cc|c|h|hpp|log|txt|json|yaml|yml|toml|xml|html?|css|sql|sh|conf|cfg|ini|md|so|dll|exe|jar|class|pem|crt|key|lock|sock|pid|gz|zip|tar|pcap|pcapng|har|exception|error|timeouts?|socket|request|response|client|server|session|send|read|write|connect|get|post|close|internal|io|util|utils|net|http|https|lang|core|main|handler|handlers|pool|worker|base|query|execute)$/i;
const topLevel =
  /\.(?:com|net|org|io|dev|app|cloud|internal|lan|corp|intra|intranet|home|local|localdomain|svc|cluster|gov|edu|mil|info|biz|tech|xyz|online|site|store|systems|services|software|solutions|agency|group|digital|company|network|host|space|zone|co|ai|me|tv|eu|uk|de|fr|nl|be|at|ch|it|es|pt|pl|cz|se|no|dk|fi|ie|us|ca|br|mx|ar|cl|au|nz|jp|cn|kr|in|sg|hk|tw|za|ru|ua|tr|il|test|example|invalid)$/i;
/** Packages that everybody has. */
const commonPackage =
  /^(?:java|javax|jdk|sun|kotlin|scala|akka|okhttp3|okio|reactor|jakarta|System|Microsoft|org\.(?:apache|springframework|eclipse|asynchttpclient|slf4j|postgresql|mariadb|hibernate|jboss|junit)|com\.(?:sun|mysql|fasterxml|squareup|zaxxer|google|azure|amazonaws|microsoft)|io\.(?:netty|grpc|micrometer|vertx|undertow))\./;

const roles =
  '(?:web|app|db|api|node|host|srv|svr|server|vm|prod|stage|staging|test|mysql|sql|redis|cache|queue|mq|lb|proxy|gw|gateway|edge|core|k8s|master|slave|primary|replica|agent|client|pc|laptop|desktop)';
/** Parts of names of threads, formats and versions, which have a number as hosts do. */
const noMachine =
  /^(?:thread|pool|worker|attempt|connection|main|executor|nio|http|exec|reactor|utf|us|iso|sha|md|line|page|step|level|tls|ssl|ipv?|host|user|token|id|address|secret|path|name|package|identity|peer|log|part|file|vert|grpc|task|run|retry|batch|chunk|stream|socket|eventloop|keep|max|min|non|re|pre|x|e|h|v|python|java|go|node)-|-(?:ms|s|m|h|bit|bytes?|seconds?|minutes?)$/i;

const hostMark =
  '(?:host(?:[-_ ]?name)?|fqdn|server(?:[-_ ]?(?:name|host))?|sni|machine(?:[-_]?(?:id|name))?|node(?:[-_]?name)?|pod(?:[-_]?name)?|instance(?:[-_]?id)?|peer(?:[-_]?(?:name|host))?|upstream|backend|address|addr|data source|endpoint|broker|(?:remote|client|source|dest(?:ination)?|local)[-_ ]?(?:ip|addr(?:ess)?|host)|ip|domain|realm|cluster|namespace)';
const hostField = new RegExp(`(?:^|[-_.]|[a-z](?=[A-Z]))${hostMark}$`);

/** Whether a field of this name holds where something is. */
export const isHostField = (name: string): boolean =>
  hostField.test(name.replace(/^[A-Z]/, (first) => first.toLowerCase())) ||
  hostField.test(name.toLowerCase());

const host =
  (isHost: (word: string) => boolean): Rule['replace'] =>
  (names, [all = '', key = '', between = '', word = '']) =>
    isHost(word) ? `${key}${between}${names.host(word)}` : all;

/** A number of an edition, of a protocol, or a date is none of a machine. */
const isNumbered = (word: string): boolean =>
  !/^\d+-\d+-\d+/.test(word) &&
  word.split('-').some((part) => /\d/.test(part) && !/^(?:v|ipv|http|h)\d+$/i.test(part));

const isNamed = (word: string): boolean => !isOrdinary(word) && !/^\d+$|^[a-z]+:\/\//i.test(word);
/** A word that stands where hosts do, and may be any word. */
const isPlausible = (word: string): boolean =>
  /[.\d-]/.test(word) && !/^[\d.]*$|[.-]$/.test(word) && !noHost.test(word) && !noMachine.test(word);

const ports = /^(?:2[0-9]|53|80|110|143|389|443|465|587|636|993|995|\d{4,5})$/;
const noPort =
  /^(?:port|status|code|line|lineno|pid|tid|errno|time|ms|id|count|size|length|bytes|timeout|attempt|retry|retries|seq|localhost|at|row|col|column|year|took|after|duration|elapsed|error|err|version|number|n|total|limit|[a-z_]*(?:_ms|_id|_code|_count|_size))$/i;

/** A path on a disk keeps its ending, which tells what kind of file it is. */
const path: Rule['replace'] = (names, [all = '']) => {
  const [whole = ''] = /^[\s\S]*?(?=[.,:]*$)/.exec(all) ?? [];
  const ending = /^\.[a-z0-9]{1,6}$/i.test(extname(whole)) ? extname(whole) : '';
  return names.of('path', whole) + ending + all.slice(whole.length);
};

export const placeRules: readonly Rule[] = [
  // A home may be called as somebody is, with a space between.
  {
    find: /(?<![\w.-])\/?(?:home|Users|export\/home)\/[^/"'\n:]{1,64}(?=\/)[^\s"'<>:;,)\]]*/g,
    replace: path,
  },
  { find: /\b[A-Za-z]:(?:\\{1,16}|\/)Users(?:\\{1,16}|\/)[^\\/"'\n:]{1,64}[^\s"'<>|*?:]*/gi, replace: path },
  { find: /(?<![A-Za-z])[A-Za-z]:(?:\\{1,16}|\/(?!\/))[^\s"'<>|*?:]+/g, replace: path },
  { find: /(?<![\\\w])\\{2,32}[A-Za-z0-9][\w.-]+\\{1,32}[^\s"'<>|*?]+/g, replace: path },
  {
    find: /(?<![\w:.\]-]|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) )(?:file:\/\/)?\/(?:home|Users|root|srv|opt|var|etc|usr|mnt|media|data|tmp|app|apps|workspace|builds?|Library|private|Applications|export|nfs|volumes?|proc|run|code|src|www)\/[^\s"'<>:;,)\]]+/g,
    replace: path,
  },
  { find: /(?<![\w/])~[\w-]*\/[^\s"'<>:;,)\]]+/g, replace: path },
  {
    find: /\b([a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s/"'<>@]{1,300}@)?)([\p{L}\p{N}][\p{L}\p{N}._-]{0,252})/giu,
    replace: (names, [, scheme = '', name = '']) => scheme + names.host(name),
  },
  // A database’s or a bucket’s name behind its server.
  {
    find: /\b((?:jdbc:)?(?!https?|wss?|file|tcp)[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/"'<>]*\/|@(?:tcp|unix)?\([^)\s]*\)\/)([^\s?"';,)…]{2,})/gi,
    replace: (names, [, before = '', name = '']) => before + names.of('name', name),
  },
  {
    find: /\b((?:unknown )?(?:database|schema|catalog|table)\s+)(["'`])([^"'`\s]{2,})/gi,
    replace: (names, [, before = '', quote = '', name = '']) => `${before}${quote}${names.of('name', name)}`,
  },
  {
    find: /\b(duplicate entry\s+["'`])([^"'`\n]+)/gi,
    replace: (names, [, before = '', name = '']) => before + names.of('name', name),
  },
  {
    find: /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?!\d)/g,
    replace: (names, [, address = '']) => names.address(address),
  },
  {
    find: /(?<![\w:.])[0-9a-f]{0,4}:[0-9a-f:]{1,38}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/gi,
    replace: (names, [all = '']) => names.address6(all),
  },
  {
    find: /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi,
    replace: (names, [all = '']) => names.of('address', all),
  },
  {
    find: /\b(?:ip-)?\d{1,3}(?:[-_]\d{1,3}){3}\b/g,
    replace: (names, [all = '']) => names.of('address', all),
  },
  // syslog (RFC 3164, RFC 5424) has the host behind the time.
  {
    find: /^((?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|<\d+>1 \S+))( )([\w.-]+)(?= )/gm,
    replace: host(isNamed),
  },
  {
    find: new RegExp(`((?<![A-Za-z])${hostMark}(?![A-Za-z]))(${gap})${value}`, 'gi'),
    replace: (names, [all = '', key = '', between = '', word = '']) => {
      const [, name = '', rest = ''] = /^([\p{L}\p{N}._-]+)([\s\S]*)$/u.exec(word) ?? [];
      return isNamed(name) && !isFile(name) ? `${key}${between}${names.host(name)}${rest}` : all;
    },
  },
  {
    find: /\b(getaddrinfo(?: ENOTFOUND| EAI_AGAIN)?|lookup|ENOTFOUND|EAI_AGAIN|(?:un)?known ?host(?:Exception)?:?|resolve(?: host| hostname| address)?:?|resolving(?: host)?:?|[Hh]ost(?:name)?|ssh|ping|certificate (?:is )?(?:not )?(?:valid )?for|match(?:es)?|altnames: Host:|altname\(s\)?|DNS:|CN=|O=|OU=)(\s*["'“‘]?)([A-Za-z0-9][\w.-]{1,253})/g,
    replace: (names, [all = '', key = '', between = '', word = '']) => {
      const isSure = /lookup|ENOTFOUND|EAI_AGAIN|nknown|resolv|["'“‘=:]$/.test(key + between);
      const isHost = (isSure ? isNamed : isPlausible)(word) && !isFile(word);
      return isHost ? `${key}${between}${names.host(word)}` : all;
    },
  },
  {
    find: /\b()()([A-Za-z][\w.-]{1,253})(?= port \d)/g,
    replace: host(
      (word) =>
        isNamed(word) &&
        !/^(?:destination|source|remote|local|server|client|tcp|udp|unix|open|closed|this|that)$/i.test(word),
    ),
  },
  {
    find: /\b()()([A-Za-z][\w-]{1,62}(?:\.[\w-]{1,62})*)(?=:(\d{2,5})\b(?![:.]\d))/g,
    replace: (names, [all = '', , , word = '', port = '']) =>
      ports.test(port) && !noPort.test(word) && !noHost.test(word) ? names.host(word) : all,
  },
  // Packages are called after whose code they are.
  {
    find: /\b(?:com|org|net|io|de|eu|fr|uk|co|dev|app|ch|nl)(?:\.[A-Za-z_][\w]*)+\.([A-Z][\w$]*)/g,
    replace: (names, [all = '', type = '']) =>
      commonPackage.test(all) ? all : `${names.of('package', all.slice(0, -type.length - 1))}.${type}`,
  },
  {
    find: /(?<![\p{L}\p{N}_-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?\.){1,8}[a-z][a-z0-9-]{1,24}(?![\w(])/giu,
    replace: (names, [all = '']) => (isDottedHost(all) ? names.host(all) : all),
  },
  // Machines are called by what they are for, with a number.
  {
    find: new RegExp(String.raw`(?<![\w.@/-])${roles}\d{1,4}(?![\w.(])`, 'gi'),
    replace: (names, [all = '']) => names.host(all),
  },
  {
    find: /(?<![\w.@/-])(?=[\w-]*[a-z])(?=[\w-]*\d)[a-z0-9]+(?:-[a-z0-9]+)+(?![\w(/-])/gi,
    replace: (names, [all = '']) => (noMachine.test(all) || !isNumbered(all) ? all : names.host(all)),
  },
];

/** A name with the ending of a file, or of a part of a program. */
const isFile = (word: string): boolean => noHost.test(word) && !topLevel.test(word);

function isDottedHost(word: string): boolean {
  if (commonPackage.test(word) || /^[A-Z]\w*[a-z]\w*\.[A-Z]/.test(word)) return false;
  if (topLevel.test(word)) return true;
  return !noHost.test(word) && word.split('.').length >= 3 && /[\d-]/.test(word);
}
