export { stepClient } from './client-machine.js';
export {
  type ClientAlert,
  type ClientEffect,
  type ClientInput,
  type ClientSetup,
  type ClientState,
  type ClientStep,
  newClient,
} from './client-state.js';
