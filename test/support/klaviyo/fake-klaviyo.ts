import { type Answer, Api, type RawRequest } from "./api.ts";
import type { ProfileAttributes } from "./body-schemas.ts";
import { EventStore, type FakeEvent } from "./event-store.ts";
import { type Fault, FaultPlan, faultAnswer } from "./faults.ts";
import { type Outcome, startHttpHost } from "./http-host.ts";
import { createIds } from "./ids.ts";
import type { Account, AccountFacts } from "./operation.ts";
import type { FakeProfile } from "./profile.ts";
import { ProfileStore } from "./profile-store.ts";
import { RateWindows } from "./rate-windows.ts";
import { type RecordedRequest, RequestLog, type RequestMatch } from "./request-log.ts";

export type { FakeEvent } from "./event-store.ts";
export type { Fault } from "./faults.ts";
export type { AccountFacts } from "./operation.ts";
export type { FakeProfile } from "./profile.ts";
export type { RecordedRequest, RequestMatch } from "./request-log.ts";

export interface FakeKlaviyoOptions {
  readonly apiKey?: string;
  readonly account?: Partial<AccountFacts>;
  readonly now?: () => number;
  /** Answer 429 beyond the published windows of each operation; off, only the `ratelimit-*` headers count. */
  readonly enforceRateLimits?: boolean;
  /** Let clients reuse connections; see http-host.ts before combining it with resets. */
  readonly keepAlive?: boolean;
}

export interface FakeKlaviyo extends AsyncDisposable {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Accepted from the start. */
  readonly apiKey: string;
  /** By id; live, each value a snapshot that the next write replaces. */
  readonly profiles: ReadonlyMap<string, FakeProfile>;
  /** After deduplication, in order of arrival. */
  readonly events: readonly FakeEvent[];
  /** In the order of the answers. */
  readonly requests: readonly RecordedRequest[];
  /** Seeds a profile, with an id of one's own if it matters. */
  addProfile(attributes: ProfileAttributes & { readonly id?: string }): FakeProfile;
  findProfile(by: ProfileKey): FakeProfile | undefined;
  /** From now on the source id is unknown; its identifiers and events belong to the target. */
  mergeProfiles(sourceId: string, targetId: string): FakeProfile;
  /** Queues a fault for the next `times` (default 1) matching requests. */
  failNext(fault: Fault, when?: RequestMatch & { readonly times?: number }): void;
  /** Until `clearFaults`; queued faults go first. */
  respondAlways(fault: Fault, when?: RequestMatch): void;
  clearFaults(): void;
  /** Every key is refused with 401 until `acceptKey`. */
  revokeKey(): void;
  acceptKey(key: string): void;
  /** 403 `permission_denied`; a method tells `profiles:read` from `profiles:write`. */
  denyScope(pathPrefix: string, method?: string): void;
  restoreScopes(): void;
  /** The first matching request answered after this call. */
  nextRequest(match?: RequestMatch): Promise<RecordedRequest>;
  /** All matching requests, as soon as `count` were answered since the start. */
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

const NOT_JSON = "upstream connect error or disconnect/reset before headers";

export async function startFakeKlaviyo(options: FakeKlaviyoOptions = {}): Promise<FakeKlaviyo> {
  const { apiKey = "pk_test_0123456789abcdef", now = Date.now } = options;
  const facts = { ...DEFAULT_ACCOUNT, ...options.account };
  const ids = createIds(facts.id, now);
  const profiles = new ProfileStore(ids, now);
  const account: Account = { facts, profiles, events: new EventStore(ids), ids, now };
  const access = { keys: new Set([apiKey]), denied: [] as RequestMatch[] };
  const windows = new RateWindows(now, options.enforceRateLimits ?? false);
  const api = new Api(account, windows, access, () => host.url);
  const faults = new FaultPlan();
  const log = new RequestLog();
  const defects: unknown[] = [];

  const answerOf = (request: RawRequest): Answer => {
    try {
      return api.answer(request);
    } catch (defect) {
      // A defect of the fake must fail the test, not look like a fault that the client should survive.
      defects.push(defect);
      return faultAnswer({ status: 500, body: String(defect) }, account);
    }
  };

  const outcomeOf = async (request: RawRequest, fault: Fault | undefined): Promise<Outcome> => {
    if (fault === undefined) return { kind: "answer", answer: answerOf(request) };
    if (!("kind" in fault)) return { kind: "answer", answer: faultAnswer(fault, account) };
    if (fault.kind === "reset-before") return { kind: "reset" };
    if (fault.kind === "hang") return { kind: "hang" };
    const answer = answerOf(request);
    if (fault.kind === "reset-after") return { kind: "reset" };
    if (fault.kind === "truncated") return { kind: "truncated", answer };
    if (fault.kind === "slow") await Promise.allSettled([fault.until()]);
    return { kind: "answer", answer: fault.kind === "not-json" ? { ...answer, body: NOT_JSON } : answer };
  };

  const handle = async (request: RawRequest): Promise<Outcome> => {
    const { pathname: path, searchParams } = new URL(request.target, host.url);
    const { method, headers } = request;
    const outcome = await outcomeOf(request, faults.take({ method, path }));
    log.add({
      method,
      path,
      query: Object.fromEntries(searchParams),
      headers,
      body: readable(request.body),
      status: "answer" in outcome ? outcome.answer.status : outcome.kind,
      at: now(),
    });
    return outcome;
  };

  const host = await startHttpHost(handle, () => log.wake(), options.keepAlive ?? false);

  return {
    url: host.url,
    apiKey,
    profiles: profiles.all,
    requests: log.all,
    get events() {
      return account.events.all;
    },
    addProfile({ id, ...attributes }) {
      return profiles.create({ attributes, appendAt: "back" }, id);
    },
    findProfile({ id, externalId, email, phone }) {
      if (id !== undefined) return profiles.all.get(id);
      if (externalId !== undefined) return profiles.ownerOf("external_id", externalId);
      if (email !== undefined) return profiles.ownerOf("email", email);
      return phone === undefined ? undefined : profiles.ownerOf("phone_number", phone);
    },
    mergeProfiles(sourceId, targetId) {
      const merged = profiles.merge(sourceId, targetId);
      account.events.rehome(sourceId, targetId);
      return merged;
    },
    failNext: (fault, { times = 1, ...match } = {}) => faults.queue(fault, match, times),
    respondAlways: (fault, match = {}) => faults.always(fault, match),
    clearFaults: () => faults.clear(),
    revokeKey: () => access.keys.clear(),
    acceptKey: (key) => void access.keys.add(key),
    denyScope: (path, method) => void access.denied.push(method === undefined ? { path } : { path, method }),
    restoreScopes: () => void access.denied.splice(0),
    nextRequest: (match = {}) => log.next(match),
    waitForRequests: (count, match = {}) => log.atLeast(count, match),
    async [Symbol.asyncDispose]() {
      log.close();
      await host.stop();
      if (defects.length > 0) throw defects[0];
    },
  };
}

function readable(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return null;
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
