import { sql } from "drizzle-orm";
import {
  blob,
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/*
 * Conventions: ids are text made by us, times are integer milliseconds (`…At`), JSON is text parsed at the edge of the
 * store, booleans are 0 or 1. State machines are guarded here with CHECK and UNIQUE, so that no code path, and no
 * second process, can break them. The generated SQL makes every table STRICT.
 */

const milliseconds = (name: string) => integer(name, { mode: "number" });
const flag = (name: string) => integer(name, { mode: "boolean" });

export const accounts = sqliteTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** What becomes of a profile's `external_id` when a webhook does not say what it holds. */
    externalIdPolicy: text("external_id_policy", { enum: ["set", "leave"] })
      .notNull()
      .default("set"),
    createdAt: milliseconds("created_at").notNull(),
  },
  (t) => [check("accounts_external_id_policy", sql`${t.externalIdPolicy} in ('set', 'leave')`)],
);

export const apiKeys = sqliteTable(
  "api_keys",
  {
    /** The public part of the key; the rest is known by its SHA-256 only. */
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    label: text("label").notNull(),
    secretHash: text("secret_hash").notNull(),
    scope: text("scope", { enum: ["all", "issue", "read"] })
      .notNull()
      .default("all"),
    /** Calls a second; null for as many as there are. */
    rateLimit: integer("rate_limit"),
    createdAt: milliseconds("created_at").notNull(),
    expiresAt: milliseconds("expires_at"),
    /** To the minute. */
    lastUsedAt: milliseconds("last_used_at"),
    revokedAt: milliseconds("revoked_at"),
  },
  (t) => [
    index("api_keys_account").on(t.accountId),
    check("api_keys_scope", sql`${t.scope} in ('all', 'issue', 'read')`),
    check("api_keys_rate_limit", sql`${t.rateLimit} >= 1`),
  ],
);

export const signingIdentities = sqliteTable(
  "signing_identities",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    teamIdentifier: text("team_identifier").notNull(),
    certificatePem: text("certificate_pem").notNull(),
    intermediatePem: text("intermediate_pem").notNull(),
    privateKeyEncrypted: text("private_key_encrypted").notNull(),
    /** SHA-256 of the leaf, so that the same certificate is imported once. */
    fingerprint: text("fingerprint").notNull(),
    /** Made by us for trying things out; no iPhone accepts it. */
    development: flag("development").notNull(),
    expiresAt: milliseconds("expires_at").notNull(),
    createdAt: milliseconds("created_at").notNull(),
  },
  (t) => [uniqueIndex("signing_identities_fingerprint").on(t.accountId, t.fingerprint)],
);

/** Keys that Apple was asked to certify; the row goes when the certificate is imported. */
export const certificateRequests = sqliteTable(
  "certificate_requests",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** SHA-256 of the public key (SubjectPublicKeyInfo): what finds the request that a certificate answers. */
    publicKeyHash: text("public_key_hash").notNull(),
    privateKeyEncrypted: text("private_key_encrypted").notNull(),
    createdAt: milliseconds("created_at").notNull(),
  },
  (t) => [uniqueIndex("certificate_requests_public_key").on(t.accountId, t.publicKeyHash)],
);

/** Which expiries were announced, so that each is announced once, also across restarts. */
export const certificateWarnings = sqliteTable(
  "certificate_warnings",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** SHA-256 of the leaf or of the intermediate. */
    fingerprint: text("fingerprint").notNull(),
    /** 0: has expired. */
    daysBefore: integer("days_before").notNull(),
    announcedAt: milliseconds("announced_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.fingerprint, t.daysBefore] }),
    check("certificate_warnings_days_before", sql`${t.daysBefore} in (30, 14, 7, 1, 0)`),
  ],
);

export const templates = sqliteTable(
  "templates",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text("name").notNull(),
    currentVersion: integer("current_version").notNull(),
    createdAt: milliseconds("created_at").notNull(),
    updatedAt: milliseconds("updated_at").notNull(),
    /** Its passes are being deleted, or have been; the row and its versions stay for what phones still show. */
    deletedAt: milliseconds("deleted_at"),
  },
  (t) => [index("templates_account").on(t.accountId, t.id)],
);

