import { expect, it } from 'vitest';
import { PosternError } from '#src/base/index.js';
import { ControlInputError, formatError, parseError } from '#src/control/error-body.js';

const travel = (error: unknown) => parseError(JSON.parse(JSON.stringify(formatError(error))));

it('with its code, its details and its sentence', () => {
  const thrown = new PosternError('control.not-found', { what: 'device', id: 'urn:x' });
  const back = travel(thrown);
  expect(back).toMatchObject({ code: thrown.code, details: thrown.details, message: thrown.message });
});

it('with every mistake of a request', () => {
  const problems = [{ field: 'id', found: 'nothing', allowed: 'an id' }];
  expect(travel(new ControlInputError(problems))).toMatchObject({ problems, code: 'control.invalid' });
});

it('as its sentence when a newer version has a code that is not known here', () => {
  const back = parseError({ error: { code: 'control.from-the-future', message: 'Not today.' } });
  expect(back).toMatchObject({ code: 'control.refused', message: 'Not today.' });
});

it('except a bug, of which nothing is told', () => {
  expect(JSON.stringify(formatError(new TypeError('secret of the inside')))).not.toContain('secret');
  expect(travel(new TypeError('secret of the inside'))).toMatchObject({ code: 'control.internal' });
});
