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
CREATE INDEX `webhooks_template` ON `webhooks` (`template_id`);