import { z } from 'zod';
import { brokerSection } from './settings/broker-settings.js';
import { deviceTrigger, triggerLimits, triggerPolls } from './settings/device-trigger-settings.js';
import { discoverySection } from './settings/discovery-settings.js';
import { loginSection } from './settings/login-settings.js';
import { overloadLimits } from './settings/overload-settings.js';
import { presenceSection } from './settings/presence-settings.js';
import { credentials, logSection } from './settings/shared-settings.js';
import { transparentSection } from './settings/transparent-settings.js';
import { duration, formatDuration } from './values/duration.js';
import { path, readableFile, type Surroundings } from './values/file-path.js';
import { deviceIdentifier, serverIdentifier } from './values/identifiers.js';
import { brokerAddress, host, ipAddress, listenAddress, port, urlPath, webAddress } from './values/network.js';
import { choice, count, flag, line, listOf } from './values/plain-values.js';
import { rights } from './values/rights.js';
import { secret } from './values/secret.js';
import { listSection, ofKind, optionalSection, optionalSetting, requiredSetting, section, setting } from './values/setting.js';
import { size } from './values/size.js';

/** Everything that the gateway can be told. Times are milliseconds, sizes bytes, paths absolute. */
export type GatewayConfig = z.output<ReturnType<typeof gatewaySchema>>;
/** One of the gateway's own accounts as configured. */
export type AccountSettings = GatewayConfig['accounts'][number];
/** A device as configured. */
export type DeviceSettings = GatewayConfig['devices'][number];

/** The keys of the gateway's file, each declared once. Secrets and files are read while it parses. */
export function gatewaySchema(around: Surroundings) {
  return z.strictObject({
    gateway: identity(),
    south: south(),
    north: north(around),
    accounts: ownAccounts(around),
    devices: devices(around),
    triggers: triggers(around),
    transparent: transparentSection(),
    broker: brokerSection(),
    logins: loginSection(),
    presence: presenceSection(),
    discovery: discoverySection(around),
    limits: limits(),
    retry: retry(),
    health: section('Whether the gateway is well, for a supervisor.', {
      port: optionalSetting(port(1), {
        description:
          'Answers GET /healthz, /readyz and /metrics on this port of the loopback address; absent: only the control socket does.',
        example: 9464,
      }),
    }),
    log: logSection(),
    control: section('The interface that the command line uses.', {
      socket: optionalSetting(path(around), {
        description: 'The Unix socket; absent: control.sock in the state directory.',
        example: 'control.sock',
      }),
    }),
    state: optionalSetting(path(around), {
      description: 'The directory of everything durable; absent: $STATE_DIRECTORY, else ~/.local/state/postern.',
      example: 'state',
    }),
  });
}

function identity() {
  return section('Who the gateway is.', {
    name: setting(line(), { description: 'What people call it.', default: 'postern' }),
    serverId: setting(serverIdentifier(), { description: 'The DM server id by which the devices know the gateway.', default: 'postern' }),
  });
}

function south() {
  return section('The endpoint that devices open their sessions to.', {
    listen: setting(listenAddress(), { description: 'The address that it listens on.', default: '127.0.0.1' }),
    port: setting(port(0), { description: 'Its port.', default: 8443 }),
    tls: setting(flag(), { description: 'Whether it speaks https, with a certificate of the local CA.', default: true }),
    plainPort: optionalSetting(port(0), {
      description: 'A second port that speaks plain http, for devices that cannot do https and are allowed not to; warned about.',
      example: 8080,
    }),
    paths: setting(listOf(urlPath(), 16, 'a path that begins with /'), {
      description: 'The paths that take DM messages.',
      default: ['/dm'],
    }),
    names: setting(listOf(host(), 32, 'a host name or an IP address'), {
      description: 'Further DNS names and IP addresses in the certificate.',
      default: [],
    }),
    publicUrl: optionalSetting(webAddress(), {
      description: 'The address that devices are told; absent: made of the listening address, the port and the first path.',
      example: 'https://gateway.example:8443/dm',
    }),
    maxConnections: setting(count(1, 65_535), {
      description: 'Connections open at once; more are closed.',
      unit: 'connections',
      default: 512,
    }),
  });
}

function north(around: Surroundings) {
  return section('Towards DM servers.', {
    trust: setting(listOf(readableFile(around), 64, 'a PEM file'), {
      description: "Certificates of further authorities to trust, besides the system's.",
      default: [],
      example: ['trust/operator-ca.pem'],
    }),
    answerTimeout: setting(duration('1s', '1m'), { description: 'How long a DM server may take for an answer.', default: '8s' }),
    respUriHosts: setting(listOf(host(), 64, 'a host name or an IP address'), {
      description: "Hosts besides the account's own that a server's RespURI may lead to.",
      default: [],
    }),
  });
}

