import { expect, test } from 'vitest';
import { codecFor, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';

test.each([
  'application/vnd.syncml.dm+xml',
  'application/vnd.syncml+xml',
  'Application/VND.SyncML.DM+XML',
  'application/vnd.syncml.dm+xml; charset=UTF-8',
  'application/vnd.syncml.dm+xml;charset="utf-8"',
  ' application/vnd.syncml.dm+xml ; Charset=us-ascii;',
])('%s is XML', (contentType) => {
  expect(codecFor(contentType)).toBe(xmlCodec);
});

test.each(['application/vnd.syncml.dm+wbxml', 'application/vnd.syncml+wbxml', 'Application/vnd.SyncML.DM+WBXML; charset=utf-8'])(
  '%s is WBXML',
  (contentType) => {
    expect(codecFor(contentType)).toBe(wbxmlCodec);
  },
);

test.each([
  undefined,
  '',
  'text/xml',
  'application/xml',
  'application/vnd.wap.connectivity-wbxml',
  'application/vnd.syncml.dm+xmlx',
  'application/vnd.syncml.dm+xml, text/html',
  'application/vnd.syncml.dm+xml; boundary=x',
  'application/vnd.syncml.dm+xml; charset="utf-8',
  `application/vnd.syncml.dm+xml${'; charset=utf-8'.repeat(1000)}`,
])('%s is nothing that we speak', (contentType) => {
  expect(codecFor(contentType)).toBeUndefined();
});
