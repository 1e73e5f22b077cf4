export {
  type ClientAlert,
  type ClientEffect,
  type ClientInput,
  type ClientSetup,
  type ClientState,
  type ClientStep,
  newClient,
  stepClient,
} from './client-machine.js';
