import fc from 'fast-check';
import {
  type AnyElement,
  elements,
  escapeXml,
  type Item,
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
/** Markup that is no serialised tree, or none that WBXML could carry as one. */
const foreignMarkup = fc.constantFrom(
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>&lt;\n</MgmtTree>',
  '<a/>',
  '<x:a xmlns:x="urn:x" x:b="1 &gt; 0"><![CDATA[<]]><!-- c --></x:a><b/>',
);
/** How deep Atomic, Sequence and nodes go. */
const deepest = 2;
const treeMarkup = fc
  .array(nodeArbitrary(0), { maxLength: 3 })
  .map((nodes) => `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${nodes.join('')}</MgmtTree>`);
const markup = fc.oneof(foreignMarkup, treeMarkup);

/** Any message that the element table allows, of version 1.2. */
export const messageArbitrary = arbitraryOf(elements.SyncML, 0) as fc.Arbitrary<SyncMLMessage>;

function nodeArbitrary(depth: number): fc.Arbitrary<string> {
  const format = fc
    .constantFrom('chr', 'node', 'int', 'b64', 'xml')
    .map((name) => `<RTProperties><Format><${name}/></Format></RTProperties>`);
  const value = anyText.map((text) => (text === '' ? '<Value/>' : `<Value>${escapeXml(text)}</Value>`));
  const content =
    depth < deepest
      ? fc.oneof(
          value,
          fc.array(nodeArbitrary(depth + 1), { maxLength: 2 }).map((nodes) => nodes.join('')),
        )
      : value;
  return fc.tuple(anyText, format, content).map(([name, ...rest]) => {
    return `<Node>${name === '' ? '<NodeName/>' : `<NodeName>${escapeXml(name)}</NodeName>`}${rest.join('')}</Node>`;
  });
}

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
  return fc.record(Object.fromEntries(fields), { requiredKeys, noNullPrototype: true }).map(withWholeTree);
}

/** Markup is never a chunk, and a tree is called one. */
function withWholeTree(fields: object): object {
  if (!('Data' in fields) || typeof fields.Data !== 'object') return fields;
  const { MoreData: _, ...whole } = fields as Item;
  const Type = 'application/vnd.syncml.dmtnds+xml';
  return JSON.stringify(fields.Data).includes('MgmtTree') ? { ...whole, Meta: { ...whole.Meta, Type } } : whole;
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
