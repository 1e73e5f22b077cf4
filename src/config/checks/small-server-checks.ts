import type { CrossCheck, CrossFinding, SettledValues } from '../reading/settled-values.js';
import { formatDuration } from '../values/duration.js';
import { keysOf, ordered, plainBroker, repeated } from './gateway-checks.js';

/** What the keys of the small DM server's file demand of each other. */
export const smallServerChecks: readonly CrossCheck[] = [
  (values) => repeated(values, keysOf(values, ['devices'], 'id'), 'a DevId of its own for each device'),
  (values) => plainBroker(values, ['triggers', 'broker']),
  (values) => ordered(values, { less: ['triggers', 'first'], more: ['triggers', 'cap'], format: formatTime, equal: true }),
  reachable,
];

const formatTime = (value: number) => formatDuration(value);

/** A trigger is proved by the server's password, and goes to a broker that has to be known. */
function reachable(values: SettledValues): CrossFinding[] {
  return keysOf(values, ['devices'], 'reach').flatMap((path) => {
    const reach = values.value(path);
    if (typeof reach !== 'string') return [];
    const found = JSON.stringify(reach);
    const proves = values.value([...path.slice(0, -1), 'serverPassword']) !== undefined;
    if (!proves) return [{ path, found, allowed: 'a serverPassword beside it: a trigger is proved with it' }];
    const hasWay = !reach.startsWith('mqtt:') || values.value(['triggers', 'broker', 'url']) !== undefined;
    return hasWay ? [] : [{ path, found, allowed: 'a broker in triggers.broker.url' }];
  });
}
