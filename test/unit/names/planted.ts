/** Names as they stand in tickets, and the texts that carry them, for tests that look for them in what the lab writes. */

/** A name that is planted, and the parts of it that would give it away. */
export interface Planted {
  readonly kind: string;
  readonly name: string;
  /** A text with the name in it; `NAME` stands for it. */
  readonly texts: readonly string[];
}

export const plants: readonly Planted[] = [
  {
    kind: 'host',
    name: 'api.zephyrcorp.internal',
    texts: [
      'POST https://NAME:8443/v1/report failed',
      'dial tcp: lookup NAME on 192.0.2.53:53: no such host',
      'getaddrinfo ENOTFOUND NAME',
      "HTTPSConnectionPool(host='NAME', port=443): Max retries exceeded with url: /v1/report",
      'java.net.UnknownHostException: NAME',
      '{"hostname":"NAME","port":443}',
      'connect to NAME port 443 failed',
      'curl: (6) Could not resolve host: NAME',
      'wss://NAME/ws closed',
      'peer=NAME state=down',
    ],
  },
  {
    kind: 'bare host',
    name: 'zephyrion',
    texts: [
      'connect to zephyr://NAME:3306 failed',
      'cannot connect to NAME:3306',
      "host='NAME' is down",
      'host=NAME port=443',
      'curl: (6) Could not resolve host: NAME',
      'lookup NAME: no such host',
      '{"host":"NAME"}',
      'connect to NAME port 5432 failed',
      'mysql://fleet@NAME/x',
      "Host 'NAME' is not allowed to connect",
    ],
  },
  {
    kind: 'machine',
    name: 'zephyr-web-07',
    texts: ['on NAME: lost', 'node NAME is not ready', 'ssh NAME', 'agent@NAME'],
  },
  {
    kind: 'mDNS host',
    name: 'zephyrs-macbook.local',
    texts: ['cannot reach NAME', 'https://NAME:8443/x', '{"server_name":"NAME"}'],
  },
  {
    kind: 'IPv4',
    name: '10.83.47.219',
    texts: [
      'connect ECONNREFUSED NAME:443',
      'dial tcp NAME:443: connect: connection refused',
      'read tcp 10.83.47.219:51234->NAME:443',
      'from NAME, port 22',
      'IP NAME.51234 > 192.0.2.1.443: Flags [R]',
      '[NAME]',
      '{"remoteAddress":"NAME"}',
      '::ffff:NAME',
      'subnet NAME/24',
    ],
  },
  {
    kind: 'IPv4 in a name',
    name: 'ip-10-83-47-219',
    texts: ['host NAME lost', 'on NAME.eu-west-1.compute.internal'],
  },
  {
    kind: 'IPv6',
    name: '2a0b:4e7:9c1f::83:219',
    texts: [
      'connect to [NAME]:443 failed',
      'dial tcp [NAME]:443: i/o timeout',
      'peer NAME lost',
      'addr=NAME,x',
    ],
  },
  { kind: 'MAC', name: '4c:ed:fb:83:47:19', texts: ['link of NAME is down', 'mac=NAME'] },
  {
    kind: 'token',
    name: 'zq9Lm3Xv8RtK2pWn',
    texts: [
      'Authorization: Bearer NAME',
      'authorization: "Bearer NAME"',
      "headers={'Authorization': 'Bearer NAME', 'Accept': '*/*'}",
      '{"client_token":"NAME"}',
      'token=NAME',
      'X-Api-Key: NAME',
      'client_secret=NAME',
      'GET /v1/report?access_token=NAME&n=1 HTTP/1.1',
      'https://example.com/callback#id_token=NAME',
      'AccountKey=NAME;EndpointSuffix=x',
      'agent --token NAME',
      "('Authorization', 'Bearer NAME')",
      'fleet rejected NAME at once',
      '[NAME]',
    ],
  },
  {
    kind: 'password',
    name: 'zephyr!rosebud',
    texts: [
      'password=NAME',
      "'password': 'NAME'",
      'DB_PASSWORD="NAME"',
      'mysql://fleet:NAME@192.0.2.7/x',
      'fleet:NAME@tcp(192.0.2.7:3306)/x',
      'mysql -ufleet -pNAME fleet',
      'Server=192.0.2.7;Uid=fleet;Pwd=NAME;',
      "IDENTIFIED BY 'NAME'",
      'agent --password NAME --verbose',
      'passphrase: NAME',
    ],
  },
  {
    kind: 'database',
    name: 'zephyrledger',
    texts: [
      'mysql://fleet@192.0.2.7:3306/NAME',
      'jdbc:mysql://192.0.2.7/NAME?ssl=1',
      "Unknown database 'NAME'",
      'dbname=NAME user=x',
      'fleet:x@tcp(192.0.2.7:3306)/NAME',
      'Initial Catalog=NAME;',
    ],
  },
  {
    kind: 'user',
    name: 'ophelia.quint',
    texts: [
      'login failed for NAME',
      'user=NAME',
      '{"username":"NAME"}',
      "Access denied for user 'NAME'@'192.0.2.9' (using password: YES)",
      'user NAME is locked',
      'logged in as NAME',
      '/v1/users/NAME/report failed',
      'https://NAME@example.com/x',
      'db_user: NAME',
    ],
  },
  {
    kind: 'plain user',
    name: 'ophelia',
    texts: [
      'user=NAME',
      "for user 'NAME'",
      'logged in as NAME',
      'User: NAME',
      'DOMAIN\\NAME',
      'GET /v1/users/NAME/x',
      'failed password for user NAME from 192.0.2.1',
    ],
  },
  {
    kind: 'e-mail',
    name: 'ophelia.quint@zephyrcorp.example.org',
    texts: [
      'mail to NAME bounced',
      '<NAME>',
      'email=NAME',
      '{"email":"NAME"}',
      "Duplicate entry 'NAME' for key 'users.email'",
      'mailto:NAME',
      'owner NAME',
    ],
  },
  {
    kind: 'e-mail of letters that are not ASCII',
    name: 'jürgen.straße@zephyr-köln.de',
    texts: ['mail to NAME bounced', 'email=NAME'],
  },
  {
    kind: 'cookie',
    name: 'zx81moonlight',
    texts: [
      'Cookie: sid=NAME; theme=dark',
      'Set-Cookie: session=NAME; HttpOnly',
      '{"cookie":"sid=NAME"}',
      "'Cookie': 'a=b; sid=NAME'",
    ],
  },
  {
    kind: 'query',
    name: 'moonraker77',
    texts: ['GET /v1/report?customer=NAME&x=1', 'https://example.com/a?q=NAME', 'url: /r?a=1&b=NAME'],
  },
  {
    kind: 'path',
    name: 'zephyrhome',
    texts: [
      'cannot open /home/NAME/.fleet/agent.log',
      'File "/srv/NAME/agent.py", line 3',
      'C:\\Users\\NAME\\agent.log',
      'C:\\\\Users\\\\NAME\\\\agent.log',
      '/Users/NAME X/agent.log',
      'at run (/opt/NAME/agent.js:3:1)',
      'file:///home/NAME/x.js:3',
      '~NAME/x',
      '\\\\\\\\example\\\\NAME\\\\x',
    ],
  },
  {
    kind: 'package',
    name: 'zephyrsoft',
    texts: ['com.NAME.fleet.AgentException: Connection refused', 'at com.NAME.fleet.Agent.run(Agent.java:3)'],
  },
  {
    kind: 'number of somebody',
    name: '105945141827451681156',
    texts: ['user NAME closed', 'id NAME', 'account NAME', 'key=NAME'],
  },
  {
    kind: 'UUID',
    name: '5eb85c3f-8817-4483-82b3-bd9fdb2e78c4',
    texts: ['agent NAME not found', '/v1/agents/NAME', 'id=NAME'],
  },
  {
    kind: 'JWT',
    name: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcGhlbGlhIn0.R0lUSFVCLXNpZ25hdHVyZQ',
    texts: ['token NAME expired', 'bearer NAME', '"NAME"'],
  },
];

/** Forms in which a text may stand. */
export const forms: Readonly<Record<string, (text: string, name: string) => string>> = {
  plain: (text, name) => text.replaceAll('NAME', name),
  'percent-encoded': (text, name) => text.replaceAll('NAME', percent(name)),
  'percent-encoded twice': (text, name) => text.replaceAll('NAME', encodeURIComponent(percent(name))),
  'in JSON within JSON': (text, name) => JSON.stringify(text.replaceAll('NAME', name)),
  'in JSON twice': (text, name) => JSON.stringify(JSON.stringify(text.replaceAll('NAME', name))),
  'with \\u escapes': (text, name) =>
    text.replaceAll(
      'NAME',
      name.replace(/[@.]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    ),
  'with a colour within': (text, name) =>
    text.replaceAll('NAME', `${name.slice(0, 3)}\u001b[31m${name.slice(3)}\u001b[0m`),
  'in capitals': (text, name) => text.replaceAll('NAME', name.toUpperCase()),
};

const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[.!_-]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