function ownAccounts(around: Surroundings) {
  const shape = {
    ...account(around, "the gateway's DevId"),
    correlation: setting(choice(['own-devices', 'all', 'none']), {
      description: 'Which devices the server hears of: those with an account at the same server id, all, or none.',
      default: 'own-devices',
    }),
  };
  return listSection(shape, { description: "The gateway's own accounts at DM servers.", most: 64 });
}

function deviceAccount(around: Surroundings) {
  return {
    ...account(around, "the device's id"),
    priority: setting(count(1, 1000), {
      description: 'Which server gets its session first when several are to have one: 1 before 2.',
      default: 100,
    }),
    polling: optionalSetting(polling(), {
      description: "At which of the device's sessions this server is asked for work; the device's policy if absent.",
      example: '1d',
    }),
  };
}

function account(around: Surroundings, userName: string) {
  return {
    serverId: requiredSetting(serverIdentifier(), { description: 'The identifier of the DM server.', example: 'operator' }),
    name: optionalSetting(line(), { description: 'What people call it; the server id if absent.', example: 'Operator' }),
    address: requiredSetting(webAddress(), {
      description: 'Where it answers: https, or http with allowPlainHttp.',
      example: 'https://dm.example/dm',
    }),
    ...credentials(around, { client: 'we show the server', server: 'the server shows us', userName }),
    encoding: setting(choice(['xml', 'wbxml']), {
      description: 'What we write to this server: wbxml takes less of a narrow line. It may answer in either.',
      default: 'xml',
    }),
    allowPlainHttp: setting(flag(), { description: 'Whether passwords may go to this server over plain http.', default: false }),
    rights: optionalSetting(rights(), {
      description:
        'What the server may do: the line of the node or of its nearest ancestor decides, without one it is refused (425). Everything if absent.',
      example: { './DevInfo': ['Get'], './Vendor/Light': ['Get', 'Replace', 'Exec'] },
    }),
  };
}

function devices(around: Surroundings) {
  const shape = {
    id: requiredSetting(deviceIdentifier(), { description: 'Its DevId.', example: 'urn:imei:490154203237518' }),
    name: optionalSetting(line(), { description: 'What people call it.', example: 'Boiler' }),
    mode: setting(servedMode(), {
      description: 'How it is served: proxy ends its session here and opens ours north; transparent lets it out through the forward proxy.',
      default: 'proxy',
    }),
    fromAddress: optionalSetting(ipAddress(), {
      description: 'The LAN address that is proof enough of a transparent device at the forward proxy; absent: it shows its password.',
      example: '192.168.1.20',
    }),
    ...deviceCredentials(around),
    allowPlainHttp: setting(flag(), { description: 'Whether it may show its password over plain http.', default: false }),
    polling: setting(polling(), {
      description: 'At which of its sessions its servers are asked for work, unless an account says otherwise.',
      default: 'always',
    }),
    trigger: deviceTrigger(),
    accounts: listSection(deviceAccount(around), { description: 'Its accounts at DM servers.', most: 16 }),
  };
  return listSection(shape, { description: 'The devices behind the gateway; more can be added while it runs.', most: 10_000 });
}

function triggers(around: Surroundings) {
  return section('How DM servers ask for a session (Package#0); what is absent is not listened to.', {
    https: optionalSection('They post to https://<address>:<port>/trigger/<target>; the target is `gateway` or a DevId, percent-encoded.', {
      listen: setting(listenAddress(), { description: 'The address that it listens on.', default: '127.0.0.1' }),
      port: setting(port(0), { description: 'Its port.', default: 8444 }),
    }),
    udp: optionalSection('They send a datagram, bare or as a WSP push; nothing is ever answered.', {
      listen: setting(listenAddress(), { description: 'The address that it listens on.', default: '127.0.0.1' }),
      port: setting(port(0), { description: 'The port of the gateway itself.', default: 2948 }),
      perMinute: setting(count(1, 6000), {
        description: 'Datagrams taken from one address in a minute; more are dropped unread.',
        unit: 'datagrams',
        default: 30,
      }),
      devices: listSection(
        {
          id: requiredSetting(deviceIdentifier(), { description: 'Its DevId.', example: 'urn:imei:490154203237518' }),
          port: requiredSetting(port(0), { description: 'Its port.', example: 29480 }),
        },
        { description: 'The ports of devices: a trigger names its server only.', most: 1000 },
      ),
    }),
    mqtt: optionalSection('They publish to postern/<gateway>/trigger/<target>; the gateway connects out, so that it works behind NAT.', {
      url: requiredSetting(brokerAddress(), { description: 'The broker.', example: 'mqtts://broker.example:8883' }),
      gateway: optionalSetting(line(64), {
        description: "What this gateway is called in the topics, percent-encoded there; the gateway's name if absent.",
        example: 'home',
      }),
      userName: optionalSetting(line(255), { description: 'The user name at the broker.', example: 'postern-home' }),
      password: optionalSetting(secret(around), {
        description: 'The password at the broker.',
        example: { file: 'secrets/broker-password' },
      }),
      keepAlive: setting(duration('5s', '1h'), {
        description: 'A connection that is silent is tried after this time, so that NAT keeps it open.',
        default: '60s',
      }),
      allowPlain: setting(flag(), { description: 'Whether mqtt:// without TLS will do.', default: false }),
    }),
    poll: triggerPolls(),
    limits: triggerLimits(),
  });
}