export const templateVersions = sqliteTable(
  "template_versions",
  {
    templateId: text("template_id")
      .notNull()
      .references(() => templates.id),
    version: integer("version").notNull(),
    definition: text("definition").notNull(),
    createdAt: milliseconds("created_at").notNull(),
    /** Who pushed it, in words: an e-mail address, or the way that it came. */
    author: text("author"),
  },
  (t) => [primaryKey({ columns: [t.templateId, t.version] })],
);

/** Image bytes, once per content. */
export const images = sqliteTable("images", {
  sha256: text("sha256").primaryKey(),
  bytes: blob("bytes", { mode: "buffer" }).notNull(),
});

export const templateImages = sqliteTable(
  "template_images",
  {
    templateId: text("template_id").notNull(),
    version: integer("version").notNull(),
    /** File name in the package, such as `icon@2x.png`. */
    name: text("name").notNull(),
    sha256: text("sha256")
      .notNull()
      .references(() => images.sha256),
  },
  (t) => [
    primaryKey({ columns: [t.templateId, t.version, t.name] }),
    foreignKey({
      columns: [t.templateId, t.version],
      foreignColumns: [templateVersions.templateId, templateVersions.version],
    }),
  ],
);

/** What somebody is writing in the designer and has not saved: theirs alone, of a template that may not exist yet. */
export const templateDrafts = sqliteTable(
  "template_drafts",
  {
    templateId: text("template_id").notNull(),
    adminId: text("admin_id")
      .notNull()
      .references(() => admins.id),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** The version that it was made from; 0 for a template that is not there yet. */
    basedOn: integer("based_on").notNull(),
    /** The form as it was typed, as JSON. */
    design: text("design").notNull(),
    updatedAt: milliseconds("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.templateId, t.adminId] }),
    index("template_drafts_admin").on(t.accountId, t.adminId, t.updatedAt),
  ],
);

export const templateDraftImages = sqliteTable(
  "template_draft_images",
  {
    templateId: text("template_id").notNull(),
    adminId: text("admin_id").notNull(),
    /** File name in the package, such as `icon@2x.png`. */
    name: text("name").notNull(),
    bytes: blob("bytes", { mode: "buffer" }).notNull(),
    /** Not given but made from a larger one. */
    made: integer("made", { mode: "boolean" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.templateId, t.adminId, t.name] }),
    foreignKey({
      columns: [t.templateId, t.adminId],
      foreignColumns: [templateDrafts.templateId, templateDrafts.adminId],
    }).onDelete("cascade"),
  ],
);

export const recipients = sqliteTable(
  "recipients",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text("name"),
    /** The name as it is searched for: without regard to case and accents. */
    nameKey: text("name_key"),
    email: text("email"),
    phone: text("phone"),
    externalId: text("external_id"),
    klaviyoId: text("klaviyo_id"),
    createdAt: milliseconds("created_at").notNull(),
    updatedAt: milliseconds("updated_at").notNull(),
  },
  (t) => [
    // Both for searching by a beginning.
    index("recipients_name").on(t.accountId, t.nameKey),
    index("recipients_email").on(t.accountId, t.email),
  ],
);

/** Who an identifier means. One recipient per identifier; a recipient may have several of a kind over time. */
export const recipientIdentifiers = sqliteTable(
  "recipient_identifiers",
  {
    accountId: text("account_id").notNull(),
    kind: text("kind", { enum: ["klaviyoId", "externalId", "email", "phone"] }).notNull(),
    value: text("value").notNull(),
    recipientId: text("recipient_id")
      .notNull()
      .references(() => recipients.id),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.kind, t.value] }),
    index("recipient_identifiers_recipient").on(t.recipientId),
    check("recipient_identifiers_kind", sql`${t.kind} in ('klaviyoId', 'externalId', 'email', 'phone')`),
  ],
);

