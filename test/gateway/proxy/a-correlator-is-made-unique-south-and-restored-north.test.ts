import { expect, test } from 'vitest';
import { exec, genericAlert } from '../commands.js';
import { declareDevice, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

async function execute() {
  const server = await FarServer.open({ batches: [[exec('e', './Update', 'job-7')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const accepted = () => [{ name: 'Status', CmdRef: '', Cmd: 'Exec', Data: '202' }] as const;
  const device = new FarDevice(under.url, {
    instead: (commands) => commands.map((command) => ({ ...accepted()[0], Cmd: command.name, CmdRef: command.CmdID })),
  });
  await device.session();
  const sent = device.executed.find(({ name }) => name === 'Exec');
  const mark = sent?.name === 'Exec' ? (sent.Correlator ?? '') : '';
  return { server, under, device, mark };
}

test('the Correlator of an Exec is another south, and its alert reaches the server with its own', async () => {
  const { server, device, mark } = await execute();
  expect(mark).not.toBe('job-7');
  expect(mark).toContain('job-7');
  await device.session([genericAlert('done', { Correlator: mark })]);
  expect(server.alerts.map(({ Correlator }) => Correlator)).toEqual(['job-7']);
  expect(device.alertStatuses).toEqual([['alert-0', '200']]);
});

test('also after a restart of the gateway', async () => {
  const { server, under, mark } = await execute();
  await under.stop();
  const again = await openGateway({ directory: under.directory });
  await new FarDevice(again.url).session([genericAlert('done', { Correlator: mark })]);
  expect(server.alerts.map(({ Correlator }) => Correlator)).toEqual(['job-7']);
});

test('an alert with the mark of one server goes to that one alone', async () => {
  const { under, mark, server } = await execute();
  const other = await FarServer.open({ serverId: 'other' });
  declareDevice(under, [server, other]);
  await new FarDevice(under.url).session([genericAlert('done', { Correlator: mark })]);
  expect(server.alerts).toHaveLength(1);
  expect(other.alerts).toHaveLength(0);
});
