import type { Item, Reply, ResultsReply } from '../syncml/index.js';

/**
 * Replaces results that are larger than the server's MaxObjSize by a 413: a larger object must not be sent.
 * @see OMA DM Protocol 1.2 § 7
 */
export function withinObjectSize(replies: readonly Reply[], maxObjSize: number | undefined): readonly Reply[] {
  if (maxObjSize === undefined) return replies;
  const tooLarge = replies
    .filter(isResults)
    .flatMap((results) => (results.Item ?? []).filter((item) => exceeds(item, maxObjSize)).map((item) => ({ results, item })));
  if (tooLarge.length === 0) return replies;
  return replies.flatMap((reply) => (isResults(reply) ? keepSmall(reply, maxObjSize) : [correct(reply, tooLarge)]));
}

const isResults = (reply: Reply): reply is ResultsReply => reply.name === 'Results';

function exceeds(item: Item, maxObjSize: number): boolean {
  const data = typeof item.Data === 'string' ? item.Data : (item.Data?.markup ?? '');
  return data.length > maxObjSize;
}

function keepSmall(results: ResultsReply, maxObjSize: number): Reply[] {
  const items = (results.Item ?? []).filter((item) => !exceeds(item, maxObjSize));
  return items.length === 0 ? [] : [{ ...results, Item: items }];
}

function correct(reply: Reply, tooLarge: readonly { results: ResultsReply; item: Item }[]): Reply {
  const about = ({ results, item }: (typeof tooLarge)[number]) =>
    results.CmdRef === reply.CmdRef && (reply.TargetRef === undefined || reply.TargetRef.includes(item.Source?.LocURI ?? ''));
  return reply.name === 'Status' && tooLarge.some(about) ? { ...reply, Data: '413' } : reply;
}
