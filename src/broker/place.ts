/** Levels that a topic may have, its place included. */
export const topicLevels = 16;

/**
 * Where everything of a device lies: `devices/<DevId>/`, the DevId percent-encoded as in the targets of triggers. No wildcard and no
 * slash of a DevId is left in it.
 */
export function placeOf(device: string): string {
  return `devices/${encodeURIComponent(device)}/`;
}

/** The device whose place it is; the reverse of {@link placeOf}. */
export function deviceOf(place: string): string {
  return decodeURIComponent(place.slice('devices/'.length, -1));
}

/** Whether a topic name lies below a place. */
export function isTopicIn(place: string, topic: string): boolean {
  return isBelow(place, topic) && !/[+#]/.test(topic);
}

/** Whether every topic that a filter matches lies below a place: its wildcards come after it. */
export function isFilterIn(place: string, filter: string): boolean {
  return isBelow(place, filter);
}

function isBelow(place: string, topic: string): boolean {
  return topic.length > place.length && topic.startsWith(place) && !topic.includes('\0') && topic.split('/').length <= topicLevels;
}

/** Whether a filter matches a topic name. @see MQTT 3.1.1 § 4.7 */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true;
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}
