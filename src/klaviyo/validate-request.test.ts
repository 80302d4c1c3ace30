import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../templates/placeholders.ts";
import { validateRequest } from "./validate-request.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const problemsOf = (path: string, body: Json) =>
  validateRequest({ method: "POST", path, body }, NOW).map(({ path: at, message }) => `${at} ${message}`);

const profile = (attributes: JsonObject, id?: string): JsonObject => ({
  data: { type: "profile", ...(id === undefined ? {} : { id }), attributes },
});
const event = (changed: JsonObject = {}): JsonObject => ({
  metric: { data: { type: "metric", attributes: { name: "Pass Created" } } },
  properties: { serial: "s" },
  time: "2026-11-21T12:00:00.000Z",
  unique_id: "s:created:1",
  ...changed,
});
const createEvent = (changed: JsonObject = {}): JsonObject => ({
  data: { type: "event", attributes: { ...event(changed), profile: profile({ email: "a@example.com" }) } },
});
const createRecord = (record: JsonObject): JsonObject => ({
  data: {
    type: "data-source-record-create-job",
    attributes: { "data-source-record": { data: { type: "data-source-record", attributes: { record } } } },
    relationships: { "data-source": { data: { type: "data-source", id: "sandbox" } } },
  },
});

test("nothing is wrong with what Passhook sends", () => {
  expect(problemsOf("/api/profile-import", profile({ email: "a@example.com", properties: { a: 1 } }))).toEqual([]);
  expect(problemsOf("/api/profile-import", profile({ external_id: "s" }, "01GDDKASAP8TKDDA2GRZDSVP4H"))).toEqual([]);
  expect(problemsOf("/api/events", createEvent({ backfill: true }))).toEqual([]);
  expect(problemsOf("/api/data-source-record-create-jobs", createRecord({ serial: "s", email: null }))).toEqual([]);
});

test("and nothing is said of other requests", () => {
  expect(validateRequest({ method: "GET", path: "/api/profile-import" }, NOW)).toEqual([]);
  expect(problemsOf("/api/data-sources", {})).toEqual([]);
});

describe("a profile", () => {
  test.each([
    [{}, "data.attributes must hold an identifier, or the profile an id"],
    [{ email: "sarah at example" }, "data.attributes.email is not an email address"],
    [{ phone_number: "0151 12345678" }, "data.attributes.phone_number is not a phone number in E.164 form"],
    [{ email: "a@example.com", external_id: "" }, "data.attributes.external_id is empty"],
    [{ email: "a@example.com", shoe_size: 42 }, "data.attributes.shoe_size is not a name that Klaviyo knows"],
    [{ email: "a@example.com", properties: { text: "x".repeat(100_000) } }, " is larger than 100 KB"],
  ])("%j", (attributes, problem) => {
    expect(problemsOf("/api/profile-import", profile(attributes))).toContain(problem);
  });

  test("in a bulk request is named by its place", () => {
    const body = {
      data: {
        type: "profile-bulk-import-job",
        attributes: {
          profiles: { data: [profile({ email: "a@example.com" }), profile({})].map(({ data }) => data ?? null) },
        },
      },
    };
    expect(problemsOf("/api/profile-bulk-import-jobs", body)).toEqual([
      "data.attributes.profiles.data.1.attributes must hold an identifier, or the profile an id",
    ]);
  });
});

describe("an event", () => {
  test.each([
    [{ metric: { data: { type: "metric", attributes: { name: "n".repeat(128) } } } }, "must have 1 to 127 characters"],
    [{ properties: Object.fromEntries(Array.from({ length: 401 }, (_, i) => [`p${i}`, i])) }, "must be at most 400"],
    [{ properties: { text: "x".repeat(100_001) } }, "properties.text is longer than 100 KB"],
    [{ time: "1989-12-31T23:59:59Z" }, "must be a time from 1990 to one year from now"],
    [{ time: "2027-11-22T12:00:00Z" }, "must be a time from 1990 to one year from now"],
    [{ uniqueId: "x" }, "data.attributes.uniqueId is not a name that Klaviyo knows"],
  ] as [JsonObject, string][])("%#", (changed, problem) => {
    expect(problemsOf("/api/events", createEvent(changed)).join()).toContain(problem);
  });

  test("in a bulk request", () => {
    const one = (attributes: JsonObject) => ({
      type: "event-bulk-create",
      attributes: {
        profile: profile({ email: "a@example.com" }),
        events: { data: [{ type: "event", attributes }] },
      },
    });
    const bulk = (events: JsonObject[]) => ({
      data: { type: "event-bulk-create-job", attributes: { "events-bulk-create": { data: events } } },
    });
    const path = "/api/event-bulk-create-jobs";
    expect(problemsOf(path, bulk([one(event())]))).toEqual([]);
    expect(problemsOf(path, bulk([one(event({ time: "never" }))])).join()).toContain(
      "0.attributes.time must be a time",
    );
    expect(problemsOf(path, bulk(Array.from({ length: 1_001 }, () => one(event())))).join()).toContain("at most 1000");
  });
});

describe("a record", () => {
  test("is held against the limits of the object, not of the request", () => {
    const path = "/api/data-source-record-create-jobs";
    expect(problemsOf(path, createRecord({ fields: "x".repeat(2_001) })).join()).toContain(
      "fields is longer than 2 KB",
    );
    const many = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`p${i}`, "x".repeat(1_900)]));
    expect(problemsOf(path, createRecord(many)).join()).toContain("record is larger than 8 KB");
  });

  test("goes to a data source", () => {
    const { data } = createRecord({ serial: "s" }) as { data: JsonObject };
    const { relationships: _, ...without } = data;
    expect(problemsOf("/api/data-source-record-create-jobs", { data: without }).join()).toContain("data.relationships");
  });

  test("in a bulk request", () => {
    const bulk = (count: number) => ({
      data: {
        type: "data-source-record-bulk-create-job",
        attributes: {
          "data-source-records": {
            data: Array.from({ length: count }, () => ({
              type: "data-source-record",
              attributes: { record: { serial: "s" } },
            })),
          },
        },
        relationships: { "data-source": { data: { type: "data-source", id: "01DS" } } },
      },
    });
    expect(problemsOf("/api/data-source-record-bulk-create-jobs", bulk(500))).toEqual([]);
    expect(problemsOf("/api/data-source-record-bulk-create-jobs", bulk(501)).join()).toContain("at most 500");
  });
});
