/** The media types of a serialised tree, one for each encoding. @see OMA DM TNDS 1.2 § 6 */
export const tndsTypes = { xml: 'application/vnd.syncml.dmtnds+xml', wbxml: 'application/vnd.syncml.dmtnds+wbxml' } as const;

/** The encoding that a Type names, or undefined if it names no serialised tree. */
export function tndsEncoding(type: string): 'xml' | 'wbxml' | undefined {
  const bare = type.split(';', 1)[0]?.trim().toLowerCase();
  if (bare === tndsTypes.xml) return 'xml';
  return bare === tndsTypes.wbxml ? 'wbxml' : undefined;
}
