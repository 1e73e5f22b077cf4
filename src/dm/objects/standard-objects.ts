import type { ObjectDefinition } from '#src/dm/tree/index.js';
import { devDetailDefinition } from './devdetail.js';
import { devInfoDefinition } from './devinfo.js';
import { dmAccDefinition } from './dmacc.js';
import { gwInventoryDefinition } from './gw-inventory.js';
import { hardwareDefinition } from './hardware.js';

/** The tables that a management tree holds servers' additions against. */
export const standardObjects: readonly ObjectDefinition[] = [
  devInfoDefinition,
  devDetailDefinition,
  dmAccDefinition,
  gwInventoryDefinition,
  hardwareDefinition,
];
