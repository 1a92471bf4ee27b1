/** R4.1, R4.4, R4.5, field issues F1 and F11: what a channel owes its owner when the server says no, when it is away, and for good. */
import {
  changeRows,
  count,
  each,
  followed,
  type Matcher,
  refuseConnections,
  scenario,
  toxic,
} from 'shaketable';
import { createChannel, honestCounts, honestSuccess, received, sends } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const strikes = (fault: string) => ({ kind: 'fault.strike', fault }) satisfies Matcher;
const opened = { kind: 'server.log', event: 'ws_open' } satisfies Matcher;
const closed = { kind: 'server.log', event: 'ws_close' } satisfies Matcher;
const refused = { kind: 'server.log', event: 'auth_failed', path: '/ws' } satisfies Matcher;
const outage = { kind: 'agent.log', event: 'operation_failed', operation: 'ws_connect' } satisfies Matcher;

/** Longer than the server takes: 64 KiB is the most. */
const tooLong = 'x'.repeat(100_000);
const inLine = ['line/1', 'line/2', 'line/3', 'line/4'];

/** Cuts a connection on the first byte of an answer: the server has taken the message, and the client cannot know. */
const answerCutOff = {
  fault: toxic({ type: 'reset_after', attributes: { bytes: 1 } }),
  link: 'agent→server',
  from: 'manual',
  until: { strikes: 1 },
} as const;

