import { duration } from '../values/duration.js';
import { count } from '../values/plain-values.js';
import { section, setting } from '../values/setting.js';

/** What guessing at the credentials of devices costs. */
export function loginSection() {
  return section(
    'What wrong credentials of devices cost, at all doors together: sessions, polls for triggers, the forward proxy, the broker.',
    {
      failuresPerHour: setting(count(20, 10_000), {
        description:
          'Wrong credentials of one account that are looked at in an hour, half of them at once, from addresses where it has never been right.',
        unit: 'attempts',
        default: 100,
      }),
      longestDelay: setting(duration('1m', '1h'), {
        description:
          'After the fifth failure from one address an account is not looked at from there for 1 s, then twice as long each time, up to this.',
        default: '5m',
      }),
    },
  );
}
