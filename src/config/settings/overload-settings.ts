import { duration } from '../values/duration.js';
import { setting } from '../values/setting.js';
import { size } from '../values/size.js';

/** From when on the gateway takes no new work; part of `limits`. */
export function overloadLimits() {
  return {
    memory: setting(size('96MiB', '64GiB'), {
      description:
        'Memory of the whole gateway (RSS): above 95 % of it new sessions, connections through the forward proxy and to the broker are refused, above 98 % also messages of no open session and triggers; open sessions go on. At rest the gateway takes some 80 MiB; with thousands of devices it needs more.',
      default: '128MiB',
    }),
    loopDelay: setting(duration('50ms', '1m'), {
      description: 'How late the gateway may come to what it has to do, in the middle of five looks: the same happens near it.',
      default: '500ms',
    }),
  };
}
