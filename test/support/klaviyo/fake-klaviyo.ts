import { type AccountFacts, createAccount, DEFAULT_DELAYS, type Delays, type Switches } from "./account.ts";
import { AnswerCounts } from "./answer-counts.ts";
import { type Access, Api } from "./api.ts";
import type { ProfileAttributes } from "./body-schemas.ts";
import type { FakeEvent } from "./event-store.ts";
import { createExchange } from "./exchange.ts";
import { FaultPlan, type FaultTiming, type RandomFaults } from "./fault-plan.ts";
import type { Fault } from "./faults.ts";
import { startHttpHost } from "./http-host.ts";
import type { FakeImportJob } from "./import-jobs.ts";
import type { FakeMetric } from "./metric-store.ts";
import type { FakeDataSource } from "./objects/data-source-store.ts";
import type { FakeIngestionLogEntry } from "./objects/ingestion-log.ts";
import type { FakeObjectSchema, FakeObjectType, FakeSourceMapping } from "./objects/object-model.ts";
import type { FakeObjectRecord } from "./objects/object-record-store.ts";
import type { FakeProfile } from "./profile.ts";
import { mergeNow } from "./profile-merge.ts";
import { RateWindows } from "./rate-windows.ts";
import { type RecordedRequest, RequestLog, type RequestMatch } from "./request-log.ts";
import type { Scope } from "./scopes.ts";

export type { AccountFacts, Delays, Switches } from "./account.ts";
export type { FakeEvent } from "./event-store.ts";
export type { Fault } from "./faults.ts";
export type { FakeImportJob } from "./import-jobs.ts";
export type { FakeObjectRecord } from "./objects/object-record-store.ts";
export type { FakeProfile } from "./profile.ts";
export type { RecordedRequest, RequestMatch } from "./request-log.ts";
export type { Scope } from "./scopes.ts";

export interface FakeKlaviyoOptions {
  readonly apiKey?: string;
  readonly account?: Partial<AccountFacts>;
  readonly now?: () => number;
  /** How long what follows an answer takes, on the fake's clock. */
  readonly delays?: Partial<Delays>;
  /** Answer 429 beyond the published windows of each operation; off, only the `ratelimit-*` headers count. */
  readonly enforceRateLimits?: boolean;
  /** How many requests `requests` keeps, the latest; all by default, 0 for benchmarks. */
  readonly keptRequests?: number;
  /** Let clients reuse connections; see http-host.ts before combining it with resets. */
  readonly keepAlive?: boolean;
}

/** Everything read here is as Klaviyo would have it at this moment: what has fallen due is done first. */
export interface FakeKlaviyo extends AsyncDisposable {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Accepted from the start. */
  readonly apiKey: string;
  /** By id; live, each value a snapshot that the next write replaces. */
  readonly profiles: ReadonlyMap<string, FakeProfile>;
  /** After deduplication, in order of arrival. */
  readonly events: readonly FakeEvent[];
  readonly metrics: readonly FakeMetric[];
  readonly importJobs: ReadonlyMap<string, FakeImportJob>;
  readonly dataSources: ReadonlyMap<string, FakeDataSource>;
  readonly objectTypes: ReadonlyMap<string, FakeObjectType>;
  readonly objectSchemas: ReadonlyMap<string, FakeObjectSchema>;
  readonly sourceMappings: ReadonlyMap<string, FakeSourceMapping>;
  /** By `<object type id>:::<record id>`. */
  readonly objectRecords: ReadonlyMap<string, FakeObjectRecord>;
  readonly ingestionLog: readonly FakeIngestionLogEntry[];
  /** In the order of the answers. */
  readonly requests: readonly RecordedRequest[];
  readonly answers: AnswerCounts;
  /** To be set by the test, at any time. */
  readonly switches: Switches;
  /** Seeds a profile, with an id of one's own if it matters. */
  addProfile(attributes: ProfileAttributes & { readonly id?: string }): FakeProfile;
  findProfile(by: ProfileKey): FakeProfile | undefined;
  eventsOfProfile(profileId: string): readonly FakeEvent[];
  findEvent(profileId: string, metric: string, uniqueId: string): FakeEvent | undefined;
  recordsOfProfile(profileId: string): readonly FakeObjectRecord[];
  /** Every version that was ingested under the compound id, the oldest first; it outlives the record. */
  recordHistory(id: string): readonly FakeObjectRecord[];
  /** From now on the source id is unknown; its identifiers, events and records belong to the target. */
  mergeProfiles(sourceId: string, targetId: string): FakeProfile;
  /** Queues a fault for the next `times` (default 1) matching requests, after `skip` (default 0) others. */
  failNext(fault: Fault, when?: FaultTiming): void;
  /** Until `clearFaults`; queued faults go first. */
  respondAlways(fault: Fault, when?: RequestMatch): void;
  /** Until `clearFaults`; queued faults go first. */
  failAtRandom(faults: RandomFaults): void;
  clearFaults(): void;
  /** Refused with 401 until `acceptKey`: one key, or every key. */
  revokeKey(key?: string): void;
  /** One more key of the account; all its keys share its windows. */
  acceptKey(key: string): void;
  /** 403 `permission_denied`; a method tells `profiles:read` from `profiles:write`. */
  denyScope(pathPrefix: string, method?: string): void;
  /** 403 `permission_denied` from every operation that needs the scope. */
  withholdScope(scope: Scope): void;
  restoreScopes(): void;
  /** Other users of the account use up this part of every window, from 0 to 1. */
  occupyWindows(share: number): void;
  /** The first matching request answered after this call. */
  nextRequest(match?: RequestMatch): Promise<RecordedRequest>;
  /** All matching requests that are kept, as soon as `count` were answered since the start. */
  waitForRequests(count: number, match?: RequestMatch): Promise<readonly RecordedRequest[]>;
}

