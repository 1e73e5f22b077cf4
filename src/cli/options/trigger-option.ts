import { InvalidArgumentError } from 'commander';

/** How a device is told of triggers, as the contract has it. */
export interface TriggerWay {
  readonly by: 'none' | 'udp' | 'mqtt' | 'poll';
  readonly port?: number | undefined;
}

/** `none`, `udp`, `udp:2949`, `mqtt` or `poll`. */
export function readTriggerWay(text: string): TriggerWay {
  const [, by, digits] = /^(none|udp|mqtt|poll)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  const isPort = port === undefined || (by === 'udp' && port >= 1 && port <= 65_535);
  if (by === undefined || !isPort) throw new InvalidArgumentError('Write none, udp, udp:PORT (1 to 65535), mqtt or poll.');
  return { by: by as TriggerWay['by'], ...(port === undefined ? {} : { port }) };
}

export function formatTriggerWay({ by, port }: TriggerWay): string {
  return port === undefined ? by : `${by}:${port}`;
}
