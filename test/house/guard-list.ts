/** A line that keeps something out, what the source says without it, and the test that must then fail. */
export interface Guard {
  /** What it keeps out. */
  readonly against: string;
  readonly file: string;
  /** Stands there exactly once. */
  readonly text: string;
  readonly without: string;
  /** Below `test`. */
  readonly proof: string;
}

const guesses = 'gateway/who-guesses-is-not-looked-at-and-keeps-nobody-out.test.ts';
const guessed = 'base/an-account-that-was-wrong-is-looked-at-ever-more-seldom.test.ts';
const doors = 'transport/every-http-door-refuses-what-can-be-read-two-ways.test.ts';
const heads = 'src/transport/request-head.ts';
const limits = 'dm/syncml/each-limit-is-enforced.test.ts';
const scanner = 'src/dm/syncml/xml-scanner.ts';
const wayOut = 'transport/forward-proxy/a-name-leads-only-to-the-address-that-was-judged.test.ts';
const frames = 'broker/what-claims-too-much-is-closed-and-holds-nothing.test.ts';
const places = 'broker/nobody-reaches-the-place-of-another.test.ts';
const triggers = 'gateway/triggers/ten-thousand-forged-or-replayed-triggers-cause-no-connection.test.ts';
const credit = 'discovery/ssdp/an-answer-is-never-larger-than-what-came.test.ts';
const bundle = 'api/a-bundle-tells-everything-but-names-nobody.test.ts';
const oversize = 'transport/an-oversize-body-is-refused-without-reading-on.test.ts';
const awayServer = 'gateway/a-server-that-is-away-is-tried-by-one-session-at-a-time.test.ts';

