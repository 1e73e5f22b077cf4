import { PosternError } from '#src/base/index.js';
import type { SyncHdr, SyncMLMessage } from '#src/dm/syncml/index.js';

/** Characters of what a session keeps of a header: the DevId, the name of whoever speaks, the versions. */
const longestName = 1_024;

/**
 * The message with a header that a session may keep, for strangers open some too: its texts are short, and copies. A text of a message keeps all
 * of the message in memory.
 * @throws PosternError `syncml.name-too-long`
 */
export function withKeptHeader(message: SyncMLMessage): SyncMLMessage {
  checkNames(message.SyncHdr);
  return { ...message, SyncHdr: JSON.parse(JSON.stringify(message.SyncHdr)) as SyncHdr };
}

function checkNames({ VerDTD, VerProto, Source: { LocURI, LocName } }: SyncHdr): void {
  for (const [element, text = ''] of Object.entries({ VerDTD, VerProto, LocURI, LocName })) {
    if (text.length > longestName) throw new PosternError('syncml.name-too-long', { element, limit: longestName });
  }
}
