import type { DeviceEvent, Done, ExecutedEvent, SessionEvent } from '#src/virtual-device/index.js';

/** How the device tells what happens: a JSON object per line, or lines for people. */
export function voice(json: boolean, print: (line: string) => void): (event: DeviceEvent | Done) => void {
  if (json) return (event) => print(JSON.stringify(event));
  return (event) => print(printable(textFor(event)));
}

const longest = 80;

function textFor(event: DeviceEvent | Done): string {
  switch (event.event) {
    case 'ready':
      return `${event.id} is ready; its DM server is ${event.serverId} at ${event.address}`;
    case 'warning':
      return `Warning: ${event.message}`;
    case 'listening':
      return `Triggers by ${event.by}: ${event.at}`;
    case 'trigger':
      return event.ok ? `Trigger by ${event.by}: a session is wanted (${event.sessionId})` : `Trigger by ${event.by} ignored: ${event.why}`;
    case 'said':
      return `  → message ${event.msgId} of session ${event.sessionId}, ${event.bytes} bytes`;
    case 'unanswered':
      return `  … no answer: ${event.why} The same message goes again in ${(event.again / 1000).toFixed(1)} s`;
    case 'executed':
      return `  ← ${executedText(event)}`;
    case 'effect':
      return `  ✱ ${event.uri} is now ${event.value}`;
    case 'alert':
      return `  ← report ${event.ref} (${event.type}): ${event.status}`;
    case 'value':
      return `${event.uri} = ${short(event.value)}`;
    case 'repeated':
      return `HTTP ${event.status}, ${event.identical ? 'the same answer as before' : 'another answer than before'}`;
    case 'session':
      return sessionText(event);
    case 'done':
      return event.ok ? `${event.of}: done` : `${event.of}: ${String(event['error'] ?? 'failed')}`;
  }
}

function executedText({ command, uri, status, value }: ExecutedEvent): string {
  const what = [command, uri].filter((part) => part !== undefined).join(' ');
  return `${what}${value === undefined ? '' : ` (${short(value)})`}: ${status}`;
}

function sessionText({ sessionId, result, status, detail }: SessionEvent): string {
  const why = [status, detail].filter((part) => part !== undefined).join(', ');
  return `Session ${sessionId}: ${result}${why === '' ? '' : ` (${why})`}`;
}

function short(value: string): string {
  return value.length > longest ? `${value.slice(0, longest)}… ${value.length} characters` : value;
}

/** What a server says must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�');
}