export const passes = sqliteTable(
  "passes",
  {
    serial: text("serial").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    templateId: text("template_id")
      .notNull()
      .references(() => templates.id),
    recipientId: text("recipient_id")
      .notNull()
      .references(() => recipients.id),
    /** Field name → value as text, in the template's canonical form. */
    fields: text("fields").notNull(),
    state: text("state", { enum: ["active", "uninstalled", "deleted"] }).notNull(),
    voided: flag("voided").notNull(),
    /** Ended by us before its own time. */
    expiredAt: milliseconds("expired_at"),
    installedAt: milliseconds("installed_at"),
    /** Grows by one with every change that shows on the pass. */
    version: integer("version").notNull(),
    /** Whole seconds; strictly increasing, since `Last-Modified` has no finer grain. */
    lastModified: integer("last_modified").notNull(),
    /** What the pass looks like, hashed: phones are told of a change only where this differs. */
    contentHash: text("content_hash").notNull().default(""),
    /** Place in the one sequence of visible changes: phones ask for what came after the tag that they have. */
    updateTag: integer("update_tag").notNull().default(0),
    /** Issued under `repeat: "reuse"`: the recipient has at most one of these alive. */
    reusable: flag("reusable").notNull(),
    /** Whether the profile's `external_id` may become the serial number; `account`: as the account's policy says. */
    externalIdRule: text("external_id_rule", { enum: ["set", "leave", "account"] }).notNull(),
    flowId: text("flow_id"),
    /** The webhook's body was not JSON and was repaired under the guard. */
    repaired: flag("repaired").notNull(),
    /** JSON list of what was left out at intake or at Klaviyo, in plain words. */
    notes: text("notes").notNull(),
    writtenBackAt: milliseconds("written_back_at"),
    /** When the customer signed up on the phone; before that the package asks for it, where the template wants it. */
    personalizedAt: milliseconds("personalized_at"),
    /** When a person first got the package by its link; phones that ask for updates and programs do not count. */
    fetchedAt: milliseconds("fetched_at"),
    createdAt: milliseconds("created_at").notNull(),
    updatedAt: milliseconds("updated_at").notNull(),
  },
  (t) => [
    uniqueIndex("passes_one_per_recipient")
      .on(t.templateId, t.recipientId)
      .where(sql`${t.reusable} = 1 and ${t.state} <> 'deleted'`),
    index("passes_account").on(t.accountId, t.serial),
    index("passes_template").on(t.templateId, t.serial),
    index("passes_recipient").on(t.recipientId, t.createdAt),
    // Lists show the newest first, whatever they are narrowed by: each of these gives that order without sorting.
    index("passes_newest").on(t.accountId, t.createdAt, t.serial),
    index("passes_newest_of_template").on(t.templateId, t.createdAt, t.serial),
    // Few among many, so that looking for them does not mean looking at all. Costs nothing when a pass is issued.
    index("passes_newest_ended")
      .on(t.accountId, t.createdAt, t.serial)
      .where(sql`${t.state} <> 'active' or ${t.voided} = 1 or ${t.expiredAt} is not null`),
    check("passes_state", sql`${t.state} in ('active', 'uninstalled', 'deleted')`),
    check("passes_external_id_rule", sql`${t.externalIdRule} in ('set', 'leave', 'account')`),
    check("passes_version", sql`${t.version} >= 1`),
  ],
);

/** The pass's history. A row is written in the transaction of the change that it tells of. */
export const passEvents = sqliteTable(
  "pass_events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    serial: text("serial")
      .notNull()
      .references(() => passes.serial),
    kind: text("kind", { enum: ["created", "installed", "updated", "uninstalled", "deleted"] }).notNull(),
    version: integer("version").notNull(),
    at: milliseconds("at").notNull(),
    /** JSON list of the fields that changed. */
    changedFields: text("changed_fields").notNull(),
  },
  (t) => [
    index("pass_events_serial").on(t.serial, t.id),
    check("pass_events_kind", sql`${t.kind} in ('created', 'installed', 'updated', 'uninstalled', 'deleted')`),
  ],
);

