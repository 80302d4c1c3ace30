import { type FilterRules, fulfils, parseFilter } from "../filter.ts";
import { pageOf } from "../json-api.ts";
import { INTEGRATION_NAME, metricResource } from "../metric-resource.ts";
import type { Operation } from "../operation.ts";

const FILTERS: FilterRules = { "integration.name": ["equals"], "integration.category": ["equals"] };

export const getMetrics: Operation = {
  operationId: "get_metrics",
  method: "GET",
  path: "/api/metrics",
  limits: { burst: 10, steady: 150 },
  scopes: ["metrics:read"],
  query: ["filter", "fields[metric]", "page[cursor]"],
  handle(call, { metrics }) {
    const conditions = parseFilter(call.query.get("filter"), FILTERS);
    const found = fulfils(conditions, () => INTEGRATION_NAME) ? metrics.all : [];
    const { items, links } = pageOf(found, call, { defaultSize: 200 });
    return { status: 200, body: { data: items.map((metric) => metricResource(metric, call)), links } };
  },
};
