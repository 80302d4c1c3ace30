import type { TestApp } from "./app.ts";

const DEVELOPMENT_TYPE = "pass.dev.passhook.demo";

/** A phone that adds a pass which is signed by the development certificate. */
export async function registerPhone(shop: TestApp, serial: string, deviceId: string): Promise<void> {
  const path = `/passkit/v1/devices/${deviceId}/registrations/${DEVELOPMENT_TYPE}/${serial}`;
  const { status } = await shop.request(path, {
    method: "POST",
    headers: { authorization: `ApplePass ${shop.app.vault.authenticationToken(serial)}` },
    body: JSON.stringify({ pushToken: "ab".repeat(32) }),
  });
  if (status !== 201) throw new Error(`The phone was answered ${status}.`);
}
