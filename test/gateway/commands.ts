import type { Alert, Reply, ServerCommand } from '#src/dm/syncml/index.js';

/** Server commands as tests write them; the CmdID is what the server calls the command. */
export const get = (CmdID: string, ...uris: string[]): ServerCommand => ({
  name: 'Get',
  CmdID,
  Item: uris.map((LocURI) => ({ Target: { LocURI } })),
});
export const replace = (CmdID: string, LocURI: string, Data: string): ServerCommand => ({
  name: 'Replace',
  CmdID,
  Item: [{ Target: { LocURI }, Data }],
});
export const add = (CmdID: string, LocURI: string, Data: string, Type = 'text/plain'): ServerCommand => ({
  name: 'Add',
  CmdID,
  Item: [{ Target: { LocURI }, Meta: { Format: 'chr', Type }, Data }],
});
export const exec = (CmdID: string, LocURI: string, Correlator?: string): ServerCommand => ({
  name: 'Exec',
  CmdID,
  ...(Correlator === undefined ? {} : { Correlator }),
  Item: [{ Target: { LocURI } }],
});
export const atomic = (CmdID: string, ...commands: ServerCommand[]): ServerCommand => ({ name: 'Atomic', CmdID, commands });
export const sequence = (CmdID: string, ...commands: ServerCommand[]): ServerCommand => ({ name: 'Sequence', CmdID, commands });

/** A Generic Alert as a device makes it. */
export function genericAlert(Data = 'low', more: Partial<Alert> = {}): Omit<Alert, 'CmdID' | 'name'> {
  return {
    Data: '1226',
    Item: [{ Source: { LocURI: './Battery' }, Meta: { Format: 'chr', Type: 'urn:example:at:battery:1.0' }, Data }],
    ...more,
  };
}

/** `CmdRef=code` for each Status, in order. */
export function statuses(replies: readonly Reply[]): string[] {
  return replies.flatMap((reply) => (reply.name === 'Status' ? [`${reply.CmdRef}=${reply.Data}`] : []));
}

/** `uri=value` for each result, in order. */
export function results(replies: readonly Reply[]): string[] {
  return replies.flatMap((reply) =>
    reply.name === 'Results'
      ? (reply.Item ?? []).map(({ Source, Data }) => `${Source?.LocURI}=${typeof Data === 'string' ? Data : (Data?.markup ?? '')}`)
      : [],
  );
}
