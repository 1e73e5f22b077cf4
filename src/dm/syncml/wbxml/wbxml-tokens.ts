/** The tokens that mean the same on every code page. @see WAP-192 WBXML 1.3 § 7.1 */
export const globalToken = {
  switchPage: 0x00,
  end: 0x01,
  entity: 0x02,
  inlineString: 0x03,
  literal: 0x04,
  processingInstruction: 0x43,
  tableString: 0x83,
  opaque: 0xc3,
} as const;

/** Bits of a tag token, and what is left: a token below `firstTag` is none. */
export const tagBits = { content: 0x40, attributes: 0x80, token: 0x3f, firstTag: 0x05 } as const;

/** Character sets by their MIBenum. */
export const charsets = { ascii: 3, utf8: 106 } as const;

/** `byte` of WBXML 1.1, 1.2 and 1.3. */
export const wbxmlVersions = { first: 0x01, written: 0x02, last: 0x03 } as const;

/** The document types by the numbers that WINA has given. */
export const publicIds = { unknown: 0x01, syncml10: 0x0fd1, syncml11: 0x0fd3, syncml12: 0x1201 } as const;

/** The same as texts; that of a serialised tree has no number. */
export const publicIdTexts = {
  syncml: /^-\/\/SYNCML\/\/DTD SyncML 1\.[012]\/\/EN$/i,
  tnds: '-//OMA//DTD-DM-DDF 1.2//EN',
} as const;
