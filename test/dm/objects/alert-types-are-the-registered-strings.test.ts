import { expect, test } from 'vitest';
import { alertType, gwmoAlertTypes } from '#src/dm/objects/index.js';

test('lower case for six, mixed case for two, under one root', () => {
  expect(Object.values(gwmoAlertTypes).sort()).toEqual([
    'urn:oma:at:oma-gwmo:AssociatedGateway:1.0',
    'urn:oma:at:oma-gwmo:BootstrappedDMSList:1.0',
    'urn:oma:at:oma-gwmo:completionstatus:1.0',
    'urn:oma:at:oma-gwmo:deviceattached:1.0',
    'urn:oma:at:oma-gwmo:deviceattached:1.1',
    'urn:oma:at:oma-gwmo:devicedetached:1.0',
    'urn:oma:at:oma-gwmo:imageready:1.0',
    'urn:oma:at:oma-gwmo:resultaggregation:1.0',
  ]);
});

test.each(['urn:x:a', ' Reversed-Domain-Name: urn:x:a', 'Content-Type:urn:x:a '])('%j is urn:x:a', (text) => {
  expect(alertType(text)).toBe('urn:x:a');
});
