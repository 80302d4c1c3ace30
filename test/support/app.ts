import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PassObject } from "../../src/api/pass-object.ts";
import { type App, createApp } from "../../src/app.ts";
import {
  createDevelopmentChain,
  type DevelopmentChain,
  type DevelopmentChainOptions,
} from "../../src/apple/development-chain.ts";
import { resolveConfig } from "../../src/config.ts";
import type { Log } from "../../src/log.ts";
import { readGalleryTemplate } from "../../src/templates/folder.ts";
import { GALLERY } from "../../src/templates/gallery/index.ts";
import type { TemplateSource } from "../../src/templates/template-source.ts";
import { type FakeApns, startFakeApns } from "./apns/fake-apns.ts";
import { createFakeClock, type FakeClock } from "./clock.ts";
import { type FakeKlaviyo, startFakeKlaviyo } from "./klaviyo/fake-klaviyo.ts";
import { RECEIVER_HOST, type Receiver } from "./receiver.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The whole program in this process, on a database of its own, with a clock that tests move. */
export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly clock: FakeClock;
  readonly dataDir: string;
  readonly accountId: string;
  readonly apiKey: string;
  /** A request to the HTTP interface, as from a client. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** `POST /v1/passes` with the right key; `body` is sent as it is when it is text. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The same, for a call that must succeed. */
  issue(body: unknown, headers?: Record<string, string>): Promise<PassObject>;
  pushTemplate(source?: Partial<TemplateSource>): Promise<string>;
  pushGallery(name: string): Promise<string>;
}

/** The fake's address, and its CA in a file as a setting names it. */
function trust(apns: FakeApns, dataDir: string): { apnsUrl: string; apnsCa: string } {
  mkdirSync(dataDir, { recursive: true });
  const apnsCa = join(dataDir, "apns-ca.pem");
  writeFileSync(apnsCa, apns.ca);
  return { apnsUrl: apns.url, apnsCa };
}

const chains = new Map<string, DevelopmentChain>();

/** One chain for all tests of a day: making one takes half a second. */
function sharedChain(options: DevelopmentChainOptions): DevelopmentChain {
  const key = `${options.passTypeIdentifier} ${options.now - (options.now % 86_400_000)}`;
  const chain = chains.get(key) ?? createDevelopmentChain(options);
  chains.set(key, chain);
  return chain;
}

export const PUBLIC_URL = "https://passes.example.com";

/** `klaviyo` connects the account with the key of a fake, unless it is already; without it the account is a sandbox. */
export async function startTestApp(
  options: {
    klaviyo?: FakeKlaviyo;
    isConnected?: boolean;
    apns?: FakeApns;
    receiver?: Receiver;
    clock?: FakeClock;
    log?: Log;
    dataDir?: string;
    publicUrl?: string;
  } = {},
): Promise<TestApp> {
  const folder = options.dataDir === undefined ? temporaryFolder() : undefined;
  const dataDir = options.dataDir ?? join(folder?.path ?? "", "data");
  const clock = options.clock ?? createFakeClock();
  const { config, secrets, settings } = resolveConfig(
    {
      data: dataDir,
      publicUrl: options.publicUrl ?? PUBLIC_URL,
      klaviyoUrl: options.klaviyo?.url ?? "http://127.0.0.1:9",
      ...(options.apns ? trust(options.apns, dataDir) : { apnsUrl: "https://127.0.0.1:9" }),
      ...(options.receiver ? { webhookAllowPrivate: RECEIVER_HOST } : {}),
    },
    {},
  );
  const app = createApp({
    ...{ config, secrets, settings, clock, drainMs: 0, developmentChain: sharedChain },
    passwordCost: { memoryCost: 64, timeCost: 1 },
    ...(options.log ? { log: options.log } : {}),
    ...(options.receiver ? { webhookNetwork: options.receiver.network } : {}),
  });
  const account = (await app.accounts.first()) ?? (await app.accounts.create("Test shop"));
  const { apiKey } = await app.accounts.createKey(account.id, "test");
  if (options.klaviyo && !options.isConnected) await app.connections.connect(account.id, options.klaviyo.apiKey);

  const request = (path: string, init?: RequestInit) => app.http.handle(new Request(`http://localhost${path}`, init));
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    request("/v1/passes", {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": apiKey, "x-account-id": account.id, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const gallerySource = async (name: string) => {
    const gallery = GALLERY.find((one) => one.name === name);
    if (!gallery) throw new Error(`no gallery template ${name}`);
    return readGalleryTemplate(gallery);
  };
  return {
    app,
    clock,
    dataDir,
    accountId: account.id,
    apiKey,
    request,
    post,
    async issue(body, headers) {
      const response = await post(body, headers);
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as PassObject;
    },
    async pushTemplate(source) {
      const { id } = await app.templates.push(account.id, { ...(await gallerySource("points-card")), ...source });
      return id;
    },
    async pushGallery(name) {
      const { id } = await app.templates.push(account.id, await gallerySource(name));
      return id;
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      folder?.[Symbol.dispose]();
    },
  };
}

export { startFakeApns, startFakeKlaviyo };