/**
 * What happened to a template's passes on a day, so that counts and plots read no passes. A row grows in the transaction
 * of the event that it counts; `deleted_installed` are those of `deleted` that sat in a wallet, `fetched` the passes that a
 * person got for the first time.
 */
export const dailyCounts = sqliteTable(
  "daily_counts",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    templateId: text("template_id")
      .notNull()
      .references(() => templates.id),
    kind: text("kind", {
      enum: ["created", "fetched", "installed", "updated", "uninstalled", "deleted", "deleted_installed"],
    }).notNull(),
    /** Days since 1970-01-01, in UTC. */
    day: integer("day").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.templateId, t.kind, t.day] }),
    check(
      "daily_counts_kind",
      sql`${t.kind} in ('created', 'fetched', 'installed', 'updated', 'uninstalled', 'deleted', 'deleted_installed')`,
    ),
  ],
);

/** Sequences that several rows share. */
export const counters = sqliteTable("counters", {
  name: text("name").primaryKey(),
  value: integer("value").notNull(),
});

/** The sequence of the numbers by which phones know which changes they have seen. */
export const UPDATE_TAG = "update tag";

/**
 * A phone, as it names itself, for one pass type: Apple's push service judges tokens per type. The row stays after the
 * last registration is gone only as long as it takes to delete it.
 */
export const devices = sqliteTable(
  "devices",
  {
    deviceId: text("device_id").notNull(),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    pushToken: text("push_token").notNull(),
    /** Last time that the phone told its token: an older "unregistered" of Apple's says nothing about it. */
    refreshedAt: milliseconds("refreshed_at").notNull(),
    lastPushAt: milliseconds("last_push_at"),
    /** `200`, or the status and reason of what went wrong. */
    lastPushResult: text("last_push_result"),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.passTypeIdentifier] })],
);

/** Which phone asked to be told of changes to which pass. */
export const registrations = sqliteTable(
  "registrations",
  {
    deviceId: text("device_id").notNull(),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    serial: text("serial")
      .notNull()
      .references(() => passes.serial),
    registeredAt: milliseconds("registered_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deviceId, t.passTypeIdentifier, t.serial] }),
    foreignKey({
      columns: [t.deviceId, t.passTypeIdentifier],
      foreignColumns: [devices.deviceId, devices.passTypeIdentifier],
    }).onDelete("cascade"),
    index("registrations_serial").on(t.serial),
  ],
);

/** What came of pushes, counted per pass type and outcome. */
export const pushCounts = sqliteTable(
  "push_counts",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    outcome: text("outcome").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.passTypeIdentifier, t.outcome] })],
);

/** What phones reported, one row per kind of message: they may send a million lines. */
export const deviceLogs = sqliteTable(
  "device_logs",
  {
    /** The message with serial numbers, times and tags taken out. */
    message: text("message").primaryKey(),
    /** The last one as it came, cut to a readable length. */
    example: text("example").notNull(),
    count: integer("count").notNull(),
    firstAt: milliseconds("first_at").notNull(),
    lastAt: milliseconds("last_at").notNull(),
  },
  (t) => [index("device_logs_last").on(t.lastAt)],
);

