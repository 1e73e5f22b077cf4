import { enrol } from '../authority.js';
import { enterpriseId, lamp as lampRole } from '../cast.js';
import { codesOf, manage, seenBy } from '../managing.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

const level = './Vendor/Lamp/Level';
const work = './Vendor/Work';

/** What the enterprise may do: look at the lamp, and have a place of its own on it. */
const rights = {
  './DevInfo': ['Get' as const],
  './Vendor/Lamp': ['Get' as const],
  [work]: ['Get' as const, 'Add' as const, 'Replace' as const, 'Delete' as const],
};

/** A second authority gets an account for the same device, with rights of its own. */
export async function secondAuthority({ enterprise, gateway, lamp }: Stage): Promise<Step> {
  const account = await enrol(enterprise, lampRole.id);
  await gateway.door.addAccount({ device: lampRole.id, name: 'Enterprise', priority: 2, rights, ...account });
  const before = await lamp.read(level);
  const [got, refused, added] = await manage(enterprise, lamp, [
    { command: 'Get', uri: level },
    { command: 'Replace', uri: level, data: '0', format: 'int' },
    { command: 'Add', uri: work, data: 'asset 4711', format: 'chr' },
  ]);
  const after = { level: await lamp.read(level), work: await lamp.read(work) };
  const codes = [got, refused, added].map(codesOf);
  const ok =
    JSON.stringify(codes) === '[[200],[425],[200]]' &&
    got?.results[0]?.data === before &&
    after.level === before &&
    after.work === 'asset 4711';
  const evidence = { server: [got, refused, added], device: { before, after }, rights };
  const seen = [...seenBy('Get', got), ...seenBy('Replace by 0', refused), ...seenBy('Add', added), `on the device: still ${after.level}`];
  return { name: `a second DM server, ${enterpriseId}, may look at the device and not switch it`, ok, evidence, seen };
}

/** What one has made the other can be kept from: the table says who sees what. */
export async function bothAtOnce({ operator, enterprise, lamp }: Stage): Promise<Step> {
  const [id] = [await enterprise.door.queueCommand({ id: lampRole.id, command: 'Get', uri: work })];
  const [switched] = await manage(operator, lamp, [{ command: 'Replace', uri: level, data: '7', format: 'int' }]);
  const read = await enterprise.door.showCommand({ id: id.id, wait: 10 });
  const after = { level: await lamp.read(level), work: await lamp.read(work) };
  const ok = codesOf(switched)[0] === 200 && read.results[0]?.data === after.work && after.level === '7';
  const seen = [...seenBy('operator: Replace by 7', switched), ...seenBy('enterprise: Get', read)];
  return {
    name: 'both servers have their turn in one session of the device',
    ok,
    evidence: { server: [switched, read], device: after },
    seen,
  };
}
