import { systemClock, systemEntropy } from '#src/base/index.js';
import { loadSealer } from '#src/security/index.js';
import { openGatewayStore } from '#src/store/index.js';
import { sampleAccount, sampleDevice, sampleFacts, sampleId } from './sample-devices.js';

const inTurn = 500;

/** Puts devices into a state folder that a gateway has made: each has been here, has an account, and nonces on both legs. */
export async function fillState(directory: string, devices: number): Promise<void> {
  const store = openGatewayStore({ directory, sealer: loadSealer({ directory, env: {} }), clock: systemClock });
  for (let at = 0; at < devices; at++) {
    const id = sampleId(at);
    store.inventory.declare({ ...sampleDevice, id });
    store.accounts.declare({ ...sampleAccount, owner: id, correlation: 'none', polling: 'never' });
    store.inventory.recordContact(id, sampleFacts, systemClock.now());
    store.inventory.attach(id);
    for (const leg of [`south/${id}`, `north/${id}/${sampleAccount.serverId}`]) store.nonces.put(leg, 'client', systemEntropy.nonce());
    if (at % inTurn === 0) await store.committed();
  }
  await store.committed();
  store.close();
}