/** Deliveries already answered: a repeat gets the same pass. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    key: text("key").notNull(),
    bodyHash: text("body_hash").notNull(),
    serial: text("serial")
      .notNull()
      .references(() => passes.serial),
    expiresAt: milliseconds("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.key] }), index("idempotency_keys_expiry").on(t.expiresAt)],
);

/** Files of passes to issue or update, sent in one call. */
export const bulkJobs = sqliteTable(
  "bulk_jobs",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    mode: text("mode", { enum: ["issue", "update"] }).notNull(),
    /** Of the lines that name none. */
    templateId: text("template_id").references(() => templates.id),
    /** receiving: lines are still coming; left over where the program stopped meanwhile, and removed later. */
    state: text("state", { enum: ["receiving", "running", "done", "cancelled"] }).notNull(),
    /** The same again is the same job. */
    idempotencyKey: text("idempotency_key"),
    /** JSON list of the columns that an update does not read. */
    unusedColumns: text("unused_columns").notNull().default("[]"),
    total: integer("total").notNull().default(0),
    done: integer("done").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    cancelled: integer("cancelled").notNull().default(0),
    createdAt: milliseconds("created_at").notNull(),
    finishedAt: milliseconds("finished_at"),
  },
  (t) => [
    uniqueIndex("bulk_jobs_idempotency_key").on(t.accountId, t.idempotencyKey),
    index("bulk_jobs_created").on(t.createdAt),
    check("bulk_jobs_mode", sql`${t.mode} in ('issue', 'update')`),
    check("bulk_jobs_state", sql`${t.state} in ('receiving', 'running', 'done', 'cancelled')`),
    check("bulk_jobs_finished", sql`(${t.state} in ('done', 'cancelled')) = (${t.finishedAt} is not null)`),
    check("bulk_jobs_counts", sql`${t.state} = 'receiving' or ${t.done} + ${t.failed} + ${t.cancelled} <= ${t.total}`),
    check("bulk_jobs_done", sql`${t.state} <> 'done' or ${t.done} + ${t.failed} + ${t.cancelled} = ${t.total}`),
  ],
);

/** One line of such a file. What it said is kept only until it is done. */
export const bulkRows = sqliteTable(
  "bulk_rows",
  {
    jobId: text("job_id")
      .notNull()
      .references(() => bulkJobs.id),
    /** Where it begins in the file, counted from 1. */
    line: integer("line").notNull(),
    state: text("state", { enum: ["pending", "done", "failed", "cancelled"] }).notNull(),
    /** The body of a call for this one pass. */
    input: text("input"),
    outcome: text("outcome", { enum: ["created", "updated", "unchanged"] }),
    serial: text("serial"),
    /** JSON of the error that the call would have been answered with. */
    error: text("error"),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.line] }),
    index("bulk_rows_pending").on(t.jobId, t.line).where(sql`${t.state} = 'pending'`),
    check("bulk_rows_state", sql`${t.state} in ('pending', 'done', 'failed', 'cancelled')`),
    check("bulk_rows_input", sql`(${t.state} = 'pending') = (${t.input} is not null)`),
    check("bulk_rows_outcome", sql`${t.outcome} in ('created', 'updated', 'unchanged')`),
    check("bulk_rows_done", sql`(${t.state} = 'done') = (${t.serial} is not null and ${t.outcome} is not null)`),
    check("bulk_rows_failed", sql`(${t.state} = 'failed') = (${t.error} is not null)`),
  ],
);

/** People who were erased on request: that it was done, and nothing of who they were. */
export const erasures = sqliteTable(
  "erasures",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** What the person was named by. */
    askedBy: text("asked_by", { enum: ["klaviyoId", "externalId", "email", "phone", "id"] }).notNull(),
    /** The API key, or the command line. */
    requestedBy: text("requested_by").notNull(),
    erasedAt: milliseconds("erased_at").notNull(),
    /** JSON: how much was erased, by kind. */
    counts: text("counts").notNull(),
    /** none: nothing that Klaviyo could find the person by. recorded: the account is a sandbox. */
    klaviyo: text("klaviyo", { enum: ["none", "waiting", "requested", "recorded"] }).notNull(),
    klaviyoAt: milliseconds("klaviyo_at"),
  },
  (t) => [
    index("erasures_account").on(t.accountId, t.erasedAt, t.id),
    check("erasures_asked_by", sql`${t.askedBy} in ('klaviyoId', 'externalId', 'email', 'phone', 'id')`),
    check("erasures_klaviyo", sql`${t.klaviyo} in ('none', 'waiting', 'requested', 'recorded')`),
    check("erasures_klaviyo_at", sql`(${t.klaviyo} in ('requested', 'recorded')) = (${t.klaviyoAt} is not null)`),
  ],
);

