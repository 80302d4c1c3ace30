import type { PassObject } from "../../src/api/pass-object.ts";
import type { PreparedShop } from "./prepared-shop.ts";
import type { RestartingServer } from "./restarting-server.ts";

/** A sender as persistent as Klaviyo: a call that got no answer, or was asked to wait, is sent again with its key. */
export interface Sender {
  /** Resolves to the answer of a 200. Throws on every answer that Klaviyo would take as final. */
  post(key: string, body: object): Promise<PassObject>;
  readonly acknowledged: number;
  /** Calls that got no answer. */
  readonly unanswered: number;
  /** Resolves after `count` more answers of 200. */
  moreAcknowledged(count: number): Promise<void>;
}

export function createSender(server: RestartingServer, shop: PreparedShop): Sender {
  let acknowledged = 0;
  let unanswered = 0;
  let waiters: { at: number; resolve: () => void }[] = [];

  async function attempt(key: string, body: object): Promise<PassObject | undefined> {
    await server.up();
    try {
      const response = await fetch(`${server.url}/v1/passes`, {
        method: "POST",
        headers: { ...shop.headers, "idempotency-key": key },
        body: JSON.stringify(body),
      });
      if (response.status === 200) return (await response.json()) as PassObject;
      const text = await response.text();
      if (response.status !== 503) throw new UnexpectedAnswer(`${response.status} to ${key}: ${text}`);
      return undefined;
    } catch (error) {
      if (error instanceof UnexpectedAnswer) throw error;
      unanswered++;
      return undefined;
    }
  }

  return {
    async post(key, body) {
      for (;;) {
        const pass = await attempt(key, body);
        if (!pass) continue;
        acknowledged++;
        for (const { resolve } of waiters.filter(({ at }) => at <= acknowledged)) resolve();
        waiters = waiters.filter(({ at }) => at > acknowledged);
        return pass;
      }
    },
    get acknowledged() {
      return acknowledged;
    },
    get unanswered() {
      return unanswered;
    },
    moreAcknowledged(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiters.push({ at: acknowledged + count, resolve });
      return promise;
    },
  };
}

class UnexpectedAnswer extends Error {}

/** One sender's card, whose points only grow, and tickets, each a pass of its own; one call after the other. */
export interface Produced {
  card: { serial: string; points: number };
  readonly tickets: { serial: string; seat: string; email: string }[];
}

/** Sends until `isOver`, checking every answer against what was sent. */
export async function produce(
  sender: Sender,
  { templates }: PreparedShop,
  name: string,
  isOver: () => boolean,
): Promise<Produced> {
  const produced: Produced = { card: { serial: "", points: 0 }, tickets: [] };
  for (let step = 1; !isOver(); step++) {
    const card = await sender.post(`${name}-points-${step}`, {
      passTemplate: templates["points-card"],
      pass: { "member-name": name, "points-balance": `${step}.0` },
      recipient: { email: `${name}@example.com` },
    });
    if (card.pass["points-balance"] !== String(step)) throw new Error(`${name}: ${step} points were not taken over`);
    if (step > 1 && card.serialNumber !== produced.card.serial) throw new Error(`${name} has a second card`);
    produced.card = { serial: card.serialNumber, points: step };

    const seat = `${name}-${step}`;
    const email = `${seat}@example.com`;
    const ticket = await sender.post(`${name}-ticket-${step}`, {
      passTemplate: templates["event-ticket"],
      pass: { "event-name": "Strings after Dark", venue: "Lantern Hall", "starts-at": "2026-11-21T19:30", seat },
      recipient: { email },
    });
    if (ticket.pass["seat"] !== seat) throw new Error(`${seat} was answered with ${ticket.pass["seat"]}`);
    produced.tickets.push({ serial: ticket.serialNumber, seat, email });
  }
  return produced;
}
