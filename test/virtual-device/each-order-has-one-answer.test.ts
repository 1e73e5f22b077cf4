import { expect, test } from 'vitest';
import { parseOrder, performOrder, refusedOrder } from '#src/virtual-device/index.js';
import { deviceFor } from './device.js';
import { ask, DmServer } from './dm-server.js';

async function obey(server: DmServer, ...lines: string[]) {
  const { device } = deviceFor({ url: server.url });
  const answers: object[] = [];
  for (const line of lines) answers.push(await performOrder(device, parseOrder(line)));
  return answers;
}

test('orders in JSON', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Get', './DevInfo/Mod')]);
  const answers = await obey(
    server,
    '{"do":"alert-and-session","type":"urn:oma:at:x-test:a:1.0","data":"1"}',
    '{"do":"set","uri":"./Vendor/Lamp/On","value":"true"}',
    '{"do":"read","uri":"./Vendor/Lamp/On"}',
    '{"do":"set","uri":"./Vendor/Lamp/On","value":"perhaps"}',
    '{"do":"read","uri":"./Nowhere"}',
    '{"do":"repeat-last"}',
  );
  expect(answers).toMatchObject([
    { event: 'done', of: 'alert-and-session', ok: true, result: 'complete', taken: true },
    { event: 'done', of: 'set', ok: true },
    { event: 'done', of: 'read', ok: true, value: 'true' },
    { event: 'done', of: 'set', ok: false },
    { event: 'done', of: 'read', ok: false },
    { event: 'done', of: 'repeat-last', ok: true, identical: true },
  ]);
});

test('orders in words', () => {
  expect(parseOrder('session')).toEqual({ do: 'session' });
  expect(parseOrder(' set ./Vendor/Lamp/Name  in the hall')).toEqual({ do: 'set', uri: './Vendor/Lamp/Name', value: 'in the hall' });
  expect(parseOrder('alert urn:x pressed twice')).toEqual({ do: 'alert', type: 'urn:x', data: 'pressed twice' });
});

test.each([
  '{"do":',
  '{"do":"fly"}',
  '{"do":"constructor"}',
  'read',
  '{"do":"set","uri":"./A","value":1}',
  '{"do":"alert","type":"t","data":"d","format":2}',
])('%s is answered with what is wrong', (line) => {
  let answer: object | undefined;
  try {
    parseOrder(line);
  } catch (error) {
    answer = refusedOrder(error);
  }
  expect(answer).toMatchObject({ event: 'done', of: 'unknown', ok: false, error: expect.any(String) });
});