/** What answers whether somebody was erased: hashes of their identifiers, which only this server can make. */
export const erasedIdentifiers = sqliteTable(
  "erased_identifiers",
  {
    accountId: text("account_id").notNull(),
    hash: text("hash").notNull(),
    erasureId: text("erasure_id")
      .notNull()
      .references(() => erasures.id),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.hash, t.erasureId] })],
);

/** Calls refused for their content, kept so that somebody can see why and send them again. */
export const rejectedRequests = sqliteTable(
  "rejected_requests",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** Null where the caller could not be authenticated. */
    accountId: text("account_id").references(() => accounts.id),
    at: milliseconds("at").notNull(),
    /** Method and path pattern. */
    route: text("route").notNull(),
    /** The path itself; null in rows of a version that did not keep it. */
    path: text("path"),
    flowId: text("flow_id"),
    /** What the header of that name said. */
    idempotencyKey: text("idempotency_key"),
    status: integer("status").notNull(),
    error: text("error").notNull(),
    details: text("details").notNull(),
    body: text("body").notNull(),
    /** The body is what was sent: nothing was masked, it was not too large, and it was text. */
    verbatim: flag("verbatim").notNull().default(false),
  },
  (t) => [index("rejected_requests_account").on(t.accountId, t.id)],
);

export const klaviyoConnections = sqliteTable(
  "klaviyo_connections",
  {
    accountId: text("account_id")
      .primaryKey()
      .references(() => accounts.id),
    /** sandbox: every request is recorded, none is sent. disconnected: the key was taken away, jobs wait. */
    mode: text("mode", { enum: ["sandbox", "live", "disconnected"] }).notNull(),
    apiKeyEncrypted: text("api_key_encrypted"),
    klaviyoAccountId: text("klaviyo_account_id"),
    organizationName: text("organization_name"),
    connectedAt: milliseconds("connected_at").notNull(),
    /** How much of Klaviyo's published limits Passhook uses; the account's other integrations share them. */
    sharePercent: integer("share_percent").notNull().default(70),
    /** How far the custom object "WalletPass" is; unavailable: the account's plan has no custom objects. */
    objectsState: text("objects_state", { enum: ["none", "incomplete", "active", "unavailable"] })
      .notNull()
      .default("none"),
    dataSourceId: text("data_source_id"),
    objectTypeId: text("object_type_id"),
    objectSchemaId: text("object_schema_id"),
    /** What a person should know about it. */
    objectsNote: text("objects_note"),
    /** Failures of records that Klaviyo logged before this time are noted at their passes. */
    ingestionSeenUntil: milliseconds("ingestion_seen_until"),
  },
  (t) => [
    check("klaviyo_connections_mode", sql`${t.mode} in ('sandbox', 'live', 'disconnected')`),
    check("klaviyo_connections_key", sql`(${t.mode} = 'live') = (${t.apiKeyEncrypted} is not null)`),
    check("klaviyo_connections_share", sql`${t.sharePercent} between 1 and 100`),
    check(
      "klaviyo_connections_objects_state",
      sql`${t.objectsState} in ('none', 'incomplete', 'active', 'unavailable')`,
    ),
    check(
      "klaviyo_connections_objects",
      sql`${t.objectsState} <> 'active' or (${t.dataSourceId} is not null and ${t.objectTypeId} is not null)`,
    ),
  ],
);

/** What a sandbox connection would have sent. */
export const sandboxRequests = sqliteTable(
  "sandbox_requests",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    at: milliseconds("at").notNull(),
    method: text("method").notNull(),
    path: text("path").notNull(),
    body: text("body").notNull(),
    /** JSON list of what Klaviyo would have refused, and where. */
    problems: text("problems").notNull().default("[]"),
  },
  (t) => [index("sandbox_requests_account").on(t.accountId, t.id)],
);

/**
 * Promised effects on the outside. Of the jobs with one ordering key at most one is ready or leased: the next waits
 * until it is finished or dead. That is what keeps a pass's write-backs in order.
 */
