import { expect, test } from 'vitest';
import { decode, decodeWbxml, encodeWbxml } from './sample.js';

const xml =
  '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>A1B</SessionID><MsgID>1</MsgID>' +
  '<Target><LocURI>http://dm.example/s</LocURI></Target><Source><LocURI>IMEI:493005100592800</LocURI></Source>' +
  '<Meta><MaxMsgSize xmlns="syncml:metinf">5000</MaxMsgSize></Meta></SyncHdr>' +
  '<SyncBody><Alert><CmdID>1</CmdID><Data>1200</Data></Alert><Final/></SyncBody></SyncML>';
const bytes = Buffer.from(
  '02a4016a006d6c7103312e3200017203444d2f312e320001650341314200015b033100016e5703687474703a2f2f646d2e6578616d706c652f7300010167' +
    '5703494d45493a3439333030353130303539323830300001015a00014c03353030300001010100006b464b033100014f0331323030000101120101',
  'hex',
);

test('V8: the message is written as these 121 bytes', () => {
  expect(bytes.length).toBe(121);
  expect(encodeWbxml(decode(xml)).toString('hex')).toBe(bytes.toString('hex'));
});

test('V8: these bytes are the message', () => {
  expect(decodeWbxml(bytes)).toEqual(decode(xml));
});

test('V4d: the session 0x0A1B is called A1B in either encoding', () => {
  const sessionId = (0x0a1b).toString(16).toUpperCase();
  expect(decodeWbxml(bytes).SyncHdr.SessionID).toBe(sessionId);
  expect(decode(xml).SyncHdr.SessionID).toBe(sessionId);
});
