import type { Operation } from "../openapi/operation.ts";
import { Alive, Readiness } from "../schemas/health.ts";

const COMPONENTS = {
  server: { ok: true, detail: "accepting requests" },
  database: { ok: true, detail: "writable" },
  disk: { ok: true, detail: "76288 MB free" },
  outbox: { ok: true, detail: "3 pending, 0 dead" },
  certificate: { ok: true, detail: "valid until 2027-06-01" },
};

export const livez: Operation = {
  operationId: "livez",
  tag: "Health",
  summary: "Does the process answer?",
  description: "Answers as long as the process does.",
  answers: [{ description: "It does.", schema: Alive, example: { status: "ok" } }],
};

export const readyz: Operation = {
  operationId: "readyz",
  tag: "Health",
  summary: "Can it do its work?",
  description:
    "Looks at the database, the disk and the outbox. An expired certificate is named and does not make the server unready: webhooks need none.",
  answers: [
    { description: "It can.", schema: Readiness, example: { ready: true, components: COMPONENTS } },
    {
      status: 503,
      description: "It cannot, or is shutting down. Send it nothing.",
      schema: Readiness,
      example: {
        ready: false,
        components: { ...COMPONENTS, disk: { ok: false, detail: "only 9 MB free" } },
      },
    },
  ],
};
