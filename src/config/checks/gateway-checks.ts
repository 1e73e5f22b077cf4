import { formatKey, type KeyPath } from '../reading/key-path.js';
import type { CrossCheck, CrossFinding, SettledValues } from '../reading/settled-values.js';
import { formatDuration } from '../values/duration.js';
import { formatSize } from '../values/size.js';
import { exposedBroker } from './broker-checks.js';

/** What the keys of the gateway's file demand of each other. */
export const gatewayChecks: readonly CrossCheck[] = [
  (values) => repeated(values, keysOf(values, ['devices'], 'id'), 'a DevId of its own for each device'),
  (values) => repeated(values, keysOf(values, ['accounts'], 'serverId'), oneAccount),
  (values) => keysOf(values, ['devices'], 'accounts').flatMap((list) => repeated(values, keysOf(values, list, 'serverId'), oneAccount)),
  (values) =>
    repeated(
      values,
      [
        ['south', 'port'],
        ['south', 'plainPort'],
        ['health', 'port'],
        ['transparent', 'port'],
        ['broker', 'port'],
        ['triggers', 'https', 'port'],
        ['discovery', 'ssdp', 'descriptionPort'],
      ],
      'a port of its own for each endpoint',
    ),
  (values) =>
    repeated(
      values,
      [['triggers', 'udp', 'port'], ...keysOf(values, ['triggers', 'udp', 'devices'], 'port')],
      'a port of its own for each target',
    ),
  (values) => repeated(values, keysOf(values, ['devices'], 'fromAddress'), 'an address of its own for each device'),
  exposedBroker,
  passwordlessDevices,
  plainAddresses,
  toldWithoutPassword,
  (values) =>
    ordered(values, { less: ['triggers', 'poll', 'maxWaiting'], more: ['south', 'maxConnections'], format: String, equal: false }),
  (values) => plainBroker(values, ['triggers', 'mqtt']),
  (values) => ordered(values, { less: ['north', 'answerTimeout'], more: ['limits', 'deviceWait'], format: formatTime, equal: false }),
  (values) => ordered(values, { less: ['limits', 'maxMsgSize'], more: ['limits', 'messageBytes'], format: formatBytes, equal: true }),
  (values) => ordered(values, { less: ['retry', 'first'], more: ['retry', 'cap'], format: formatTime, equal: true }),
];

const oneAccount = 'one account for each server id';
const formatTime = (value: number) => formatDuration(value);
const formatBytes = (value: number) => String(formatSize(value));

/** Every path of `key` in the entries of a list. */
export function keysOf(values: SettledValues, list: KeyPath, key: string): KeyPath[] {
  return Array.from({ length: values.entries(list) }, (_, index) => [...list, index, key]);
}

/** A finding for each path whose value an earlier one has; port 0 is any free one and may repeat. */
export function repeated(values: SettledValues, paths: readonly KeyPath[], allowed: string): CrossFinding[] {
  const first = new Map<unknown, KeyPath>();
  return paths.flatMap((path) => {
    const value = values.value(path);
    if (value === undefined || value === 0) return [];
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, path);
    return earlier === undefined ? [] : [{ path, found: `${String(value)}, which ${formatKey(earlier)} has too`, allowed }];
  });
}

/** In proxy mode a device proves itself to us; without a password it could not. */
function passwordlessDevices(values: SettledValues): CrossFinding[] {
  return keysOf(values, ['devices'], 'clientPassword').flatMap((path) => {
    const beside = (key: string) => values.value([...path.slice(0, -1), key]);
    if (values.written(path)) return [];
    if (beside('mode') === 'proxy') return [{ path, found: 'missing', allowed: 'a password: mode: proxy ends its sessions here' }];
    if (beside('serverPassword') === undefined) return [];
    return [{ path, found: 'missing', allowed: 'a password, where there is a serverPassword beside it' }];
  });
}

function plainAddresses(values: SettledValues): CrossFinding[] {
  const ofDevices = keysOf(values, ['devices'], 'accounts').flatMap((list) => keysOf(values, list, 'address'));
  return [...keysOf(values, ['accounts'], 'address'), ...ofDevices].flatMap((path) => {
    const address = values.value(path);
    const beside = (key: string) => values.value([...path.slice(0, -1), key]);
    if (typeof address !== 'string' || /^https:/i.test(address)) return [];
    const found = JSON.stringify(address);
    if (beside('allowPlainHttp') !== true) return [{ path, found, allowed: 'an https:// address, or allowPlainHttp: true beside it' }];
    // Without a certificate and without a password anybody on the way could manage what is behind us.
    if (beside('serverPassword') !== undefined) return [];
    return [{ path, found, allowed: 'an https:// address, or a serverPassword beside it: over plain http nothing else proves the server' }];
  });
}

/** A trigger of ours is proved by our password towards the device; a transparent device gets its own server's. */
function toldWithoutPassword(values: SettledValues): CrossFinding[] {
  return Array.from({ length: values.entries(['devices']) }, (_, index) => ['devices', index]).flatMap((device) => {
    const [by, mode, password] = ['trigger.by', 'mode', 'serverPassword'].map((key) => values.value([...device, ...key.split('.')]));
    if (by === undefined || by === 'none' || mode !== 'proxy' || password !== undefined) return [];
    return [
      {
        path: [...device, 'trigger', 'by'],
        found: String(by),
        allowed: 'none, or a serverPassword beside it: the device knows a trigger of ours by it',
      },
    ];
  });
}

/** @param section where the broker's `url` and `allowPlain` stand */
export function plainBroker(values: SettledValues, section: KeyPath): CrossFinding[] {
  const path = [...section, 'url'];
  const url = values.value(path);
  if (typeof url !== 'string' || /^mqtts:/i.test(url) || values.value([...section, 'allowPlain']) === true) return [];
  return [{ path, found: JSON.stringify(url), allowed: 'an mqtts:// address, or allowPlain: true beside it' }];
}

interface Order {
  readonly less: KeyPath;
  readonly more: KeyPath;
  readonly equal: boolean;
  readonly format: (value: number) => string;
}

/** Reports at the larger of the two, which can be raised, unless only the smaller is in the file. */
export function ordered(values: SettledValues, { less, more, equal, format }: Order): CrossFinding[] {
  const [low, high] = [values.value(less), values.value(more)];
  if (typeof low !== 'number' || typeof high !== 'number' || low < high || (equal && low === high)) return [];
  const orEqual = equal ? ', or as much' : '';
  const atMore = { path: more, found: format(high), allowed: `more than ${formatKey(less)}, which is ${format(low)}${orEqual}` };
  const atLess = { path: less, found: format(low), allowed: `less than ${formatKey(more)}, which is ${format(high)}${orEqual}` };
  return [values.written(more) || !values.written(less) ? atMore : atLess];
}
