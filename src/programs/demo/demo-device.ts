import type { ChildProgram, Line } from './child-program.js';
import { patience } from './patience.js';

/** A virtual device in a process of its own, spoken to in JSON lines. */
export class DemoDevice {
  readonly id: string;
  readonly program: ChildProgram;

  constructor(id: string, program: ChildProgram) {
    this.id = id;
    this.program = program;
  }

  /** It answers each order with one line that says what it was for. */
  ask(order: Line): Promise<Line> {
    const answered = this.program.until((said) => said['event'] === 'done' && said['of'] === order['do'], patience);
    this.program.say(order);
    return answered;
  }

  /** @returns whether the session was complete */
  async session(): Promise<boolean> {
    const { ok } = await this.ask({ do: 'session' });
    return ok === true;
  }

  /** What stands in its own management tree; undefined where there is nothing. */
  async read(uri: string): Promise<string | undefined> {
    const { value } = await this.ask({ do: 'read', uri });
    return typeof value === 'string' ? value : undefined;
  }
}
