import type { TestApp } from "./app.ts";

export const PASS_TYPE = "pass.dev.passhook.demo";
const TOKEN = "ab".repeat(32);

/** A phone: it knows the pass it downloaded, and asks as iOS does. */
export function phone(shop: TestApp, serial: string, deviceId = "phone-1") {
  const authorization = `ApplePass ${shop.app.vault.authenticationToken(serial)}`;
  const registration = `/passkit/v1/devices/${deviceId}/registrations/${PASS_TYPE}`;
  const headers = { authorization, "content-type": "application/json" };
  return {
    register: (pushToken: unknown = TOKEN) =>
      shop.request(`${registration}/${serial}`, { method: "POST", headers, body: JSON.stringify({ pushToken }) }),
    unregister: () => shop.request(`${registration}/${serial}`, { method: "DELETE", headers }),
    changes: (tag?: string) =>
      shop.request(`${registration}${tag === undefined ? "" : `?passesUpdatedSince=${encodeURIComponent(tag)}`}`),
    fetch: (extra: Record<string, string> = {}, method = "GET") =>
      shop.request(`/passkit/v1/passes/${PASS_TYPE}/${serial}`, { method, headers: { authorization, ...extra } }),
  };
}
