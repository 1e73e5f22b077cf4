import { expect, test } from 'vitest';
import { voice } from '../../../src/programs/device/voice.js';

const hostile = { event: 'executed', command: 'Add', uri: './A\u001b[2J', status: '200', value: 'x\r\n\u009bK' } as const;

test('control characters are not printed', () => {
  const lines: string[] = [];
  voice(false, (line) => lines.push(line))(hostile);
  expect(lines).toEqual(['  ← Add ./A�[2J (x���K): 200']);
});

test('in JSON every event is one line', () => {
  const lines: string[] = [];
  voice(true, (line) => lines.push(line))(hostile);
  expect(lines.map((line) => JSON.parse(line))).toEqual([hostile]);
  expect(lines[0]).not.toContain('\n');
});