export const outbox = sqliteTable(
  "outbox",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    kind: text("kind").notNull(),
    /** Jobs of one channel share a target and its limits: `klaviyo`, `apns:<pass type>`. */
    channel: text("channel").notNull(),
    orderingKey: text("ordering_key").notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    payload: text("payload").notNull(),
    state: text("state", { enum: ["waiting", "ready", "leased", "dead"] }).notNull(),
    /** Tries that failed by a fault of the job or its target; closed gates do not count. */
    attempts: integer("attempts").notNull(),
    /** First such failure: the job is given up seven days later. */
    failingSince: milliseconds("failing_since"),
    runAt: milliseconds("run_at").notNull(),
    /** May have been sent already, or was refused together with others: goes in a request of its own. */
    alone: flag("alone").notNull().default(false),
    leaseToken: text("lease_token"),
    leaseUntil: milliseconds("lease_until"),
    lastError: text("last_error"),
    createdAt: milliseconds("created_at").notNull(),
  },
  (t) => [
    uniqueIndex("outbox_idempotency_key").on(t.idempotencyKey),
    uniqueIndex("outbox_one_at_a_time").on(t.orderingKey).where(sql`${t.state} in ('ready', 'leased')`),
    index("outbox_ordering_key").on(t.orderingKey, t.state, t.id),
    index("outbox_due").on(t.accountId, t.kind, t.channel, t.state, t.runAt, t.id, t.alone),
    index("outbox_lease").on(t.leaseUntil).where(sql`${t.state} = 'leased'`),
    check("outbox_state", sql`${t.state} in ('waiting', 'ready', 'leased', 'dead')`),
    check("outbox_lease_fields", sql`(${t.state} = 'leased') = (${t.leaseToken} is not null)`),
    check("outbox_lease_pair", sql`(${t.leaseToken} is null) = (${t.leaseUntil} is null)`),
  ],
);

/** One lane per account, kind and channel. It is closed by `Retry-After`, or by a key that was refused. */
export const outboxLanes = sqliteTable(
  "outbox_lanes",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    kind: text("kind").notNull(),
    channel: text("channel").notNull(),
    closedUntil: milliseconds("closed_until").notNull(),
    /** Set where a person must act before the lane can work again. */
    alarm: text("alarm"),
    /** To the nearest ten seconds. */
    lastDoneAt: milliseconds("last_done_at"),
    lastError: text("last_error"),
    lastErrorAt: milliseconds("last_error_at"),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.kind, t.channel] })],
);

/** People who sign in to the pages under `/admin`, of every account. Nobody is deleted: a disabled one cannot sign in. */
export const admins = sqliteTable(
  "admins",
  {
    id: text("id").primaryKey(),
    /** In lower case. */
    email: text("email").notNull(),
    /** Argon2id, in the PHC form. */
    passwordHash: text("password_hash").notNull(),
    role: text("role", { enum: ["owner", "editor", "viewer"] }).notNull(),
    createdAt: milliseconds("created_at").notNull(),
    disabledAt: milliseconds("disabled_at"),
  },
  (t) => [
    uniqueIndex("admins_email").on(t.email),
    check("admins_email_case", sql`${t.email} = lower(${t.email})`),
    check("admins_role", sql`${t.role} in ('owner', 'editor', 'viewer')`),
  ],
);

/** Browsers that are signed in. The token in their cookie is known by its SHA-256 only. */
export const adminSessions = sqliteTable(
  "admin_sessions",
  {
    id: text("id").primaryKey(),
    tokenHash: text("token_hash").notNull(),
    adminId: text("admin_id")
      .notNull()
      .references(() => admins.id),
    createdAt: milliseconds("created_at").notNull(),
    lastSeenAt: milliseconds("last_seen_at").notNull(),
    expiresAt: milliseconds("expires_at").notNull(),
    userAgent: text("user_agent").notNull(),
    address: text("address").notNull(),
  },
  (t) => [
    uniqueIndex("admin_sessions_token").on(t.tokenHash),
    index("admin_sessions_admin").on(t.adminId, t.lastSeenAt),
    index("admin_sessions_expiry").on(t.expiresAt),
  ],
);

