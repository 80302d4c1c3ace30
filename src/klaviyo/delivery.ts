import type { Clock } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import type { KlaviyoAnswer, KlaviyoClient, KlaviyoRequest } from "./client.ts";
import type { Connection, ConnectionStore } from "./connection-store.ts";
import type { Gates } from "./gates.ts";
import type { LimitFamily } from "./limits.ts";

/** A request on its way out, apart from how it gets there. */
export interface Parcel {
  readonly accountId: string;
  readonly connection: Connection;
  readonly family: LimitFamily;
  readonly request: KlaviyoRequest;
  readonly signal: AbortSignal;
}

export type DeliveryAnswer =
  | KlaviyoAnswer
  /** Not sent: the account's share of Klaviyo's limits is used up, or Klaviyo is down. */
  | { readonly type: "held"; readonly until: number; readonly isDown: boolean }
  /** Not sent: there is no key. */
  | { readonly type: "disconnected" };

export interface Delivered {
  readonly answer: DeliveryAnswer;
  /** To be stored with the job's outcome. */
  readonly record: (tx: Transaction) => Promise<void>;
}

export type Deliver = (parcel: Parcel) => Promise<Delivered>;

export interface DeliveryDependencies {
  readonly clock: Clock;
  readonly client: KlaviyoClient;
  readonly gates: Gates;
  readonly connections: ConnectionStore;
  /** Told of every answer. */
  readonly onAnswer: (family: LimitFamily, answer: KlaviyoAnswer) => void;
}

const nothing = async (): Promise<void> => {};
/** A gate that did not open while a job waited at it is tried again after this, at the latest. */
const HELD_MS = 1_000;

/**
 * Sends within the account's share of Klaviyo's limits. For a sandbox nothing is sent: the request is recorded, and the
 * answer is what Klaviyo's would be.
 */
export function createDelivery({ clock, client, gates, connections, onAnswer }: DeliveryDependencies): Deliver {
  return async ({ accountId, connection, family, request, signal }) => {
    switch (connection.mode) {
      case "sandbox":
        return {
          answer: { type: "answered", status: 202, body: null, retryAfterMs: undefined },
          record: ({ query }) => connections.recordSandboxRequest(query, accountId, request, clock.now()),
        };
      case "disconnected":
        return { answer: { type: "disconnected" }, record: nothing };
      case "live": {
        const { sharePercent } = connection;
        if (!(await gates.enter(accountId, family, sharePercent, signal))) {
          const { nextAt, isDown } = gates.room(accountId, family, sharePercent);
          return { answer: { type: "held", until: Math.max(nextAt, clock.now() + HELD_MS), isDown }, record: nothing };
        }
        const answer = await client(connection.apiKey, request, signal);
        gates.learn(accountId, family, answer);
        onAnswer(family, answer);
        // A key that was replaced meanwhile: its refusal must not stop the new one.
        if (isRefused(answer) && (await connections.find(accountId))?.connectedAt !== connection.connectedAt) {
          return { answer: { type: "held", until: clock.now(), isDown: false }, record: nothing };
        }
        return { answer, record: nothing };
      }
      default:
        return connection satisfies never;
    }
  };
}

const isRefused = (answer: KlaviyoAnswer): boolean =>
  answer.type === "answered" && (answer.status === 401 || answer.status === 403);