export interface ProfileKey {
  readonly email?: string;
  readonly phone?: string;
  readonly externalId?: string;
  readonly id?: string;
}

const DEFAULT_ACCOUNT: AccountFacts = {
  id: "AbCd12",
  organization_name: "Example Org",
  timezone: "Europe/Copenhagen",
  preferred_currency: "DKK",
  locale: "en-US",
  public_api_key: "AbCd12",
  test_account: true,
};

export async function startFakeKlaviyo(options: FakeKlaviyoOptions = {}): Promise<FakeKlaviyo> {
  const { apiKey = "pk_test_0123456789abcdef", now = Date.now } = options;
  const facts = { ...DEFAULT_ACCOUNT, ...options.account };
  const switches: Switches = { customObjects: true, failSecondActivation: false };
  const account = createAccount(facts, { ...DEFAULT_DELAYS, ...options.delays }, switches, now);
  const access: Access = { keys: new Set([apiKey]), withheldScopes: new Set(), denied: [] };
  const windows = new RateWindows(now, options.enforceRateLimits ?? false);
  const api = new Api(account, windows, access, () => host.url);
  const faults = new FaultPlan();
  const log = new RequestLog(options.keptRequests ?? Number.POSITIVE_INFINITY);
  const counts = new AnswerCounts();
  // A defect of the fake must fail the test, not look like a fault that the client should survive.
  const defects: unknown[] = [];
  const exchange = createExchange({ account, api, faults, log, counts, onDefect: (defect) => defects.push(defect) });
  const host = await startHttpHost(exchange, () => log.wake(), options.keepAlive ?? false);

  const current = () => {
    account.timeline.catchUp();
    return account;
  };

  return {
    url: host.url,
    apiKey,
    requests: log.all,
    answers: counts,
    switches,
    get profiles() {
      return current().profiles.all;
    },
    get events() {
      return current().events.all;
    },
    get metrics() {
      return current().metrics.all;
    },
    get importJobs() {
      return current().imports.all;
    },
    get dataSources() {
      return current().dataSources.all;
    },
    get objectTypes() {
      return current().objectTypes.all;
    },
    get objectSchemas() {
      return current().objectTypes.schemas;
    },
    get sourceMappings() {
      return current().objectTypes.mappings;
    },
    get objectRecords() {
      return current().objectRecords.all;
    },
    get ingestionLog() {
      return current().ingestionLog.all;
    },
    addProfile({ id, ...attributes }) {
      return current().profiles.create({ attributes, appendAt: "back" }, id);
    },
    findProfile({ id, externalId, email, phone }) {
      const { profiles } = current();
      if (id !== undefined) return profiles.all.get(id);
      if (externalId !== undefined) return profiles.ownerOf("external_id", externalId);
      if (email !== undefined) return profiles.ownerOf("email", email);
      return phone === undefined ? undefined : profiles.ownerOf("phone_number", phone);
    },
    eventsOfProfile: (profileId) => current().events.ofProfile(profileId),
    findEvent: (profileId, metric, uniqueId) => current().events.find(profileId, metric, uniqueId),
    recordsOfProfile: (profileId) => current().objectRecords.ofProfile(profileId),
    recordHistory: (id) => current().objectRecords.historyOf(id),
    mergeProfiles(sourceId, targetId) {
      const { profiles } = current();
      return mergeNow(account, profiles.get(sourceId), profiles.get(targetId), 0);
    },
    failNext: (fault, when = {}) => faults.queue(fault, when),
    respondAlways: (fault, match = {}) => faults.always(fault, match),
    failAtRandom: (random) => faults.atRandom(random),
    clearFaults: () => faults.clear(),
    revokeKey: (key) => void (key === undefined ? access.keys.clear() : access.keys.delete(key)),
    acceptKey: (key) => void access.keys.add(key),
    denyScope: (path, method) => void access.denied.push(method === undefined ? { path } : { path, method }),
    withholdScope: (scope) => void access.withheldScopes.add(scope),
    restoreScopes() {
      access.denied.splice(0);
      access.withheldScopes.clear();
    },
    occupyWindows(share) {
      windows.othersShare = share;
    },
    nextRequest: (match = {}) => log.next(match),
    waitForRequests: (count, match = {}) => log.atLeast(count, match),
    async [Symbol.asyncDispose]() {
      log.close();
      await host.stop();
      if (defects.length > 0) throw defects[0];
    },
  };
}
