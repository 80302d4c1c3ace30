CREATE TABLE `admin_links` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`kind` text NOT NULL,
	`email` text,
	`role` text,
	`admin_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "admin_links_kind" CHECK("admin_links"."kind" in ('setup', 'invite', 'reset', 'sign-in')),
	CONSTRAINT "admin_links_role" CHECK("admin_links"."role" in ('owner', 'editor', 'viewer')),
	CONSTRAINT "admin_links_invite" CHECK(("admin_links"."kind" = 'invite') = ("admin_links"."email" is not null and "admin_links"."role" is not null)),
	CONSTRAINT "admin_links_admin" CHECK(("admin_links"."kind" in ('reset', 'sign-in')) = ("admin_links"."admin_id" is not null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `admin_links_token` ON `admin_links` (`token_hash`);--> statement-breakpoint
CREATE INDEX `admin_links_expiry` ON `admin_links` (`expires_at`);--> statement-breakpoint
CREATE TABLE `admin_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`admin_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`user_agent` text NOT NULL,
	`address` text NOT NULL,
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `admin_sessions_token` ON `admin_sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `admin_sessions_admin` ON `admin_sessions` (`admin_id`,`last_seen_at`);--> statement-breakpoint
CREATE INDEX `admin_sessions_expiry` ON `admin_sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `admins` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	`disabled_at` integer,
	CONSTRAINT "admins_email_case" CHECK("admins"."email" = lower("admins"."email")),
	CONSTRAINT "admins_role" CHECK("admins"."role" in ('owner', 'editor', 'viewer'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `admins_email` ON `admins` (`email`);--> statement-breakpoint
CREATE TABLE `bulk_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`template_id` text,
	`state` text NOT NULL,
	`idempotency_key` text,
	`unused_columns` text DEFAULT '[]' NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`cancelled` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "bulk_jobs_mode" CHECK("bulk_jobs"."mode" in ('issue', 'update')),
	CONSTRAINT "bulk_jobs_state" CHECK("bulk_jobs"."state" in ('receiving', 'running', 'done', 'cancelled')),
	CONSTRAINT "bulk_jobs_finished" CHECK(("bulk_jobs"."state" in ('done', 'cancelled')) = ("bulk_jobs"."finished_at" is not null)),
	CONSTRAINT "bulk_jobs_counts" CHECK("bulk_jobs"."state" = 'receiving' or "bulk_jobs"."done" + "bulk_jobs"."failed" + "bulk_jobs"."cancelled" <= "bulk_jobs"."total"),
	CONSTRAINT "bulk_jobs_done" CHECK("bulk_jobs"."state" <> 'done' or "bulk_jobs"."done" + "bulk_jobs"."failed" + "bulk_jobs"."cancelled" = "bulk_jobs"."total")
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `bulk_jobs_idempotency_key` ON `bulk_jobs` (`account_id`,`idempotency_key`);--> statement-breakpoint
CREATE INDEX `bulk_jobs_created` ON `bulk_jobs` (`created_at`);--> statement-breakpoint
CREATE TABLE `bulk_rows` (
	`job_id` text NOT NULL,
	`line` integer NOT NULL,
	`state` text NOT NULL,
	`input` text,
	`outcome` text,
	`serial` text,
	`error` text,
	PRIMARY KEY(`job_id`, `line`),
	FOREIGN KEY (`job_id`) REFERENCES `bulk_jobs`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "bulk_rows_state" CHECK("bulk_rows"."state" in ('pending', 'done', 'failed', 'cancelled')),
	CONSTRAINT "bulk_rows_input" CHECK(("bulk_rows"."state" = 'pending') = ("bulk_rows"."input" is not null)),
	CONSTRAINT "bulk_rows_outcome" CHECK("bulk_rows"."outcome" in ('created', 'updated', 'unchanged')),
	CONSTRAINT "bulk_rows_done" CHECK(("bulk_rows"."state" = 'done') = ("bulk_rows"."serial" is not null and "bulk_rows"."outcome" is not null)),
	CONSTRAINT "bulk_rows_failed" CHECK(("bulk_rows"."state" = 'failed') = ("bulk_rows"."error" is not null))
) STRICT;
--> statement-breakpoint
CREATE INDEX `bulk_rows_pending` ON `bulk_rows` (`job_id`,`line`) WHERE "bulk_rows"."state" = 'pending';--> statement-breakpoint
CREATE TABLE `daily_counts` (
	`account_id` text NOT NULL,
	`template_id` text NOT NULL,
	`kind` text NOT NULL,
	`day` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`account_id`, `template_id`, `kind`, `day`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "daily_counts_kind" CHECK("daily_counts"."kind" in ('created', 'fetched', 'installed', 'updated', 'uninstalled', 'deleted', 'deleted_installed'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `erased_identifiers` (
	`account_id` text NOT NULL,
	`hash` text NOT NULL,
	`erasure_id` text NOT NULL,
	PRIMARY KEY(`account_id`, `hash`, `erasure_id`),
	FOREIGN KEY (`erasure_id`) REFERENCES `erasures`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`asked_by` text NOT NULL,
	`requested_by` text NOT NULL,
	`erased_at` integer NOT NULL,
	`counts` text NOT NULL,
	`klaviyo` text NOT NULL,
	`klaviyo_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "erasures_asked_by" CHECK("erasures"."asked_by" in ('klaviyoId', 'externalId', 'email', 'phone', 'id')),
	CONSTRAINT "erasures_klaviyo" CHECK("erasures"."klaviyo" in ('none', 'waiting', 'requested', 'recorded')),
	CONSTRAINT "erasures_klaviyo_at" CHECK(("erasures"."klaviyo" in ('requested', 'recorded')) = ("erasures"."klaviyo_at" is not null))
) STRICT;
--> statement-breakpoint
CREATE INDEX `erasures_account` ON `erasures` (`account_id`,`erased_at`,`id`);--> statement-breakpoint
CREATE TABLE `template_draft_images` (
	`template_id` text NOT NULL,
	`admin_id` text NOT NULL,
	`name` text NOT NULL,
	`bytes` blob NOT NULL,
	`made` integer NOT NULL,
	PRIMARY KEY(`template_id`, `admin_id`, `name`),
	FOREIGN KEY (`template_id`,`admin_id`) REFERENCES `template_drafts`(`template_id`,`admin_id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `template_drafts` (
	`template_id` text NOT NULL,
	`admin_id` text NOT NULL,
	`account_id` text NOT NULL,
	`based_on` integer NOT NULL,
	`design` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`template_id`, `admin_id`),
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `template_drafts_admin` ON `template_drafts` (`account_id`,`admin_id`,`updated_at`);--> statement-breakpoint
CREATE TABLE `webhook_results` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`webhook_id` text NOT NULL,
	`event_id` text NOT NULL,
	`event_type` text NOT NULL,
	`url` text NOT NULL,
	`response_status` integer,
	`response_body` text,
	`error` text,
	`success` integer NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "webhook_results_answer" CHECK(("webhook_results"."response_status" is null) = ("webhook_results"."error" is not null))
) STRICT;
--> statement-breakpoint
CREATE INDEX `webhook_results_webhook` ON `webhook_results` (`webhook_id`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_results_at` ON `webhook_results` (`at`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`auth_method` text NOT NULL,
	`subscribed_events` text NOT NULL,
	`template_id` text,
	`include_values` integer NOT NULL,
	`active` integer NOT NULL,
	`inactive_reason` text,
	`bearer_token_encrypted` text NOT NULL,
	`signing_secret_encrypted` text NOT NULL,
	`consecutive_failures` integer DEFAULT 0 NOT NULL,
	`failing_since` integer,
	`paused_until` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "webhooks_auth_method" CHECK("webhooks"."auth_method" in ('bearer_token')),
	CONSTRAINT "webhooks_inactive_reason" CHECK("webhooks"."inactive_reason" is null or "webhooks"."active" = 0),
	CONSTRAINT "webhooks_failing" CHECK(("webhooks"."failing_since" is null) = ("webhooks"."consecutive_failures" = 0)),
	CONSTRAINT "webhooks_paused" CHECK("webhooks"."paused_until" is null or "webhooks"."failing_since" is not null)
) STRICT;
--> statement-breakpoint
CREATE INDEX `webhooks_account` ON `webhooks` (`account_id`,`active`);--> statement-breakpoint
CREATE INDEX `webhooks_template` ON `webhooks` (`template_id`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_klaviyo_connections` (
	`account_id` text PRIMARY KEY NOT NULL,
	`mode` text NOT NULL,
	`api_key_encrypted` text,
	`klaviyo_account_id` text,
	`organization_name` text,
	`connected_at` integer NOT NULL,
	`share_percent` integer DEFAULT 70 NOT NULL,
	`objects_state` text DEFAULT 'none' NOT NULL,
	`data_source_id` text,
	`object_type_id` text,
	`object_schema_id` text,
	`objects_note` text,
	`ingestion_seen_until` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "klaviyo_connections_mode" CHECK("__new_klaviyo_connections"."mode" in ('sandbox', 'live', 'disconnected')),
	CONSTRAINT "klaviyo_connections_key" CHECK(("__new_klaviyo_connections"."mode" = 'live') = ("__new_klaviyo_connections"."api_key_encrypted" is not null)),
	CONSTRAINT "klaviyo_connections_share" CHECK("__new_klaviyo_connections"."share_percent" between 1 and 100),
	CONSTRAINT "klaviyo_connections_objects_state" CHECK("__new_klaviyo_connections"."objects_state" in ('none', 'incomplete', 'active', 'unavailable')),
	CONSTRAINT "klaviyo_connections_objects" CHECK("__new_klaviyo_connections"."objects_state" <> 'active' or ("__new_klaviyo_connections"."data_source_id" is not null and "__new_klaviyo_connections"."object_type_id" is not null))
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_klaviyo_connections`("account_id", "mode", "api_key_encrypted", "klaviyo_account_id", "organization_name", "connected_at") SELECT "account_id", "mode", "api_key_encrypted", "klaviyo_account_id", "organization_name", "connected_at" FROM `klaviyo_connections`;--> statement-breakpoint
DROP TABLE `klaviyo_connections`;--> statement-breakpoint
ALTER TABLE `__new_klaviyo_connections` RENAME TO `klaviyo_connections`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
DROP INDEX `recipients_account`;--> statement-breakpoint
ALTER TABLE `recipients` ADD `name_key` text;--> statement-breakpoint
CREATE INDEX `recipients_name` ON `recipients` (`account_id`,`name_key`);--> statement-breakpoint
CREATE INDEX `recipients_email` ON `recipients` (`account_id`,`email`);--> statement-breakpoint
DROP INDEX `outbox_due`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `alone` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`account_id`,`kind`,`channel`,`state`,`run_at`,`id`,`alone`);--> statement-breakpoint
CREATE TABLE `__new_api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`label` text NOT NULL,
	`secret_hash` text NOT NULL,
	`scope` text DEFAULT 'all' NOT NULL,
	`rate_limit` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "api_keys_scope" CHECK("__new_api_keys"."scope" in ('all', 'issue', 'read')),
	CONSTRAINT "api_keys_rate_limit" CHECK("__new_api_keys"."rate_limit" >= 1)
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_api_keys`("id", "account_id", "label", "secret_hash", "created_at", "revoked_at") SELECT "id", "account_id", "label", "secret_hash", "created_at", "revoked_at" FROM `api_keys`;--> statement-breakpoint
DROP TABLE `api_keys`;--> statement-breakpoint
ALTER TABLE `__new_api_keys` RENAME TO `api_keys`;--> statement-breakpoint
CREATE INDEX `api_keys_account` ON `api_keys` (`account_id`);--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_done_at` integer;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error` text;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error_at` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `expired_at` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `fetched_at` integer;--> statement-breakpoint
CREATE INDEX `passes_recipient` ON `passes` (`recipient_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `passes_newest` ON `passes` (`account_id`,`created_at`,`serial`);--> statement-breakpoint
CREATE INDEX `passes_newest_of_template` ON `passes` (`template_id`,`created_at`,`serial`);--> statement-breakpoint
CREATE INDEX `passes_newest_ended` ON `passes` (`account_id`,`created_at`,`serial`) WHERE "passes"."state" <> 'active' or "passes"."voided" = 1 or "passes"."expired_at" is not null;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `path` text;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `idempotency_key` text;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `verbatim` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `sandbox_requests` ADD `problems` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `template_versions` ADD `author` text;--> statement-breakpoint
ALTER TABLE `templates` ADD `deleted_at` integer;--> statement-breakpoint
INSERT INTO `daily_counts` (`account_id`, `template_id`, `kind`, `day`, `count`)
SELECT p.`account_id`, p.`template_id`, e.`kind`, e.`at` / 86400000, count(*)
FROM `pass_events` e JOIN `passes` p ON p.`serial` = e.`serial`
GROUP BY 1, 2, 3, 4;--> statement-breakpoint
INSERT INTO `daily_counts` (`account_id`, `template_id`, `kind`, `day`, `count`)
SELECT p.`account_id`, p.`template_id`, 'deleted_installed', e.`at` / 86400000, count(*)
FROM `pass_events` e JOIN `passes` p ON p.`serial` = e.`serial`
WHERE e.`kind` = 'deleted' AND p.`installed_at` IS NOT NULL
GROUP BY 1, 2, 4;--> statement-breakpoint
-- Names of before are found without regard to the case of A to Z, and as others from their next change on.
UPDATE `recipients` SET `name_key` = lower(`name`);
