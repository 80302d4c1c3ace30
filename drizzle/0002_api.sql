CREATE TABLE `daily_counts` (
	`account_id` text NOT NULL,
	`template_id` text NOT NULL,
	`kind` text NOT NULL,
	`day` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`account_id`, `template_id`, `kind`, `day`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "daily_counts_kind" CHECK("daily_counts"."kind" in ('created', 'installed', 'updated', 'uninstalled', 'deleted', 'deleted_installed'))
) STRICT;
--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
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
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `api_keys_account` ON `api_keys` (`account_id`);--> statement-breakpoint
ALTER TABLE `templates` ADD `deleted_at` integer;--> statement-breakpoint
INSERT INTO `daily_counts` (`account_id`, `template_id`, `kind`, `day`, `count`)
SELECT p.`account_id`, p.`template_id`, e.`kind`, e.`at` / 86400000, count(*)
FROM `pass_events` e JOIN `passes` p ON p.`serial` = e.`serial`
GROUP BY 1, 2, 3, 4;--> statement-breakpoint
INSERT INTO `daily_counts` (`account_id`, `template_id`, `kind`, `day`, `count`)
SELECT p.`account_id`, p.`template_id`, 'deleted_installed', e.`at` / 86400000, count(*)
FROM `pass_events` e JOIN `passes` p ON p.`serial` = e.`serial`
WHERE e.`kind` = 'deleted' AND p.`installed_at` IS NOT NULL
GROUP BY 1, 2, 4;
