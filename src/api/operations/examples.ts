import type { BulkJobObject } from "../schemas/bulk.ts";
import type { PassObject } from "../schemas/pass.ts";
import type { RecipientObject } from "../schemas/recipient.ts";
import type { TemplateObject } from "../schemas/template.ts";
import type { WebhookObject, WebhookResultObject } from "../schemas/webhook.ts";

/** What the examples are about: a pass of the points card of the gallery, and a till that is told of it. */

export const TEMPLATE_ID = "ptk_0x1a2b3c4d";
export const SERIAL = "1v2c5qe3k8w0n7h4t9m6d1z5xy";
export const WEBHOOK_ID = "whk_7c0d2m4x9q1b8k3v6h5t";
export const RECIPIENT_ID = "rcp_3n8v1c6k0m5x2q9b7h4t";
export const JOB_ID = "blk_9k2m7x4c1v8n5b0q3h6t";
export const EMAIL = "sarah.miller@example.com";

const LINK = `https://passes.example.com/p/${SERIAL}`;
const AT = "2026-11-21T12:00:00.000Z";

export const PASS: PassObject = {
  id: SERIAL,
  passId: SERIAL,
  serialNumber: SERIAL,
  passTemplate: TEMPLATE_ID,
  passType: TEMPLATE_ID,
  status: "issued",
  issuedDate: AT,
  installedDate: null,
  createdAt: AT,
  url: LINK,
  urls: { landing: LINK, apple: `${LINK}.pkpass`, google: null },
  pass: { "member-name": "Sarah Miller", "points-balance": "70", "member-level": "Member" },
};

export const DELETED_PASS = {
  ...{ id: SERIAL, serialNumber: SERIAL },
  ...{ passTemplate: TEMPLATE_ID, passType: TEMPLATE_ID },
  status: "deleted",
};

export const PASS_JSON = {
  formatVersion: 1,
  passTypeIdentifier: "pass.com.example.points",
  teamIdentifier: "A1B2C3D4E5",
  serialNumber: SERIAL,
  organizationName: "Fennimore Coffee",
  description: "Fennimore Coffee points card",
  webServiceURL: "https://passes.example.com/passkit",
  authenticationToken: "ycU8tU1snVUrhGfAnQ-eU2_AUNGTtYU8rub2-0mXvkE",
  barcodes: [{ format: "PKBarcodeFormatQR", message: SERIAL, messageEncoding: "iso-8859-1" }],
  storeCard: { primaryFields: [{ key: "points", label: "Points", value: 70 }] },
};

export const TEMPLATE_SUMMARY = {
  id: TEMPLATE_ID,
  name: "Points card",
  platform: "apple",
  style: "storeCard",
  issuedPassCount: 120,
  installedPassCount: 87,
  createdAt: AT,
  updatedAt: AT,
} as const;

export const TEMPLATE: TemplateObject = {
  ...TEMPLATE_SUMMARY,
  pass_type_id: "pass.com.example.points",
  issued_pass_count: 120,
  installed_pass_count: 87,
  install_constraints: { device: false, browser: false, ip: false },
  disable_sharing: { apple: false, google: false },
  top_up: { auto_recharge: false, balance_trigger: null, top_up_target: null },
  fields: [
    { api_field_name: "member-name", path: "member-name", default_value: null, visible: true, required: true },
    { api_field_name: "points-balance", path: "points-balance", default_value: "0", visible: true, required: false },
    { api_field_name: "member-level", path: "member-level", default_value: "Member", visible: true, required: false },
  ],
};

export const WEBHOOK: WebhookObject = {
  id: WEBHOOK_ID,
  name: "Till",
  url: "https://till.example.com/passes",
  authMethod: "bearer_token",
  subscribedEvents: ["pn.pass.installed", "pn.pass.uninstalled"],
  passTemplate: TEMPLATE_ID,
  active: true,
  createdAt: AT,
  updatedAt: AT,
  includeValues: false,
  inactiveReason: null,
  failingSince: null,
  pausedUntil: null,
};

export const WEBHOOK_RESULT: WebhookResultObject = {
  id: "1042",
  webhookId: WEBHOOK_ID,
  url: "https://till.example.com/passes",
  responseStatus: 200,
  responseBody: "ok",
  success: true,
  attempt: 1,
  createdAt: AT,
  updatedAt: AT,
  eventId: "ping_4k9t2m7c0x5q1b8v3h6d",
  eventType: "pn.webhook.ping",
  error: null,
};

export const RECIPIENT: RecipientObject = {
  id: RECIPIENT_ID,
  name: "Sarah Miller",
  email: EMAIL,
  phone: null,
  externalId: null,
  klaviyoId: null,
};

export const BULK_JOB: BulkJobObject = {
  id: JOB_ID,
  mode: "issue",
  passTemplate: TEMPLATE_ID,
  state: "running",
  total: 2,
  done: 0,
  failed: 0,
  cancelled: 0,
  unusedColumns: [],
  createdAt: AT,
  finishedAt: null,
  error: null,
};

export const BULK_JOB_DONE: BulkJobObject = { ...BULK_JOB, state: "done", done: 1, failed: 1, finishedAt: AT };
