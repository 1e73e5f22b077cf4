import type { Entropy } from '#src/base/index.js';
import type { MdnsSender } from '#src/discovery/mdns/link.js';
import type { MdnsQuestion, MdnsRecord } from '#src/discovery/mdns/record.js';

/** Keeps what would be sent. */
export class SenderKept implements MdnsSender {
  readonly queries: { readonly questions: readonly MdnsQuestion[]; readonly authorities: readonly MdnsRecord[] }[] = [];
  readonly responses: (readonly MdnsRecord[])[] = [];
  readonly asked: string[] = [];

  query(questions: readonly MdnsQuestion[], authorities: readonly MdnsRecord[] = []): void {
    this.queries.push({ questions, authorities });
  }

  async respond(answers: readonly MdnsRecord[]): Promise<void> {
    this.responses.push(answers);
  }

  ask(address: string): void {
    this.asked.push(address);
  }
}

/** Always the earliest moment. */
export const noChance: Entropy = { nonce: () => '', token: () => '', uuid: () => '', below: () => 0 };
