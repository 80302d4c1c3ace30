import { EventStore } from "./event-store.ts";
import { createIds, type Ids } from "./ids.ts";
import { ImportJobStore } from "./import-jobs.ts";
import { MetricStore } from "./metric-store.ts";
import { DataSourceStore } from "./objects/data-source-store.ts";
import { IngestionLog } from "./objects/ingestion-log.ts";
import { ObjectRecordStore } from "./objects/object-record-store.ts";
import { ObjectTypeStore } from "./objects/object-type-store.ts";
import { ProfileStore } from "./profile-store.ts";
import { Timeline } from "./timeline.ts";

/** What GET /api/accounts tells about the account. */
export interface AccountFacts {
  readonly id: string;
  readonly organization_name: string;
  readonly timezone: string;
  readonly preferred_currency: string;
  readonly locale: string;
  readonly public_api_key: string;
  readonly test_account: boolean;
}

/** How long Klaviyo takes for what it does after the answer. It publishes no figures; these are short guesses. */
export interface Delays {
  /** From the answer until an import job is `processing`. */
  readonly importStartMs: number;
  /** From `processing` until it is `complete`. */
  readonly importMs: number;
  /** From the activation of a schema until it is `active`. */
  readonly publishMs: number;
  /** Until a data source record is judged, or a deleted object record is gone. */
  readonly recordMs: number;
  readonly mergeMs: number;
  /** How long a merged-away profile id still resolves after that. */
  readonly mergedIdMs: number;
  readonly deletionMs: number;
}

export const DEFAULT_DELAYS: Delays = {
  importStartMs: 1_000,
  importMs: 4_000,
  publishMs: 5_000,
  recordMs: 10_000,
  mergeMs: 5_000,
  mergedIdMs: 60_000,
  deletionMs: 60_000,
};

/** What a test may switch while the fake runs. */
export interface Switches {
  /** Off as on a free account: object types cannot be made, and records go into the void (recorded). */
  customObjects: boolean;
  /** Answer 500 when a second draft of an active type is activated (klaviyo/openapi #3). */
  failSecondActivation: boolean;
}

/** Everything the operations share; an operation that needs more state adds its store here. */
export interface Account {
  readonly facts: AccountFacts;
  readonly delays: Delays;
  readonly switches: Switches;
  readonly ids: Ids;
  readonly timeline: Timeline;
  readonly now: () => number;
  readonly profiles: ProfileStore;
  readonly events: EventStore;
  readonly metrics: MetricStore;
  readonly imports: ImportJobStore;
  readonly dataSources: DataSourceStore;
  readonly objectTypes: ObjectTypeStore;
  readonly objectRecords: ObjectRecordStore;
  readonly ingestionLog: IngestionLog;
}

export function createAccount(facts: AccountFacts, delays: Delays, switches: Switches, clock: () => number): Account {
  const timeline = new Timeline(clock);
  const { now } = timeline;
  const ids = createIds(facts.id, now);
  return {
    facts,
    delays,
    switches,
    ids,
    timeline,
    now,
    profiles: new ProfileStore(ids, now),
    events: new EventStore(ids),
    metrics: new MetricStore(ids, now),
    imports: new ImportJobStore(),
    dataSources: new DataSourceStore(ids),
    objectTypes: new ObjectTypeStore(),
    objectRecords: new ObjectRecordStore(now),
    ingestionLog: new IngestionLog(ids, now),
  };
}
