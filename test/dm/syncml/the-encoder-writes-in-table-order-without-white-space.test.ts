import { expect, test } from 'vitest';
import { escapeXml, type SyncMLMessage } from '#src/dm/syncml/index.js';
import { codeOf, encode } from './sample.js';

const message = (VerDTD: string, commands: SyncMLMessage['SyncBody']['commands']): SyncMLMessage => ({
  SyncBody: { Final: true, commands },
  SyncHdr: { Source: { LocURI: 's' }, Target: { LocURI: 't' }, MsgID: '1', SessionID: '1', VerProto: `DM/${VerDTD}`, VerDTD },
});
const bodyOf = (xml: string) => /<SyncBody>(.*)<\/SyncBody>/s.exec(xml)?.[1];
const alert = { name: 'Alert', CmdID: '1', Correlator: 'c', Data: '1226' } as const;

test('a whole message', () => {
  const Meta = { Type: 'text/plain', Format: 'chr' };
  expect(encode(message('1.2', [{ name: 'Replace', Item: [{ Data: '', Meta, Target: { LocURI: './A' } }, {}], CmdID: '1' }]))).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>' +
      '<SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>t</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr><SyncBody>' +
      '<Replace><CmdID>1</CmdID><Item><Target><LocURI>./A</LocURI></Target><Meta><Format xmlns="syncml:metinf">chr</Format>' +
      '<Type xmlns="syncml:metinf">text/plain</Type></Meta><Data/></Item><Item/></Replace><Final/></SyncBody></SyncML>',
  );
});

test('commands keep their order, blocks hold theirs', () => {
  const block = { name: 'Atomic', commands: [{ name: 'Delete', CmdID: '3' }, alert], CmdID: '2' } as const;
  expect(bodyOf(encode(message('1.2', [alert, block, { name: 'Sequence', CmdID: '4', commands: [] }])))).toBe(
    '<Alert><CmdID>1</CmdID><Data>1226</Data><Correlator>c</Correlator></Alert><Atomic><CmdID>2</CmdID><Delete><CmdID>3</CmdID></Delete>' +
      '<Alert><CmdID>1</CmdID><Data>1226</Data><Correlator>c</Correlator></Alert></Atomic><Sequence><CmdID>4</CmdID></Sequence><Final/>',
  );
});

test('version 1.1 has its own namespace and no Correlator', () => {
  const xml = encode(message('1.1', [alert]));
  expect(xml).toContain('<SyncML xmlns="SYNCML:SYNCML1.1">');
  expect(bodyOf(xml)).toBe('<Alert><CmdID>1</CmdID><Data>1226</Data></Alert><Final/>');
});

test('text is escaped, markup is not', () => {
  const Item = [{ Data: '<a> & "b" ]]>\r\n' }, { Data: { markup: '<a b="&lt;"/>' } }];
  expect(bodyOf(encode(message('1.2', [{ name: 'Add', CmdID: '1', Item }])))).toContain(
    '<Item><Data>&lt;a&gt; &amp; "b" ]]&gt;&#13;\n</Data></Item><Item><Data><a b="&lt;"/></Data></Item>',
  );
});

test.each(['\0', '\u001b', 'a\u000bb', '\ufffe', '\ud800', 'x\udc00'])('what XML cannot carry is refused: %j', (text) => {
  expect(codeOf(() => escapeXml(text))).toBe('syncml.invalid-value');
  expect(codeOf(() => encode(message(`1.2${text}`, [])))).toBe('syncml.invalid-value');
  expect(codeOf(() => encode(message('1.2', [{ name: 'Add', CmdID: '1', Item: [{ Data: { markup: `<a>${text}</a>` } }] }])))).toBe(
    'syncml.invalid-value',
  );
});

test('surrogate pairs, tabs and line feeds are carried', () => {
  expect(escapeXml('😀\t\n\u0085\u00a0é')).toBe('😀\t\n\u0085\u00a0é');
});
