DROP INDEX `outbox_due`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `alone` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`account_id`,`kind`,`channel`,`state`,`run_at`,`id`,`alone`);--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_done_at` integer;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error` text;--> statement-breakpoint
ALTER TABLE `outbox_lanes` ADD `last_error_at` integer;