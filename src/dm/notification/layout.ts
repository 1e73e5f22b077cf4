/**
 * Where the fields of Package#0 stand, in bytes from its beginning, and what its first two bytes after the digest hold.
 * @see OMA DM Notification 1.2 § 5.2.1
 */
/** What the digest, which stands before it, is about. */
export const triggerAt = 16;
export const sessionIdAt = triggerAt + 5;
export const serverIdLengthAt = sessionIdAt + 2;
export const serverIdAt = serverIdLengthAt + 1;

/** Ten times "1.1", which is what notifications of DM 1.2 call themselves. */
export const version = 11;
/** Some servers write the version of the protocol instead. */
export const versionsRead: readonly number[] = [10, 11, 12];

export const versionShift = 6;
export const uiModeShift = 4;
export const initiatorShift = 3;
