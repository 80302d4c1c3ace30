import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Problem } from "../errors.ts";
import { isEmail, parsePhone } from "../templates/field-values.ts";
import type { KlaviyoRequest } from "./client.ts";
import {
  EventBulkCreate,
  EventCreate,
  ProfileBulkImport,
  ProfileImport,
  RecordBulkCreate,
  RecordCreate,
} from "./request-shapes.ts";
import { MAX_EVENT_TEXT_BYTES, MAX_RECORD_BYTES, MAX_RECORD_PROPERTY_BYTES } from "./sizes.ts";

/** Klaviyo does not say whether a kilobyte has 1000 or 1024 bytes, so the smaller is taken. */
const KB = 1_000;
const MB = 1_000_000;

const MAX_METRIC_NAME = 127;
const MAX_PROPERTIES = 400;
const YEAR_MS = 365 * 86_400_000;
const EARLIEST_MS = Date.UTC(1990, 0, 1);

type Profile = Static<typeof ProfileImport>["data"];
type Event = Pick<Static<typeof EventCreate>["data"]["attributes"], "metric" | "properties" | "time">;
type Values = Event["properties"];

/**
 * What Klaviyo would refuse about a request that Passhook sends, and where; nothing for any other request. A sandbox shows
 * it, so that a mistake is seen before anything is sent. `now` in milliseconds.
 */
export function validateRequest({ method, path, body }: KlaviyoRequest, now: number): Problem[] {
  const check = method === "POST" ? CHECKS[path] : undefined;
  return check ? check(body, now) : [];
}

const CHECKS: Readonly<Record<string, (body: unknown, now: number) => Problem[]>> = {
  "/api/profile-import": checker(ProfileImport, 100 * KB, ({ data }) => profileProblems(data, "data")),
  "/api/profile-bulk-import-jobs": checker(ProfileBulkImport, 5 * MB, ({ data }) => {
    const { data: profiles } = data.attributes.profiles;
    const at = "data.attributes.profiles.data";
    return [
      ...tooMany(profiles, 10_000, at),
      ...profiles.flatMap((one, i) => [
        ...profileProblems(one, `${at}.${i}`),
        ...tooLarge(one, 100 * KB, `${at}.${i}`),
      ]),
    ];
  }),
  "/api/events": checker(EventCreate, 5 * MB, ({ data: { attributes } }, now) => [
    ...profileProblems(attributes.profile.data, "data.attributes.profile.data"),
    ...eventProblems(attributes, "data.attributes", now),
  ]),
  "/api/event-bulk-create-jobs": checker(EventBulkCreate, 5 * MB, ({ data }, now) => {
    const { data: people } = data.attributes["events-bulk-create"];
    const at = "data.attributes.events-bulk-create.data";
    const events = people.flatMap(({ attributes }) => attributes.events.data);
    return [
      ...tooMany(events, 1_000, at),
      ...people.flatMap(({ attributes: { profile, events: own } }, i) => [
        ...profileProblems(profile.data, `${at}.${i}.attributes.profile.data`),
        ...own.data.flatMap(({ attributes }, n) =>
          eventProblems(attributes, `${at}.${i}.attributes.events.data.${n}.attributes`, now),
        ),
      ]),
    ];
  }),
  "/api/data-source-record-create-jobs": checker(RecordCreate, 512 * KB, ({ data }) =>
    recordProblems(
      data.attributes["data-source-record"].data.attributes.record,
      "data.attributes.data-source-record.data.attributes.record",
    ),
  ),
  "/api/data-source-record-bulk-create-jobs": checker(RecordBulkCreate, 4 * MB, ({ data }) => {
    const { data: records } = data.attributes["data-source-records"];
    const at = "data.attributes.data-source-records.data";
    return [
      ...tooMany(records, 500, at),
      ...records.flatMap(({ attributes }, i) => recordProblems(attributes.record, `${at}.${i}.attributes.record`)),
    ];
  }),
};

function checker<T extends TSchema>(
  shape: T,
  maxBytes: number,
  further: (body: Static<T>, now: number) => Problem[],
): (body: unknown, now: number) => Problem[] {
  return (body, now) => {
    const size = tooLarge(body, maxBytes, "");
    if (Value.Check(shape, body)) return [...size, ...further(body, now)];
    const problems = [...Value.Errors(shape, body)].map(({ path, message }) => ({
      path: path.slice(1).replaceAll("/", "."),
      message: message
        .replace(/^Expected/, "must be")
        .replace(/^Unexpected property$/, "is not a name that Klaviyo knows"),
    }));
    return [...size, ...problems];
  };
}

function profileProblems({ id, attributes }: Profile, at: string): Problem[] {
  const { email, phone_number: phone, external_id: externalId } = attributes;
  const problems: Problem[] = [];
  const add = (name: string, message: string) => problems.push({ path: `${at}.attributes${name}`, message });
  if (email !== undefined && !isEmail(email)) add(".email", "is not an email address");
  if (phone !== undefined && parsePhone(phone) !== phone) add(".phone_number", "is not a phone number in E.164 form");
  if (externalId === "") add(".external_id", "is empty");
  if (!id && !email && !phone && !externalId) add("", "must hold an identifier, or the profile an id");
  return problems;
}

function eventProblems({ metric, properties, time }: Event, at: string, now: number): Problem[] {
  const problems: Problem[] = [];
  const add = (name: string, message: string) => problems.push({ path: `${at}.${name}`, message });
  const { name } = metric.data.attributes;
  if (name.trim() === "" || name.length > MAX_METRIC_NAME) {
    add("metric.data.attributes.name", `must have 1 to ${MAX_METRIC_NAME} characters`);
  }
  if (Object.keys(properties).length > MAX_PROPERTIES) add("properties", `must be at most ${MAX_PROPERTIES}`);
  problems.push(...tooLong(properties, MAX_EVENT_TEXT_BYTES, `${at}.properties`));
  const ms = Date.parse(time);
  if (!(ms >= EARLIEST_MS && ms <= now + YEAR_MS)) add("time", "must be a time from 1990 to one year from now");
  return problems;
}

/** The limits hold for the object that Klaviyo makes of a record; Passhook's records are mapped one to one. */
const recordProblems = (record: Values, at: string): Problem[] => [
  ...tooLong(record, MAX_RECORD_PROPERTY_BYTES, at),
  ...tooLarge(record, MAX_RECORD_BYTES, at),
];

const tooLong = (values: Values, maxBytes: number, at: string): Problem[] =>
  Object.entries(values).flatMap(([name, value]) =>
    typeof value === "string" && Buffer.byteLength(value) > maxBytes
      ? [{ path: `${at}.${name}`, message: `is longer than ${maxBytes / KB} KB` }]
      : [],
  );

function tooLarge(value: unknown, maxBytes: number, at: string): Problem[] {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? "");
  if (bytes <= maxBytes) return [];
  const limit = maxBytes >= MB ? `${maxBytes / MB} MB` : `${maxBytes / KB} KB`;
  return [{ path: at, message: `is larger than ${limit}` }];
}

const tooMany = (list: readonly unknown[], max: number, at: string): Problem[] =>
  list.length > max ? [{ path: at, message: `must be at most ${max}` }] : [];
