import type { Account } from "../account.ts";
import { invalidParameter } from "../errors.ts";
import type { FakeEvent } from "../event-store.ts";
import { type FilterRules, fulfils, parseFilter } from "../filter.ts";
import { type Attributes, included, pageOf, relationship, sparse } from "../json-api.ts";
import { metricResource } from "../metric-resource.ts";
import type { Call, Operation } from "../operation.ts";
import { profileResource } from "../profile-resource.ts";

const COMPARISONS = ["greater-or-equal", "greater-than", "less-or-equal", "less-than"] as const;
const FILTERS: FilterRules = {
  metric_id: ["equals"],
  profile_id: ["equals"],
  datetime: COMPARISONS,
  timestamp: COMPARISONS,
};

/** Assumption: without `sort` the newest comes last. */
function inOrder(events: readonly FakeEvent[], sort: string | null): readonly FakeEvent[] {
  switch (sort) {
    case null:
    case "datetime":
    case "timestamp":
      return events.toSorted((a, b) => a.timestamp - b.timestamp);
    case "-datetime":
    case "-timestamp":
      return events.toSorted((a, b) => b.timestamp - a.timestamp);
    default:
      throw invalidParameter("sort", `Events cannot be sorted by '${sort}'.`);
  }
}

function eventResource(event: FakeEvent, metricId: string, call: Call): Attributes {
  const self = `${call.origin}/api/events/${event.id}/`;
  const { timestamp, event_properties, datetime, uuid } = event;
  return {
    type: "event",
    id: event.id,
    attributes: sparse("event", { timestamp, event_properties, datetime, uuid }, call.query),
    relationships: {
      profile: relationship(self, "profile", { type: "profile", id: event.profile_id }),
      metric: relationship(self, "metric", { type: "metric", id: metricId }),
    },
    links: { self },
  };
}

function includedWith(events: readonly FakeEvent[], call: Call, { profiles, metrics }: Account): readonly Attributes[] {
  const names = included(call.query, ["metric", "profile"]);
  const unique = <T>(of: (event: FakeEvent) => T) => [...new Set(events.map(of))];
  return [
    ...(names.has("metric")
      ? unique(({ metric }) => metric).map((name) => metricResource(metrics.named(name), call))
      : []),
    ...(names.has("profile")
      ? unique(({ profile_id }) => profile_id).map((id) => profileResource(profiles.get(id), call))
      : []),
  ];
}

export const getEvents: Operation = {
  operationId: "get_events",
  method: "GET",
  path: "/api/events",
  limits: { burst: 350, steady: 3_500 },
  scopes: ["events:read"],
  query: [
    "filter",
    "fields[event]",
    "fields[metric]",
    "fields[profile]",
    "include",
    "sort",
    "page[size]",
    "page[cursor]",
  ],
  handle(call, account) {
    const { events, metrics } = account;
    const conditions = parseFilter(call.query.get("filter"), FILTERS);
    const ofProfile = conditions.find(({ field }) => field === "profile_id")?.values[0];
    const found = (ofProfile === undefined ? events.all : events.ofProfile(ofProfile)).filter((event) =>
      fulfils(conditions, (field) => {
        if (field === "metric_id") return metrics.named(event.metric).id;
        return field === "profile_id" ? event.profile_id : event.timestamp;
      }),
    );
    const sorted = inOrder(found, call.query.get("sort"));
    const { items, links } = pageOf(sorted, call, { defaultSize: 200, maxSize: 1_000 });
    const data = items.map((event) => eventResource(event, metrics.named(event.metric).id, call));
    const body = call.query.has("include")
      ? { data, included: includedWith(items, call, account), links }
      : { data, links };
    return { status: 200, body };
  },
};
