import fc from 'fast-check';
import {
  type AnyElement,
  elements,
  type ListElement,
  type RecordElement,
  type Slots,
  type SyncMLMessage,
  type TextRule,
} from '#src/dm/syncml/index.js';

const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const nasty = fc.constantFrom(
  '&',
  '<',
  '>',
  '"',
  "'",
  ']]>',
  '\r',
  '\r\n',
  '\t',
  ' ',
  '\u00a0',
  '&amp;',
  '<![CDATA[',
  '\u2028',
  '😀',
  '\ufeff',
);
const anyText = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 5 })
  .map((parts) => parts.join('').replace(forbidden, ''));
const token = anyText.map((text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
const number = fc.integer({ min: 0, max: 9_999_999_999 }).map(String);
const texts: Record<TextRule, fc.Arbitrary<string>> = {
  verbatim: anyText,
  token,
  number,
  ordinal: fc.integer({ min: 1, max: 9_999_999_999 }).map(String),
  session: fc.stringMatching(/^[!-~]{1,64}$/),
};
const markup = fc.constantFrom(
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>&lt;\n</MgmtTree>',
  '<a/>',
  '<x:a xmlns:x="urn:x" x:b="1 &gt; 0"><![CDATA[<]]><!-- c --></x:a><b/>',
);
/** How deep Atomic and Sequence go. */
const deepest = 2;

/** Any message that the element table allows, of version 1.2. */
export const messageArbitrary = arbitraryOf(elements.SyncML, 0) as fc.Arbitrary<SyncMLMessage>;

function arbitraryOf(element: AnyElement, depth: number): fc.Arbitrary<unknown> {
  switch (element.model) {
    case 'text':
      return texts[element.rule];
    case 'flag':
      return fc.constant(true);
    case 'payload':
      return fc.oneof(
        anyText,
        markup.map((text) => ({ markup: text })),
      );
    case 'record':
      return recordOf(element.slots, depth);
    case 'list':
      return listOf(element, depth);
  }
}

function recordOf(slots: Slots, depth: number): fc.Arbitrary<object> {
  const fields = Object.values(slots).map(({ element, occurs }) => {
    const one = arbitraryOf(element, depth);
    return [element.name, occurs === 'many' ? fc.array(one, { minLength: 1, maxLength: 3 }) : one] as const;
  });
  const requiredKeys = Object.values(slots).flatMap(({ element, occurs }) => (occurs === 'one' ? [element.name] : []));
  return fc.record(Object.fromEntries(fields), { requiredKeys, noNullPrototype: true });
}

function listOf(element: ListElement, depth: number): fc.Arbitrary<object> {
  const own = recordOf({ ...element.slots, ...element.trailer }, depth);
  return fc.tuple(own, commandsOf(element, depth)).map(([fields, commands]) => ({ ...fields, commands }));
}

function commandsOf(element: ListElement, depth: number): fc.Arbitrary<object[]> {
  const members = element
    .members()
    .filter((member): member is RecordElement | ListElement => member.model === 'record' || (member.model === 'list' && depth < deepest));
  const command = members.map((member) => arbitraryOf(member, depth + 1).map((fields) => ({ name: member.name, ...(fields as object) })));
  return fc.array(fc.oneof(...command), { maxLength: 4 });
}
