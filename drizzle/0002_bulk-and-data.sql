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
DROP INDEX `recipients_account`;--> statement-breakpoint
ALTER TABLE `recipients` ADD `name_key` text;--> statement-breakpoint
UPDATE `recipients` SET `name_key` = lower(`name`);--> statement-breakpoint
CREATE INDEX `recipients_name` ON `recipients` (`account_id`,`name_key`);--> statement-breakpoint
CREATE INDEX `recipients_email` ON `recipients` (`account_id`,`email`);--> statement-breakpoint
ALTER TABLE `passes` ADD `expired_at` integer;--> statement-breakpoint
CREATE INDEX `passes_newest` ON `passes` (`account_id`,`created_at`,`serial`);--> statement-breakpoint
CREATE INDEX `passes_newest_of_template` ON `passes` (`template_id`,`created_at`,`serial`);--> statement-breakpoint
CREATE INDEX `passes_newest_ended` ON `passes` (`account_id`,`created_at`,`serial`) WHERE "passes"."state" <> 'active' or "passes"."voided" = 1 or "passes"."expired_at" is not null;