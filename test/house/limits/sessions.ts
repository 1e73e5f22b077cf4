import type { Limit } from './limit.js';

const messages = 'postern_messages_refused_total';
const logins = 'postern_logins_refused_total';
const slowServer = 'gateway/proxy/a-slow-server-is-waited-for-with-a-harmless-get.test.ts';
const guesses = 'gateway/who-guesses-is-not-looked-at-and-keeps-nobody-out.test.ts';
const guessed = 'base/an-account-that-was-wrong-is-looked-at-ever-more-seldom.test.ts';
const retries = 'gateway/alerts-that-a-server-did-not-take-are-retried-in-a-session-without-the-device.test.ts';
const ended = 'postern_sessions_ended_total';
const endless = 'gateway/a-session-without-end-is-ended.test.ts';

/** Of sessions, of what waits for them, and of credentials. */
export const sessionLimits: readonly Limit[] = [
  {
    of: 'limits.sessions',
    effect: '503 with Retry-After; those who have not proved themselves make room first.',
    metric: messages,
    proof: 'gateway/open-sessions-are-bounded.test.ts',
  },
  {
    of: 'limits.sessionIdle',
    effect: 'The session ends; its server hears 1223.',
    metric: 'postern_sessions_ended_total',
    proof: 'gateway/proxy/a-device-that-vanishes-leaves-the-statuses-that-there-are.test.ts',
  },
  {
    of: 'limits.deviceWait',
    effect: 'The device gets a harmless Get, and what the server wants later.',
    met: 'limits.deviceWait',
    proof: slowServer,
  },
  {
    of: 'north.answerTimeout',
    effect: 'The session north ends; what it had is tried again.',
    metric: 'postern_sessions_ended_total',
    proof: 'gateway/proxy/a-server-that-fails-never-hangs-the-device.test.ts',
  },
  { of: 'retry.maxAge', effect: 'The alert is given up.', metric: 'postern_reports_settled_total', proof: retries },
  {
    of: 'retry.sessionsPerSecond',
    effect: 'The others wait for their turn; those of triggers to the gateway itself count too. How much waits: `postern_outbox_pending`.',
    proof: 'gateway/after-an-outage-no-second-has-more-new-sessions-than-the-rate.test.ts',
  },
  {
    of: 'retry.alertsPerDevice',
    effect: 'The device gets status 417 for a further one, and reports it later.',
    met: 'retry.alertsPerDevice',
    proof: 'store/a-report-is-queued-once-and-within-bounds.test.ts',
  },
  {
    of: 'Alerts of one device that wait, together',
    fixed: '4 MiB, and the one that reaches them',
    effect: 'The device gets status 417 for a further one, and reports it later.',
    proof: 'store/a-report-is-queued-once-and-within-bounds.test.ts',
  },
  {
    of: 'logins.failuresPerHour',
    effect: 'It is looked at only where it was right before, or with the nonce that the device was given.',
    metric: logins,
    proof: guessed,
  },
  {
    of: 'Addresses from which an account was right, over restarts, as digests',
    fixed: '8 of one account, 16 384 of all, each for 90 days after its last use',
    effect: 'That which was used longest ago is forgotten, and counts as any other.',
    proof: 'store/where-accounts-were-right-outlives-a-restart.test.ts',
  },
  {
    of: 'logins.longestDelay',
    effect: 'The wait after a wrong password grows no longer: then one more is looked at.',
    metric: logins,
    proof: guessed,
  },
  {
    of: 'Sessions of our own, for reports and triggers, at once',
    fixed: '16 with one DM server, 64 with all',
    effect: 'The others wait.',
    proof: 'gateway/sessions-of-our-own-are-bounded-at-once.test.ts',
  },
  {
    of: 'Sessions of our own with a DM server that does not answer',
    fixed: '1 at a time, each after a random part of `retry.cap`',
    effect: 'The others wait until it has answered anybody.',
    metric: 'postern_servers_away',
    proof: 'gateway/a-server-that-is-away-is-tried-by-one-session-at-a-time.test.ts',
  },
  {
    of: 'Sessions of devices with such a server, and for a minute after its return',
    fixed: '`retry.sessionsPerSecond`; as many wait as have their turn within 5 s, a quarter of `limits.sessions` at most',
    effect:
      'A further device that has proved itself gets 503 with Retry-After when it will be its turn, 5 min at most; nothing of its message is taken.',
    metric: messages,
    proof: 'gateway/a-thousand-devices-that-come-back-by-themselves-meet-their-server-under-the-rate.test.ts',
  },
  {
    of: 'Tries of such a server because a trigger of its came again',
    fixed: '1 between two tries, `retry.first` after the last, not before its Retry-After',
    effect: 'Further ones hurry nothing.',
    metric: 'postern_triggers_total',
    proof: 'gateway/a-sign-of-life-of-a-server-that-is-away-is-followed-at-once.test.ts',
  },
  {
    of: 'Retry-After of a DM server',
    fixed: '1 h',
    effect: 'It is tried after that time, whatever it says.',
    metric: 'postern_servers_away',
    proof: 'gateway/a-server-that-says-when-to-come-back-is-left-alone-until-then.test.ts',
  },
  {
    of: 'Messages of a package without Final',
    fixed: '1000',
    effect: 'The session ends.',
    metric: 'postern_sessions_ended_total',
    proof: endless,
  },
  {
    of: 'Wrong credentials of one account from one address',
    fixed: '5, then one after 1 s, 2 s, 4 s, …: 10 in a minute',
    effect: '503 (forward proxy: 429) with Retry-After, CONNACK 3; they are not looked at.',
    metric: logins,
    proof: guesses,
  },
  {
    of: 'Accounts, and accounts at an address, whose wrong credentials are remembered',
    fixed: '4096 of devices that exist, 4096 of others',
    effect: 'The one that was wrong longest ago is forgotten.',
    proof: guessed,
  },
  {
    of: 'What a package of a device holds, over all its messages',
    fixed: '8 objects of the largest size, `limits.objectBytes` and `limits.maxMsgSize` each',
    effect: '503, and the session ends.',
    metric: ended,
    proof: 'gateway/a-package-that-is-never-closed-is-bounded.test.ts',
  },
  {
    of: 'Messages of one session of a device, both ways',
    fixed: '100 000',
    effect: '503, and the session ends; its server hears 1223.',
    metric: ended,
    proof: endless,
  },
  {
    of: 'Harmless Gets that a device gets in one session, while its server takes its time',
    fixed: '8',
    effect: 'The session of the device ends as any other, and its server hears 1223.',
    metric: ended,
    proof: slowServer,
  },
  {
    of: 'Packages of commands that a DM server sends in one session',
    fixed: '1000',
    effect: 'The session north ends with 1223; that of the device goes on with its next server.',
    metric: ended,
    proof: endless,
  },
  {
    of: 'Messages of one session without credentials, or with wrong ones',
    fixed: '3',
    effect: 'The third is answered with its status and no challenge, and the session ends.',
    metric: 'postern_authentication_failures_total',
    proof: 'dm/server/a-third-failure-is-refused-without-a-challenge.test.ts',
  },
];
