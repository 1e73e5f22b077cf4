import { PosternError } from '#src/base/index.js';
import type { ControlService, DeviceAnswer } from '#src/control/index.js';
import type { DeviceSummary, Gateway, GatewayStore } from '#src/gateway/index.js';

export interface AdmissionServiceParts {
  readonly gateway: Gateway;
  readonly store: GatewayStore;
  readonly describe: (device: DeviceSummary) => DeviceAnswer;
}

type AdmissionService = Pick<ControlService, 'showAdmission' | 'admitDevice' | 'refuseDevice' | 'quarantineDevice' | 'renameDevice'>;

/** The operator's word on who is let in, and what a device is called. */
export function createAdmissionService(parts: AdmissionServiceParts): AdmissionService {
  const { gateway, store } = parts;
  return {
    showAdmission: async () => ({
      policy: gateway.presence.policy,
      refused: store.refusals.list().map(({ id, refusedAt }) => ({ device: id, since: new Date(refusedAt).toISOString() })),
      turnedAway: gateway.presence.turnedAway,
    }),
    admitDevice: ({ id }) => told(parts, id, gateway.presence.admit(id)),
    quarantineDevice: ({ id }) => told(parts, id, gateway.presence.quarantine(id)),
    refuseDevice: async ({ id }) => {
      requireNotConfigured(store.inventory.find(id));
      gateway.presence.refuse(id);
      await store.committed();
    },
    renameDevice: async ({ id, name }) => {
      requireNotConfigured(store.inventory.find(id));
      const isKnown = store.inventory.find(id) !== undefined;
      if (isKnown) store.inventory.rename(id, name);
      return told(parts, id, isKnown);
    },
  };
}

async function told({ store, describe }: AdmissionServiceParts, id: string, isKnown: boolean): Promise<DeviceAnswer> {
  await store.committed();
  const device = isKnown ? store.inventory.find(id) : undefined;
  if (device === undefined) throw new PosternError('control.not-found', { what: 'device', id });
  return describe(device);
}

function requireNotConfigured(device: DeviceSummary | undefined): void {
  if (device?.origin === 'config') throw new PosternError('control.declared', { what: 'device', id: device.id });
}
