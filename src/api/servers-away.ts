import { mostListed } from '#src/control/index.js';
import type { Gateway, ServerAway } from '#src/gateway/index.js';

/** Of more servers a sentence says only how many they are. */
const mostNamed = 5;

/** DM servers that are away, as the control interface lists them; a few hundred at most. */
export function describeServersAway(gateway: Gateway) {
  return gateway
    .listServersAway()
    .slice(0, mostListed)
    .map(({ since, nextTry, ...server }) => ({
      ...server,
      since: isoTime(since),
      ...(nextTry === undefined ? {} : { nextTry: isoTime(nextTry) }),
    }));
}

/** The same in sentences. */
export function serversAwayReasons(gateway: Gateway): string[] {
  const away = gateway.listServersAway();
  const more = away.length - mostNamed;
  const named = away.slice(0, mostNamed).map(sentence);
  return more > 0 ? [...named, `${more} more DM servers do not answer: postern status --json`] : named;
}

function sentence({ serverId, address, since, nextTry, detail }: ServerAway): string {
  const next = nextTry === undefined ? 'as soon as anything waits for it' : `at ${isoTime(nextTry)}`;
  return `the DM server "${serverId}" (${address}) does not answer since ${isoTime(since)}, ${detail}: it is tried again ${next}, or with its next trigger`;
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
