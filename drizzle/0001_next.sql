DROP INDEX `outbox_due`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `alone` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`account_id`,`kind`,`channel`,`state`,`run_at`,`id`,`alone`);--> statement-breakpoint
ALTER TABLE `klaviyo_connections` ADD `share_percent` integer DEFAULT 70 NOT NULL;--> statement-breakpoint
ALTER TABLE `klaviyo_connections` ADD `data_source_id` text;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_done_at` integer;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error` text;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error_at` integer;--> statement-breakpoint
CREATE INDEX `passes_recipient` ON `passes` (`recipient_id`,`created_at`,`serial`);