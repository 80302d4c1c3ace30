ALTER TABLE `rejected_requests` ADD `path` text;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `idempotency_key` text;--> statement-breakpoint
ALTER TABLE `rejected_requests` ADD `verbatim` integer DEFAULT false NOT NULL;