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
DROP INDEX `outbox_due`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `alone` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`account_id`,`kind`,`channel`,`state`,`run_at`,`id`,`alone`);--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_done_at` integer;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error` text;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error_at` integer;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `path` text;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `idempotency_key` text;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `verbatim` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `sandbox_requests` ADD `problems` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `passes_recipient` ON `passes` (`recipient_id`,`created_at`);