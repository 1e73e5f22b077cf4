/** The parts of a node that a serialised tree can carry; `?list=TNDS+…` and `-…` choose among them. @see OMA DM TNDS 1.2 § 5 */
export const tndsParts = ['ACL', 'Format', 'Type', 'Title', 'TStamp', 'VerNo', 'Value'] as const;
export type TndsPart = (typeof tndsParts)[number];
