import { expect, test } from 'vitest';
import { codeOf, decode, header, inBody, inData } from './sample.js';

const get = (content: string) => inBody(`<Get><CmdID>1</CmdID>${content}</Get>`);
const status = (content: string) => inBody(`<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><Cmd>Get</Cmd><Data>200</Data>${content}</Status>`);
const withHeader = (from: string, to: string) => `<SyncML>${header.replace(from, to)}<SyncBody/></SyncML>`;

test.each<[string, string, string]>([
  ['another root', '<SyncHdr/>', 'syncml.unknown-element'],
  ['an empty root', '<SyncML/>', 'syncml.missing-element'],
  ['no body', `<SyncML>${header}</SyncML>`, 'syncml.missing-element'],
  ['two bodies', `<SyncML>${header}<SyncBody/><SyncBody/></SyncML>`, 'syncml.repeated-element'],
  ['no MsgID', withHeader('<MsgID>1</MsgID>', ''), 'syncml.missing-element'],
  ['no LocURI in Target', withHeader('<LocURI>t</LocURI>', ''), 'syncml.missing-element'],
  ['no CmdID', inBody('<Get/>'), 'syncml.missing-element'],
  ['no Data in Status', inBody('<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><Cmd>Get</Cmd></Status>'), 'syncml.missing-element'],
  ['no CmdID in Atomic', inBody('<Atomic/>'), 'syncml.missing-element'],
  ['a command that DM does not use', inBody('<Put><CmdID>1</CmdID></Put>'), 'syncml.unknown-element'],
  ['a Status in Atomic', inBody('<Atomic><CmdID>1</CmdID><Status/></Atomic>'), 'syncml.unknown-element'],
  ['a name in other case', inBody('<final/>'), 'syncml.unknown-element'],
  ['an unknown child', get('<Cmd>Get</Cmd>'), 'syncml.unknown-element'],
  ['a second CmdID', get('<CmdID>2</CmdID>'), 'syncml.repeated-element'],
  ['a second Final', inBody('<Final/><Final/>'), 'syncml.repeated-element'],
  ['a second Data', get('<Item><Data/><Data/></Item>'), 'syncml.repeated-element'],
  ['a second Chal', status('<Chal><Meta/></Chal><Chal><Meta/></Chal>'), 'syncml.repeated-element'],
  ['text between elements', inBody('x'), 'syncml.unexpected-text'],
  ['CDATA between elements', inBody('<![CDATA[ ]]>'), 'syncml.unexpected-text'],
  ['a reference between elements', inBody('&#32;'), 'syncml.unexpected-text'],
  ['text in a flag', inBody('<Final>1</Final>'), 'syncml.unexpected-text'],
  ['an element in a flag', inBody('<Final><a/></Final>'), 'syncml.unknown-element'],
  ['an element in a text', inBody('<Get><CmdID>1<a/></CmdID></Get>'), 'syncml.unknown-element'],
  ['text before markup', inData('x<a/>'), 'syncml.unexpected-text'],
  ['text after markup', inData('<a/>x'), 'syncml.unexpected-text'],
  ['text between markup', inData('<a/>x<b/>'), 'syncml.unexpected-text'],
  ['CDATA besides markup', inData('<a/><![CDATA[x]]>'), 'syncml.unexpected-text'],
])('%s', (_, xml, code) => {
  expect(codeOf(() => decode(xml))).toBe(code);
});

test.each<[string, string, string[], string[]]>([
  ['MsgID', '<MsgID>1</MsgID>', ['1', '001', '9999999999', ' 7\n'], ['', '0', '00', '-1', '1.0', '1e3', 'x', '12345678901', '١']],
  ['SessionID', '<SessionID>1</SessionID>', ['A1B', '0', 's'.repeat(64)], ['', '  ', 's'.repeat(65), 'a\tb', 'a\u0085b', 'a\u007fb']],
])('%s is checked', (element, original, valid, invalid) => {
  const put = (value: string) => () => decode(withHeader(original, `<${element}>${value}</${element}>`));
  for (const value of valid) expect(codeOf(put(value)), value).toBe('none');
  for (const value of invalid) expect(codeOf(put(value)), value).toBe('syncml.invalid-value');
});

test('CmdID is a number from 1, references and sizes are numbers from 0', () => {
  expect(codeOf(() => decode(inBody('<Get><CmdID>0</CmdID></Get>')))).toBe('syncml.invalid-value');
  expect(codeOf(() => decode(inBody('<Get><CmdID/></Get>')))).toBe('syncml.invalid-value');
  expect(codeOf(() => decode(status('<CmdRef>0</CmdRef>')))).toBe('none');
  expect(codeOf(() => decode(status('<CmdRef>x</CmdRef>')))).toBe('syncml.invalid-value');
  expect(codeOf(() => decode(get('<Meta><Size>0</Size></Meta>')))).toBe('none');
  expect(codeOf(() => decode(get('<Meta><Size>1k</Size></Meta>')))).toBe('syncml.invalid-value');
});

test('the error says which element, where, in bytes', () => {
  expect(() => decode(`<!--é-->${inBody('<Put/>')}`)).toThrow(/Put is not expected in SyncBody \(byte \d+\)/);
  expect(() => decode('<!--é--><a/>')).toThrow('Element a is not expected in the document (byte 13).');
  expect(() => decode(inBody('<Get/>'))).toThrow(/CmdID is missing from Get/);
});