/** The guards whose loss would matter most; `npm run guards` takes each away and demands that its test fails. */
export const guards: readonly Guard[] = [
  {
    against: 'an acknowledgement of what the disk does not hold yet',
    file: 'src/store/database.ts',
    text: 'return (this.#turn ?? this.#syncing)?.ended() ?? Promise.resolve();',
    without: 'return this.#turn?.ended() ?? Promise.resolve();',
    proof: 'store/an-acknowledgement-waits-for-the-disk-and-the-event-loop-does-not.test.ts',
  },
  {
    against: 'a peer that proves nothing',
    file: 'src/dm/session/peer-auth.ts',
    text: 'cred !== undefined && verifyCred(cred, scheme, identity, auth.expected)',
    without: 'cred !== undefined',
    proof: 'gateway/a-nonce-is-accepted-once.test.ts',
  },
  {
    against: 'guessing in one session without end',
    file: 'src/dm/session/peer-auth.ts',
    text: "if (failed.failures >= maxFailures) return { auth: failed, verdict: 'refused', status };",
    without: '',
    proof: 'dm/server/a-third-failure-is-refused-without-a-challenge.test.ts',
  },
  {
    against: 'guessing on and on from one address',
    file: 'src/base/login-limit.ts',
    text: 'return Math.max(0, failures.last + delay - this.#clock.monotonic());',
    without: 'return Math.min(0, delay);',
    proof: guessed,
  },
  {
    against: 'guessing at one account from many addresses',
    file: 'src/base/login-limit.ts',
    text: 'return Math.max(0, (this.#levelOf(before) - (this.#half - 1)) / this.#emptiedBy);',
    without: 'return Math.min(0, this.#levelOf(before));',
    proof: guessed,
  },
  {
    against: 'a device that is kept out by who guesses at its password',
    file: 'src/gateway/south-logins.ts',
    text: 'wait > 0 && this.#isBeyondGuessing(unproved) ? 0 : wait',
    without: 'wait > 0 ? wait : 0',
    proof: guesses,
  },
  {
    against: 'credentials that are looked at in spite of their delay',
    file: 'src/gateway/south-endpoint.ts',
    text: 'if (wait === 0) return undefined;',
    without: 'if (wait >= 0) return undefined;',
    proof: guesses,
  },
  {
    against: 'the same at the forward proxy and at polls',
    file: 'src/gateway/password-holders.ts',
    text: 'readings.length > 0 && looked.length === 0',
    without: 'readings.length < 0',
    proof: 'gateway/transparent/whoever-is-not-known-stays-in.test.ts',
  },
  {
    against: 'the same at the broker',
    file: 'src/broker/logins.ts',
    text: 'logins.wait(attempt) > 0',
    without: 'logins.wait(attempt) < 0',
    proof: 'broker/a-name-that-was-wrong-too-often-is-not-looked-at.test.ts',
  },
  {
    against: 'a thief who becomes the gateway',
    file: 'src/security/private-key-file.ts',
    text: 'if (sealer?.isKeptElsewhere) writePrivateKey(file, content, sealer);',
    without: '',
    proof: 'security/private-keys-are-sealed-where-their-key-is-kept-elsewhere.test.ts',
  },
  {
    against: 'a plain key that is left on the disk',
    file: 'src/security/private-key-file.ts',
    text: 'if (before !== undefined) overwrite(before);',
    without: '',
    proof: 'security/private-keys-are-sealed-where-their-key-is-kept-elsewhere.test.ts',
  },
  {
    against: 'secrets in free space of the database',
    file: 'src/store/sqlite-file.ts',
    text: "'secure_delete = FAST',",
    without: '',
    proof: 'store/what-is-deleted-is-zeroed.test.ts',
  },
  {
    against: 'a nonce that is used twice',
    file: 'src/dm/session/peer-auth.ts',
    text: '{ ...accepted, chal: formatChal(scheme, fresh), store: fresh }',
    without: '{ ...accepted, chal: formatChal(scheme, fresh) }',
    proof: 'gateway/a-nonce-is-accepted-once.test.ts',
  },
  {
    against: 'a forged trigger',
    file: 'src/gateway/triggers/judge.ts',
    text: "if (!verifyNotification(received, { serverId, secret: serverSecret }, nonce)) return refused('not-proved');",
    without: '',
    proof: triggers,
  },
  {
    against: 'a replayed trigger',
    file: 'src/gateway/triggers/judge.ts',
    text: "if (state === 'used') return refused('used');",
    without: '',
    proof: triggers,
  },
  {
    against: 'an internal subset',
    file: 'src/dm/syncml/xml-prolog.ts',
    text: "if (scanner.text.charAt(scanner.at) === '[') scanner.fail('syncml.forbidden-markup', { what: 'A document type with an internal subset' });",
    without: '',
    proof: 'dm/syncml/hostile-input-is-refused.test.ts',
  },
  {
    against: 'nesting without end',
    file: scanner,
    text: "if (!(++this.#depth <= this.#depthLimit)) this.fail('syncml.too-deep', { limit: this.#depthLimit });",
    without: '++this.#depth;',
    proof: limits,
  },
  {
    against: 'elements without end',
    file: scanner,
    text: "if (!(++this.#elements <= this.#limits.elements)) this.fail('syncml.too-many-elements', { limit: this.#limits.elements });",
    without: '++this.#elements;',
    proof: limits,
  },
  {
    against: 'a body over the limit',
    file: heads,
    text: "if (length !== undefined) return refuseIf(Number(length) > bodyBytes, 413, 'Content-Length over the limit');",
    without: 'if (length !== undefined) return undefined;',
    proof: oversize,
  },
  {
    against: 'two Hosts',
    file: heads,
    text: 'single.some((name) => valuesOf(fields, name).length > 1)',
    without: 'false',
    proof: doors,
  },
  {
    against: 'Transfer-Encoding in HTTP/1.0',
    file: heads,
    text: "if (coding !== undefined && version === '1.0') return { status: 400, why: 'Transfer-Encoding in HTTP/1.0' };",
    without: '',
    proof: doors,
  },
  {
    against: 'both lengths',
    file: heads,
    text: "if (coding !== undefined && length !== undefined) return { status: 400, why: 'both Content-Length and Transfer-Encoding' };",
    without: '',
    proof: 'transport/two-lengths-are-refused-whatever-the-parser-thinks.test.ts',
  },
  {
    against: 'an underscore for a hyphen',
    file: heads,
    text: "namesOf(fields).some((name) => name.includes('_'))",
    without: 'false',
    proof: doors,
  },
  {
    against: 'a request behind a refused one',
    file: 'src/transport/strict-server.ts',
    text: 'if (refused.has(request.socket)) return;',
    without: '',
    proof: doors,
  },
  {
    against: 'a name that leads elsewhere than its server',
    file: 'src/transport/way-out.ts',
    text: 'addresses.filter((address) => options.permits(address))',
    without: '[...addresses]',
    proof: wayOut,
  },
  {
    against: 'a server of a device whose name leads into the LAN',
    file: 'src/gateway/transparent/transparent-gatekeeper.ts',
    text: 'return leadsOut(this.#places(device), destination, address);',
    without: 'return destination.port > 0 && address !== device;',
    proof: 'gateway/transparent/a-name-never-leads-into-the-lan-by-surprise.test.ts',
  },
  {
    against: 'a device that takes every tunnel',
    file: 'src/transport/forward-proxy.ts',
    text: 'if (open >= this.#options.limits.perDevice) return false;',
    without: '',
    proof: 'transport/forward-proxy/a-device-has-a-bounded-share.test.ts',
  },
  {
    against: 'a server that speaks before it is asked',
    file: 'src/transport/answer-reader.ts',
    text: "return 'the server says what nobody asked for';",
    without: 'return bytes.length;',
    proof: 'transport/forward-proxy/no-byte-of-one-device-reaches-another.test.ts',
  },
  {
    against: 'an answer that lies there for the next message',
    file: 'src/transport/proxy-line.ts',
    text: "    await wholeTurn();\n    if (server.state === 'strayed') return stray;\n    return server.state === 'open' ? server : this.#drop();",
    without: '    return server;',
    proof: 'transport/forward-proxy/what-nobody-asked-for-ends-both-connections.test.ts',
  },
  {
    against: 'a device that goes where it may not',
    file: 'src/transport/forward-proxy.ts',
    text: 'if (!gatekeeper.permits(device, target)) {',
    without: 'if (gatekeeper === undefined) {',
    proof: 'transport/forward-proxy/a-devices-connection-has-one-of-its-own-to-its-server.test.ts',
  },
  {
    against: 'another device on the connection of a first',
    file: 'src/transport/forward-proxy.ts',
    text: 'if (line !== undefined && line.device !== device)',
    without: 'if (device === undefined)',
    proof: 'transport/forward-proxy/a-devices-connection-has-one-of-its-own-to-its-server.test.ts',
  },
  {
    against: 'a connection for one server being used for another',
    file: 'src/transport/server-connection.ts',
    text: 'return place.host === host && place.port === port;',
    without: 'return place.host === host || place.port === port;',
    proof: 'transport/forward-proxy/a-devices-connection-has-one-of-its-own-to-its-server.test.ts',
  },
  {
    against: 'a byte that nobody asked for, from a DM server',
    file: 'src/transport/dm-client.ts',
    text: 'if (!this.#expecting) socket.destroy();',
    without: '',
    proof: 'transport/an-unsolicited-byte-ends-the-connection.test.ts',
  },
  {
    against: 'a device in quarantine being told to a server',
    file: 'src/gateway/own-tree.ts',
    text: "device.presence !== 'quarantined' &&",
    without: '',
    proof: 'gateway/presence/a-device-in-quarantine-is-told-to-nobody.test.ts',
  },
  {
    against: 'a session of a device in quarantine',
    file: 'src/gateway/south-endpoint.ts',
    text: "device?.mode === 'proxy' && device.presence !== 'quarantined'",
    without: "device?.mode === 'proxy'",
    proof: 'gateway/presence/a-device-in-quarantine-is-told-to-nobody.test.ts',
  },
  {
    against: 'an answer larger than what came',
    file: 'src/discovery/ssdp/answer-credit.ts',
    text: 'account.bytes < bytes || ',
    without: '',
    proof: credit,
  },
  {
    against: 'answers without pause',
    file: 'src/discovery/ssdp/answer-credit.ts',
    text: ' || now - account.lastAnswered < betweenAnswers',
    without: '',
    proof: credit,
  },
  {
    against: 'an MQTT packet that claims too much, of a known device',
    file: 'src/broker/guarded-connection.ts',
    text: "if (length > this.#options.frameBytes) return this.#refuse('frame-too-large');",
    without: '',
    proof: frames,
  },
  {
    against: 'an MQTT packet that claims too much, before CONNACK',
    file: 'src/broker/guarded-connection.ts',
    text: "if (length > bytesBeforeConnack) return this.#refuse('too-much-before-connack');",
    without: '',
    proof: frames,
  },
  {
    against: 'publishing in the place of another',
    file: 'src/broker/rules.ts',
    text: 'mayPublish(session: DeviceSession, topic: string): boolean {\n    return session.owns(topic) && this.holds(session);',
    without: 'mayPublish(session: DeviceSession, _topic: string): boolean {\n    return this.holds(session);',
    proof: places,
  },
  {
    against: 'listening to the place of another',
    file: 'src/broker/rules.ts',
    text: 'return isFilterIn(session.place, filter) && this.holds(session);',
    without: 'return this.holds(session);',
    proof: places,
  },
  {
    against: 'rights that have ended',
    file: 'src/broker/rules.ts',
    text: 'mayHear(session: DeviceSession, topic: string): boolean {\n    return session.owns(topic) && this.holds(session);',
    without: 'mayHear(session: DeviceSession, topic: string): boolean {\n    return session.owns(topic);',
    proof: 'broker/rights-that-end-take-everything-with-them.test.ts',
  },
  {
    against: 'datagrams without end',
    file: 'src/transport/datagrams.ts',
    text: ' || !this.#sources.admits(address)',
    without: '',
    proof: 'transport/triggers/datagrams-are-taken-and-never-answered.test.ts',
  },
  {
    against: 'an acknowledgement before the disk has it',
    file: 'src/store/database.ts',
    text: 'this.#wal.sync((error) => this.#synced(turn, error));',
    without: 'setImmediate(() => this.#synced(turn, null));',
    proof: 'torture/a-commit-is-synced-before-it-is-acknowledged.test.ts',
  },
  {
    against: 'an acknowledgement of what was lost in an earlier turn',
    file: 'src/gateway/south-session.ts',
    text: '(this.#env.store.losses === losses ? answerTo?.(answer) : this.#giveUp(answerTo))',
    without: 'answerTo?.(answer)',
    proof: 'gateway/an-answer-leaves-only-once-what-it-acknowledges-is-durable.test.ts',
  },
  {
    against: 'a secret in a line of the log',
    file: 'src/base/program-log.ts',
    text: 'formatters: { log: redact }',
    without: 'formatters: {}',
    proof: 'security/no-secret-reaches-the-log.test.ts',
  },
  {
    against: 'a secret in a failure that is logged',
    file: 'src/base/program-log.ts',
    text: '=> redact({ ...stdSerializers.err(error) })',
    without: '=> ({ ...stdSerializers.err(error) })',
    proof: 'security/no-secret-reaches-the-log.test.ts',
  },
  {
    against: 'a device that a bundle names',
    file: 'src/api/diagnostics.ts',
    text: "return devicesAre === 'shown' ? bundle : masked(bundle, sources.entropy, masking);",
    without: 'return devicesAre === "shown" || masking !== undefined ? bundle : masked(bundle, sources.entropy, masking);',
    proof: bundle,
  },
  {
    against: 'a device that is not known, in a sentence of a bundle',
    file: 'src/api/pseudonyms.ts',
    text: 'return masked.replace(idPattern, (id) => (this.#parts.nobodys.has(id) ? id : this.word(id)));',
    without: 'return masked;',
    proof: bundle,
  },
  {
    against: 'a device that fills the log at the forward proxy',
    file: 'src/transport/forward-proxy.ts',
    text: 'this.#complaints.warn(complaint, { ...about, address, status, why }, message);',
    without: 'this.#options.log.warn({ ...about, ...complaint, address, status, why }, message);',
    proof: 'transport/forward-proxy/what-it-refuses-is-counted-and-told-once-a-minute.test.ts',
  },
  {
    against: 'a storm of sessions when a server is back',
    file: 'src/gateway/departures.ts',
    text: 'this.#rate.count();',
    without: '',
    proof: 'gateway/triggers/sessions-that-triggers-want-are-under-the-rate-too.test.ts',
  },
  {
    against: 'a storm of sessions that have waited for others',
    file: 'src/gateway/departures.ts',
    text: ' || north.isBusy(departure)',
    without: '',
    proof: 'gateway/sessions-of-our-own-are-bounded-at-once.test.ts',
  },
  {
    against: 'everybody trying a server that is away',
    file: 'src/gateway/server-outages.ts',
    text: 'return silence?.isShared ? this.#until(silence.until) : undefined;',
    without: 'return silence?.isShared && this.#until(silence.until) < 0 ? 0 : undefined;',
    proof: awayServer,
  },
  {
    against: 'waiting on when a server is back',
    file: 'src/gateway/server-outages.ts',
    text: 'for (const [name, rest] of this.#rests) if (rest.server === server) this.#rests.delete(name);',
    without: '',
    proof: awayServer,
  },
  {
    against: 'returning at the same moment as all others',
    file: 'src/base/backoff.ts',
    text: 'return entropy.below(ceiling + 1);',
    without: 'return ceiling + 0 * entropy.below(1);',
    proof: awayServer,
  },
  {
    against: 'a server that asks to be left alone for ever',
    file: 'src/gateway/retry-after.ts',
    text: 'Math.min(Math.max(wait, 0), mostRetryAfter)',
    without: 'Math.max(wait, 0)',
    proof: 'gateway/a-server-that-says-when-to-come-back-is-left-alone-until-then.test.ts',
  },
  {
    against: 'a server that takes the turns of all others',
    file: 'src/gateway/departures.ts',
    text: '[...lines].toSorted(([a], [b]) => turn(a) - turn(b))',
    without: '[...lines].toSorted(([a], [b]) => 0 * (turn(a) - turn(b)))',
    proof: 'gateway/a-server-that-is-away-costs-the-others-nothing.test.ts',
  },
  {
    against: 'new sessions while there is no memory for them',
    file: 'src/gateway/south-endpoint.ts',
    text: "this.#env.overload?.admits('session') === false",
    without: 'false',
    proof: 'gateway/under-overload-open-sessions-go-on-and-new-ones-come-later.test.ts',
  },
  {
    against: 'ways out while there is no memory for them',
    file: 'src/transport/forward-proxy.ts',
    text: "if (this.#options.overload?.admits('proxy') === false) return overloaded;",
    without: '',
    proof: 'transport/under-overload-new-work-is-refused-unread.test.ts',
  },
  {
    against: 'bodies that fill the memory together',
    file: 'src/transport/body-room.ts',
    text: 'while (this.#held > this.#most)',
    without: 'while (this.#held > Number.POSITIVE_INFINITY)',
    proof: 'transport/bodies-that-come-in-share-a-bounded-room.test.ts',
  },
  {
    against: 'connections to the broker while there is no memory for them',
    file: 'src/broker/door.ts',
    text: "return isOverloaded?.() ? 'overload' : undefined;",
    without: 'return isOverloaded === undefined ? undefined : undefined;',
    proof: 'broker/what-the-broker-refuses-is-counted.test.ts',
  },
];
