import { type Attributes, relationship, sparse } from "./json-api.ts";
import type { FakeMetric } from "./metric-store.ts";
import type { Call } from "./operation.ts";

/** Where metrics made through the API come from (recorded). */
const INTEGRATION = { object: "integration", id: "7FtS4J", key: "api", name: "API", category: "API" } as const;

export const INTEGRATION_NAME = INTEGRATION.name;

export function metricResource({ id, ...attributes }: FakeMetric, call: Call): Attributes {
  const self = `${call.origin}/api/metrics/${id}/`;
  return {
    type: "metric",
    id,
    attributes: sparse("metric", { ...attributes, integration: INTEGRATION }, call.query),
    relationships: { "flow-triggers": relationship(self, "flow-triggers") },
    links: { self },
  };
}