/** Links that work once: to become the first owner, to accept an invitation, to choose a new password, to sign in. */
export const adminLinks = sqliteTable(
  "admin_links",
  {
    id: text("id").primaryKey(),
    tokenHash: text("token_hash").notNull(),
    kind: text("kind", { enum: ["setup", "invite", "reset", "sign-in"] }).notNull(),
    /** Whom an invitation is for, and as what. */
    email: text("email"),
    role: text("role", { enum: ["owner", "editor", "viewer"] }),
    /** Whose password is chosen anew, or who signs in. */
    adminId: text("admin_id").references(() => admins.id),
    createdAt: milliseconds("created_at").notNull(),
    expiresAt: milliseconds("expires_at").notNull(),
    usedAt: milliseconds("used_at"),
  },
  (t) => [
    uniqueIndex("admin_links_token").on(t.tokenHash),
    index("admin_links_expiry").on(t.expiresAt),
    check("admin_links_kind", sql`${t.kind} in ('setup', 'invite', 'reset', 'sign-in')`),
    check("admin_links_role", sql`${t.role} in ('owner', 'editor', 'viewer')`),
    check("admin_links_invite", sql`(${t.kind} = 'invite') = (${t.email} is not null and ${t.role} is not null)`),
    check("admin_links_admin", sql`(${t.kind} in ('reset', 'sign-in')) = (${t.adminId} is not null)`),
  ],
);

/** Who wants to be told of what happens to an account's passes, or to those of one template. */
export const webhooks = sqliteTable(
  "webhooks",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text("name").notNull(),
    url: text("url").notNull(),
    authMethod: text("auth_method", { enum: ["bearer_token"] }).notNull(),
    /** JSON list of event types. */
    subscribedEvents: text("subscribed_events").notNull(),
    /** Null: the passes of every template. */
    templateId: text("template_id").references(() => templates.id, { onDelete: "cascade" }),
    /** Whether deliveries carry the values of the pass's fields. */
    includeValues: flag("include_values").notNull(),
    active: flag("active").notNull(),
    /** Why the server switched it off; null where a person did. */
    inactiveReason: text("inactive_reason"),
    bearerTokenEncrypted: text("bearer_token_encrypted").notNull(),
    signingSecretEncrypted: text("signing_secret_encrypted").notNull(),
    /** Deliveries that failed since the last one that was taken. */
    consecutiveFailures: integer("consecutive_failures").notNull().default(0),
    failingSince: milliseconds("failing_since"),
    /** Until then nothing is sent; afterwards one delivery at a time, until one is taken. */
    pausedUntil: milliseconds("paused_until"),
    createdAt: milliseconds("created_at").notNull(),
    updatedAt: milliseconds("updated_at").notNull(),
  },
  (t) => [
    index("webhooks_account").on(t.accountId, t.active),
    index("webhooks_template").on(t.templateId),
    check("webhooks_auth_method", sql`${t.authMethod} in ('bearer_token')`),
    check("webhooks_inactive_reason", sql`${t.inactiveReason} is null or ${t.active} = 0`),
    check("webhooks_failing", sql`(${t.failingSince} is null) = (${t.consecutiveFailures} = 0)`),
    check("webhooks_paused", sql`${t.pausedUntil} is null or ${t.failingSince} is not null`),
  ],
);

/** What came of each delivery. */
export const webhookResults = sqliteTable(
  "webhook_results",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    webhookId: text("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    eventId: text("event_id").notNull(),
    eventType: text("event_type").notNull(),
    url: text("url").notNull(),
    /** Null where no answer came; `error` says why. */
    responseStatus: integer("response_status"),
    /** The beginning of the answer's body. */
    responseBody: text("response_body"),
    error: text("error"),
    success: flag("success").notNull(),
    attempt: integer("attempt").notNull(),
    at: milliseconds("at").notNull(),
  },
  (t) => [
    index("webhook_results_webhook").on(t.webhookId, t.id),
    index("webhook_results_at").on(t.at),
    check("webhook_results_answer", sql`(${t.responseStatus} is null) = (${t.error} is not null)`),
  ],
);
