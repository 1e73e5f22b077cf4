import { duration } from '../values/duration.js';
import { choice, count } from '../values/plain-values.js';
import { section, setting } from '../values/setting.js';

/** Who is let in, and from when on a device counts as here or as gone. */
export function presenceSection() {
  return section('Who is there, and who is let in when it is discovered; a DM session always needs credentials.', {
    admission: setting(choice(['ask', 'open', 'closed']), {
      description:
        'What becomes of an unknown device that is discovered: ask keeps it in quarantine until it is admitted, open lets it in, closed only counts it.',
      default: 'ask',
    }),
    settle: setting(duration('100ms', '1h'), {
      description: 'A discovered device is attached when it is still there after this time.',
      default: '5s',
    }),
    grace: setting(duration('1s', '1d'), {
      description:
        'A device that said goodbye, or is silent for longer than it promised, is detached when it has not come back after this time.',
      default: '60s',
    }),
    mostQuarantined: setting(count(1, 10_000), {
      description: 'Discovered devices in quarantine; for a further one the oldest that was never admitted is forgotten.',
      unit: 'devices',
      default: 256,
    }),
    mostDiscovered: setting(count(1, 10_000), {
      description: 'Discovered devices that are let in by themselves (open); further ones are not.',
      unit: 'devices',
      default: 1000,
    }),
    newPerMinute: setting(count(1, 6000), {
      description: 'Unknown devices that are written down in a minute; more are only counted.',
      unit: 'devices',
      default: 60,
    }),
    mostRefused: setting(count(1, 100_000), {
      description: 'Refused devices that are remembered; the oldest is forgotten.',
      unit: 'devices',
      default: 1024,
    }),
  });
}