scenario({
  id: 'silent-socket/keeps-its-word',
  title: 'A channel says of each message what became of it, and of each outage that it began and ended',
  requirements: ['R4.1', 'R4.4', 'R4.5'],
  story:
    'A message that the server does not understand, and one that is too long for it. One whose answer is cut off, which must ' +
    'not be sent a second time, for nobody said that it may be; four more that wait in line for the next connection. Then the ' +
    'server is away for a while, twice, and later it refuses the token of a channel that it had accepted before. As reported, each of ' +
    'these messages was a success, and nobody came back after the outage.',
  faults: {
    'answer cut off': answerCutOff,
    'cut off again': answerCutOff,
    down: { fault: refuseConnections(), link: 'agent→server', from: 'manual' },
    'down again': { fault: refuseConnections(), link: 'agent→server', from: 'manual' },
    disabled: {
      fault: changeRows({
        kind: 'account_disabled',
        apply: 'UPDATE {schema}.clients SET is_active = 0',
        struckBy: refused,
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const open = async (userId: string) => {
      // How long a goodbye takes on a busy machine, nothing here is about.
      const policy = { closeTimeoutMs: 60_000 };
      const subject = createChannel(table, reference, { environment: 'development', userId, policy });
      await subject.channel.open();
      return subject;
    };
    const message = (id: string, text = 'hello') => ({ type: 'user_message', id, text });
    const once = { timeoutMs: 60_000 };
    const again = { ...once, idempotent: true };

    const talks = await open('talks');
    await talks.send({ type: '', id: 'senseless' }, once);
    await talks.send(message('too long', tooLong), once);
    await table.inject('answer cut off');
    const caught = talks.send(message('caught'), once);
    await table.until(strikes('answer cut off'), { withinMs: 60_000 });
    await caught;
    await Promise.all(inLine.map((id) => talks.send(message(id), again)));
    // What was sent before the goodbye is answered before it.
    const lastWord = talks.send(message('last word'), once);
    await talks.channel.close();
    await lastWord;

    const waits = await open('waits');
    // Who never says so, or never comes back by itself, is not waited for twice as long.
    const withinMs = table.subject === 'naive' ? 60_000 : 120_000;
    for (const [before, fault] of ['down', 'down again'].entries()) {
      if (before > 0) await waits.channel.open();
      await table.inject(fault);
      await table.until(outage, { nth: before + 1, withinMs });
      await table.lift(fault);
      await table.until({ ...opened, user: 'waits' }, { nth: before + 2, withinMs });
      await waits.send(message(`${fault} and back`), again);
    }
    await waits.channel.close();

    const suspended = await open('suspended');
    await table.inject('disabled');
    await table.inject('cut off again');
    await suspended.send(message('the last one'), once);
    await table.until(refused, { nth: 2, withinMs: 60_000 });
    await table.sleep(20_000);
    await suspended.send(message('with a refused token'), once);
  },
  checks: {
    'honest-success': honestSuccess,
    ...honestCounts,
    'senseless-is-told': each('a message that the server takes for invalid has failed', {
      of: { ...sends, id: 'senseless' },
      has: { status: 'failed', reason: 'rejected' },
      given: sends,
    }),
    'length-is-told': each('so has one that is too long for it', {
      of: { ...sends, id: 'too long' },
      has: { status: 'failed', reason: 'too_large' },
      given: sends,
    }),
    'never-too-long': count('and the server never sees it', {
      of: { kind: 'server.log', event: 'ws_error', message: { matches: 'Max payload size exceeded' } },
      given: closed,
      atMost: 0,
      unit: 'messages',
    }),
    'doubt-is-told': each('of a message whose answer is cut off nobody knows', {
      of: { ...sends, id: 'caught' },
      has: { status: 'unknown' },
      given: strikes('answer cut off'),
    }),
    'sent-once': count('and it is not sent again', {
      of: { ...received, id: 'caught' },
      given: strikes('answer cut off'),
      atLeast: 1,
      atMost: 1,
      unit: 'messages',
    }),
    'in-order': followed('what waited in line comes in its order', {
      each: { ...received, id: 'line/1' },
      by: { ...received, id: 'line/4' },
    }),
    'in-line-arrives': each('and is acknowledged', {
      of: { ...sends, id: { matches: '^line/' } },
      has: { status: 'acknowledged' },
      given: strikes('answer cut off'),
    }),
    'last-word-counts': each('what was sent right before the end is acknowledged, with who took it', {
      of: { ...sends, id: 'last word' },
      has: { status: 'acknowledged', handler: 'UserMessageHandler' },
      given: sends,
    }),
    'says-goodbye': count('a channel that its owner closes says so to the server', {
      of: { ...closed, code: 1000 },
      given: closed,
      atLeast: 2,
      unit: 'connections',
    }),
    'outage-is-told': count('each of two outages is told of at ERROR once, after five attempts', {
      of: { ...outage, level: 'error', attempt: 5 },
      given: strikes('down again'),
      atLeast: 2,
      atMost: 2,
      unit: 'records',
    }),
    'end-is-told': followed('and so is its end', {
      each: { kind: 'fault.lifted', fault: { anyOf: ['down', 'down again'] } },
      by: { kind: 'agent.log', level: 'info', event: 'operation_recovered', operation: 'ws_connect' },
    }),
    'asks-twice': count('a token that was accepted before is refused twice before it is taken for lost', {
      of: refused,
      given: strikes('disabled'),
      atLeast: 2,
      atMost: 2,
      unit: 'upgrades',
    }),
    'refusal-is-told': each('then no message is accepted that could not leave', {
      of: { ...sends, id: 'with a refused token' },
      has: { status: 'failed', reason: 'refused' },
      given: strikes('disabled'),
    }),
    'failures-have-levels': each('a definite failure is a WARN', {
      of: { kind: 'agent.log', event: 'ws_send_failed', outcome: 'failed' },
      has: { level: 'warn' },
      given: sends,
    }),
    'doubts-have-levels': each('a doubt is an ERROR', {
      of: { kind: 'agent.log', event: 'ws_send_failed', outcome: 'unknown' },
      has: { level: 'error' },
      given: strikes('answer cut off'),
    }),
    'refused-is-logged': count('a lost token is an ERROR, once', {
      of: { kind: 'agent.log', event: 'auth_refused', level: 'error' },
      given: strikes('disabled'),
      atLeast: 1,
      atMost: 1,
      unit: 'records',
    }),
  },
  reported: ['honest-success', 'senseless-is-told', 'length-is-told', 'end-is-told'],
});