/** A device in transparent mode has its own with its server, and may be known to us by its address. */
function deviceCredentials(around: Surroundings) {
  const needed = credentials(around, { client: 'the device shows us', server: 'we show the device', userName: 'its id' });
  const clientPassword = optionalSetting(secret(around), {
    description: 'The password that the device shows us; a device in transparent mode can do without.',
    example: { file: 'secrets/client-password' },
  });
  return { ...needed, clientPassword };
}

function servedMode() {
  return choice(['proxy', 'transparent'], 'proxy or transparent; adaptation comes with a later version');
}

function polling() {
  const interval = duration('1s', '365d');
  return ofKind(z.union([z.enum(['always', 'never']), interval]), {
    type: 'always, never or duration',
    allowed: 'always, never, or the least time between two polls, such as 30s, 5m or 2h',
    show: (value) => (typeof value === 'number' ? formatDuration(value) : value),
  });
}

function limits() {
  return section('What is accepted at most; whatever breaks a limit is refused.', {
    ...overloadLimits(),
    messageBytes: setting(size('16KiB', '16MiB'), { description: 'One DM message.', default: '1MiB' }),
    messageDepth: setting(count(16, 128), { description: 'Nesting of its elements.', unit: 'levels', default: 32 }),
    messageElements: setting(count(100, 1_000_000), { description: 'Its elements.', unit: 'elements', default: 20_000 }),
    messageAttributes: setting(count(4, 1024), { description: 'Attributes of one element.', unit: 'attributes', default: 32 }),
    textLength: setting(count(1024, 16_777_216), { description: 'One text in it.', unit: 'characters', default: 1_048_576 }),
    objectBytes: setting(size('1KiB', '64MiB'), {
      description: 'One object of a device in pieces; offered as MaxObjSize.',
      default: '1MiB',
    }),
    maxMsgSize: setting(size('2KiB', '16MiB'), {
      description: 'What we ask others to send at most in one message; offered as MaxMsgSize.',
      default: '64KiB',
    }),
    sessions: setting(count(1, 100_000), {
      description: 'Sessions of devices open at once; more are refused.',
      unit: 'sessions',
      default: 256,
    }),
    sessionIdle: setting(duration('1s', '1d'), { description: 'A session without a message ends after this time.', default: '5m' }),
    deviceWait: setting(duration('2s', '5m'), {
      description: 'A device gets its answer within this time, whatever the server does.',
      default: '25s',
    }),
    headerTimeout: setting(duration('1s', '5m'), { description: 'How long a request may take to send its headers.', default: '10s' }),
    bodyTimeout: setting(duration('1s', '30m'), { description: 'How long a whole request may take to arrive.', default: '30s' }),
    repeatWindow: setting(duration('1s', '1d'), {
      description: 'How long a repeat of the last message gets the stored answer.',
      default: '2m',
    }),
  });
}

function retry() {
  return section('How unsent alerts are tried again, each time after a random part of a growing wait.', {
    first: setting(duration('100ms', '1h'), {
      description: 'The longest wait before the second attempt; it doubles with each further one.',
      default: '1s',
    }),
    cap: setting(duration('1s', '1d'), { description: 'It grows no longer than this.', default: '5m' }),
    maxAge: setting(duration('1m', '365d'), { description: 'An alert that nobody took is given up after this time.', default: '7d' }),
    sessionsPerSecond: setting(count(1, 1000), {
      description:
        'New sessions for unsent alerts and for triggers to the gateway itself in any second, with all DM servers together, and those of devices with a server that is away or just back: after an outage not everybody returns at once.',
      unit: 'sessions per second',
      default: 20,
    }),
    alertsPerDevice: setting(count(1, 100_000), {
      description: 'Unsent alerts kept for one device; more are refused.',
      unit: 'alerts',
      default: 1000,
    }),
  });
}
