import { Elysia } from "elysia";
import { AppError } from "../errors.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import { MAX_JSON_BYTES, readText } from "../http/read-body.ts";
import { packageResponse } from "../passes/package-response.ts";
import type { DeviceLogStore } from "./device-log-store.ts";
import type { PassPackages } from "./pass-packages.ts";
import type { PassKit } from "./passkit.ts";
import type { Personalizer } from "./personalization.ts";

export interface PassKitRouteDependencies {
  readonly passKit: PassKit;
  readonly packages: PassPackages;
  readonly personalize: Personalizer;
  readonly deviceLogs: DeviceLogStore;
  /** Per device and per pass, never per address: a mobile network puts many phones behind one. */
  readonly limit: RateLimit;
}

/**
 * Apple's web service (Apple: "Adding a Web Service to Update Passes"). Phones have been seen to ask for `//v1` when the
 * base they were given ends in a slash, so that is served as well.
 */
export function passKitRoutes({ passKit, packages, personalize, deviceLogs, limit }: PassKitRouteDependencies) {
  const routes = new Elysia({ name: "passkit" });
  for (const base of ["/passkit/v1", "/passkit//v1"] as const) {
    const registration = `${base}/devices/:deviceId/registrations/:passTypeIdentifier/:serial` as const;
    routes
      .post(
        registration,
        async ({ params, request, set }) => {
          limit.take(`device ${params.deviceId}`);
          const whole = await authenticate(params.serial, request);
          const isNew = await passKit.register(params, whole, (await readJson(request))["pushToken"]);
          set.status = isNew ? 201 : 200;
          return {};
        },
        { parse: "none" },
      )
      .delete(
        registration,
        async ({ params, request }) => {
          await passKit.unregister(params, await authenticate(params.serial, request));
          return {};
        },
        { parse: "none" },
      )
      // Without authorization: the device's name is the secret (Apple).
      .get(`${base}/devices/:deviceId/registrations/:passTypeIdentifier`, async ({ params, query }) => {
        limit.take(`device ${params.deviceId}`);
        const changed = await passKit.updatedSerials(params, query["passesUpdatedSince"]);
        return changed
          ? Response.json(changed, { headers: NO_STORE })
          : new Response(null, { status: 204, headers: NO_STORE });
      })
      .get(`${base}/passes/:passTypeIdentifier/:serial`, async ({ params, request }) => {
        const whole = await authenticate(params.serial, request);
        return packageResponse(request, whole.pass, await packages.of(whole));
      })
      .post(
        `${base}/passes/:passTypeIdentifier/:serial/personalize`,
        async ({ params, request }) => {
          limit.take(`pass ${params.serial}`);
          const signature = await personalize(params.serial, await readJson(request));
          return new Response(new Uint8Array(signature), {
            headers: { ...NO_STORE, "content-type": "application/octet-stream" },
          });
        },
        { parse: "none" },
      )
      .post(
        `${base}/log`,
        async ({ request }) => {
          await keepLog(request);
          return {};
        },
        { parse: "none" },
      );
  }
  return routes;

  async function authenticate(serial: string, request: Request) {
    try {
      return await passKit.authenticate(serial, request.headers.get("authorization"));
    } catch (error) {
      limit.take(`pass ${serial}`);
      throw error;
    }
  }

  /** Always good for the phone, which could not do anything about it. */
  async function keepLog(request: Request): Promise<void> {
    try {
      limit.take("log");
      const { logs } = await readJson(request);
      if (Array.isArray(logs)) await deviceLogs.add(logs);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}

const NO_STORE = { "cache-control": "no-store" };

async function readJson(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request, MAX_JSON_BYTES, () => {});
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return { ...parsed };
  } catch {
    // Answered below, like JSON of another kind.
  }
  throw new AppError("invalid", "The body must be a JSON object.");
}
